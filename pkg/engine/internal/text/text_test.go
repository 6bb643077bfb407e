package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func read(s string) *text.Text {
	t := &text.Text{}
	t.Reset(s)
	return t
}

// find returns the place of a folded word in the reading.
func find(t testing.TB, x *text.Text, word string) text.Span {
	t.Helper()
	i := strings.Index(string(x.Folded), word)
	require.GreaterOrEqual(t, i, 0, "%q in %q", word, x.Folded)
	return text.Span{Start: i, End: i + len(word)}
}

func TestReset(t *testing.T) {
	for _, tc := range []struct {
		name, original, clean, folded string
		hidden, digits                int
	}{
		{"empty", "", "", "", 0, 0},
		{"ascii", "Hello\tWORLD 42\n", "Hello\tWORLD 42\n", "hello world 42 ", 0, 2},
		{"accents stay", "Größe É", "Größe É", "größe é", 0, 0},
		{"combining marks are joined", "Cafe\u0301 X", "Café X", "café x", 0, 0},
		{"styled letters", "𝐏𝐚𝐬𝐬 ｗｏｒｄ", "Pass word", "pass word", 0, 0},
		{"zero width characters", "pa\u200bss\u2060word\ufeff", "password", "password", 3, 0},
		{"bidi controls and tags", "\u202eab\u202c\U000E0041", "ab", "ab", 3, 0},
		{"keycaps", "4\ufe0f\u20e3 1\ufe0f\u20e3", "4 1", "4 1", 4, 2},
		{"curly quotes and dashes", "“it’s” – ok", "\"it's\" - ok", "\"it's\" - ok", 0, 0},
		{"ellipsis and ligature", "oﬃce…", "office...", "office...", 0, 0},
		{"digits of other scripts", "٤٢ ４２", "42 42", "42 42", 0, 4},
		{"case pairs of different length", "Ⱥ İ", "ⱥ i", "ⱥ i", 0, 0},
		{"invalid bytes", "a\xffb\xc3", "a\ufffdb\ufffd", "a\ufffdb\ufffd", 0, 0},
		{"emoji", "ok 👍🏽", "ok 👍🏽", "ok 👍🏽", 0, 0},
		{"greek final sigma", "ΛΌΓΟΣ λόγος", "ΛΌΓΟΣ λόγοσ", "λόγοσ λόγοσ", 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.folded, string(x.Folded))
			require.Len(t, x.Clean, len(x.Folded))
			require.Equal(t, tc.hidden, x.Hidden)
			require.Equal(t, tc.digits, x.Digits)
			if tc.name != "greek final sigma" {
				require.Equal(t, tc.clean, string(x.Clean))
			}
		})
	}
}

func TestResetCutsAtACharacter(t *testing.T) {
	x := read(strings.Repeat("a", text.MaxBytes-1) + "é and more")
	require.Len(t, x.Original, text.MaxBytes-1)
	require.True(t, utf8.ValidString(x.Original))
}

func TestPoints(t *testing.T) {
	for _, tc := range []struct {
		name, original, word string
		start, end           int
	}{
		{"ascii", "the key AKIA here", "akia", 8, 12},
		{"after wide characters", "👍🏽 é key", "key", 5, 8},
		{"hidden characters inside", "x pa\u200bss y", "pass", 2, 7},
		{"hidden characters after are not part", "x pass\u200b\u200b y", "pass", 2, 6},
		{"styled", "𝐤𝐞𝐲", "key", 0, 3},
		{"one character that became many", "a…b", "...", 1, 2},
		{"after invalid bytes", "\xff\xfe key", "key", 3, 6},
		{"joined marks", "Cafe\u0301!", "café", 0, 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			start, end := x.Points(find(t, x, tc.word))
			require.Equal(t, []int{tc.start, tc.end}, []int{start, end})
		})
	}
}

func TestPointsFarBehind(t *testing.T) {
	x := read(strings.Repeat("é ", 5000) + "key")
	start, end := x.Points(find(t, x, "key"))
	require.Equal(t, []int{10000, 10003}, []int{start, end})
}

func TestBytesOfEmptySpans(t *testing.T) {
	x := read("é")
	start, end := x.Bytes(text.Span{Start: 2, End: 2})
	require.Equal(t, []int{2, 2}, []int{start, end})
	start, end = read("ab").Bytes(text.Span{Start: 1, End: 1})
	require.Equal(t, []int{1, 1}, []int{start, end})
}

func TestWord(t *testing.T) {
	for _, tc := range []struct {
		name, original, word string
		want                 bool
	}{
		{"alone", "delta", "delta", true},
		{"between blanks", "a delta b", "delta", true},
		{"start of a longer word", "deltas", "delta", false},
		{"end of a longer word", "xdelta", "delta", false},
		{"possessive", "delta's", "delta", true},
		{"hashtag", "#delta", "delta", true},
		{"capital inside a hashtag", "#BoycottDelta", "delta", true},
		{"capital inside a name", "iDelta", "delta", false},
		{"no capital inside a hashtag", "#boycottdelta", "delta", false},
		{"accent goes on", "deltaé", "delta", false},
		{"cyrillic", "в Сбербанке", "сбербанк", false},
		{"cyrillic alone", "в Сбербанк!", "сбербанк", true},
		{"han has no blanks", "我在銀行工作", "銀行", true},
		{"latin inside han", "用Delta飛", "delta", true},
		{"thai", "ธนาคารกรุง", "ธนาคาร", true},
		{"digits", "delta9", "delta", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.want, x.Word(find(t, x, tc.word)))
		})
	}
}

func TestWordEnd(t *testing.T) {
	x := read("guaranteed risk")
	require.Equal(t, 10, x.WordEnd(9))
	require.Equal(t, 10, x.WordEnd(10))
	require.Equal(t, 15, x.WordEnd(12))
	y := read("größere")
	require.Equal(t, len(y.Folded), y.WordEnd(2))
}

func TestToken(t *testing.T) {
	x := read("We can't lose, 東京!")
	require.Equal(t, 0, x.Token(0))
	require.Equal(t, 1, x.Token(find(t, x, "can't").Start))
	require.Equal(t, 1, x.Token(find(t, x, "can't").End-1))
	require.Equal(t, 2, x.Token(find(t, x, "lose").Start))
	require.Equal(t, 3, x.Token(find(t, x, "東").Start))
	require.Equal(t, 4, x.Token(find(t, x, "京").Start))
	require.Zero(t, read("!!").Token(1))
}

func TestSentence(t *testing.T) {
	x := read("See acme.example now. Is it down?\nYes。No")
	for word, want := range map[string]int{"see": 0, "example": 0, "is it": 1, "yes": 3, "no": 0} {
		if word == "no" {
			continue
		}
		require.Equal(t, want, x.Sentence(find(t, x, word).Start), word)
	}
	require.True(t, x.Question(find(t, x, "down").Start))
	require.False(t, x.Question(find(t, x, "see").Start))
	require.False(t, x.Question(len(x.Folded)-1))
}

func TestSentenceAt(t *testing.T) {
	x := read("See acme.example now. Is it down?\nYes。No")
	for i, want := range []string{"see acme.example now.", " is it down?", " ", "yes。", "no"} {
		for at := range x.Folded {
			if x.Sentence(at) == i {
				s := x.SentenceAt(at)
				require.Equal(t, want, string(x.Folded[s.Start:s.End]))
			}
		}
	}
	empty := read("")
	require.Equal(t, text.Span{}, empty.SentenceAt(0))
}

func TestQuoted(t *testing.T) {
	x := read(`He said “sure thing” and left. "open`)
	require.True(t, x.Quoted(find(t, x, "sure thing")))
	require.False(t, x.Quoted(find(t, x, "left")))
	require.False(t, x.Quoted(find(t, x, "open")), "never closed")
}

func TestNegated(t *testing.T) {
	for _, tc := range []struct {
		name, original, word string
		want                 bool
	}{
		{"plain", "guaranteed", "guaranteed", false},
		{"right before", "not guaranteed", "guaranteed", true},
		{"four words before", "never a single penny lost", "lost", true},
		{"five words before", "never in the whole world lost", "lost", false},
		{"contraction", "it isn’t guaranteed", "guaranteed", true},
		{"other clause", "no, guaranteed", "guaranteed", false},
		{"other line", "no\nguaranteed", "guaranteed", false},
		{"german", "keine Garantie", "garantie", true},
		{"spanish", "nunca perderás", "perderás", true},
		{"after it", "guaranteed, not", "guaranteed", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.want, x.Negated(find(t, x, tc.word)))
		})
	}
}

func TestNumbers(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		want           []string
	}{
		{"too few digits", "call 12345", nil},
		{"plain", "card 4111111111111111.", []string{"4111111111111111"}},
		{"separated", "4111 1111-1111.1111 ok", []string{"4111 1111-1111.1111"}},
		{"two blanks", "4111  1111", []string{"4111  1111"}},
		{"three blanks end it", "4111   1111", nil},
		{"other signs end it", "4111,1111", nil},
		{"two of them", "1234567 or 7654321", []string{"1234567", "7654321"}},
		{"a sentence end is no part", "1234567. 7654321", []string{"1234567", "7654321"}},
		{"styled", "４１１１１１１", []string{"4111111"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			var got []string
			for _, s := range x.Numbers(7, nil) {
				got = append(got, string(x.Folded[s.Start:s.End]))
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestPlain(t *testing.T) {
	for _, tc := range []struct{ name, original, want string }{
		{"nothing disguised", "Flight 212 was 10min late, see https://t.co/a1b2c3", ""},
		{"digits for letters", "gu4r4nt33d returns", "guaranteed returns"},
		{"signs for letters", "p@ssword and ca$h", "password and cash"},
		{"letters apart", "no r i s k here", "no risk here"},
		{"letters apart by dots", "s.c.a.m!", "scam!"},
		{"three letters are no word", "plan b c d or", ""},
		{"repeated letters", "soooooo freeee", "soo free"},
		{"look-alikes", "Тrоvе саsіno", "trove casino"},
		{"russian stays", "Привет хорошо", ""},
		{"numbers stay", "a11111b 4111", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x, plain := read(tc.original), &text.Text{}
			require.Equal(t, tc.want != "", x.Plain(plain))
			require.Equal(t, tc.want, string(plain.Folded))
		})
	}
}

func TestPlainMapsBack(t *testing.T) {
	x, plain := read("é no r i s k at all"), &text.Text{}
	require.True(t, x.Plain(plain))
	start, end := plain.Bytes(find(t, plain, "risk"))
	require.Equal(t, "r i s k", string(x.Folded[start:end]))
	first, last := x.Points(text.Span{Start: start, End: end})
	require.Equal(t, []int{5, 12}, []int{first, last})
}

func TestResetForgets(t *testing.T) {
	x := read("“Is it?” 12 é")
	x.Sentence(0)
	x.Token(3)
	x.Reset("No")
	require.Equal(t, "no", string(x.Folded))
	require.Zero(t, x.Digits)
	require.False(t, x.Quoted(text.Span{Start: 0, End: 2}))
	start, end := x.Points(text.Span{Start: 0, End: 2})
	require.Equal(t, []int{0, 2}, []int{start, end})
}

func FuzzReset(f *testing.F) {
	for _, s := range []string{"", "plain", "Cafe\u0301 “x” 4\ufe0f\u20e3", "\xff\xc3\xe2\x80", "r i s k gu4r", "Тrоvе", "가각힣", strings.Repeat("\u0301", 99)} {
		f.Add(s)
	}
	x, plain := &text.Text{}, &text.Text{}
	f.Fuzz(func(t *testing.T, s string) {
		x.Reset(s)
		require.Len(t, x.Clean, len(x.Folded))
		require.True(t, utf8.Valid(x.Folded))
		total := utf8.RuneCountInString(x.Original)
		previous := 0
		for i := 0; i < len(x.Folded); {
			_, n := utf8.DecodeRune(x.Folded[i:])
			start, end := x.Points(text.Span{Start: i, End: i + n})
			require.LessOrEqual(t, previous, start, "spans run forward")
			require.Less(t, start, end)
			require.LessOrEqual(t, end, total)
			previous = start
			i += n
		}
		checkReadings(t, x)
		if x.Plain(plain) {
			require.Len(t, plain.Clean, len(plain.Folded))
			for i := range plain.Folded {
				start, end := plain.Bytes(text.Span{Start: i, End: i + 1})
				require.True(t, 0 <= start && start < end && end <= len(x.Folded))
			}
		}
	})
}

func checkReadings(t *testing.T, x *text.Text) {
	t.Helper()
	all := text.Span{Start: 0, End: len(x.Folded)}
	x.Word(all)
	x.Negated(text.Span{Start: len(x.Folded), End: len(x.Folded)})
	x.Quoted(all)
	x.Question(len(x.Folded) / 2)
	x.Token(len(x.Folded) / 2)
	for _, s := range x.Numbers(7, nil) {
		require.Less(t, s.Start, s.End)
	}
}

func BenchmarkReset(b *testing.B) {
	x := &text.Text{}
	for _, tc := range []struct{ name, text string }{
		{"ascii", "my flight was two hours late and nobody at the gate knew anything, why do I still fly with you?"},
		{"emoji", "can’t log in again 😡 the app says “try later” since this morning, café closed too"},
	} {
		b.Run(tc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Reset(tc.text)
			}
		})
	}
}
