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

// CodeNames returns where the literals of a brand's code names stand in view, any reading.
func (m *Matcher) CodeNames(f *Finder, brand int, view *text.Text) []detect.Hit {
	var out []detect.Hit
	f.hits = m.machine.Find(view.Folded, f.hits[:0])
	for _, h := range f.hits {
		s := text.Span{Start: int(h.Start), End: int(h.End)}
		for _, u := range m.uses[h.Literal] {
			if u.clue == clueCode && int(u.of) == brand && view.Word(s) {
				out = append(out, detect.Hit{Literal: int(u.detail), Span: s})
			}
		}
	}
	return out
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
