package pack

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// maxSpans bounds the places kept of one selection; a post that repeats a word more
// often says nothing more.
const maxSpans = 64

// Found is what a text holds of the rules' words. It is meant to be reused, one post
// after the other; not safe for concurrent use.
type Found struct {
	spans   [][]text.Span // by selection
	state   []progress    // by selection
	touched []int32       // selections not absent
	masks   []uint64      // by rule
	reached []int32       // rules with a mask
	hidden  []text.Span   // places that only a plainer reading shows
}

// progress of a selection: announced when a literal of it was found, searched when its
// expression has run as well.
type progress uint8

const (
	absent progress = iota
	announced
	searched
)

// Reset forgets the post before.
func (f *Found) Reset(r *Rules) {
	if len(f.spans) != len(r.selections) || len(f.masks) != len(r.list) {
		*f = Found{
			spans: make([][]text.Span, len(r.selections)), state: make([]progress, len(r.selections)), masks: make([]uint64, len(r.list)),
		}
	}
	for _, s := range f.touched {
		f.spans[s], f.state[s] = f.spans[s][:0], absent
	}
	for _, i := range f.reached {
		f.masks[i] = 0
	}
	f.touched, f.reached, f.hidden = f.touched[:0], f.reached[:0], f.hidden[:0]
}

// Add takes the automaton's hits in view. of is the post's own reading where view is a
// plainer reading of it, else nil; places are kept as they stand in the post's own.
func (r *Rules) Add(f *Found, view, of *text.Text, hits []match.Hit) {
	for _, h := range hits {
		if int(h.Literal) >= len(r.uses) {
			continue
		}
		for _, u := range r.uses[h.Literal] {
			s := text.Span{Start: int(h.Start), End: int(h.End)}
			if !u.stands(view, &s) {
				continue
			}
			r.mark(f, u.selection)
			if u.how == trigger {
				continue
			}
			if of == nil {
				f.add(u.selection, s)
				continue
			}
			own := text.Span{}
			own.Start, own.End = view.Bytes(s)
			if f.add(u.selection, own) && text.Disguised(of.Folded[own.Start:own.End], view.Folded[s.Start:s.End]) {
				f.hidden = append(f.hidden, own)
			}
		}
	}
}

// stands checks the boundaries that u asks for; the span of a word's start grows to
// the whole word.
func (u use) stands(t *text.Text, s *text.Span) bool {
	switch u.how {
	case wholeWord:
		return t.Word(*s)
	case wordStart:
		s.End = t.WordEnd(s.End)
		return t.Word(*s)
	}
	return true
}

// add keeps a new place of a selection and tells whether it did.
func (f *Found) add(selection int32, s text.Span) bool {
	spans := f.spans[selection]
	if len(spans) == maxSpans || slices.Contains(spans, s) {
		return false
	}
	f.spans[selection] = append(spans, s)
	return true
}

// disguised tells whether one of places was found in a plainer reading only.
func (f *Found) disguised(places []text.Span) bool {
	return slices.ContainsFunc(f.hidden, func(h text.Span) bool {
		return slices.ContainsFunc(places, func(s text.Span) bool { return h.Start < s.End && s.Start < h.End })
	})
}

// mark tells the rules of a selection that it may be there.
func (r *Rules) mark(f *Found, selection int32) {
	if f.state[selection] != absent {
		return
	}
	f.state[selection] = announced
	f.touched = append(f.touched, selection)
	for _, m := range r.selections[selection].rules {
		if f.masks[m.rule] == 0 {
			f.reached = append(f.reached, m.rule)
		}
		f.masks[m.rule] |= m.bit
	}
}

// Candidates appends to out the rules whose needed literals were all found, in the
// order of the packs.
func (r *Rules) Candidates(f *Found, out []*Compiled) []*Compiled {
	for _, i := range f.reached {
		if c := &r.list[i]; c.condition.possible(f.masks[i] | c.open) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *Compiled) int { return int(a.number - b.number) })
	return out
}

func (c *condition) possible(mask uint64) bool {
	for _, clause := range c.clauses {
		if mask&clause == 0 {
			return false
		}
	}
	return true
}

// places returns where a selection stands in t; an expression runs on the first call,
// unless it has literals and none is there.
func (r *Rules) places(f *Found, t *text.Text, selection int32) []text.Span {
	s := &r.selections[selection]
	if p := s.pattern; p != nil && f.state[selection] != searched && (!s.told || f.state[selection] == announced) {
		if f.state[selection] == absent {
			f.touched = append(f.touched, selection)
		}
		f.state[selection] = searched
		for _, at := range p.FindAllIndex(t.Clean, maxSpans) {
			f.spans[selection] = append(f.spans[selection], text.Span{Start: at[0], End: at[1]})
		}
	}
	return f.spans[selection]
}

// Where returns the places in t of a selection of rule, <pack>.<id>; the text's hits must
// have been added. Nil where there is no such rule or selection.
func (r *Rules) Where(f *Found, t *text.Text, rule, selection string) []text.Span {
	for i := range r.list {
		if c := &r.list[i]; c.Name == rule {
			if bit, ok := c.bits[selection]; ok {
				return r.places(f, t, c.global[bit])
			}
		}
	}
	return nil
}
