package identifier

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// machineZone reports the machine readable zone of a passport, a visa or an identity card
// (ICAO Doc 9303): a line with the document's number, the birth and the expiry date, each
// with its check digit. A hit is the filler between names or at a line's end.
func machineZone(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 140 // bytes: two lines of 44 and what separates them
	text := p.Text.Clean
	for i := max(0, h.Start-reach); i < min(len(text), h.End+reach); i++ {
		if !zone(text[i]) || i > 0 && zone(text[i-1]) {
			continue
		}
		end := i
		for end < len(text) && zone(text[end]) {
			end++
		}
		if line := text[i:end]; travelLine(line) || cardLine(line) {
			span := detect.Span{Start: i, End: end}
			return append(out, finding("pii.passport", "machine-readable-zone", "Machine readable zone of a passport or an identity card", 5, 0.95, span, bytes.Clone(line),
				"The check digits of a document's number and of its holder's dates are right."))
		}
		i = end
	}
	return out
}

func zone(c byte) bool { return c == '<' || part.Digit(c) || c >= 'A' && c <= 'Z' }

// travelLine is the second line of a passport or a visa, 44 or 36 characters.
func travelLine(s []byte) bool {
	return (len(s) == 44 || len(s) == 36) && digit731(s[:9]) == s[9] && digit731(s[13:19]) == s[19] && digit731(s[21:27]) == s[27]
}

// cardLine is the second line of an identity card, 30 characters.
func cardLine(s []byte) bool {
	return len(s) == 30 && digit731(s[:6]) == s[6] && digit731(s[8:14]) == s[14] && part.Digit(s[0]) && part.Digit(s[8])
}

// digit731 is the check digit of Doc 9303 part 3, 4.9: weights 7, 3 and 1; A is 10 and the
// filler 0.
func digit731(s []byte) byte {
	sum := 0
	for i, c := range s {
		v := 0
		switch {
		case part.Digit(c):
			v = int(c - '0')
		case c != '<':
			v = int(c-'A') + 10
		}
		sum += v * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}
