package engine

import (
	"github.com/earshot/earshot/pkg/engine/internal/decode"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// conceal marks what was found in words with invisible characters in them.
func (s *scratch) conceal(found []detect.Finding, insider bool) {
	if s.text.Hidden == 0 {
		return
	}
	for i := range found {
		if f := &found[i]; s.text.Concealed(f.Spans[0]) {
			f.Likelihood, f.Why = suspect(f.Likelihood, f.Why, disguise, insider)
		}
	}
}

// words adds to out what the detectors of words find at s.hits of the plainer reading,
// where the post has it in disguise.
func (e *Engine) words(s *scratch, post *earshotv1.Post, insider bool, out []detect.Finding) []detect.Finding {
	e.worded(s, &detect.Post{Text: s.plain, Event: post, Insider: insider, Plain: true})
	return s.disguised(out, insider)
}

// worded sets s.inner to what the detectors of words find at s.hits.
func (e *Engine) worded(s *scratch, p *detect.Post) {
	s.inner = s.inner[:0]
	for _, h := range s.hits {
		if int(h.Literal) >= len(e.uses) {
			continue
		}
		for _, u := range e.uses[h.Literal] {
			if d := &e.detectors[u.detector]; d.Words {
				hit := detect.Hit{Literal: int(u.literal), Span: text.Span{Start: int(h.Start), End: int(h.End)}}
				s.inner = stamp(d.Verify(p, hit, s.inner), len(s.inner), d.Version)
			}
		}
	}
	for i := range e.detectors {
		if d := &e.detectors[i]; d.Words && d.Post != nil {
			s.inner = stamp(d.Post(p, s.inner), len(s.inner), d.Version)
		}
	}
}

// disguised adds to out those of s.inner, found in the plainer reading, that the post has
// in disguise.
func (s *scratch) disguised(out []detect.Finding, insider bool) []detect.Finding {
	for i := range s.inner {
		f := &s.inner[i]
		hidden := false
		for k := range f.Spans {
			read := s.plain.Folded[f.Spans[k].Start:f.Spans[k].End]
			f.Spans[k].Start, f.Spans[k].End = s.plain.Bytes(f.Spans[k])
			hidden = hidden || text.Disguised(s.text.Folded[f.Spans[k].Start:f.Spans[k].End], read)
		}
		if !hidden {
			continue
		}
		f.Likelihood, f.Why = suspect(f.Likelihood, f.Why, disguise, insider)
		out = join(out, f, &s.text)
	}
	return out
}

// respelled adds to out what the detectors find where addresses and numbers are written
// out, and not in the post as it stands.
func (e *Engine) respelled(s *scratch, post *earshotv1.Post, insider bool, out []detect.Finding) []detect.Finding {
	if !s.text.Respell(&s.respelledText) {
		return out
	}
	view := &s.respelledText
	s.hits = e.machine.Find(view.Folded, s.hits[:0])
	e.rules.Add(&s.found, view, &s.text, s.hits)
	s.inner = e.detect(s, view, post, insider, s.inner[:0])
	for i := range s.inner {
		f := &s.inner[i]
		f.Value, f.KeepFirst, f.KeepLast = valueOf(view, f), 0, 0
		s.own(f, view)
		f.Likelihood, f.Why = suspect(f.Likelihood, f.Why, respelling, insider)
		out = join(out, f, &s.text)
	}
	return out
}

// Kinds of literals that announce another reading of the text, or a swindle.
const (
	fangSign = iota + 1
	digitSign
	rotatedSign
	lureSign
	signCount
)

// signs count by kind what announces another reading, or a swindle.
type signs [signCount]int

func (e *Engine) signs(hits []match.Hit) (n signs) {
	for _, h := range hits {
		if int(h.Literal) < len(e.announced) {
			n[e.announced[h.Literal]]++
		}
	}
	return n
}

func (n *signs) respelled() bool { return n[fangSign] > 0 || n[digitSign] >= text.MinDigitSigns }

func (n *signs) rotated() bool { return n[rotatedSign] >= decode.MinRotatedSigns }

// own moves the spans of a finding from a reading of the post to the post's own.
func (s *scratch) own(f *detect.Finding, view *text.Text) {
	for k := range f.Spans {
		f.Spans[k].Start, f.Spans[k].End = view.Bytes(f.Spans[k])
	}
}

// hiding is how likely a thing that somebody hid is a thing worth hiding: evidence of a
// family of its own (domain guide 1.5), which counts for the brand's own people. A prior.
const hiding = 0.15

// The how of what stands in the plainer reading only, and of what is written out there.
const (
	disguise   = "disguise"
	respelling = "respelled"
)

// suspect returns the likelihood and the reason of what was found only where how tells.
func suspect(likelihood float64, why, how string, insider bool) (float64, string) {
	switch how {
	case "":
		return likelihood, why
	case tag:
		return likelihood, why + " It stands in the post's markup, not in its words."
	}
	why += " Only another reading of the text shows it (" + how + "): it was written so that filters miss it."
	if insider {
		likelihood = 1 - (1-likelihood)*(1-hiding)
	}
	return likelihood, why
}
