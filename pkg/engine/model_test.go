package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// promise is worded by none of the rules.
const promise = "With me your savings simply put on weight, you will not come out of this any poorer, I would sign that in blood"

func modelEngine(t *testing.T, rulesOnly bool) *engine.Engine {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{
		Brands: []engine.Brand{{ID: "acme", Name: "Acme", Industry: "finance"}}, Packs: packs, Key: make([]byte, 32), RulesOnly: rulesOnly,
	})
	require.NoError(t, err)
	return e
}

func modelPost(kind earshotv1.PostKind, role, text string) *earshotv1.PostEvent {
	return &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "x:1", Platform: "linkedin", Kind: kind, Text: text, Lang: "en", Author: &earshotv1.Author{Role: role},
	}}
}

// heard are the findings of the trained stage in the one assessment of a post.
func heard(t *testing.T, e *engine.Engine, ev *earshotv1.PostEvent) (a *earshotv1.Assessment, findings []*earshotv1.Finding) {
	t.Helper()
	all := e.Assess(ev, time.Time{})
	require.Len(t, all, 1)
	for _, c := range all[0].GetCategories() {
		for _, f := range c.GetFindings() {
			if strings.HasPrefix(f.GetRule(), "model.") {
				findings = append(findings, f)
			}
		}
	}
	return all[0], findings
}

func TestModelSpeaksWhereNoRuleDoes(t *testing.T) {
	post := modelPost(earshotv1.PostKind_POST_KIND_EMPLOYEE, "financial advisor", promise+" at Acme")
	rules, none := heard(t, modelEngine(t, true), post)
	require.Empty(t, none)
	require.NotContains(t, rules.GetVersions().GetPacks(), "model")
	a, found := heard(t, modelEngine(t, false), post)
	require.Len(t, found, 1)
	f := found[0]
	require.Equal(t, "promissory", f.GetKind())
	require.Equal(t, "model.promissory", f.GetRule())
	require.Equal(t, "ml_classifier", f.GetFamily())
	require.Equal(t, f.GetRuleVersion(), a.GetVersions().GetPacks()["model"])
	require.NotEmpty(t, f.GetCite())
	require.NotEmpty(t, f.GetMitigate())
	require.NotEmpty(t, f.GetSpans())
	_, quoted, ok := strings.Cut(f.GetWhy(), "Most telling words: ")
	require.True(t, ok)
	points := []rune(post.GetPost().GetText())
	for i, word := range strings.Split(strings.TrimSuffix(quoted, "."), ", ") {
		require.Equal(t, word, string(points[f.GetSpans()[i].GetStart():f.GetSpans()[i].GetEnd()]))
	}
	require.Greater(t, complianceOf(a).GetLikelihood(), complianceOf(rules).GetLikelihood())
}

// TestModelHearsScamsOfThePublic holds that of the public it reads what lures, and claims
// nothing that only a company's own people can do.
func TestModelHearsScamsOfThePublic(t *testing.T) {
	const scam = "Acme rewards for early wallets, free coins until they run out, dm me and I show you how"
	pub := earshotv1.PostKind_POST_KIND_MENTION
	a, found := heard(t, modelEngine(t, false), modelPost(pub, "", scam))
	require.Len(t, found, 1)
	require.Equal(t, "model.impersonation", found[0].GetRule())
	require.Equal(t, earshotv1.Category_CATEGORY_REPUTATION, a.GetCategories()[0].GetCategory())
	require.GreaterOrEqual(t, a.GetCategories()[0].GetLikelihood(), 0.5)
	for name, text := range map[string]string{
		"no lure": "Acme was late again", "a lure alone": "free coffee at the Acme branch today", "a promise of the public": promise + " says Acme, free",
	} {
		a, found := heard(t, modelEngine(t, false), modelPost(pub, "", text))
		for _, f := range found {
			require.False(t, f.GetKind() == "impersonation" && f.GetLikelihood() >= 0.5, name)
		}
		require.Empty(t, complianceOf(a).GetFindings(), name)
	}
	_, found = heard(t, modelEngine(t, false), modelPost(earshotv1.PostKind_POST_KIND_EMPLOYEE, "", scam))
	for _, f := range found {
		require.NotEqual(t, "impersonation", f.GetKind())
	}
}

// TestModelHearsGrievancesOfThePublic holds what it reads of the public: what no rule says
// and no good words explain.
func TestModelHearsGrievancesOfThePublic(t *testing.T) {
	pub := earshotv1.PostKind_POST_KIND_MENTION
	const plain = "Paid Acme for next day delivery, it is now Thursday week and the box is still in a depot"
	a, found := heard(t, modelEngine(t, false), modelPost(pub, "", plain))
	require.Len(t, found, 1)
	require.Equal(t, "model.complaint", found[0].GetRule())
	require.GreaterOrEqual(t, a.GetCategories()[0].GetLikelihood(), engine.Likely)
	require.LessOrEqual(t, a.GetCategories()[0].GetImpact(), 0.3, "a single complaint of few followers")
	_, found = heard(t, modelEngine(t, true), modelPost(pub, "", plain))
	require.Empty(t, found)

	for name, text := range map[string]string{
		"a rule is sure":  "Acme lost my bag again and nobody answers",
		"good words":      "Day nine with my new Acme boots and I love them, best present ever, thank you so much",
		"nothing is said": "Opened an account with Acme today",
	} {
		_, found = heard(t, modelEngine(t, false), modelPost(pub, "", text))
		require.Empty(t, found, name)
	}
}

// TestToneSpeaksWhereTheModelDoesNot holds the tone of short posts, which are little evidence
// to the trained stage, and of paid voices, whose heads do not know it.
func TestToneSpeaksWhereTheModelDoesNot(t *testing.T) {
	pub := earshotv1.PostKind_POST_KIND_MENTION
	for role, text := range map[string]string{
		"":                "Acme is dreadful, hateful, dismal, ugly and sad",
		"content creator": "Acme is dreadful, hateful, dismal, ugly and sad, so much so that I had to tell all of you",
	} {
		a, _ := heard(t, modelEngine(t, false), modelPost(pub, role, text))
		findings := a.GetCategories()[0].GetFindings()
		require.Len(t, findings, 1, role)
		require.Equal(t, "tone.negative", findings[0].GetRule(), role)
	}
}

func complianceOf(a *earshotv1.Assessment) *earshotv1.CategoryAssessment {
	for _, c := range a.GetCategories() {
		if c.GetCategory() == earshotv1.Category_CATEGORY_COMPLIANCE {
			return c
		}
	}
	return nil
}

func TestModelIsSilent(t *testing.T) {
	e := modelEngine(t, false)
	const employee, mention = earshotv1.PostKind_POST_KIND_EMPLOYEE, earshotv1.PostKind_POST_KIND_MENTION
	for _, tc := range []struct {
		name, role, text string
		kind             earshotv1.PostKind
	}{
		{"about the public", "", promise + " at Acme", mention},
		{"where a rule speaks", "financial advisor", "Guaranteed 12% returns with zero risk at Acme, DM me", employee},
		{"in everyday talk", "engineer", "Lunch at Acme today was soup again, I am not complaining", employee},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, found := heard(t, e, modelPost(tc.kind, tc.role, tc.text))
			for _, f := range found {
				require.Less(t, f.GetLikelihood(), 0.5)
				require.NotEqual(t, earshotv1.PostKind_POST_KIND_MENTION, tc.kind)
				require.NotEqual(t, "promissory", f.GetKind())
			}
		})
	}
}

func TestProtectedMatterSilencesTheModel(t *testing.T) {
	e := modelEngine(t, false)
	const talk = "union vote on friday, we all ask for the same pay at Acme. "
	a, _ := heard(t, e, modelPost(earshotv1.PostKind_POST_KIND_EMPLOYEE, "financial advisor", talk+promise))
	require.NotEmpty(t, complianceOf(a).GetGuards())
	require.Less(t, complianceOf(a).GetLikelihood(), 0.5)
}

func TestModelQuotesNothingHidden(t *testing.T) {
	e := modelEngine(t, false)
	a, found := heard(t, e, modelPost(earshotv1.PostKind_POST_KIND_EMPLOYEE, "financial advisor", promise+" at Acme, write to jane.roe@example.org"))
	require.NotContains(t, a.GetPost().GetText(), "jane.roe")
	for _, f := range found {
		require.NotContains(t, f.GetWhy(), "jane")
		require.NotContains(t, f.GetWhy(), "roe")
	}
}

func TestModelIsAPackThatBrandsChoose(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	for _, tc := range []struct {
		name  string
		packs []string
		want  int
	}{
		{"all", nil, 1},
		{"chosen", []string{"trade", "model"}, 1},
		{"left out", []string{"trade"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, err := engine.New(engine.Options{
				Brands: []engine.Brand{{ID: "acme", Name: "Acme", Industry: "finance", Packs: tc.packs}}, Packs: packs, Key: make([]byte, 32),
			})
			require.NoError(t, err)
			a, found := heard(t, e, modelPost(earshotv1.PostKind_POST_KIND_EMPLOYEE, "financial advisor", promise+" at Acme"))
			require.Len(t, found, tc.want)
			require.Equal(t, tc.want == 1, a.GetVersions().GetPacks()["model"] != "")
		})
	}
}

func TestModelKeepsItsName(t *testing.T) {
	packs, err := engine.LoadPacks(fstest.MapFS{"a.yaml": file(strings.Replace(moonPack(), "name: house", "name: model", 1))})
	require.NoError(t, err)
	_, err = engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.EqualError(t, err, `pack "model": the name is taken by the trained stage`)
	_, err = engine.New(engine.Options{Packs: packs, Key: make([]byte, 32), RulesOnly: true})
	require.NoError(t, err)
}

// TestModelWeighsWhatDetectorsRead holds that what a detector reads between the lines
// counts as the trained stage, which reads the whole post, makes it, and says so.
func TestModelWeighsWhatDetectorsRead(t *testing.T) {
	roadmap := func(e *engine.Engine, text string) *earshotv1.Finding {
		a, _ := heard(t, e, modelPost(earshotv1.PostKind_POST_KIND_EMPLOYEE, "product designer", text))
		for _, c := range a.GetCategories() {
			for _, f := range c.GetFindings() {
				if f.GetFamily() == "leak.insider" {
					return f
				}
			}
		}
		require.Fail(t, "no reading", text)
		return nil
	}
	const leak = "The dark blue fold-out version ships the second week of October. I shouldn't be posting this but LOOK how pretty."
	rules, weighed := roadmap(modelEngine(t, true), leak), roadmap(modelEngine(t, false), leak)
	require.True(t, paraphrase.Reads(rules.GetFamily()))
	require.NotEqual(t, rules.GetLikelihood(), weighed.GetLikelihood())
	require.NotContains(t, rules.GetWhy(), "trained stage")
	require.Contains(t, weighed.GetWhy(), fmt.Sprintf("makes %.2f of %.2f.", weighed.GetLikelihood(), rules.GetLikelihood()))
}
