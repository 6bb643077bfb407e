package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
)

// fillCursors writes n messages of three keys, one after another, and returns the newest.
func fillCursors(t *testing.T, config bus.Config, n int) map[string]string {
	t.Helper()
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	defer func() { require.NoError(t, writer.Close()) }()
	newest := map[string]string{}
	for i := range n {
		key, value := fmt.Sprint("source", i%3), fmt.Sprint(i)
		require.NoError(t, writer.Write(t.Context(),
			bus.Message{Topic: bus.TopicCursors, Key: []byte(key), Value: []byte(value)},
			bus.Message{Topic: bus.TopicPosts, Key: []byte(value), Value: []byte(value)}))
		newest[key] = value
	}
	return newest
}

func count(t *testing.T, config bus.Config, topic string) (n int) {
	t.Helper()
	require.NoError(t, bus.ReadAll(t.Context(), config, topic, func(bus.Message) error { n++; return nil }))
	return n
}

func cursors(t *testing.T, config bus.Config) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, bus.ReadCompacted(t.Context(), config, bus.TopicCursors, func(m bus.Message) error {
		out[string(m.Key)] = string(m.Value)
		return nil
	}))
	return out
}

func openBroker(t *testing.T, dir string) (*Broker, bus.Config) {
	t.Helper()
	broker, err := StartBroker(t.Context(), BrokerOptions{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, broker.Close()) })
	config := bus.DefaultConfig()
	config.Brokers = []string{broker.Addr()}
	require.NoError(t, bus.EnsureTopics(t.Context(), config))
	return broker, config
}

func TestCompactKeepsTheNewestOfEachKey(t *testing.T) {
	dir := t.TempDir()
	broker, config := openBroker(t, dir)
	newest := fillCursors(t, config, 60)
	require.NoError(t, broker.compact(t.Context(), 1<<40, time.Now()), "too small to care")
	require.Equal(t, 60, count(t, config, bus.TopicCursors))

	require.NoError(t, broker.compact(t.Context(), 0, time.Now()))
	require.Less(t, count(t, config, bus.TopicCursors), 10)
	require.Equal(t, newest, cursors(t, config))
	require.Equal(t, 60, count(t, config, bus.TopicPosts), "other topics stay")
	require.NoDirExists(t, filepath.Join(dir, backupDir))

	newest = fillCursors(t, config, 6)
	require.NoError(t, broker.Close())
	_, config = openBroker(t, dir)
	require.Equal(t, newest, cursors(t, config), "writing and restarting go on")
}

func TestACompactionCutShortIsUndone(t *testing.T) {
	dir := t.TempDir()
	broker, config := openBroker(t, dir)
	newest := fillCursors(t, config, 60)
	found, err := broker.compactable(time.Now())
	require.NoError(t, err)
	require.Positive(t, found.bytes)
	partitions := found.partitions
	require.NoError(t, backUp(dir, partitions))
	require.NoError(t, broker.Close())
	for _, partition := range partitions { // the crash comes after the deletion
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "partitions", partition)))
		require.NotContains(t, partition, strings.TrimSuffix(bus.TopicPosts, ".v1"))
	}

	_, config = openBroker(t, dir)
	require.Equal(t, newest, cursors(t, config))
	require.Equal(t, 60, count(t, config, bus.TopicCursors))
	require.NoDirExists(t, filepath.Join(dir, backupDir))
}

func TestWritesWaitForACompaction(t *testing.T) {
	broker, config := openBroker(t, t.TempDir())
	broker.compacting.Store(true)
	done := make(chan map[string]string, 1)
	go func() { done <- fillCursors(t, config, 1) }()
	require.Zero(t, count(t, config, bus.TopicCursors), "reading goes on")
	broker.compacting.Store(false)
	require.Equal(t, <-done, cursors(t, config))
}

func TestCompactWithoutDataOrFolder(t *testing.T) {
	broker, _ := openBroker(t, "")
	require.NoError(t, broker.compact(t.Context(), 0, time.Now()))
	broker, _ = openBroker(t, t.TempDir())
	require.NoError(t, broker.compact(t.Context(), 0, time.Now()))
}

// fireAndResolve writes both states of n alerts, each in a batch of its own.
func fireAndResolve(t *testing.T, config bus.Config, n int) {
	t.Helper()
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	defer func() { require.NoError(t, writer.Close()) }()
	for i := range n {
		for _, state := range []string{"firing", "resolved"} {
			require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicAlerts, Key: fmt.Append(nil, i), Value: []byte(state)}))
		}
	}
}

func policy(b *Broker, topic string) string {
	return *b.cluster.TopicInfo(topic).Configs["cleanup.policy"]
}

func TestCompactLeavesAlertsToSlowReceiversForADay(t *testing.T) {
	dir := t.TempDir()
	broker, config := openBroker(t, dir)
	fireAndResolve(t, config, 20)
	newest := fillCursors(t, config, 60)

	require.NoError(t, broker.compact(t.Context(), 0, time.Now().Add(23*time.Hour)))
	require.Equal(t, 40, count(t, config, bus.TopicAlerts), "a receiver that was away for hours reads what fired")
	require.Less(t, count(t, config, bus.TopicCursors), 10, "others do not wait for it")
	require.Equal(t, newest, cursors(t, config))
	require.Equal(t, "compact,delete", policy(broker, bus.TopicAlerts))

	require.NoError(t, broker.compact(t.Context(), 0, time.Now().Add(25*time.Hour)))
	left := count(t, config, bus.TopicAlerts)
	require.Less(t, left, 40, "after a day")
	require.GreaterOrEqual(t, left, 20, "the newest state of each stays")

	require.NoError(t, broker.Close())
	_, config = openBroker(t, dir)
	require.Equal(t, left, count(t, config, bus.TopicAlerts))
}

func TestATopicThatACrashLeftAsideIsCompactedAgain(t *testing.T) {
	dir := t.TempDir()
	broker, _ := openBroker(t, dir)
	require.NoError(t, broker.setPolicy(t.Context(), []string{bus.TopicAlerts}, "delete"))
	require.Equal(t, "delete", policy(broker, bus.TopicAlerts))
	require.NoError(t, broker.Close())
	broker, _ = openBroker(t, dir)
	require.Equal(t, "compact,delete", policy(broker, bus.TopicAlerts))
	require.Equal(t, "delete", policy(broker, bus.TopicPosts), "which was never compacted")
	require.Error(t, broker.setPolicy(t.Context(), []string{"absent"}, "delete"))
}
