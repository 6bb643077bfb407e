package bus_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/pkg/testkit"
)

func TestConsumeOptionsNameWhatIsWrong(t *testing.T) {
	handler := func(context.Context, []bus.Message) ([]bus.Reject, error) { return nil, nil }
	tests := map[string]struct {
		change func(*bus.ConsumeOptions)
		want   string
	}{
		"no brokers":     {func(o *bus.ConsumeOptions) { o.Config.Brokers = nil }, "kafka.brokers"},
		"no topics":      {func(o *bus.ConsumeOptions) { o.Topics = nil }, "no topics"},
		"no group":       {func(o *bus.ConsumeOptions) { o.Group = "" }, "no group"},
		"no handler":     {func(o *bus.ConsumeOptions) { o.Handler = nil }, "no handler"},
		"empty batch":    {func(o *bus.ConsumeOptions) { o.BatchMessages = 0 }, "batch of 0 messages"},
		"huge batch":     {func(o *bus.ConsumeOptions) { o.BatchMessages = 1e9 }, "want 1 to 100000"},
		"no delay":       {func(o *bus.ConsumeOptions) { o.BatchDelay = 0 }, "batch delay of 0s"},
		"odd service":    {func(o *bus.ConsumeOptions) { o.Service = "A" }, `service "A"`},
		"absent CA file": {func(o *bus.ConsumeOptions) { o.Config.TLS = bus.TLS{Enabled: true, CAFile: "absent"} }, "kafka.tls.ca_file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := bus.DefaultConfig()
			config.Brokers = []string{"127.0.0.1:1"}
			options := consumeOptions(config, "g", handler)
			tt.change(&options)
			require.ErrorContains(t, bus.Consume(t.Context(), options), tt.want)
		})
	}
}

func TestConsumeFillsBatches(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 90)
	sizes, total := map[int]int{}, 0
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	options := consumeOptions(config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		sizes[len(batch)]++
		if total += len(batch); total == 90 {
			cancel()
		}
		return nil, nil
	})
	options.BatchDelay = time.Minute
	require.NoError(t, bus.Consume(ctx, options))
	require.Equal(t, map[int]int{10: 9}, sizes)
}

func TestConsumeContinuesWhereItCommitted(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 40)
	first := consumeAll(t, config, "g", 20)
	second := consumeAll(t, config, "g", 40-first.count())
	require.Equal(t, 40, first.count()+second.count(), "what was handled before the end was committed")
	require.Len(t, consumeAll(t, config, "other", 40).values, 40, "another group sees all")
}

func TestConsumeRepeatsATransientError(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	var calls [][]bus.Message
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	options := consumeOptions(config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		if calls = append(calls, batch); len(calls) < 4 {
			return nil, errAway
		}
		cancel()
		return nil, nil
	})
	require.NoError(t, bus.Consume(ctx, options))
	require.Len(t, calls, 4)
	for _, batch := range calls {
		require.Equal(t, calls[0], batch, "the same batch, whole")
	}
}

func TestConsumeEndsOnAPermanentErrorWithoutCommit(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	options := consumeOptions(config, "g", func(context.Context, []bus.Message) ([]bus.Reject, error) {
		return nil, retry.Permanent(errAway)
	})
	require.ErrorIs(t, bus.Consume(t.Context(), options), errAway)
	require.Len(t, consumeAll(t, config, "g", 10).values, 10)
}

func TestConsumeDropsTheOpenBatchAtTheEnd(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	options := consumeOptions(config, "g", func(context.Context, []bus.Message) ([]bus.Reject, error) {
		cancel()
		return nil, errAway // the effect did not happen, and there is no time to repeat it
	})
	require.NoError(t, bus.Consume(ctx, options))
	require.Len(t, consumeAll(t, config, "g", 10).values, 10, "they come again")
}

func TestConsumeDeadLettersRejects(t *testing.T) {
	config := testkit.Broker(t)
	require.NoError(t, newWriter(t, config).Write(t.Context(),
		bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Value: []byte("good")},
		bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Value: []byte("bad"), Headers: []bus.Header{{Key: "ce_id", Value: "7"}}},
	))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var bad bus.Message
	options := consumeOptions(config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		var rejects []bus.Reject
		for i, m := range batch {
			if string(m.Value) == "bad" {
				bad = m
				rejects = append(rejects, bus.Reject{Index: i, Reason: "decode", Err: errors.New("not a post")})
			}
		}
		return rejects, nil
	})
	done := make(chan error, 1)
	go func() { done <- bus.Consume(ctx, options) }()
	require.Eventually(t, func() bool { return lag(t, config, "g") == 0 }, time.Minute, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)

	got := letters(t, config)
	require.Len(t, got, 1, "committed after the letter was written")
	require.Equal(t, "decode", got[0].Reason)
	require.Equal(t, "not a post", got[0].Error)
	require.Equal(t, "test", got[0].Service)
	require.Equal(t, bus.TopicPosts, got[0].Topic)
	require.Equal(t, bad.Partition, got[0].Partition)
	require.Equal(t, bad.Offset, got[0].Offset)
	require.Equal(t, bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Value: []byte("bad"), Headers: bad.Headers}, got[0].Original())
}

func TestConsumeReadsAgainWhatTheLogLost(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 10)
	transport := &kafka.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := &kafka.Client{Addr: kafka.TCP(config.Brokers...), Transport: transport}
	beyond := []kafka.OffsetCommit{{Partition: 0, Offset: 99}, {Partition: 1, Offset: 99}, {Partition: 2, Offset: 99}}
	_, err := client.OffsetCommit(t.Context(), &kafka.OffsetCommitRequest{
		GroupID: config.Prefix + "g", GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{config.Prefix + bus.TopicPosts: beyond},
	})
	require.NoError(t, err)
	require.Len(t, consumeAll(t, config, "g", 10).values, 10)
}

func TestConsumeEndsWhileTheBrokerIsAway(t *testing.T) {
	config := bus.DefaultConfig()
	config.Brokers = []string{"127.0.0.1:1"}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- bus.Consume(ctx, consumeOptions(config, "g", func(context.Context, []bus.Message) ([]bus.Reject, error) { return nil, nil }))
	}()
	cancel()
	require.NoError(t, <-done)
}

func TestEndIsBehindTheLastMessage(t *testing.T) {
	config := testkit.Broker(t)
	before, err := bus.End(t.Context(), config, bus.TopicPosts, 0)
	require.NoError(t, err)
	require.Zero(t, before)
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	defer func() { require.NoError(t, writer.Close()) }()
	for i := range 20 {
		require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Key: []byte{byte(i)}, Value: []byte("v")}))
	}
	var all int64
	for p := range config.Partitions {
		end, err := bus.End(t.Context(), config, bus.TopicPosts, p)
		require.NoError(t, err)
		all += end
	}
	require.EqualValues(t, 20, all)
	_, err = bus.End(t.Context(), config, "absent", 0)
	require.Error(t, err)
}

func lag(t *testing.T, config bus.Config, group string) int64 {
	t.Helper()
	lags, err := bus.Lag(t.Context(), config, group, bus.TopicPosts)
	require.NoError(t, err)
	return lags[bus.TopicPosts]
}

func TestLagCountsWhatIsNotCommitted(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 30)
	require.EqualValues(t, 30, lag(t, config, "g"), "of a group that nobody has seen yet")
	consumeAll(t, config, "g", 30)
	require.EqualValues(t, 0, lag(t, config, "g"))
	send(t, config, bus.TopicPosts, 4)
	require.EqualValues(t, 4, lag(t, config, "g"))
	_, err := bus.Lag(t.Context(), config, "g", "absent")
	require.Error(t, err)
}

func TestTwoConsumersShareAGroup(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 200)
	seen := newBag(200)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 2)
	for range 2 {
		go func() {
			done <- bus.Consume(ctx, consumeOptions(config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
				seen.add(batch)
				return nil, nil
			}))
		}()
	}
	writer := newWriter(t, config)
	<-seen.full
	for i := range 200 { // and while the group rearranges itself
		text := fmt.Append(nil, "more", i)
		require.NoError(t, writer.Write(ctx, bus.Message{Topic: bus.TopicPosts, Key: text, Value: text}))
	}
	require.Eventually(t, func() bool {
		seen.mu.Lock()
		defer seen.mu.Unlock()
		return len(seen.values) == 400
	}, time.Minute, 10*time.Millisecond)
	cancel()
	require.NoError(t, errors.Join(<-done, <-done))
}

// Large messages must not fill the memory: a handler decodes its whole batch at once.
func TestConsumeClosesBatchesByBytes(t *testing.T) {
	config := testkit.Broker(t)
	const messages, each, limit = 40, 990_000, 32 << 20
	large := make([]bus.Message, messages)
	for i := range large {
		large[i] = bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Value: make([]byte, each)}
	}
	require.NoError(t, newWriter(t, config).Write(t.Context(), large...))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var sizes []int
	total := 0
	options := consumeOptions(config, "g", func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		sizes = append(sizes, len(batch)*each)
		if total += len(batch); total == messages {
			cancel()
		}
		return nil, nil
	})
	options.BatchMessages, options.BatchDelay = 1000, time.Second
	require.NoError(t, bus.Consume(ctx, options))
	require.Equal(t, messages, total, "the rest comes in the next batch")
	require.Greater(t, len(sizes), 1)
	for _, size := range sizes {
		require.Less(t, size, limit+each, "one message at most is over the limit")
	}
}
