package parttest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
)

// Example is a text and what must be found in it that a reviewer should see.
type Example struct {
	Name string
	// Role is the author's; empty for somebody outside.
	Role, Text string
	// Rule must be found; empty where nothing may be found.
	Rule string
	// Value is the text of its first span; empty where it does not matter.
	Value string
}

// Check runs examples, each a subtest of its name.
func Check(t *testing.T, r *Runner, examples []Example) {
	t.Helper()
	for _, e := range examples {
		t.Run(e.Name, func(t *testing.T) {
			found := r.Public
			if e.Role != "" {
				found = func(text string) []Found { return r.Insider(e.Role, text) }
			}
			values := map[string]string{}
			for _, f := range found(e.Text) {
				if f.Likelihood >= risk.Likely {
					values[f.Rule] = f.Text
				}
			}
			if e.Rule == "" {
				require.Empty(t, values)
				return
			}
			require.Contains(t, values, e.Rule)
			if e.Value != "" {
				require.Equal(t, e.Value, values[e.Rule])
			}
		})
	}
}
