package identifier

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

var passportWords = []string{
	"passport", "passeport", "reisepass", "pasaporte", "passaporto", "passaporte", "paspoort", "passnummer", "pass-nr", "passnr", "paszport", "pasaport", "pasnummer", "passinumero", "útlevél", "cestovní pas", "travel doc", "pp no", "pp number", "ppt no", "ppt number",
	"旅券", "パスポート", "护照", "護照", "여권", "паспорт", "διαβατήρι", "जवाज़", "पासपोर्ट", "جواز سفر", "جواز السفر", "hộ chiếu", "paspor ", "expires in", "genuine id", "id card",
}

// passportShape is what many countries print; looseShape any other mixture of letters and
// figures of that length (ICAO Doc 9303 allows nine).
var (
	passportShape = regexp.MustCompile(`\b(?:[A-Z]{1,2}\d{6,8}|\d{9}|\d{2}[A-Z]{2}\d{5}|[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}|[A-Z0-9]{8,9}|(?:[A-Z0-9][ .-]){7,8}[A-Z0-9]|\d{2,4}(?: \d{2,4}){2,3})\b`)
	strictShape   = regexp.MustCompile(`\A(?:[A-Z]{1,2}\d{6,8}|\d{9}|\d{2}[A-Z]{2}\d{5}|[A-Z]{3}\d{6})\z`)
)

// passport reports a passport number near a word for passport.
func passport(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Clean, h.Span, 60, 90)
	word := string(p.Text.Folded[h.Start:h.End])
	for _, at := range passportShape.FindAllIndex(window, 4) {
		span := detect.Span{Start: offset + at[0], End: offset + at[1]}
		spaced := bytes.ContainsAny(window[at[0]:at[1]], " .-")
		value := compact(window[at[0]:at[1]])
		grouped := len(part.Digits(nil, value)) == 9 && len(value) == 9 && numberLabel.Match(window[:at[0]])
		if !grouped && !passportLike(value, spaced, besidePassport(h.Span, span)) || word == "expires in" && !spaced || otherPaper.Match(window[:at[0]]) {
			continue
		}
		likelihood := 0.9
		if part.Has(bytes.ToLower(window), sampleWords) {
			likelihood = 0.4
		}
		out = append(out, passportFinding(span, value, likelihood, "It has the format of a passport number and stands beside the word."))
	}
	return out
}

// numberLabel says right before a number in groups that it is the passport's.
var numberLabel = regexp.MustCompile(`(?i)(?:passport|passport (?:number|no\.?|num)|pass(?:port)?nummer|pasaporte|passeport)(?: is| ist| es)?:? \z`)

// otherPaper is the name of another number right before one.
var otherPaper = regexp.MustCompile(`(?i)\b(?:flight|gate|gate change for|seat|ref|reference|booking|order|aircraft|tail|bag tag|form|part|part number|case|dossier|vuelo|vol|flug|volo|vlucht|voo|boeking|buchung)\.?:? \z`)

// besidePassport tells whether a number stands a few words from the word for passport.
func besidePassport(word, number detect.Span) bool {
	const reach = 40
	return number.Start >= word.Start && number.Start-word.End <= reach || number.Start < word.Start && word.Start-number.End <= reach
}

// passportLike tells whether value may be the number of a passport: four figures, or right
// beside the word two.
func passportLike(value []byte, spaced, beside bool) bool {
	digits := len(part.Digits(nil, value))
	switch {
	case digits < 2, same(value), string(value) == "123456789", spaced && digits == len(value):
		return false
	case strictShape.Match(value), spaced && digits >= 4:
		return true
	}
	return beside && digits < len(value)
}

func passportFinding(span detect.Span, value []byte, likelihood float64, why string) detect.Finding {
	f := finding("pii.passport", "passport", "Passport number", 4, likelihood, span, value, why)
	f.KeepLast = 2
	return f
}

// zoneName is the name of a holder as machines read it, surname first; zoneLine the first
// line of a passport, with type, state and name.
var (
	zoneName = regexp.MustCompile(`[A-Z]{2,}(?:<[A-Z]+)*<<[A-Z]{2,}`)
	zoneLine = regexp.MustCompile(`\bP[A-Z<][A-Z]{3}[A-Z]{2,}(?:<[A-Z]+)*<<[A-Z]{2,}`)
)

// zoneHolder reports the name of a passport's holder in the machine readable zone: with a
// number beside it, or as the whole of its first line.
func zoneHolder(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 46 // bytes: a line of 44
	text := p.Text.Clean
	name, offset := part.Around(text, h.Span, reach, reach)
	at := zoneName.FindIndex(name)
	if at == nil || sampleHolder.Match(name) {
		return out
	}
	holder := detect.Span{Start: offset + at[0], End: offset + at[1]}
	window, start := part.Around(text, detect.Span{Start: holder.End, End: holder.End}, 0, 80)
	for _, n := range passportShape.FindAllIndex(window, 4) {
		value := compact(window[n[0]:n[1]])
		if strictShape.Match(value) && !same(value) {
			f := passportFinding(detect.Span{Start: start + n[0], End: start + n[1]}, value, 0.85, "A number stands beside a name as machines read it from a passport.")
			f.Spans = append(f.Spans, holder)
			return append(out, f)
		}
	}
	if line := zoneLine.FindIndex(name); line != nil {
		return append(out, finding("pii.passport", "passport-holder", "First line of a passport's machine readable zone", 3, 0.7,
			detect.Span{Start: offset + line[0], End: offset + line[1]}, nil, "The type, the state and the holder of a passport stand there as machines read them."))
	}
	return out
}

// sampleHolder is the specimen of ICAO Doc 9303.
var sampleHolder = regexp.MustCompile(`UTO|SPECIMEN|MUSTERMANN`)
