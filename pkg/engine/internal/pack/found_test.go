package pack_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/pack"
)

// TestExemptionsAtTheirEdges holds how far an exemption reaches and where it stands.
func TestExemptionsAtTheirEdges(t *testing.T) {
	r := compile(t, parse(t, `
    detection: {a: {words: [alpha]}, b: {words: [beta]}}
    condition: a
    exemptions:
      - {id: near, title: N, words: [maybe], near: {to: a, tokens: 2}, strength: 0.5}
      - {id: other, title: O, words: [perhaps], near: {to: b, tokens: 2}, strength: 0.5}
      - {id: start, title: S, words: [doubt*], strength: 0.5}
      - {id: said, title: Q, when: quoted(a), strength: 0.5}
      - {id: both, title: B, when: "near(a, b, 1)", strength: 0.5}`))
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"none", "alpha", nil},
		{"near before", "maybe alpha", []string{"near"}},
		{"near behind", "alpha maybe", []string{"near"}},
		{"exactly as far", "alpha x maybe", []string{"near"}},
		{"one too far", "alpha x x maybe", nil},
		{"near another place of the word", "alpha x x x maybe alpha", []string{"near"}},
		{"near a word that is not there", "alpha perhaps", nil},
		{"near a word that the condition does not need", "alpha, perhaps beta", []string{"other"}},
		{"start of a word", "alpha doubtful", []string{"start"}},
		{"disguised", "alpha d0ubtful", []string{"start"}},
		{"condition over the rule's words", `"alpha"`, []string{"said"}},
		{"condition over two of them", "alpha beta", []string{"both"}},
		{"all at once", `"alpha" beta maybe doubt`, []string{"near", "start", "said", "both"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			verdicts := r.judge(t, tc.text, nil)
			require.Len(t, verdicts, 1)
			var got []string
			for _, g := range verdicts[0].Guards {
				got = append(got, g.ID)
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestVoicesAndPlaces runs one rule for each voice: the public is left out unless named.
func TestVoicesAndPlaces(t *testing.T) {
	for _, who := range pack.Voices {
		t.Run(who, func(t *testing.T) {
			everybody := compile(t, parse(t, words+"a"))
			named := compile(t, parse(t, "\n    applies: {who: ["+who+"]}"+words+"a"))
			adjust := func(c *pack.Context) { c.Who = who }
			require.Len(t, everybody.judge(t, "alpha", adjust), map[bool]int{true: 0, false: 1}[who == "pub"])
			require.Len(t, named.judge(t, "alpha", adjust), 1)
			require.Empty(t, named.judge(t, "alpha", func(c *pack.Context) { c.Who = "nobody" }))
		})
	}
}

// TestVerdictsDoNotDependOnOtherRules judges random texts by one rule alone and among
// rules that share its words: its verdict is the same.
func TestVerdictsDoNotDependOnOtherRules(t *testing.T) {
	conditions := []string{"a", "a && b", "a || b", "near(a, b, 2)", "a && !b", "count(a) >= 2", "n && a", "(a && n) || b", "same(a, b) && question", "quoted(a) || b"}
	crowd := make([]*pack.Pack, len(conditions))
	for i, condition := range conditions {
		crowd[i] = parse(t, words+"'"+condition+"'")
		crowd[i].Name = "house" + string(rune('a'+i))
	}
	among := compile(t, crowd...)
	random := rand.New(rand.NewPCG(1, 6))
	pieces := strings.Fields(`alpha beta bet 12 x "alpha" ? . alpha! 1`)
	for i, condition := range conditions {
		t.Run(condition, func(t *testing.T) {
			alone := compile(t, crowd[i])
			for range 200 {
				var text []string
				for range random.IntN(9) {
					text = append(text, pieces[random.IntN(len(pieces))])
				}
				joined := strings.Join(text, " ")
				want, got := alone.judge(t, joined, nil), 0
				for _, v := range among.judge(t, joined, nil) {
					if v.Pack == crowd[i].Name {
						got++
						require.Equal(t, want[0].Spans, v.Spans, "%q", joined)
					}
				}
				require.Equal(t, len(want), got, "%q", joined)
			}
		})
	}
}
