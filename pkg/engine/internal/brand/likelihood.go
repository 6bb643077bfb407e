package brand

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Likelihoods of one clue alone; priors, to be fitted on reviewed posts.
const (
	byHandle       = 0.99
	byDomain       = 0.97
	byLongName     = 0.95 // two words or more
	byCapitalized  = 0.80
	byLowerCase    = 0.62 // in a text without capitals
	byCommonWord   = 0.45 // in small letters where the author does use capitals
	byProduct      = 0.70
	articleFactor  = 0.60 // "the trove", "a petrel"
	contextFactor  = 0.40 // of the doubt left where words of the industry stand by
	commonFactor   = 0.70 // the same for what looks like a common word
	excludedFactor = 0.25
	// Of the doubt left where the post was collected for the brand, and the name is not
	// in the grey zone of domain guide 2.2.
	collectedFactor = 0.6
	sampled         = 0.6
)

// named combines the clues: an account or domain is nearly certain, names depend on
// their shape and on what stands around them.
func (c *clues) named(t *text.Text, context bool) (float64, string) {
	switch {
	case len(c.places[clueHandle]) > 0:
		return byHandle, "handle"
	case len(c.places[clueDomain]) > 0:
		return byDomain, "domain"
	}
	p, reason := 0.0, ""
	for _, n := range []struct {
		clue   clue
		reason string
	}{{clueName, "name"}, {clueAlias, "alias"}, {clueProduct, "product"}} {
		for _, s := range c.places[n.clue] {
			if q := c.shape(t, n.clue, s); q > p {
				p, reason = q, n.reason
			}
		}
	}
	if p == 0 {
		return 0, ""
	}
	if len(c.places[clueProduct]) > 0 && reason != "product" {
		p = 1 - (1-p)*(1-byProduct)
	}
	switch {
	case context && p < 0.5:
		p = 1 - (1-p)*commonFactor
	case context:
		p = 1 - (1-p)*contextFactor
	}
	if len(c.places[clueExclusion]) > 0 {
		p *= excludedFactor
	}
	return p, reason
}

// shape judges one place of a name by itself.
func (c *clues) shape(t *text.Text, kind clue, s text.Span) float64 {
	first := t.Clean[s.Start]
	switch {
	case kind == clueProduct:
		return byProduct
	case c.words > 1 && slices.Contains(t.Folded[s.Start:s.End], ' '):
		return byLongName
	case s.Start > 0 && t.Folded[s.Start-1] == '#', first < 'a' || first > 'z', slices.ContainsFunc(t.Clean[s.Start:s.End], capital):
		return byCapitalized
	}
	p := byCommonWord
	if !slices.ContainsFunc(t.Clean, capital) {
		p = byLowerCase
	}
	if afterArticle(t, s) {
		p *= articleFactor
	}
	return p
}

func capital(c byte) bool { return c >= 'A' && c <= 'Z' }

var articles = []string{"a", "an", "the", "some", "my", "this", "that", "of", "any"}

func afterArticle(t *text.Text, s text.Span) bool {
	end := s.Start
	for end > 0 && t.Folded[end-1] == ' ' {
		end--
	}
	start := end
	for start > 0 && t.Folded[start-1] != ' ' {
		start--
	}
	return slices.Contains(articles, string(t.Folded[start:end]))
}
