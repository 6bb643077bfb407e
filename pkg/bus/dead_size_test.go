package bus_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
)

// A message that is as large as may be has no room for the reason; it must not end the
// consumer, which would meet it again at every start.
func TestConsumeDeadLettersTheLargestMessage(t *testing.T) {
	config := testkit.Broker(t)
	writer := newWriter(t, config)
	largest := bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Value: bytes.Repeat([]byte("v"), bus.MaxMessageBytes-100), Headers: []bus.Header{{Key: "a", Value: "b"}}}
	require.NoError(t, writer.Write(t.Context(), largest))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- bus.Consume(ctx, consumeOptions(config, "g", func(context.Context, []bus.Message) ([]bus.Reject, error) {
			return []bus.Reject{{Reason: "decode", Err: errors.New(strings.Repeat("e", 5000))}}, nil
		}))
	}()
	require.Eventually(t, func() bool { return lag(t, config, "g") == 0 || len(done) > 0 }, time.Minute, 20*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	got := letters(t, config)
	require.Len(t, got, 1)
	require.Equal(t, "decode", got[0].Reason)
	require.Equal(t, bus.TopicPosts, got[0].Topic)
	require.True(t, got[0].Cut)
	require.Equal(t, "b", got[0].Message.Header("a"))
	require.True(t, bytes.HasPrefix(largest.Value, got[0].Message.Value))
	require.Greater(t, len(got[0].Message.Value), bus.MaxMessageBytes/2, "an operator sees most of it")

	_, err := bus.Redrive(t.Context(), writer, nil)
	require.ErrorContains(t, err, "is cut", "half a message is not what was sent")
	require.ErrorContains(t, err, bus.TopicPosts+"/", "where the whole one is")
}

func TestDeadLetterFitsIntoAMessage(t *testing.T) {
	const large = bus.MaxMessageBytes
	text := func(n int) []byte { return bytes.Repeat([]byte("x"), n) }
	tests := map[string]struct {
		message bus.Message
		cut     bool
	}{
		"small":                       {bus.Message{Key: text(10), Value: text(10)}, false},
		"no value":                    {bus.Message{Key: text(10)}, false},
		"just below":                  {bus.Message{Value: text(large - 2000)}, false},
		"a large value":               {bus.Message{Value: text(large)}, true},
		"what only others would send": {bus.Message{Value: text(5 * large)}, true},
		"a large key":                 {bus.Message{Key: text(large), Value: text(10)}, true},
		"large headers":               {bus.Message{Value: text(10), Headers: []bus.Header{{Key: "h", Value: string(text(large))}}}, true},
	}
	writer := newWriter(t, testkit.Broker(t))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.message.Topic = bus.TopicPosts
			letter := bus.DeadLetter(test.message, "writer", bus.Reject{Reason: "decode", Err: errors.New(string(text(5000)))})
			require.NoError(t, writer.Write(t.Context(), letter))
			d := bus.ParseDead(letter)
			require.Equal(t, test.cut, d.Cut)
			require.Equal(t, "decode", d.Reason)
			if !test.cut {
				require.Equal(t, test.message, d.Original())
			}
		})
	}
}

func FuzzDeadLetter(f *testing.F) {
	f.Add([]byte("key"), []byte("value"), "ce_id", "x:1", "decode", "not a post")
	f.Add([]byte(nil), []byte(nil), "earshot-reason", "forged", "", "\xff")
	f.Fuzz(func(t *testing.T, key, value []byte, name, header, reason, text string) {
		m := bus.Message{Topic: bus.TopicPosts, Key: key, Value: value, Headers: []bus.Header{{Key: name, Value: header}}, Partition: 3, Offset: 9}
		d := bus.ParseDead(bus.DeadLetter(m, "writer", bus.Reject{Reason: reason, Err: errors.New(text)}))
		if d.Reason != reason || d.Service != "writer" || d.Topic != bus.TopicPosts || d.Partition != 3 || d.Offset != 9 {
			t.Fatalf("forged or lost: %+v", d)
		}
		if !bytes.Equal(d.Original().Value, value) || !bytes.Equal(d.Original().Key, key) {
			t.Fatal("another message")
		}
		if !strings.HasPrefix(name, "earshot-") && d.Original().Headers[0] != (bus.Header{Key: name, Value: header}) {
			t.Fatal("a header is lost")
		}
	})
}
