package engine_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
)

// BenchmarkRules judges the posts of BenchmarkAssess by packs of so many rules of three
// literals: ten that know words of the posts, the others with words of their own. Building
// is what New takes. The table stands in docs/adr/0004-engine-shape.md.
func BenchmarkRules(b *testing.B) {
	for _, rules := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(rules), func(b *testing.B) {
			packs := syntheticPacks(b, rules)
			before, began := heap(), cpu(b)
			e, err := engine.New(engine.Options{
				Brands: []engine.Brand{{ID: "acme", Name: "Acme Bank", Aliases: []string{"Acme", "@acmebank"}}, {ID: "globex", Name: "Globex Air", Aliases: []string{"@globexair"}}},
				Packs:  packs, Key: []byte("a key of these benchmarks"),
			})
			require.NoError(b, err)
			built, held := cpu(b)-began, heap()-before
			events := tweets(1000)
			b.ReportAllocs()
			i, began := 0, cpu(b)
			for b.Loop() {
				e.Assess(events[i%len(events)], time.Time{})
				i++
			}
			b.ReportMetric(float64(cpu(b)-began)/float64(i), "cpu-ns/post")
			b.ReportMetric(float64(built)/1e6, "cpu-ms/build")
			b.ReportMetric(float64(held)/1e6, "MB/engine")
		})
	}
}

// heap is what is in use, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// syntheticPacks are packs of 500 rules at most, n rules in all.
func syntheticPacks(tb testing.TB, n int) []engine.Pack {
	tb.Helper()
	random := rand.New(rand.NewPCG(10, 10))
	files := fstest.MapFS{}
	for made := 0; made < n; {
		var y strings.Builder
		fmt.Fprintf(&y, "name: house-%d\nversion: 1.0.0\nrules:\n", made)
		for range min(500, n-made) {
			y.WriteString(syntheticRule(made, random))
			made++
		}
		files[fmt.Sprintf("house-%05d.yaml", made)] = &fstest.MapFile{Data: []byte(y.String())}
	}
	packs, err := engine.LoadPacks(files)
	require.NoError(tb, err)
	return packs
}

func syntheticRule(i int, random *rand.Rand) string {
	words := [3]string{pseudoWord(random), pseudoWord(random) + " " + pseudoWord(random), pseudoWord(random)}
	if i < 10 {
		words[0], words[2] = []string{"service", "app", "refund", "bag", "branch"}[i%5], []string{"worst", "thank you", "hold"}[i%3]
	}
	var examples strings.Builder
	for _, list := range []string{"must_match", "must_pass"} {
		fmt.Fprintf(&examples, "    %s: [{text: a, who: emp}, {text: b, who: emp}, {text: c, who: emp}]\n", list)
	}
	return fmt.Sprintf(`  - id: r%05d
    title: Rule
    status: stable
    kind: roadmap
    category: compliance
    family: house-%d
    level: low
    likelihood: 0.4
    applies: {who: [emp, pub]}
    detection:
      subject: {words: [%q, %q]}
      claim: {words: [%q]}
    condition: near(subject, claim, %d) && !quoted(claim)
%s`, i, i%50, words[0], words[1], words[2], 5+i%10, examples.String())
}

// pseudoWord is of English syllables, so that texts share its start now and then.
func pseudoWord(random *rand.Rand) string {
	syllables := []string{"re", "con", "ter", "ing", "er", "an", "ment", "tion", "pro", "ser", "lo", "mi", "ca", "ba", "ful", "ly", "sta", "pre", "de", "ness"}
	word := ""
	for range 3 + random.IntN(2) {
		word += syllables[random.IntN(len(syllables))]
	}
	return word
}

// TestSyntheticRulesSpeak holds the benchmark to what it measures: the rules that know
// words of the posts are found in some of them, the others in none.
func TestSyntheticRulesSpeak(t *testing.T) {
	e, err := engine.New(engine.Options{Brands: []engine.Brand{{ID: "acme", Name: "Acme Bank"}}, Packs: syntheticPacks(t, 600), Key: []byte("a key of these benchmarks")})
	require.NoError(t, err)
	a := e.Assess(created("Acme Bank, your app is down and I am on hold, worst app ever, the worst bag"), judgedAt)
	var rules []string
	for _, f := range a[0].GetCategories()[compliance].GetFindings() {
		rules = append(rules, f.GetRule())
	}
	require.NotEmpty(t, rules)
	for _, rule := range rules {
		require.Regexp(t, `^house-0\.r0000\d$`, rule)
	}
}
