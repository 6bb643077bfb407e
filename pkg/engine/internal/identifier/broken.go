package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// cardGap is what people put between the groups of a card to hide it: signs, a word for
// "then", or words that count the groups: "and the last four are".
const cardGap = `(?:[^\p{L}\d\n]{1,5}|[ ,.;…-]{1,3}(?:(?:and|then|next|it|is|ends?|ending|finish(?:es|ing)?|with|in|on|last|the|four|digits|finally|bit|lot|block|set|group|followed|by|are|second|third|fourth|middle)[ ,.:;…]{1,3}){1,6}|[ ,.…]{1,3}(?:then|and then|and|dann|und|puis|luego|y|poi|e|en dan|en|dan|depois)[ ,.…:]{1,3})`

var brokenCard = regexp.MustCompile(`\A\d{4}(?:` + cardGap + `\d{4}){3}\b`)

// brokenNumber reports a card whose first of four groups starts at byte i, with more than
// one plain sign between them.
func brokenNumber(p *detect.Post, i int, out []detect.Finding) []detect.Finding {
	const longest = 130 // bytes
	text := p.Text.Clean
	if text[i] < '2' || text[i] > '6' {
		return out
	}
	at := brokenCard.FindIndex(text[i:min(len(text), i+longest)])
	if at == nil {
		return out
	}
	span := detect.Span{Start: i, End: i + at[1]}
	digits := part.Digits(nil, text[span.Start:span.End])
	window, _ := part.Around(p.Text.Folded, span, 80, 60)
	if !luhn(digits) || network(digits) == "" || same(digits) || testCards[string(digits)] || part.Has(window, otherNumbers) || part.Has(window, sampleWords) {
		return out
	}
	f := cardFinding(span, digits, 0.8)
	f.KeepFirst, f.KeepLast = 0, 0
	return append(out, f)
}
