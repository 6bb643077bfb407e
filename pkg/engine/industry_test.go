package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestIndustryNarrowsRules tells that a brand without an industry gets every rule.
func TestIndustryNarrowsRules(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	shared, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	for _, tc := range []struct {
		industry string
		want     bool
	}{{"finance", true}, {" Finance", true}, {"", true}, {"food", false}, {"FOOD", false}} {
		t.Run("industry "+tc.industry, func(t *testing.T) {
			e, err := shared.ForBrand(engine.Brand{ID: "x", Name: "Zzyx", Industry: tc.industry}, true)
			require.NoError(t, err)
			p := labelledPost{ID: "1"}
			p.Post.Kind, p.Post.Lang, p.Post.Text = "employee", "en", "Guaranteed 12 % return, zero risk, DM me"
			p.Post.Author.Role = "financial advisor"
			_, kinds, _ := said(e.Assess(p.event(), time.Unix(0, 0))[0], earshotv1.Category_CATEGORY_COMPLIANCE)
			require.Equal(t, tc.want, kinds["promissory"])
		})
	}
}

func TestIndustryThatNoRuleKnows(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	for _, tc := range []struct {
		industry string
		good     bool
	}{{"finance", true}, {" Finance", true}, {"", true}, {"logistics", true}, {"other", true}, {"financial services", false}, {"bankking", false}} {
		t.Run("industry "+tc.industry, func(t *testing.T) {
			_, err := engine.New(engine.Options{Packs: packs, Brands: []engine.Brand{{ID: "x", Name: "Zzyx", Industry: tc.industry}}, Key: make([]byte, 32)})
			if tc.good {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, `brand "x": industry "`+tc.industry+`": none of airline, alcohol, `)
		})
	}
}
