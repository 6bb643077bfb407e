package engine

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/decode"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// The bounds of decoding (domain guide 3.5): runs of a text, and encodings in each other.
const (
	maxDecoded = 20
	maxLevels  = 2
)

// inset is a text inside a text: what an encoded run says, or what a tag of HTML holds.
type inset struct {
	text text.Text
	at   text.Span // where it stands in the readings of the outer text
	// how tells a reader where it was found: "decoded:base64", "tag".
	how   string
	level int // encodings around it
}

// tag is the how of what stands in markup, which is no way to hide something.
const tag = "tag"

// turned is the how of a text in ROT13, in which only words are looked up.
const turned = "decoded:rot13"

// insets finds the insets of one text after the other.
type insets struct {
	list []*inset
	free []*inset
	tags []text.Tag
	runs []decode.Run
}

// find sets list to the insets of t, among them t itself turned around where rotated. What
// known findings redact wholly is not decoded: a signed token is base64 itself.
func (n *insets) find(t *text.Text, known []detect.Finding, rotated bool) {
	n.free = append(n.free, n.list...)
	n.list = n.list[:0]
	n.runs = n.runs[:0]
	if t.HTML() {
		n.tags = t.Tags(n.tags[:0])
		for _, found := range n.tags {
			n.add(found.Held, found.At, tag, 0)
		}
	}
	if rotated {
		n.add(decode.Rotated(t.Clean), text.Span{End: len(t.Clean)}, turned, maxLevels)
	}
	n.decode(t, nil, known)
	for i := 0; i < len(n.list); i++ {
		if n.list[i].level < maxLevels {
			n.decode(&n.list[i].text, n.list[i], nil)
		}
	}
}

// decode adds the encoded runs of t, which is outer's text unless outer is nil.
func (n *insets) decode(t *text.Text, outer *inset, known []detect.Finding) {
	from := len(n.runs)
	var skip func(start, end int) bool
	if len(known) > 0 {
		skip = func(start, end int) bool { return hides(known, start, end) }
	}
	n.runs = decode.Find(t.Clean, maxDecoded-from, skip, n.runs)
	for _, run := range n.runs[from:] {
		at, how, level := text.Span{Start: run.Start, End: run.End}, "decoded:"+run.How, 1
		if outer != nil {
			at, level = outer.at, outer.level+1
			if outer.level > 0 {
				how = outer.how + "," + run.How
			}
		}
		n.add(run.Text, at, how, level)
	}
}

func (n *insets) add(held string, at text.Span, how string, level int) {
	in := &inset{}
	if last := len(n.free) - 1; last >= 0 {
		in, n.free = n.free[last], n.free[:last]
	}
	in.at, in.how, in.level = at, how, level
	in.text.Reset(held)
	n.list = append(n.list, in)
}

// hides tells whether a finding redacts all of [start, end).
func hides(findings []detect.Finding, start, end int) bool {
	for i := range findings {
		for _, s := range findings[i].Spans {
			if findings[i].Redact && s.Start <= start && end <= s.End {
				return true
			}
		}
	}
	return false
}

// inside adds to out, the findings of t, what the detectors find in n, the insets of t.
func (e *Engine) inside(s *scratch, n *insets, t *text.Text, post *earshotv1.Post, insider bool, out []detect.Finding) []detect.Finding {
	for _, in := range n.list {
		s.hits = e.machine.Find(in.text.Folded, s.hits[:0])
		if in.how == turned {
			e.worded(s, &detect.Post{Text: &in.text, Event: post, Insider: insider})
		} else {
			s.inner = e.detect(s, &in.text, post, insider, s.inner[:0])
		}
		out = in.join(out, s.inner, t, insider)
	}
	return out
}

// join adds to out, the findings of t, those of an inset of t.
func (in *inset) join(out, inner []detect.Finding, t *text.Text, insider bool) []detect.Finding {
	for i := range inner {
		f := &inner[i]
		in.place(f)
		f.Likelihood, f.Why = suspect(f.Likelihood, f.Why, in.how, insider)
		out = join(out, f, t)
	}
	return out
}

// place moves a finding in the inset to where the inset stands. Its mask leaves nothing
// readable.
func (in *inset) place(f *detect.Finding) {
	if f.Value == nil {
		f.Value = in.text.Clean[f.Spans[0].Start:f.Spans[0].End]
	}
	f.Spans, f.KeepFirst, f.KeepLast = append(f.Spans[:0], in.at), 0, 0
}

// join adds f to the findings of t. The same value, or the same kind in the same place, is
// one finding, which then hides both places.
func join(out []detect.Finding, f *detect.Finding, t *text.Text) []detect.Finding {
	for i := range out {
		o := &out[i]
		same := o.Kind == f.Kind && meet(o.Spans[0], f.Spans[0]) || o.Rule == f.Rule && bytes.Equal(valueOf(t, o), valueOf(t, f))
		if !same {
			continue
		}
		if f.Redact && !hides(out[i:i+1], f.Spans[0].Start, f.Spans[0].End) {
			o.Redact, o.Spans = true, append(o.Spans, f.Spans[0])
		}
		return out
	}
	return append(out, *f)
}

func meet(a, b text.Span) bool { return a.Start < b.End && b.Start < a.End }
