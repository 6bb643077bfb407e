package collector

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/testkit"
)

// TestAKilledCollectorLosesNothing kills the built binary again and again while it reads
// a file, and counts what is on the bus.
func TestAKilledCollectorLosesNothing(t *testing.T) {
	const posts = 20_000
	dir, b := t.TempDir(), testkit.Broker(t)
	if b.Prefix != "" {
		t.Skip("the binary writes to topics without a prefix")
	}
	binary, input, settings := filepath.Join(dir, "collector"), filepath.Join(dir, "posts.jsonl"), filepath.Join(dir, "earshot.yaml")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./cmd/collector").CombinedOutput()
	require.NoError(t, err, string(output))
	require.NoError(t, os.WriteFile(input, []byte(lines(1, posts)), 0o600))
	require.NoError(t, os.WriteFile(settings, fmt.Appendf(nil, `
kafka: {brokers: [%q]}
collector:
  listen: 127.0.0.1:0
  admin_listen: 127.0.0.1:0
  sources: [{name: archive, rate: 10000, file: {path: %q, follow: true, interval: 10ms}}]
`, b.Brokers[0], input), 0o600))

	distinct := 0
	for kills := 0; distinct < posts; kills++ {
		require.Less(t, kills, 100)
		before := distinct
		process := exec.CommandContext(t.Context(), binary, "-config", settings)
		require.NoError(t, process.Start())
		require.Eventually(t, func() bool {
			_, counts := published(t, b)
			distinct = len(counts)
			return distinct > before
		}, time.Minute, 20*time.Millisecond)
		require.NoError(t, process.Process.Kill())
		require.Error(t, process.Wait(), "it was killed")
	}
	require.Equal(t, posts, distinct)
}
