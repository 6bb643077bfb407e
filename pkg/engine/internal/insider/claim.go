package insider

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

// shape is a kind of claim: the classes that must meet in one sentence, one of each set.
type shape struct {
	kind, rule, title string
	severity          int
	cite, why         string
	need              []set
	weight            float64 // log-odds of being confidential, said by an insider without more
}

const (
	lawCite    = "Directive (EU) 2016/943; 18 U.S.C. 1839(3)"
	marketCite = "17 CFR 243.100; Regulation (EU) 596/2014 Art. 7"
)

// The weights are priors, from the tuning set and from what everyday talk of employees
// holds of the same words.
var shapes = []shape{
	figures(-0.7, of(metric), of(direction, amount)),
	figures(0.1, of(versus), of(direction), of(metric, period, amount)),
	figures(-0.7, of(versus), of(direction)),
	figures(-0.8, of(period), of(direction)),
	figures(0.1, of(metric), of(amount), of(period)),
	dealing(-0.8, of(deal)),
	dealing(-0.7, of(buy), of(company)),
	dealing(-1.2, of(buy), of(name), of(when)),
	event("tip", "Hint to trade on what is not public", -0.5, of(stock), of(trade), of(us)),
	event("tip", "Hint to trade on what is not public", -0.2, of(stock), of(coming), of(when)),
	event("distress", "Financial distress not yet public", -0.4, of(distress)),
	event("departure", "Departure at the top not yet public", -0.6, of(chief), of(leave)),
	event("trial-outcome", "Trial, approval or recall not yet public", -0.5, of(trial), of(outcome)),
	customer(-1.12, of(win), of(client, org, name)),
	customer(-0.32, of(win), of(client), of(org, name)),
	customer(-0.32, of(win), of(org, name), of(amount, number)),
	customer(-1.32, of(start), of(org, name)),
	plan(-1.2, of(release), of(when)),
	plan(-1.2, of(release), of(product, fresh)),
	plan(-0.8, of(release), of(product, fresh), of(when)),
	plan(-1.1, of(does), of(us), of(product, fresh, when)),
	plan(-1.0, of(does), of(product, fresh), of(when)),
	plan(-1.5, of(amount), of(when)),
	plan(-0.9, of(price), of(amount, number), of(when, direction)),
	plan(-0.8, of(cut), of(site, product)),
	plan(-0.4, of(cut), of(site, product), of(when)),
	plan(-0.8, of(cut), of(name), of(when)),
	plan(-0.5, of(cut), of(jobs), of(amount, number, when)),
	plan(-0.5, of(goes), of(jobs), of(amount, number), of(when)),
	plan(-1.0, of(fresh)),
	plan(-0.7, of(fresh), of(when)),
	plan(-0.9, of(open), of(name, site), of(when)),
}

func figures(weight float64, need ...set) shape {
	return shape{"financials", "unpublished-figures", "Unpublished figures", 5, marketCite, "An insider tells how business went", need, weight}
}

func dealing(weight float64, need ...set) shape {
	return shape{"financials", "unannounced-deal", "Deal not yet public", 5, marketCite, "An insider tells of a deal", need, weight}
}

func event(rule, title string, weight float64, need ...set) shape {
	return shape{"financials", rule, title, 5, marketCite, "An insider tells an event that moves the price", need, weight}
}

func customer(weight float64, need ...set) shape {
	return shape{"customer", "unannounced-customer", "Customer or partner not yet public", 4, lawCite, "An insider tells who buys", need, weight}
}

func plan(weight float64, need ...set) shape {
	return shape{"roadmap", "unannounced-plan", "Unannounced product, price or change", 4, lawCite, "An insider tells what will come", need, weight}
}

// claim is a shape that a sentence fills.
type claim struct {
	shape *shape
	detect.Span
	sentence int
	z        float64 // log-odds that it is a confidence
}

// sentenceAt returns the marks of the sentence that starts at mark i.
func (r *reading) sentenceAt(i int) []mark {
	end := i
	for end < len(r.marks) && r.marks[end].sentence == r.marks[i].sentence {
		end++
	}
	return r.marks[i:end]
}

func classesOf(marks []mark) set {
	var s set
	for _, m := range marks {
		s |= of(m.class)
	}
	return s
}

// claims finds, for each sentence and kind, the weightiest shape that it fills.
func (r *reading) claims() []claim {
	var out []claim
	for i := 0; i < len(r.marks); {
		marks := r.sentenceAt(i)
		i += len(marks)
		has, first := classesOf(marks), len(out)
		for k := range shapes {
			c := claim{shape: &shapes[k], sentence: marks[0].sentence}
			if !c.shape.filled(has) {
				continue
			}
			var ok bool
			if c.Span, ok = c.shape.cover(marks); ok {
				out = better(out, first, c)
			}
		}
	}
	return out
}

// better adds c to the claims of its sentence, which start at first, or lets it take the
// place of a lighter one of its kind.
func better(out []claim, first int, c claim) []claim {
	for i := first; i < len(out); i++ {
		if out[i].shape.kind == c.shape.kind {
			if c.shape.weight > out[i].shape.weight {
				out[i] = c
			}
			return out
		}
	}
	return append(out, c)
}

func (s *shape) filled(has set) bool {
	for _, need := range s.need {
		if !has.has(need) {
			return false
		}
	}
	return true
}

// reach is how far apart, in bytes, the words of one claim may stand: about twenty words.
const reach = 130

// cover is the shortest stretch of the sentence in which each need has a mark of its own
// place; false where it is longer than reach.
func (s *shape) cover(marks []mark) (detect.Span, bool) {
	best, found := detect.Span{}, false
	for i := range marks {
		if !of(marks[i].class).has(s.need[0]) {
			continue
		}
		span, ok := marks[i].Span, true
		for _, need := range s.need[1:] {
			at, near := nearest(marks, i, need)
			ok = ok && near
			span = detect.Span{Start: min(span.Start, at.Start), End: max(span.End, at.End)}
		}
		if ok && span.End-span.Start <= reach && (!found || span.End-span.Start < best.End-best.Start) {
			best, found = span, true
		}
	}
	return extended(marks, best), found
}

// detail is how far, in bytes, a figure, a name or a time belongs to the claim before it.
const detail = 24

// extended takes the figures, names and times along that stand right behind the span.
func extended(marks []mark, span detect.Span) detect.Span {
	for _, m := range marks {
		if m.Start >= span.End && m.Start-span.End <= detail && of(m.class).has(of(amount, number, name, when)) {
			span.End = m.End
		}
	}
	return span
}

// nearest is the mark of one of need that is nearest to mark i and does not overlap it.
func nearest(marks []mark, i int, need set) (detect.Span, bool) {
	best, distance := detect.Span{}, reach+1
	look := func(m mark, d int) {
		if d >= 0 && d < distance && of(m.class).has(need) {
			best, distance = m.Span, d
		}
	}
	for k := i + 1; k < len(marks) && marks[k].Start-marks[i].End < distance; k++ {
		look(marks[k], marks[k].Start-marks[i].End)
	}
	for k := i - 1; k >= 0 && marks[i].Start-marks[k].Start < distance+longest; k-- {
		look(marks[k], marks[i].Start-marks[k].End)
	}
	return best, distance <= reach
}

// longest bounds a word of the list or a figure, in bytes.
const longest = 40
