package part

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestJoin(t *testing.T) {
	say := func(rule string) Verify {
		return func(_ *detect.Post, _ detect.Hit, out []detect.Finding) []detect.Finding {
			return append(out, detect.Finding{Rule: rule})
		}
	}
	d := Join("x", "1", []Part{
		{Literals: []string{"a", "b"}, Verify: say("first")},
		{Literals: []string{"b", "c"}, Verify: say("second")},
	})
	require.Equal(t, []string{"a", "b", "c"}, d.Literals)
	require.Equal(t, "x", d.Name)
	tests := []struct {
		name    string
		literal int
		want    []string
	}{
		{"first part alone", 0, []string{"first"}},
		{"shared literal, in order", 1, []string{"first", "second"}},
		{"second part alone", 2, []string{"second"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var rules []string
			for _, f := range d.Verify(nil, detect.Hit{Literal: test.literal}, nil) {
				rules = append(rules, f.Rule)
			}
			require.Equal(t, test.want, rules)
		})
	}
}

func TestAround(t *testing.T) {
	text := []byte("año nuevo, día")
	tests := []struct {
		name          string
		span          detect.Span
		before, after int
		window        string
		offset        int
	}{
		{"inside", detect.Span{Start: 5, End: 10}, 1, 1, " nuevo,", 4},
		{"beyond both ends", detect.Span{Start: 5, End: 10}, 99, 99, "año nuevo, día", 0},
		{"never cuts a character", detect.Span{Start: 4, End: 13}, 2, 1, "ño nuevo, dí", 1},
		{"at the end of the text", detect.Span{Start: 16, End: 16}, 0, 9, "", 16},
		{"empty span", detect.Span{Start: 5, End: 5}, 0, 5, "nuevo", 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			window, offset := Around(text, test.span, test.before, test.after)
			require.Equal(t, test.window, string(window))
			require.Equal(t, test.offset, offset)
		})
	}
}

func TestIndex(t *testing.T) {
	tests := []struct {
		name, text, word string
		want             int
	}{
		{"word", "an order came", "order", 3},
		{"inside a word", "the border", "order", -1},
		{"later as a word", "border order", "order", 7},
		{"at the end", "my order", "order", 3},
		{"sign at the edge", "see tlp:red", "tlp:", 4},
		{"no spaces in the script", "契約カード番号", "カード", 6},
		{"phrase", "call him now", "call him", 0},
		{"absent", "nothing", "order", -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, Index([]byte(test.text), test.word))
			require.Equal(t, test.want >= 0, Has([]byte(test.text), []string{"absent-word", test.word}))
		})
	}
}

func TestDigits(t *testing.T) {
	require.Equal(t, "12345", string(Digits(nil, []byte("1 2-3.45x"))))
	require.Empty(t, Digits(nil, []byte("none")))
}

func TestOfficial(t *testing.T) {
	tests := map[string]bool{"official brand account": true, "Brand Account": true, "nurse": false, "": false}
	for role, want := range tests {
		t.Run(role, func(t *testing.T) {
			p := &detect.Post{Event: &earshotv1.Post{Author: &earshotv1.Author{Role: role}}}
			require.Equal(t, want, Official(p))
		})
	}
}
