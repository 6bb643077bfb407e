package pack_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// head and tail stand around the detection of a rule under test.
const head = `
name: house
version: 1.2.0
lists:
  promise: [guaranteed, risk-free, garantie*]
rules:
  - id: r1
    title: A promise
    status: stable
    kind: promissory
    category: compliance
    family: promise
    level: high
    likelihood: 0.9
`

const tail = `
    must_match: [{text: a, who: rep}, {text: b, who: rep}, {text: c, who: own}]
    must_pass: [{text: a, who: rep}, {text: b, who: rep}, {text: c, who: own}]
`

func parse(t testing.TB, body string) *pack.Pack {
	t.Helper()
	p, err := pack.Parse("house.yaml", []byte(head+body+tail))
	require.NoError(t, err)
	return p
}

// room judges texts by one pack.
type room struct {
	rules   *pack.Rules
	machine *match.Machine
	found   pack.Found
	text    text.Text
	plain   text.Text
}

func compile(t testing.TB, p ...*pack.Pack) *room {
	t.Helper()
	var set match.Set
	rules, err := pack.Compile(p, &set)
	require.NoError(t, err)
	return &room{rules: rules, machine: set.Compile()}
}

// judge returns the verdicts on a text; adjust may change what is known of the mention.
func (r *room) judge(t testing.TB, words string, adjust func(c *pack.Context)) []pack.Verdict {
	t.Helper()
	r.text.Reset(words)
	r.found.Reset(r.rules)
	r.rules.Add(&r.found, &r.text, nil, r.machine.Find(r.text.Folded, nil))
	if r.text.Plain(&r.plain) {
		r.rules.Add(&r.found, &r.plain, &r.text, r.machine.Find(r.plain.Folded, nil))
	}
	c := pack.Context{
		Rules: r.rules, Found: &r.found, Text: &r.text, Who: "rep", Industry: "finance", PostKind: "employee", Role: "broker", Platform: "x", Lang: "en",
		Sentiment: func() (float64, float64, float64) { return .7, .2, .1 },
	}
	if adjust != nil {
		adjust(&c)
	}
	var out []pack.Verdict
	for _, candidate := range r.rules.Candidates(&r.found, nil) {
		v, ok, err := c.Judge(candidate)
		require.NoError(t, err)
		if ok {
			out = append(out, v)
		}
	}
	return out
}

func TestConditions(t *testing.T) {
	const selections = `
    detection:
      promise: {list: promise}
      gain: {words: [return, profit]}
      pct: {regex: '\d+(\.\d+)?\s?%', literals: ['%']}
      name: {regex: '\b[A-Z][a-z]+\b'}
      unit: {regex: 'profit|loss', literals: [loss]}
`
	for _, tc := range []struct {
		name, condition, text string
		want                  bool
	}{
		{"one word", "promise", "this is Guaranteed", true},
		{"not inside a word", "promise", "unguaranteed", false},
		{"start of a word", "promise", "Garantieversprechen", true},
		{"disguised", "promise", "gu4r4nt33d", true},
		{"letters apart", "gain", "p r o f i t", true},
		{"and", "promise && gain", "guaranteed profit", true},
		{"and, one missing", "promise && gain", "guaranteed", false},
		{"or", "promise || gain", "a profit", true},
		{"not", "promise && !gain", "guaranteed", true},
		{"not, but there", "promise && !gain", "guaranteed profit", false},
		{"near", "near(promise, gain, 3)", "guaranteed to give profit", true},
		{"near, other order", "near(promise, gain, 3)", "profit is guaranteed", true},
		{"near, too far", "near(promise, gain, 3)", "guaranteed to give you all profit", false},
		{"before", "before(promise, gain, 3)", "guaranteed profit", true},
		{"before, other order", "before(promise, gain, 3)", "profit guaranteed", false},
		{"same sentence", "same(promise, gain)", "A guaranteed thing with profit. Yes.", true},
		{"same sentence, two of them", "same(promise, gain)", "It is guaranteed. And profit.", false},
		{"count", "count(gain) >= 2", "profit and return", true},
		{"count, too few", "count(gain) >= 2", "profit", false},
		{"count above", "count(gain) > 1", "profit and return", true},
		{"quoted", "promise && !quoted(promise)", `they say "guaranteed" a lot`, false},
		{"quoted once of two", "promise && !quoted(promise)", `"guaranteed", yes guaranteed`, true},
		{"negated", "promise && !negated(promise)", "never guaranteed", false},
		{"negated once of two", "promise && !negated(promise)", "not guaranteed. Oh, guaranteed", true},
		{"question", "promise && question", "Is it guaranteed? Yes.", true},
		{"question elsewhere", "promise && question", "It is guaranteed. Is it late?", false},
		{"expression", "pct && gain", "12 % profit", true},
		{"expression, its literal alone", "pct && gain", "% profit", false},
		{"expression, none of its literals", "gain && unit", "a profit", false},
		{"expression, a literal elsewhere", "gain && unit", "no loss, a profit", true},
		{"expression without literals", "name && gain", "profit for Dana", true},
		{"expression keeps case", "name && gain", "profit for dana", false},
		{"near an expression", "near(pct, gain, 2)", "12% profit", true},
		{"facts", `promise && author.who == "rep" && post.kind == "employee" && platform == "x" && lang == "en"`, "guaranteed", true},
		{"more facts", `promise && author.role == "broker" && author.followers > 100 && links == 1 && paid_label`, "guaranteed", true},
		{"sentiment", "promise && sentiment.negative > 0.6 && sentiment.positive < 0.2 && sentiment.neutral < 0.3", "guaranteed", true},
		{"brand", "near(brand, gain, 2)", "acme profit", true},
		{"brand is a bool", "promise && brand", "guaranteed by acme", true},
		{"conditional", "promise && (gain ? pct : true)", "guaranteed", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := compile(t, parse(t, selections+"    condition: '"+strings.ReplaceAll(tc.condition, "'", "''")+"'"))
			verdicts := r.judge(t, tc.text, func(c *pack.Context) {
				c.Followers, c.Links, c.PaidLabel = 200, 1, true
				if i := strings.Index(tc.text, "acme"); i >= 0 {
					c.Brand = []text.Span{{Start: i, End: i + 4}}
				}
			})
			require.Len(t, verdicts, map[bool]int{true: 1, false: 0}[tc.want])
			for _, v := range verdicts {
				require.NotEmpty(t, v.Spans)
			}
		})
	}
}

func TestVerdict(t *testing.T) {
	r := compile(t, parse(t, `
    detection: {promise: {list: promise}, gain: {words: [profit]}}
    condition: near(promise, gain, 4)`))
	v := r.judge(t, "so: guaranteed risk-free profit", nil)[0]
	require.Equal(t, "house.r1", v.Name)
	require.Equal(t, "1.2.0", v.Version)
	require.Equal(t, "house", v.Pack)
	require.Equal(t, 4, v.Severity)
	require.Equal(t, earshotv1.Category_CATEGORY_COMPLIANCE, v.Risk)
	require.Equal(t, []text.Span{{Start: 4, End: 14}, {Start: 25, End: 31}}, v.Spans)
}

func TestApplies(t *testing.T) {
	body := func(applies string) string {
		return "\n    applies: " + applies + "\n    detection: {promise: {list: promise}}\n    condition: promise"
	}
	for _, tc := range []struct {
		name, applies string
		change        func(c *pack.Context)
		want          int
	}{
		{"everybody but the public", "{}", nil, 1},
		{"the public", "{}", func(c *pack.Context) { c.Who = "pub" }, 0},
		{"the public where named", "{who: [pub]}", func(c *pack.Context) { c.Who = "pub" }, 1},
		{"others where only the public is named", "{who: [pub]}", nil, 0},
		{"industry", "{industries: [finance]}", nil, 1},
		{"industry in capitals", "{industries: [' Finance ']}", nil, 1},
		{"other industry", "{industries: [pharma]}", nil, 0},
		{"unknown industry", "{industries: [pharma]}", func(c *pack.Context) { c.Industry = "" }, 1},
		{"language", "{languages: [en, de]}", nil, 1},
		{"other language", "{languages: [de]}", nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Len(t, compile(t, parse(t, body(tc.applies))).judge(t, "guaranteed", tc.change), tc.want)
		})
	}
}

func TestExemptions(t *testing.T) {
	r := compile(t, parse(t, `
    detection: {promise: {list: promise}, gain: {words: [profit]}}
    condition: promise
    exemptions:
      - {id: insured, title: Insured, words: [fdic], strength: 0.9}
      - {id: warning, title: Warns, words: [scam], near: {to: promise, tokens: 3}, strength: 0.8}
      - {id: asking, title: Asks, when: question && !gain, strength: 0.5}
      - {id: figure, title: Figure, regex: '\d', strength: 0.1}`))
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"none", "guaranteed", nil},
		{"words", "guaranteed, FDIC", []string{"insured"}},
		{"near", "guaranteed scam", []string{"warning"}},
		{"not near", "guaranteed to be a very big scam", nil},
		{"condition", "guaranteed?", []string{"asking"}},
		{"condition that does not hold", "guaranteed profit?", nil},
		{"expression", "guaranteed 7", []string{"figure"}},
		{"several", "guaranteed fdic scam 7", []string{"insured", "warning", "figure"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, g := range r.judge(t, tc.text, nil)[0].Guards {
				got = append(got, g.ID)
				require.Equal(t, g.When == "", len(g.Spans) > 0)
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestFoundForgetsThePostBefore(t *testing.T) {
	r := compile(t, parse(t, `
    detection: {promise: {list: promise}, pct: {regex: '\d%', literals: ['%']}}
    condition: promise && pct`))
	require.Len(t, r.judge(t, "guaranteed 7%", nil), 1)
	require.Empty(t, r.judge(t, "guaranteed", nil))
	require.Empty(t, r.judge(t, "7%", nil))
	require.Len(t, r.judge(t, strings.Repeat("guaranteed ", 500)+"7%", nil), 1, "many hits are bounded")
}

func TestShadowIsTheRulesOrThePacks(t *testing.T) {
	p := parse(t, "\n    detection: {promise: {list: promise}}\n    condition: promise")
	verdicts := compile(t, p).judge(t, "guaranteed", nil)
	require.False(t, verdicts[0].Shadow)
	p.Rules[0].Status = "shadow"
	require.True(t, compile(t, p).judge(t, "guaranteed", nil)[0].Shadow)
	p.Rules[0].Status, p.Shadow = "stable", true
	require.True(t, compile(t, p).judge(t, "guaranteed", nil)[0].Shadow)
	p.Rules[0].Condition = "nonsense"
	_, err := pack.Compile([]*pack.Pack{p}, &match.Set{})
	require.ErrorContains(t, err, "undeclared reference")
}

func TestCompileErrors(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"unknown selection", "detection: {a: {words: [x]}}\n    condition: b", `rule "r1": condition: ERROR: <input>:1:1: undeclared reference to 'b'`},
		{"unknown selection in a function", "detection: {a: {words: [x]}}\n    condition: near(a, b, 3)", `rule "r1": condition: no selection "b"`},
		{"function without a name", "detection: {a: {words: [x]}}\n    condition: quoted(1)", "quoted: argument 1 must be the name of a selection"},
		{"not a bool", "detection: {a: {words: [x]}}\n    condition: count(a)", "condition: gives int, not a bool"},
		{"syntax", "detection: {a: {words: [x]}}\n    condition: a &&", "condition: ERROR"},
		{"no literal needed", "detection: {a: {words: [x]}}\n    condition: '!a'", "can hold without any literal"},
		{"no literal needed in one branch", "detection: {a: {words: [x]}}\n    condition: a || paid_label", "can hold without any literal"},
		{"expression without literals alone", "detection: {a: {regex: x}}\n    condition: a", "can hold without any literal"},
		{"bad expression", "detection: {a: {regex: '(', literals: [x]}}\n    condition: a", "detection.a: regex: error parsing regexp"},
		{"empty word", "detection: {a: {words: ['*']}}\n    condition: a", `detection.a: word "": empty`},
		{"selection called brand", "detection: {brand: {words: [x]}}\n    condition: brand", "detection.brand: this name means the brand"},
		{"exemption with a bad condition", "detection: {a: {words: [x]}}\n    condition: a\n    exemptions: [{id: e, title: E, when: b, strength: 1}]", `exemptions "e": ERROR`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := pack.Compile([]*pack.Pack{parse(t, "    "+tc.body)}, &match.Set{})
			require.ErrorContains(t, err, "pack house.yaml: ")
			require.ErrorContains(t, err, tc.want)
		})
	}
	p := parse(t, "    detection: {a: {words: [x]}}\n    condition: a")
	_, err := pack.Compile([]*pack.Pack{p, p}, &match.Set{})
	require.EqualError(t, err, `pack house.yaml: name "house" is taken by house.yaml`)
}

func TestParseErrors(t *testing.T) {
	good := head + "    detection: {a: {words: [x]}}\n    condition: a" + tail
	for _, tc := range []struct{ name, old, new, want string }{
		{"unknown key", "title: A promise", "titel: A promise", "field titel not found"},
		{"wrong type", "likelihood: 0.9", "likelihood: often", "cannot unmarshal"},
		{"name", "name: house", "name: My House", `name "My House"`},
		{"version", "version: 1.2.0", "version: '2'", `version "2"`},
		{"id", "id: r1", "id: R 1", `rule "R 1": id`},
		{"title", "title: A promise", "title: ''", `rule "r1": title: missing`},
		{"status", "status: stable", "status: new", `rule "r1": status "new"`},
		{"category", "category: compliance", "category: money", `rule "r1": category "money"`},
		{"kind", "kind: promissory", "kind: promisory", `rule "r1": kind "promisory": none of the risk taxonomy`},
		{"evidence", "kind: promissory", "kind: promissory\n    evidence: X", `rule "r1": evidence "X": V, S, K or nothing`},
		{"family", "family: promise", "family: ''", `rule "r1": family: missing`},
		{"level", "level: high", "level: huge", `rule "r1": level "huge"`},
		{"likelihood", "likelihood: 0.9", "likelihood: 9", `rule "r1": likelihood 9: above 0, at most 1`},
		{"floor", "likelihood: 0.9", "likelihood: 0.9\n    floor: 2", `rule "r1": floor, cap: from 0 to 1`},
		{"strength", "likelihood: 0.9", "strength: 2", `rule "r1": strength 2: above 0, at most 1`},
		{"condition", "condition: a", "condition: ''", `rule "r1": condition: missing`},
		{"examples", "must_pass: [{text: a, who: rep}, ", "must_pass: [", `rule "r1": must_match, must_pass: at least 3`},
		{"voice of an example", "{text: a, who: rep}", "{text: a, who: boss}", `rule "r1": example "a"`},
		{"voice", "condition: a", "condition: a\n    applies: {who: [boss]}", `rule "r1": applies.who "boss"`},
		{"industry without a name", "condition: a", "condition: a\n    applies: {industries: [finance, ' ']}", `rule "r1": applies.industries: an empty name`},
		{"selection of nothing", "{words: [x]}", "{}", `rule "r1": detection.a: needs one of words, list and regex`},
		{"selection of two things", "{words: [x]}", "{words: [x], regex: y}", `rule "r1": detection.a: needs one of`},
		{"list", "{words: [x]}", "{list: nowhere}", `rule "r1": detection.a: list "nowhere": no such list`},
		{"literals", "{words: [x]}", "{words: [x], literals: [x]}", `rule "r1": detection.a: literals: only beside regex`},
		{"exemption near nothing", "condition: a", "condition: a\n    exemptions: [{id: e, words: [x], near: {to: z, tokens: 3}, strength: 1}]", `exemptions "e": near`},
		{"exemption of two kinds", "condition: a", "condition: a\n    exemptions: [{id: e, words: [x], when: a, strength: 1}]", `exemptions "e": when: stands alone`},
		{"exemption without strength", "condition: a", "condition: a\n    exemptions: [{id: e, words: [x]}]", `exemptions "e": strength`},
		{"clause elsewhere", "lists:", "elsewhere: {R 2: The lawyers}\nlists:", `elsewhere "R 2": lower-case`},
		{"clause elsewhere without a line", "lists:", "elsewhere: {r2: ' '}\nlists:", `elsewhere "r2": needs one line`},
		{"clause elsewhere of two lines", "lists:", "elsewhere: {r2: \"a\\nb\"}\nlists:", `elsewhere "r2": needs one line`},
		{"clause elsewhere with a rule", "lists:", "elsewhere: {r1: The lawyers}\nlists:", `elsewhere "r1": is a rule`},
		{"two documents", "name: house", "name: house\n---\nname: house", "read pack house.yaml"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Contains(t, good, tc.old)
			_, err := pack.Parse("house.yaml", []byte(strings.Replace(good, tc.old, tc.new, 1)))
			require.ErrorContains(t, err, "read pack house.yaml: ")
			require.ErrorContains(t, err, tc.want)
		})
	}
	p, err := pack.Parse("house.yaml", []byte(strings.Replace(good, "lists:", "elsewhere: {r2: The archive counts its records}\nlists:", 1)))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"r2": "The archive counts its records"}, p.Elsewhere)
	_, err = pack.Parse("house.yaml", []byte(strings.Replace(good, "id: r1", "id: r1", 1)+good[strings.Index(good, "  - id"):]))
	require.ErrorContains(t, err, `rule "r1": id: used twice`)
}

func FuzzParse(f *testing.F) {
	f.Add(head + "    detection: {a: {words: [x]}}\n    condition: a" + tail)
	f.Add("name: x\nrules: [{}]")
	f.Add("")
	f.Fuzz(func(t *testing.T, data string) {
		p, err := pack.Parse("f.yaml", []byte(data))
		if err == nil {
			_, _ = pack.Compile([]*pack.Pack{p}, &match.Set{})
		}
	})
}

// TestLanguages tells a rule's languages by the source, and by the text where the source
// does not know.
func TestLanguages(t *testing.T) {
	r := compile(t, parse(t, `
    applies: {who: [rep], languages: [de, fr]}
    detection: {a: {words: [alpha]}}
    condition: a`))
	facts := compile(t, parse(t, `
    detection: {a: {words: [alpha]}}
    condition: a && lang == "de"`))
	for _, tc := range []struct {
		name, lang, text string
		want, german     bool
	}{
		{"told", "de", "alpha", true, true},
		{"told another", "en", "alpha und der Hund ist nicht da", false, false},
		{"not told, in the text", "", "alpha und der Hund ist nicht da", true, true},
		{"undetermined, in the text", "und", "alpha, et le chien n'est pas dans la rue", true, false},
		{"not told, another in the text", "", "alpha and the dog is not here", false, false},
		{"nobody can tell", "", "alpha 12", false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := func(c *pack.Context) { c.Lang = tc.lang }
			require.Equal(t, tc.want, len(r.judge(t, tc.text, in)) == 1)
			require.Equal(t, tc.german, len(facts.judge(t, tc.text, in)) == 1)
		})
	}
}
