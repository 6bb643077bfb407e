package policy_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
)

var today = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

func house(t *testing.T, replace ...string) engine.Pack {
	t.Helper()
	text, err := policy.New("house", today)
	require.NoError(t, err)
	for i := 0; i < len(replace); i += 2 {
		require.Contains(t, text, replace[i])
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	p, err := engine.ParsePack("house.yaml", []byte(text))
	require.NoError(t, err)
	return p
}

func TestANewPackIsFine(t *testing.T) {
	p := house(t)
	failures, err := engine.RunExamples(p)
	require.NoError(t, err)
	require.Empty(t, failures)
	problems, err := policy.Lint(p, today)
	require.NoError(t, err)
	require.Empty(t, problems)
	_, err = policy.New("My Pack", today)
	require.ErrorContains(t, err, `name "My Pack"`)
}

func TestLint(t *testing.T) {
	for _, tc := range []struct {
		name, old, new, want string
	}{
		{"no day of review", "reviewed: 2026-11-25\n", "", "house.yaml: reviewed: error: the day"},
		{"an old review", "2026-11-25", "2026-01-01", "house.yaml: reviewed: warning: the citations wait for a check since 2026-06-30"},
		{"a review to come", "2026-11-25", "2026-12-24", "house.yaml: reviewed: error: 2026-12-24 is still to come"},
		{"a star within a word", "launch*]", "pro*type]", `detection.product: warning: "pro*type": a star within a word`},
		{"repeated words", "words: [prototype, model, version, release, launch*]", `regex: '(\w+\s+)*model', literals: [model]`, `detection.product: error: the expression runs away`},
		{"no citation", "    cite: Communications policy, section 4\n", "", `rule "h01": cite: error`},
		{"no evidence", "    evidence: V\n", "", `rule "h01": evidence: warning`},
		{"nothing to do", "    mitigate: Take the date out; point to the announcement page.\n", "", `rule "h01": mitigate: error`},
		{"no false positive", "    falsepositives: [A date that is public]\n", "", `rule "h01": falsepositives: warning`},
		{"unused list", "lists:\n", "lists:\n  later: [some day]\n", `lists.later: warning: no rule uses it`},
		{"unused selection", "      date: {list: soon}\n", "      date: {list: soon}\n      idle: {words: [idle]}\n", `detection.idle: error: the condition never asks for it`},
		{"word twice", "by summer,", "by summer, By Summer,", `lists.soon: warning: "By Summer" stands there twice`},
		{"shadowed word", "launch*]", "launch*, launches]", `detection.product: warning: "launches" is shadowed by "launch*"`},
		{"runaway expression", "words: [prototype, model, version, release, launch*]", `regex: 'model.*', literals: [model]`, `detection.product: error: the expression runs away`},
		{"expression without literals", "words: [prototype, model, version, release, launch*]", `regex: 'model \d'`, `detection.product: warning: without literals`},
		{"dead exemption", "strength: 0.9}", "strength: 0.9}\n      - {id: dead, title: Never, words: [never so], strength: 0.9}", `exemptions.dead: warning: dead`},
		{"exemption too weak to matter", "strength: 0.9}", "strength: 0.1}", `exemptions.public: warning: dead`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			problems, err := policy.Lint(house(t, tc.old, tc.new), today)
			require.NoError(t, err)
			var lines []string
			for _, p := range problems {
				lines = append(lines, p.String())
			}
			require.Contains(t, strings.Join(lines, "\n"), tc.want)
		})
	}
}

// TestLintOfAGuard holds that an exemption of a guard lives by the text that it leaves unprotected.
func TestLintOfAGuard(t *testing.T) {
	const guard = `
  - id: p01
    title: Lunch
    status: test
    category: compliance
    strength: 1
    cite: house rules
    detection: {lunch: {words: [lunch]}}
    condition: lunch
    exemptions:
      - {id: sold, title: Lunch for sale, words: [order], strength: 1}
      - {id: weak, title: Too weak, words: [supper], strength: 0.3}
      - {id: idle, title: Never said, words: [picnic], strength: 1}
    must_match: [{text: lunch, who: emp}, {text: my lunch, who: emp}, {text: lunch and supper, who: emp}]
    must_pass: [{text: order lunch, who: emp}, {text: order our lunch, who: emp}, {text: dinner, who: emp}]
`
	problems, err := policy.Lint(house(t, "rules:\n", "rules:"+guard), today)
	require.NoError(t, err)
	var dead []string
	for _, p := range problems {
		if p.Rule == "p01" && strings.HasPrefix(p.Text, "dead") {
			dead = append(dead, p.Field)
		}
	}
	require.Equal(t, []string{"exemptions.weak", "exemptions.idle"}, dead)
}

func TestLintAllowsBoundedAndNarrowRepetition(t *testing.T) {
	for _, regex := range []string{`model .{0,40}ready`, `model [a-z]+`, `model\s+\d*`, `model [^\s]+`} {
		problems, err := policy.Lint(house(t, "words: [prototype, model, version, release, launch*]", "regex: '"+regex+"', literals: [model]"), today)
		require.NoError(t, err)
		for _, p := range problems {
			require.NotContains(t, p.Text, "runs away", regex)
		}
	}
}

func TestLintFindsARuleThatSpeaksEverywhere(t *testing.T) {
	var rules strings.Builder
	for i := range 5 {
		fmt.Fprintf(&rules, `
  - id: g%02d
    title: Other
    status: test
    kind: %s
    category: compliance
    family: f
    level: low
    likelihood: 0.7
    detection: {never: {words: [xylophone]}}
    condition: never
    must_match: [{text: xylophone, who: emp}, {text: a xylophone, who: emp}, {text: my xylophone, who: emp}]
    must_pass:
`, i, []string{"advice", "performance", "testimonial", "unbalanced", "promissory"}[i])
		for n := range 5 {
			fmt.Fprintf(&rules, "      - {text: \"we are off to lunch %d\", who: emp}\n", n)
		}
	}
	p := house(t, "rules:\n", "rules:\n"+rules.String(), "near(date, product, 10) && !quoted(date) && !question", "off || near(date, product, 10)", "date: {list: soon}", "date: {list: soon}\n      off: {words: [off to]}")
	problems, err := policy.Lint(p, today)
	require.NoError(t, err)
	var texts []string
	for _, problem := range problems {
		texts = append(texts, problem.Rule+" "+problem.Text)
	}
	require.Contains(t, texts, "h01 runs away: speaks on 25 of 25 texts that rules of other kinds must pass")
}

func TestExplain(t *testing.T) {
	trace, err := policy.Explain(house(t), "h01", "As announced, the new model ships in March.", "emp")
	require.NoError(t, err)
	require.False(t, trace.Fires)
	require.Equal(t, map[string][]string{"date": {"ships in", "in March"}, "product": {"model"}}, trace.Found)
	require.Len(t, trace.Exemptions, 1)
	require.NotNil(t, trace.Finding)

	trace, err = policy.Explain(house(t), "h01", "I am off next week", "emp")
	require.NoError(t, err)
	require.Nil(t, trace.Finding)
	require.Equal(t, map[string][]string{"date": {"next week"}, "product": nil}, trace.Found)

	trace, err = policy.Explain(house(t), "h01", "The model ships in May", "pub")
	require.NoError(t, err)
	require.False(t, trace.Fires, "the public breaks no rules of ours")

	_, err = policy.Explain(house(t), "h99", "", "emp")
	require.EqualError(t, err, `pack house has no rule "h99"`)
}

func TestCover(t *testing.T) {
	p := house(t, "rules:\n", "elsewhere: {h04: The register of prototypes decides it}\nrules:\n")
	c := policy.Cover(p, nil, today)
	require.Equal(t, []string{"h02", "h03"}, c.Open)
	require.Empty(t, c.Silent)
	require.Zero(t, c.ReviewDue)
	require.Equal(t, []string{"h01"}, policy.Cover(p, map[string]int{}, today).Silent)
	require.Empty(t, policy.Cover(p, map[string]int{"house.h01": 3}, today).Silent)
	require.Equal(t, "2027-05-24", policy.Cover(p, nil, today.AddDate(1, 0, 0)).ReviewDue.Format(time.DateOnly))
	require.Equal(t, []string{"h01"}, policy.Cover(house(t, "status: test", "status: shadow"), nil, today).Shadow)
}

func TestDisguised(t *testing.T) {
	for d, want := range map[policy.Disguise]string{
		policy.LookAlike:   "it is rіsk frее now",
		policy.Leet:        "it is r15k free now",
		policy.ZeroWidth:   "it is ri\u200bsk free now",
		policy.Spacing:     "it is r i s k free now",
		policy.Emoji:       "it is risk \U0001F525 free now",
		policy.Misspelling: "it is rsik free now",
	} {
		got, changed := policy.Disguised("it is risk free now", 6, 15, d)
		require.True(t, changed, d)
		require.Equal(t, want, got, d)
	}
	for _, d := range policy.Disguises {
		same, changed := policy.Disguised("no", 0, 0, d)
		require.False(t, changed)
		require.Equal(t, "no", same)
	}
}

// The shipped packs survive disguise at least as well as when testdata/survival.txt was
// written; EARSHOT_UPDATE_GOLDEN=1 writes it anew.
func TestShippedPacksSurviveDisguise(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	total := map[policy.Disguise]policy.Tally{}
	for _, p := range packs {
		survivals, err := policy.Survive(p)
		require.NoError(t, err)
		for _, s := range survivals {
			for d, tally := range s.By {
				sum := total[d]
				total[d] = policy.Tally{Found: sum.Found + tally.Found, Tried: sum.Tried + tally.Tried}
			}
		}
	}
	const golden = "testdata/survival.txt"
	var text strings.Builder
	for _, d := range policy.Disguises {
		require.NotZero(t, total[d].Tried, d)
		fmt.Fprintf(&text, "%-12s %.3f\n", d, total[d].Share())
	}
	if os.Getenv("EARSHOT_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(golden, []byte(text.String()), 0o600))
	}
	recorded, err := os.ReadFile(golden)
	require.NoError(t, err)
	for line := range strings.Lines(string(recorded)) {
		var d policy.Disguise
		var share float64
		_, err := fmt.Sscanf(line, "%s %f", &d, &share)
		require.NoError(t, err)
		require.GreaterOrEqual(t, total[d].Share()+0.0005, share, "%s: survival dropped", d)
	}
}
