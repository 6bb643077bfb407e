package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestBlindBench measures the whole engine on posts that nobody tuned it on
// (the README of each folder in testdata says how far). Run it with -v for the tables by kind.
func TestBlindBench(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	shared, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	// Floors stand under what was reached, to notice a change that generalizes worse.
	for _, tc := range []struct {
		folder, name      string
		category          earshotv1.Category
		precision, recall float64
	}{
		{"blind", "leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.85, 0.75},
		{"blind", "compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.80, 0.65},
		{"fresh", "leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.75, 0.70},
		{"fresh", "compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.85, 0.70},
		{"third", "leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.80, 0.80},
		{"third", "compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.75, 0.70},
		{"fourth", "leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.80, 0.70},
		{"fourth", "compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.70, 0.60},
		{"fifth", "leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.85, 0.75},
		{"fifth", "compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.70, 0.75},
		{"sixth", "leakage", earshotv1.Category_CATEGORY_LEAKAGE, 0.80, 0.75},
		{"sixth", "compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.70, 0.75},
	} {
		t.Run(tc.folder+"/"+tc.name, func(t *testing.T) {
			posts := readLabelled(t, "testdata/"+tc.folder)
			require.Greater(t, len(posts), 200)
			all := measure(t, shared, posts, false, tc.name, tc.category)
			require.GreaterOrEqual(t, all.precision(), tc.precision)
			require.GreaterOrEqual(t, all.recall(), tc.recall)
		})
	}
}
