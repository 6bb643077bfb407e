package brand_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

var petrel = brand.Brand{
	ID: "petrel", Name: "Petrel Air", Aliases: []string{"Petrel", "@petrelair"}, Industry: "airline", Domains: []string{"petrel.example"},
	Products: []string{"Petrel Gold"}, CodeNames: []string{"Fulmar"}, Exclusions: []string{"seabird", "nest", "@petrelwatch"},
	Employees: []brand.Employee{{ID: "e-7", Platform: "linkedin", Handle: "@Dana_K", Role: "pilot"}},
}

var bank = brand.Brand{ID: "bank", Name: "みどり銀行", Aliases: []string{"Nettlebrook"}, Handles: []string{"@nettlebrook"}, Industry: "finance"}

func noCodes(int, *brand.Brand) []string { return nil }

func matcher(t testing.TB, brands ...brand.Brand) *brand.Matcher {
	t.Helper()
	m, err := brand.New(brands, func(_ int, b *brand.Brand) []string { return b.CodeNames })
	require.NoError(t, err)
	return m
}

func mention(post string) *earshotv1.Post {
	return &earshotv1.Post{Platform: "x", Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: post, Author: &earshotv1.Author{Handle: "@someone"}}
}

func find(m *brand.Matcher, post *earshotv1.Post, belief brand.Belief) []brand.Mention {
	var f brand.Finder
	var x, plain text.Text
	x.Reset(post.GetText())
	if x.Plain(&plain) {
		return m.Find(&f, post, &x, &plain, belief)
	}
	return m.Find(&f, post, &x, nil, belief)
}

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		name, text, reason string
		low, high          float64
	}{
		{"nobody", "just another monday", "", 0, 0},
		{"handle", "hey @petrelair where is my bag", "handle", .99, .99},
		{"handle in capitals", "hey @PetrelAir", "handle", .99, .99},
		{"another handle that starts alike", "hey @petrelairlines", "", 0, 0},
		{"handle of a fan", "hey @petrelair_fans", "", 0, 0},
		{"handle of a part", "hey @petrelair.watchers", "", 0, 0},
		{"handle at the end of a sentence", "hey @petrelair. Where is it", "handle", .99, .99},
		{"handle, no blank behind the sentence", "hey @petrelair.Where is it", "handle", .99, .99},
		{"handle behind a full stop", ".@petrelair is late", "handle", .99, .99},
		{"handle, no blank before it", "今日@petrelair", "handle", .99, .99},
		{"handle on another server", "hey @petrelair@mastodon.example", "handle", .99, .99},
		{"mailbox of somebody else", "write to bob@petrelair.org please", "", 0, 0},
		{"handle behind a bracket", "(@petrelair)", "handle", .99, .99},
		{"handle with look-alikes", "hey @petrel\u0430ir", "handle", .99, .99},
		{"domain, longer name before", "see https://notpetrel.example", "", 0, 0},
		{"domain, subdomain", "see https://www.petrel.example", "domain", .97, .97},
		{"domain", "see https://petrel.example/bags", "domain", .97, .97},
		{"long name", "Petrel Air lost my bag", "name", .95, 1},
		{"long name in small letters", "petrel air lost my bag", "name", .95, 1},
		{"single capitalized name", "Petrel again", "alias", .8, .8},
		{"single name with words of its industry", "Petrel cancelled my flight", "alias", .9, .95},
		{"small letters in a text that has capitals", "I saw one petrel today", "alias", .45, .45},
		{"behind an article", "I saw a petrel today", "", 0, 0},
		{"small letters throughout", "petrel did it again", "alias", .6, .65},
		{"exclusion", "Petrel chicks in the nest", "", 0, 0},
		{"exclusion does not outweigh a handle", "@petrelair painted a seabird on the tail", "handle", .99, .99},
		{"hashtag", "#petrel forever", "alias", .8, .8},
		{"hashtag of several words", "#ThanksPetrel", "alias", .8, .8},
		{"possessive", "Petrel's app is down", "alias", .9, .95},
		{"inside another word", "Petrelsburg is nice", "", 0, 0},
		{"look-alikes", "Реtrel Air is late", "name", .95, 1},
		{"zero width characters", "Pet\u200brel Air is late", "name", .95, 1},
		{"product", "upgraded to petrel gold", "product", .7, .9},
	} {
		t.Run(tc.name, func(t *testing.T) {
			mentions := find(matcher(t, petrel), mention(tc.text), brand.BeliefNone)
			if tc.reason == "" {
				require.Empty(t, mentions)
				return
			}
			require.Len(t, mentions, 1)
			require.Equal(t, tc.reason, mentions[0].Reason)
			require.GreaterOrEqual(t, mentions[0].Likelihood, tc.low)
			require.LessOrEqual(t, mentions[0].Likelihood, tc.high)
			require.NotEmpty(t, mentions[0].Spans)
		})
	}
}

func TestFindWithoutBlanks(t *testing.T) {
	mentions := find(matcher(t, petrel, bank), mention("昨日みどり銀行のアプリが落ちた"), brand.BeliefNone)
	require.Len(t, mentions, 1)
	require.Equal(t, 1, mentions[0].Brand)
	require.Equal(t, "name", mentions[0].Reason)
}

func TestFindSeveralBrands(t *testing.T) {
	mentions := find(matcher(t, petrel, bank), mention("left @nettlebrook, flew @petrelair"), brand.BeliefNone)
	require.Len(t, mentions, 2)
	require.Equal(t, []int{0, 1}, []int{mentions[0].Brand, mentions[1].Brand}, "in the order of the configuration")
}

func TestFindCertainties(t *testing.T) {
	insider := mention("lovely day")
	insider.Kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	registered := mention("lovely day")
	registered.Platform, registered.Author.Handle = "linkedin", "dana_k"
	elsewhere := mention("lovely day")
	elsewhere.Author.Handle = "dana_k"
	official := mention("lovely day")
	official.Author.Handle = "@PetrelAir"
	collected := mention("lovely day")
	collected.CollectedFor = []string{"petrel air"}
	for _, tc := range []struct {
		name   string
		brands []brand.Brand
		post   *earshotv1.Post
		belief brand.Belief
		reason string
	}{
		{"employee on the register", []brand.Brand{petrel, bank}, registered, brand.BeliefNone, "register"},
		{"same handle on another platform", []brand.Brand{petrel, bank}, elsewhere, brand.BeliefNone, ""},
		{"own account", []brand.Brand{petrel, bank}, official, brand.BeliefNone, "register"},
		{"unknown employee, one brand", []brand.Brand{petrel}, insider, brand.BeliefNone, "assumed"},
		{"unknown employee, two brands", []brand.Brand{petrel, bank}, insider, brand.BeliefNone, ""},
		{"collected for the name", []brand.Brand{petrel, bank}, collected, brand.BeliefNone, "collected_for"},
		{"assumed", []brand.Brand{petrel}, mention("lovely day"), brand.BeliefAssumed, "assumed"},
		{"believed, not named", []brand.Brand{petrel}, mention("lovely day"), brand.BeliefCollected, "collected_for"},
		{"believed, named", []brand.Brand{petrel}, mention("Petrel Air is late"), brand.BeliefCollected, "name"},
		{"believed, but another thing of that name", []brand.Brand{petrel}, mention("Petrel chicks in the nest"), brand.BeliefCollected, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			mentions := find(matcher(t, tc.brands...), tc.post, tc.belief)
			if tc.reason == "" {
				require.Empty(t, mentions)
				return
			}
			require.Len(t, mentions, 1)
			require.Equal(t, tc.reason, mentions[0].Reason)
			require.GreaterOrEqual(t, mentions[0].Likelihood, .95)
		})
	}
}

func TestFindPerson(t *testing.T) {
	post := mention("lovely day")
	post.Platform, post.Author.Handle = "linkedin", "@dana_k"
	mentions := find(matcher(t, petrel), post, brand.BeliefNone)
	require.Equal(t, &brand.Person{Brand: 0, ID: "e-7", Role: "pilot"}, mentions[0].Person)
	post.Author.Handle = "@petrelair"
	mentions = find(matcher(t, petrel), post, brand.BeliefNone)
	require.Equal(t, "official brand account", mentions[0].Person.Role)
}

func TestFindCodeNames(t *testing.T) {
	mentions := find(matcher(t, petrel), mention("@petrelair when does Fulmar fly"), brand.BeliefNone)
	require.Len(t, mentions[0].CodeNames, 1)
	require.Zero(t, mentions[0].CodeNames[0].Literal)
	require.Empty(t, find(matcher(t, petrel), mention("Fulmar chicks"), brand.BeliefNone), "a code name alone names no brand")
}

func TestFindForgetsThePostBefore(t *testing.T) {
	m := matcher(t, petrel)
	var f brand.Finder
	var x text.Text
	for range 2 {
		x.Reset("Petrel Air flight")
		require.Len(t, m.Find(&f, mention(""), &x, nil, brand.BeliefNone), 1)
		x.Reset("nothing")
		require.Empty(t, m.Find(&f, mention(""), &x, nil, brand.BeliefNone))
	}
}

func TestNewErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		brands []brand.Brand
		want   string
	}{
		{"no id", []brand.Brand{{Name: "A"}}, "id: missing"},
		{"no name", []brand.Brand{{ID: "a"}}, `brand "a": name: missing`},
		{"same id", []brand.Brand{{ID: "a", Name: "A"}, {ID: "a", Name: "B"}}, `brand "a": id: used twice`},
		{
			"tolerance that falls",
			[]brand.Brand{{ID: "a", Name: "A", Tolerance: brand.Tolerance{Leakage: risk.Limits{Accept: 30, Review: 20, Escalate: 50}}}},
			`brand "a": tolerance: accept 30, review 20, escalate 50 must rise`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := brand.New(tc.brands, noCodes)
			require.EqualError(t, err, tc.want)
		})
	}
}

func TestTolerance(t *testing.T) {
	m := matcher(t, brand.Brand{ID: "a", Name: "A", Tolerance: brand.Tolerance{Compliance: risk.Limits{Accept: 5, Review: 20, Escalate: 40}, Reputation: risk.Limits{Accept: 50}}})
	got := m.Brands()[0].Tolerance
	require.Equal(t, risk.Limits{Accept: 5, Review: 20, Escalate: 40}, got.Compliance)
	require.Equal(t, risk.Limits{Accept: 5, Review: 20, Escalate: 50}, got.Leakage, "defaults of domain guide 1.7")
	require.Equal(t, risk.Limits{Accept: 50, Review: 50, Escalate: 60}, got.Reputation)
}

func TestVersionFollowsTheConfiguration(t *testing.T) {
	version := func(b brand.Brand) string { return matcher(t, b).Brands()[0].Version }
	changed := petrel
	changed.Tolerance.Leakage.Review = 21
	require.Equal(t, version(petrel), version(petrel))
	require.NotEqual(t, version(petrel), version(changed))
	require.Len(t, version(petrel), 16)
	capital := petrel
	capital.Industry = " " + strings.ToUpper(petrel.Industry)
	require.NotEmpty(t, petrel.Industry)
	require.Equal(t, version(petrel), version(capital))
}

func TestDecode(t *testing.T) {
	var fromJSON, fromYAML brand.Brand
	require.NoError(t, json.Unmarshal([]byte(`{"id": "a", "name": "A", "aliases": ["@a"], "code_names": ["One"], "codenames": ["Two"]}`), &fromJSON))
	require.Equal(t, brand.Brand{ID: "a", Name: "A", Aliases: []string{"@a"}, CodeNames: []string{"One", "Two"}}, fromJSON)
	require.NoError(t, yaml.Unmarshal([]byte("{id: a, name: A, code_names: [One], employees: [{id: e, platform: x, handle: '@e'}], tolerance: {leakage: {review: 9}}}"), &fromYAML))
	require.Equal(t, "@e", fromYAML.Employees[0].Handle)
	require.Equal(t, 9.0, fromYAML.Tolerance.Leakage.Review)
	require.Error(t, json.Unmarshal([]byte(`{"id": 7}`), &fromJSON))
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := brand.New([]brand.Brand{petrel}, noCodes); err != nil {
			b.Fatal(err)
		}
	}
}
