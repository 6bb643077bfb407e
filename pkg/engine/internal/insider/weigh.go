package insider

import (
	"math"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// How far, in bytes, what is said about a claim may stand from it, and how far apart the
// words of "results are out Thursday" or "nobody knows" may stand.
const (
	around = 500
	beside = 60
	close  = 32
	denial = 48
	tight  = 12
)

// Log-odds of what stands around a claim; priors, from the tuning set.
const (
	secretWeight    = 2.0
	notYetWeight    = 2.0
	unknowingWeight = 1.4
	hushWeight      = 0.8
	againWeight     = 0.3 // each further sign of secrecy
	insideWeight    = 0.5
	usWeight        = 0.3 // "we" in the sentence
	mostSecrecy     = 2.7
)

// against are the classes that speak against a confidence, and whether only where they
// stand in the claim's own sentence.
var against = []struct {
	class  class
	weight float64
	own    bool
}{
	{public, -2.2, false},
	{outside, -1.8, false},
	{lesson, -1.5, false},
	{private, -1.6, false},
	{hope, -1.3, true},
	{past, -0.9, true},
}

// context is what the words around a place say about it.
type context struct {
	secrecy float64 // log-odds
	open    bool    // a word for publication without a sign that it is still to come
	has     set     // classes around
	own     set     // classes in the sentence
	notYet  bool
}

// about reads the marks around a span.
func (r *reading) about(span detect.Span, sentence int) context {
	var c context
	signs := 0
	add := func(weight float64) {
		if weight > c.secrecy {
			c.secrecy = weight
		}
		signs++
	}
	for i := r.from(span.Start - around); i < len(r.marks) && r.marks[i].Start < span.End+around; i++ {
		m := r.marks[i]
		switch m.class {
		case secret:
			if r.post.Text.Question(m.Start) {
				continue
			}
			add(secretWeight)
		case hush:
			add(hushWeight)
		case pub, openly, due, learn:
			if r.notYet(i) {
				c.notYet = true
				add(notYetWeight)
			} else {
				c.open = c.open || m.class == pub
			}
			continue
		case ignorant:
			if r.unknowing(i) {
				add(unknowingWeight)
			}
		case public:
			if r.near(i, of(not, till), close) {
				continue
			}
		case past:
			if r.compared(m.Start) {
				continue
			}
		}
		c.has |= of(m.class)
		if m.sentence == sentence {
			c.own |= of(m.class)
		}
	}
	c.secrecy = min(mostSecrecy, c.secrecy+againWeight*float64(max(0, signs-1)))
	return c
}

// from is the index of the first mark that starts at or behind byte i.
func (r *reading) from(i int) int {
	lo, hi := 0, len(r.marks)
	for lo < hi {
		if mid := (lo + hi) / 2; r.marks[mid].Start < i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// far is what gap returns where there is none.
const far = 1 << 20

// gap is the distance, in bytes, from mark i to the nearest mark of one of classes in its
// sentence, if it is at most reach; far otherwise.
func (r *reading) gap(i int, classes set, reach int) int {
	m, best := r.marks[i], far
	for k := r.from(m.Start - reach - longest); k < len(r.marks) && r.marks[k].Start <= m.End+reach; k++ {
		o := r.marks[k]
		if !of(o.class).has(classes) || o.sentence != m.sentence {
			continue
		}
		if d := max(o.Start-m.End, m.Start-o.End); d >= 0 && d <= reach {
			best = min(best, d)
		}
	}
	return best
}

// near tells whether a mark of one of classes stands within reach of mark i.
func (r *reading) near(i int, classes set, reach int) bool { return r.gap(i, classes, reach) < far }

// notYet tells whether what mark i names is still to come: "not announced", "public in
// May", "results come out on Thursday".
func (r *reading) notYet(i int) bool {
	denied, coming := r.near(i, of(not), close), r.gap(i, of(when, till), beside)
	if r.marks[i].class == due {
		return r.near(i, of(awaits), beside) && (denied || r.near(i, of(when), beside))
	}
	if r.marks[i].class == learn {
		return r.near(i, of(when), close) && !r.own(r.marks[i].Start)
	}
	if r.marks[i].class == openly {
		return r.near(i, of(not), tight) || r.near(i, of(when, till), tight)
	}
	return denied || coming < far && coming <= r.gap(i, of(now), beside)
}

// own tells whether the author is the subject of the verb at byte i.
func (r *reading) own(i int) bool {
	head := r.post.Text.Folded[max(0, i-12):i]
	return part.Has(head, selves)
}

// compared tells whether the past at byte i is what figures are held against: "up 9% on
// last year".
func (r *reading) compared(i int) bool {
	return part.Has(r.post.Text.Folded[max(0, i-8):i], comparisons)
}

var comparisons = []string{"on", "than", "versus", "vs", "against"}

var selves = []string{"i", "i'll", "i'd", "we", "we'll", "ich", "wir", "je", "yo", "eu", "io", "ik", "wij"}

// unknowing tells whether mark i, a word for knowing, says of others that they do not.
func (r *reading) unknowing(i int) bool {
	m := r.marks[i]
	for k := r.from(m.Start - longest); k < len(r.marks) && r.marks[k].Start < m.End; k++ {
		if r.marks[k].class == dunno && r.marks[k].End > m.Start {
			return false
		}
	}
	for k := r.from(m.Start - denial); k < len(r.marks) && r.marks[k].Start < m.Start; k++ {
		if r.marks[k].class == not && r.marks[k].sentence == m.sentence {
			return true
		}
	}
	return false
}

// weigh is the log-odds that a claim is a confidence.
func (r *reading) weigh(c claim) float64 {
	x := r.about(c.Span, c.sentence)
	z := c.shape.weight + x.secrecy + r.against(c.Span, x)
	if x.has.has(of(inside)) {
		z += insideWeight
	}
	if x.own.has(of(us)) {
		z += usWeight
	}
	return z
}

// against is the log-odds of what speaks against a confidence at span.
func (r *reading) against(span detect.Span, x context) float64 {
	z := 0.0
	for _, a := range against {
		if has := x.has; a.own && x.own.has(of(a.class)) || !a.own && has.has(of(a.class)) {
			z += a.weight
		}
	}
	if x.open && !x.notYet {
		z -= 1
	}
	if r.post.Text.Question(span.Start) {
		z -= 0.8
	}
	return z
}

// chance turns log-odds into a likelihood; words alone are never certain.
func chance(z float64) float64 { return min(0.9, 1/(1+math.Exp(-z))) }
