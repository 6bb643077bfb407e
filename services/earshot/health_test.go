package earshot_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/testkit"
)

// apart is the four services as processes of their own on a broker and a ClickHouse
// that the test can take away.
type apart struct {
	*system
	dir, kafka string
	broker     *embedded.Broker
	clickhouse *embedded.ClickHouse
}

func newApart(t *testing.T) *apart {
	t.Helper()
	a := &apart{system: newSystem(t), dir: t.TempDir(), kafka: testkit.Address(t)}
	a.startBroker()
	t.Cleanup(func() { require.NoError(t, a.broker.Close()) })
	var err error
	a.clickhouse, err = embedded.StartClickHouse(t.Context(), embedded.ClickHouseOptions{Dir: filepath.Join(a.dir, "clickhouse"), Listen: "127.0.0.1:0"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.clickhouse.Close()) })
	a.standApart("["+a.kafka+"]", a.clickhouse.DSN())
	return a
}

func (a *apart) startBroker() {
	a.t.Helper()
	var err error
	a.broker, err = embedded.StartBroker(a.t.Context(), embedded.BrokerOptions{Dir: filepath.Join(a.dir, "kafka"), Listen: a.kafka})
	require.NoError(a.t, err)
}

// page reads a page of a service's admin address.
func (a *apart) page(service int, path string) (status int, text string) {
	a.t.Helper()
	resp, err := http.Get("http://" + a.ready[service] + path)
	require.NoError(a.t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(a.t, err)
	return resp.StatusCode, string(body)
}

func TestReadyzTellsWhatIsAway(t *testing.T) {
	a := newApart(t)
	a.start()
	require.NoError(t, a.broker.Close())
	for i, args := range a.commands {
		a.eventually(args[0]+" misses Kafka", func() bool {
			status, text := a.page(i, "/readyz")
			return status == http.StatusServiceUnavailable && strings.HasPrefix(text, args[0]+": kafka: ")
		})
		status, _ := a.page(i, "/healthz")
		require.Equal(t, http.StatusOK, status, "a new start would help nothing")
	}
	a.startBroker()
	for i, args := range a.commands {
		a.eventually(args[0]+" has Kafka again", func() bool { status, _ := a.page(i, "/readyz"); return status == http.StatusOK })
	}
	require.Equal(t, http.StatusAccepted, a.send(leak).StatusCode)
	a.eventually("a notification", func() bool { _, all := a.hooks.repeated(); return all > 0 })

	const writer = 2
	require.NoError(t, a.clickhouse.Close())
	a.eventually("the writer misses ClickHouse", func() bool {
		status, text := a.page(writer, "/readyz")
		return status == http.StatusServiceUnavailable && strings.HasPrefix(text, "writer: clickhouse: ")
	})
	for i, args := range a.commands {
		if status, _ := a.page(i, "/readyz"); i != writer {
			require.Equal(t, http.StatusOK, status, "%s needs no ClickHouse", args[0])
		}
	}
}

// TestBinariesTakeTheShippedConfiguration checks deploy/earshot.yaml with every service,
// its secrets' files lying elsewhere.
func TestBinariesTakeTheShippedConfiguration(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", "earshot.yaml"))
	require.NoError(t, err)
	secrets := t.TempDir()
	file := filepath.Join(t.TempDir(), "earshot.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(data), "/run/secrets", secrets)), 0o600))
	for _, name := range []string{"clickhouse_password", "collector_token", "fingerprint_key"} {
		require.NoError(t, os.WriteFile(filepath.Join(secrets, name), []byte("secret-of-the-test"), 0o600))
	}
	for _, name := range []string{"collector", "classifier", "writer", "alerter"} {
		t.Run(name, func(t *testing.T) {
			run := func(args ...string) string {
				out, err := exec.Command(filepath.Join(bin, name), append([]string{"-config", file}, args...)...).CombinedOutput()
				require.NoError(t, err, "%s", out)
				return string(out)
			}
			require.Empty(t, run("-check"))
			require.Equal(t, "earshot-"+name+" dev\n", run("-version"))
			dump := run("-dump")
			require.Contains(t, dump, "- kafka:9092")
			require.NotContains(t, dump, "secret-of-the-test")
		})
	}
}
