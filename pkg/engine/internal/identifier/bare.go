package identifier

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// bareCode reports a number that speaks for itself: by its check digits and its format.
func bareCode(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[span.Start:span.End]
	value := compact(text)
	if len(value) < minCode || len(value) > maxCode || same(value) {
		return out
	}
	whole := len(p.Text.Clean) <= maxWhole && nothingElse(p.Text.Clean, span)
	var best *form
	likelihood := 0.0
	for _, f := range byLength[len(value)] {
		l := f.bare
		if whole && f.whole {
			l = max(l, pasted)
		}
		if l > likelihood && f.full.Match(text) && f.right(value) {
			best, likelihood = f, l
		}
	}
	if best == nil {
		if best, likelihood = officeForm(p, span, value), official; best == nil {
			return out
		}
	}
	window, _ := part.Around(p.Text.Folded, span, 120, 80)
	if part.Has(window, partWords) || part.Has(window, sampleWords) {
		likelihood *= 0.3
	}
	return append(out, best.finding(span, value, likelihood, "Its format and its check digits are those of the number."))
}

// nothingElse tells whether the text has no letter and no digit besides span.
func nothingElse(text []byte, span detect.Span) bool {
	for i, c := range text {
		if (i < span.Start || i >= span.End) && (part.Alnum(c) || c >= 0x80) {
			return false
		}
	}
	return true
}

// codes reports the bare codes that have letters, the addresses of machines and wallets,
// and posts that are one number alone.
func codes(p *detect.Post, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	if span, ok := soleCode(text); ok {
		if out = bareCode(p, span, out); len(out) > 0 {
			return out
		}
	}
	const least, longest, leastWallet = 8, 64, 26
	for i := 0; i < len(text); i++ {
		if !part.Digit(text[i]) {
			continue
		}
		if span := addressToken(text, i); bytes.IndexByte(text[span.Start:span.End], ':') >= 0 || bytes.Count(text[span.Start:span.End], []byte(".")) > 1 || bytes.Count(text[span.Start:span.End], []byte("-")) == 5 {
			if before := len(out); alone(text, span) {
				if out = networkAddress(p, span, out); len(out) > before {
					i = span.End - 1
					continue
				}
			}
		}
		before := len(out)
		if out = insuranceNumber(p, i, ibanBefore(p, i, out)); len(out) > before {
			i = out[len(out)-1].Spans[0].End - 1
			continue
		}
		span, mixed := token(text, i)
		switch n := span.End - span.Start; {
		case !mixed || n < least || n > longest || inAddress(text, span.Start):
		case n >= leastWallet:
			out = wallet(p, span, out)
		case n <= maxCode+4:
			out = bareCode(p, span, out)
		}
		i = max(i, span.End-1)
	}
	return out
}

// token is the run of letters, digits, dots and dashes around byte i, and whether it has
// both letters and digits.
func token(text []byte, i int) (span detect.Span, mixed bool) {
	inside := func(c byte) bool { return part.Alnum(c) || c == '-' || c == '.' || c == '+' }
	start, end := i, i
	for start > 0 && i-start < longestToken && inside(text[start-1]) {
		start--
	}
	for ; end < len(text) && end-i < longestToken && inside(text[end]); end++ {
		mixed = mixed || !part.Digit(text[end]) && part.Alnum(text[end])
	}
	for _, c := range text[start:i] {
		mixed = mixed || part.Alnum(c)
	}
	for end > i && !part.Alnum(text[end-1]) {
		end--
	}
	return detect.Span{Start: start, End: end}, mixed
}

// soleCode is what stands in a short post from its first to its last letter or digit.
func soleCode(text []byte) (detect.Span, bool) {
	const least = 5
	if len(text) > maxWhole {
		return detect.Span{}, false
	}
	start, end := 0, len(text)
	for start < end && !part.Alnum(text[start]) {
		start++
	}
	for end > start && !part.Alnum(text[end-1]) {
		end--
	}
	return detect.Span{Start: start, End: end}, end-start >= least
}

// alone tells whether span is no part of a longer number or word.
func alone(text []byte, span detect.Span) bool {
	return (span.Start == 0 || !part.Alnum(text[span.Start-1])) && (span.End == len(text) || !part.Alnum(text[span.End]))
}

var partWords = []string{
	"part", "parts", "order", "seat", "seats", "booking", "reference", "sku", "model", "serial", "hinge", "seal", "filter", "site", "catalogue", "catalog", "item", "ref", "tracking", "isbn", "song", "fun fact",
}

// loneNumber reports the numbers of digits and separators that speak for themselves.
func loneNumber(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !alone(p.Text.Clean, h.Span) {
		return out
	}
	return bareCode(p, h.Span, out)
}
