package engine_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestClinicalQueries measures the whole engine on queries of hospital staff: what the
// detectors hear of a person's health must reach the judgement.
func TestClinicalQueries(t *testing.T) {
	lines := packedLines(t, "clinical_phi_queries", "train.jsonl.gz")
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	e, err = e.ForBrand(engine.Brand{ID: "h", Name: "Mercy Hospital", Industry: "healthcare"}, true)
	require.NoError(t, err)
	var queries tally
	for n := 0; lines.Scan(); n++ {
		var row struct{ Label, Text string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		a := e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
			Id: fmt.Sprint(n), Platform: "x", Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: row.Text, Lang: "en", Author: &earshotv1.Author{Role: "staff"},
		}}, time.Time{})
		leaks, _, _ := said(a[0], earshotv1.Category_CATEGORY_LEAKAGE)
		queries.count(row.Label == "phi", leaks)
	}
	require.NoError(t, lines.Err())
	t.Logf("precision %.3f recall %.3f", queries.precision(), queries.recall())
	require.GreaterOrEqual(t, queries.precision(), 0.9)
	require.GreaterOrEqual(t, queries.recall(), 0.97)
}
