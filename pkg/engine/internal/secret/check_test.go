package secret

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

func TestEntropy(t *testing.T) {
	tests := []struct {
		name, value string
		want        float64
	}{
		{"empty", "", 0},
		{"one character", "aaaa", 0},
		{"two in equal parts", "abab", 1},
		{"sixteen different", "0123456789abcdef", 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.InDelta(t, test.want, entropy([]byte(test.value)), 1e-9)
		})
	}
}

func TestPlaceholder(t *testing.T) {
	tests := []struct {
		name, value string
		want        bool
	}{
		{"documentation key", "AKIAIOSFODNN7" + "EXAMPLE", true},
		{"angle brackets", "<your-key>", true},
		{"shell variable", "$SECRET", true},
		{"template", "${{ secrets.X }}", true},
		{"printf", "%s", true},
		{"masked with x", "ghp_xxxxxxxxxxxx", true},
		{"masked with stars", "abcd****", true},
		{"masked with zeros", "00000000000000", true},
		{"few characters", "ababababab", true},
		{"counted up", "key1234567890", true},
		{"advice", "change-me", true},
		{"drawn", "k7Gd02mQzP1x", false},
		{"password", "Sunny!Beach42", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, placeholder([]byte(test.value)))
		})
	}
}

func TestStandsAlone(t *testing.T) {
	tests := []struct {
		name, text string
		span       detect.Span
		want       bool
	}{
		{"whole text", "token", detect.Span{Start: 0, End: 5}, true},
		{"between blanks", "a token b", detect.Span{Start: 2, End: 7}, true},
		{"in quotes", `"token"`, detect.Span{Start: 1, End: 6}, true},
		{"letter before", "atoken b", detect.Span{Start: 1, End: 6}, false},
		{"letter behind", "a tokens", detect.Span{Start: 2, End: 7}, false},
		{"underscore before", "_token", detect.Span{Start: 1, End: 6}, false},
		{"written line break before", `x\ntoken`, detect.Span{Start: 3, End: 8}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, standsAlone([]byte(test.text), test.span))
		})
	}
}

func TestClasses(t *testing.T) {
	lower, upper, digit, sign := classes([]byte("aB3-é"))
	require.Equal(t, []int{3, 1, 1, 1}, []int{lower, upper, digit, sign})
}
