package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestExposed holds what it means for the brand's name that the public gives things away.
func TestExposed(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	const key = "mysql://aff_rw:Gr33nFelt_08@db-02.acme.example/payouts"
	for _, tc := range []struct {
		name, text string
		kind       earshotv1.PostKind
		rule       string
	}{
		{"a key of the brand", "Acme Bank, your dashboard prints " + key, earshotv1.PostKind_POST_KIND_MENTION, "exposure.breach"},
		{"a card of one's own", "Acme Bank please top up my card " + card, earshotv1.PostKind_POST_KIND_MENTION, "exposure.customer"},
		{"nothing", "Acme Bank please top up my card", earshotv1.PostKind_POST_KIND_MENTION, ""},
		{"an insider's breach is compliance's", "Acme Bank, our dashboard prints " + key, earshotv1.PostKind_POST_KIND_EMPLOYEE, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := created(tc.text)
			ev.Post.Kind = tc.kind
			c := judge(t, e, ev).GetCategories()[0]
			require.Equal(t, earshotv1.Category_CATEGORY_REPUTATION, c.GetCategory())
			var rules []string
			for _, f := range c.GetFindings() {
				if f.GetRule() == tc.rule {
					require.NotEmpty(t, f.GetSpans())
					require.NotEmpty(t, f.GetCite())
					require.NotEmpty(t, f.GetMitigate())
				}
				rules = append(rules, f.GetRule())
			}
			if tc.rule == "" {
				require.NotContains(t, rules, "exposure.breach")
				require.NotContains(t, rules, "exposure.customer")
				return
			}
			require.Contains(t, rules, tc.rule)
			require.GreaterOrEqual(t, c.GetLikelihood(), engine.Likely)
		})
	}
}
