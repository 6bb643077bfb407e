package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestBlindBench measures the whole engine on posts that nobody tuned it on
// (testdata/blind/README.md). Run it with -v for the table by kind.
func TestBlindBench(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	shared, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	posts := readLabelled(t, "testdata/blind")
	require.Len(t, posts, 233)
	// Floors stand under what was reached, to notice a change that generalizes worse.
	for _, tc := range []struct {
		name              string
		category          earshotv1.Category
		precision, recall float64
	}{
		{"leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.85, 0.75},
		{"compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.80, 0.65},
	} {
		t.Run(tc.name, func(t *testing.T) {
			all := measure(t, shared, posts, false, tc.name, tc.category)
			require.GreaterOrEqual(t, all.precision(), tc.precision)
			require.GreaterOrEqual(t, all.recall(), tc.recall)
		})
	}
}
