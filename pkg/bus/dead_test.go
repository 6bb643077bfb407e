package bus_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
)

func letters(t *testing.T, config bus.Config) []bus.Dead {
	t.Helper()
	var out []bus.Dead
	require.NoError(t, bus.ListDead(t.Context(), config, func(d bus.Dead) error {
		out = append(out, d)
		return nil
	}))
	return out
}

func TestDeadLetterKeepsTheMessage(t *testing.T) {
	m := bus.Message{
		Topic: bus.TopicPosts, Key: []byte("k"), Value: []byte{0xff}, Partition: 2, Offset: 99,
		Headers: []bus.Header{{Key: "ce_id", Value: "1"}},
	}
	d := bus.ParseDead(bus.DeadLetter(m, "writer", bus.Reject{Reason: "decode", Err: errAway}))
	require.Equal(t, "writer", d.Service)
	require.Equal(t, "decode", d.Reason)
	require.Equal(t, "away", d.Error)
	require.Equal(t, 2, d.Partition)
	require.EqualValues(t, 99, d.Offset)
	want := m
	want.Partition, want.Offset = 0, 0
	require.Equal(t, want, d.Original())
}

func TestDeadLetterOfADeadLetterHasOneReason(t *testing.T) {
	first := bus.DeadLetter(bus.Message{Topic: bus.TopicPosts}, "a", bus.Reject{Reason: "first"})
	second := bus.DeadLetter(first, "b", bus.Reject{Reason: "second"})
	require.Equal(t, "second", bus.ParseDead(second).Reason)
	require.Len(t, second.Headers, len(first.Headers))
}

func TestDeadLetterBoundsTheError(t *testing.T) {
	long := errors.New(strings.Repeat("ü", 5000) + "\xff")
	got := bus.ParseDead(bus.DeadLetter(bus.Message{}, "a", bus.Reject{Err: long})).Error
	require.LessOrEqual(t, len(got), 1000)
	require.True(t, utf8.ValidString(got))
}

func TestParseDeadTakesWhatIsThere(t *testing.T) {
	d := bus.ParseDead(bus.Message{Headers: []bus.Header{{Key: "earshot-offset", Value: "x"}}})
	require.Equal(t, -1, d.Partition)
	require.EqualValues(t, -1, d.Offset)
	require.Empty(t, d.Reason)
}

func FuzzParseDead(f *testing.F) {
	f.Add("earshot-partition", "1", "earshot-offset", "2")
	f.Add("earshot-topic", "", "ce_id", "\xff")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		d := bus.ParseDead(bus.Message{Headers: []bus.Header{{Key: k1, Value: v1}, {Key: k2, Value: v2}}})
		for _, h := range d.Original().Headers {
			require.False(t, strings.HasPrefix(h.Key, "earshot-"))
		}
	})
}

func TestRedrive(t *testing.T) {
	config := testkit.Broker(t)
	writer := newWriter(t, config)
	for _, value := range []string{"a", "b", "c"} {
		m := bus.Message{Topic: bus.TopicPosts, Key: []byte(value), Value: []byte(value), Headers: []bus.Header{{Key: "ce_id", Value: value}}}
		require.NoError(t, writer.Write(t.Context(), bus.DeadLetter(m, "writer", bus.Reject{Reason: "reason " + value})))
	}
	place := map[string]bus.Place{}
	for _, d := range letters(t, config) {
		place[string(d.Message.Value)] = bus.Place{Partition: d.Message.Partition, Offset: d.Message.Offset}
	}
	back := func() (out []string) {
		require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(m bus.Message) error {
			require.Equal(t, []bus.Header{{Key: "ce_id", Value: string(m.Value)}}, m.Headers)
			out = append(out, string(m.Value))
			return nil
		}))
		return out
	}

	n, err := bus.Redrive(t.Context(), writer, nil, place["b"])
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []string{"b"}, back())

	n, err = bus.Redrive(t.Context(), writer, func(d bus.Dead) bool { return d.Reason == "reason c" })
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.ElementsMatch(t, []string{"b", "c"}, back())

	n, err = bus.Redrive(t.Context(), writer, nil)
	require.NoError(t, err)
	require.Equal(t, 3, n)

	_, err = bus.Redrive(t.Context(), writer, nil, bus.Place{Partition: 0, Offset: 12345})
	require.ErrorIs(t, err, bus.ErrNotFound)

	require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicDead, Value: []byte("from nowhere")}))
	_, err = bus.Redrive(t.Context(), writer, nil)
	require.ErrorContains(t, err, "names no topic")
}
