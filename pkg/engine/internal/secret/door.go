package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// doorWords lead to the code of a door, an alarm or a till, in several languages.
var doorWords = []string{
	"door code", "gate code", "alarm code", "entry code", "lock code", "keypad", "safe code", "combination", "combo", "the code", "code ", "code:", "digits", "override", "till code", "till login", "pos login", "pin ", "pin:", "passcode", "opens with", "open with", "unlocks with", "unlock with", "disarms with", "disarmed with", "disarm with", "press c then",
	"türcode", "alarmcode", "kassacode", "kassencode", "toegangscode", "pincode", "code de la porte", "digicode", "senha do alarme", "senha do cofre", "senha da porta", "clave de la alarma", "暗証番号", "código", "codice", "deurcode", "zahlen", "ziffern", "chiffres", "cifras", "cijfers",
	"safe is now", "safe changed", "door is now", "gate is now", "alarm is now", "alarm changed", "tresor", "tresorcode", "coffre-fort", "alarm", "caja fuerte", "cofre",
	"cassaforte", "kluis", "kluiscode", "sejf", "cabinet:", "cupboard:", "padlock:", "safe:", "door:", "gate:",
}

// codeValue is a code in figures, each alone or in groups, by the turns of a dial, or in
// words.
const codeValue = `(\d{4,8}[#*]?|\d(?:[ -]\d){3,7}[#*]?|\d\d(?:[ -]\d\d){1,3}[#*]?|\d[\d-]{2,8}\d[#*]?|\d{1,2} (?:right|left|clockwise|r|l)(?:,? (?:then )?\d{1,2} (?:right|left|anticlockwise|r|l)){1,3}|(?:\w+ turns? )?(?:left|right) (?:to )?\d{1,2}(?:,? (?:then )?(?:left|right) (?:to )?\d{1,2}){1,3}|` +
	`(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?:[ ,-]{1,2}(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)){3,7})`

// doorShape is what the code opens, where the words do not say it, and the code; codeShape is
// a code right behind its word.
var (
	doorShape = regexp.MustCompile(`(?i)\A([^.!?\n]{0,60}?)(?:\b(?:is|are|ist|lautet|est|es|to|with|it['’]?s|son|sono|sind|sont|zijn|woche|week|today|heute|tonight|immer)\b|[éè] |[:=→👉])\s*(?:still |now |just |always |literally |(?:my|our|the|his|her) [\p{L} '’]{3,30}, )?` + codeValue + `(?:[\s.,;!?)]|\z)`)
	codeShape = regexp.MustCompile(`(?i)\A()(?:は|:)?\s?` + codeValue + `(?:[\s.,;!?)]|\z)`)
)

// openWords follow a code that opens something.
var openWords = []string{"opens the", "opens every", "opens it", "to disarm", "gets you in", "lets you in", "unlocks the", "unlocks every", "öffnet", "ouvre", "abre", "apre"}

// beforeShape is a code before such a word.
var beforeShape = regexp.MustCompile(`(?i)(?:\A|[.,;:!?(]\s?|\b(?:code|pin|with|use|type|press|and|then|is)\s)` + codeValue + `[,)]?\s(?:that |which )?\z`)

// doors are what codes open, folded.
var doors = []string{
	"door", "gate", "alarm", "room", "office", "building", "safe", "lab", "vault", "warehouse", "lift", "cage", "rack", "closet", "cabinet", "cupboard", "depot", "stockroom", "storeroom", "store", "garage", "server", "till", "register", "terminal", "ward", "pharmacy", "locker",
	"lock", "padlock", "shutter", "keypad", "projector", "bridge", "fuel card", "key card", "copier", "printer", "scanner", "handheld", "dispenser", "tablets", "box", "utility", "pos", "schrank", "medikamentenschrank", "tür", "porte", "puerta", "porta", "deur", "digicode", "tresor", "coffre", "caja fuerte", "cofre", "cassaforte", "kluis", "medicijnkast", "kassa", "kasse", "sejf", "alarme", "alarma", "allarme", "金庫", "ドア", "レジ", "ロッカー", "バックヤード", "倉庫",
}

// otherCodes are numbers that are given to everybody, or the talk of whoever gives none away,
// folded.
var otherCodes = []string{
	"promo", "discount", "coupon", "voucher", "zip", "postal", "postcode", "area", "dress", "country", "error", "building code", "referral", "qr", "flight", "booking", "last four", "expires", "euro", "euros", "reais", "pounds", "dollars", "zł",
	"product", "item", "sku", "barcode", "pallet", "parcel", "order", "batch", "source", "sort", "clause", "article", "section", "status", "lines", "people", "customers", "if your", "if the", "never", "hours", "hrs", "o'clock", "megapixel", "sold", "museum", "escape room", "puzzle", "in the game", "watts", "lumens", "km", "kg",
}

// doorCode reports an insider's code of a door, an alarm or a till.
func doorCode(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Insider || part.Official(p) || h.Start > 0 && part.Alnum(p.Text.Clean[h.Start-1]) {
		return out
	}
	word := p.Text.Folded[h.Start:h.End]
	span, ok := codeBehind(p.Text.Clean, h.Span)
	if !ok || overlaps(out, span) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, h.Span, 60, span.End-h.End+30)
	if string(word) == "alarm" && !part.Has(window, alarms) || !part.Has(window, doors) && !compound(word) {
		return out
	}
	return doorFinding(p, window, span, out)
}

// alarms tell the alarm of a building from that of a clock, folded.
var alarms = []string{"panel", "code", "disarm", "safe", "tresor", "tresorcode", "coffre", "door", "till", "stockroom", "gate"}

// codeBefore reports an insider's code that goes before the word for what it opens.
func codeBefore(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 60
	if !p.Insider || part.Official(p) || h.Start > 0 && part.Alnum(p.Text.Clean[h.Start-1]) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, detect.Span{Start: h.Start, End: h.Start}, reach, 0)
	at := beforeShape.FindSubmatchIndex(window)
	if at == nil {
		return out
	}
	span := detect.Span{Start: offset + at[2], End: offset + at[3]}
	around, _ := part.Around(p.Text.Folded, h.Span, reach, reach)
	if overlaps(out, span) || !part.Has(around, doors) {
		return out
	}
	return doorFinding(p, around, span, out)
}

// doorFinding reports the code at span unless the words around it, folded, tell another number.
func doorFinding(p *detect.Post, around []byte, span detect.Span, out []detect.Finding) []detect.Finding {
	if part.Has(around, otherCodes) || part.Has(around, publicWords) {
		return out
	}
	f := finding(p, "credential", "door-code", "Code of a door, an alarm or a till", 4, 0.7, span, "A code stands in the post beside what it opens.")
	f.KeepFirst, f.KeepLast, f.Floor = 0, 0, 0
	return append(out, f)
}

// year is a number that is more often a year where nothing joins it to its word.
var year = regexp.MustCompile(`\A(?:19|20)\d\d\z`)

// codeBehind is the code that a door's word leads to.
func codeBehind(text []byte, word detect.Span) (detect.Span, bool) {
	const reach = 110
	end := word.End
	if c := text[end-1]; c == ':' || c == '=' || c == ' ' || bytes.HasSuffix(text[:end], []byte(" is")) {
		end = word.Start + 3 // the joint belongs to the literal
	}
	at := codeShape.FindSubmatchIndex(text[word.End:min(len(text), word.End+reach)])
	if at != nil && !year.Match(text[word.End+at[4]:word.End+at[5]]) {
		end = word.End
	} else if at = doorShape.FindSubmatchIndex(text[end:min(len(text), end+reach)]); at == nil {
		return detect.Span{}, false
	}
	return detect.Span{Start: end + at[4], End: end + at[5]}, true
}

// compound tells a literal that names the door itself.
func compound(literal []byte) bool {
	for _, door := range doors {
		if bytes.Contains(literal, []byte(door)) {
			return true
		}
	}
	return false
}
