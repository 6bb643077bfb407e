package text_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// TestPointsCutOutWhatWasWritten cuts the original by the code points of a folded word
// and expects what a reader would underline.
func TestPointsCutOutWhatWasWritten(t *testing.T) {
	for _, tc := range []struct{ name, original, word, want string }{
		{"first word", "Secret plans", "secret", "Secret"},
		{"last word", "plans of a SECRET", "secret", "SECRET"},
		{"behind a family emoji", "👨‍👩‍👧‍👦 secret", "secret", "secret"},
		{"behind a flag", "🇩🇪🇫🇷 secret", "secret", "secret"},
		{"behind a keycap", "4️⃣ secret", "secret", "secret"},
		{"behind marks that are joined", "Cafe\u0301 cre\u0300me secret", "secret", "secret"},
		{"behind marks that stay apart", "q\u0307\u0323 secret", "secret", "secret"},
		{"behind hangul that is joined", "\u1112\u1161\u11ab secret", "secret", "secret"},
		{"behind one character that became many", "ﷺ secret", "secret", "secret"},
		{"behind a character whose lower case is longer", "İ Ⱥ secret", "secret", "secret"},
		{"zero width inside", "se\u200bcr\u2060et", "secret", "se\u200bcr\u2060et"},
		{"zero width around", "\u200bsecret\u200b", "secret", "secret"},
		{"soft hyphens", "se\u00adcret", "secret", "se\u00adcret"},
		{"variation selectors", "s\ufe0fecret", "secret", "s\ufe0fecret"},
		{"right to left override", "\u202esecret\u202c", "secret", "secret"},
		{"fat letters", "𝐬𝐞𝐜𝐫𝐞𝐭!", "secret", "𝐬𝐞𝐜𝐫𝐞𝐭"},
		{"letters in circles", "ⓢⓔⓒⓡⓔⓣ", "secret", "ⓢⓔⓒⓡⓔⓣ"},
		{"full width", "（ｓｅｃｒｅｔ）", "secret", "ｓｅｃｒｅｔ"},
		{"half of a ligature", "oﬃce", "fi", "ﬃ"},
		{"arabic around", "قال secret هنا", "secret", "secret"},
		{"invalid bytes around", "\xf0\x9fsecret\xff", "secret", "secret"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			start, end := x.Points(find(t, x, tc.word))
			require.Equal(t, tc.want, string([]rune(tc.original)[start:end]))
			from, to := x.Bytes(find(t, x, tc.word))
			require.Equal(t, tc.want, tc.original[from:to])
		})
	}
}

// pieces are stretches of text that stress the map back; none holds the word searched.
var pieces = []string{
	"a", "Z ", "é", "e\u0301", "ß", "İ", "Ⱥ", "ﬃ", "…", "½", "①", "👍🏽", "👨‍👩‍👧", "🇯🇵", "\u200b", "\u00ad", "\ufe0f", "가", "\u1100\u1161", "銀", "ก", "ع", "\xff", "\xe2\x80", "\n", "٣", "ａ",
}

// TestPointsInRandomTexts hides a word among stretches that normalization changes; its
// span must always cut the word out of the original.
func TestPointsInRandomTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	x := &text.Text{}
	for range 2000 {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		b.WriteString(" needle ")
		for range random.IntN(40) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		original := b.String()
		x.Reset(original)
		start, end := x.Points(find(t, x, "needle"))
		require.Equal(t, "needle", string([]rune(original)[start:end]), "%q", original)
	}
}

// TestPointsCoverTheOriginal joins the spans of all characters: they run forward and
// leave out nothing but what is invisible.
func TestPointsCoverTheOriginal(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		hidden         int
	}{
		{"ascii", "plain words", 0},
		{"wide", "größer 東京 👍🏽", 0},
		{"joined", "Cafe\u0301 \u1112\u1161\u11ab", 0},
		{"hidden", "a\u200bb\u00adc", 2},
		{"many blocks", strings.Repeat("é👍🏽 ", 400), 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			covered := make([]bool, utf8.RuneCountInString(tc.original))
			for i := 0; i < len(x.Folded); {
				_, n := utf8.DecodeRune(x.Folded[i:])
				start, end := x.Points(text.Span{Start: i, End: i + n})
				for k := start; k < end; k++ {
					covered[k] = true
				}
				i += n
			}
			uncovered := 0
			for _, is := range covered {
				if !is {
					uncovered++
				}
			}
			require.Equal(t, tc.hidden, uncovered)
			require.Equal(t, tc.hidden, x.Hidden)
		})
	}
}

func TestWordInScripts(t *testing.T) {
	for _, tc := range []struct {
		name, original, word string
		want                 bool
	}{
		{"apostrophe inside", "don't", "don", true},
		{"hyphen ends a word", "acme-bank", "acme", true},
		{"underscore ends a word", "acme_bank", "acme", true},
		{"emoji ends a word", "acme👍", "acme", true},
		{"emoji before", "👍acme", "acme", true},
		{"mark on the last letter", "acme\u0323", "acm", false},
		{"digit behind", "acme2", "acme", false},
		{"fat digit behind", "acme𝟐", "acme", false},
		{"greek goes on", "τράπεζας", "τράπεζα", false},
		{"greek alone", "τράπεζα.", "τράπεζα", true},
		{"arabic goes on", "البنوك", "البنو", false},
		{"hebrew alone", "בנק!", "בנק", true},
		{"hangul particle goes on", "은행에서", "은행", false},
		{"katakana inside a sentence", "昨日アクメで", "アクメ", true},
		{"prolonged sound goes on freely", "アクメー", "アクメ", true},
		{"latin against kana", "acmeで", "acme", true},
		{"khmer", "ធនាគារអេ", "ធនាគារ", true},
		{"zero width joins", "ac\u200bme", "acme", true},
		{"hashtag end", "#ThanksAcme", "acme", true},
		{"second word of a hashtag with an underscore", "#thanks_acme", "acme", true},
		{"hashtag far behind", "# thanksAcme", "acme", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.want, x.Word(find(t, x, tc.word)))
		})
	}
}

func TestTokenCounts(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		want           int // index of the token that holds the last byte
	}{
		{"empty", "", 0},
		{"one word", "word", 0},
		{"trailing mark", "word!", 0},
		{"contraction is one", "can't", 0},
		{"quotation mark starts none", "'can'", 0},
		{"hyphen parts", "risk-free", 1},
		{"figures", "12 34", 1},
		{"emoji is none", "one 👍 two", 1},
		{"each han character", "東京駅", 2},
		{"han behind latin", "at東京", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			if len(x.Folded) > 0 {
				require.Equal(t, tc.want, x.Token(len(x.Folded)-1))
			} else {
				require.Equal(t, tc.want, x.Token(0))
			}
		})
	}
}
