package score

import (
	"slices"
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

// protectedAdvice is for who drafts what the law protects (domain guide 4.12).
const protectedAdvice = "The law protects speaking of this; nobody may ask you to take it back. An ombuds office, or a desk outside the line of command, hears it in confidence."

// advise gives the author of a draft that speaks of a protected matter advice of their
// own: what a finding tells the company to do is no business of theirs, and could silence them.
func advise(a *earshotv1.Assessment) {
	protected := slices.ContainsFunc(a.GetCategories(), func(c *earshotv1.CategoryAssessment) bool {
		return slices.ContainsFunc(c.GetGuards(), func(g *earshotv1.Guard) bool { return strings.HasPrefix(g.GetRule(), "protect.") })
	})
	for _, c := range a.GetCategories() {
		if !protected || c.GetCategory() != earshotv1.Category_CATEGORY_REPUTATION {
			continue
		}
		for _, f := range c.GetFindings() {
			f.Mitigate = protectedAdvice
		}
	}
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
