package insider

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// How far, in bytes, the neighbors of a marking or a code name are read.
const (
	behind = 160
	ahead  = 260
)

// Beside finds the claims next to a place that is itself a sign of a confidence, such as
// a marking or a code name; bias is what the sign adds to their log-odds. It does not
// matter who writes.
func Beside(p *detect.Post, span detect.Span, bias float64, out []detect.Finding) []detect.Finding {
	window, lo := part.Around(p.Text.Folded, span, behind, ahead)
	return read(p, lo, lo+len(window)).told(bias, out)
}

// Planned is the rest of the sentence behind span, or the next sentence, up to the first
// time to come that it names; false where neither names one.
func Planned(p *detect.Post, span detect.Span) (detect.Span, bool) {
	window, _ := part.Around(p.Text.Folded, detect.Span{Start: span.End, End: span.End}, 0, reach)
	r := read(p, span.End, span.End+len(window))
	own := p.Text.Sentence(span.Start)
	for i, m := range r.marks {
		if m.class == when && m.sentence <= own+1 {
			return detect.Span{Start: r.marks[0].Start, End: r.marks[i].End}, true
		}
	}
	return detect.Span{}, false
}
