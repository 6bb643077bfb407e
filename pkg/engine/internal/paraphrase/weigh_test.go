package paraphrase_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

func TestWeigh(t *testing.T) {
	heard := func(logOdds float64) *paraphrase.Verdict { return &paraphrase.Verdict{LogOdds: logOdds} }
	for _, tc := range []struct {
		name                    string
		weighing                paraphrase.Weighing
		likelihood, heard, want float64
	}{
		{"the detector alone", paraphrase.Weighing{Reading: 1}, 0.8, 3, 0.8},
		{"the model alone", paraphrase.Weighing{Hearing: 1}, 0.8, 0, 0.5},
		{"both agree", paraphrase.Weighing{Reading: 1, Hearing: 1}, 0.75, math.Log(3), 0.9},
		{"the model doubts", paraphrase.Weighing{Reading: 1, Hearing: 1}, 0.75, -math.Log(9), 0.25},
		{"bias", paraphrase.Weighing{Bias: -math.Log(3)}, 0.75, 9, 0.25},
		{"a certain detector counts as log-odds of four", paraphrase.Weighing{Reading: 1}, 1, 0, 1 / (1 + math.Exp(-4))},
		{"what the model does not know at all counts no more", paraphrase.Weighing{Hearing: 1}, 0.8, -40, 1 / (1 + math.Exp(4))},
		{"an impossible one too", paraphrase.Weighing{Reading: 1}, 0, 0, 1 / (1 + math.Exp(4))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := (&paraphrase.Trained{Weights: make([]float64, len(paraphrase.Kinds)<<paraphrase.Bits), Weighing: tc.weighing}).Model("1")
			require.InDelta(t, tc.want, m.Weigh(tc.likelihood, heard(tc.heard)), 1e-9)
		})
	}
}
