package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

// judged is a labelled post as a model sees it that never saw its brand.
type judged struct {
	*example
	fold     int
	verdicts [len(paraphrase.Heads)]verdict
}

type verdict struct {
	logOdds float64 // of any kind of the head, before calibration
	kind    int     // the likeliest
	is      bool    // the label has a kind of the head
}

const folds = 6

// heldOut judges each labelled post by a model fitted without its brand.
func (s *set) heldOut() []judged {
	fold := s.folds()
	var out []judged
	for n := range folds {
		t := s.fit(func(x *example) bool { return x.brand == "" || fold[x.brand] != n })
		for i := range s.examples {
			if x := &s.examples[i]; x.brand != "" && fold[x.brand] == n {
				out = append(out, judge(t, x, n))
			}
		}
	}
	return out
}

func judge(t *paraphrase.Trained, x *example, fold int) judged {
	j, z := judged{example: x, fold: fold}, sums(t, x)
	for i := range paraphrase.Heads {
		h := &paraphrase.Heads[i]
		v := &j.verdicts[i]
		v.logOdds, v.kind = z.Any(h)
		v.is = x.is(h)
	}
	return j
}

// is tells whether the label has a kind of the head.
func (x *example) is(h *paraphrase.Head) bool { return slices.ContainsFunc(x.kinds, h.Has) }

// of returns the posts that tell how well a head does: those of the tuning set, as examples
// of our own are half risky, and of scams those with a lure.
func of(held []judged, head int) []judged {
	public := paraphrase.Heads[head].Public
	return slices.DeleteFunc(slices.Clone(held), func(j judged) bool {
		return j.public != public || head == paraphrase.Scams && !j.lured || head != paraphrase.Scams && j.line == nil
	})
}

// folds deals the brands out.
func (s *set) folds() map[string]int {
	fold := map[string]int{}
	var brands []string
	for i := range s.examples {
		b := s.examples[i].brand
		if _, known := fold[b]; b != "" && !known {
			fold[b] = 0
			brands = append(brands, b)
		}
	}
	slices.SortFunc(brands, cmp.Compare)
	random := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // the same folds each time
	random.Shuffle(len(brands), func(i, k int) { brands[i], brands[k] = brands[k], brands[i] })
	for i, b := range brands {
		fold[b] = i % folds
	}
	return fold
}

// violationWeight is what an insider's violation weighs in the calibration against a harmless post.
// More than one, as a miss costs more than a look. Best of .8, 1, 1.3, 1.8 on our own benches.
const violationWeight = 1.3

// weight is what a post with a kind of the head weighs against one without. The public is
// heard as often as it means it.
func weight(head int) float64 {
	if paraphrase.Heads[head].Public {
		return 1
	}
	return violationWeight
}

// train fits to everything and calibrates on held, by Platt's method.
func (s *set) train(held []judged) *paraphrase.Trained {
	t := s.fitAll()
	for i := range t.Slope {
		t.Slope[i], t.Intercept[i] = platt(of(held, i), i)
	}
	t.Weighing = weigh(readings(held))
	return t
}

// fitAll fits to everything.
func (s *set) fitAll() *paraphrase.Trained {
	t := s.fit(func(*example) bool { return true })
	copy(t.Data[:], s.digest.Sum(nil))
	return t
}

// platt fits slope and intercept of the log-odds by Newton's method; posts that break a
// rule count as the rules leave them. The targets are drawn in as Platt (1999) says.
func platt(held []judged, head int) (slope, intercept float64) {
	positives, negatives := 0.0, 0.0
	for _, j := range held {
		if j.verdicts[head].is {
			positives += weight(head)
		} else {
			negatives++
		}
	}
	slope, intercept = 1, 0
	for range 50 {
		var ga, gb, haa, hab, hbb float64
		for _, j := range held {
			v := j.verdicts[head]
			target, counts := 1/(negatives+2), 1.0
			if v.is {
				target, counts = (positives+1)/(positives+2), weight(head)
			}
			p := paraphrase.Logistic(slope*v.logOdds + intercept)
			d, h := counts*(p-target), counts*p*(1-p)
			ga, gb = ga+d*v.logOdds, gb+d
			haa, hab, hbb = haa+h*v.logOdds*v.logOdds, hab+h*v.logOdds, hbb+h
		}
		haa, hbb = haa+1e-6, hbb+1e-6
		det := haa*hbb - hab*hab
		down, across := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		// Where posts are told apart too well, the whole step would overshoot.
		short := min(1, 1/max(math.Abs(down), math.Abs(across)))
		slope -= short * down
		intercept -= short * across
	}
	return slope, intercept
}
