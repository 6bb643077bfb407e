package engine_test

import (
	"testing"
	"time"

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
			all, byKind := &tally{}, map[string]*tally{}
			for i := range posts {
				p := &posts[i]
				e, err := shared.ForBrand(p.Brand, false)
				require.NoError(t, err)
				risk, kinds := false, map[string]bool{}
				if judged := e.Assess(p.event(), time.Unix(0, 0)); len(judged) > 0 {
					risk, kinds, _ = said(judged[0], tc.category)
				}
				all.count(p.Labels[tc.name].Risk, risk)
				countKinds(byKind, p.Labels[tc.name].Kinds, kinds)
			}
			t.Logf("%-26s precision %.3f recall %.3f", tc.name, all.precision(), all.recall())
			logKinds(t, byKind)
			require.GreaterOrEqual(t, all.precision(), tc.precision)
			require.GreaterOrEqual(t, all.recall(), tc.recall)
		})
	}
}
