package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func withTerms(t *testing.T, terms map[string]engine.Terms) *engine.Engine {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: packs, Terms: terms, Key: []byte("a key of these tests only")})
	require.NoError(t, err)
	return e
}

// kindsOf are all kinds of findings that an assessment has.
func kindsOf(a *earshotv1.Assessment) []string {
	var kinds []string
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			kinds = append(kinds, f.GetKind())
		}
	}
	return kinds
}

const (
	strike = "Workers at Acme Bank go on strike tomorrow, picket line at the main branch"
	leaked = "Acme Bank, my card is " + card + ", charge it"
)

func TestTermsSwitchAKindOffForItsPlatformAlone(t *testing.T) {
	open := withTerms(t, nil)
	e := withTerms(t, engine.DefaultTerms())
	require.Contains(t, kindsOf(judge(t, open, created(strike))), "labor")

	barred := judge(t, e, created(strike))
	require.NotContains(t, kindsOf(barred), "labor")
	require.NotContains(t, barred.String(), "labor", "not even a reason tells it")

	elsewhere := created(strike)
	elsewhere.Post.Id, elsewhere.Post.Platform = "mastodon:1", "mastodon"
	require.Contains(t, kindsOf(judge(t, e, elsewhere)), "labor")
}

func TestTermsForThePublicSpareInsiders(t *testing.T) {
	e := withTerms(t, map[string]engine.Terms{"x": {OffPublic: []string{"pii.card"}}})
	require.NotContains(t, kindsOf(judge(t, e, created(leaked))), "pii.card")
	insider := judge(t, e, byEmployee(leaked))
	require.Contains(t, kindsOf(insider), "pii.card")
}

func TestWhatTermsForbidToJudgeIsMaskedAllTheSame(t *testing.T) {
	e := withTerms(t, map[string]engine.Terms{"x": {Off: []string{"pii.card"}}})
	require.NotContains(t, judge(t, e, created(leaked)).GetPost().GetText(), card)
}

func TestTermsAgainstSentimentLeaveNone(t *testing.T) {
	e := withTerms(t, map[string]engine.Terms{"x": {Off: []string{"sentiment"}}})
	post := created("I hate Acme Bank, the worst, awful, terrible service, shame on you")
	require.NotNil(t, judge(t, withTerms(t, nil), post).GetSentiment())
	a := judge(t, e, post)
	require.Nil(t, a.GetSentiment())
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			require.NotEqual(t, "tone.negative", f.GetRule())
		}
	}
}

func TestTermsArePartOfTheVersions(t *testing.T) {
	version := func(terms map[string]engine.Terms) string {
		return judge(t, withTerms(t, terms), created(strike)).GetVersions().GetPacks()["terms"]
	}
	require.Empty(t, version(nil))
	require.Len(t, version(engine.DefaultTerms()), 8)
	require.NotEqual(t, version(engine.DefaultTerms()), version(map[string]engine.Terms{"x": {Off: []string{"labor"}}}))
}

func TestTermsThatNameNothing(t *testing.T) {
	for _, tc := range []struct {
		name  string
		terms map[string]engine.Terms
		want  string
	}{
		{"a misspelt kind", map[string]engine.Terms{"x": {Off: []string{"labro"}}}, `terms: x: "labro" is no kind of finding`},
		{"one of outsiders", map[string]engine.Terms{"x": {OffPublic: []string{"Union talk"}}}, `terms: x: "Union talk" is no kind of finding`},
		{"a platform in capitals", map[string]engine.Terms{"X": {Off: []string{"labor"}}}, `terms: platform "X": in lower case, as posts name it`},
		{"feelings and opinions", map[string]engine.Terms{"x": {Off: []string{"sentiment", "second_opinion"}}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := engine.New(engine.Options{Terms: tc.terms, Key: []byte("a key of these tests only")})
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tc.want)
		})
	}
}
