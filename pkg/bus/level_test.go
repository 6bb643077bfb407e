package bus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
)

// racing hands out what its channel gives, as a [kafka.Reader] does.
type racing chan kafka.Message

func (r racing) FetchMessage(ctx context.Context) (kafka.Message, error) {
	select {
	case m, open := <-r:
		if !open {
			return m, errors.New("reader is closed")
		}
		return m, nil
	case <-ctx.Done():
		return kafka.Message{}, ctx.Err()
	}
}

// record is a message of a partition, written so long before now.
func record(partition int, offset int64, ago time.Duration) kafka.Message {
	return kafka.Message{Topic: "t", Partition: partition, Offset: offset, Time: time.Now().Add(-ago), Value: make([]byte, 100)}
}

func races(messages ...kafka.Message) racing {
	r := make(racing, len(messages))
	for _, m := range messages {
		r <- m
	}
	return r
}

// place names a message by partition and offset.
type place struct {
	partition int
	offset    int64
}

func drain(t *testing.T, l *level, n int) (out []place) {
	t.Helper()
	for range n {
		m, err := l.FetchMessage(t.Context())
		require.NoError(t, err)
		out = append(out, place{m.Partition, m.Offset})
	}
	require.Zero(t, l.held)
	require.Zero(t, l.bytes)
	return out
}

func TestLevel(t *testing.T) {
	const s = time.Second
	for _, tc := range []struct {
		name  string
		reads func() []kafka.Message
		want  []place
	}{
		{
			"a partition that ran ahead waits for the other",
			func() []kafka.Message {
				return []kafka.Message{record(0, 0, 9*s), record(1, 0, 8*s), record(0, 1, 7*s), record(0, 2, 5*s), record(0, 3, 3*s), record(1, 1, 6*s), record(1, 2, 4*s)}
			},
			[]place{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0, 2}, {1, 2}, {0, 3}},
		},
		{
			"messages of now wait for nobody",
			func() []kafka.Message { return []kafka.Message{record(0, 0, 0), record(1, 0, 0), record(0, 1, 0)} },
			[]place{{0, 0}, {1, 0}, {0, 1}},
		},
		{
			"a partition that is read again drops what was held of it",
			func() []kafka.Message {
				return []kafka.Message{record(1, 0, 9*s), record(0, 5, 8*s), record(0, 6, 7*s), record(0, 5, 8*s), record(0, 6, 7*s), record(1, 1, 6*s)}
			},
			[]place{{1, 0}, {0, 5}, {0, 6}, {1, 1}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.Equal(t, tc.want, drain(t, &level{from: races(tc.reads()...)}, len(tc.want)))
			})
		})
	}
}

func TestLevelWaitsForASilentPartitionOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &level{from: races(record(1, 0, time.Hour), record(0, 0, time.Minute), record(0, 1, time.Minute), record(0, 2, time.Minute))}
		began := time.Now()
		require.Equal(t, []place{{1, 0}, {0, 0}, {0, 1}, {0, 2}}, drain(t, l, 4))
		require.Equal(t, patience, time.Since(began))
	})
}

func TestLevelIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		messages := []kafka.Message{record(1, 0, time.Hour)}
		for i := range int64(heldMessages + 10) {
			messages = append(messages, record(0, i, time.Minute))
		}
		l := &level{from: races(messages...)}
		_, err := l.FetchMessage(t.Context())
		require.NoError(t, err)
		began := time.Now()
		_, err = l.FetchMessage(t.Context())
		require.NoError(t, err)
		require.Zero(t, time.Since(began), "a full room waits for nobody")
		require.Equal(t, heldMessages-1, l.held)
	})
}

func TestLevelErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := races(record(0, 0, time.Minute))
		l := &level{from: from}
		_, err := l.FetchMessage(t.Context())
		require.NoError(t, err)
		within, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = l.FetchMessage(within)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		close(from)
		_, err = l.FetchMessage(t.Context())
		require.EqualError(t, err, "reader is closed")
	})
}

func TestCollectClosesBatchesByCountAndDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var messages []kafka.Message
		for i := range int64(95) {
			messages = append(messages, record(int(i%3), i, 0))
		}
		from, began := races(messages...), time.Now()
		for range 9 {
			batch, last, err := collect(t.Context(), from, Config{}, 10, time.Second)
			require.NoError(t, err)
			require.Len(t, batch, 10)
			require.Len(t, last, 3, "the last of each partition")
		}
		require.Zero(t, time.Since(began), "full batches wait for nothing")
		batch, _, err := collect(t.Context(), from, Config{}, 10, time.Second)
		require.NoError(t, err)
		require.Len(t, batch, 5, "the rest, when its time is up")
		require.Equal(t, time.Second, time.Since(began))
	})
}
