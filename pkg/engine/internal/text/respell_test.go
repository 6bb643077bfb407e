package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func TestRespell(t *testing.T) {
	for _, tc := range []struct{ name, original, want string }{
		{"scheme", "go to hxxps://a.example", "go to https://a.example"},
		{"dots in brackets", "a[.]b(.)c{.}example", "a.b.c.example"},
		{"dots as words in brackets", "a[dot]b(DOT)c {dot} example", "a.b.c.example"},
		{"all of it", "hxxp[:]//evil[.]example/x", "http://evil.example/x"},
		{"scheme in brackets", "http[://]evil[.]example", "http://evil.example"},
		{"at in brackets", "jo [at] b.example and jo(@)b.example", "jo@b.example and jo@b.example"},
		{"spoken", "jo dot doe at b dot example", "jo.doe@b.example"},
		{"at before a dot in brackets", "jo at b[.]example", "jo@b.example"},
		{"spoken with pauses", "ann and bo, all one word, at fern, then dot example", "ann and bo@fern.example"},
		{"number told in groups", "oh double seven double oh, nine hundred, then six one two", "07700900612"},
		{"number told in groups, Spanish", "seis uno dos, luego tres cuatro cinco siete", "6123457"},
		{"then, behind a number", "four one one one two three four then tea", "4111234 then tea"},
		{"underscore", "jo underscore doe at b, dot example", "jo_doe@b.example"},
		{"spanish", "rosa punto lind arroba fern punto example", "rosa.lind@fern.example"},
		{"german", "rosa Punkt lind ät fern Punkt example", "rosa.lind@fern.example"},
		{"french", "rosa tiret bas lind arobase fern point example", "rosa_lind@fern.example"},
		{"italian", "rosa chiocciola fern punto example", "rosa@fern.example"},
		{"a point of another kind", "en este punto no hay arrobas, punto final", ""},
		{"at is a word", "look at b.example or meet me at noon", ""},
		{"blank on one side", "so (.)it is and (", ""},
		{"class of an expression", "match [a-z] and [.", ""},
		{"dot at the end", "the last dot ", ""},
		{"middle of a word", "ahxxp", ""},

		{"figures in words", "call four one one, one two three four", "call 4111234"},
		{"with dashes", "six-zero-five-two-nine-eight-one", "6052981"},
		{"words and figures", "0 seven 7 zero zero 9 zero two 1 nine", "0770090219"},
		{"said twice", "oh double seven, triple nine two one", "07799921"},
		{"german", "null eins sieben sechs fünf vier acht zwo", "01765482"},
		{"spanish", "seis cero dos siete nueve uno ocho", "6027918"},
		{"french, accents joined", "ze\u0301ro six deux un neuf sept trois", "0621973"},
		{"said three times", "treble nine two one, oh double seven", "99921077"},
		{"a letter for nought", "o double seven, nine o two one", "0779021"},
		{"a group of figures among words", "087 five five five 0143", "0875550143"},
		{"groups of figures, few words", "087 five five 0143 12", ""},
		{"hundreds", "seven seven double zero, nine hundred, nine four seven", "7700900947"},
		{"a nought in front", "seven seven zero zero nine hundred nine four seven with an oh in front", "07700900947 with an oh in front"},
		{"english pairs", "oh one six, thirty-two, ninety sixty, eleven", "01632906011"},
		{"french pairs", "zéro six, trente-neuf, quatre-vingt-dix-huit, soixante-douze, vingt et un", "0639987221"},
		{"spanish pairs", "seiscientos doce, treinta y cuatro, cincuenta y seis, setenta y ocho", "612345678"},
		{"german pairs", "null eins sieben sechs, vierunddreißig, zwölf, siebenundachtzig", "0176341287"},
		{"italian pairs", "tre tre otto, quarantadue, diciotto, novantuno", "338421891"},
		{"portuguese pairs", "nove um dois, trinta e quatro, vinte, dezoito", "912342018"},
		{"dutch pairs", "nul zes, vierendertig, twaalf, zesennegentig, tien", "0634129610"},
		{"a year and ages", "in twenty twenty she was forty-two", ""},
		{"six are no number", "four one one two nine three", ""},
		{"counting up", "one two three four five six seven eight", ""},
		{"counting down", "nine eight seven six five four three two one", ""},
		{"few words among figures", "1 2 3 4 5 six seven", ""},
		{"words between", "one dog two cats three birds four cows five six seven", ""},
		{"inside words", "someone twofold threesome", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x, view := read(tc.original), &text.Text{}
			require.Equal(t, tc.want != "", x.Respell(view))
			require.Equal(t, tc.want, string(view.Folded))
			require.Len(t, view.Clean, len(view.Folded))
			require.Equal(t, strings.ContainsAny(tc.want, "0123456789"), view.Digits > 0)
		})
	}
}

// TestRespellIsAnnounced holds the signs to what they announce: whatever Respell changes
// holds enough of them.
func TestRespellIsAnnounced(t *testing.T) {
	for _, original := range []string{
		"hxxp://a", "a[.]b", "a(.)b", "a{.}b", "a[dot]b", "a(dot)b", "a{dot}b", "a dot b", "a[at]b", "a (at) b", "a{at}b", "a[@]b", "a(@)b", "a{@}b", "http[:]//a", "jo at b dot c",
	} {
		x := read(original)
		require.True(t, x.Respell(&text.Text{}), original)
		require.True(t, holdsAny(x, text.FangSigns), original)
	}
	for _, original := range []string{"four one one one two three four", "null eins sieben sechs fünf vier acht", "double seven double seven double nine double two"} {
		x := read("so " + original)
		require.True(t, x.Respell(&text.Text{}), original)
		count := 0
		for _, sign := range text.DigitSigns {
			count += strings.Count(string(x.Folded), sign)
		}
		require.GreaterOrEqual(t, count, text.MinDigitSigns, original)
	}
}

func holdsAny(x *text.Text, signs []string) bool {
	for _, s := range signs {
		if strings.Contains(string(x.Folded), s) {
			return true
		}
	}
	return false
}

func TestRespellMapsBack(t *testing.T) {
	for _, tc := range []struct{ name, original, read, want string }{
		{"address", "é see hxxp://a[.]example now", "http://a.example", "hxxp://a[.]example"},
		{"mailbox", "👍 jo dot doe at b dot example!", "jo.doe@b.example", "jo dot doe at b dot example"},
		{"number", "é my card: four one one, one 2 three four ok", "4111234", "four one one, one 2 three four"},
		{"around", "größer a[.]b größer", "größer", "größer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x, view := read(tc.original), &text.Text{}
			require.True(t, x.Respell(view))
			s := find(t, view, tc.read)
			s.Start, s.End = view.Bytes(s)
			start, end := x.Points(s)
			require.Equal(t, tc.want, string([]rune(tc.original)[start:end]))
		})
	}
}

// TestRespellStaysLinear holds the reading to the size of the text in texts that nearly
// are what it looks for.
func TestRespellStaysLinear(t *testing.T) {
	for _, piece := range []string{"one ", "one two ", "1 ", "double ", "a at ", "a dot ", "[.", "[dot", " [", "hxxp", "one, ", "at at dot "} {
		x, view := read(strings.Repeat(piece, text.MaxBytes/len(piece))), &text.Text{}
		x.Respell(view)
		require.LessOrEqual(t, len(view.Folded), len(x.Folded), "%q", piece)
	}
}

// FuzzRespell holds the reading to its map.
func FuzzRespell(f *testing.F) {
	for _, s := range []string{"hxxp[:]//a[.]b", "jo at b dot c", "four one one one two three four", "double seven", "[[((..", "fünf fünf", "\xff dot \xff"} {
		f.Add(s)
	}
	x, view := &text.Text{}, &text.Text{}
	f.Fuzz(func(t *testing.T, s string) {
		x.Reset(s)
		changed := x.Respell(view)
		require.Equal(t, changed, len(view.Folded) > 0)
		require.Len(t, view.Clean, len(view.Folded))
		last := 0
		for i := range view.Folded {
			start, end := view.Bytes(text.Span{Start: i, End: i + 1})
			require.True(t, last <= start && start < end && end <= len(x.Folded))
			last = start
		}
		checkReadings(t, view)
	})
}
