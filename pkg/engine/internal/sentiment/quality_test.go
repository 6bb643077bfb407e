package sentiment

import (
	"bufio"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sharedData is the folder of labelled texts beside the repository.
const sharedData = "../../../../../shared/data"

// row is one labelled text; target is empty where the label is about the whole text.
type row struct{ label, text, target string }

func readRows(t *testing.T, set string) []row {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData, set, "val.tsv.gz"))
	if err != nil {
		t.Skipf("labelled texts are not on this machine: %v", err)
	}
	defer func() { _ = f.Close() }()
	zr, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines := bufio.NewScanner(zr)
	lines.Scan()
	column := map[string]int{"target": -1}
	for i, name := range strings.Split(lines.Text(), "\t") {
		column[name] = i
	}
	var rows []row
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		r := row{label: cells[column["label"]], text: cells[column["text"]]}
		if i := column["target"]; i >= 0 {
			r.target = cells[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// spans finds a target in a text without regard to case.
func (r row) spans() [][2]int {
	if i := strings.Index(strings.ToLower(r.text), strings.ToLower(r.target)); i >= 0 && r.target != "" {
		return [][2]int{{i, i + len(r.target)}}
	}
	return nil
}

func TestQuality(t *testing.T) {
	a, err := New()
	require.NoError(t, err)
	// Floors stand a little under what the shipped lexicon reaches.
	for _, tc := range []struct {
		set              string
		recall, accuracy float64
	}{
		{"tweeteval_sentiment", 0.64, 0.63},
		{"semeval_topic", 0.55, 0.50},
		{"us_airline", 0.65, 0.64},
		{"financial_phrasebank", 0.40, 0.40},
	} {
		t.Run(tc.set, func(t *testing.T) {
			seen, right := map[string]float64{}, map[string]float64{}
			rows := readRows(t, tc.set)
			for _, r := range rows {
				seen[r.label]++
				if a.Score(r.text, r.spans()).Label == r.label {
					right[r.label]++
				}
			}
			recall, correct := 0.0, 0.0
			for l, n := range seen {
				recall += right[l] / n / float64(len(seen))
				correct += right[l]
				t.Logf("%s recall %.3f (%.0f)", l, right[l]/n, n)
			}
			accuracy := correct / float64(len(rows))
			t.Logf("macro recall %.3f, accuracy %.3f", recall, accuracy)
			require.GreaterOrEqual(t, recall, tc.recall)
			require.GreaterOrEqual(t, accuracy, tc.accuracy)
		})
	}
}

func BenchmarkScore(b *testing.B) {
	a, err := New()
	require.NoError(b, err)
	const tweet = "@united I have been on hold for 2 hours, not a great way to treat loyal customers! Really disappointed :( but the crew were lovely. http://t.co/abc"
	target := [][2]int{{0, 7}}
	b.ReportAllocs()
	for b.Loop() {
		a.Score(tweet, target)
	}
}
