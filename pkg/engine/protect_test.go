package engine_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// table reads a tab-separated file of testdata, without its head; each line has as many
// fields as the head.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	require.NoError(t, err)
	return rows[1:]
}

// gateRoles are roles of the voices in the tables; "emp:store manager" names one itself.
var gateRoles = map[string]string{
	"own": "official brand account", "rep": "financial advisor", "exec": "chief executive officer", "emp": "engineer",
}

// atWork judges a post of an employee of a brand of an industry.
func atWork(t *testing.T, base *engine.Engine, who, industry, lang, text string) *earshotv1.Assessment {
	t.Helper()
	e, err := base.ForBrand(engine.Brand{ID: "acme", Name: "Zubrik", Industry: industry}, true)
	require.NoError(t, err)
	role, own := "", false
	if _, role, own = strings.Cut(who, ":"); !own {
		role = gateRoles[who]
	}
	ev := created(text)
	ev.Post.Kind, ev.Post.Lang, ev.Post.Url = earshotv1.PostKind_POST_KIND_EMPLOYEE, lang, "https://x.example/kim/1"
	ev.Post.Author = &earshotv1.Author{Id: "u-1", Handle: "@kim", Name: "Kim", Role: role, Followers: 300}
	all := e.Assess(ev, time.Unix(1790000000, 0))
	require.Len(t, all, 1)
	require.NoError(t, schemas.ValidateAssessment(all[0]))
	return all[0]
}

// shielded tells whether some protection holds.
func shielded(a *earshotv1.Assessment) bool {
	return slices.ContainsFunc(a.GetCategories()[compliance].GetGuards(), func(g *earshotv1.Guard) bool { return strings.HasPrefix(g.GetRule(), "protect.") })
}

// concealed tells whether neither the text nor the author of a post is left.
func concealed(a *earshotv1.Assessment) bool {
	return a.GetPost().GetText() == "" && a.GetPost().GetAuthor() == nil && a.GetPost().GetUrl() == ""
}

// weak are the protections that lower a finding and conceal nothing.
var weak = []string{"p07", "p12"}

// TestProtectedPostsAreSuppressed is the release gate of the domain guide (4.12 d): of
// posts that the law protects, at least 95 in 100 are.
func TestProtectedPostsAreSuppressed(t *testing.T) {
	base, rows := newEngine(t, acme()), table(t, "protected.tsv")
	require.GreaterOrEqual(t, len(rows), 120)
	total, right := map[string]int{}, map[string]int{}
	for _, row := range rows {
		rule, who, lang, text := row[0], row[1], row[2], row[3]
		a := atWork(t, base, who, "logistics", lang, text)
		total[rule]++
		quiet := a.GetCategories()[compliance].GetLikelihood() < .5
		switch {
		case quiet && shielded(a) && (concealed(a) || slices.Contains(weak, rule)):
			right[rule]++
		default:
			t.Logf("%s is not suppressed: %q", rule, text)
		}
	}
	sum := 0
	for _, n := range right {
		sum += n
	}
	t.Logf("%d of %d suppressed", sum, len(rows))
	require.Len(t, total, 14, "every protection has posts")
	require.GreaterOrEqual(t, float64(sum)/float64(len(rows)), .95)
	for rule, n := range total {
		require.GreaterOrEqual(t, float64(right[rule])/float64(n), .75, rule)
	}
}

// TestLimitsOfProtectionHold judges posts in which a protection ends: threats, patients,
// secrets of others, supervisors, trade.
func TestLimitsOfProtectionHold(t *testing.T) {
	base, rows := newEngine(t, acme()), table(t, "unprotected.tsv")
	require.GreaterOrEqual(t, len(rows), 60)
	for _, row := range rows {
		limit, who, industry, want, text := row[0], row[1], row[2], row[3], row[4]
		a := atWork(t, base, who, industry, "en", text)
		seen := a.GetCategories()[compliance].GetLikelihood() >= .5 || a.GetCategories()[leakage].GetLikelihood() >= .5
		if concealed(a) || want == "finding" && !seen {
			t.Errorf("%s: suppressed: %q: %v", limit, text, a.GetCategories()[compliance].GetGuards())
		}
	}
}

// TestConcealment looks at what an assessment keeps of protected posts.
func TestConcealment(t *testing.T) {
	base := newEngine(t, acme())
	const talk = "Union vote on Thursday, we meet in the canteen. "
	const reason = "protected activity: the text and its author are withheld"
	t.Run("nothing but the fact", func(t *testing.T) {
		a := atWork(t, base, "emp", "logistics", "en", talk)
		require.True(t, concealed(a))
		require.Equal(t, []string{"x:1", "en"}, []string{a.GetPost().GetId(), a.GetPost().GetLang()}, "an edit must find it")
		require.Contains(t, a.GetCategories()[compliance].GetLevelReasons(), reason)
		require.Empty(t, a.GetMatch().GetSpans())
		for _, c := range a.GetCategories() {
			for _, g := range c.GetGuards() {
				require.Empty(t, g.GetSpans())
			}
		}
	})
	t.Run("only the places that lay somebody open", func(t *testing.T) {
		text := talk + "Scab, watch your back, I know where you park and who signs your reference."
		a := atWork(t, base, "emp", "logistics", "en", text)
		require.Len(t, []rune(a.GetPost().GetText()), len([]rune(text)), "spans hold")
		require.NotContains(t, a.GetPost().GetText(), "Union")
		require.Contains(t, a.GetPost().GetText(), "watch your back")
		require.NotEmpty(t, a.GetPost().GetAuthor().GetHandle(), "somebody has to act")
		for _, f := range a.GetCategories()[compliance].GetFindings() {
			require.Equal(t, "harassment", f.GetKind())
			require.NotEmpty(t, f.GetSpans())
		}
		require.Empty(t, a.GetCategories()[reputation].GetFindings())
	})
	t.Run("the public is no employee", func(t *testing.T) {
		a := judge(t, newEngine(t, acme()), created("Acme Bank staff: "+talk))
		require.Contains(t, a.GetPost().GetText(), "Union")
	})
	t.Run("a weak protection conceals nothing", func(t *testing.T) {
		a := atWork(t, base, "emp", "logistics", "en", "Satire: our toaster is now head of toast")
		require.True(t, shielded(a))
		require.NotEmpty(t, a.GetPost().GetText())
	})
	t.Run("every assessment of the post", func(t *testing.T) {
		e := newEngine(t, acme(), globex())
		ev := byEmployee(talk + "Even Globex Air staff came.")
		ev.Post.Author.Handle = "@kim"
		ev.Post.Kind, ev.Post.Author.Role, ev.Post.CollectedFor = earshotv1.PostKind_POST_KIND_EMPLOYEE, "teller", []string{"acme"}
		all := e.Assess(ev, judgedAt)
		require.Len(t, all, 2)
		for _, a := range all {
			require.Empty(t, a.GetPost().GetText(), a.GetBrandId())
			require.Nil(t, a.GetPost().GetAuthor(), a.GetBrandId())
		}
	})
	t.Run("a guard of another pack", func(t *testing.T) {
		packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": file(moonPack("likelihood: 0.8", "strength: 0.95"))})
		require.NoError(t, err)
		e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: packs, Key: []byte("a key of these tests only")})
		require.NoError(t, err)
		require.Equal(t, "to the moon", judge(t, e, byEmployee("to the moon")).GetPost().GetText())
	})
}

// TestGateLooksAtTheSentence has a post of talk about pay and of something else: only what
// rests on the talk is lowered, and nothing else of the post can be read afterwards.
func TestGateLooksAtTheSentence(t *testing.T) {
	base := newEngine(t, acme())
	const talk = "Our team deserves a raise. "
	for _, tc := range []struct {
		name, who, text string
		want            string // what remains to be read, empty for nothing
		hidden          string
	}{
		{"a marking of severity 3 in its own sentence", "emp", talk + "STRICTLY CONFIDENTIAL: the migration plan.", "STRICTLY CONFIDENTIAL", "raise"},
		{"a promise in its own sentence", "rep", talk + "This fund doubles your money in a year, guaranteed.", "guaranteed", "raise"},
		{"a machine in the same sentence", "emp", "We deserve a raise, our box is db-07.corp.zubrik.internal", "db-07.corp.zubrik.internal", "raise"},
		{"on the next line", "emp", "Our team deserves a raise\nSTRICTLY CONFIDENTIAL: the migration plan", "STRICTLY CONFIDENTIAL", "raise"},
		{"a promise in the sentence of the talk", "rep", "We deserve a raise, our pay should double, guaranteed.", "", "raise"},
		{"a trifle in its own sentence", "emp", talk + "Damn this stupid kettle.", "", "kettle"},
		{"wrongdoing of the company, reported", "emp", "We told the ICO. Deletion requests go straight to the bin here and we keep it all.", "", "bin"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := atWork(t, base, tc.who, "finance", "en", tc.text)
			require.True(t, shielded(a) || tc.want != "")
			require.Equal(t, tc.want == "", concealed(a))
			require.Contains(t, a.GetPost().GetText(), tc.want)
			require.NotContains(t, a.GetPost().GetText(), tc.hidden)
			seen := max(a.GetCategories()[compliance].GetLikelihood(), a.GetCategories()[leakage].GetLikelihood()) >= .5
			require.Equal(t, tc.want != "", seen)
			for _, c := range a.GetCategories() {
				for _, f := range c.GetFindings() {
					require.NotContains(t, f.GetWhy(), tc.hidden)
				}
			}
		})
	}
}

// TestTheGateOnlyLowers judges each post of both tables with and without the pack: no
// category may rise by a protection.
func TestTheGateOnlyLowers(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	bare, err := engine.New(engine.Options{
		Packs: slices.DeleteFunc(slices.Clone(packs), func(p engine.Pack) bool { return p.Name() == "protect" }), Key: make([]byte, 32),
	})
	require.NoError(t, err)
	base := newEngine(t, acme())
	posts := map[string][2]string{}
	for _, row := range table(t, "protected.tsv") {
		posts[row[3]] = [2]string{row[1], "logistics"}
	}
	for _, row := range table(t, "unprotected.tsv") {
		posts[row[4]] = [2]string{row[1], row[2]}
	}
	for text, by := range posts {
		with, without := atWork(t, base, by[0], by[1], "en", text), atWork(t, bare, by[0], by[1], "en", text)
		for i := range with.GetCategories() {
			require.LessOrEqual(t, with.GetCategories()[i].GetLikelihood(), without.GetCategories()[i].GetLikelihood(), text)
		}
	}
}
