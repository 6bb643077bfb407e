package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
)

// TestExamples runs the must_match and must_pass texts of every built-in pack.
func TestExamples(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	for _, p := range packs {
		t.Run(p.Name(), func(t *testing.T) {
			failures, err := engine.RunExamples(p)
			require.NoError(t, err)
			for _, f := range failures {
				t.Error(f)
			}
		})
	}
}
