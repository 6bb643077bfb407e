package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// doorWords lead to the code of a door, an alarm or a till, in several languages.
var doorWords = []string{
	"door code", "gate code", "alarm code", "entry code", "lock code", "keypad", "safe code", "combination", "code to the", "code for the", "the code", "override", "supervisor code", "manager code", "master code", "till code", "unlock code", "code to disarm", "pin is", "pin:", "pin =", "pin for the", "pin to the", "passcode",
	"türcode", "alarmcode", "code de la porte", "digicode", "código de la puerta", "código da porta", "codice porta", "deurcode",
	"safe is now", "safe changed", "door is now", "gate is now", "alarm is now", "alarm changed", "tresor", "tresorcode", "coffre-fort", "code du coffre", "code de l'alarme", "caja fuerte", "código de la alarma", "cofre", "código do alarme",
	"cassaforte", "codice dell'allarme", "kluis", "kluiscode", "sejf",
}

// doorShape is what the code opens, where the words do not say it, and the code.
var doorShape = regexp.MustCompile(`(?i)\A([^.!?\n]{0,40}?)(?:\bis\b|\bist\b|\best\b|\bes\b|\bé|\bè|[:=])\s*(?:still |now |just )?(\d[\d-]{2,8}\d[#*]?|\d{4}[#*]?)(?:[\s.,;!?)]|\z)`)

// codeShape is a code right behind its word.
var codeShape = regexp.MustCompile(`\A()\s(\d{4,8}[#*]?)(?:[\s.,;!?)]|\z)`)

// doors are what codes open, folded.
var doors = []string{
	"door", "gate", "alarm", "room", "office", "building", "safe", "lab", "vault", "warehouse", "lift", "cage", "rack", "closet", "cabinet", "depot", "stockroom", "store", "garage", "server", "till", "register", "terminal", "ward", "pharmacy", "locker",
	"lock", "keypad", "tür", "porte", "puerta", "porta", "deur", "digicode", "tresor", "coffre", "caja fuerte", "cofre", "cassaforte", "kluis", "sejf", "alarme", "alarma", "allarme",
}

// otherCodes are numbers that are given to everybody, folded.
var otherCodes = []string{"promo", "discount", "coupon", "voucher", "zip", "postal", "postcode", "area", "dress", "country", "error", "building code", "referral", "qr", "flight", "booking", "last four", "expires", "euro", "euros", "reais", "pounds", "dollars", "zł"}

// doorCode reports an insider's code of a door, an alarm or a till.
func doorCode(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Insider || p.Text.Digits < 3 || part.Official(p) {
		return out
	}
	end := h.End
	if c := p.Text.Clean[end-1]; c == ':' || c == '=' || bytes.HasSuffix(p.Text.Folded[:end], []byte(" is")) {
		end = h.Start + 3 // the joint belongs to the literal
	}
	at := doorShape.FindSubmatchIndex(p.Text.Clean[end:min(len(p.Text.Clean), end+80)])
	if at == nil {
		at = codeShape.FindSubmatchIndex(p.Text.Clean[end:min(len(p.Text.Clean), end+12)])
	}
	if at == nil {
		return out
	}
	span := detect.Span{Start: end + at[4], End: end + at[5]}
	window, _ := part.Around(p.Text.Folded, h.Span, 60, span.End-h.End+30)
	if !part.Has(window, doors) && !compound(p.Text.Folded[h.Start:h.End]) || part.Has(window, otherCodes) || part.Has(window, publicWords) {
		return out
	}
	f := finding(p, "credential", "door-code", "Code of a door, an alarm or a till", 4, 0.7, span, "A code stands in the post beside what it opens.")
	f.KeepFirst, f.KeepLast, f.Floor = 0, 0, 0
	return append(out, f)
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

// phraseWords announce the words that restore a wallet (BIP 39).
var phraseWords = []string{"seed phrase", "recovery phrase", "mnemonic", "secret phrase", "backup phrase", "seed words", "recovery words"}

// phraseShape is twelve words or more of three to eight letters, which may be numbered.
var phraseShape = regexp.MustCompile(`(?:(?:\d{1,2}[.)] ?)?\b[a-z]{3,8}\b[ ,\n]{1,2}){11,23}(?:\d{1,2}[.)] ?)?\b[a-z]{3,8}\b`)

// sentenceWords are no words of BIP 39; a sentence of twelve words has one of them.
var sentenceWords = []string{"the", "and", "you", "your", "for", "are", "not", "was", "but", "with", "never", "share", "from", "their", "them", "our", "has", "were", "because", "would", "should"}

// seedPhrase reports the words that restore a wallet.
func seedPhrase(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Folded, h.Span, 0, 400)
	at := phraseShape.FindIndex(window)
	if at == nil || part.Has(window[at[0]:at[1]], sentenceWords) {
		return out
	}
	f := finding(p, "secret", "seed-phrase", "Recovery phrase of a wallet", 5, 0.85, detect.Span{Start: offset + at[0], End: offset + at[1]},
		"The words that restore a wallet: whoever reads the post can empty it.")
	f.KeepFirst, f.KeepLast = 0, 0
	return append(out, f)
}

var hookShape = regexp.MustCompile(`\A[\w.:-]*(?:/[\w.=~-]+){0,8}`)

// webhook reports an address to which anyone can post who knows it: a drawn part of its
// path behind a word for hook.
func webhook(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const least, shortest = 20, 16
	rest := p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+maxToken)]
	path := hookShape.Find(rest)
	key := longest(path)
	if len(key) < shortest || !randomLooking(key, least, true) || placeholder(path) {
		return out
	}
	start := h.End + bytes.Index(path, key)
	span := detect.Span{Start: start, End: start + len(key)}
	if overlaps(out, span) {
		return out
	}
	return append(out, finding(p, "secret", "webhook-address", "Address of a webhook", 3, 0.7, span,
		"An address that takes messages from anyone who knows it, with its secret part."))
}
