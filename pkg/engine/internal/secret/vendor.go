package secret

import (
	_ "embed"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// vendorList holds the names of services that companies hold keys of, folded, separated
// by commas; lines that begin with # head a group.
//
//go:embed vendors.txt
var vendorList string

// vendorWords are the names with each way to join their words.
func vendorWords() []string {
	var words []string
	for line := range strings.Lines(vendorList) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for name := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			name = strings.TrimSpace(name)
			if name == "" {
				continue
			}
			words = append(words, name)
			if strings.Contains(name, " ") {
				words = append(words, strings.ReplaceAll(name, " ", ""), strings.ReplaceAll(name, " ", "_"), strings.ReplaceAll(name, " ", "-"))
			}
		}
	}
	return words
}

// A vendor's name without a word for secret beside it is a weaker cue: the value must
// look drawn beyond doubt. A prior, from the tuning half of the published sets.
const (
	vendorSign, vendorNear = 20, 24 // least bits behind an operator, and without one
	minVendorSecret        = 16     // bytes behind an operator
)

// vendorToken reports a drawn value that stands beside the name of a service.
func (all formats) vendorToken(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	if p.Text.Digits < leastDigits || h.Start > 0 && part.Alnum(text[h.Start-1]) || h.End < len(text) && text[h.End] >= 'a' && text[h.End] <= 'z' {
		return out
	}
	likelihood, least, why := 0.7, vendorSign, "A name with a service in it is set to a value that looks random."
	v, ok := assignment(text, h.End)
	if ok = ok && v.sign; ok {
		ok = v.End-v.Start >= minVendorSecret && !otherName(v.name)
	} else {
		v.Span, ok = near(text, h.End)
		if ok {
			ok = !entity(text[h.End:v.Start], text[v.Start:v.End])
		} else {
			v.Span, ok = before(text, h.Start)
		}
		likelihood, least, why = 0.6, vendorNear, "A value that looks random stands beside the name of a service."
	}
	if !ok || !randomLooking(text[v.Start:v.End], float64(least), v.quoted) || otherDraw(p, h.Start, v.Start) || told(out, v.Span) || all.owned(text, v.Start) {
		return out
	}
	return append(out, finding(p, "secret", "vendor-value", "Key of a named service", 3, likelihood, v.Span, why))
}
