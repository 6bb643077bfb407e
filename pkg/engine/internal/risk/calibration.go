package risk

import "math"

// Calibration maps a combined likelihood to the share of such posts that reviewers
// confirmed (domain guide 1.5, step 6). Platt's method with a slope for either side of one
// half and no intercept: log-odds are multiplied, so one half, where a reviewer is asked,
// stays one half, and the order of posts stays as it is.
// Source: Platt, "Probabilistic outputs for support vector machines" (1999).
type Calibration struct {
	// Below and Above are the slopes on either side of one half, more than 0.
	Below, Above float64
}

// apply calibrates a likelihood from 0 to 1. Up to leak no evidence is left, and it stays;
// more evidence is never worth less than none.
func (c Calibration) apply(p, leak float64) float64 {
	if c == (Calibration{}) || p <= leak {
		return p
	}
	slope := c.Below
	if p > 0.5 {
		slope = c.Above
	}
	odds := math.Pow(p/(1-p), slope)
	if math.IsInf(odds, 1) {
		return 1
	}
	return max(leak, odds/(1+odds))
}
