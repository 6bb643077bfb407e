package secret

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

type labelled struct {
	Label, Rule, Text string
	Rules             []string
}

// TestPublishedCases measures two published sets of credentials and look-alikes. The
// limits are what the detector reached when they were written, less a margin.
func TestPublishedCases(t *testing.T) {
	tests := []struct {
		name, file        string
		precision, recall float64
	}{
		{"gitleaks cases", "secrets_gitleaks/train.jsonl.gz", 0.9, 0.9},
		{"credsweeper samples", "secrets_credsweeper/train.jsonl.gz", 0.8, 0.3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var hits, alarms, misses float64
			runner := parttest.New(New())
			for _, row := range parttest.Rows[labelled](t, test.file) {
				got := best(runner.Insider("engineer", row.Text)) >= 0.5
				switch want := row.Label == "secret"; {
				case got && want:
					hits++
				case got:
					alarms++
					t.Logf("alarm %s: %.160q", row.Rule, row.Text)
				case want:
					misses++
					t.Logf("miss %s%v: %.160q", row.Rule, row.Rules, row.Text)
				}
			}
			t.Logf("precision %.3f recall %.3f", hits/(hits+alarms), hits/(hits+misses))
			require.GreaterOrEqual(t, hits/(hits+alarms), test.precision)
			require.GreaterOrEqual(t, hits/(hits+misses), test.recall)
		})
	}
}

func best(found []parttest.Found) (likelihood float64) {
	for _, f := range found {
		likelihood = max(likelihood, f.Likelihood)
	}
	return likelihood
}
