package identifier

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// digitWords are the digits in words; repeats say how often the next one stands.
var (
	digitWords = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "oh"}
	repeats    = []string{"double ", "triple ", "treble "}
)

// spelled reports a card, a social security number or a telephone number that is written
// out in words.
func spelled(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Folded
	digits, end := spelledDigits(text, h.Start)
	if len(digits) < 9 || wordBefore(text, h.Start) {
		return out
	}
	span := detect.Span{Start: h.Start, End: end}
	window, _ := part.Around(text, span, 100, 60)
	switch {
	case len(digits) >= 13 && len(digits) <= 19 && luhn(digits) && network(digits) != "":
		f := cardFinding(span, digits, 0.85)
		f.KeepFirst, f.KeepLast = 0, 0
		return append(out, f)
	case len(digits) == 9 && ssn(digits) && part.Has(window, []string{"social", "ssn"}):
		return append(out, finding("pii.national_id", "us-ssn", "US social security number", 4, 0.85, span, digits,
			"Nine digits in words beside the word for a social security number."))
	case len(digits) >= 10 && len(digits) <= 13 && part.Has(window, phoneWords):
		if valid, service := validPhone(string(digits), string(digits), p.Event.GetLang()); valid && !service {
			return append(out, finding("pii.phone", "phone", "Telephone number", 3, 0.8, span, digits,
				"A number of the country's plan is written out in words."))
		}
	}
	return out
}

// spelledDigits are the digits in words from byte i on, and where they end.
func spelledDigits(text []byte, i int) (digits []byte, end int) {
	const most = 24
	end = i
	for len(digits) < most {
		times := 1
		for n, word := range repeats {
			if bytes.HasPrefix(text[i:], []byte(word)) {
				times, i = min(n+2, 3), i+len(word)
			}
		}
		d, next, ok := digitWord(text, i)
		if !ok {
			break
		}
		for range times {
			digits = append(digits, d)
		}
		end, i = next, next
		for i < len(text) && (text[i] == ' ' || text[i] == ',' || text[i] == '-') {
			i++
		}
	}
	return digits, end
}

// digitWord reads one digit in words, or one figure, that stands alone at i.
func digitWord(text []byte, i int) (digit byte, end int, ok bool) {
	for d, word := range digitWords {
		if bytes.HasPrefix(text[i:], []byte(word)) {
			end = i + len(word)
			ok = (i == 0 || !part.Alnum(text[i-1])) && (end == len(text) || !part.Alnum(text[end]))
			return byte('0' + d%10), end, ok
		}
	}
	return 0, i, false
}

// wordBefore tells whether the word before byte i is a digit or a repeat too: then the
// number started earlier.
func wordBefore(text []byte, i int) bool {
	end := i
	for end > 0 && (text[end-1] == ' ' || text[end-1] == ',' || text[end-1] == '-') {
		end--
	}
	start := end
	for start > 0 && part.Alnum(text[start-1]) {
		start--
	}
	if word := string(text[start:end]); word == "double" || word == "triple" || word == "treble" {
		return true
	}
	_, stop, ok := digitWord(text, start)
	return start < end && ok && stop == end
}
