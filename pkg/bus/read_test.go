package bus_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
)

func TestReadAllReadsToTheEndAsOfNow(t *testing.T) {
	config := testkit.Broker(t)
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(bus.Message) error { return errAway }), "empty topic")
	send(t, config, bus.TopicPosts, 50)
	writer, n := newWriter(t, config), 0
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(bus.Message) error {
		n++
		return writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("later")})
	}))
	require.Equal(t, 50, n)
}

func TestReadAllReturnsTheErrorOfItsFunction(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 1)
	require.ErrorIs(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(bus.Message) error { return errAway }), errAway)
	require.Error(t, bus.ReadAll(t.Context(), config, "absent", func(bus.Message) error { return nil }))
}

func TestReadCompactedGivesTheNewestOfEachKey(t *testing.T) {
	config := testkit.Broker(t)
	writer := newWriter(t, config)
	for i := range 30 {
		require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicCursors, Key: fmt.Append(nil, "source", i%3), Value: fmt.Append(nil, i)}))
	}
	require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicCursors, Key: []byte("source0")}), "a deletion")
	got := map[string]string{}
	require.NoError(t, bus.ReadCompacted(t.Context(), config, bus.TopicCursors, func(m bus.Message) error {
		got[string(m.Key)] = string(m.Value)
		return nil
	}))
	require.Equal(t, map[string]string{"source1": "28", "source2": "29"}, got)
	require.ErrorIs(t, bus.ReadCompacted(t.Context(), config, bus.TopicCursors, func(bus.Message) error { return errAway }), errAway)
}

func TestTail(t *testing.T) {
	errEnough := errors.New("enough")
	tests := map[string]struct {
		options bus.TailOptions
		want    string // the first value, "" for none
	}{
		"all, and no further":    {bus.TailOptions{FromStart: true}, "0"},
		"all, and what comes":    {bus.TailOptions{FromStart: true, Follow: true}, "0"},
		"what comes":             {bus.TailOptions{Follow: true}, "new"},
		"neither, which is none": {bus.TailOptions{}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := testkit.Broker(t)
			send(t, config, bus.TopicPosts, 1)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stopped := make(chan struct{})
			go func() {
				defer close(stopped)
				writer := newWriter(t, config)
				for ctx.Err() == nil { // a tail that starts at the end sees only what comes after it
					_ = writer.Write(ctx, bus.Message{Topic: bus.TopicPosts, Value: []byte("new")})
				}
			}()
			got := ""
			err := bus.Tail(ctx, config, bus.TopicPosts, tt.options, func(m bus.Message) error {
				got = string(m.Value)
				if got == "new" && tt.want == "0" {
					return nil
				}
				return errEnough
			})
			cancel()
			<-stopped
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, errEnough)
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestTailEndsWithItsContext(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 1)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, bus.Tail(ctx, config, bus.TopicPosts, bus.TailOptions{FromStart: true, Follow: true}, func(bus.Message) error {
		cancel()
		return nil
	}))
}
