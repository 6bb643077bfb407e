package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRun learns from two files what follows what, and leaves tests and test data out.
func TestRun(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a.go": strings.Repeat("quit queen quiet ", 200), "a_test.go": strings.Repeat("qxqx ", 5000), "testdata/b.go": strings.Repeat("qxqx ", 5000), "c.txt": strings.Repeat("qxqx ", 5000),
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	out := filepath.Join(t.TempDir(), "costs.tsv")
	require.NoError(t, run(out, []string{folder}))
	table, err := os.ReadFile(out)
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(table)), "\n")
	require.Len(t, rows, 30)
	q := strings.Split(rows['q'-'a'], "\t")
	require.Len(t, q, 29)
	require.Equal(t, "1", q['u'-'a'], "u always follows q here")
	require.NotEqual(t, "1", q['x'-'a'])
	require.NoError(t, run(out, []string{folder}))
	again, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, table, again, "the same files give the same table")
	require.Error(t, run(out, []string{filepath.Join(folder, "absent")}))
}
