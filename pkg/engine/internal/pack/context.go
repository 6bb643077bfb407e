package pack

import (
	"fmt"
	"math/bits"
	"slices"

	"cel.dev/cel-go/common/types"

	"github.com/earshot/earshot/pkg/engine/internal/language"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Context is one mention as the conditions see it. Set the exported fields, then Judge
// one rule after the other. Not safe for concurrent use.
type Context struct {
	Rules *Rules
	Found *Found
	Text  *text.Text
	// Who is one of Voices; Industry is the brand's, empty where it is not known: then
	// rules of every industry apply.
	Who, Industry string
	// PostKind is "mention" or "employee". Role and Followers are the author's.
	PostKind, Role, Platform string
	// Lang is the primary language of the post as its source says, empty or "und" where it
	// does not; then the text is asked when a rule wants to know.
	Lang      string
	Followers int64
	PaidLabel bool
	Links     int
	// Brand is where the brand is named.
	Brand []text.Span
	// Sentiment gives the shares of negative, neutral and positive toward the brand.
	Sentiment func() (negative, neutral, positive float64)

	told     bool // Lang is final
	rule     *Compiled
	tokens   int         // argument of the running near or before
	evidence []text.Span // of the running rule's near, before and same
}

// Verdict is a rule that holds.
type Verdict struct {
	*Compiled
	// Spans are what the condition rests on, in order, without overlap; at least one.
	Spans []text.Span
	// Guards are the exemptions that hold as well.
	Guards []Guard
	// Disguised tells that some of it stands there in disguise only.
	Disguised bool
}

// Guard is an exemption that holds, with where; no spans where it is no words.
type Guard struct {
	*Exemption
	Spans []text.Span
}

// Judge runs the condition of a candidate. An error means a mistake in the pack that
// only this text shows, such as a division by zero.
func (c *Context) Judge(rule *Compiled) (Verdict, bool, error) {
	if !rule.applies(c) {
		return Verdict{}, false, nil
	}
	c.rule, c.evidence = rule, c.evidence[:0]
	holds, err := c.holds(&rule.condition)
	if err != nil || !holds {
		return Verdict{}, false, err
	}
	v := Verdict{Compiled: rule, Spans: c.resting()}
	v.Disguised = c.Found.disguised(v.Spans)
	for i := range rule.exemptions {
		e := &rule.exemptions[i]
		spans, ok, err := c.exempt(e)
		if err != nil {
			return Verdict{}, false, err
		}
		if ok {
			v.Guards = append(v.Guards, Guard{e.Exemption, spans})
		}
	}
	return v, true, nil
}

func (c *Compiled) applies(to *Context) bool {
	a := &c.Applies
	if len(a.Who) == 0 && to.Who == "pub" {
		return false
	}
	return allowed(a.Who, to.Who) && (len(a.Languages) == 0 || allowed(a.Languages, to.language())) && (to.Industry == "" || allowed(a.Industries, to.Industry))
}

// language is the post's primary language, empty where nobody can tell.
func (c *Context) language() string {
	if !c.told {
		c.told = true
		if c.Lang == "" || c.Lang == language.Unknown {
			c.Lang = language.Of(c.Text.Folded)
		}
		if c.Lang == language.Unknown {
			c.Lang = ""
		}
	}
	return c.Lang
}

func allowed(list []string, value string) bool {
	return len(list) == 0 || slices.Contains(list, value)
}

func (c *Context) holds(condition *condition) (bool, error) {
	if !c.found(condition) {
		return false, nil
	}
	out, _, err := condition.program.Eval(c)
	if err != nil {
		return false, fmt.Errorf("rule %s: %w", c.rule.Name, err)
	}
	return out == types.True, nil
}

// found tells whether every clause has a selection that stands in the text. Expressions
// run only for a clause that no words hold.
func (c *Context) found(condition *condition) bool {
	for _, clause := range condition.clauses {
		if !c.any(clause, c.seen) && !c.any(clause, c.search) {
			return false
		}
	}
	return true
}

// any tells whether is holds for a selection of a clause.
func (c *Context) any(clause uint64, is func(selection int32) bool) bool {
	for ; clause != 0; clause &= clause - 1 {
		if is(c.rule.global[bits.TrailingZeros64(clause)]) {
			return true
		}
	}
	return false
}

// seen tells whether a place of the selection is known, search looks for one.
func (c *Context) seen(selection int32) bool { return len(c.Found.spans[selection]) > 0 }

func (c *Context) search(selection int32) bool {
	return len(c.Rules.places(c.Found, c.Text, selection)) > 0
}

// maxEvidence bounds the spans of a verdict.
const maxEvidence = 6

// resting returns what the rule's condition rests on: the pairs that its functions
// found, or else the first known place of each selection that it needs.
func (c *Context) resting() []text.Span {
	spans := slices.Clone(c.evidence)
	if len(spans) == 0 {
		var needed uint64
		for _, clause := range c.rule.condition.clauses {
			needed |= clause
		}
		for bit, id := range c.rule.global {
			if needed&(1<<bit) != 0 {
				places := c.Found.spans[id]
				spans = append(spans, places[:min(1, len(places))]...)
			}
		}
	}
	return merge(spans)
}

// merge sorts spans and joins those that overlap.
func merge(spans []text.Span) []text.Span {
	slices.SortFunc(spans, func(a, b text.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out[:min(len(out), maxEvidence)]
}

func (c *Context) exempt(e *exemption) ([]text.Span, bool, error) {
	if e.own < 0 {
		ok, err := c.holds(&e.when)
		return nil, ok, err
	}
	places := c.Rules.places(c.Found, c.Text, e.own)
	if e.Near == nil {
		return merge(slices.Clone(places)), len(places) > 0, nil
	}
	var near []text.Span
	for _, s := range places {
		if c.anyWithin(s, c.spans(e.Near.To), e.Near.Tokens) {
			near = append(near, s)
		}
	}
	return merge(near), len(near) > 0, nil
}

func (c *Context) anyWithin(s text.Span, others []text.Span, tokens int) bool {
	return slices.ContainsFunc(others, func(o text.Span) bool { return c.within(s, o, tokens) || c.within(o, s, tokens) })
}

// spans returns where a selection of the running rule stands.
func (c *Context) spans(selection string) []text.Span {
	if selection == brandSelection {
		return c.Brand
	}
	bit, ok := c.rule.bits[selection]
	if !ok {
		return nil
	}
	return c.Rules.places(c.Found, c.Text, c.rule.global[bit])
}

// near tells whether a place of b follows one of a within so many tokens, or, unless
// ordered, the other way round. The first such pair becomes evidence.
func (c *Context) near(a, b string, tokens int, ordered bool) bool {
	return c.pair(a, b, func(x, y text.Span) bool {
		return c.within(x, y, tokens) || !ordered && c.within(y, x, tokens)
	})
}

func (c *Context) same(a, b string) bool {
	return c.pair(a, b, func(x, y text.Span) bool { return c.Text.Sentence(x.Start) == c.Text.Sentence(y.Start) })
}

func (c *Context) pair(a, b string, fits func(x, y text.Span) bool) bool {
	bs := c.spans(b)
	for _, x := range c.spans(a) {
		for _, y := range bs {
			if fits(x, y) {
				c.evidence = append(c.evidence, x, y)
				return true
			}
		}
	}
	return false
}

// within tells whether b follows a, without overlap, by at most so many tokens.
func (c *Context) within(a, b text.Span, tokens int) bool {
	return a.End <= b.Start && c.Text.Token(b.Start)-c.Text.Token(a.End-1) <= tokens
}

func (c *Context) every(selection string, is func(text.Span) bool) bool {
	spans := c.spans(selection)
	for _, s := range spans {
		if !is(s) {
			return false
		}
	}
	return len(spans) > 0
}

// question tells whether a sentence that the rule rests on ends with a question mark.
func (c *Context) question() bool {
	for _, s := range c.resting() {
		if c.Text.Question(s.Start) {
			return true
		}
	}
	return false
}
