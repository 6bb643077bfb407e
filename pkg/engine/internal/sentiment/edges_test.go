package sentiment

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOneDifference compares two texts that differ in one thing: more is more negative.
func TestOneDifference(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct{ name, more, less string }{
		{"negated praise", "the crew was not helpful", "the crew was helpful"},
		{"negated blame", "the crew was rude", "the crew was not rude"},
		{"negation in front of an intensifier", "not very helpful", "very helpful"},
		{"negation twice", "not helpful", "not unhelpful"},
		{"contraction", "it isn’t good", "it is good"},
		{"nobody", "nobody was helpful", "somebody was helpful"},
		{"without", "travel without comfort and joy", "travel with comfort and joy"},
		{"intensifier", "really awful food", "awful food"},
		{"two intensifiers", "really very awful food", "very awful food"},
		{"diminisher", "the food is awful", "the food is slightly awful"},
		{"capitals in a quiet text", "the food was AWFUL to me", "the food was awful to me"},
		{"one exclamation", "awful food!", "awful food."},
		{"three exclamations", "awful food!!!", "awful food!"},
		{"blame after but", "good food but awful crew", "awful crew but good food"},
		{"blame after however", "good food, however awful crew", "awful crew, however good food"},
		{"angry emoji", "the food 😡", "the food"},
		{"sad emoticon", "the food :(", "the food :)"},
		{"broken heart", "the food 💔", "the food ❤️"},
		{"swearing", "fuck this", "this"},
		{"elongation", "sooooo awful", "fine"},
		{"german word", "Der Service ist katastrophal", "Der Service ist hervorragend"},
		{"spanish word", "Un servicio lamentable", "Un servicio excelente"},
		{"french word", "Un service honteux", "Un service magnifique"},
		{"portuguese word", "Um serviço péssimo", "Um serviço ótimo"},
		{"italian word", "Un servizio vergognoso", "Un servizio fantastico"},
		{"dutch word", "De service is waardeloos", "De service is uitstekend"},
		{"italian negation", "non sono contento", "sono contento"},
		{"portuguese negation", "não é bom", "é bom"},
		{"dutch negation", "niet goed", "goed"},
		{"german negation", "Ich bin nicht zufrieden", "Ich bin zufrieden"},
		{"french negation", "ce n’est pas génial", "c’est génial"},
		{"spanish negation", "nunca es bueno", "es bueno"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			more, less := a.Score(tc.more, nil), a.Score(tc.less, nil)
			require.Greater(t, more.Negative, less.Negative)
		})
	}
}

// TestEmphasisIsBounded holds shouting to a limit: a hundred marks weigh as three.
func TestEmphasisIsBounded(t *testing.T) {
	a := newAnalyzer(t)
	three, hundred := a.Score("awful!!!", nil), a.Score("awful"+strings.Repeat("!", 100), nil)
	require.Equal(t, three.Label, hundred.Label)
	require.Equal(t, a.Score("AWFUL FOOD", nil).Label, a.Score("awful food", nil).Label)
}

func TestSarcasmCues(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct {
		name, text string
		want       bool
	}{
		{"plain praise", "what a lovely flight", false},
		{"plain blame", "what an awful flight", false},
		{"eye-roll", "what a lovely flight 🙄", true},
		{"tag at the end", "what a lovely flight /s", true},
		{"tag at the end of the line", "what a lovely flight /s\n", true},
		{"slash elsewhere", "what a lovely flight /sat", false},
		{"link that ends so", "lovely https://a.example/s", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, a.Score(tc.text, nil).Sarcasm > 0)
		})
	}
}

// TestSarcasmOnlyMakesUnsure holds the refusal to guess: a cue never turns praise into
// confident blame.
func TestSarcasmOnlyMakesUnsure(t *testing.T) {
	a := newAnalyzer(t)
	for _, text := range []string{"what a lovely flight", "great service, thank you", "awful crew, never again"} {
		plain, ironic := a.Score(text, nil), a.Score(text+" 🙄", nil)
		require.Less(t, max(ironic.Positive, ironic.Negative), max(plain.Positive, plain.Negative), text)
		require.Less(t, ironic.Negative, .9, text)
	}
}

// TestTargetWindows aims one text at each of its names.
func TestTargetWindows(t *testing.T) {
	a := newAnalyzer(t)
	for _, tc := range []struct{ name, text, loved, blamed string }{
		{"two sentences", "Ostra was awful. Zephyr was wonderful.", "Zephyr", "Ostra"},
		{"other order", "Zephyr was wonderful. Ostra was awful.", "Zephyr", "Ostra"},
		{"two lines", "Ostra was awful\nZephyr was wonderful", "Zephyr", "Ostra"},
		{"but between", "Ostra was awful but Zephyr was wonderful", "Zephyr", "Ostra"},
		{"semicolon between", "Ostra was awful; Zephyr was wonderful", "Zephyr", "Ostra"},
		{"shout between", "Ostra was awful! Zephyr was wonderful", "Zephyr", "Ostra"},
		{"wide names", "Österra was awful. Zéphyr was wonderful.", "Zéphyr", "Österra"},
		{"behind emoji", "👍🏽 Ostra was awful. Zephyr was wonderful.", "Zephyr", "Ostra"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			at := func(name string) Result {
				i := strings.Index(tc.text, name)
				require.GreaterOrEqual(t, i, 0)
				return a.Score(tc.text, [][2]int{{i, i + len(name)}})
			}
			require.Greater(t, at(tc.loved).Positive, at(tc.blamed).Positive)
			require.Greater(t, at(tc.blamed).Negative, at(tc.loved).Negative)
		})
	}
}

func TestTargetsThatAimAtNothing(t *testing.T) {
	a := newAnalyzer(t)
	const text = "Ostra was awful. Zephyr was wonderful."
	whole := a.Score(text, nil)
	for name, target := range map[string][][2]int{
		"empty list": {}, "behind the text": {{500, 505}}, "before the text": {{-9, -2}}, "the whole text": {{0, len(text)}}, "both names": {{0, 5}, {17, 23}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, whole, a.Score(text, target)) })
	}
}

// TestWordsThatAreNotRead holds what says nothing: links, mentions, figures.
func TestWordsThatAreNotRead(t *testing.T) {
	a := newAnalyzer(t)
	neutral := a.Score("", nil)
	for name, text := range map[string]string{
		"link": "https://awful.example/terrible/hate", "mention": "@awful_terrible_hate", "figures": "12 34 56", "blanks": "  \n\t ", "marks": "... ,,, ---", "unknown words": "qzx wvk",
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, neutral, a.Score(text, nil)) })
	}
}

// TestCaseDoesNotMatterAlone folds random texts: the label stays, whatever the case of a
// text that has one case throughout.
func TestCaseDoesNotMatterAlone(t *testing.T) {
	a := newAnalyzer(t)
	words := strings.Fields("good awful not very the crew food but never helpful rude wonderful and hate love slow refund")
	random := rand.New(rand.NewPCG(3, 1))
	for range 300 {
		var text []string
		for range 1 + random.IntN(10) {
			text = append(text, words[random.IntN(len(words))])
		}
		lower := strings.Join(text, " ")
		require.Equal(t, a.Score(lower, nil), a.Score(strings.ToUpper(lower), nil), lower)
	}
}

// TestManyClauses reads a text of more clauses than are kept apart.
func TestManyClauses(t *testing.T) {
	a := newAnalyzer(t)
	text := strings.Repeat("fine. ", 200) + "Ostra was awful."
	i := strings.Index(text, "Ostra")
	requireShares(t, a.Score(text, [][2]int{{i, i + 5}}))
}
