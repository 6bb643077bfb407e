package text_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func numbers(original string, least int) []string {
	x := read(original)
	var out []string
	for _, s := range x.Numbers(least, nil) {
		out = append(out, string(x.Folded[s.Start:s.End]))
	}
	return out
}

func TestNumbersEdges(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		want           []string
	}{
		{"empty", "", nil},
		{"exactly enough", "1234567", []string{"1234567"}},
		{"one too few", "123456", nil},
		{"enough in two runs, none in one", "1234, 5678", nil},
		{"separator before", "-1234567", []string{"1234567"}},
		{"separator behind", "1234567 ", []string{"1234567"}},
		{"two different separators", "123- 4567", nil},
		{"every separator", "12 34.56-78/90", []string{"12 34.56-78/90"}},
		{"letters inside", "123a4567", nil},
		{"letters around", "a1234567b", []string{"1234567"}},
		{"new line is a blank", "1234\n5678", []string{"1234\n5678"}},
		{"zero width inside", "123\u200b4567", []string{"1234567"}},
		{"keycaps", "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣", []string{"1234567"}},
		{"figures in circles", "①②③④⑤⑥⑦", []string{"1234567"}},
		{"arabic figures", "٠١٢٣٤٥٦", []string{"0123456"}},
		{"persian figures", "۰۱۲۳۴۵۶", []string{"0123456"}},
		{"hindi figures", "०१२३४५६", []string{"0123456"}},
		{"dashes of typography", "123–4567", []string{"123-4567"}},
		{"no-break blanks", "123\u00a04567", []string{"123 4567"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var want []string
			for _, w := range tc.want {
				want = append(want, strings.ReplaceAll(w, "\n", " "))
			}
			require.Equal(t, want, numbers(tc.original, 7))
		})
	}
}

// TestNumbersOfRandomTexts compares with what a slow look finds: every number has enough
// digits, starts and ends with one, and none overlaps another.
func TestNumbersOfRandomTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 9))
	x := &text.Text{}
	for range 3000 {
		var b strings.Builder
		for range random.IntN(60) {
			b.WriteByte("0123456789  .-/ax,"[random.IntN(18)])
		}
		x.Reset(b.String())
		last := 0
		for _, s := range x.Numbers(7, nil) {
			number := x.Folded[s.Start:s.End]
			require.GreaterOrEqual(t, s.Start, last)
			last = s.End
			require.True(t, isDigit(number[0]) && isDigit(number[len(number)-1]), "%q", number)
			digits := 0
			for _, c := range number {
				if isDigit(c) {
					digits++
				}
			}
			require.GreaterOrEqual(t, digits, 7)
			require.NotContains(t, string(number), "   ")
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
