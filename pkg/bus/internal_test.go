package bus

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
)

// startTestBroker is for tests inside the package, which testkit and embedded import. It
// completes config with the broker's address.
func startTestBroker(t *testing.T, config Config, options ...kfake.Opt) Config {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(1))...)
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	config.Brokers = cluster.ListenAddrs()
	config.Partitions, config.Replication = 1, 1
	require.NoError(t, EnsureTopics(t.Context(), config))
	return config
}
