package bus_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
)

// benchMessage is of the size of a post event with its headers, and about as varied:
// 60 words of 3,000.
func benchMessage(b *testing.B, i int) bus.Message {
	var value []byte
	for range 60 {
		value = fmt.Appendf(value, "%x ", 1_000_003*(1+rand.IntN(3000)))
	}
	return bus.Message{
		Topic: bus.TopicPosts, Key: fmt.Appendf(nil, "bench:%d", i), Value: value,
		Headers: bus.EventHeaders(b.Context(), "earshot.post.v1", "earshot/collector", fmt.Sprint(i), time.Unix(0, 0)),
	}
}

func benchBroker(b *testing.B) bus.Config {
	broker, err := embedded.StartBroker(b.Context(), embedded.BrokerOptions{Dir: b.TempDir()})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, broker.Close()) })
	config := bus.DefaultConfig()
	config.Brokers = []string{broker.Addr()}
	require.NoError(b, bus.EnsureTopics(b.Context(), config))
	return config
}

// BenchmarkWrite sends calls of 1000 messages to the embedded broker on disk.
func BenchmarkWrite(b *testing.B) {
	config := benchBroker(b)
	writer := newWriter(b, config)
	messages := make([]bus.Message, 1000)
	for i := range messages {
		messages[i] = benchMessage(b, i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for sent := 0; sent < b.N; sent += len(messages) {
		require.NoError(b, writer.Write(b.Context(), messages[:min(len(messages), b.N-sent)]...))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkConsume reads them back in batches of 2000 that do nothing.
func BenchmarkConsume(b *testing.B) {
	config := benchBroker(b)
	writer := newWriter(b, config)
	for sent := 0; sent < b.N; sent += 5000 {
		messages := make([]bus.Message, min(5000, b.N-sent))
		for i := range messages {
			messages[i] = benchMessage(b, i)
		}
		require.NoError(b, writer.Write(b.Context(), messages...))
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	seen := 0
	options := consumeOptions(config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		if seen == 0 {
			b.ResetTimer() // the group has been joined
		}
		if seen += len(batch); seen >= b.N {
			b.StopTimer()
			cancel()
		}
		return nil, nil
	})
	options.BatchMessages = 2000
	b.ReportAllocs()
	require.NoError(b, bus.Consume(ctx, options))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
