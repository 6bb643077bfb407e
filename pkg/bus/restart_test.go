package bus_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/testkit"
)

// durable is a broker that can be stopped and started on the same log and port.
type durable struct {
	dir    string
	broker *embedded.Broker
	config bus.Config
}

func startDurable(t *testing.T) *durable {
	t.Helper()
	d := &durable{dir: t.TempDir()}
	d.start(t, testkit.Address(t))
	d.config = bus.DefaultConfig()
	d.config.Brokers = []string{d.broker.Addr()}
	d.config.Partitions = 2
	require.NoError(t, bus.EnsureTopics(t.Context(), d.config))
	t.Cleanup(func() { require.NoError(t, d.broker.Close()) })
	return d
}

func (d *durable) start(t *testing.T, listen string) {
	t.Helper()
	var err error
	d.broker, err = embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: d.dir, Listen: listen})
	require.NoError(t, err)
}

func (d *durable) restart(t *testing.T) {
	t.Helper()
	require.NoError(t, d.broker.Close())
	d.start(t, d.config.Brokers[0])
}

// Both ways of consuming go on over a broker that was away, with nothing lost.
func TestConsumersOutliveTheirBroker(t *testing.T) {
	ways := map[string]func(ctx context.Context, d *durable, l *ledger, seen *bag) error{
		"group": func(ctx context.Context, d *durable, _ *ledger, seen *bag) error {
			return bus.Consume(ctx, consumeOptions(d.config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
				seen.add(batch)
				return nil, nil
			}))
		},
		"assigned": func(ctx context.Context, d *durable, l *ledger, _ *bag) error {
			return bus.ConsumeAssigned(ctx, assignedOptions(d.config, l))
		},
	}
	for name, consume := range ways {
		t.Run(name, func(t *testing.T) {
			d := startDurable(t)
			l := newLedger(t, 1<<30)
			send(t, d.config, bus.TopicPosts, 50)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- consume(ctx, d, l, l.seen) }()
			distinct := func(n int) func() bool {
				return func() bool {
					l.seen.mu.Lock()
					defer l.seen.mu.Unlock()
					return len(l.seen.values) == n
				}
			}
			require.Eventually(t, distinct(50), time.Minute, 10*time.Millisecond)
			d.restart(t)
			more := make([]bus.Message, 50)
			for i := range more {
				more[i] = bus.Message{Topic: bus.TopicPosts, Key: fmt.Append(nil, i), Value: fmt.Append(nil, "later ", i)}
			}
			require.NoError(t, newWriter(t, d.config).Write(t.Context(), more...))
			require.Eventually(t, distinct(100), time.Minute, 10*time.Millisecond)
			cancel()
			require.NoError(t, <-done)
		})
	}
}

func TestReadAllEndsWhereItsFunctionSays(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 30)
	enough := errors.New("enough")
	seen := 0
	err := bus.ReadAll(t.Context(), config, bus.TopicPosts, func(bus.Message) error {
		if seen++; seen == 7 {
			return enough
		}
		return nil
	})
	require.ErrorIs(t, err, enough)
	require.ErrorContains(t, err, "read "+bus.TopicPosts+"/", "and where it was")
	require.Equal(t, 7, seen)
}

func TestTailOfATopicThatIsNotThere(t *testing.T) {
	config := testkit.Broker(t)
	for name, options := range map[string]bus.TailOptions{"once": {FromStart: true}, "for ever": {Follow: true}} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, bus.Tail(t.Context(), config, "absent", options, func(bus.Message) error { return nil }), "absent")
		})
	}
}

func TestTailFollowsEveryPartition(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 60)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	partitions, next := map[int]int{}, map[int]int64{}
	total := 0
	require.NoError(t, bus.Tail(ctx, config, bus.TopicPosts, bus.TailOptions{FromStart: true, Follow: true}, func(m bus.Message) error {
		require.Equal(t, next[m.Partition], m.Offset, "in order")
		next[m.Partition]++
		partitions[m.Partition]++
		if total++; total == 60 {
			cancel()
		}
		return nil
	}))
	require.Len(t, partitions, 3)
	require.Equal(t, 60, total)
}

func TestPrefixesKeepTestsApart(t *testing.T) {
	config := testkit.Broker(t)
	own, other := config, config
	own.Prefix, other.Prefix = config.Prefix+"own.", config.Prefix+"other."
	for _, c := range []bus.Config{own, other} {
		require.NoError(t, bus.EnsureTopics(t.Context(), c))
	}
	send(t, own, bus.TopicPosts, 10)
	require.Len(t, consumeAll(t, own, "g", 10).values, 10)
	require.EqualValues(t, 0, lag(t, own, "g"))
	require.EqualValues(t, 0, lag(t, other, "g"))
	require.NoError(t, bus.ReadAll(t.Context(), other, bus.TopicPosts, func(bus.Message) error { return errAway }))
	require.NoError(t, bus.ReadAll(t.Context(), own, bus.TopicPosts, func(m bus.Message) error {
		require.Equal(t, bus.TopicPosts, m.Topic, "the prefix is not seen")
		return nil
	}))
}
