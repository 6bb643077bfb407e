package engine_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// amend judges an event with an opinion about Acme and checks the contract.
func amend(t *testing.T, e *engine.Engine, ev *earshotv1.PostEvent, scores map[string]float64) *earshotv1.Assessment {
	t.Helper()
	all := e.AssessWith(ev, judgedAt.Add(time.Second), map[string]engine.Opinion{"acme": {Version: "bert-1", Scores: scores}})
	require.Len(t, all, 1)
	require.NoError(t, schemas.ValidateAssessment(all[0]))
	require.Equal(t, "bert-1", all[0].GetVersions().GetPacks()["second_opinion"])
	return all[0]
}

func TestOpinionMovesTheJudgement(t *testing.T) {
	e, ev := moonEngine(t, nil), byEmployee("Acme Bank goes to the moon")
	before := judge(t, e, ev)
	first := combined(before.GetCategories()[compliance])
	require.InDelta(t, 1-.99*.4, first, 1e-4)
	for _, tc := range []struct {
		name   string
		scores map[string]float64
		want   float64
	}{
		{"none", nil, first},
		{"knows nothing", map[string]float64{"promissory": .5}, first},
		{"of a kind that nobody knows", map[string]float64{"boredom": 1, "pii.card": 1}, first},
		{"no likelihood", map[string]float64{"promissory": math.NaN(), "advice": 1.1, "testimonial": -1}, first},
		{"rather sure", map[string]float64{"promissory": .75}, 1 - .99*.4*(1-.8*.5)},
		{"sure", map[string]float64{"promissory": 1}, 1 - .99*.4*(1-.8)},
		{"sure of another kind", map[string]float64{"advice": 1}, 1 - .99*.4*(1-.8)},
		{"of two kinds, one family", map[string]float64{"promissory": 1, "advice": 1}, 1 - .99*.4*(1-(.8+.2*.3*.8))},
		{"rather sure of nothing", map[string]float64{"promissory": .25}, 1 - .99*(1-.6*(1-.5*.5))},
		{"sure of nothing", map[string]float64{"promissory": 0}, 1 - .99*(1-.6*.5)},
		{"sure that it is no other kind", map[string]float64{"advice": 0}, first},
		{"another kind instead", map[string]float64{"promissory": 0, "advice": 1}, 1 - .99*(1-.6*.5)*(1-.8)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			after := amend(t, e, ev, tc.scores)
			require.InDelta(t, tc.want, combined(after.GetCategories()[compliance]), 1e-3)
			move := func(a, b float64) int { return cmp.Compare(math.Round(a*1e3), math.Round(b*1e3)) }
			calibrated := func(a *earshotv1.Assessment) float64 { return a.GetCategories()[compliance].GetLikelihood() }
			require.Equal(t, move(tc.want, first), move(calibrated(after), calibrated(before)))
			require.Equal(t, before.GetId(), after.GetId(), "it takes the first one's place")
			require.True(t, after.GetAssessedAt().AsTime().After(before.GetAssessedAt().AsTime()))
			require.Equal(t, before.GetCategories()[leakage].String(), after.GetCategories()[leakage].String())
		})
	}
}

// combined is the likelihood of a category before it is calibrated.
func combined(c *earshotv1.CategoryAssessment) float64 {
	none := 1.0
	for _, family := range c.GetLikelihoodContributions() {
		none *= 1 - family.GetValue()
	}
	return 1 - none
}

func TestOpinionExplainsItself(t *testing.T) {
	e, ev := moonEngine(t, nil), byEmployee("Acme Bank goes to the moon")
	a := amend(t, e, ev, map[string]float64{"promissory": 0.9, "advice": 0.8}).GetCategories()[compliance]
	require.Len(t, a.GetFindings(), 3)
	for _, f := range a.GetFindings() {
		if f.GetFamily() != "second_opinion" {
			continue
		}
		require.Equal(t, "opinion."+f.GetKind(), f.GetRule())
		require.Equal(t, "bert-1", f.GetRuleVersion())
		require.NotEmpty(t, f.GetTitle())
		require.NotEmpty(t, f.GetCite())
		require.NotEmpty(t, f.GetMitigate())
		require.Contains(t, f.GetWhy(), fmt.Sprintf("Second opinion of bert-1: %.2f.", map[string]float64{"promissory": 0.9, "advice": 0.8}[f.GetKind()]))
		want := map[string][2]uint32{"promissory": {22, 26}, "advice": {0, 26}}[f.GetKind()]
		require.Equal(t, want, [2]uint32{f.GetSpans()[0].GetStart(), f.GetSpans()[0].GetEnd()}, f.GetKind())
	}
	require.Contains(t, counterfactuals(a), "second_opinion")

	a = amend(t, e, ev, map[string]float64{"promissory": 0.1}).GetCategories()[compliance]
	require.Len(t, a.GetGuards(), 1)
	g := a.GetGuards()[0]
	require.Equal(t, "opinion.promissory", g.GetRule())
	require.Equal(t, "Second opinion of bert-1: 0.10.", g.GetTitle())
	require.InDelta(t, 0.4, g.GetStrength(), 1e-4)
	require.Equal(t, a.GetFindings()[0].GetSpans()[0].String(), g.GetSpans()[0].String())
	require.InDelta(t, 0.36, a.GetFindings()[0].GetLikelihood(), 1e-4)
}

func counterfactuals(c *earshotv1.CategoryAssessment) []string {
	var out []string
	for _, x := range c.GetCounterfactuals() {
		out = append(out, x.GetWithout())
	}
	return out
}

// TestOpinionCannot holds where a model, or whoever talks it into something, has no say.
func TestOpinionCannot(t *testing.T) {
	moon := moonEngine(t, nil)
	everything, nothing := map[string]float64{}, map[string]float64{}
	for _, kind := range engine.OpinionKinds() {
		everything[kind], nothing[kind] = 1, 0
	}
	bare := acme()
	bare.Packs = []string{"house"}
	for _, tc := range []struct {
		name   string
		engine *engine.Engine
		event  *earshotv1.PostEvent
		scores map[string]float64
	}{
		{"judge the public", moon, created("Acme Bank goes to the moon"), everything},
		{"judge for a brand without models", moonEngine(t, nil, bare), byEmployee("Acme Bank goes to the moon"), everything},
		{"excuse a card and the duty that it breaks", moon, byEmployee("a customer of Acme Bank pays with " + card), nothing},
		{"lift a protection", moon, byEmployee("Acme Bank pays us too little, we form a union on Friday."), everything},
		{"accuse where terms forbid it", moonEngine(t, map[string]engine.Terms{"x": {Off: engine.OpinionKinds()}}), byEmployee("Acme Bank"), everything},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := judge(t, tc.engine, tc.event).GetCategories()
			after := amend(t, tc.engine, tc.event, tc.scores).GetCategories()
			for i := range before {
				if before[i].GetCategory() == earshotv1.Category_CATEGORY_LEAKAGE && tc.name == "lift a protection" {
					continue // a confidence is no protected matter
				}
				require.Equal(t, before[i].GetLikelihood(), after[i].GetLikelihood())
				require.Len(t, after[i].GetFindings(), len(before[i].GetFindings()))
			}
		})
	}
}

func TestAssessWithAmendsOnlyWhatHasAnOpinion(t *testing.T) {
	e := moonEngine(t, nil, acme(), globex())
	opinions := map[string]engine.Opinion{"acme": {Version: "v"}, "nobody": {Version: "v"}}
	both := byEmployee("Acme Bank and Globex Air go to the moon")
	all := e.AssessWith(both, judgedAt, opinions)
	require.Len(t, all, 1)
	require.Equal(t, "acme", all[0].GetBrandId())
	require.Equal(t, e.Assess(both, judgedAt)[0].GetId(), all[0].GetId())
	require.NotContains(t, e.Assess(both, judgedAt)[0].GetVersions().GetPacks(), "second_opinion")

	both.Op = earshotv1.PostOp_POST_OP_DELETED
	require.Empty(t, e.AssessWith(both, judgedAt, opinions))
	gone := created("nothing of interest")
	gone.Op = earshotv1.PostOp_POST_OP_EDITED
	require.Empty(t, e.AssessWith(gone, judgedAt, opinions), "the first judgement took it back already")
}

// TestOpinionIsMonotone holds that a likelier answer never makes a post look better.
func TestOpinionIsMonotone(t *testing.T) {
	e, ev := moonEngine(t, nil), byEmployee("Acme Bank goes to the moon")
	random := rand.New(rand.NewPCG(1, 1))
	names := engine.OpinionKinds()
	for range 300 {
		scores := map[string]float64{}
		for range random.IntN(4) {
			scores[names[random.IntN(len(names))]] = random.Float64()
		}
		kind := names[random.IntN(len(names))]
		last := [2]float64{}
		for p := 0.0; p <= 1; p += 0.125 {
			scores[kind] = p
			c := amend(t, e, ev, scores).GetCategories()
			now := [2]float64{c[leakage].GetLikelihood(), c[compliance].GetLikelihood()}
			require.GreaterOrEqual(t, now[0], last[0], "%v", scores)
			require.GreaterOrEqual(t, now[1], last[1], "%v", scores)
			last = now
		}
	}
}
