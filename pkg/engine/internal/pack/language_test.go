package pack_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

const words = `
    detection:
      a: {words: [alpha, "first word"]}
      b: {words: [beta, bet*]}
      n: {regex: '\d+', literals: ['1', '2']}
    condition: `

// TestFunctions holds the functions of conditions at their edges.
func TestFunctions(t *testing.T) {
	for _, tc := range []struct {
		name, condition, text string
		want                  bool
	}{
		{"near, next to each other", "near(a, b, 1)", "alpha beta", true},
		{"near, nothing between allowed", "near(a, b, 0)", "alpha beta", false},
		{"near, exactly as far", "near(a, b, 3)", "alpha x x beta", true},
		{"near, one too far", "near(a, b, 3)", "alpha x x x beta", false},
		{"near, marks are no tokens", "near(a, b, 1)", "alpha, ... beta", true},
		{"near, across a line", "near(a, b, 1)", "alpha\nbeta", true},
		{"near, from the end of two words", "near(a, b, 1)", "first word beta", true},
		{"near, negative reach", "near(a, b, -1)", "alpha beta", false},
		{"near, huge reach", "near(a, b, 1000000)", "alpha " + strings.Repeat("x ", 900) + "beta", true},
		{"near itself once", "near(a, a, 5)", "alpha", false},
		{"near itself twice", "near(a, a, 5)", "alpha alpha", true},
		{"near, second pair fits", "near(a, b, 1)", "alpha x x x x beta alpha", true},
		{"near, one is missing", "near(a, b, 5)", "alpha", false},
		{"near, in a script without blanks", "near(a, b, 3)", "alpha東京beta", true},
		{"before, right order", "before(a, b, 1)", "alpha beta", true},
		{"before, wrong order", "before(a, b, 1)", "beta alpha", false},
		{"before, both orders stand", "before(b, a, 1)", "alpha beta alpha", true},
		{"same sentence", "same(a, b)", "alpha and beta.", true},
		{"same, across a stop", "same(a, b)", "alpha. beta", false},
		{"same, across a line", "same(a, b)", "alpha\nbeta", false},
		{"same, across a shout", "same(a, b)", "alpha! beta", false},
		{"same, decimal point", "same(a, b)", "alpha 1.5 beta", true},
		{"count, none", "count(a) >= 1", "beta", false},
		{"count, exactly", "count(a) == 2 && a", "alpha alpha", true},
		{"count, more than", "count(a) > 2", "alpha alpha", false},
		{"count, sum", "count(a) + count(b) >= 3 && a", "alpha alpha beta", true},
		{"count, of an expression", "count(n) >= 2", "10 and 20", true},
		{"count is bounded", "count(a) >= 64", strings.Repeat("alpha ", 500), true},
		{"count beyond the bound", "count(a) > 64", strings.Repeat("alpha ", 500), false},
		{"quoted", "quoted(a)", `he said "alpha"`, true},
		{"quoted, one of two is not", "quoted(a)", `"alpha" alpha`, false},
		{"quoted, both are", "quoted(a)", `"alpha" and "alpha"`, true},
		{"quoted, none there", "quoted(a) && b", "beta", false},
		{"negated", "negated(a)", "no alpha", true},
		{"negated, one of two is not", "negated(a)", "no alpha. Oh, alpha", false},
		{"negated, behind a comma", "negated(a)", "no, alpha", false},
		{"question", "a && question", "alpha?", true},
		{"question, shouted", "a && question", "alpha?!", true},
		{"question of another sentence", "a && question", "What? alpha.", false},
		{"question, of either word", "near(a, b, 9) && question", "alpha. beta?", true},
		{"not a question", "a && !question", "alpha.", true},
		{"start of a word", "b", "betting", true},
		{"start of a word, alone", "b", "bet", true},
		{"not in a word", "b", "alphabet", false},
		{"literal announces, expression decides", "n", "x1y", true},
		{"expression without its literal", "n", "345", false},
		{"expression beside a word runs anyway", "a && n", "alpha 345", false},
		{"both sides of or", "a || b", "beta", true},
		{"or of pairs", "(a && n) || (b && n)", "beta 12", true},
		{"negation of what is there", "a && !b", "alpha beta", false},
		{"true is true", "a && true", "alpha", true},
		{"empty text", "a", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := compile(t, parse(t, words+"'"+tc.condition+"'"))
			require.Len(t, r.judge(t, tc.text, nil), map[bool]int{true: 1, false: 0}[tc.want])
		})
	}
}

// TestSelectionsReadDisguisedWords holds words in every reading, and expressions in the
// first alone.
func TestSelectionsReadDisguisedWords(t *testing.T) {
	for _, tc := range []struct {
		name, condition, text string
		want                  bool
	}{
		{"cyrillic letter", "a", "аlphа", true},
		{"greek letter", "a", "αlpha", true},
		{"letters apart", "a", "a l p h a", true},
		{"letters apart by dots", "a", "a.l.p.h.a", true},
		{"figures", "a", "4lph4 al9ha alph4", false},
		{"figures inside", "a", "a1pha al0ha", false},
		{"at sign inside", "a", "@lpha alph@", false},
		{"zero width", "a", "al\u200bpha", true},
		{"full width", "a", "ａｌｐｈａ", true},
		{"fat", "a", "𝐚𝐥𝐩𝐡𝐚", true},
		{"capitals", "a", "ALPHA", true},
		{"repeated letters", "a", "alphaaaaa", false},
		{"two words over a line", "a", "first\nword", true},
		{"two words, two blanks", "a", "first  word", false},
		{"figure for a letter", "b", "b3ta", true},
		{"expression reads no disguise", "n", "one two", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := compile(t, parse(t, words+"'"+tc.condition+"'"))
			require.Len(t, r.judge(t, tc.text, nil), map[bool]int{true: 1, false: 0}[tc.want])
		})
	}
}

// TestSpansOfVerdicts cuts what a verdict rests on out of the text.
func TestSpansOfVerdicts(t *testing.T) {
	for _, tc := range []struct {
		name, condition, text string
		want                  []string
	}{
		{"one word", "a", "so alpha", []string{"alpha"}},
		{"first place of a word", "a", "alpha, alpha", []string{"alpha"}},
		{"a pair", "near(a, b, 5)", "beta and alpha", []string{"beta", "alpha"}},
		{"the pair that is near", "near(a, b, 2)", "alpha x x x x alpha beta", []string{"alpha", "beta"}},
		{"whole word of a start", "b", "betting", []string{"betting"}},
		{"an expression", "n && a", "alpha 12", []string{"alpha", "12"}},
		{"disguised", "a", "é a l p h a", []string{"a l p h a"}},
		{"behind emoji", "a", "👍🏽 alpha", []string{"alpha"}},
		{"what stands on the other side of or", "a || b", "beta", []string{"beta"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := compile(t, parse(t, words+"'"+tc.condition+"'"))
			var got []string
			for _, v := range r.judge(t, tc.text, nil) {
				for _, s := range v.Spans {
					start, end := r.text.Points(s)
					got = append(got, string([]rune(tc.text)[start:end]))
				}
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestNamesThatConditionsHave refuses selections that would hide a fact of the mention.
func TestNamesThatConditionsHave(t *testing.T) {
	for _, name := range []string{"brand", "question", "paid_label", "links", "platform", "lang"} {
		t.Run(name, func(t *testing.T) {
			p := parse(t, "\n    detection: {"+name+": {words: [x]}, y: {words: [y]}}\n    condition: y")
			_, err := pack.Compile([]*pack.Pack{p}, &match.Set{})
			require.ErrorContains(t, err, `pack house.yaml: rule "r1": detection.`+name+": ")
		})
	}
}

// TestErrorsNameTheirPlace holds what an author of a pack sees: file, rule, field.
func TestErrorsNameTheirPlace(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"call of nothing", "detection: {a: {words: [x]}}\n    condition: far(a, a, 3)", `rule "r1": condition: ERROR`},
		{"too few arguments", "detection: {a: {words: [x]}}\n    condition: near(a, 3)", `rule "r1": condition: ERROR`},
		{"words for a count", "detection: {a: {words: [x]}}\n    condition: near(a, a, 'x')", `rule "r1": condition: ERROR`},
		{"text for a name", "detection: {a: {words: [x]}}\n    condition: count('a') > 0", "count: argument 1 must be the name of a selection"},
		{"unknown fact", "detection: {a: {words: [x]}}\n    condition: a && author.shoe > 3", "undeclared reference"},
		{"comparison of kinds", "detection: {a: {words: [x]}}\n    condition: a && links > 'x'", "no matching overload"},
		{"unknown name in count", "detection: {a: {words: [x]}}\n    condition: a && count(z) > 0", `no selection "z"`},
		{"expression that RE2 does not know", "detection: {a: {regex: '(?=x)', literals: [x]}}\n    condition: a", "detection.a: regex: error parsing regexp"},
		{"expression of an exemption", "detection: {a: {words: [x]}}\n    condition: a\n    exemptions: [{id: e, title: E, regex: '(', strength: 1}]", `exemptions "e": regex: `},
		{"word of invisible characters", "detection: {a: {words: [\"\\u200b\"]}}\n    condition: a", "empty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := pack.Compile([]*pack.Pack{parse(t, "    "+tc.body)}, &match.Set{})
			require.ErrorContains(t, err, "pack house.yaml: ")
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestParseRefusesMore(t *testing.T) {
	good := head + "    detection: {a: {words: [x]}}\n    condition: a" + tail
	for _, tc := range []struct{ name, old, new, want string }{
		{"no YAML", "name: house", "name: [", "read pack house.yaml: "},
		{"line of the unknown key", "title: A promise", "tittle: A promise", "line 8"},
		{"empty name", "name: house", "name: ''", `name ""`},
		{"name too long", "name: house", "name: " + strings.Repeat("x", 33), "name"},
		{"version of two parts", "version: 1.2.0", "version: '1.2'", `version "1.2"`},
		{"likelihood of nothing", "likelihood: 0.9", "likelihood: 0", `likelihood 0: above 0`},
		{"likelihood below nothing", "likelihood: 0.9", "likelihood: -1", `likelihood -1: above 0`},
		{"likelihood that is no number", "likelihood: 0.9", "likelihood: .nan", "likelihood NaN"},
		{"strength below nothing", "likelihood: 0.9", "likelihood: 0.9\n    strength: -0.5", "strength -0.5"},
		{"strength that is no number", "likelihood: 0.9", "strength: .nan", "strength NaN"},
		{"floor below nothing", "likelihood: 0.9", "likelihood: 0.9\n    floor: -1", "floor, cap"},
		{"floor above its cap", "likelihood: 0.9", "likelihood: 0.9\n    floor: 0.8\n    cap: 0.3", "floor 0.8 is above cap 0.3"},
		{"cap above one", "likelihood: 0.9", "likelihood: 0.9\n    cap: 1.1", "floor, cap"},
		{"exemption without an id", "condition: a", "condition: a\n    exemptions: [{title: E, words: [x], strength: 1}]", `exemptions "": id`},
		{"exemption id twice", "condition: a", "condition: a\n    exemptions: [{id: e, title: E, words: [x], strength: 1}, {id: e, title: F, words: [y], strength: 1}]", `exemptions "e": id: used twice`},
		{"language that is no tag", "condition: a", "condition: a\n    applies: {languages: [English]}", `applies.languages "English"`},
		{"example without a text", "{text: a, who: rep}", "{who: rep}", "example"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Contains(t, good, tc.old)
			_, err := pack.Parse("house.yaml", []byte(strings.Replace(good, tc.old, tc.new, 1)))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// TestParseIsBounded feeds what would blow up a careless reader.
func TestParseIsBounded(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 8) + "]\n"
	}
	for name, data := range map[string]string{
		"empty": "", "nothing but blanks": " \n\n", "a list": "[1, 2]", "aliases of aliases": bomb, "deep": strings.Repeat("[", 20000), "binary": "\x00\x01\xff",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pack.Parse("house.yaml", []byte(data))
			require.Error(t, err)
		})
	}
}

// TestSharedWordsServeEveryRule compiles two packs whose rules share words: each speaks
// for itself.
func TestSharedWordsServeEveryRule(t *testing.T) {
	first := parse(t, words+"'a'")
	second := parse(t, words+"'a && b'")
	second.Name, second.File = "other", "other.yaml"
	r := compile(t, first, second)
	var names []string
	for _, v := range r.judge(t, "alpha beta", nil) {
		names = append(names, v.Name)
	}
	require.Equal(t, []string{"house.r1", "other.r1"}, names)
	require.Len(t, r.judge(t, "alpha", nil), 1)
}

// FuzzJudge runs a pack of every function over any text: no error, spans in order.
func FuzzJudge(f *testing.F) {
	r := compile(f, parse(f, words+"'near(a, b, 4) || same(a, n) || quoted(a) || negated(b) || count(b) > 2 || (a && question)'"))
	for _, s := range []string{"", "alpha? beta 12", `"alpha" not bet`, "a l p h a b3ta \xff", strings.Repeat("bet ", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, v := range r.judge(t, s, nil) {
			require.NotEmpty(t, v.Spans)
			last := 0
			for _, span := range v.Spans {
				require.True(t, last <= span.Start && span.Start < span.End && span.End <= len(r.text.Folded))
				last = span.End
			}
		}
	})
}

func TestBrandInConditions(t *testing.T) {
	r := compile(t, parse(t, words+"'near(brand, a, 2) && !negated(brand)'"))
	for _, tc := range []struct {
		name, text string
		want       int
	}{
		{"near the name", "acme alpha", 1},
		{"far from it", "acme x x x x alpha", 0},
		{"negated", "no acme alpha", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			at := strings.Index(tc.text, "acme")
			require.Len(t, r.judge(t, tc.text, func(c *pack.Context) { c.Brand = []text.Span{{Start: at, End: at + 4}} }), tc.want)
		})
	}
	require.Empty(t, r.judge(t, "acme alpha", nil), "no name, no brand")
}
