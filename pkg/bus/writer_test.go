package bus_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/pkg/testkit"
)

func TestWriteKeepsOrderAndHeadersByKey(t *testing.T) {
	config := testkit.Broker(t)
	writer := newWriter(t, config)
	var sent []bus.Message
	for i := range 5000 {
		sent = append(sent, bus.Message{
			Topic: bus.TopicPosts, Key: fmt.Append(nil, "key", i%7), Value: fmt.Append(nil, i),
			Headers: []bus.Header{{Key: "n", Value: strconv.Itoa(i)}, {Key: "empty", Value: ""}},
		})
	}
	require.NoError(t, writer.Write(t.Context(), sent...))

	last, partition, n := map[string]int{}, map[string]int{}, 0
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(m bus.Message) error {
		i, err := strconv.Atoi(string(m.Value))
		require.NoError(t, err)
		key := string(m.Key)
		require.Equal(t, bus.TopicPosts, m.Topic)
		require.Equal(t, strconv.Itoa(i), m.Header("n"))
		require.GreaterOrEqual(t, i, last[key], "order within a key")
		if p, ok := partition[key]; ok {
			require.Equal(t, p, m.Partition, "one key, one partition")
		}
		require.False(t, m.Time.IsZero())
		last[key], partition[key] = i, m.Partition
		n++
		return nil
	}))
	require.Equal(t, 5000, n)
}

func TestWriteFromManyGoroutines(t *testing.T) {
	config := testkit.Broker(t)
	writer := newWriter(t, config)
	var group sync.WaitGroup
	for g := range 20 {
		group.Go(func() {
			for i := range 20 {
				text := fmt.Append(nil, g, "/", i)
				if err := writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Key: text, Value: text}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(m bus.Message) error {
		seen[string(m.Value)] = true
		return nil
	}))
	require.Len(t, seen, 400)
}

func TestWriteRefusesWhatIsTooLarge(t *testing.T) {
	config := testkit.Broker(t)
	writer := newWriter(t, config)
	tests := map[string]bus.Message{
		"value":   {Value: make([]byte, bus.MaxMessageBytes+1)},
		"key":     {Key: make([]byte, bus.MaxMessageBytes+1)},
		"headers": {Headers: []bus.Header{{Key: "h", Value: string(make([]byte, bus.MaxMessageBytes))}}},
	}
	for name, m := range tests {
		t.Run(name, func(t *testing.T) {
			m.Topic = bus.TopicPosts
			err := writer.Write(t.Context(), m)
			require.ErrorIs(t, err, bus.ErrTooLarge)
			require.True(t, retry.IsPermanent(err))
		})
	}
	largest := bus.Message{Topic: bus.TopicPosts, Value: make([]byte, bus.MaxMessageBytes-100)}
	require.NoError(t, writer.Write(t.Context(), largest), "what is allowed, the broker takes")
}

func TestWriteNothingAndToAClosedWriter(t *testing.T) {
	config := testkit.Broker(t)
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	require.NoError(t, writer.Write(t.Context()))
	require.NoError(t, writer.Close())
	require.NoError(t, writer.Close())
	require.ErrorIs(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts}), bus.ErrClosed)
}

func TestWriteWaitsForTheBroker(t *testing.T) {
	dir := t.TempDir()
	broker, err := embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: dir, Listen: testkit.Address(t)})
	require.NoError(t, err)
	config := bus.DefaultConfig()
	config.Brokers = []string{broker.Addr()}
	require.NoError(t, bus.EnsureTopics(t.Context(), config))
	writer := newWriter(t, config)
	require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("before")}))
	require.NoError(t, broker.Close())

	done := make(chan error, 1)
	go func() {
		done <- writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("while away")})
	}()
	broker, err = embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: dir, Listen: config.Brokers[0]})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, broker.Close()) })
	require.NoError(t, <-done)

	values := map[string]bool{}
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(m bus.Message) error {
		values[string(m.Value)] = true
		return nil
	}))
	require.Equal(t, map[string]bool{"before": true, "while away": true}, values)
}

func TestWriteEndsWithItsContext(t *testing.T) {
	config := bus.DefaultConfig()
	config.Brokers = []string{"127.0.0.1:1"}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	writer := newWriter(t, config)
	go func() { done <- writer.Write(ctx, bus.Message{Topic: bus.TopicPosts}) }()
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
}
