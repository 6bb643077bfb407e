package brand

import (
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Gate is the least probability, 0 to 1, at which a post counts as being about a brand
// (domain guide 2.2).
const Gate = 0.30

// Mention is a post that concerns a brand.
type Mention struct {
	Brand int // index in Brands
	// Likelihood is at least Gate, Reason as in earshot.v1.BrandMatch.
	Likelihood float64
	Reason     string
	// Spans are where the brand is named; CodeNames where the literals of its code names
	// stand. Both are valid until the next Find.
	Spans     []text.Span
	CodeNames []detect.Hit
	// Context tells whether words of the brand's industry stand beside it.
	Context bool
	// Person is the author's entry in the register; nil for outsiders.
	Person *Person
}

// Finder holds the scratch of one search after the other. Not safe for concurrent use.
type Finder struct {
	hits     []match.Hit
	clues    []clues
	context  []bool // by industry
	people   []Person
	mentions []Mention
}

// clues are what was found of one brand.
type clues struct {
	places [clueCount][]text.Span
	codes  []detect.Hit
	words  int32 // of the longest name found
}

// Belief is what is known of a post's brands before it is read.
type Belief uint8

// Nothing is known; or the post was collected for the brands, so that it counts where
// their names do not stand in it and is weighed where they do; or it is theirs.
const (
	BeliefNone Belief = iota
	BeliefCollected
	BeliefAssumed
)

// Find returns the mentions of the post in t, in the order of the brands. plain is its
// plainer reading, nil where there is none.
func (m *Matcher) Find(f *Finder, post *earshotv1.Post, t, plain *text.Text, belief Belief) []Mention {
	f.reset(len(m.brands))
	clear(f.context)
	m.search(f, t, false)
	if plain != nil {
		m.search(f, plain, true)
	}
	f.people = m.People(post, f.people[:0])
	for i := range m.brands {
		if mention, ok := m.weigh(f, i, post, t, belief); ok {
			f.mentions = append(f.mentions, mention)
		}
	}
	return f.mentions
}

func (f *Finder) reset(brands int) {
	f.mentions = f.mentions[:0]
	for len(f.clues) < brands {
		f.clues = append(f.clues, clues{})
	}
	for i := range f.clues {
		c := &f.clues[i]
		c.words, c.codes = 0, c.codes[:0]
		for k := range c.places {
			c.places[k] = c.places[k][:0]
		}
	}
}

const maxPlaces = 32

func (m *Matcher) search(f *Finder, view *text.Text, plain bool) {
	f.hits = m.machine.Find(view.Folded, f.hits[:0])
	for _, h := range f.hits {
		s := text.Span{Start: int(h.Start), End: int(h.End)}
		if !view.Word(s) {
			continue
		}
		if plain {
			s.Start, s.End = view.Bytes(s)
		}
		for _, u := range m.uses[h.Literal] {
			switch {
			case u.clue == clueHandle && !wholeHandle(view, text.Span{Start: int(h.Start), End: int(h.End)}):
			case u.clue == clueContext:
				f.note(u.of)
			case u.clue != clueCode:
				f.clues[u.of].add(u, s)
			case !plain:
				c := &f.clues[u.of]
				c.codes = append(c.codes, detect.Hit{Literal: int(u.detail), Span: s})
			}
		}
	}
}

// wholeHandle tells a handle from the middle of a mailbox ("bob@acme.org") and from the
// start of another account ("@acme_fans", "@acme.fans").
func wholeHandle(t *text.Text, s text.Span) bool {
	if s.Start > 0 && part.Alnum(t.Folded[s.Start-1]) {
		return false
	}
	rest := t.Clean[s.End:]
	return len(rest) == 0 || rest[0] != '_' && (rest[0] != '.' || len(rest) == 1 || rest[1] < 'a' || rest[1] > 'z')
}

func (f *Finder) note(industry int32) {
	for int(industry) >= len(f.context) {
		f.context = append(f.context, false)
	}
	f.context[industry] = true
}

// near tells whether a word of the industry, or one of all industries, was found.
func (f *Finder) near(industry int32) bool {
	return len(f.context) > 0 && f.context[0] || int(industry) < len(f.context) && f.context[industry]
}

func (c *clues) add(u use, s text.Span) {
	places := c.places[u.clue]
	if len(places) == maxPlaces || slices.Contains(places, s) {
		return
	}
	c.places[u.clue] = append(places, s)
	if u.clue == clueName || u.clue == clueAlias {
		c.words = max(c.words, u.detail)
	}
}

// People appends the register's entries of the post's author: by handle on its platform,
// and a brand's own account anywhere.
func (m *Matcher) People(post *earshotv1.Post, out []Person) []Person {
	handle := bare(post.GetAuthor().GetHandle())
	if handle == "" {
		return out
	}
	out = append(out, m.register[account{post.GetPlatform(), handle}]...)
	return append(out, m.register[account{"", handle}]...)
}

// weigh decides about one brand: what is certain first, then names with their context.
func (m *Matcher) weigh(f *Finder, i int, post *earshotv1.Post, t *text.Text, belief Belief) (Mention, bool) {
	c := &f.clues[i]
	out := Mention{Brand: i, CodeNames: c.codes, Context: f.near(m.brands[i].industry)}
	out.Likelihood, out.Reason = c.named(t, out.Context)
	if belief == BeliefCollected && out.Likelihood >= sampled {
		out.Likelihood = 1 - (1-out.Likelihood)*collectedFactor
	}
	out.Spans = c.spans()
	for k := range f.people {
		if f.people[k].Brand == i {
			out.Person = &f.people[k]
			break
		}
	}
	switch {
	case out.Person != nil:
		out.sure(1, "register")
	case belief == BeliefAssumed:
		out.sure(1, "assumed")
	case m.collected(post, i), belief == BeliefCollected && out.Likelihood == 0:
		out.sure(0.95, "collected_for")
	case post.GetKind() == earshotv1.PostKind_POST_KIND_EMPLOYEE && len(m.brands) == 1 && len(f.people) == 0:
		out.sure(1, "assumed")
	}
	return out, out.Likelihood >= Gate
}

// sure raises the likelihood; a handle or a name that says as much keeps its reason.
func (m *Mention) sure(likelihood float64, reason string) {
	if m.Likelihood < likelihood {
		m.Likelihood, m.Reason = likelihood, reason
	}
}

func (m *Matcher) collected(post *earshotv1.Post, i int) bool {
	return slices.ContainsFunc(post.GetCollectedFor(), func(hint string) bool {
		return hint == m.brands[i].ID || strings.EqualFold(hint, m.brands[i].Name)
	})
}

// spans are where the brand is named: handles, domains, names, products, in order.
func (c *clues) spans() []text.Span {
	out := slices.Concat(c.places[clueHandle], c.places[clueDomain], c.places[clueName], c.places[clueAlias], c.places[clueProduct])
	slices.SortFunc(out, func(a, b text.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	apart := out[:0]
	for _, s := range out {
		if n := len(apart); n == 0 || s.Start >= apart[n-1].End {
			apart = append(apart, s)
		}
	}
	return apart
}

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
