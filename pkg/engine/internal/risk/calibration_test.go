package risk_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
)

// calibrated judges one signal of probability p under c.
func calibrated(c risk.Calibration, p float64, guards ...risk.Guard) risk.Result {
	return risk.Judge(&risk.Input{
		Category: compliance, Entity: 1, Evidence: []risk.Evidence{{"a", p}}, Guards: guards,
		Drivers: risk.Drivers{Severity: 1}, Calibration: c,
	})
}

func TestCalibration(t *testing.T) {
	// combined is the signal that, with the leak of .01, adds up to likelihood l.
	combined := func(l float64) float64 { return 1 - (1-l)/.99 }
	twice := risk.Calibration{Below: 2, Above: 2}
	for _, tc := range []struct {
		name        string
		calibration risk.Calibration
		from, want  float64
	}{
		{"none", risk.Calibration{}, .75, .75},
		{"slopes of one", risk.Calibration{Below: 1, Above: 1}, .75, .75},
		{"one half stays", twice, .5, .5},
		{"three to one squared is nine to one", twice, .75, .9},
		{"one to three squared is one to nine", twice, .25, .1},
		{"below alone", risk.Calibration{Below: 2, Above: 1}, .75, .75},
		{"above alone", risk.Calibration{Below: 1, Above: 2}, .25, .25},
		{"certain", twice, 1, 1},
		{"no less than the leak", twice, .02, .01},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.InDelta(t, tc.want, calibrated(tc.calibration, combined(tc.from)).Likelihood, 1e-9)
		})
	}
}

// TestCalibrationKeepsOrder holds that no post overtakes another, none crosses one half,
// and every value is a probability.
func TestCalibrationKeepsOrder(t *testing.T) {
	for _, c := range []risk.Calibration{{Below: .3, Above: .4}, {Below: 1.8, Above: 2.1}, {Below: 9, Above: 50}} {
		last := 0.0
		for p := range 1001 {
			plain := calibrated(risk.Calibration{}, float64(p)/1000).Likelihood
			l := calibrated(c, float64(p)/1000).Likelihood
			require.False(t, math.IsNaN(l) || l > 1, "%v at %v: %v", c, plain, l)
			require.GreaterOrEqual(t, l+1e-12, last, "%v at %v", c, plain)
			require.Equal(t, plain >= .5, l >= .5, "%v at %v: %v", c, plain, l)
			last = l
		}
	}
}

func TestCalibrationExplains(t *testing.T) {
	c := risk.Calibration{Below: 2, Above: 2}
	r := calibrated(c, .75)
	require.Contains(t, r.Reasons, "likelihood calibrated from 0.75 to 0.90")
	require.Equal(t, risk.Score(r.Likelihood, r.Impact), r.Score)
	require.Empty(t, calibrated(risk.Calibration{Below: 1, Above: 1}, .75).Reasons)

	guarded := calibrated(c, .75, risk.Guard{Name: "quoted", Strength: .5, Evidence: -1})
	require.Less(t, guarded.Likelihood, .5, "a guard counts before, so that it can still clear a post")
	require.Equal(t, "quoted", guarded.Without[1].Name)
	require.Equal(t, r.Score, guarded.Without[1].Score, "what would be without the guard is calibrated as well")
	cleared := calibrated(c, .75, risk.Guard{Name: "protected", Strength: 1, Evidence: -1})
	require.Zero(t, cleared.Likelihood)
}
