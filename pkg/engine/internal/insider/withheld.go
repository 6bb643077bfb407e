package insider

import (
	"math/bits"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

// hints are classes of which a telling post holds some, even in riddles.
var hints = of(amount, number, name, product, client, org, inside, metric, company, release, win, jobs, site, deal, trial)

// something is the claim of a post that says that it must not be told, without words that
// tell what it is.
var something = shape{
	kind: "roadmap", rule: "not-to-be-told", title: "Told although not public", severity: 4, cite: lawCite,
	why: "The author says that it is not public yet",
}

// withheldWeight is the log-odds of such a post before its secrecy; a prior.
const withheldWeight = -2.2

// withheld reports the first place where the author says that something is not public
// yet, if the sentences around tell something.
func (r *reading) withheld(bias float64, out []detect.Finding) []detect.Finding {
	for i, m := range r.marks {
		if m.class != secret && (!of(m.class).has(of(pub, openly, due)) || !r.notYet(i)) {
			continue
		}
		x := r.about(m.Span, m.sentence)
		n := bits.OnesCount64(uint64(x.has & hints))
		if n < 2 || m.class == secret && !x.notYet && n < 3 {
			return out
		}
		z := withheldWeight + x.secrecy + 0.2*float64(min(n, 4)) + r.against(m.Span, x) + bias
		if z < least {
			return out
		}
		c := claim{shape: &something, Span: r.told(i), sentence: m.sentence}
		return append(out, c.finding(chance(z)))
	}
	return out
}

// told is the stretch of hints next to mark i: in its sentence, else in the one before.
func (r *reading) told(i int) detect.Span {
	span, found := r.marks[i].Span, false
	for k := r.from(r.marks[i].Start - around/2); k < len(r.marks) && r.marks[k].sentence <= r.marks[i].sentence; k++ {
		m := r.marks[k]
		if m.sentence < r.marks[i].sentence-1 || !of(m.class).has(hints) {
			continue
		}
		if !found {
			span, found = m.Span, true
		}
		if m.End-span.Start <= reach {
			span.End = max(span.End, m.End)
		}
	}
	return span
}
