package score

import (
	"strings"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// additions are the words that cure a finding of a kind by being added; the others are
// cured by changing what stands there.
var additions = map[string]string{
	"undisclosed_relationship": `Say what ties you to it, at the front: "I work for BRAND", or "Ad" where you are paid.`,
	"unbalanced":               "Put the main risk beside the benefit, in the post itself; a link does not cure it.",
	"fin_promotion":            "Add the prescribed risk warning in the post itself, as prominent as the offer.",
	"performance":              "Add charges, benchmark and period, and that the past does not foretell the future; or take the figures out.",
	"testimonial":              "Say whether the client was paid and that others may fare otherwise; or leave the praise out.",
}

// quoteLength bounds the words that a fix quotes, in code points.
const quoteLength = 80

// addFixes suggests for each finding what to change in the draft.
func (s *scored) addFixes(a *earshotv1.Assessment) {
	for i, c := range []*scoredCategory{&s.Categories.Reputation, &s.Categories.Leakage, &s.Categories.Compliance} {
		for n, f := range a.GetCategories()[i].GetFindings() {
			c.Findings[n].Fix = Fix(a, f)
		}
	}
}

// Fix suggests what to change in the draft that a judges, so that f goes. It quotes the
// redacted text: a secret stays masked.
func Fix(a *earshotv1.Assessment, f *earshotv1.Finding) string {
	if add, ok := additions[f.GetKind()]; ok {
		return strings.ReplaceAll(add, "BRAND", a.GetBrandId())
	}
	text := []rune(a.GetPost().GetText())
	var words []string
	for _, span := range f.GetSpans() {
		if start, end := int(span.GetStart()), int(span.GetEnd()); start < end && end <= len(text) {
			words = append(words, quote(text[start:end]))
		}
	}
	if len(words) == 0 {
		return f.GetMitigate()
	}
	verb := "Change or take out"
	if f.GetMasked() != "" {
		verb = "Take out"
	}
	return verb + " " + strings.Join(words, ", ") + "."
}

func quote(text []rune) string {
	if len(text) > quoteLength {
		return "“" + string(text[:quoteLength]) + "…”"
	}
	return "“" + string(text) + "”"
}
