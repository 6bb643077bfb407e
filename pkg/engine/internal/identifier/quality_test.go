package identifier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestTuningSet holds the detector to the labelled posts.
func TestTuningSet(t *testing.T) {
	score := parttest.Score(t, New(), []string{
		"pii.card", "pii.iban", "pii.national_id", "pii.phone", "pii.email", "pii.address", "pii.dob", "pii.passport",
	})
	require.GreaterOrEqual(t, score.Recall, 0.8)
	require.GreaterOrEqual(t, score.Precision, 0.85)
}

type sentence struct {
	Text  string
	Spans []struct {
		Type, Value string
	}
}

// TestPublishedSentences measures six kinds on synthetic sentences: found at 0.5 or more
// with a span that shares text with the labelled value.
func TestPublishedSentences(t *testing.T) {
	kinds := map[string]string{
		"CREDIT_CARD": "pii.card", "IBAN_CODE": "pii.iban", "PHONE_NUMBER": "pii.phone", "EMAIL_ADDRESS": "pii.email",
		"US_SSN": "pii.national_id", "STREET_ADDRESS": "pii.address",
	}
	runner := parttest.New(New())
	hits, all := map[string]int{}, map[string]int{}
	for _, s := range parttest.Rows[sentence](t, "presidio_pii/val.jsonl.gz") {
		found := map[string]bool{}
		for _, f := range runner.Insider("staff", s.Text) {
			found[f.Kind] = found[f.Kind] || f.Likelihood >= 0.5
		}
		for _, gold := range s.Spans {
			if kind, ok := kinds[gold.Type]; ok {
				all[gold.Type]++
				if found[kind] {
					hits[gold.Type]++
				} else {
					t.Logf("miss %s %q in %.120q", gold.Type, gold.Value, s.Text)
				}
			}
		}
	}
	t.Logf("found %v of %v", hits, all)
	require.GreaterOrEqual(t, hits["CREDIT_CARD"]*10, all["CREDIT_CARD"]*8)
	require.GreaterOrEqual(t, hits["EMAIL_ADDRESS"]*10, all["EMAIL_ADDRESS"]*9)
	require.GreaterOrEqual(t, hits["STREET_ADDRESS"]*10, all["STREET_ADDRESS"]*9)
}
