package paraphrase

import "math"

// Reads tells whether the detectors of a family read what words mean, such as a plan that is
// not announced, rather than find a value. The model weighs what they say. It does not know
// enough of the terse talk of clinics to weigh what they say of health.
func Reads(family string) bool { return family == "leak.insider" }

// Weighing says what such a reading is worth beside the model, which reads the post as a
// whole: the log-odds that a reviewer agrees are Reading*(log-odds of the detector) +
// Hearing*(log-odds of the model) + Bias (stacking, Wolpert 1992), fitted to posts that the
// model was not fitted to.
type Weighing struct{ Reading, Hearing, Bias float64 }

// most bounds log-odds on either side: a detector may be certain, and the model sure of
// nothing where it knows no word.
const most = 4

// LogOdds of what a detector read at a likelihood from 0 to 1, in a post in which the model
// hears some kind of leakage with the log-odds heard.
func (w Weighing) LogOdds(likelihood, heard float64) float64 {
	return w.Reading*Odds(likelihood) + w.Hearing*Bounded(heard) + w.Bias
}

// Odds are the log-odds of a likelihood from 0 to 1, bounded.
func Odds(likelihood float64) float64 { return Bounded(math.Log(likelihood / (1 - likelihood))) }

// Bounded keeps log-odds between -most and most.
func Bounded(logOdds float64) float64 { return max(-most, min(most, logOdds)) }

// Weigh is the likelihood of what a detector read in a post that v, of the leakage head, is
// about.
func (m *Model) Weigh(likelihood float64, v *Verdict) float64 {
	return Logistic(m.weighing.LogOdds(likelihood, v.LogOdds))
}
