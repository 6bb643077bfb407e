// Package risk turns evidence into likelihood, impact, score and level, exactly as
// domain guide section 1 says.
//
// It knows numbers and names only, no text and no rules. Guarantee: the same input
// gives the same bits, and contributions add up to what they explain.
package risk

import (
	"fmt"
	"math"
	"slices"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// rho is how much a second signal of the same family adds: 0 is the maximum alone, 1 is
// noisy-or (domain guide 1.5).
const rho = 0.3

// Likely is the likelihood from which a reviewer should see a finding or a category.
const Likely = 0.5

// LowReachCap is the greatest impact of a single complaint (domain guide 1.4).
const LowReachCap = 0.30

// Leak returns lambda, the likelihood of a category that no rule speaks about: the base
// rate of conditions that nobody wrote a rule for (domain guide 1.5).
func Leak(c earshotv1.Category) float64 {
	if c == earshotv1.Category_CATEGORY_REPUTATION {
		return 0.02
	}
	return 0.01
}

// Evidence is one signal: the probability that its rule is truly met.
type Evidence struct {
	Family string
	P      float64
}

// Guard lowers the likelihood by its strength in 0..1.
type Guard struct {
	Name     string
	Strength float64
	// Evidence is the index of the one signal that it lowers; -1 lowers all.
	Evidence int
}

// Input is everything that a category's judgement rests on.
type Input struct {
	Category earshotv1.Category
	Evidence []Evidence
	Guards   []Guard
	// Entity is the probability in 0..1 that the post is about the brand: a condition of
	// every other, so a factor (domain guide 2.2).
	Entity float64
	// Drivers are the impact's factors, Floor and Cap its bounds; a Cap of 0 is none.
	Drivers    Drivers
	Floor, Cap float64
	// Calibration is what reviewers made of such sums so far; the zero value changes nothing.
	Calibration Calibration
}

// Share is one factor's part: Value and Weight as they went in, Share as it counts.
type Share struct {
	Factor               string
	Value, Weight, Share float64
}

// Without is the result had one family or guard not been there.
type Without struct {
	Name  string
	Score float64
	Level earshotv1.Level
}

// Result is the judgement of a category.
type Result struct {
	Likelihood, Impact float64 // 0 to 1
	Score              float64 // 0 to 100, one decimal
	Level              earshotv1.Level
	// Reasons say in words what bounded the impact or lifted the level.
	Reasons          []string
	LikelihoodShares []Share
	ImpactShares     []Share
	Without          []Without
}

// Judge combines the evidence of a category. Evidence of one family counts as one.
func Judge(in *Input) Result {
	var families []family
	if len(in.Evidence) > 0 {
		families = in.families("", -1)
	}
	combined := in.combined(families, -1)
	r := Result{Likelihood: in.Calibration.apply(combined, Leak(in.Category))}
	r.Impact, r.Reasons = in.impact()
	r.Score = Score(r.Likelihood, r.Impact)
	var reason string
	if r.Level, reason = Level(r.Likelihood, r.Impact); reason != "" {
		r.Reasons = append(r.Reasons, reason)
	}
	if len(in.Evidence) == 0 {
		return r
	}
	if math.Abs(r.Likelihood-combined) >= 0.005 {
		r.Reasons = append(r.Reasons, fmt.Sprintf("likelihood calibrated from %.2f to %.2f", combined, r.Likelihood))
	}
	r.LikelihoodShares = in.likelihoodShares(families)
	r.ImpactShares = in.Drivers.shares(in.Category)
	r.Without = in.without(families, r.Impact)
	return r
}

type family struct {
	name string
	p    float64
}

// families combines the signals of each family, without the family named drop and
// without the guard numbered unguarded.
func (in *Input) families(drop string, unguarded int) []family {
	out := make([]family, 0, len(in.Evidence))
	var space [8]float64
	for i, e := range in.Evidence {
		if e.Family == drop || slices.ContainsFunc(out, func(f family) bool { return f.name == e.Family }) {
			continue
		}
		ps := space[:0]
		for k, other := range in.Evidence[i:] {
			if other.Family == e.Family {
				ps = append(ps, other.P*in.factor(i+k, unguarded))
			}
		}
		out = append(out, family{e.Family, Family(ps)})
	}
	return out
}

// factor is what the guards leave of a signal, or with -1 of the whole category.
func (in *Input) factor(evidence, unguarded int) float64 {
	left := 1.0
	for i, g := range in.Guards {
		if g.Evidence == evidence && i != unguarded {
			left *= 1 - g.Strength
		}
	}
	return left
}

// Family combines signals that share a cause: the strongest, and a discounted part of
// what the others would add (domain guide 1.5, step 2).
func Family(ps []float64) float64 {
	strongest, rest, skipped := 0.0, 1.0, false
	for _, p := range ps {
		strongest = max(strongest, p)
	}
	for _, p := range ps {
		if p == strongest && !skipped {
			skipped = true
			continue
		}
		rest *= 1 - p
	}
	return strongest + (1-strongest)*rho*(1-rest)
}

func (in *Input) likelihood(families []family, unguarded int) float64 {
	return in.Calibration.apply(in.combined(families, unguarded), Leak(in.Category))
}

// combined is noisy-or with leak over families, lowered by the doubt about the brand,
// but never below the leak, which needs no evidence; then by the guards of the whole
// category.
func (in *Input) combined(families []family, unguarded int) float64 {
	leak := Leak(in.Category)
	none := 1 - leak
	for _, f := range families {
		none *= 1 - f.p
	}
	return max(leak, (1-none)*in.Entity) * in.factor(-1, unguarded)
}

func (in *Input) likelihoodShares(families []family) []Share {
	total := surprisal(Leak(in.Category))
	for _, f := range families {
		total += surprisal(f.p)
	}
	shares := make([]Share, 0, len(families)+1)
	for _, f := range families {
		shares = append(shares, Share{Factor: f.name, Value: f.p, Share: surprisal(f.p) / total})
	}
	return append(shares, Share{Factor: "leak", Value: Leak(in.Category), Share: surprisal(Leak(in.Category)) / total})
}

// surprisal bounds p below 1, so that a certain signal has a finite share.
func surprisal(p float64) float64 { return -math.Log(1 - min(p, 1-1e-9)) }

// without drops each family and each guard in turn (domain guide 1.8).
func (in *Input) without(families []family, impact float64) []Without {
	out := make([]Without, 0, len(families)+len(in.Guards))
	add := func(name string, likelihood float64) {
		level, _ := Level(likelihood, impact)
		out = append(out, Without{name, Score(likelihood, impact), level})
	}
	for _, f := range families {
		add(f.name, in.likelihood(in.families(f.name, -1), -1))
	}
	for i, g := range in.Guards {
		add(g.Name, in.likelihood(in.families("", i), i))
	}
	return out
}

// impact adds up the drivers within floor and cap.
func (in *Input) impact() (float64, []string) {
	sum := in.Drivers.sum(in.Category)
	switch {
	case in.Floor > sum:
		return in.Floor, []string{fmt.Sprintf("impact raised from %.3f to the rule's floor of %.2f", sum, in.Floor)}
	case in.Cap > 0 && in.Cap < sum:
		return in.Cap, []string{fmt.Sprintf("impact lowered from %.3f to the rule's cap of %.2f", sum, in.Cap)}
	}
	return min(max(sum, 0), 1), nil
}

// Score is 100 x likelihood x impact with one decimal.
func Score(likelihood, impact float64) float64 { return math.Round(1000*likelihood*impact) / 10 }

// Level is the band of the score, lifted where a rare event would be grave: the tail
// guard of domain guide 1.6, named in the reason.
func Level(likelihood, impact float64) (earshotv1.Level, string) {
	band := Band(Score(likelihood, impact))
	least := earshotv1.Level_LEVEL_INFO
	switch {
	case impact >= 0.95 && likelihood >= 0.20:
		least = earshotv1.Level_LEVEL_HIGH
	case impact >= 0.80 && likelihood >= 0.05:
		least = earshotv1.Level_LEVEL_MEDIUM
	case impact >= 0.80:
		least = earshotv1.Level_LEVEL_LOW
	}
	if least <= band {
		return band, ""
	}
	return least, fmt.Sprintf("tail guard: unlikely (%.2f) but grave (impact %.2f)", likelihood, impact)
}

// Band is the band of a score from 0 to 100.
func Band(score float64) earshotv1.Level {
	switch {
	case score < 5:
		return earshotv1.Level_LEVEL_INFO
	case score < 15:
		return earshotv1.Level_LEVEL_LOW
	case score < 35:
		return earshotv1.Level_LEVEL_MEDIUM
	case score < 60:
		return earshotv1.Level_LEVEL_HIGH
	}
	return earshotv1.Level_LEVEL_CRITICAL
}

// Limits are a brand's tolerance for one category; scores from 0 to 100.
type Limits struct {
	Accept   float64 `yaml:"accept" json:"accept"`
	Review   float64 `yaml:"review" json:"review"`
	Escalate float64 `yaml:"escalate" json:"escalate"`
}

// Outcome is what the limits ask for.
func (l Limits) Outcome(score float64) earshotv1.Outcome {
	switch {
	case score >= l.Escalate:
		return earshotv1.Outcome_OUTCOME_ESCALATE
	case score >= l.Review:
		return earshotv1.Outcome_OUTCOME_REVIEW
	case score >= l.Accept:
		return earshotv1.Outcome_OUTCOME_MONITOR
	}
	return earshotv1.Outcome_OUTCOME_ACCEPT
}
