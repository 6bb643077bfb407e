package health

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestTuningSet holds the detector to the labelled posts.
func TestTuningSet(t *testing.T) {
	score := parttest.Score(t, New(), []string{"phi"})
	require.GreaterOrEqual(t, score.Precision, 0.9)
	require.GreaterOrEqual(t, score.Recall, 0.85)
}

// TestPublishedQueries measures clinical questions with and without an identifier.
func TestPublishedQueries(t *testing.T) {
	runner := parttest.New(New())
	var hit, all, quiet, clean float64
	for _, row := range parttest.Rows[struct{ Label, Text string }](t, "clinical_phi_queries/train.jsonl.gz") {
		found := false
		for _, f := range runner.Insider("staff", row.Text) {
			found = found || f.Likelihood >= 0.5
		}
		if row.Label == "phi" {
			all++
			if found {
				hit++
			} else {
				t.Logf("miss %.200q", row.Text)
			}
			continue
		}
		clean++
		if found {
			t.Logf("alarm %.200q", row.Text)
		} else {
			quiet++
		}
	}
	t.Logf("found %.3f, left alone %.3f", hit/all, quiet/clean)
	require.GreaterOrEqual(t, hit/all, 0.95)
	require.GreaterOrEqual(t, quiet/clean, 0.9)
}
