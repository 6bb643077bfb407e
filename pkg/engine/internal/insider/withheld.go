package insider

import (
	"bytes"
	"math/bits"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

// hints are classes of which a telling post holds some, even in riddles.
var hints = of(amount, number, name, product, client, org, inside, metric, company, release, does, win, jobs, site, deal, trial, us, period, stock, fresh, cut)

// business are the hints of which a riddle needs one: names and numbers alone are about
// anything.
var business = of(product, client, org, inside, metric, release, jobs, deal, distress, trial, us, period, stock, fresh, price, versus)

// topics tell what a riddle is about: the first whose classes it holds most of; plans
// where it holds none of any.
var topics = []struct {
	classes set
	shape   shape
}{
	{of(product, release, fresh, site, cut, price, open, jobs), riddle("roadmap", "not-to-be-told", 4, lawCite)},
	{of(metric, period, direction, versus, deal, stock, chief, distress, trial), riddle("financials", "figures-not-to-be-told", 5, marketCite)},
	{of(client, org, win, start), riddle("customer", "customer-not-to-be-told", 4, lawCite)},
}

// riddle is the claim of a post that says that it must not be told, without words that
// tell what it is.
func riddle(kind, rule string, severity int, cite string) shape {
	return shape{kind: kind, rule: rule, title: "Told although not public", severity: severity, cite: cite, why: "The author says that it is not public yet", weight: -2.1}
}

// hintWeight is the log-odds of each class of hints in a riddle; a prior.
const hintWeight = 0.2

// withheld reports the first place where the author says that something is not public
// yet, if the sentences around tell something.
func (r *reading) withheld(bias float64, out []detect.Finding) []detect.Finding {
	for i, m := range r.marks {
		if m.class != secret && (!of(m.class).has(of(pub, openly, due, learn)) || !r.notYet(i)) && (m.class != ignorant || !r.unknowing(i)) {
			continue
		}
		x := r.about(m.Span, m.sentence)
		n := bits.OnesCount64(uint64(x.has & hints))
		if !x.has.has(business) || !x.notYet && n < 2 || m.class == ignorant && n < 3 {
			return out
		}
		s := topicOf(x.has)
		z := s.weight + x.secrecy + hintWeight*float64(min(n, 5)) + r.against(m.Span, x) + bias
		if z < least {
			return out
		}
		c := claim{shape: s, Span: r.telling(i), sentence: m.sentence}
		return append(out, c.finding(chance(z)))
	}
	return out
}

func topicOf(has set) *shape {
	best, most := &topics[0].shape, 0
	for i := range topics {
		if n := bits.OnesCount64(uint64(has & topics[i].classes)); n > most {
			best, most = &topics[i].shape, n
		}
	}
	return best
}

// telling is the sentence that holds most hints, of that of mark i and the two before it.
func (r *reading) telling(i int) detect.Span {
	best, most := r.sentence(r.marks[i].Start), 0
	last := r.marks[i].sentence
	for k := r.from(r.marks[i].Start - around/2); k < len(r.marks) && r.marks[k].sentence <= last; {
		marks := r.sentenceAt(k)
		k += len(marks)
		if n := bits.OnesCount64(uint64(classesOf(marks) & hints)); marks[0].sentence >= last-2 && n > most {
			best, most = r.sentence(marks[0].Start), n
		}
	}
	return best
}

// sentence is the sentence around byte i, at most reach bytes to either side.
func (r *reading) sentence(i int) detect.Span {
	text := r.post.Text.Clean
	lo, hi := max(0, i-reach), min(len(text), i+reach)
	const ends = ".!?\n"
	if k := bytes.LastIndexAny(text[lo:i], ends); k >= 0 {
		lo += k + 1
	}
	if k := bytes.IndexAny(text[i:hi], ends); k >= 0 {
		hi = i + k
	}
	for lo < i && (text[lo] == ' ' || text[lo]&0xC0 == 0x80) {
		lo++
	}
	for hi < len(text) && text[hi]&0xC0 == 0x80 {
		hi++
	}
	return detect.Span{Start: lo, End: max(hi, lo+1)}
}
