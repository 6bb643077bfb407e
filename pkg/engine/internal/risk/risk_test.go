package risk_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const (
	reputation = earshotv1.Category_CATEGORY_REPUTATION
	leakage    = earshotv1.Category_CATEGORY_LEAKAGE
	compliance = earshotv1.Category_CATEGORY_COMPLIANCE

	info     = earshotv1.Level_LEVEL_INFO
	low      = earshotv1.Level_LEVEL_LOW
	medium   = earshotv1.Level_LEVEL_MEDIUM
	high     = earshotv1.Level_LEVEL_HIGH
	critical = earshotv1.Level_LEVEL_CRITICAL
)

// leak is worked example 1 of domain guide 1.9.
func leak() *risk.Input {
	return &risk.Input{
		Category: leakage, Entity: 1, Floor: 0.85,
		Evidence: []risk.Evidence{{"secret", .92}, {"marking", .55}, {"codename", .40}},
		Drivers:  risk.Drivers{Severity: 1, Role: .8, Reach: risk.Reach(2300), Velocity: .1, Channel: 1, Regime: .3},
	}
}

// promise is worked example 4.
func promise() *risk.Input {
	return &risk.Input{
		Category: compliance, Entity: 1,
		Evidence: []risk.Evidence{{"promissory_phrase", .90}, {"promissory_phrase", .80}, {"firm_identification", .50}},
		Drivers: risk.Drivers{
			Severity: risk.Severity(5), Role: 1, Reach: risk.Reach(1900), Recidivism: risk.Recidivism(1), Channel: .8, Velocity: .05,
		},
	}
}

func TestWorkedExamples(t *testing.T) {
	for _, tc := range []struct {
		name               string
		in                 *risk.Input
		likelihood, impact float64
		score              float64
		level              earshotv1.Level
	}{
		{"1 leaked key of an employee", leak(), .979, .85, 83.2, critical},
		{"1 without the floor", func() *risk.Input { in := leak(); in.Floor = 0; return in }(), .979, .740, 72.5, critical},
		{"3 safety allegation by a journalist", &risk.Input{
			Category: reputation, Entity: 1, Evidence: []risk.Evidence{{"classifier", .74}, {"corroboration", .35}},
			Drivers: risk.Drivers{Severity: risk.Severity(5), Reach: risk.Reach(410_000), Velocity: risk.Velocity(6), Role: .9, Channel: .5},
		}, .834, .856, 71.4, critical},
		{"4 promise of a registered representative", promise(), .962, .775, 74.6, critical},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := risk.Judge(tc.in)
			require.InDelta(t, tc.likelihood, r.Likelihood, .0006)
			require.InDelta(t, tc.impact, r.Impact, .0006)
			require.InDelta(t, tc.score, r.Score, .05)
			require.Equal(t, tc.level, r.Level)
		})
	}
}

func TestWorkedExampleComplaint(t *testing.T) {
	in := risk.Input{
		Category: reputation,
		Drivers:  risk.Drivers{Severity: risk.Severity(1), Reach: risk.Reach(180), Role: .1, Channel: .5},
	}
	impact := risk.Judge(&in).Impact
	require.InDelta(t, .111, impact, .0006)
	require.Equal(t, 10.4, risk.Score(.93, impact))
	require.Equal(t, low, risk.Band(10.4))
}

func TestWorkedExampleProtectedSpeech(t *testing.T) {
	// The guide gives L .85 after combining; the evidence that combines to it with the
	// leak of compliance is 1 - .15/.99.
	in := risk.Input{
		Category: compliance, Entity: 1,
		Evidence: []risk.Evidence{{"conduct", 1 - .15/.99}},
		Guards:   []risk.Guard{{"protect.p01", .95, -1}},
		Drivers:  risk.Drivers{Severity: .75}, // .30
	}
	r := risk.Judge(&in)
	require.InDelta(t, .0425, r.Likelihood, 1e-9)
	require.InDelta(t, .30, r.Impact, 1e-9)
	require.Equal(t, 1.3, r.Score)
	require.Equal(t, info, r.Level)

	in.Guards[0].Strength = 1
	require.Zero(t, risk.Judge(&in).Score, "a union reference suppresses wholly")
}

func TestLikelihoodShares(t *testing.T) {
	r := risk.Judge(leak())
	var shares []float64
	for _, s := range r.LikelihoodShares {
		shares = append(shares, math.Round(1000*s.Share)/10)
	}
	require.Equal(t, []float64{65.7, 20.8, 13.3, .3}, shares)
	require.Equal(t, "leak", r.LikelihoodShares[3].Factor)
}

func TestImpactSharesAddUp(t *testing.T) {
	for name, in := range map[string]*risk.Input{"leakage": leak(), "compliance": promise()} {
		t.Run(name, func(t *testing.T) {
			in.Floor = 0
			r := risk.Judge(in)
			sum := 0.0
			for _, s := range r.ImpactShares {
				require.InDelta(t, s.Value*s.Weight, s.Share, 1e-12)
				sum += s.Share
			}
			require.InDelta(t, r.Impact, sum, 1e-12)
		})
	}
}

func TestWithoutFamily(t *testing.T) {
	r := risk.Judge(promise())
	require.Equal(t, "promissory_phrase", r.Without[0].Name)
	require.InDelta(t, 39.1, r.Without[0].Score, .05)
	require.Equal(t, high, r.Without[0].Level)
}

func TestWithoutGuard(t *testing.T) {
	in := promise()
	in.Guards = []risk.Guard{{"no-guarantee", .95, 0}, {"no-guarantee", .95, 1}}
	r := risk.Judge(in)
	require.Less(t, r.Score, 45.0, "both promissory signals are guarded")
	require.Equal(t, "no-guarantee", r.Without[2].Name)
	require.Greater(t, r.Without[2].Score, r.Score)
}

func TestFamily(t *testing.T) {
	for _, tc := range []struct {
		name string
		ps   []float64
		want float64
	}{
		{"none", nil, 0},
		{"one", []float64{.4}, .4},
		{"two of worked example 4", []float64{.90, .80}, .924},
		{"order does not matter", []float64{.80, .90}, .924},
		{"equal ones", []float64{.5, .5}, .575},
		{"three weak ones stay weak", []float64{.3, .3, .3}, .4071},
		{"a certain one", []float64{1, .2}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) { require.InDelta(t, tc.want, risk.Family(tc.ps), 1e-9) })
	}
}

func TestThreeCorrelatedSignals(t *testing.T) {
	// Domain guide 1.5 compares the ways to combine three signals of .30 at a leak of .02.
	same := risk.Input{Category: reputation, Entity: 1, Evidence: []risk.Evidence{{"a", .3}, {"a", .3}, {"a", .3}}}
	require.InDelta(t, .42, risk.Judge(&same).Likelihood, .005)
	apart := risk.Input{Category: reputation, Entity: 1, Evidence: []risk.Evidence{{"a", .3}, {"b", .3}, {"c", .3}}}
	require.InDelta(t, .66, risk.Judge(&apart).Likelihood, .005)
}

func TestNothingFound(t *testing.T) {
	for _, c := range []earshotv1.Category{reputation, leakage, compliance} {
		r := risk.Judge(&risk.Input{Category: c, Entity: .4, Drivers: risk.Drivers{Reach: 1, Role: 1, Channel: 1}})
		require.InDelta(t, risk.Leak(c), r.Likelihood, 1e-12)
		require.Equal(t, info, r.Level)
		require.Empty(t, r.LikelihoodShares)
	}
}

func TestEntityIsAFactor(t *testing.T) {
	in := promise()
	certain := risk.Judge(in).Likelihood
	in.Entity = .5
	require.InDelta(t, certain/2, risk.Judge(in).Likelihood, 1e-12)
}

func TestBounds(t *testing.T) {
	in := promise()
	in.Cap = .30
	r := risk.Judge(in)
	require.Equal(t, .30, r.Impact)
	require.Equal(t, []string{"impact lowered from 0.775 to the rule's cap of 0.30"}, r.Reasons)
	in.Cap, in.Floor = 0, .95
	require.Equal(t, []string{"impact raised from 0.775 to the rule's floor of 0.95"}, risk.Judge(in).Reasons)
}

// TestMatrix holds the table of domain guide 1.6: the bands at the bins' midpoints.
func TestMatrix(t *testing.T) {
	likelihoods := []float64{.90, .65, .35, .125, .025}
	impacts := []float64{.05, .20, .425, .675, .90}
	want := [5][5]earshotv1.Level{
		{info, medium, high, critical, critical},
		{info, low, medium, high, high},
		{info, low, low, medium, medium},
		{info, info, low, low, medium},
		{info, info, info, info, low},
	}
	for i, l := range likelihoods {
		for j, f := range impacts {
			level, reason := risk.Level(l, f)
			require.Equal(t, want[i][j], level, "likelihood %v, impact %v", l, f)
			require.Equal(t, j == 4 && i >= 3, reason != "", "likelihood %v, impact %v", l, f)
		}
	}
}

func TestTailGuardOfTheGravest(t *testing.T) {
	level, reason := risk.Level(.20, .95)
	require.Equal(t, high, level)
	require.Equal(t, "tail guard: unlikely (0.20) but grave (impact 0.95)", reason)
}

func TestBand(t *testing.T) {
	for score, want := range map[float64]earshotv1.Level{
		0: info, 4.9: info, 5: low, 14.9: low, 15: medium, 34.9: medium, 35: high, 59.9: high, 60: critical, 100: critical,
	} {
		require.Equal(t, want, risk.Band(score), "score %v", score)
	}
}

func TestDrivers(t *testing.T) {
	for followers, want := range map[uint64]float64{0: 0, 50: 0, 180: .057, 1_000: .222, 10_000: .444, 100_000: .667, 3_160_000: 1, 1 << 62: 1} {
		require.InDelta(t, want, risk.Reach(followers), .001, "followers %d", followers)
	}
	require.Zero(t, risk.Velocity(-3))
	require.InDelta(t, .777, risk.Velocity(6), .001)
	for level, want := range []float64{0, .10, .30, .50, .75, 1, 1} {
		require.Equal(t, want, risk.Severity(level))
	}
	for n, want := range []float64{0, .5, 1, 1} {
		require.Equal(t, want, risk.Recidivism(n))
	}
}

func TestOutcome(t *testing.T) {
	limits := risk.Limits{Accept: 5, Review: 20, Escalate: 50}
	for score, want := range map[float64]earshotv1.Outcome{
		4.9: earshotv1.Outcome_OUTCOME_ACCEPT, 5: earshotv1.Outcome_OUTCOME_MONITOR, 19.9: earshotv1.Outcome_OUTCOME_MONITOR,
		20: earshotv1.Outcome_OUTCOME_REVIEW, 50: earshotv1.Outcome_OUTCOME_ESCALATE,
	} {
		require.Equal(t, want, limits.Outcome(score), "score %v", score)
	}
}
