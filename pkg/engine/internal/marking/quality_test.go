package marking

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestTuningSet holds the detectors to the labelled posts, with each brand's code names.
func TestTuningSet(t *testing.T) {
	words := parttest.New(New())
	plain := parttest.ScoreBy(t, func(*parttest.Case) *parttest.Runner { return words },
		[]string{"marking", "infrastructure", "financials", "customer", "roadmap"})
	require.GreaterOrEqual(t, plain.Precision, 0.85)
	names := map[string]*parttest.Runner{}
	named := parttest.ScoreBy(t, func(c *parttest.Case) *parttest.Runner {
		key := ""
		for _, n := range c.Brand.Codenames {
			key += n + "|"
		}
		if names[key] == nil {
			names[key] = parttest.New(NewCodenames(c.Brand.Codenames))
		}
		return names[key]
	}, []string{"codename", "roadmap"})
	require.GreaterOrEqual(t, named.Precision, 0.85)
}
