package parttest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func TestNumbers(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"groups", "card 4819 0967 4468 5992, exp", []string{"4819 0967 4468 5992"}},
		{"too few", "call 123 456", nil},
		{"two numbers", "a 1234567 b 12.345-678", []string{"1234567", "12.345-678"}},
		{"two blanks", "1234  5678", []string{"1234  5678"}},
		{"three blanks", "1234   5678", nil},
		{"separator at the end", "1234567-", []string{"1234567"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, s := range numbers([]byte(test.text)) {
				got = append(got, test.text[s.Start:s.End])
			}
			require.Equal(t, test.want, got)
		})
	}
}

// TestRunnerDropsRepeats keeps one finding for two literals that lead to the same place.
func TestRunnerDropsRepeats(t *testing.T) {
	d := detect.Detector{
		Literals: []string{"key", "monkey"},
		Verify: func(_ *detect.Post, _ detect.Hit, out []detect.Finding) []detect.Finding {
			return append(out, detect.Finding{Rule: "x.y", Spans: []text.Span{{Start: 2, End: 5}}})
		},
	}
	found := New(d).Public("a Monkey")
	require.Len(t, found, 1)
	require.Equal(t, "Mon", found[0].Text)
}
