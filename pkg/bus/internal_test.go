package bus

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
)

// startTestBroker is for tests inside the package, which testkit and embedded import.
func startTestBroker(t *testing.T) Config {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	config := DefaultConfig()
	config.Brokers = cluster.ListenAddrs()
	config.Partitions = 1
	require.NoError(t, EnsureTopics(t.Context(), config))
	return config
}
