package main

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

// readAt returns an example of our own out of which a detector reads a leak.
func readAt(likelihood, heard float64, is bool) judged {
	j := judged{example: &example{reading: likelihood}}
	j.verdicts[paraphrase.Leakage] = verdict{logOdds: heard, is: is}
	return j
}

// TestWeighFollowsWhoIsRight teaches posts about which the detector says nothing and the
// model everything.
func TestWeighFollowsWhoIsRight(t *testing.T) {
	var posts []judged
	for i := range 200 {
		leak := i%2 == 0
		posts = append(posts, readAt(0.6+0.1*float64(i/2%2), math.Copysign(2, float64(2*(1-i%2)-1)), leak))
	}
	w := weigh(posts)
	require.Greater(t, w.LogOdds(0.7, 2), 1.0)
	require.Less(t, w.LogOdds(0.7, -2), -1.0)
	require.InDelta(t, w.LogOdds(0.6, 2), w.LogOdds(0.7, 2), 0.5, "the detector tells nothing")
	var out bytes.Buffer
	for i := range posts {
		posts[i].fold = i % folds
	}
	printWeighing(&out, posts)
	require.Contains(t, out.String(), "readings alone: precision 0.500 recall 1.000")
	require.Contains(t, out.String(), "readings weighed: precision 1.000 recall 1.000")
}

func TestReadingsAreThoseOfDetectorsThatReadMeaning(t *testing.T) {
	r, err := newRules()
	require.NoError(t, err)
	for text, want := range map[string]bool{
		"The dark blue fold-out version ships the second week of October. I shouldn't be posting this but LOOK how pretty.": true,
		"my card is 4111 1111 1111 1111": false,
		"lunch was soup":                 false,
	} {
		likelihood, err := r.reading(text, "emp", "energy")
		require.NoError(t, err)
		require.Equal(t, want, likelihood > 0, text)
	}
}
