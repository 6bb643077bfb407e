package secret

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestProviderFormats tries every provider format on tokens that are drawn from its
// shape here, so that no token stands in the repository: in a sentence, in code, cut,
// inside a longer word, and with its random part masked.
func TestProviderFormats(t *testing.T) {
	runner := parttest.New(New())
	rows := slices.Concat(clouds, services, models, business)
	require.GreaterOrEqual(t, len(rows)+len(named), 150)
	seen := map[string]bool{}
	for _, r := range rows {
		t.Run(r.id, func(t *testing.T) {
			require.False(t, seen[r.id], "the id stands twice")
			seen[r.id] = true
			require.True(t, r.severity >= 1 && r.severity <= 5)
			token := draw(t, r)
			rule := "secret." + r.id
			require.Contains(t, rulesIn(runner.Public("use "+token+" for the demo")), rule, token)
			require.Contains(t, rulesIn(runner.Insider("engineer", "export X='"+token+"'\nrun")), rule, token)
			require.NotContains(t, rulesIn(runner.Public("zz9"+token+"9zz")), rule, "inside a longer word: %s", token)
			require.NotContains(t, rulesIn(runner.Public("it starts with "+token[:len(token)/2])), rule, "cut: %s", token)
			require.NotContains(t, rulesIn(runner.Public("such as "+masked(r, token))), rule, "masked: %s", masked(r, token))
		})
	}
}

// TestNamedFormats tries the formats that need their provider's name.
func TestNamedFormats(t *testing.T) {
	runner := parttest.New(New())
	for _, r := range named {
		t.Run(r.id, func(t *testing.T) {
			token, name := draw(t, r), strings.TrimSpace(strings.Fields(r.literals)[0])
			rule := "secret." + r.id
			require.Contains(t, rulesIn(runner.Public(name+"_value = \""+token+"\"")), rule, token)
			require.Contains(t, rulesIn(runner.Public(strings.ToUpper(name)+"_VALUE: "+token)), rule, token)
			require.NotContains(t, rulesIn(runner.Public("we love "+name+" and "+token)), rule)
			require.NotContains(t, rulesIn(runner.Public(name+"_value = os.environ['X']")), rule)
		})
	}
}

func rulesIn(found []parttest.Found) []string {
	var rules []string
	for _, f := range found {
		rules = append(rules, f.Rule)
	}
	return rules
}

// masked keeps the mark of a token and writes x for the rest.
func masked(r row, token string) string {
	keep := min(len(token)/2, len(strings.Fields(r.literals)[0]))
	if r.lead > 0 {
		return strings.Repeat("x", len(token))
	}
	return token[:keep] + strings.Repeat("x", len(token)-keep)
}

// draw makes a token of the row's shape that looks random to the detector.
func draw(t *testing.T, r row) string {
	t.Helper()
	tree, err := syntax.Parse(r.shape, syntax.Perl)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, uint64(len(r.id))))
	for range 200 {
		var b strings.Builder
		write(&b, tree.Simplify(), random)
		token := b.String()
		last := token[len(token)-1]
		if !placeholder([]byte(token)) && !countedUp([]byte(token)) && last != '-' && last != '.' && entropy([]byte(token[len(token)/3:])) >= minTokenEntropy {
			return token
		}
	}
	t.Fatalf("no token of shape %s", r.shape)
	return ""
}

// write draws a string of the language of tree: of repeats the least, of choices any.
func write(b *strings.Builder, tree *syntax.Regexp, random *rand.Rand) {
	switch tree.Op {
	case syntax.OpLiteral:
		b.WriteString(string(tree.Rune))
	case syntax.OpCharClass:
		b.WriteRune(pick(tree.Rune, random))
	case syntax.OpAlternate:
		write(b, tree.Sub[random.IntN(len(tree.Sub))], random)
	case syntax.OpPlus:
		for range 3 {
			write(b, tree.Sub[0], random)
		}
	case syntax.OpStar, syntax.OpQuest:
	default:
		for _, sub := range tree.Sub {
			write(b, sub, random)
		}
	}
}

// pick draws a character of a class given as pairs of first and last.
func pick(class []rune, random *rand.Rand) rune {
	total := 0
	for i := 0; i < len(class); i += 2 {
		total += int(class[i+1]-class[i]) + 1
	}
	n := random.IntN(total)
	for i := 0; ; i += 2 {
		width := int(class[i+1]-class[i]) + 1
		if n < width {
			return class[i] + rune(n)
		}
		n -= width
	}
}
