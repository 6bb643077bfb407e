package bus_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/bus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errAway = errors.New("away")

func newWriter(t testing.TB, config bus.Config) *bus.Writer {
	t.Helper()
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, writer.Close()) })
	return writer
}

// send writes n messages with values and keys "0", "1", ….
func send(t testing.TB, config bus.Config, topic string, n int) {
	t.Helper()
	messages := make([]bus.Message, n)
	for i := range messages {
		text := fmt.Append(nil, i)
		messages[i] = bus.Message{Topic: topic, Key: text, Value: text}
	}
	require.NoError(t, newWriter(t, config).Write(t.Context(), messages...))
}

// bag collects values from several goroutines.
type bag struct {
	mu     sync.Mutex
	values map[string]int
	total  int
	// full is closed when total reaches limit.
	limit int
	full  chan struct{}
}

func newBag(limit int) *bag {
	return &bag{values: map[string]int{}, limit: limit, full: make(chan struct{})}
}

func (b *bag) add(batch []bus.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range batch {
		b.values[string(m.Value)]++
		if b.total++; b.total == b.limit {
			close(b.full)
		}
	}
}

func (b *bag) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.total
}

// consumeAll consumes the posts until limit messages were handled, then stops.
func consumeAll(t *testing.T, config bus.Config, group string, limit int) *bag {
	t.Helper()
	seen := newBag(limit)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	options := consumeOptions(config, group, func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		if seen.add(batch); seen.count() >= limit {
			cancel()
		}
		return nil, nil
	})
	require.NoError(t, bus.Consume(ctx, options))
	require.GreaterOrEqual(t, seen.count(), limit, "before the time was up")
	return seen
}

func consumeOptions(config bus.Config, group string, handler bus.Handler) bus.ConsumeOptions {
	return bus.ConsumeOptions{
		Config: config, Topics: []string{bus.TopicPosts}, Group: group, Service: "test",
		BatchMessages: 10, BatchDelay: 20 * time.Millisecond, Handler: handler,
	}
}
