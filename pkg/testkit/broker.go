// Package testkit is what tests of several packages need: a throwaway broker and
// database, golden files, and the suite every consuming room must pass. It is for tests
// only and fails or skips the test it is given.
package testkit

import (
	"crypto/rand"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
)

// kafkaVariable names a real Kafka to test against, as host:port,host:port.
const kafkaVariable = "EARSHOT_TEST_KAFKA"

// Broker returns the way to a broker that has all topics, empty, and nobody else's
// messages: a fresh in-process one, or the Kafka that EARSHOT_TEST_KAFKA names, where
// the test's topics and groups have a prefix of their own.
func Broker(t testing.TB) bus.Config {
	t.Helper()
	config := bus.DefaultConfig()
	config.Partitions = 3
	if brokers := os.Getenv(kafkaVariable); brokers != "" {
		config.Brokers = strings.Split(brokers, ",")
		config.Prefix = "test-" + strings.ToLower(rand.Text()[:10]) + "."
	} else {
		broker, err := embedded.StartBroker(t.Context(), embedded.BrokerOptions{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, broker.Close()) })
		config.Brokers = []string{broker.Addr()}
	}
	require.NoError(t, bus.EnsureTopics(t.Context(), config))
	return config
}
