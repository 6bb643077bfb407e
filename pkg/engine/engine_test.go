package engine_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Values of the right shape that were never anybody's.
const (
	awsKey = "AKIA" + "Q4ZT7MXW2KJB5RNH"
	card   = "4539 1488 0343 6467"
)

var judgedAt = time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC)

func acme() engine.Brand {
	return engine.Brand{
		ID: "acme", Name: "Acme Bank", Aliases: []string{"@acmebank"}, Industry: "finance", CodeNames: []string{"Project Bluefinch"},
		Employees: []engine.Employee{{ID: "e-1", Platform: "x", Handle: "@dana", Role: "financial advisor"}},
	}
}

func globex() engine.Brand {
	return engine.Brand{ID: "globex", Name: "Globex Air", Industry: "airline"}
}

func newEngine(t testing.TB, brands ...engine.Brand) *engine.Engine {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Brands: brands, Packs: packs, Key: []byte("a key of these tests only")})
	require.NoError(t, err)
	return e
}

func created(text string) *earshotv1.PostEvent {
	at := timestamppb.New(judgedAt.Add(-time.Minute))
	return &earshotv1.PostEvent{
		Op: earshotv1.PostOp_POST_OP_CREATED,
		Post: &earshotv1.Post{
			Id: "x:1", Platform: "x", NativeId: "1", Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: text, Lang: "en", CreatedAt: at,
			Author: &earshotv1.Author{Handle: "@someone", Followers: 180},
		},
		Provenance: &earshotv1.Provenance{Source: "test", SourceType: "http", ObservedAt: at},
	}
}

func byEmployee(text string) *earshotv1.PostEvent {
	ev := created(text)
	ev.Post.Author.Handle, ev.Post.Author.Followers = "@dana", 1900
	return ev
}

// judge returns the one assessment of an event and checks its contract.
func judge(t testing.TB, e *engine.Engine, ev *earshotv1.PostEvent) *earshotv1.Assessment {
	t.Helper()
	all := e.Assess(ev, judgedAt)
	require.Len(t, all, 1)
	require.NoError(t, schemas.ValidateAssessment(all[0]))
	return all[0]
}

const reputation, leakage, compliance = 0, 1, 2

func kinds(c *earshotv1.CategoryAssessment) []string {
	var out []string
	for _, f := range c.GetFindings() {
		out = append(out, f.GetKind())
	}
	return out
}

func TestAssessNobody(t *testing.T) {
	require.Empty(t, newEngine(t, acme()).Assess(created("just another monday"), judgedAt))
}

func TestAssessNothingWrong(t *testing.T) {
	a := judge(t, newEngine(t, acme(), globex()), created("Opened an account with Acme Bank today"))
	require.Equal(t, "acme", a.GetBrandId())
	require.Equal(t, "name", a.GetMatch().GetReason())
	require.Equal(t, earshotv1.Level_LEVEL_INFO, a.GetLevel())
	for i, leak := range []float64{.02, .01, .01} {
		require.Equal(t, leak, a.GetCategories()[i].GetLikelihood(), "the leak rate of the category")
		require.Empty(t, a.GetCategories()[i].GetFindings())
	}
}

func TestAssessPromise(t *testing.T) {
	a := judge(t, newEngine(t, acme()), byEmployee("Guaranteed 12% return on this note, zero risk. DM me."))
	c := a.GetCategories()[compliance]
	require.Contains(t, kinds(c), "promissory")
	require.GreaterOrEqual(t, c.GetLikelihood(), .9)
	require.Equal(t, earshotv1.Level_LEVEL_CRITICAL, c.GetLevel())
	require.Equal(t, earshotv1.Outcome_OUTCOME_ESCALATE, c.GetOutcome())
	f := c.GetFindings()[0]
	require.Equal(t, "finra.f01", f.GetRule())
	require.NotEmpty(t, f.GetRuleVersion())
	require.NotEmpty(t, f.GetCite())
	require.NotEmpty(t, f.GetMitigate())
	require.NotEmpty(t, f.GetWhy())
	require.NotEmpty(t, c.GetLikelihoodContributions())
	require.NotEmpty(t, c.GetImpactContributions())
	require.NotEmpty(t, c.GetCounterfactuals())
	require.Less(t, c.GetCounterfactuals()[0].GetScore(), c.GetScore())
	require.Equal(t, []string{"register", "e-1", "financial advisor"},
		[]string{a.GetMatch().GetReason(), a.GetPost().GetAuthor().GetEmployeeId(), a.GetPost().GetAuthor().GetRole()})
	require.Equal(t, earshotv1.PostKind_POST_KIND_EMPLOYEE, a.GetPost().GetKind())
}

func TestAssessThePublicBreaksNoRule(t *testing.T) {
	a := judge(t, newEngine(t, acme()), created("@acmebank guaranteed 12% return, zero risk?!"))
	require.NotContains(t, kinds(a.GetCategories()[compliance]), "promissory")
}

func TestAssessAnotherBrandsEmployeeIsThePublic(t *testing.T) {
	e := newEngine(t, acme(), globex())
	ev := byEmployee("Guaranteed 12% return, zero risk, like Globex Air shares")
	ev.Post.Kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	all := e.Assess(ev, judgedAt)
	require.Len(t, all, 2)
	require.NotEmpty(t, all[0].GetCategories()[compliance].GetFindings())
	require.Empty(t, all[1].GetCategories()[compliance].GetFindings())
	require.Empty(t, all[1].GetPost().GetAuthor().GetEmployeeId())
}

func TestAssessGuards(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range []struct{ name, text, guard string }{
		{"exemption of a rule", "Nobody can guarantee a return on this fund, no guarantee of profit", "finra.f01.no-guarantee"},
		{"protected activity", "They cut our overtime pay again, night shift should raise this together, guaranteed profit for them, zero risk return", "protect.p01"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := judge(t, e, byEmployee(tc.text)).GetCategories()[compliance]
			var names []string
			for _, g := range c.GetGuards() {
				names = append(names, g.GetRule())
				require.True(t, g.GetRule() != tc.guard || strings.HasPrefix(tc.guard, "protect.") == (len(g.GetSpans()) == 0), "no place of what is concealed")
			}
			require.Contains(t, names, tc.guard)
			require.Less(t, c.GetLikelihood(), .5)
		})
	}
}

func TestAssessRedacts(t *testing.T) {
	e := newEngine(t, acme())
	ev := created("é @acmebank my key is " + awsKey + " and my card " + card + " 👍🏽")
	ev.Post.Url = "https://x.example/s?token=" + awsKey
	ev.Post.Labels = map[string]string{"note": "see " + awsKey, "topic": "banking"}
	a := judge(t, e, ev)
	data, err := proto.Marshal(a)
	require.NoError(t, err)
	require.NotContains(t, string(data), awsKey)
	require.NotContains(t, string(data), "1488 0343")
	require.Equal(t, "banking", a.GetPost().GetLabels()["topic"])
	require.Contains(t, a.GetPost().GetLabels()["note"], "see ")
	require.Contains(t, ev.GetPost().GetText(), awsKey, "the event itself is not touched")
	text := a.GetPost().GetText()
	require.Equal(t, utf8.RuneCountInString(ev.GetPost().GetText()), utf8.RuneCountInString(text), "spans hold in the redacted text")
	for _, f := range a.GetCategories()[leakage].GetFindings() {
		if f.GetFingerprint() == "" {
			continue
		}
		s := f.GetSpans()[0]
		require.Equal(t, f.GetMasked(), string([]rune(text)[s.GetStart():s.GetEnd()]))
		require.Len(t, f.GetFingerprint(), 32)
		require.Contains(t, f.GetMasked(), "*")
	}
	require.Subset(t, kinds(a.GetCategories()[leakage]), []string{"secret", "pii.card"})
}

func TestFingerprintsMeetUnderOneKeyOnly(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	prints := map[string]bool{}
	for _, key := range []string{"a key of these tests only", "another key of these tests"} {
		e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: packs, Key: []byte(key)})
		require.NoError(t, err)
		for _, text := range []string{"@acmebank " + awsKey, "again, " + awsKey + " dear @acmebank"} {
			prints[judge(t, e, created(text)).GetCategories()[leakage].GetFindings()[0].GetFingerprint()] = true
		}
	}
	require.Len(t, prints, 2)
}

func TestAssessCodeName(t *testing.T) {
	a := judge(t, newEngine(t, acme()), byEmployee("Project Bluefinch goes live in May"))
	require.Contains(t, kinds(a.GetCategories()[leakage]), "codename")
}

func TestAssessInsidersDuty(t *testing.T) {
	a := judge(t, newEngine(t, acme()), byEmployee("This customer's card is "+card+", he calls every day"))
	require.Contains(t, kinds(a.GetCategories()[compliance]), "personal_data")
	a = judge(t, newEngine(t, acme()), created("@acmebank my card is "+card))
	require.Empty(t, a.GetCategories()[compliance].GetFindings())
}

func TestAssessSentiment(t *testing.T) {
	a := judge(t, newEngine(t, acme()), created("@acmebank you are the worst, I hate this terrible app"))
	require.Equal(t, "negative", a.GetSentiment().GetLabel())
	require.Contains(t, kinds(a.GetCategories()[reputation]), "complaint")
	require.LessOrEqual(t, a.GetLevel(), earshotv1.Level_LEVEL_LOW, "one unhappy customer must not page anybody")
	s := a.GetSentiment()
	require.InDelta(t, 1, s.GetNegative()+s.GetNeutral()+s.GetPositive(), .001)
}

func TestAssessEdited(t *testing.T) {
	ev := created("Globex Air lost my bag")
	ev.Op, ev.Post.Revision = earshotv1.PostOp_POST_OP_EDITED, 1
	all := newEngine(t, acme(), globex()).Assess(ev, judgedAt)
	require.Len(t, all, 2)
	matched := map[string]bool{}
	for _, a := range all {
		require.NoError(t, schemas.ValidateAssessment(a))
		matched[a.GetBrandId()] = a.GetMatched()
		if !a.GetMatched() {
			require.Empty(t, a.GetPost().GetText())
			require.Empty(t, a.GetCategories())
		}
	}
	require.Equal(t, map[string]bool{"acme": false, "globex": true}, matched)
}

func TestAssessDeleted(t *testing.T) {
	ev := created("@acmebank what came with the deletion must not travel on")
	ev.Op = earshotv1.PostOp_POST_OP_DELETED
	all := newEngine(t, acme(), globex()).Assess(ev, judgedAt)
	require.Len(t, all, 2)
	for _, a := range all {
		require.NoError(t, schemas.ValidateAssessment(a))
		require.False(t, a.GetMatched())
		require.Empty(t, a.GetPost().GetText())
		require.Equal(t, "x:1", a.GetPost().GetId())
	}
}

func TestAssessIdentity(t *testing.T) {
	e := newEngine(t, acme(), globex())
	ev := created("@acmebank and Globex Air")
	ids := map[string]bool{}
	for _, revision := range []uint32{0, 1} {
		ev.Post.Revision = revision
		for _, op := range []earshotv1.PostOp{earshotv1.PostOp_POST_OP_CREATED, earshotv1.PostOp_POST_OP_EDITED} {
			ev.Op = op
			for _, a := range e.Assess(ev, judgedAt) {
				require.Len(t, a.GetId(), 32)
				ids[a.GetId()] = true
			}
		}
	}
	require.Len(t, ids, 8)
}

func TestAssessIsDeterministic(t *testing.T) {
	e, again := newEngine(t, acme(), globex()), newEngine(t, acme(), globex())
	for _, text := range []string{
		"@acmebank Globex Air guaranteed profit, app is down, boycott them! my card " + card,
		"Nobody at @acmebank answers, I will sue, key " + awsKey,
	} {
		first := marshal(t, e.Assess(created(text), judgedAt))
		for range 20 {
			require.Equal(t, first, marshal(t, e.Assess(created(text), judgedAt)))
		}
		require.Equal(t, first, marshal(t, again.Assess(created(text), judgedAt)))
	}
}

func marshal(t *testing.T, all []*earshotv1.Assessment) (out []string) {
	t.Helper()
	for _, a := range all {
		data, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
		require.NoError(t, err)
		out = append(out, string(data))
	}
	return out
}

func TestAssessConcurrently(t *testing.T) {
	e := newEngine(t, acme(), globex())
	want := marshal(t, e.Assess(created("@acmebank my card "+card), judgedAt))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				e.Assess(created("Globex Air is down again, boycott"), judgedAt)
				if got := e.Assess(created("@acmebank my card "+card), judgedAt); len(got) != 1 || got[0].GetId() != marshalID(want) {
					t.Error("judgements mix")
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, want, marshal(t, e.Assess(created("@acmebank my card "+card), judgedAt)))
}

func marshalID(all []string) string {
	a := &earshotv1.Assessment{}
	if err := proto.Unmarshal([]byte(all[0]), a); err != nil {
		return err.Error()
	}
	return a.GetId()
}

func TestForBrand(t *testing.T) {
	e := newEngine(t, acme())
	one, err := e.ForBrand(globex(), true)
	require.NoError(t, err)
	a := judge(t, one, created("lovely day"))
	require.Equal(t, []string{"globex", "assumed"}, []string{a.GetBrandId(), a.GetMatch().GetReason()})
	require.Equal(t, []string{"globex"}, one.Brands())
	_, err = e.ForBrand(engine.Brand{}, false)
	require.EqualError(t, err, "id: missing")
}

func TestForBrandWeighsItsName(t *testing.T) {
	one, err := newEngine(t).ForBrand(engine.Brand{ID: "petrel", Name: "Petrel Air", Aliases: []string{"Petrel"}, Industry: "airline"}, false)
	require.NoError(t, err)
	a := judge(t, one, created("three hours on hold and nobody answers"))
	require.Equal(t, "collected_for", a.GetMatch().GetReason())
	require.Empty(t, one.Assess(created("I saw a petrel on the cliffs"), judgedAt))
}

func TestPacksOfABrand(t *testing.T) {
	b := acme()
	b.Packs = []string{"ftc"}
	e := newEngine(t, b)
	a := judge(t, e, byEmployee("Guaranteed 12% return on this note, zero risk."))
	require.NotContains(t, kinds(a.GetCategories()[compliance]), "promissory")
	require.Contains(t, a.GetVersions().GetPacks(), "ftc")
	require.Contains(t, a.GetVersions().GetPacks(), "protect", "nobody can leave protection out")
	require.Contains(t, a.GetVersions().GetPacks(), "secret")
	require.NotContains(t, a.GetVersions().GetPacks(), "finra")
}

func TestNewErrors(t *testing.T) {
	key := []byte("a key of these tests only")
	for _, tc := range []struct {
		name    string
		options engine.Options
		want    string
	}{
		{"no key", engine.Options{}, "engine: key for fingerprints: at least 16 bytes"},
		{"brand", engine.Options{Key: key, Brands: []engine.Brand{{ID: "a"}}}, `brand "a": name: missing`},
		{"pack of a brand", engine.Options{Key: key, Brands: []engine.Brand{{ID: "a", Name: "A", Packs: []string{"secret"}}}}, `brand "a": packs: no pack "secret"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := engine.New(tc.options)
			require.EqualError(t, err, tc.want)
		})
	}
}

func TestLoadPacks(t *testing.T) {
	_, err := engine.LoadPacks(fstest.MapFS{"bad.yaml": {Data: []byte("name: bad\nversion: 1.0.0\n")}})
	require.EqualError(t, err, "read pack bad.yaml: rules: none")
	packs, err := engine.LoadPacks(fstest.MapFS{"notes.txt": {Data: []byte("no pack")}})
	require.NoError(t, err)
	require.Empty(t, packs)
	builtin, err := engine.BuiltinPacks()
	require.NoError(t, err)
	for _, p := range builtin {
		require.NotEmpty(t, p.Name())
		require.NotEmpty(t, p.Version())
	}
}

func TestRunExamplesNamesWhatFails(t *testing.T) {
	packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": {Data: []byte(`
name: house
version: 1.0.0
rules:
  - id: r1
    title: Says moon
    status: test
    kind: promissory
    category: compliance
    family: moon
    level: low
    likelihood: 0.8
    detection: {moon: {words: [moon]}}
    condition: moon
    must_match: [{text: to the moon, who: rep}, {text: to the sun, who: rep}, {text: moon, who: emp}]
    must_pass: [{text: to Mars, who: rep}, {text: moonlight, who: rep}, {text: the moon, who: exec}]
`)}})
	require.NoError(t, err)
	failures, err := engine.RunExamples(packs[0])
	require.NoError(t, err)
	require.Len(t, failures, 2)
	require.EqualError(t, failures[0], `house.yaml: rule "r1": must match and does not: "to the sun"`)
	require.EqualError(t, failures[1], `house.yaml: rule "r1": must pass and does not: "the moon"`)
}

func TestAssessTellsOfRulesThatFail(t *testing.T) {
	packs, err := engine.LoadPacks(fstest.MapFS{"house.yaml": {Data: []byte(`
name: house
version: 1.0.0
rules:
  - id: r1
    title: Divides by the count of links
    status: stable
    kind: promissory
    category: compliance
    family: moon
    level: low
    likelihood: 0.8
    detection: {moon: {words: [moon]}}
    condition: moon && 1 / links > 0
    must_match: [{text: "moon https://a.example", who: rep}, {text: "https://a.example moon", who: rep}, {text: "moon https://b.example", who: emp}]
    must_pass: [{text: to Mars, who: rep}, {text: moonlight, who: rep}, {text: sun, who: exec}]
`)}})
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Brands: []engine.Brand{acme()}, Packs: packs, RulesOnly: true, Key: []byte("a key of these tests only")})
	require.NoError(t, err)
	c := judge(t, e, byEmployee("to the moon")).GetCategories()[compliance]
	require.Empty(t, c.GetFindings())
	require.Equal(t, []string{"not judged: rule house.r1: division by zero"}, c.GetLevelReasons())
	require.NotEmpty(t, judge(t, e, byEmployee("to the moon https://a.example")).GetCategories()[compliance].GetFindings())
}

func TestAssessTolerance(t *testing.T) {
	strict, loose := acme(), acme()
	strict.Tolerance.Reputation = engine.Limits{Accept: 1, Review: 2, Escalate: 3}
	loose.Tolerance.Reputation = engine.Limits{Accept: 97, Review: 98, Escalate: 99}
	ev := created("@acmebank your app is down again, terrible, I want my refund")
	a, b := judge(t, newEngine(t, strict), ev), judge(t, newEngine(t, loose), ev)
	require.Equal(t, a.GetScore(), b.GetScore(), "tolerance evaluates, it does not judge")
	require.Equal(t, earshotv1.Outcome_OUTCOME_ESCALATE, a.GetCategories()[reputation].GetOutcome())
	require.Equal(t, earshotv1.Outcome_OUTCOME_ACCEPT, b.GetCategories()[reputation].GetOutcome())
	require.NotEqual(t, a.GetVersions().GetBrand(), b.GetVersions().GetBrand())
}

func TestAssessReachAndChannel(t *testing.T) {
	e := newEngine(t, acme())
	score := func(change func(p *earshotv1.Post)) float64 {
		ev := created("@acmebank I will sue you, your app lost my money, boycott them")
		change(ev.GetPost())
		return judge(t, e, ev).GetCategories()[reputation].GetScore()
	}
	small := score(func(*earshotv1.Post) {})
	require.Greater(t, score(func(p *earshotv1.Post) { p.Author.Followers = 400_000 }), small)
	require.Greater(t, score(func(p *earshotv1.Post) { p.Engagement = &earshotv1.Engagement{Views: 400_000} }), small)
	require.Greater(t, score(func(p *earshotv1.Post) { p.Author.Role = "journalist" }), small)
	require.Less(t, score(func(p *earshotv1.Post) { p.Visibility = earshotv1.Visibility_VISIBILITY_DIRECT }), small)
}

func TestAssessLongPosts(t *testing.T) {
	text := "@acmebank " + strings.Repeat("é guaranteed ", 6000)
	a := judge(t, newEngine(t, acme()), created(text))
	require.LessOrEqual(t, len(a.GetPost().GetText()), 64<<10, "what was not read goes no further")
	require.True(t, utf8.ValidString(a.GetPost().GetText()))
}

func TestAssessOneFindingForOnePlace(t *testing.T) {
	c := judge(t, newEngine(t, acme()), created("@acmebank aws key "+awsKey)).GetCategories()[leakage]
	places := map[string]int{}
	for _, f := range c.GetFindings() {
		places[f.GetRule()+f.GetSpans()[0].String()]++
	}
	require.NotEmpty(t, places)
	for place, n := range places {
		require.Equal(t, 1, n, place)
	}
}

func FuzzAssess(f *testing.F) {
	for _, s := range []string{
		"", "@acmebank " + awsKey, "@acmebank \xff\xfe" + card, "guaranteed “profit” 4\ufe0f\u20e3", strings.Repeat("@acmebank not guaranteed ", 50),
		`<p>@acmebank <a href="https://x.example/?k=` + awsKey + `">h&#8203;i</a>`, base64Of(base64Of("the key is " + awsKey)), "%74%68%65%20key",
		"hxxp[:]//a[.]b four one one one two three four", "gur xrl vf sbe lbh", "p a s s w o r d Вluе",
	} {
		f.Add(s)
	}
	e := newEngine(f, acme())
	f.Fuzz(func(t *testing.T, s string) {
		ev := byEmployee(s + " " + awsKey)
		for _, a := range e.Assess(ev, judgedAt) {
			require.Equal(t, utf8.RuneCountInString(ev.GetPost().GetText()), utf8.RuneCountInString(a.GetPost().GetText()))
			if utf8.ValidString(s) {
				require.NoError(t, schemas.ValidateAssessment(a))
			}
		}
	})
}

func TestProtectionDoesNotExcuseExposingAPatient(t *testing.T) {
	e := newEngine(t, engine.Brand{ID: "air", Name: "Merrow Air", Industry: "airline"})
	const shift = "What a shift. "
	const patient = "Captain Marta Oliveira came to our clinic with her epilepsy again, and I had to sign her off flying until June."
	for name, tt := range map[string]struct {
		text  string
		guard bool
		least earshotv1.Level
	}{
		"a patient, beside talk of shifts": {shift + patient, false, earshotv1.Level_LEVEL_CRITICAL},
		"talk of shifts alone":             {"They cut our overtime pay again, night shift should raise this together.", true, earshotv1.Level_LEVEL_INFO},
	} {
		t.Run(name, func(t *testing.T) {
			p := &earshotv1.Post{
				Id: "x:1", Platform: "x", NativeId: "1", Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: tt.text,
				Author: &earshotv1.Author{Handle: "@n", Followers: 480, Role: "occupational health nurse"},
			}
			judge, err := e.ForBrand(engine.Brand{ID: "air", Name: "Merrow Air", Industry: "airline"}, true)
			require.NoError(t, err)
			c := judge.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: p}, time.Time{})[0].GetCategories()[2]
			require.Equal(t, tt.guard, len(c.GetGuards()) > 0, c.GetGuards())
			require.GreaterOrEqual(t, c.GetLevel(), tt.least)
		})
	}
}
