package text_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func TestQuestion(t *testing.T) {
	for _, tc := range []struct {
		name, original, word string
		want                 bool
	}{
		{"ends with the mark", "Is it down?", "down", true},
		{"mark of the sentence behind", "It is down. Is it late?", "down", false},
		{"mark of the sentence before", "Late? It is down.", "down", false},
		{"several marks", "Is it down???", "down", true},
		{"shouted", "Is it down?!", "down", true},
		{"shouted the other way round", "Is it down!?", "down", true},
		{"shouted, then a sentence", "Is it down?! Yes.", "down", true},
		{"the next sentence of a shout", "Is it down?! Late.", "late", false},
		{"quoted", `They ask "is it down?" all day.`, "down", true},
		{"inside a link", "down https://a.example/?q=1 now", "down", false},
		{"wide mark, no blank behind", "ダウンですか？はい", "ダウン", true},
		{"wide mark, the sentence behind", "ダウンですか？はい", "はい", false},
		{"arabic mark", "هل هو متوقف؟ نعم", "متوقف", true},
		{"opening mark alone", "¿down", "down", false},
		{"no mark", "down", "down", false},
		{"other line", "down\nreally?", "down", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.want, x.Question(find(t, x, tc.word).Start))
		})
	}
}

func TestSentenceEnds(t *testing.T) {
	for _, tc := range []struct {
		name, original, first, second string
		same                          bool
	}{
		{"full stop", "One. Two", "one", "two", false},
		{"no blank behind the stop", "see acme.example", "see", "example", true},
		{"a figure", "up 4.5 points", "up", "points", true},
		{"new line", "one\ntwo", "one", "two", false},
		{"blank is no end", "one two", "one", "two", true},
		{"ellipsis", "one… two", "one", "two", false},
		{"wide stop", "一番。二番", "一", "二", false},
		{"wide shout", "一番！二番", "一", "二", false},
		{"half-width stop", "一番｡二番", "一", "二", false},
		{"exclamations", "one!! two", "one", "two", false},
		{"comma", "one, two", "one", "two", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			same := x.Sentence(find(t, x, tc.first).Start) == x.Sentence(find(t, x, tc.second).Start)
			require.Equal(t, tc.same, same)
		})
	}
}

func TestQuotedStyles(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		want           bool
	}{
		{"none", "they say risk free", false},
		{"straight", `they say "risk free"`, true},
		{"curly", "they say “risk free”", true},
		{"german", "sie sagen „risk free“", true},
		{"guillemets", "ils disent «risk free»", true},
		{"guillemets with blanks", "ils disent « risk free »", true},
		{"corner brackets", "「risk free」と言う", true},
		{"between two quotations", `"one" risk free "two"`, false},
		{"second quotation", `"one" and "risk free"`, true},
		{"half inside", `"they say risk" free`, false},
		{"apostrophes do not quote", "it's risk free, isn't it", false},
		{"never closed", `they say "risk free`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			from, to := find(t, x, "risk"), find(t, x, "free")
			require.Equal(t, tc.want, x.Quoted(text.Span{Start: from.Start, End: to.End}))
		})
	}
}

func TestNegatedReach(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		want           bool
	}{
		{"start of the text", "promise", false},
		{"hyphen", "a non-promise", true},
		{"hyphen of another prefix", "a co-promise", false},
		{"negator in capitals", "NO promise", true},
		{"typographic contraction", "we don’t promise", true},
		{"contraction without its mark", "we dont promise", true},
		{"word that only starts like a negator", "noted promise", false},
		{"word that only ends like one", "the ban promise", false},
		{"behind a semicolon", "no; promise", false},
		{"behind a colon", "no: promise", false},
		{"behind a bracket", "no (promise)", false},
		{"behind a closed quotation", `"no" promise`, false},
		{"several blanks", "no    promise", true},
		{"french", "aucune promise", true},
		{"portuguese", "não há promise", true},
		{"italian", "senza alcuna promise", true},
		{"dutch", "geen enkele promise", true},
		{"german", "ohne jede promise", true},
		{"spanish", "sin ninguna promise", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.want, x.Negated(find(t, x, "promise")))
		})
	}
}
