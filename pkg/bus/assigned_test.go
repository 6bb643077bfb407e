package bus_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/pkg/testkit"
)

// ledger is a consumer that keeps its offsets itself, as the alerter does.
type ledger struct {
	mu    sync.Mutex
	next  map[int]int64 // the checkpoint
	held  map[int]int   // partitions held now, by this and other consumers
	ended int
	seen  *bag
	t     *testing.T
}

func newLedger(t *testing.T, limit int) *ledger {
	return &ledger{t: t, next: map[int]int64{}, held: map[int]int{}, seen: newBag(limit)}
}

func (l *ledger) assign(_ context.Context, _ string, partition int) (bus.Assignment, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held[partition]++
	from, ok := l.next[partition]
	if !ok {
		from = bus.FirstOffset
	}
	return bus.Assignment{Offset: from, Handle: l.handle, Ended: func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.held[partition]--
		l.ended++
	}}, nil
}

func (l *ledger) handle(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
	l.mu.Lock()
	for _, m := range batch {
		if m.Partition != batch[0].Partition || m.Offset < l.next[m.Partition] {
			l.t.Errorf("message %d/%d came out of order", m.Partition, m.Offset)
		}
		if l.held[m.Partition] != 1 {
			l.t.Errorf("partition %d is held %d times", m.Partition, l.held[m.Partition])
		}
		l.next[m.Partition] = m.Offset + 1
	}
	l.mu.Unlock()
	l.seen.add(batch)
	return nil, nil
}

func assignedOptions(config bus.Config, l *ledger) bus.AssignedOptions {
	return bus.AssignedOptions{
		Config: config, Topics: []string{bus.TopicPosts}, Group: "g", Service: "test",
		BatchMessages: 10, BatchDelay: 20 * time.Millisecond, Assign: l.assign,
	}
}

// runAssigned consumes until the ledger's limit is reached, or forever when it is 0.
func runAssigned(t *testing.T, options bus.AssignedOptions, l *ledger) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- bus.ConsumeAssigned(ctx, options) }()
	select {
	case <-l.seen.full:
	case <-ctx.Done():
		t.Error("the messages did not come")
	}
	cancel()
	require.NoError(t, <-done)
}

func TestConsumeAssignedBeginsWhereTheConsumerSays(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 60)
	l := newLedger(t, 60)
	runAssigned(t, assignedOptions(config, l), l)
	require.Len(t, l.seen.values, 60)
	require.Equal(t, 3, l.ended, "each partition is ended once")
	require.Equal(t, map[int]int{0: 0, 1: 0, 2: 0}, l.held)

	checkpoint := maps.Clone(l.next)
	send(t, config, bus.TopicPosts, 30)
	l.seen = newBag(30)
	runAssigned(t, assignedOptions(config, l), l)
	require.Equal(t, 30, l.seen.count(), "from the checkpoint on")

	l.seen, l.next = newBag(30), checkpoint
	runAssigned(t, assignedOptions(config, l), l)
	require.Equal(t, 30, l.seen.count(), "the checkpoint rules, not what the group was told")
}

// A consumer that died before it told the group how far it was has no lag when it is back,
// though no message comes.
func TestConsumeAssignedTellsTheGroupWhereItBegins(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	l := newLedger(t, 1)
	for p := range config.Partitions {
		end, err := bus.End(t.Context(), config, bus.TopicPosts, p)
		require.NoError(t, err)
		l.next[p] = end
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- bus.ConsumeAssigned(ctx, assignedOptions(config, l)) }()
	require.Eventually(t, func() bool { return lag(t, config, "g") == 0 }, time.Minute, 20*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	require.Zero(t, l.seen.count())
}

func TestConsumeAssignedReadsAgainWhatTheLogLost(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	l := newLedger(t, 10)
	options := assignedOptions(config, l)
	options.Assign = func(ctx context.Context, topic string, partition int) (bus.Assignment, error) {
		a, err := l.assign(ctx, topic, partition)
		a.Offset = 1 << 40
		return a, err
	}
	runAssigned(t, options, l)
	require.Len(t, l.seen.values, 10)
}

func TestConsumeAssignedRepeatsTransientErrors(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	l := newLedger(t, 10)
	options := assignedOptions(config, l)
	var once, twice sync.Once
	options.Assign = func(ctx context.Context, topic string, partition int) (bus.Assignment, error) {
		var err error
		if once.Do(func() { err = errAway }); err != nil {
			return bus.Assignment{}, err
		}
		a, err := l.assign(ctx, topic, partition)
		a.Handle = func(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
			var err error
			if twice.Do(func() { err = errAway }); err != nil {
				return nil, err
			}
			return l.handle(ctx, batch)
		}
		return a, err
	}
	runAssigned(t, options, l)
	require.Len(t, l.seen.values, 10)
}

func TestConsumeAssignedEndsOnAPermanentError(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	l := newLedger(t, 1)
	tests := map[string]func(context.Context, string, int) (bus.Assignment, error){
		"of assign": func(context.Context, string, int) (bus.Assignment, error) {
			return bus.Assignment{}, retry.Permanent(errAway)
		},
		"of a handler": func(context.Context, string, int) (bus.Assignment, error) {
			return bus.Assignment{Offset: bus.FirstOffset, Handle: func(context.Context, []bus.Message) ([]bus.Reject, error) {
				return nil, retry.Permanent(errAway)
			}}, nil
		},
	}
	for name, assign := range tests {
		t.Run(name, func(t *testing.T) {
			options := assignedOptions(config, l)
			options.Assign = assign
			require.ErrorIs(t, bus.ConsumeAssigned(t.Context(), options), errAway)
		})
	}
}

func TestConsumeAssignedDeadLettersRejects(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 5)
	l := newLedger(t, 5)
	options := assignedOptions(config, l)
	options.Assign = func(context.Context, string, int) (bus.Assignment, error) {
		return bus.Assignment{Offset: bus.FirstOffset, Handle: func(_ context.Context, batch []bus.Message) (out []bus.Reject, _ error) {
			for i := range batch {
				out = append(out, bus.Reject{Index: i, Reason: "odd", Err: errAway})
			}
			return out, nil
		}}, nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- bus.ConsumeAssigned(ctx, options) }()
	require.Eventually(t, func() bool { return lag(t, config, "g") == 0 }, time.Minute, 20*time.Millisecond,
		"the group is told how far the consumer is")
	cancel()
	require.NoError(t, <-done)
	require.Len(t, letters(t, config), 5)
}

// Two consumers hand partitions over: none is held twice, none is skipped or repeated,
// because the checkpoint goes with the partition.
func TestConsumeAssignedHandsPartitionsOver(t *testing.T) {
	config := testkit.Broker(t)
	l := newLedger(t, 300)
	send(t, config, bus.TopicPosts, 100)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 2)
	consume := func(ctx context.Context) { done <- bus.ConsumeAssigned(ctx, assignedOptions(config, l)) }
	first, stopFirst := context.WithCancel(ctx)
	defer stopFirst()
	go consume(first)
	require.Eventually(t, func() bool { return l.seen.count() == 100 }, time.Minute, 10*time.Millisecond)
	go consume(ctx)
	require.Eventually(t, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.ended >= 3
	}, time.Minute, 10*time.Millisecond, "the first gives its partitions back")
	writer := newWriter(t, config)
	for i := range 200 {
		text := fmt.Append(nil, "more", i)
		require.NoError(t, writer.Write(ctx, bus.Message{Topic: bus.TopicPosts, Key: text, Value: text}))
		if i == 100 {
			stopFirst()
		}
	}
	select {
	case <-l.seen.full:
	case <-ctx.Done():
		t.Error("the messages did not come")
	}
	cancel()
	require.NoError(t, errors.Join(<-done, <-done))
	require.Len(t, l.seen.values, 300)
}

func TestAssignedOptionsNameWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		change func(*bus.AssignedOptions)
		want   string
	}{
		"no brokers":  {func(o *bus.AssignedOptions) { o.Config.Brokers = nil }, "kafka.brokers"},
		"no topics":   {func(o *bus.AssignedOptions) { o.Topics = nil }, "no topics"},
		"no group":    {func(o *bus.AssignedOptions) { o.Group = "" }, "no group"},
		"no assign":   {func(o *bus.AssignedOptions) { o.Assign = nil }, "no assign"},
		"empty batch": {func(o *bus.AssignedOptions) { o.BatchMessages = 0 }, "batch of 0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := bus.DefaultConfig()
			config.Brokers = []string{"127.0.0.1:1"}
			options := assignedOptions(config, newLedger(t, 1))
			tt.change(&options)
			require.ErrorContains(t, bus.ConsumeAssigned(t.Context(), options), tt.want)
		})
	}
}
