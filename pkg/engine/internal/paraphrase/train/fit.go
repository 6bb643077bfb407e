package main

import (
	"math"
	"math/rand/v2"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

// Best of a few on the tuning posts, out of fold.
const (
	epochs   = 24
	rate     = 2.0 // step of the first epoch
	slower   = 5   // epochs that halve it
	biasStep = 0.1
	shrink   = 0.04 // of the weights each epoch, times the step
)

const kinds = len(paraphrase.Kinds)

// fit trains on the examples that use allows by stochastic gradient descent, in an order
// drawn once.
func (s *set) fit(use func(*example) bool) *paraphrase.Trained {
	t := &paraphrase.Trained{Weights: make([]float64, kinds<<paraphrase.Bits)}
	var order []int
	for i := range s.examples {
		if use(&s.examples[i]) {
			order = append(order, i)
		}
	}
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // the same order each time
	for epoch := range epochs {
		step := rate / (1 + float64(epoch)/slower)
		random.Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
		for _, i := range order {
			descend(t, &s.examples[i], step)
		}
		for i := range t.Weights {
			t.Weights[i] *= 1 - shrink*step
		}
	}
	return t
}

// sums are the log-odds of each kind against none.
func sums(t *paraphrase.Trained, x *example) (z paraphrase.Sums) {
	share := paraphrase.Shares(x.features)
	z = t.Bias
	for _, f := range x.features {
		row := t.Weights[int(f.Bucket)*kinds:][:kinds]
		for k, w := range row {
			z[k] += share[f.Group] * w
		}
	}
	return z
}

// descend moves the weights toward the labels of one example.
func descend(t *paraphrase.Trained, x *example, step float64) {
	z := sums(t, x)
	miss(&z, x)
	for k, g := range z {
		t.Bias[k] -= step * g * biasStep
	}
	share := paraphrase.Shares(x.features)
	for _, f := range x.features {
		row := t.Weights[int(f.Bucket)*kinds:][:kinds]
		move := step * share[f.Group]
		for k, g := range z {
			row[k] -= move * g
		}
	}
}

// miss turns log-odds into the gradient: the chance of each kind less its label, head by
// head, and nothing for heads that do not read such posts.
func miss(z *paraphrase.Sums, x *example) {
	for i, h := range paraphrase.Heads {
		if h.Public != x.public || x.ungrieved && i == paraphrase.Grievances {
			clear(z[h.From:h.To])
			continue
		}
		greatest, labelled := 0.0, 0.0
		for _, v := range z[h.From:h.To] {
			greatest = max(greatest, v)
		}
		total := math.Exp(-greatest)
		for k, v := range z[h.From:h.To] {
			z[h.From+k] = math.Exp(v - greatest)
			total += z[h.From+k]
		}
		for k := h.From; k < h.To; k++ {
			z[k] /= total
		}
		for _, k := range x.kinds {
			if h.Has(k) {
				labelled++
			}
		}
		for _, k := range x.kinds {
			if h.Has(k) {
				z[k] -= 1 / labelled
			}
		}
	}
}
