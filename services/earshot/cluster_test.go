package earshot_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/embedded"
)

// clusterSystem is the four services as processes of their own, on a real Kafka and on
// a ClickHouse that only its address tells from a server.
func clusterSystem(t *testing.T) *system {
	t.Helper()
	brokers := os.Getenv("EARSHOT_TEST_KAFKA")
	if brokers == "" {
		t.Skip("EARSHOT_TEST_KAFKA names no Kafka; `make test-cluster` starts one")
	}
	s := newSystem(t)
	require.NoError(t, os.MkdirAll(s.data, 0o700))
	clickhouse, err := embedded.StartClickHouse(t.Context(), embedded.ClickHouseOptions{Dir: filepath.Join(t.TempDir(), "clickhouse"), Listen: "127.0.0.1:0"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, clickhouse.Close()) })
	list, err := json.Marshal(strings.Split(brokers, ","))
	require.NoError(t, err)
	s.standApart(string(list), clickhouse.DSN())
	return s
}

func TestClusterFromPostsToRowsAndAlertsThroughAKill(t *testing.T) {
	s := clusterSystem(t)
	s.start()
	judges(t, s)
	survivesKill(t, s)
}
