package identifier

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// letteredDigits are the letters that people write for figures.
var letteredDigits = map[byte]byte{'O': '0', 'o': '0', 'I': '1', 'l': '1'}

// lettered reports the telephone number or the card around byte i, in which letters stand
// for figures or stars between them. Either hides a number from machines only.
func lettered(p *detect.Post, i int, out []detect.Finding) []detect.Finding {
	const fewest, letters = 10, 2
	span := letteredSpan(p.Text.Clean, i)
	digits, swapped := letteredFigures(p.Text.Clean[span.Start:span.End])
	if len(digits) < fewest || swapped < letters || !alone(p.Text.Clean, span) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, span, 80, 60)
	switch {
	case len(digits) >= 13 && luhn(digits) && network(digits) != "" && part.Has(window, cardWords):
		f := cardFinding(span, digits, 0.75)
		f.KeepFirst, f.KeepLast = 0, 0
		return append(out, f)
	case len(digits) <= 13 && (part.Has(window, phoneWords) || swapped > letters && part.Has(window, privateLines)):
		if valid, service := validPhone(string(digits), string(digits), p.Event.GetLang()); valid && !service && !part.Has(window, countedThings) {
			return append(out, finding("pii.phone", "phone", "Telephone number", 3, 0.75, span, digits, "A number of the country's plan, with letters or stars among its figures."))
		}
	}
	return out
}

// letteredSpan is the run of figures, letters for figures and separators around byte i,
// from its first to its last figure.
func letteredSpan(text []byte, i int) detect.Span {
	const most = 48
	inside := func(c byte) bool {
		return part.Digit(c) || letteredDigits[c] != 0 || bytes.IndexByte([]byte(" .-*_"), c) >= 0
	}
	start, end := i, i
	for start > 0 && i-start < most && inside(text[start-1]) {
		start--
	}
	for end < len(text) && end-i < most && inside(text[end]) {
		end++
	}
	for start < end && !part.Alnum(text[start]) {
		start++
	}
	for end > start && !part.Alnum(text[end-1]) {
		end--
	}
	return detect.Span{Start: start, End: end}
}

// letteredFigures are the figures of s, and how many of them are letters or have a star
// before them.
func letteredFigures(s []byte) (digits []byte, swapped int) {
	for i, c := range s {
		d := letteredDigits[c]
		switch {
		case d != 0:
			digits, swapped = append(digits, d), swapped+1
		case part.Digit(c):
			digits = append(digits, c)
			if i > 0 && s[i-1] == '*' {
				swapped++
			}
		}
	}
	return digits, swapped
}
