package sentiment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tokens returns the scanned tokens as they stand in the text.
func tokens(a *Analyzer, text string) []string {
	var out []string
	s := a.Scan(text)
	for h, ok := s.Next(); ok; h, ok = s.Next() {
		out = append(out, text[h.Start:h.End])
	}
	return out
}

func TestScannerTokens(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"words", "Hello, big World", []string{"Hello", "big", "World"}},
		{"apostrophes", "don't 'quote' me’s", []string{"don't", "quote", "me’s"}},
		{"links and mentions are skipped", "see http://a.example/x?y=1 @bank_uk now", []string{"see", "now"}},
		{"hashtags lose the mark", "#fail #EpicFail", []string{"fail", "EpicFail"}},
		{"numbers are no words", "14 hours 2nd", []string{"hours", "2nd"}},
		{"marks that speak", "why?!", []string{"why", "?", "!"}},
		{"emoticons", "fine :) or :-( then", []string{"fine", ":)", "or", ":-(", "then"}},
		{"emoticons of letters", "ok :D and :Dublin", []string{"ok", ":D", "and", "Dublin"}},
		{"emoji without its variation selector", "ok ❤️👍🏽", []string{"ok", "❤", "👍"}},
		{"other scripts", "größte Änderung, очень хорошо", []string{"größte", "Änderung", "очень", "хорошо"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, tokens(a, tc.text))
		})
	}
}

// find scans until the given token.
func find(t *testing.T, a *Analyzer, text, token string) Hit {
	t.Helper()
	s := a.Scan(text)
	for h, ok := s.Next(); ok; h, ok = s.Next() {
		if strings.EqualFold(text[h.Start:h.End], token) {
			return h
		}
	}
	require.Failf(t, "token not found", "%q in %q", token, text)
	return Hit{}
}

func TestScannerNegation(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct {
		name, text string
		want       bool
	}{
		{"none", "it is good", false},
		{"next word", "not good", true},
		{"contraction", "it isn't very good", true},
		{"reach is limited", "not that I would want to say it is good", false},
		{"ends at a full stop", "not now. good", false},
		{"ends at a comma", "not now, good", false},
		{"ends at a contrast", "not cheap but good", false},
		{"twice is not at all", "I can't say it is never good", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, find(t, a, tc.text, "good").Negated)
		})
	}
}

func TestScannerFactor(t *testing.T) {
	a := newAnalyzer(t)
	require.InDelta(t, 1, find(t, a, "is good", "good").Factor, 1e-9)
	require.InDelta(t, 1.3, find(t, a, "very good", "good").Factor, 1e-9)
	require.InDelta(t, 1.18, find(t, a, "very truly good", "truly").Factor-0.12, 1e-9)
	require.InDelta(t, 0.6, find(t, a, "slightly good", "good").Factor, 1e-9)
	require.InDelta(t, 1.25, find(t, a, "quite plainly GOOD news", "GOOD").Factor-0.06, 1e-9)
	require.InDelta(t, 1, find(t, a, "GOOD NEWS", "GOOD").Factor, 1e-9, "a text in capitals emphasizes nothing")
}

func TestScannerClauses(t *testing.T) {
	a := newAnalyzer(t)
	const text = "one. two; three but four! five"
	for token, clause := range map[string]int{"one": 0, "two": 1, "but": 3, "four": 3, "five": 4} {
		require.Equal(t, clause, find(t, a, text, token).Clause, token)
	}
	require.True(t, find(t, a, text, "but").Contrast)
	require.NotZero(t, find(t, a, "one two", "two").Pair)
	require.Zero(t, find(t, a, "one. two", "two").Pair, "no pair across a full stop")
}

func TestApply(t *testing.T) {
	p, n := (&Hit{Factor: 2}).Apply(1, -0.5)
	require.InDelta(t, 2, p, 1e-9)
	require.InDelta(t, -1, n, 1e-9)
	p, n = (&Hit{Factor: 1, Negated: true}).Apply(1, -0.5)
	require.InDelta(t, -0.5*negatedFactor, p, 1e-9)
	require.InDelta(t, negatedFactor, n, 1e-9)
}
