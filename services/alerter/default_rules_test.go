package alerter

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
)

// judged is a post of the public with one finding.
func judged(i int, at time.Duration, category earshotv1.Category, kind string, level earshotv1.Level, label string) *earshotv1.Assessment {
	a := &earshotv1.Assessment{}
	m := assessment(fmt.Sprint(i), "tidewell", i, level)
	if err := a.UnmarshalVT(m.Value); err != nil {
		panic(err)
	}
	a.Post.CreatedAt = timestamppb.New(noon.Add(at))
	a.Post.Author.Id = fmt.Sprint("u", i%700)
	a.Sentiment = &earshotv1.Sentiment{Label: label}
	if kind != "" {
		c := a.Categories[category-1]
		c.Level, c.Likelihood = level, 0.9
		c.Findings = []*earshotv1.Finding{{Kind: kind, Rule: "r", Why: "says so"}}
	}
	return a
}

// calm is a day like any other: n posts, a fifth complaints, a third praise.
func calm(rng *rand.Rand, from time.Duration, n int) []*earshotv1.Assessment {
	var out []*earshotv1.Assessment
	for i := range n {
		at := from + time.Duration(i)*24*time.Hour/time.Duration(n)
		switch roll := rng.IntN(100); {
		case roll < 22:
			out = append(out, judged(rng.Int(), at, earshotv1.Category_CATEGORY_REPUTATION, "complaint", earshotv1.Level_LEVEL_LOW, "negative"))
		case roll < 55:
			out = append(out, judged(rng.Int(), at, 0, "", earshotv1.Level_LEVEL_INFO, "positive"))
		default:
			out = append(out, judged(rng.Int(), at, 0, "", earshotv1.Level_LEVEL_INFO, "neutral"))
		}
	}
	return out
}

// wave is n posts of one kind within length.
func wave(from, length time.Duration, n int, kind string) []*earshotv1.Assessment {
	var out []*earshotv1.Assessment
	for i := range n {
		at := from + time.Duration(i)*length/time.Duration(n)
		out = append(out, judged(100_000+i, at, earshotv1.Category_CATEGORY_REPUTATION, kind, earshotv1.Level_LEVEL_LOW, "negative"))
	}
	return out
}

// TestDefaultRules checks that the built-in rules find what they are for, once, and are
// silent on a calm week.
func TestDefaultRules(t *testing.T) {
	const day = 24 * time.Hour
	leak := judged(1, day, earshotv1.Category_CATEGORY_LEAKAGE, "secret", earshotv1.Level_LEVEL_HIGH, "neutral")
	marked := judged(1, day, earshotv1.Category_CATEGORY_LEAKAGE, "marking", earshotv1.Level_LEVEL_HIGH, "neutral")
	promise := judged(2, day, earshotv1.Category_CATEGORY_COMPLIANCE, "promissory", earshotv1.Level_LEVEL_CRITICAL, "neutral")
	doubtful := judged(2, day, earshotv1.Category_CATEGORY_COMPLIANCE, "promissory", earshotv1.Level_LEVEL_CRITICAL, "neutral")
	doubtful.Categories[2].Likelihood = 0.2
	safety := judged(3, day, earshotv1.Category_CATEGORY_REPUTATION, "safety", earshotv1.Level_LEVEL_CRITICAL, "negative")
	var angry []*earshotv1.Assessment
	for i := range 150 {
		angry = append(angry, judged(i, day+time.Duration(i)*9*time.Minute, 0, "", earshotv1.Level_LEVEL_INFO, []string{"negative", "negative", "negative", "negative", "neutral"}[i%5]))
	}
	tests := map[string]struct {
		events []*earshotv1.Assessment
		want   []string
	}{
		"calm week":            {nil, nil},
		"leaked key":           {[]*earshotv1.Assessment{leak}, []string{"leaked-data"}},
		"marking, not certain": {[]*earshotv1.Assessment{marked}, nil},
		"adviser's promise":    {[]*earshotv1.Assessment{promise}, []string{"compliance-breach"}},
		"doubtful promise":     {[]*earshotv1.Assessment{doubtful}, nil},
		"safety allegation":    {[]*earshotv1.Assessment{safety}, []string{"critical-reputation"}},
		"boycott wave":         {wave(day, 2*time.Hour, 130, "boycott"), []string{"boycott-wave"}},
		"outage":               {wave(day, 40*time.Minute, 160, "outage"), []string{"outage"}},
		"complaint surge":      {wave(day, time.Hour, 80, "complaint"), []string{"complaint-surge"}},
		"angry day":            {angry, []string{"negative-share"}},
	}
	rules, err := loadRules(nil)
	require.NoError(t, err)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := alert.New(alert.Options{Rules: rules, Lateness: day, Idle: time.Hour})
			rng := rand.New(rand.NewPCG(1, 2))
			var week []*earshotv1.Assessment
			for d := range 7 {
				if d == 1 && name == "angry day" {
					week = append(week, tt.events...)
					continue
				}
				week = append(week, calm(rng, time.Duration(d)*day, 140)...)
				if d == 1 {
					week = append(week, tt.events...)
				}
			}
			var fired []string
			for _, a := range week {
				for _, change := range m.Apply(a, noon) {
					require.NotContains(t, change.GetAnnotations()["summary"], "annotation")
					if change.GetState() == earshotv1.AlertState_ALERT_STATE_FIRING {
						fired = append(fired, change.GetRule())
					}
				}
			}
			require.Equal(t, tt.want, fired)
		})
	}
}

// TestDefaultRulesSuitBusyBrands: what is a flood for one brand is a calm hour of another,
// and a cause that comes in waves is one alert.
func TestDefaultRulesSuitBusyBrands(t *testing.T) {
	const day = 24 * time.Hour
	crest := func(from time.Duration, n int) []*earshotv1.Assessment {
		return wave(from, 30*time.Minute, n, "complaint")
	}
	tests := map[string]struct {
		mentions int // on a calm day
		events   []*earshotv1.Assessment
		want     []string
	}{
		"300 mentions a day":                    {300, nil, nil},
		"10,000 mentions a day":                 {10_000, nil, nil},
		"twice the complaints of a busy brand":  {10_000, crest(day, 50), nil},
		"seven times the complaints":            {10_000, crest(day, 500), []string{"complaint-surge"}},
		"a few complaints about a small brand":  {140, crest(day, 12), nil},
		"forty of them":                         {140, crest(day, 40), []string{"complaint-surge"}},
		"a crest at noon and one at two":        {140, append(crest(day, 60), crest(day+2*time.Hour, 60)...), []string{"complaint-surge"}},
		"a crest today and another one at dusk": {140, append(crest(day, 60), crest(day+9*time.Hour, 60)...), []string{"complaint-surge", "complaint-surge"}},
	}
	rules, err := loadRules(nil)
	require.NoError(t, err)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := alert.New(alert.Options{Rules: rules, Lateness: day, Idle: time.Hour})
			rng := rand.New(rand.NewPCG(3, 4))
			all := append(append(calm(rng, 0, tt.mentions), tt.events...), calm(rng, day, tt.mentions)...)
			slices.SortStableFunc(all, func(a, b *earshotv1.Assessment) int {
				return a.GetPost().GetCreatedAt().AsTime().Compare(b.GetPost().GetCreatedAt().AsTime())
			})
			var fired []string
			for i, a := range all {
				a.Post.Id = fmt.Sprint("x:", i)
				for _, change := range m.Apply(a, noon) {
					if change.GetState() == earshotv1.AlertState_ALERT_STATE_FIRING {
						fired = append(fired, change.GetRule())
					}
				}
			}
			require.Equal(t, tt.want, fired)
		})
	}
}
