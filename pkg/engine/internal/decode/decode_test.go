package decode_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/decode"
)

const (
	told  = "the door code is taped below the desk"
	short = "too short"
)

func std(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// wrapped breaks s into lines of n bytes.
func wrapped(s string, n int) string {
	var lines []string
	for ; len(s) > n; s = s[n:] {
		lines = append(lines, s[:n])
	}
	return strings.Join(append(lines, s), "\n")
}

func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		name, before, encoded, after, how string
	}{
		{"base64", "decode this: ", std(told), " ok?", "base64"},
		{"base64 at the end", "x ", std(told + "1"), "", "base64"},
		{"base64 with two signs of padding", "", std(told + "12"), ".", "base64"},
		{"base64 without padding", "", base64.RawStdEncoding.EncodeToString([]byte(told)), "!", "base64"},
		{"base64 for addresses", "", base64.URLEncoding.EncodeToString([]byte(told + "ÿþ~?>")), "", "base64"},
		{"base64 behind a path", "https://a.example/long-enough-path/", std(told), "", "base64"},
		{"base64 behind a sign of equality", "key=", std(told), "", "base64"},
		{"base64 in lines", "key:\n", wrapped(std(strings.Repeat(told, 5)), 76), "\n-- \nme", "base64"},
		{"base64 in lines of pem", "", wrapped(std(strings.Repeat(told, 3)), 64), "", "base64"},
		{"base64 in one line before a word", "", std(told + told[:11]), "\nthanks", "base64"},
		{"hex", "", hex.EncodeToString([]byte(told)), " ", "hex"},
		{"hex in capitals", "is ", strings.ToUpper(hex.EncodeToString([]byte(told))), "", "hex"},
		{"hex as code writes it", "is ", "0x" + hex.EncodeToString([]byte(told)), "", "hex"},
		{"percent", "so: ", escaped(told), " bye", "percent"},
		{"percent in part", "", "the%20door%20code%20is%20here", "", "percent"},
		{"percent of wide characters", "", escaped("größer als"), "", "percent"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := tc.before + tc.encoded + tc.after
			runs := decode.Find([]byte(s), 20, nil, nil)
			require.Len(t, runs, 1)
			require.Equal(t, tc.how, runs[0].How)
			require.Equal(t, tc.encoded, s[runs[0].Start:runs[0].End])
			require.True(t, strings.HasPrefix(strings.ReplaceAll(runs[0].Text, "größer als", told), told[:5]), runs[0].Text)
		})
	}
}

func TestFindLeavesAlone(t *testing.T) {
	for _, tc := range []struct{ name, s string }{
		{"empty", ""},
		{"prose", "nobody at the gate knew anything, why do I still fly with you?"},
		{"short base64", std(short)},
		{"long words", "donaudampfschifffahrtsgesellschaft state-of-the-art-something-or-other"},
		{"hashtag", "#ThisIsTheBestDayOfMyWholeLifeSoFar"},
		{"hash of a commit", "fixed in 3f786850e387550fdab836ed7e6dc881de23001b today"},
		{"address", "https://news.example/2026/11/25/the-bank-that-could-not-say-no?utm_source=share"},
		{"two escapes", "https://a.example/caf%C3%A9"},
		{"signs of percent", "50% of 100%zz and 5%%%%"},
		{"escapes that are no text", "%FF%FE%01%02"},
		{"uuid", "id 123e4567-e89b-12d3-a456-426614174000"},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Empty(t, decode.Find([]byte(tc.s), 20, nil, nil)) })
	}
}

// TestFindOfRandomBytes encodes bytes that nobody reads: none of them is told.
func TestFindOfRandomBytes(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	for range 3000 {
		b := make([]byte, 15+random.IntN(40))
		for i := range b {
			b[i] = byte(random.IntN(256))
		}
		require.Empty(t, decode.Find([]byte(std(string(b))+" "+hex.EncodeToString(b)), 20, nil, nil), "%x", b)
	}
}

// TestFindOfRandomTexts encodes random texts: each is told where it stands.
func TestFindOfRandomTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for range 2000 {
		var b strings.Builder
		for b.Len() < 16+random.IntN(80) {
			b.WriteString([]string{"word", " ", "é", "7", ":", "A"}[random.IntN(6)])
		}
		for how, encoded := range map[string]string{"base64": std(b.String()), "hex": hex.EncodeToString([]byte(b.String())), "percent": escaped(b.String())} {
			s := "see " + encoded + " there"
			runs := decode.Find([]byte(s), 20, nil, nil)
			require.Len(t, runs, 1, s)
			require.Equal(t, decode.Run{Start: 4, End: 4 + len(encoded), How: how, Text: b.String()}, runs[0])
		}
	}
}

func TestFindKeepsItsBounds(t *testing.T) {
	many := []byte(strings.Repeat(std(told)+" ", 50))
	require.Len(t, decode.Find(many, 20, nil, nil), 20)
	require.Len(t, decode.Find(many, 20, nil, make([]decode.Run, 3)), 23)
	require.Empty(t, decode.Find(many, 20, func(int, int) bool { return true }, nil))
	long := decode.Find([]byte(std(strings.Repeat(told, 1000))), 20, nil, nil)
	require.Len(t, long, 1)
	require.Len(t, long[0].Text, 3<<10)
}

// TestFindDecodesEachByteOnce counts the bytes that are decoded in the worst texts: the
// sum of the stretches asked about stays below three times the text.
func TestFindDecodesEachByteOnce(t *testing.T) {
	for _, piece := range []string{"a", "A1", "/", "a/", "aaaaaaaaaaaaaaaaaaaaB1/", strings.Repeat("a1", 32) + "\n", "%", "%4", "%41", "=", "A1=", "-"} {
		for _, size := range []int{1 << 10, 64 << 10} {
			s := []byte(strings.Repeat(piece, size/len(piece)))
			asked := 0
			decode.Find(s, len(s), func(start, end int) bool {
				asked += end - start
				return false
			}, nil)
			require.LessOrEqual(t, asked, 3*len(s), "%q", piece)
		}
	}
}

func TestRotated(t *testing.T) {
	require.Equal(t, "Gur Qbbe! ñ 13 z", decode.Rotated([]byte("The Door! ñ 13 m")))
	require.Equal(t, told, decode.Rotated([]byte(decode.Rotated([]byte(told)))))
}

// TestRotatedSigns holds the signs to English: a sentence turned around holds enough of
// them, and none as it stands.
func TestRotatedSigns(t *testing.T) {
	count := func(s string) (n int) {
		for _, sign := range decode.RotatedSigns {
			n += strings.Count(strings.ToLower(s), sign)
		}
		return n
	}
	for _, s := range []string{
		"the plan is out and nobody is to know", "you can not tell the others that we sold it", "this is for the board of the company",
	} {
		require.GreaterOrEqual(t, count(decode.Rotated([]byte(s))), decode.MinRotatedSigns, s)
		require.Zero(t, count(s), s)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"", std(told), hex.EncodeToString([]byte(told)), escaped(told), "a/b/" + std(told), "%%%", "====", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range decode.Find([]byte(s), 20, nil, nil) {
			require.True(t, 0 <= r.Start && r.Start < r.End && r.End <= len(s))
			require.True(t, utf8.ValidString(r.Text) && r.Text != "")
			require.LessOrEqual(t, len(r.Text), 4<<10)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	s := []byte("my flight was two hours late and nobody at the gate knew anything, why do I still fly with you? https://t.co/aB3dE9fGh1")
	b.ReportAllocs()
	for b.Loop() {
		decode.Find(s, 20, nil, nil)
	}
}
