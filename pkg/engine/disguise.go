package engine

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// words adds to out what the detectors of words find at s.hits of the plainer reading,
// where the post has it in disguise.
func (e *Engine) words(s *scratch, post *earshotv1.Post, insider bool, out []detect.Finding) []detect.Finding {
	p := detect.Post{Text: s.plain, Event: post, Insider: insider, Plain: true}
	s.inner = s.inner[:0]
	for _, h := range s.hits {
		if int(h.Literal) >= len(e.uses) {
			continue
		}
		for _, u := range e.uses[h.Literal] {
			if d := &e.detectors[u.detector]; d.Words {
				hit := detect.Hit{Literal: int(u.literal), Span: text.Span{Start: int(h.Start), End: int(h.End)}}
				s.inner = stamp(d.Verify(&p, hit, s.inner), len(s.inner), d.Version)
			}
		}
	}
	for i := range e.detectors {
		if d := &e.detectors[i]; d.Words && d.Post != nil {
			s.inner = stamp(d.Post(&p, s.inner), len(s.inner), d.Version)
		}
	}
	return s.disguised(out, insider)
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
	if !e.signs(s.hits) || !s.text.Respell(&s.respelledText) {
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

// signs tells whether an address or a number in disguise may stand where hits are.
func (e *Engine) signs(hits []match.Hit) bool {
	fangs, digits := 0, 0
	for _, h := range hits {
		if int(h.Literal) < len(e.respelling) {
			switch e.respelling[h.Literal] {
			case fangSign:
				fangs++
			case digitSign:
				digits++
			}
		}
	}
	return fangs > 0 || digits >= text.MinDigitSigns
}

// Kinds of literals that announce a text worth respelling.
const (
	fangSign = iota + 1
	digitSign
)

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
