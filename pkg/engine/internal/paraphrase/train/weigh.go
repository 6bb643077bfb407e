package main

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

// readings returns the examples of our own out of which a detector reads a leak. Its rules
// were made on the tuning posts, so those tell nothing.
func readings(held []judged) []judged {
	return slices.DeleteFunc(slices.Clone(held), func(j judged) bool { return j.reading == 0 })
}

// weigh fits what a reading is worth beside the model, by gradient descent.
func weigh(readings []judged) (w paraphrase.Weighing) {
	const rounds, step = 4000, 0.3
	w.Reading = 1
	for range rounds {
		var down paraphrase.Weighing
		for _, j := range readings {
			v := &j.verdicts[paraphrase.Leakage]
			miss := paraphrase.Logistic(w.LogOdds(j.reading, v.logOdds))
			if v.is {
				miss--
			}
			down.Reading += miss * paraphrase.Odds(j.reading)
			down.Hearing += miss * paraphrase.Bounded(v.logOdds)
			down.Bias += miss
		}
		n := step / float64(max(1, len(readings)))
		w.Reading -= n * down.Reading
		w.Hearing -= n * down.Hearing
		w.Bias -= n * down.Bias
	}
	return w
}
