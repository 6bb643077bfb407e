package brand_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func read(s string) *text.Text {
	x := &text.Text{}
	x.Reset(s)
	return x
}

// likelihood of the only brand; 0 where it is not mentioned.
func likelihood(t *testing.T, b brand.Brand, text string, belief brand.Belief) float64 {
	t.Helper()
	mentions := find(matcher(t, b), mention(text), belief)
	if len(mentions) == 0 {
		return 0
	}
	return mentions[0].Likelihood
}

// TestNamesThatMeanOtherThings holds brands whose name is an everyday word: each pair is
// one text about the brand and one about the thing.
func TestNamesThatMeanOtherThings(t *testing.T) {
	for _, tc := range []struct {
		name         string
		brand        brand.Brand
		about, other string
	}{
		{"fruit", brand.Brand{ID: "a", Name: "Apple", Industry: "saas", Exclusions: []string{"pie", "orchard"}}, "Apple support took two hours", "an apple pie from the orchard"},
		{"river", brand.Brand{ID: "a", Name: "Amazon", Industry: "retail", Exclusions: []string{"rainforest", "river"}}, "Amazon lost my parcel", "the Amazon river, deep in the rainforest"},
		{"verb", brand.Brand{ID: "a", Name: "Target", Industry: "retail"}, "Target checkout is broken again", "My target is to run daily"},
		{"bird", brand.Brand{ID: "a", Name: "Kestrel", Industry: "telecom", Exclusions: []string{"nest"}}, "Kestrel roaming charges are a joke", "a kestrel in its nest"},
		{"color", brand.Brand{ID: "a", Name: "Orange", Industry: "telecom", Exclusions: []string{"juice"}}, "No signal, Orange is down again", "fresh orange juice"},
		{"greek letter", brand.Brand{ID: "a", Name: "Delta", Industry: "airline", Exclusions: []string{"variant"}}, "Delta cancelled my flight", "the delta variant spreads"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.GreaterOrEqual(t, likelihood(t, tc.brand, tc.about, brand.BeliefNone), .8)
			require.Less(t, likelihood(t, tc.brand, tc.other, brand.BeliefNone), brand.Gate)
		})
	}
}

// TestCluesOrder compares two texts that differ in one clue.
func TestCluesOrder(t *testing.T) {
	lower := brand.Brand{ID: "i", Name: "iFolio", Industry: "finance"}
	for _, tc := range []struct {
		name       string
		brand      brand.Brand
		more, less string
	}{
		{"words of the industry", petrel, "Petrel lost my luggage", "Petrel again"},
		{"capital", petrel, "Saw Petrel today", "Saw petrel today"},
		{"no exclusion", petrel, "Petrel again", "Petrel again, a seabird"},
		{"no article", petrel, "petrel again", "the petrel again"},
		{"whole name", petrel, "Petrel Air again", "Petrel again"},
		{"handle before name", petrel, "@petrelair again", "Petrel again"},
		{"product beside the name", petrel, "Petrel and Petrel Gold", "Petrel and gold"},
		{"a name that starts small, as it is written", lower, "Moved to iFolio", "Moved to ifolio"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Greater(t, likelihood(t, tc.brand, tc.more, brand.BeliefNone), likelihood(t, tc.brand, tc.less, brand.BeliefNone))
		})
	}
}

func TestNamesWithASmallFirstLetter(t *testing.T) {
	b := brand.Brand{ID: "i", Name: "iFolio"}
	for text, want := range map[string]float64{
		"Moved to iFolio": .8, "Moved to IFOLIO": .8, "Moved to ifolio": .45, "moved to ifolio": .62,
	} {
		require.InDelta(t, want, likelihood(t, b, text, brand.BeliefNone), 1e-9, text)
	}
}

func TestExclusions(t *testing.T) {
	b := brand.Brand{ID: "t", Name: "Trove", Exclusions: []string{"treasure", "Trove Road", "#trovegame"}}
	for _, tc := range []struct {
		name, text string
		excluded   bool
	}{
		{"none", "Trove again", false},
		{"word", "Trove of treasure", true},
		{"in capitals", "Trove TREASURE", true},
		{"inside another word", "Trove treasurers", false},
		{"of two words", "the flat on Trove Road", true},
		{"parts of it apart", "Trove is on the road", false},
		{"hashtag", "Trove #TroveGame", true},
		{"disguised", "Trove tre4sure", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.excluded, likelihood(t, b, tc.text, brand.BeliefNone) < brand.Gate)
		})
	}
}

func TestCollectedFor(t *testing.T) {
	for _, tc := range []struct {
		name, hint, text, reason string
	}{
		{"id", "petrel", "lovely day", "collected_for"},
		{"name", "Petrel Air", "lovely day", "collected_for"},
		{"name in capitals", "PETREL AIR", "lovely day", "collected_for"},
		{"id in capitals is another id", "PETREL", "lovely day", ""},
		{"alias is no hint", "Petrel", "lovely day", ""},
		{"another brand", "bank", "lovely day", ""},
		{"name in the text says more", "petrel", "@petrelair is late", "handle"},
		{"exclusion does not outweigh it", "petrel", "Petrel chicks in the nest", "collected_for"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			post := mention(tc.text)
			post.CollectedFor = []string{tc.hint}
			mentions := find(matcher(t, petrel), post, brand.BeliefNone)
			if tc.reason == "" {
				require.Empty(t, mentions)
				return
			}
			require.Equal(t, tc.reason, mentions[0].Reason)
			require.GreaterOrEqual(t, mentions[0].Likelihood, .95)
		})
	}
}

// TestRegister holds who counts as one of a brand's own people.
func TestRegister(t *testing.T) {
	both := brand.Brand{
		ID: "both", Name: "Both", Handles: []string{" @Both_HQ "},
		Employees: []brand.Employee{{ID: "e-1", Platform: "X", Handle: "Dana", Role: "nurse"}, {ID: "e-2", Platform: "mastodon", Handle: "@dana"}},
	}
	for _, tc := range []struct {
		name, platform, handle, id, role string
	}{
		{"platform and handle", "x", "@dana", "e-1", "nurse"},
		{"handle in capitals", "x", "@DANA", "e-1", "nurse"},
		{"handle without its sign", "x", "dana", "e-1", "nurse"},
		{"another platform of the same person", "mastodon", "@dana", "e-2", ""},
		{"a platform of nobody", "linkedin", "@dana", "", ""},
		{"own account, any platform", "linkedin", "@both_hq", "", "official brand account"},
		{"no handle", "x", "", "", ""},
		{"blank handle", "x", " ", "", ""},
		{"longer handle", "x", "@dana2", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			post := mention("lovely day")
			post.Platform, post.Author = tc.platform, &earshotv1.Author{Handle: tc.handle}
			people := matcher(t, both).People(post, nil)
			if tc.id == "" && tc.role == "" {
				require.Empty(t, people)
				return
			}
			require.Equal(t, []brand.Person{{Brand: 0, ID: tc.id, Role: tc.role}}, people)
		})
	}
}

// TestOnePersonOfTwoBrands tells somebody who works for both: each brand judges its own.
func TestOnePersonOfTwoBrands(t *testing.T) {
	a := brand.Brand{ID: "a", Name: "Aaa", Employees: []brand.Employee{{ID: "1", Platform: "x", Handle: "@d", Role: "nurse"}}}
	b := brand.Brand{ID: "b", Name: "Bbb", Employees: []brand.Employee{{ID: "2", Platform: "x", Handle: "@d", Role: "pilot"}}}
	post := mention("lovely day")
	post.Author.Handle = "@d"
	mentions := find(matcher(t, a, b), post, brand.BeliefNone)
	require.Len(t, mentions, 2)
	require.Equal(t, "nurse", mentions[0].Person.Role)
	require.Equal(t, "pilot", mentions[1].Person.Role)
}

func TestSpansOfAMention(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"one", "so Petrel Air then", []string{"Petrel Air"}},
		{"longest of those that start together", "Petrel Air, Petrel", []string{"Petrel Air", "Petrel"}},
		{"handle and name", "@petrelair is Petrel", []string{"@petrelair", "Petrel"}},
		{"disguised", "the P e t r e l again", []string{"P e t r e l"}},
		{"behind emoji", "👍🏽 é Petrel", []string{"Petrel"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.text)
			var got []string
			for _, m := range find(matcher(t, petrel), mention(tc.text), brand.BeliefNone) {
				for _, s := range m.Spans {
					start, end := x.Points(s)
					got = append(got, string([]rune(tc.text)[start:end]))
				}
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestManyNamesAreBounded repeats a name more often than a post says anything new.
func TestManyNamesAreBounded(t *testing.T) {
	mentions := find(matcher(t, petrel), mention(strings.Repeat("Petrel ", 5000)), brand.BeliefNone)
	require.Len(t, mentions, 1)
	require.LessOrEqual(t, len(mentions[0].Spans), 64)
}

// TestBrandsDoNotDisturbEachOther judges random texts by one brand alone and among
// others: the answer about it is the same.
func TestBrandsDoNotDisturbEachOther(t *testing.T) {
	words := strings.Fields("petrel Petrel @petrelair flight the bank Nettlebrook account nest みどり銀行 seabird again, customer. #Petrel petrel.example loan")
	alone, among := matcher(t, petrel), matcher(t, bank, petrel)
	random := rand.New(rand.NewPCG(5, 5))
	for range 500 {
		var text []string
		for range 1 + random.IntN(8) {
			text = append(text, words[random.IntN(len(words))])
		}
		post := mention(strings.Join(text, " "))
		var want, got float64
		for _, m := range find(alone, post, brand.BeliefNone) {
			want = m.Likelihood
		}
		for _, m := range find(among, post, brand.BeliefNone) {
			if m.Brand == 1 {
				got = m.Likelihood
			}
		}
		require.InDelta(t, want, got, 1e-12, "%v", text)
	}
}

// FuzzFind holds every mention to its contract, whatever the text.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"", "@petrelair", "Реtrel Air", "P e t r e l \xff", "petrel.example/nest", "みどり銀行"} {
		f.Add(s)
	}
	m, err := brand.New([]brand.Brand{petrel, bank}, noCodes)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		x := read(text)
		for _, mention := range find(m, mention(text), brand.BeliefNone) {
			require.GreaterOrEqual(t, mention.Likelihood, brand.Gate)
			require.LessOrEqual(t, mention.Likelihood, 1.0)
			require.NotEmpty(t, mention.Reason)
			last := 0
			for _, s := range mention.Spans {
				require.True(t, last <= s.Start && s.Start < s.End && s.End <= len(x.Folded))
				last = s.End
			}
		}
	})
}
