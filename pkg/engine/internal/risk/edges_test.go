package risk_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

var categories = []earshotv1.Category{reputation, leakage, compliance}

func TestReachEdges(t *testing.T) {
	for _, tc := range []struct {
		name     string
		audience uint64
		want     float64
	}{
		{"unknown", 0, 0},
		{"one", 1, 0},
		{"last that counts nothing", 99, 0},
		{"first that counts", 100, .00096},
		{"a thousand", 999, .22222},
		{"ten thousand", 9_999, .44444},
		{"a million", 999_999, .88889},
		{"everything from three million on", 3_200_000, 1},
		{"more than there are people", math.MaxUint64, 1},
	} {
		t.Run(tc.name, func(t *testing.T) { require.InDelta(t, tc.want, risk.Reach(tc.audience), 1e-5) })
	}
}

func TestReachGrows(t *testing.T) {
	last := -1.0
	for audience := uint64(1); audience < 1<<60; audience *= 2 {
		reach := risk.Reach(audience)
		require.GreaterOrEqual(t, reach, last)
		require.True(t, reach >= 0 && reach <= 1)
		last = reach
	}
}

func TestVelocityEdges(t *testing.T) {
	for _, tc := range []struct {
		name string
		z    float64
		want float64
	}{
		{"unknown", 0, 0},
		{"below the baseline", -8, 0},
		{"endlessly below", math.Inf(-1), 0},
		{"one deviation", 1, .2212},
		{"four", 4, .6321},
		{"burst", 20, .9933},
		{"endless", math.Inf(1), 1},
		{"no number", math.NaN(), 0},
	} {
		t.Run(tc.name, func(t *testing.T) { require.InDelta(t, tc.want, risk.Velocity(tc.z), 1e-4) })
	}
}

func TestSeverityAndRecidivismEdges(t *testing.T) {
	for level, want := range map[int]float64{-1: 0, 0: 0, 1: .1, 5: 1, 6: 1, math.MaxInt: 1} {
		require.Equal(t, want, risk.Severity(level), "level %d", level)
	}
	for confirmed, want := range map[int]float64{-1: 0, 0: 0, 1: .5, 2: 1, math.MaxInt: 1} {
		require.Equal(t, want, risk.Recidivism(confirmed), "confirmed %d", confirmed)
	}
}

// TestTailGuardBorders stands on both sides of each limit of domain guide 1.6.
func TestTailGuardBorders(t *testing.T) {
	for _, tc := range []struct {
		name               string
		likelihood, impact float64
		want               earshotv1.Level
		lifted             bool
	}{
		{"grave and nearly impossible", 0, .80, low, true},
		{"a little less grave", 0, .7999, info, false},
		{"grave, likely enough for medium", .05, .80, medium, true},
		{"grave, a little less likely", .0499, .80, low, true},
		{"gravest, likely enough for high", .20, .95, high, true},
		{"gravest, a little less likely", .1999, .95, medium, false},
		{"a little less than gravest", .20, .9499, medium, false},
		{"gravest and hardly likely", .05, .95, medium, true},
		{"gravest and impossible", 0, 1, low, true},
		{"band is higher than the guard", .9, .95, critical, false},
		{"band is as high as the guard", .40, .95, high, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			level, reason := risk.Level(tc.likelihood, tc.impact)
			require.Equal(t, tc.want, level)
			require.Equal(t, tc.lifted, reason != "")
		})
	}
}

// TestScoreRounding holds the one decimal and the band that follows from it: a score is
// rounded first, so what is shown and its band never disagree.
func TestScoreRounding(t *testing.T) {
	for _, tc := range []struct {
		name               string
		likelihood, impact float64
		score              float64
		band               earshotv1.Level
	}{
		{"nothing", 0, 0, 0, info},
		{"everything", 1, 1, 100, critical},
		{"up to low", .09999, .5, 5, low},
		{"not up to low", .0989, .5, 4.9, info},
		{"up to medium", .2999, .5, 15, medium},
		{"up to high", .6999, .5, 35, high},
		{"up to critical", .5996, 1, 60, critical},
		{"not up to critical", .5994, 1, 59.9, high},
		{"half of a tenth", .1245, .1, 1.2, info},
	} {
		t.Run(tc.name, func(t *testing.T) {
			score := risk.Score(tc.likelihood, tc.impact)
			require.Equal(t, tc.score, score)
			require.Equal(t, tc.band, risk.Band(score))
		})
	}
}

func TestImpactBounds(t *testing.T) {
	for _, tc := range []struct {
		name       string
		drivers    risk.Drivers
		floor, cap float64
		want       float64
		reason     string
	}{
		{"no bounds", risk.Drivers{Severity: 1}, 0, 0, .45, ""},
		{"floor above", risk.Drivers{Severity: 1}, .85, 0, .85, "impact raised from 0.450 to the rule's floor of 0.85"},
		{"floor below", risk.Drivers{Severity: 1}, .2, 0, .45, ""},
		{"floor as high", risk.Drivers{Severity: 1}, .45, 0, .45, ""},
		{"cap below", risk.Drivers{Severity: 1}, 0, .3, .3, "impact lowered from 0.450 to the rule's cap of 0.30"},
		{"cap above", risk.Drivers{Severity: 1}, 0, .9, .45, ""},
		{"floor above the cap wins", risk.Drivers{Severity: 1}, .85, .3, .85, "impact raised from 0.450 to the rule's floor of 0.85"},
		{"every driver at its most", risk.Drivers{Severity: 1, Reach: 1, Velocity: 1, Role: 1, Channel: 1, Recidivism: 1, Regime: 1}, 0, 0, 1, ""},
		{"none", risk.Drivers{}, 0, 0, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := risk.Judge(&risk.Input{
				Category: leakage, Entity: 1, Evidence: []risk.Evidence{{"a", .1}}, Drivers: tc.drivers, Floor: tc.floor, Cap: tc.cap,
			})
			require.InDelta(t, tc.want, r.Impact, 1e-12)
			if tc.reason == "" {
				require.NotContains(t, r.Reasons, "impact raised")
				require.NotContains(t, r.Reasons, "impact lowered")
				return
			}
			require.Contains(t, r.Reasons, tc.reason)
		})
	}
}

// TestEveryDriverCounts raises one driver after the other: a category's impact rises by
// exactly the driver's share, or the driver has none.
func TestEveryDriverCounts(t *testing.T) {
	raise := map[string]func(d *risk.Drivers){
		"severity": func(d *risk.Drivers) { d.Severity = 1 }, "reach": func(d *risk.Drivers) { d.Reach = 1 },
		"velocity": func(d *risk.Drivers) { d.Velocity = 1 }, "author role": func(d *risk.Drivers) { d.Role = 1 },
		"channel": func(d *risk.Drivers) { d.Channel = 1 }, "recidivism": func(d *risk.Drivers) { d.Recidivism = 1 },
		"regime": func(d *risk.Drivers) { d.Regime = 1 },
	}
	for _, c := range categories {
		total := 0.0
		for name, up := range raise {
			in := risk.Input{Category: c, Entity: 1, Evidence: []risk.Evidence{{"a", .5}}}
			up(&in.Drivers)
			r := risk.Judge(&in)
			total += r.Impact
			i := slices.IndexFunc(r.ImpactShares, func(s risk.Share) bool { return s.Factor == name })
			if i < 0 {
				require.Zero(t, r.Impact, "%v %s", c, name)
				continue
			}
			require.InDelta(t, r.ImpactShares[i].Weight, r.Impact, 1e-12, "%v %s", c, name)
		}
		require.InDelta(t, 1, total, 1e-12, "the weights of a category add up to 1")
	}
}

func TestGuards(t *testing.T) {
	for _, tc := range []struct {
		name   string
		guards []risk.Guard
		want   float64 // likelihood
	}{
		{"none", nil, 1 - .99*.2},
		{"of the whole category", []risk.Guard{{"g", .5, -1}}, .5 * (1 - .99*.2)},
		{"two of them multiply", []risk.Guard{{"g", .5, -1}, {"h", .5, -1}}, .25 * (1 - .99*.2)},
		{"of one signal", []risk.Guard{{"g", .5, 0}}, 1 - .99*.6},
		{"of a signal that is not there", []risk.Guard{{"g", .5, 7}}, 1 - .99*.2},
		{"of the signal and the whole", []risk.Guard{{"g", .5, 0}, {"h", .5, -1}}, .5 * (1 - .99*.6)},
		{"full strength leaves the leak", []risk.Guard{{"g", 1, 0}}, .01},
		{"full strength of the whole leaves nothing", []risk.Guard{{"g", 1, -1}}, 0},
		{"no strength", []risk.Guard{{"g", 0, -1}}, 1 - .99*.2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := risk.Judge(&risk.Input{Category: leakage, Entity: 1, Evidence: []risk.Evidence{{"a", .8}}, Guards: tc.guards})
			require.InDelta(t, tc.want, r.Likelihood, 1e-12)
			require.Len(t, r.Without, 1+len(tc.guards))
		})
	}
}

// draw is a random input of a category.
func draw(random *rand.Rand) *risk.Input {
	in := &risk.Input{
		Category: categories[random.IntN(len(categories))], Entity: random.Float64(),
		Drivers: risk.Drivers{
			Severity: random.Float64(), Reach: random.Float64(), Velocity: random.Float64(), Role: random.Float64(), Channel: random.Float64(),
			Recidivism: random.Float64(), Regime: random.Float64(),
		},
	}
	for range 1 + random.IntN(5) {
		in.Evidence = append(in.Evidence, risk.Evidence{Family: string(rune('a' + random.IntN(3))), P: random.Float64()})
	}
	for range random.IntN(3) {
		in.Guards = append(in.Guards, risk.Guard{Name: "g", Strength: random.Float64(), Evidence: random.IntN(len(in.Evidence)+1) - 1})
	}
	return in
}

// TestJudgeProperties holds what must be true of every input.
func TestJudgeProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		in := draw(random)
		r := risk.Judge(in)
		for _, x := range []float64{r.Likelihood, r.Impact, r.Score / 100} {
			require.True(t, x >= 0 && x <= 1, "%+v", in)
		}
		require.Equal(t, risk.Judge(in), r, "the same input gives the same bits")
		sum := 0.0
		for _, s := range r.LikelihoodShares {
			require.GreaterOrEqual(t, s.Share, 0.0)
			sum += s.Share
		}
		require.InDelta(t, 1, sum, 1e-9, "shares of the likelihood add up")
		sum = 0
		for _, s := range r.ImpactShares {
			sum += s.Share
		}
		require.InDelta(t, r.Impact, sum, 1e-9, "shares of the impact add up")
		for _, w := range r.Without {
			if w.Name == "g" {
				require.GreaterOrEqual(t, w.Score, r.Score, "a guard only lowers")
			} else {
				require.LessOrEqual(t, w.Score, r.Score, "evidence only raises")
			}
		}
	}
}

// TestMoreEvidenceNeverLowers adds a signal to random inputs, of a known family and of a
// new one.
func TestMoreEvidenceNeverLowers(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for range 2000 {
		in := draw(random)
		before := risk.Judge(in).Likelihood
		for _, family := range []string{"a", "new"} {
			more := *in
			more.Evidence = append(slices.Clone(in.Evidence), risk.Evidence{Family: family, P: random.Float64()})
			require.GreaterOrEqual(t, risk.Judge(&more).Likelihood, before-1e-12)
		}
	}
}

// TestFamilyIsBetweenMaximumAndNoisyOr holds the discount of signals that share a cause.
func TestFamilyIsBetweenMaximumAndNoisyOr(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 2000 {
		ps := make([]float64, 1+random.IntN(6))
		strongest, none := 0.0, 1.0
		for i := range ps {
			ps[i] = random.Float64()
			strongest, none = max(strongest, ps[i]), none*(1-ps[i])
		}
		got := risk.Family(ps)
		require.GreaterOrEqual(t, got, strongest-1e-12)
		require.LessOrEqual(t, got, 1-none+1e-12)
		random.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
		require.InDelta(t, got, risk.Family(ps), 1e-12, "order does not matter")
	}
}

func TestOutcomeBorders(t *testing.T) {
	limits := risk.Limits{Accept: 15, Review: 35, Escalate: 60}
	flat := risk.Limits{Accept: 20, Review: 20, Escalate: 20}
	for _, tc := range []struct {
		name   string
		limits risk.Limits
		score  float64
		want   earshotv1.Outcome
	}{
		{"nothing", limits, 0, earshotv1.Outcome_OUTCOME_ACCEPT},
		{"below the first", limits, 14.9, earshotv1.Outcome_OUTCOME_ACCEPT},
		{"on the first", limits, 15, earshotv1.Outcome_OUTCOME_MONITOR},
		{"below the second", limits, 34.9, earshotv1.Outcome_OUTCOME_MONITOR},
		{"on the second", limits, 35, earshotv1.Outcome_OUTCOME_REVIEW},
		{"below the third", limits, 59.9, earshotv1.Outcome_OUTCOME_REVIEW},
		{"on the third", limits, 60, earshotv1.Outcome_OUTCOME_ESCALATE},
		{"equal limits: the gravest", flat, 20, earshotv1.Outcome_OUTCOME_ESCALATE},
		{"equal limits: below", flat, 19.9, earshotv1.Outcome_OUTCOME_ACCEPT},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, tc.limits.Outcome(tc.score)) })
	}
}
