package main

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func writeGzip(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	require.NoError(t, err)
	zw := gzip.NewWriter(f)
	_, err = zw.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, zw.Close())
	require.NoError(t, f.Close())
	return path
}

const valences = "token\tmean_valence\tsd\ngood\t1.9\t0.9\nbad\t-2.5\t0.6\n"

func TestRunLearnsAndKeepsPriors(t *testing.T) {
	tweets := "label\ttext\n" + strings.Repeat("positive\tthe zibble was fine\nnegative\tthe wobble was fine\nneutral\tthe table was fine\n", 30)
	out := filepath.Join(t.TempDir(), "lexicon.tsv")
	args := []string{writeGzip(t, "train.tsv.gz", tweets)}
	vader := writeGzip(t, "vader.tsv.gz", valences)
	require.NoError(t, run(vader, out, args))
	first, err := os.ReadFile(out)
	require.NoError(t, err)
	weights := map[string]string{}
	for _, l := range strings.Split(strings.TrimSpace(string(first)), "\n")[1:] {
		name, rest, _ := strings.Cut(l, "\t")
		weights[name] = rest
	}
	require.Equal(t, "61\t-28", weights["good"], "an unseen word keeps its prior")
	require.NotContains(t, weights["zibble"], "-1", "a word of happy texts is not weighed down")
	require.Contains(t, weights, "wobble")
	require.Contains(t, weights, "<bias>")

	require.NoError(t, run(vader, out, args))
	second, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, string(first), string(second), "the same files give the same lexicon")
}

func TestRunErrors(t *testing.T) {
	good := writeGzip(t, "vader.tsv.gz", valences)
	for _, tc := range []struct{ name, vader, tweets, want string }{
		{"no file", filepath.Join(t.TempDir(), "missing"), "", "read table"},
		{"header", good, "text\nhello\n", "not in header"},
		{"columns", good, "label\ttext\nneutral\n", "line 2 has 1 columns"},
		{"label", good, "label\ttext\nmeh\thello\n", `unknown label "meh"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := run(tc.vader, filepath.Join(t.TempDir(), "out"), []string{writeGzip(t, "t.tsv.gz", tc.tweets)})
			require.ErrorContains(t, err, tc.want)
		})
	}
}
