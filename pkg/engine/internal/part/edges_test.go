package part

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

func TestIndexEdges(t *testing.T) {
	for _, tc := range []struct {
		name, text, word string
		want             int
	}{
		{"empty text", "", "card", -1},
		{"the text itself", "card", "card", 0},
		{"figure behind", "card4", "card", -1},
		{"figure before", "4card", "card", -1},
		{"underscore behind", "card_", "card", 0},
		{"hyphen behind", "card-holder", "card", 0},
		{"wide letter behind", "cardé", "card", 0},
		{"blank at the edge of the word", "a shh y", "shh ", 2},
		{"first of two places", "card card", "card", 0},
		{"second of two places", "cards card", "card", 6},
		{"longer than the text", "car", "card", -1},
		{"wide word", "eine übung", "übung", 5},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, Index([]byte(tc.text), tc.word)) })
	}
	require.False(t, Has([]byte("card"), nil))
}

// TestAroundNeverCuts takes every window of a text of wide characters: each is valid, and
// stands where it says.
func TestAroundNeverCuts(t *testing.T) {
	text := []byte("é👍🏽 東京 ab " + strings.Repeat("ü", 9))
	for start := range text {
		if !utf8.RuneStart(text[start]) {
			continue
		}
		for reach := range 12 {
			window, offset := Around(text, detect.Span{Start: start, End: start}, reach, reach)
			require.True(t, utf8.Valid(window))
			require.Equal(t, string(window), string(text[offset:offset+len(window)]))
			require.LessOrEqual(t, offset, start)
		}
	}
}

func TestClassesOfBytes(t *testing.T) {
	for c := range 256 {
		b := byte(c)
		digit := strings.IndexByte("0123456789", b) >= 0
		letter := strings.IndexByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", b) >= 0
		require.Equal(t, digit, Digit(b), "%q", b)
		require.Equal(t, digit || letter, Alnum(b), "%q", b)
	}
}

// TestJoinNumbersALiteralOnce lets one part name a literal twice: each hit is shown to it
// as often as it asked.
func TestJoinNumbersALiteralOnce(t *testing.T) {
	shown := 0
	count := func(_ *detect.Post, _ detect.Hit, out []detect.Finding) []detect.Finding {
		shown++
		return out
	}
	d := Join("x", "1", []Part{{Literals: []string{"a", "b"}, Verify: count}, {Literals: []string{"a"}, Verify: count}})
	require.Equal(t, []string{"a", "b"}, d.Literals)
	d.Verify(nil, detect.Hit{Literal: 0}, nil)
	require.Equal(t, 2, shown)
	d.Verify(nil, detect.Hit{Literal: 1}, nil)
	require.Equal(t, 3, shown)
	require.Nil(t, d.Number)
}

func TestJoinOfNothing(t *testing.T) {
	d := Join("x", "2", nil)
	require.Empty(t, d.Literals)
	require.Equal(t, []string{"x", "2"}, []string{d.Name, d.Version})
}
