package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// houses are many brands with names of their own.
func houses(n int) []engine.Brand {
	out := make([]engine.Brand, n)
	for i := range out {
		out[i] = engine.Brand{ID: fmt.Sprintf("house-%02d", i), Name: fmt.Sprintf("Quorlex House%02d", i), Handles: []string{fmt.Sprintf("@quorlex%02d", i)}}
	}
	return out
}

// TestEventsOfManyBrands counts the assessments of each kind of event: a deletion and an
// edit reach every brand once, in the order of the configuration.
func TestEventsOfManyBrands(t *testing.T) {
	const brands = 24
	e := newEngine(t, houses(brands)...)
	for _, tc := range []struct {
		name    string
		op      earshotv1.PostOp
		text    string
		all     int
		matched []int
	}{
		{"created, nobody", earshotv1.PostOp_POST_OP_CREATED, "lovely day", 0, nil},
		{"created, one", earshotv1.PostOp_POST_OP_CREATED, "hey @quorlex07", 1, []int{7}},
		{"created, first and last", earshotv1.PostOp_POST_OP_CREATED, "hey @quorlex23 and @quorlex00", 2, []int{0, 23}},
		{"kind of event not told", earshotv1.PostOp_POST_OP_UNSPECIFIED, "hey @quorlex07", 1, []int{7}},
		{"edited, nobody is left", earshotv1.PostOp_POST_OP_EDITED, "lovely day", brands, nil},
		{"edited, one in the middle", earshotv1.PostOp_POST_OP_EDITED, "hey @quorlex07", brands, []int{7}},
		{"edited, first and last", earshotv1.PostOp_POST_OP_EDITED, "hey @quorlex23 and @quorlex00", brands, []int{0, 23}},
		{"deleted", earshotv1.PostOp_POST_OP_DELETED, "hey @quorlex07", brands, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := created(tc.text)
			ev.Op = tc.op
			all := e.Assess(ev, judgedAt)
			require.Len(t, all, tc.all)
			seen, matched := map[string]bool{}, map[string]bool{}
			for _, a := range all {
				require.False(t, seen[a.GetBrandId()], "one assessment a brand")
				seen[a.GetBrandId()] = true
				require.Equal(t, tc.op, a.GetOp())
				require.Equal(t, ev.GetProvenance(), a.GetProvenance())
				require.Equal(t, judgedAt, a.GetAssessedAt().AsTime())
				require.Equal(t, "x:1", a.GetPost().GetId())
				if matched[a.GetBrandId()] = a.GetMatched(); !a.GetMatched() {
					require.Empty(t, a.GetPost().GetText())
					require.Nil(t, a.GetPost().GetAuthor())
					require.Zero(t, a.GetScore())
				}
				if tc.op != earshotv1.PostOp_POST_OP_UNSPECIFIED {
					require.NoError(t, schemas.ValidateAssessment(a))
				}
			}
			count := 0
			for _, is := range matched {
				if is {
					count++
				}
			}
			require.Equal(t, len(tc.matched), count)
			for _, i := range tc.matched {
				require.True(t, matched[fmt.Sprintf("house-%02d", i)])
			}
		})
	}
}

// TestAnEditTakesBack follows one post through its life: the id of a judgement is the
// same for the same revision and new for the next.
func TestAnEditTakesBack(t *testing.T) {
	e := newEngine(t, acme(), globex())
	post := created("Acme Bank lost my money, and Globex Air my bag")
	first := e.Assess(post, judgedAt)
	require.Len(t, first, 2)
	require.Equal(t, marshal(t, first), marshal(t, e.Assess(post, judgedAt)), "a repeat is the same")
	post.Op, post.Post.Revision, post.Post.Text = earshotv1.PostOp_POST_OP_EDITED, 1, "Globex Air lost my bag"
	second := e.Assess(post, judgedAt)
	require.Len(t, second, 2)
	for _, a := range second {
		require.Equal(t, a.GetBrandId() == "globex", a.GetMatched())
		for _, b := range first {
			require.NotEqual(t, a.GetId(), b.GetId())
		}
	}
}

func TestTimeOnlyStamps(t *testing.T) {
	e := newEngine(t, acme())
	ev := created("@acmebank my card " + card + " is declined again, terrible")
	now, never := e.Assess(ev, judgedAt)[0], e.Assess(ev, time.Time{})[0]
	require.Nil(t, never.GetAssessedAt())
	now.AssessedAt = nil
	require.Equal(t, marshal(t, []*earshotv1.Assessment{never}), marshal(t, []*earshotv1.Assessment{now}))
}

// phrases make random posts that touch every part of the engine.
var phrases = []string{
	"@acmebank", "Globex Air", "Guaranteed 12% return, zero risk", "my card " + card, "key " + awsKey, "the app is down again", "boycott them", "not", "“quoted”", "é👍🏽",
	"Project Bluefinch goes live in May", "no r i s k", "gu4r4nt33d profit", "terrible, I hate it", "love it", "?", "the password is Sunny!Beach42", "\u200b", "幸せ銀行", "call me on +44 7911 123456",
}

func randomPost(random *rand.Rand) *earshotv1.PostEvent {
	var text []string
	for range 1 + random.IntN(9) {
		text = append(text, phrases[random.IntN(len(phrases))])
	}
	ev := created(strings.Join(text, " "))
	if random.IntN(2) == 0 {
		ev = byEmployee(strings.Join(text, " "))
	}
	if random.IntN(4) == 0 {
		ev.Op = earshotv1.PostOp_POST_OP_EDITED
	}
	return ev
}

// TestJudgementsDoNotDependOnWhoElseJudges judges random posts one after the other and
// in many goroutines at once: the bytes are the same.
func TestJudgementsDoNotDependOnWhoElseJudges(t *testing.T) {
	e := newEngine(t, acme(), globex())
	random := rand.New(rand.NewPCG(11, 13))
	posts := make([]*earshotv1.PostEvent, 150)
	want := make([][]string, len(posts))
	for i := range posts {
		posts[i] = randomPost(random)
		want[i] = marshal(t, e.Assess(posts[i], judgedAt))
	}
	var workers sync.WaitGroup
	for w := range 6 {
		workers.Go(func() {
			for k := range posts {
				i := (k*7 + w*31) % len(posts)
				got := e.Assess(posts[i], judgedAt)
				if len(got) != len(want[i]) {
					t.Errorf("post %d: %d assessments, alone %d", i, len(got), len(want[i]))
					continue
				}
				for n, bytes := range marshal(t, got) {
					if bytes != want[i][n] {
						t.Errorf("post %d: judgement %d depends on others", i, n)
					}
				}
			}
		})
	}
	workers.Wait()
}

// TestEveryAssessmentKeepsItsContract holds random posts to the schema and to what the
// numbers promise.
func TestEveryAssessmentKeepsItsContract(t *testing.T) {
	e := newEngine(t, acme(), globex())
	random := rand.New(rand.NewPCG(17, 19))
	for range 400 {
		ev := randomPost(random)
		points := uint32(len([]rune(ev.GetPost().GetText())))
		for _, a := range e.Assess(ev, judgedAt) {
			require.NoError(t, schemas.ValidateAssessment(a))
			if !a.GetMatched() {
				continue
			}
			top := 0.0
			for _, c := range a.GetCategories() {
				top = max(top, c.GetScore())
				holdCategory(t, c, points)
			}
			require.InDelta(t, top, a.GetScore(), 1e-9, "the score is that of the gravest category")
		}
	}
}

func holdCategory(t *testing.T, c *earshotv1.CategoryAssessment, points uint32) {
	t.Helper()
	require.True(t, c.GetLikelihood() >= 0 && c.GetLikelihood() <= 1)
	require.True(t, c.GetImpact() >= 0 && c.GetImpact() <= 1)
	sum := 0.0
	for _, share := range c.GetLikelihoodContributions() {
		sum += share.GetShare()
	}
	if len(c.GetFindings()) > 0 {
		require.InDelta(t, 1, sum, .001, "shares of the likelihood add up")
	}
	for _, f := range c.GetFindings() {
		require.NotEmpty(t, f.GetRule())
		require.NotEmpty(t, f.GetRuleVersion())
		require.NotEmpty(t, f.GetWhy())
		require.NotEmpty(t, f.GetSpans(), f.GetRule())
		for _, s := range f.GetSpans() {
			require.True(t, s.GetStart() < s.GetEnd() && s.GetEnd() <= points, f.GetRule())
		}
	}
}

// TestHints holds posts that a source collected for a brand, by id or by name.
func TestHints(t *testing.T) {
	e := newEngine(t, acme(), globex())
	for _, tc := range []struct {
		name  string
		hints []string
		want  []string
	}{
		{"none", nil, nil},
		{"id", []string{"acme"}, []string{"acme"}},
		{"name", []string{"acme bank"}, []string{"acme"}},
		{"both brands", []string{"globex", "acme"}, []string{"acme", "globex"}},
		{"twice the same", []string{"acme", "acme"}, []string{"acme"}},
		{"nobody's", []string{"initech", ""}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := created("three hours on hold")
			ev.Post.CollectedFor = tc.hints
			var got []string
			for _, a := range e.Assess(ev, judgedAt) {
				got = append(got, a.GetBrandId())
				require.Equal(t, "collected_for", a.GetMatch().GetReason())
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestRegisteredVoices holds who a post speaks for: the register decides, not what the
// post says of itself.
func TestRegisteredVoices(t *testing.T) {
	const promise = "@acmebank Guaranteed 12% return on this note, zero risk"
	e := newEngine(t, acme())
	for _, tc := range []struct {
		name   string
		change func(p *earshotv1.Post)
		want   bool // judged for compliance
	}{
		{"stranger", func(*earshotv1.Post) {}, false},
		{"stranger with a title", func(p *earshotv1.Post) { p.Author.Role = "financial advisor" }, false},
		{"on the register", func(p *earshotv1.Post) { p.Author.Handle = "@dana" }, true},
		{"on the register, in capitals", func(p *earshotv1.Post) { p.Author.Handle = "@DANA" }, true},
		{"same handle elsewhere", func(p *earshotv1.Post) { p.Author.Handle, p.Platform, p.Id = "@dana", "mastodon", "mastodon:1" }, false},
		{"own account", func(p *earshotv1.Post) { p.Author.Handle = "@acmebank" }, true},
		{"employee by its source", func(p *earshotv1.Post) { p.Kind = earshotv1.PostKind_POST_KIND_EMPLOYEE }, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := created(promise)
			tc.change(ev.GetPost())
			require.Equal(t, tc.want, len(judge(t, e, ev).GetCategories()[compliance].GetFindings()) > 0)
		})
	}
}

// TestLongAndOddTexts feeds what a stranger may send; nothing of it may harm.
func TestLongAndOddTexts(t *testing.T) {
	e := newEngine(t, acme())
	for name, text := range map[string]string{
		"many keys":        strings.Repeat(awsKey+" ", 3000),
		"many cards":       strings.Repeat(card+", ", 3000),
		"many mailboxes":   strings.Repeat("judith.arkwright@pellmail.example ", 2000),
		"one long word":    strings.Repeat("a", 64<<10),
		"one long number":  strings.Repeat("4", 64<<10),
		"quotation marks":  strings.Repeat(`"`, 64<<10),
		"combining marks":  "a" + strings.Repeat("\u0301", 20000),
		"invisible":        strings.Repeat("\u200b", 20000),
		"broken bytes":     strings.Repeat("\xff\xc3", 20000),
		"brands":           strings.Repeat("@acmebank ", 6000),
		"promises":         strings.Repeat("guaranteed profit ", 3500),
		"half a character": strings.Repeat("a", 64<<10-1) + "é",
	} {
		t.Run(name, func(t *testing.T) {
			a := e.Assess(created("@acmebank "+text), judgedAt)
			require.Len(t, a, 1)
			require.LessOrEqual(t, len(a[0].GetPost().GetText()), 64<<10)
			require.NotContains(t, a[0].GetPost().GetText(), awsKey)
			require.NotContains(t, a[0].GetPost().GetText(), "1488 0343")
			for _, c := range a[0].GetCategories() {
				require.LessOrEqual(t, len(c.GetFindings()), 64)
			}
		})
	}
}
