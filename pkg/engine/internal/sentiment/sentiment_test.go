package sentiment

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func newAnalyzer(t testing.TB) *Analyzer {
	t.Helper()
	a, err := New()
	require.NoError(t, err)
	return a
}

func TestScoreLabels(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct{ name, text, want string }{
		{"praise", "I love this airline, best crew ever!", Positive},
		{"blame", "Worst service I have ever had. Disgusting.", Negative},
		{"fact", "The branch on King Street opens at nine on Monday.", Neutral},
		{"nothing", "", Neutral},
		{"negated praise", "The staff were not helpful and I am not happy", Negative},
		{"negated blame", "honestly not bad at all", Positive},
		{"customer talk", "two hours on hold and still waiting for my refund", Negative},
		{"thanks", "Thank you for the quick response, much appreciated", Positive},
		{"emoticon", "landed in Faro :)", Positive},
		{"emoji", "my new card arrived 😍", Positive},
		{"German", "Nie wieder! Schrecklich und eine Frechheit.", Negative},
		{"Spanish", "Una vergüenza, pésimo servicio", Negative},
		{"French", "Service parfait, merci, je suis ravie", Positive},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, a.Score(tc.text, nil).Label)
		})
	}
}

// TestScoreModifiers compares two texts that differ in one thing only.
func TestScoreModifiers(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct{ name, more, less string }{
		{"intensifier", "this app is extremely terrible", "this app is terrible"},
		{"diminisher", "this app is terrible", "this app is slightly terrible"},
		{"capitals", "this app is TERRIBLE to use", "this app is terrible to use"},
		{"exclamation", "this app is terrible!!", "this app is terrible."},
		{"elongation folds", "this app is terribleeeeee", "this app is fine"},
		{"negation ends with its clause", "it is not cheap, terrible seats", "it is not cheap or terrible"},
		{"contrast favors what follows", "nice seats but terrible food", "terrible food but nice seats"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			more, less := a.Score(tc.more, nil), a.Score(tc.less, nil)
			require.Greater(t, more.Negative, less.Negative)
		})
	}
}

func TestScoreTarget(t *testing.T) {
	a := newAnalyzer(t)
	const text = "Ostra is a terrible mess. Zephyr is wonderful, great signal."
	at := func(name string) Result {
		i := strings.Index(text, name)
		return a.Score(text, [][2]int{{i, i + len(name)}})
	}
	require.Greater(t, at("Zephyr").Positive, at("Ostra").Positive)
	require.Greater(t, at("Ostra").Negative, at("Zephyr").Negative)
	require.Equal(t, a.Score(text, nil), a.Score(text, [][2]int{{900, 905}}), "a span outside the text aims at nothing")
}

func TestScoreSarcasm(t *testing.T) {
	a := newAnalyzer(t)
	plain, ironic := a.Score("what a great flight", nil), a.Score("what a great flight 🙄", nil)
	require.Zero(t, plain.Sarcasm)
	require.Positive(t, ironic.Sarcasm)
	require.Less(t, ironic.Positive, plain.Positive)
	require.Positive(t, a.Score("lovely service /s", nil).Sarcasm)
}

func TestScoreIsADistribution(t *testing.T) {
	a := newAnalyzer(t)
	for _, text := range []string{
		"", "!!!", "@a @b http://x.example", strings.Repeat("terrible! ", 500), strings.Repeat("great. ", 500),
		strings.Repeat("but ", 200), "\xff\xfe", "荷物が三日も行方不明です。", "I'M SO ANGRY RIGHT NOW",
	} {
		requireShares(t, a.Score(text, [][2]int{{0, 3}}))
	}
}

func requireShares(t *testing.T, r Result) {
	t.Helper()
	for _, share := range []float64{r.Negative, r.Neutral, r.Positive, r.Sarcasm} {
		require.False(t, math.IsNaN(share))
		require.GreaterOrEqual(t, share, 0.0)
		require.LessOrEqual(t, share, 1.0)
	}
	require.InDelta(t, 1, r.Negative+r.Neutral+r.Positive, 1e-9)
	require.Contains(t, []string{Negative, Neutral, Positive}, r.Label)
}

func TestScoreDoesNotAllocate(t *testing.T) {
	a := newAnalyzer(t)
	target := [][2]int{{0, 4}}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		a.Score("Ostra is NOT great 🙄 but Zephyr, çe n’est pas mal!! :) http://x.example", target)
	}))
}

func FuzzScore(f *testing.F) {
	a := newAnalyzer(f)
	f.Add("not good :) but 'great'!!", 0, 3)
	f.Add("http://a.example @b #c… 🙄/s", -1, 900)
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		requireShares(t, a.Score(text, [][2]int{{from, to}}))
	})
}
