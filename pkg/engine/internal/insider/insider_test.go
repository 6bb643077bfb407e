package insider

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestTold(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "figures before results", Role: "accountant", Text: "Revenue fell nine percent in June and the results come out on Thursday", Rule: "insider.unpublished-figures", Value: "Revenue fell nine percent in June"},
		{Name: "against plan", Role: "account executive", Text: "closing the quarter way below plan, somebody hug me", Rule: "insider.unpublished-figures"},
		{Name: "a deal", Role: "director", Text: "the takeover is signed, not announced until Monday", Rule: "insider.unannounced-deal"},
		{Name: "a departure", Role: "assistant", Text: "our CFO is leaving, nobody outside has been told", Rule: "insider.departure"},
		{Name: "distress", Role: "treasury analyst", Text: "cash until May, then the covenant goes. keep this between us", Rule: "insider.distress"},
		{Name: "a trial", Role: "statistician", Text: "phase 3 missed. the press release is tomorrow", Rule: "insider.trial-outcome"},
		{Name: "a hint to trade", Role: "controller", Text: "let me just say I would not hold our shares before Thursday's call", Rule: "insider.tip"},
		{Name: "a customer", Role: "sales engineer", Text: "we won Calder Rail, 900 seats, and it isn't public yet", Rule: "insider.unannounced-customer"},
		{Name: "a product", Role: "designer", Text: "the foldable version ships in October and I'd get fired for this", Rule: "insider.unannounced-plan"},
		{Name: "people who do not know", Role: "engineer", Text: "we're closing the Leeds branch in August and nobody has told the branch", Rule: "insider.unannounced-plan"},
		{Name: "no words for what", Role: "producer", Text: "In Oslo, our spring line has a dragon on it, announcement is on Friday so shhh", Rule: "insider.not-to-be-told"},
		{Name: "without a hyphen", Role: "buyer", Text: "like for likes are down four and nobody outside knows", Rule: "insider.unpublished-figures"},
		{Name: "softer", Role: "planner", Text: "the second half looks softer than we guided, keep it under your hat", Rule: "insider.unpublished-figures"},
		{Name: "what the analysts do not know", Role: "accountant", Text: "margins are halved and the analysts have no idea", Rule: "insider.unpublished-figures"},
		{Name: "owners for people", Role: "assistant", Text: "we're buying the boiler people for 80 million, not announced", Rule: "insider.unannounced-deal"},
		{Name: "lawyers", Role: "assistant", Text: "two logos, one set of lawyers, and nobody outside knows", Rule: "insider.unannounced-deal"},
		{Name: "the price moves", Role: "controller", Text: "our share price is about to have a busy Friday", Rule: "insider.tip"},
		{Name: "a flag carrier", Role: "chef", Text: "we're feeding the flag carrier from June, contract gets countersigned tomorrow, hush", Rule: "insider.unannounced-customer"},
		{Name: "a goodbye", Role: "planner", Text: "goodbye to the Leeds depot in March, staff find out on Monday", Rule: "insider.unannounced-plan"},
		{Name: "from a cousin by marriage", Text: "mein Schwager arbeitet dort, der Umsatz liegt 8 Prozent unter Plan, noch nicht öffentlich", Rule: "insider.unpublished-figures"},
		{Name: "against last year", Role: "planner", Text: "summer is minus six on last year and nobody at HQ has told the banks", Rule: "insider.unpublished-figures"},
		{Name: "from a relative's desk", Text: "my sister is a buyer at their head office and they're dropping menswear after Christmas", Rule: "insider.unannounced-plan"},
		{Name: "from a relative", Text: "my brother works in their finance team, revenue fell a third last quarter, not announced yet", Rule: "insider.unpublished-figures"},
		{Name: "German", Role: "Leiterin", Text: "Der Umsatz liegt 8 Prozent unter Plan, das wird erst am Donnerstag veröffentlicht", Rule: "insider.unpublished-figures"},
		{Name: "French", Role: "comptable", Text: "Entre nous, le chiffre d'affaires recule de 9 %", Rule: "insider.unpublished-figures"},
		{Name: "Spanish", Role: "comercial", Text: "Firmamos con el Banco Serrano, todavía es secreto", Rule: "insider.unannounced-customer"},
		{Name: "Portuguese", Role: "analista", Text: "Cá entre nós, a receita caiu 5% no trimestre", Rule: "insider.unpublished-figures"},
		{Name: "Italian", Role: "addetto", Text: "Il nuovo modello arriva a marzo, acqua in bocca", Rule: "insider.unannounced-plan"},
		{Name: "Dutch", Role: "manager", Text: "Mondje dicht: de nieuwe app komt op 3 juni", Rule: "insider.unannounced-plan"},
		{Name: "Japanese", Role: "経理", Text: "ここだけの話、第2四半期の売上は12%減", Rule: "insider.unpublished-figures"},
	})
}

// TestLeftAlone holds what insiders may say: what is out, what is old, what is a hope,
// what is another's and what is their own.
func TestLeftAlone(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "results that are out", Role: "executive", Text: "Third-quarter results are out: we beat the plan, see the investor page"},
		{Name: "announced", Role: "marketing manager", Text: "As announced last week, prices go up 4% on 1 March"},
		{Name: "a case study", Role: "sales engineer", Text: "Case study: how Calder Rail moved 900 seats to us"},
		{Name: "on sale", Role: "engineer", Text: "Version 8 is out now, release notes on our website"},
		{Name: "the brand itself", Role: "official brand account", Text: "shhh, our new app launches next week"},
		{Name: "a stranger", Text: "revenue fell 9% in June, keep this between us"},
		{Name: "a relative who only works there", Text: "my brother works there and likes the canteen"},
		{Name: "a household", Role: "accountant", Text: "our household closed the quarter 9% under budget"},
		{Name: "a hope", Role: "engineer", Text: "I hope we launch the app in Brazil one day"},
		{Name: "a competitor", Role: "analyst", Text: "their competitor's revenue fell 4%, says Reuters"},
		{Name: "a model of one's own", Role: "economist", Text: "my model has inflation below forecast in May"},
		{Name: "secrecy about nothing", Role: "nurse", Text: "don't tell anyone I had cake for breakfast"},
		{Name: "history", Role: "archivist", Text: "founded in 1932, revenue grew 40% in the 50s"},
		{Name: "a lesson", Role: "compliance officer", Text: "Lunch-and-learn: a term sheet before it is announced is inside information"},
		{Name: "ignorance of the author", Role: "engineer", Text: "I don't know why the release failed, the build opens on Monday"},
		{Name: "a share price that moved", Role: "engineer", Text: "the share price went up on Friday"},
		{Name: "out this morning", Role: "accountant", Text: "Half-year profit fell by a fifth, as set out in this morning's statement"},
		{Name: "a relative who was there", Text: "my sister was told at the till that they're dropping menswear after Christmas"},
		{Name: "a relative who works from home", Text: "my mum works from home and they are cutting the line in Leeds on Thursday"},
		{Name: "a relative who works elsewhere", Text: "my friend works at a bakery and the Leeds branch closes in March"},
		{Name: "a relative's job and no plan", Text: "my sister works at their head office and wears their coats in March"},
		{Name: "one's own quota", Role: "account executive", Text: "blew past my quota, up 40%, drinks on me"},
		{Name: "silence before results", Role: "manager", Text: "We are in our quiet period, so no comments on revenue until April"},
		{Name: "what analysts say", Role: "engineer", Text: "analysts say revenue is down 9%, funny"},
		{Name: "nothing", Role: "engineer", Text: ""},
	})
}

// TestSound holds every rule to a complete finding, of one family so that claims of one
// post do not add up.
func TestSound(t *testing.T) {
	runner := parttest.New(New())
	for _, s := range append([]shape{topics[0].shape, topics[1].shape, topics[2].shape}, shapes...) {
		require.Contains(t, []string{"financials", "customer", "roadmap"}, s.kind)
		f := claim{shape: &s, Span: detect.Span{Start: 0, End: 3}}.finding(.5)
		parttest.Sound(t, parttest.Found{Finding: f, Text: "abc"})
		require.Equal(t, "leak.insider", f.Family)
	}
	for _, f := range runner.Insider("clerk", "we signed Calder Rail, revenue up 9%, app ships in May, not announced") {
		parttest.Sound(t, f)
	}
}

func TestMoreSecrecyMoreLikely(t *testing.T) {
	runner := parttest.New(New())
	last := 0.0
	for _, text := range []string{
		"revenue fell 9% in June, see the investor page",
		"revenue fell 9% in June",
		"revenue fell 9% in June, guess who is grumpy",
		"revenue fell 9% in June, not announced yet",
		"revenue fell 9% in June, not announced yet, keep it between us",
	} {
		got := 0.0
		for _, f := range runner.Insider("clerk", text) {
			got = max(got, f.Likelihood)
		}
		require.GreaterOrEqual(t, got, last, text)
		last = got
	}
	require.Greater(t, last, 0.8)
}

func TestNotYet(t *testing.T) {
	parttest.Each(t, map[string]bool{
		"it is not announced": true, "announced on Thursday": true, "to be announced": false, "announced this morning": false, "announced yesterday, ships on Thursday": false,
		"until it is announced": true, "it isn't public": true, "a public holiday": false, "public in May": true, "our May incident, with all its details, is public": false,
		"results come out on Thursday": true, "results on a plate": false, "customers love Thursday": false, "the teams find out on the 3rd": true,
	}, anyMark(func(r *reading, i int) bool {
		return of(r.marks[i].class).has(of(pub, openly, due, learn)) && r.notYet(i)
	}))
}

func TestUnknowing(t *testing.T) {
	parttest.Each(t, map[string]bool{
		"nobody knows": true, "support doesn't know": true, "the council has no idea yet": true, "they haven't told their own staff": true,
		"I don't know": false, "everybody knows": false, "you know, it won't work": false,
	}, anyMark(func(r *reading, i int) bool { return r.marks[i].class == ignorant && r.unknowing(i) }))
}

// anyMark tells of a text whether something holds for a mark of its reading.
func anyMark(holds func(r *reading, i int) bool) func(string) bool {
	return func(text string) bool {
		r := reading1(text)
		for i := range r.marks {
			if holds(r, i) {
				return true
			}
		}
		return false
	}
}

// reading1 reads one text as somebody's post.
func reading1(s string) *reading {
	p := &detect.Post{Text: &text.Text{}, Event: &earshotv1.Post{}}
	p.Text.Reset(s)
	return read(p, 0, len(p.Text.Folded))
}

func TestMarks(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		class      class
		want       string // texts of the marks, with "|" between
	}{
		{"percent", "up 14 % or 3.5percent", amount, "14|3.5"},
		{"currency before", "for £19 and €2,50", amount, "19|2,50"},
		{"millions", "40 million, 3bn, 2.1m.", amount, "40|million|3|2.1"},
		{"plain number", "340 stores", number, "340"},
		{"part of a word", "B2B ZV-118x q3", number, "118"},
		{"day", "on the 9th", when, "9"},
		{"name of two words", "we met Calder Rail today", name, "Calder Rail"},
		{"name with a joint", "for Fenwick & Rowe of London", name, "Fenwick & Rowe of London"},
		{"name at the start", "Calder called. Rail too", name, ""},
		{"name of two words at the start", "Calder Rail called", name, "Calder Rail"},
		{"weekday", "see you on Thursday", name, ""},
		{"capitals", "the NDA and the CEO", name, ""},
		{"negation inside a word", "it isn't and didn't", not, "isn't|n't|didn't|n't"},
		{"stem", "they acquired it", buy, "acquire"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := reading1(tc.text)
			var got []string
			for _, m := range r.marks {
				if m.class == tc.class {
					got = append(got, string(r.post.Text.Clean[m.Start:m.End]))
				}
			}
			require.Equal(t, tc.want, strings.Join(got, "|"))
		})
	}
}

func TestReadWords(t *testing.T) {
	for name, list := range map[string]string{"no class": "nonsense: a", "no word": "secret: a,, b", "stem of nothing": "secret: *"} {
		t.Run(name, func(t *testing.T) {
			_, err := readWords("# head\n\n" + list)
			require.ErrorContains(t, err, "line 3")
		})
	}
	d, err := readWords(wordList)
	require.NoError(t, err)
	used := map[class]bool{}
	for _, uses := range d.uses {
		for _, u := range uses {
			used[u.class] = true
		}
	}
	for i := range classNames {
		require.True(t, used[class(i)], classNames[i])
	}
	require.Equal(t, int(name), len(classNames), "all but name")
}

func TestBeside(t *testing.T) {
	runner := func(s string, at string) []detect.Finding {
		r := reading1(s)
		i := strings.Index(s, at)
		return Beside(r.post, detect.Span{Start: i, End: i + len(at)}, 1.6, nil)
	}
	found := runner("the memo says STAFF ONLY. prices go to 60% from 4 November", "STAFF ONLY")
	require.NotEmpty(t, found)
	require.Equal(t, "roadmap", found[0].Kind)
	require.Empty(t, runner("STAFF ONLY. the canteen has soup", "STAFF ONLY"))
	require.Empty(t, runner("STAFF ONLY. "+strings.Repeat("bla ", 200)+"prices go to 60% from 4 November", "STAFF ONLY"))
}

func TestPlanned(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"same sentence", "Heron three routes from Split in June", "Split in June"},
		{"next sentence", "Heron is fun. Three routes in June", "routes in June"},
		{"two sentences on", "Heron is fun. Yes. Three routes in June", ""},
		{"no time", "Heron is fun", ""},
		{"nothing", "Heron", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := reading1(tc.text)
			span, ok := Planned(r.post, detect.Span{Start: 0, End: 5})
			require.Equal(t, tc.want != "", ok)
			require.Contains(t, string(r.post.Text.Clean[span.Start:span.End]), tc.want)
		})
	}
}

func FuzzPost(f *testing.F) {
	f.Add("We signed Calder Rail, 9% up, not announced until Thursday. 内緒 n't £1")
	f.Add("\xff n't 5\xfe% A\x80b")
	runner := parttest.New(New())
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range append(runner.Insider("clerk", text), runner.Public(text)...) {
			require.Less(t, found.Spans[0].Start, found.Spans[0].End)
			require.True(t, found.Likelihood >= 0.4 && found.Likelihood <= 0.9)
		}
	})
}
