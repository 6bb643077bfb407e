package engine_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// moonPack is a pack of one rule; changes are pairs of what to replace by what.
func moonPack(changes ...string) string {
	return strings.NewReplacer(changes...).Replace(`
name: house
version: 1.0.0
rules:
  - id: r1
    title: Says moon
    status: stable
    description: Somebody says moon.
    kind: promissory
    category: compliance
    family: moon
    level: low
    likelihood: 0.8
    detection: {moon: {words: [moon]}}
    condition: moon
    must_match: [{text: to the moon, who: rep}, {text: moon, who: rep}, {text: a moon, who: emp}]
    must_pass: [{text: to Mars, who: rep}, {text: moonlight, who: rep}, {text: sun, who: exec}]
`)
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

func TestLoadPacksOfSeveralFolders(t *testing.T) {
	packs, err := engine.LoadPacks(
		fstest.MapFS{"b.yaml": file(moonPack("name: house", "name: b")), "a.yaml": file(moonPack("name: house", "name: a")), "deeper/c.yaml": file("no pack")},
		fstest.MapFS{"a.yaml": file(moonPack("name: house", "name: second"))},
	)
	require.NoError(t, err)
	var names []string
	for _, p := range packs {
		names = append(names, p.Name())
	}
	require.Equal(t, []string{"a", "b", "second"}, names, "by folder, then by file; folders below are not read")
}

func TestLoadPacksPassesNoFileOver(t *testing.T) {
	_, err := engine.LoadPacks(fstest.MapFS{"a.yaml": file(moonPack()), "b.yml": file(moonPack("name: house", "name: b"))})
	require.ErrorContains(t, err, `["b.yml"]: names of packs end in .yaml`)
}

// TestPackErrors holds what the author of a pack reads when the start-up ends.
func TestPackErrors(t *testing.T) {
	key := []byte("a key of these tests only")
	for _, tc := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"key that nobody knows", []string{"title:", "tittle:"}, "field tittle not found"},
		{"rule without a title", []string{"Says moon", `""`}, `read pack house.yaml: rule "r1": title: missing`},
		{"condition of nothing", []string{"condition: moon", "condition: mars"}, `pack house.yaml: rule "r1": condition: ERROR`},
		{"level", []string{"level: low", "level: none"}, `read pack house.yaml: rule "r1": level "none"`},
		{"category", []string{"category: compliance", "category: taste"}, `rule "r1": category "taste"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": file(moonPack(tc.changes...))})
			if err == nil {
				_, err = engine.New(engine.Options{Packs: packs, Key: key})
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestTwoPacksOfOneName(t *testing.T) {
	packs, err := engine.LoadPacks(fstest.MapFS{"a.yaml": file(moonPack()), "b.yaml": file(moonPack())})
	require.NoError(t, err)
	_, err = engine.New(engine.Options{Packs: packs, Key: []byte("a key of these tests only")})
	require.EqualError(t, err, `pack b.yaml: name "house" is taken by a.yaml`)
}

// moon judges a text by one changed rule alone and returns its compliance.
func moon(t *testing.T, text string, changes ...string) *earshotv1.CategoryAssessment {
	t.Helper()
	packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": file(moonPack(changes...))})
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: packs, RulesOnly: true, Key: []byte("a key of these tests only")})
	require.NoError(t, err)
	return judge(t, e, byEmployee(text)).GetCategories()[compliance]
}

func TestShadowFindsWithoutEffect(t *testing.T) {
	assess := func(changes ...string) *earshotv1.Assessment {
		packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": file(moonPack(changes...))})
		require.NoError(t, err)
		e, err := engine.New(engine.Options{
			Brands: []engine.Brand{acme()}, Packs: packs, Terms: map[string]engine.Terms{"reddit": {Off: []string{"promissory"}}}, RulesOnly: true, Key: []byte("a key of these tests only"),
		})
		require.NoError(t, err)
		return judge(t, e, byEmployee("to the moon"))
	}
	live := assess()
	require.Empty(t, live.GetShadow())
	a := assess("rules:", "shadow: true\nrules:", "condition: moon", "condition: moon\n    exemptions: [{id: e, title: Far, words: [to], strength: 0.5}]")
	require.Len(t, a.GetShadow(), 1)
	require.Equal(t, "house.r1", a.GetShadow()[0].GetRule())
	require.InDelta(t, 0.4, a.GetShadow()[0].GetLikelihood(), 1e-9, "its exemption holds as it would live")
	require.Less(t, a.GetScore(), live.GetScore())
	require.Empty(t, a.GetCategories()[compliance].GetGuards())
}

// TestRuleFields changes one field of a rule at a time and looks at the judgement.
func TestRuleFields(t *testing.T) {
	const text = "to the moon"
	plain := moon(t, text)
	require.Len(t, plain.GetFindings(), 1)
	require.Equal(t, "house.r1", plain.GetFindings()[0].GetRule())
	require.InDelta(t, .3, plain.GetFindings()[0].GetImpact(), 1e-9)
	require.InDelta(t, 1/(1+.198/.802*.198/.802), plain.GetLikelihood(), 1e-4, "0.802 as calibrated for compliance")
	for _, tc := range []struct {
		name, old, new string
		holds          func(c *earshotv1.CategoryAssessment) bool
	}{
		{"shadow", "status: stable", "status: shadow", func(c *earshotv1.CategoryAssessment) bool { return len(c.GetFindings()) == 0 }},
		{"pack in shadow", "rules:", "shadow: true\nrules:", func(c *earshotv1.CategoryAssessment) bool { return len(c.GetFindings()) == 0 }},
		{"level", "level: low", "level: critical", func(c *earshotv1.CategoryAssessment) bool { return c.GetImpact() > plain.GetImpact() }},
		{"likelihood", "likelihood: 0.8", "likelihood: 0.4", func(c *earshotv1.CategoryAssessment) bool { return c.GetLikelihood() < plain.GetLikelihood() }},
		{"floor", "likelihood: 0.8", "likelihood: 0.8\n    floor: 0.9", func(c *earshotv1.CategoryAssessment) bool { return c.GetImpact() == .9 && len(c.GetLevelReasons()) > 0 }},
		{"floor of what is unlikely", "likelihood: 0.8", "likelihood: 0.4\n    floor: 0.9", func(c *earshotv1.CategoryAssessment) bool { return c.GetImpact() == plain.GetImpact() }},
		{"whom it applies to", "condition: moon", "condition: moon\n    applies: {who: [pub]}", func(c *earshotv1.CategoryAssessment) bool { return len(c.GetFindings()) == 0 }},
		{"industry", "condition: moon", "condition: moon\n    applies: {industries: [pharma]}", func(c *earshotv1.CategoryAssessment) bool { return len(c.GetFindings()) == 0 }},
		{"language", "condition: moon", "condition: moon\n    applies: {languages: [de]}", func(c *earshotv1.CategoryAssessment) bool { return len(c.GetFindings()) == 0 }},
		{
			"exemption that holds", "condition: moon", "condition: moon\n    exemptions: [{id: e, title: Far, words: [to], strength: 0.5}]",
			func(c *earshotv1.CategoryAssessment) bool {
				return len(c.GetGuards()) == 1 && c.GetGuards()[0].GetRule() == "house.r1.e" && c.GetFindings()[0].GetLikelihood() == .4
			},
		},
		{
			"exemption that does not", "condition: moon", "condition: moon\n    exemptions: [{id: e, title: Far, words: [mars], strength: 0.5}]",
			func(c *earshotv1.CategoryAssessment) bool {
				return len(c.GetGuards()) == 0 && c.GetFindings()[0].GetLikelihood() == .8
			},
		},
		{"guard", "likelihood: 0.8", "strength: 0.8", func(c *earshotv1.CategoryAssessment) bool {
			return len(c.GetFindings()) == 0 && len(c.GetGuards()) == 1 && c.GetLikelihood() < .01
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := moon(t, text, tc.old, tc.new)
			require.True(t, tc.holds(c), "%v", c)
		})
	}
}

// TestBuiltinPacksAreWhole holds what people read of every rule that ships: no rule
// without a source, an advice and a reason.
func TestBuiltinPacksAreWhole(t *testing.T) {
	e := newEngine(t, acme())
	for _, text := range []string{
		"Guaranteed 12% return on this note, zero risk. DM me.", "Just a happy customer: their app is amazing, not sponsored", "carbon neutral delivery, order now",
		"Let's move this to whatsapp, compliance can't see it", "Mrs Abernathy in bed 4 got her HIV results back",
	} {
		for _, c := range judge(t, e, byEmployee(text)).GetCategories() {
			for _, f := range c.GetFindings() {
				require.NotEmpty(t, f.GetTitle(), f.GetRule())
				require.NotEmpty(t, f.GetCite(), f.GetRule())
				require.NotEmpty(t, f.GetMitigate(), f.GetRule())
				require.NotEmpty(t, f.GetWhy(), f.GetRule())
				require.NotEmpty(t, f.GetFamily(), f.GetRule())
			}
		}
	}
}
