package engine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// found makes a finding of a kind for each word "kind:value" of a text, of severity 3.
func found(t *text.Text, likelihood float64) []detect.Finding {
	var out []detect.Finding
	at := 0
	for word := range strings.SplitSeq(string(t.Folded), " ") {
		if kind, _, ok := strings.Cut(word, ":"); ok {
			out = append(out, detect.Finding{Kind: kind, Likelihood: likelihood, Severity: 3, Why: "Why.", Spans: []detect.Span{{Start: at, End: at + len(word)}}})
		}
		at += len(word) + 1
	}
	return out
}

func TestBundle(t *testing.T) {
	far := strings.Repeat("x", 201)
	for _, tc := range []struct {
		name, text string
		likelihood float64
		want       []int
	}{
		{"one", "pii.phone:1", 0.9, []int{3}},
		{"two of a kind", "pii.phone:1 pii.phone:2", 0.9, []int{3, 3}},
		{"two kinds", "pii.phone:1 pii.dob:2", 0.9, []int{4, 4}},
		{"three kinds", "pii.phone:1 pii.dob:2 pii.address:3", 0.9, []int{5, 5, 5}},
		{"four kinds", "pii.phone:1 pii.dob:2 pii.address:3 pii.email:4", 0.9, []int{5, 5, 5, 5}},
		{"too far apart", "pii.phone:1 " + far + " pii.dob:2", 0.9, []int{3, 3}},
		{"a chain", "pii.phone:1 " + far[:150] + " pii.dob:2 " + far[:150] + " pii.email:3", 0.9, []int{4, 5, 4}},
		{"unlikely", "pii.phone:1 pii.dob:2", 0.4, []int{3, 3}},
		{"not of a person", "pii.phone:1 secret:2", 0.9, []int{3, 3}},
		{"list of people", "pii.email:1 pii.email:2 pii.email:3 pii.email:4 pii.email:5", 0.9, []int{5, 5, 5, 5, 5}},
		{"one said five times", "pii.email:1 pii.email:1 pii.email:1 pii.email:1 pii.email:1", 0.9, []int{3, 3, 3, 3, 3}},
		{"letters of more bytes", "pii.phone:1 " + strings.Repeat("é", 190) + " pii.dob:2", 0.9, []int{4, 4}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var read text.Text
			read.Reset(tc.text)
			findings := found(&read, tc.likelihood)
			bundle(&read, findings)
			var got []int
			for _, f := range findings {
				got = append(got, f.Severity)
				require.Equal(t, f.Severity > 3, f.Why != "Why.", "a raised severity is explained")
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestBundleIsBounded compares a bounded number of findings.
func TestBundleIsBounded(t *testing.T) {
	var read text.Text
	read.Reset(strings.Repeat("pii.email:1 pii.phone:2 ", 500))
	findings := found(&read, 0.9)
	bundle(&read, findings)
	require.Equal(t, 4, findings[0].Severity)
	require.Equal(t, 3, findings[maxBundle].Severity)
}
