package testkit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// updateVariable, set to 1, makes [Golden] write what it got.
const updateVariable = "EARSHOT_UPDATE_GOLDEN"

// Golden compares got with the file testdata/name of the test's package.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if os.Getenv(updateVariable) == "1" {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, got, 0o600))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with %s=1", updateVariable)
	require.Equal(t, string(want), string(got), "if this is right: %s=1", updateVariable)
}
