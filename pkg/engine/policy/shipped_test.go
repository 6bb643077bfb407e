package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
)

func TestShippedPacksHaveNoFaults(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	for _, p := range packs {
		problems, err := policy.Lint(p, today)
		require.NoError(t, err)
		for _, problem := range problems {
			require.NotEqual(t, policy.Fault, problem.Severity, problem.String())
		}
		require.Empty(t, policy.Cover(p, nil, today).Open, "%s: clauses that nobody decides", p.Name())
	}
}
