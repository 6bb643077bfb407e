package earshot_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	earshot "github.com/earshot/earshot/services/earshot"
)

func TestKeyIsMadeOnceAndNeverEmpty(t *testing.T) {
	for name, before := range map[string]string{"first start": "", "start after one that died while it wrote": "empty"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			running, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer func() { require.NoError(t, running.Close()) }()
			token := filepath.Join(dir, earshot.TokenFile)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "endpoints.json"), []byte(`{"clickhouse": "http://127.0.0.1:9", "kafka": "127.0.0.1:9", "collector": "127.0.0.1:9", "admin": "`+running.Addr().String()+`"}`), 0o600))
			if before != "" {
				require.NoError(t, os.WriteFile(token, nil, 0o600))
			}
			first := bearer(t, dir)
			require.Len(t, first, 26)
			require.Equal(t, first, bearer(t, dir))
			kept, err := os.ReadFile(token)
			require.NoError(t, err)
			require.Equal(t, first, string(kept))
			info, err := os.Stat(token)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode())
		})
	}
}

// bearer is the token that a command sends to the pipeline on dir.
func bearer(t *testing.T, dir string) string {
	t.Helper()
	c, err := earshot.Load("", dir)
	require.NoError(t, err)
	require.NoError(t, c.Running(t.Context()))
	client, err := c.Intake()
	require.NoError(t, err)
	return client.Token.Reveal()
}
