package engine_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// moonEngine has one rule of its own, for "moon", which is right in six of ten cases, and
// the packs that no brand can leave out.
func moonEngine(t *testing.T, terms map[string]engine.Terms, brands ...engine.Brand) *engine.Engine {
	t.Helper()
	builtin, err := engine.BuiltinPacks()
	require.NoError(t, err)
	packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": file(moonPack("likelihood: 0.8", "likelihood: 0.6"))})
	require.NoError(t, err)
	packs = append(packs, slices.DeleteFunc(builtin, func(p engine.Pack) bool { return p.Name() != "protect" })...)
	if len(brands) == 0 {
		brands = []engine.Brand{acme()}
	}
	e, err := engine.New(engine.Options{Brands: brands, Packs: packs, Terms: terms, Key: []byte("a key of these tests only"), RulesOnly: true})
	require.NoError(t, err)
	return e
}

func doubts(e *engine.Engine, ev *earshotv1.PostEvent, from, to float64) []engine.Doubt {
	return e.Doubts(ev, e.Assess(ev, judgedAt), from, to)
}

func TestDoubts(t *testing.T) {
	moon := byEmployee("Acme Bank goes to the moon")
	public := created("Acme Bank goes to the moon")
	paid := created("Acme Bank goes to the moon")
	paid.Post.PaidLabel = true
	deleted := byEmployee("")
	deleted.Op = earshotv1.PostOp_POST_OP_DELETED
	likelihood := judge(t, moonEngine(t, nil), moon).GetCategories()[compliance].GetLikelihood()
	bare, listed := acme(), acme()
	bare.Packs, listed.Packs = []string{"house"}, nil
	off := func(terms engine.Terms) map[string]engine.Terms { return map[string]engine.Terms{"x": terms} }
	for _, tc := range []struct {
		name     string
		terms    map[string]engine.Terms
		brand    engine.Brand
		event    *earshotv1.PostEvent
		from, to float64
		who      string // empty where nobody may be asked
	}{
		{"an insider", nil, listed, moon, 0.3, 0.7, "rep"},
		{"from the likelihood on", nil, listed, moon, likelihood, 1, "rep"},
		{"up to the likelihood", nil, listed, moon, 0.3, likelihood, "rep"},
		{"too sure", nil, listed, moon, 0.3, likelihood - 0.001, ""},
		{"too unlikely", nil, listed, moon, likelihood + 0.001, 1, ""},
		{"the public", nil, listed, public, 0.3, 0.7, ""},
		{"a paid voice", nil, listed, paid, 0.3, 0.7, "paid"},
		{"a deletion", nil, listed, deleted, 0, 1, ""},
		{"protected matter", nil, listed, byEmployee("Acme Bank pays us too little, we form a union on Friday. To the moon"), 0, 1, ""},
		{"no words", nil, listed, byEmployee("@someone"), 0, 1, "rep"},
		{"no text", nil, listed, byEmployee(" \u200b "), 0, 1, ""},
		{"a brand without models", nil, bare, moon, 0.3, 0.7, ""},
		{"terms of the source", off(engine.Terms{Off: []string{"second_opinion"}}), listed, moon, 0.3, 0.7, ""},
		{"terms about the public, an insider", off(engine.Terms{OffPublic: []string{"second_opinion"}}), listed, moon, 0.3, 0.7, "rep"},
		{"terms about the public, a paid voice", off(engine.Terms{OffPublic: []string{"second_opinion"}}), listed, paid, 0.3, 0.7, ""},
		{"every kind forbidden", off(engine.Terms{Off: engine.OpinionKinds()}), listed, moon, 0.3, 0.7, ""},
		{"terms of another source", map[string]engine.Terms{"reddit": {Off: []string{"second_opinion"}}}, listed, moon, 0.3, 0.7, "rep"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := doubts(moonEngine(t, tc.terms, tc.brand), tc.event, tc.from, tc.to)
			if tc.who == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Equal(t, "acme", found[0].BrandID)
			require.Equal(t, tc.who, found[0].Who)
			require.Equal(t, "finance", found[0].Industry)
		})
	}
}

func TestDoubtsAskForWhatIsInDoubt(t *testing.T) {
	moon := byEmployee("Acme Bank goes to the moon")
	kinds := func(terms map[string]engine.Terms, from float64) []string {
		return doubts(moonEngine(t, terms), moon, from, 0.7)[0].Kinds
	}
	one := kinds(nil, 0.3)
	require.Contains(t, one, "promissory")
	require.NotContains(t, one, "roadmap", "leakage is not in doubt")
	require.ElementsMatch(t, engine.OpinionKinds(), kinds(nil, 0))
	less := kinds(map[string]engine.Terms{"x": {Off: []string{"advice"}}}, 0.3)
	require.ElementsMatch(t, one, append(less, "advice"))
	require.Empty(t, doubts(moonEngine(t, nil), moon, math.NaN(), math.NaN()))
}

func TestDoubtsOfSeveralBrands(t *testing.T) {
	e := moonEngine(t, nil, acme(), globex())
	found := doubts(e, byEmployee("Acme Bank and Globex Air go to the moon"), 0.3, 0.7)
	require.Len(t, found, 1, "whoever works for one is one of the public for the other")
	require.Equal(t, "acme", found[0].BrandID)
}

// TestDoubtsNameNobody holds what may leave the machine.
func TestDoubtsNameNobody(t *testing.T) {
	e := moonEngine(t, nil)
	for _, tc := range []struct{ name, text, want string }{
		{"an account", "ask @jane.roe about the moon", "ask @user about the moon"},
		{"an account of another server", "ask @jane@social.example about the moon", "ask @user about the moon"},
		{"the brand's account", "@AcmeBank, to the moon.", "@AcmeBank, to the moon."},
		{"the author's account", "dana says moon, @dana", "@user says moon, @user"},
		{"the author's name", "I am DANA Scully, to the moon", "I am @user, to the moon"},
		{"the author's name in other letters", "I am Ｄａｎａ  Scully, to the moon", "I am @user, to the moon"},
		{"a page", "moon: https://x.example/dana/status/1?x=y now", "moon: http now"},
		{"markup", `<p>to the <a href="https://x.example/@dana">moon</a></p>`, "to the moon"},
		{"a card", "to the moon with " + card, "to the moon with " + strings.Repeat("*", len(card)-4) + card[len(card)-4:]},
		{"hidden letters", "to the mo\u200bon", "to the moon"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := byEmployee(tc.text)
			ev.Post.Author.Name = "Dana Scully"
			found := doubts(e, ev, 0, 1)
			require.Len(t, found, 1)
			require.Equal(t, tc.want, found[0].Text)
		})
	}
	ev := byEmployee("moon, my key is AKIA" + "Q4ZT7MXW2KJB5RNH and my mail dana.scully@example.org")
	text := doubts(e, ev, 0, 1)[0].Text
	require.NotContains(t, text, "Q4ZT7MXW2KJB5RNH")
	require.NotContains(t, text, "scully@example.org")
}

// FuzzDoubts reads strangers' words and names: no fault, no author's name.
func FuzzDoubts(f *testing.F) {
	for _, seed := range [][2]string{{"to the moon, says Dana", "Dana Scully"}, {"@dana@x.example https://a.example", "\xff\xfe\xfd"}, {"<b>moon", "(?i"}, {"us\u0130er moon", "\u0130er"}} {
		f.Add(seed[0], seed[1])
	}
	builtin, err := engine.BuiltinPacks()
	if err != nil {
		f.Fatal(err)
	}
	e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: builtin[:1], Key: make([]byte, 16), RulesOnly: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, words, name string) {
		ev := byEmployee(words)
		ev.Post.Author.Name = name
		for _, d := range doubts(e, ev, 0, 1) {
			if n := strings.Join(strings.Fields(name), " "); len(n) > 3 && n == strings.TrimSpace(name) && !strings.Contains("@user http", strings.ToLower(n)) {
				require.NotContains(t, d.Text, n)
			}
		}
	})
}
