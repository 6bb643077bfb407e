package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"
)

func TestClassify(t *testing.T) {
	tests := map[string]struct {
		err  error
		want string
	}{
		"a deadline":            {context.DeadlineExceeded, "timeout"},
		"a network deadline":    {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, "timeout"},
		"no connection":         {&net.OpError{Op: "dial", Err: errors.New("refused")}, "network"},
		"a lost connection":     {io.ErrUnexpectedEOF, "network"},
		"a broker's answer":     {fmt.Errorf("commit: %w", kafka.NotLeaderForPartition), "broker"},
		"answers by message":    {kafka.WriteErrors{nil, kafka.Unknown}, "broker"},
		"anything else":         {errors.New("insert"), "handler"},
		"a broker's own expiry": {kafka.RequestTimedOut, "timeout"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, classify(tt.err)) })
	}
}

// sentBy is a message that the span of these ids sent.
func sentBy(traceID, spanID byte, flags trace.TraceFlags) Message {
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{traceID}, SpanID: trace.SpanID{spanID}, TraceFlags: flags})
	return Message{Topic: TopicPosts, Headers: EventHeaders(trace.ContextWithSpanContext(context.Background(), sc), "k", "s", "i", time.Unix(0, 0))}
}

func TestBatchSpanJoinsOneTraceAndLinksMany(t *testing.T) {
	const kept, dropped = trace.FlagsSampled, trace.TraceFlags(0)
	tests := map[string]struct {
		batch []Message
		links []trace.SpanID
		joins trace.TraceID
	}{
		"no trace":                       {batch: []Message{{Topic: TopicPosts}}},
		"a trace that is not kept":       {batch: []Message{sentBy(1, 1, dropped)}},
		"one request":                    {[]Message{sentBy(1, 1, kept), sentBy(1, 1, kept)}, []trace.SpanID{{1}}, trace.TraceID{1}},
		"two requests of one trace":      {[]Message{sentBy(1, 1, kept), sentBy(1, 2, kept)}, []trace.SpanID{{1}, {2}}, trace.TraceID{1}},
		"one among those that are lost":  {[]Message{sentBy(2, 2, dropped), sentBy(1, 1, kept), {}}, []trace.SpanID{{1}}, trace.TraceID{1}},
		"two traces, none of them joins": {[]Message{sentBy(1, 1, kept), sentBy(2, 2, kept)}, []trace.SpanID{{1}, {2}}, trace.TraceID{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			found := links(tt.batch)
			require.Len(t, found, len(tt.links))
			for i, link := range found {
				require.Equal(t, tt.links[i], link.SpanContext.SpanID())
			}
			// No provider is set here: a span that does not record shows its parent.
			ctx, span := (&worker{service: "test", group: "g"}).startBatch(t.Context(), tt.batch)
			defer span.End()
			require.Equal(t, tt.joins, trace.SpanContextFromContext(ctx).TraceID())
		})
	}
}

func TestLinksAreBounded(t *testing.T) {
	var batch []Message
	for i := range 2 * maxLinks {
		batch = append(batch, sentBy(1, byte(i%2+1), trace.FlagsSampled))
	}
	require.Len(t, links(batch), maxLinks)
}

func TestSizeIsNoLessThanWhatIsSent(t *testing.T) {
	m := Message{Key: make([]byte, 10), Value: make([]byte, 100), Headers: []Header{{Key: "abc", Value: "defgh"}}}
	require.GreaterOrEqual(t, size(m), 10+100+3+5)
}

func TestUnwrittenKeepsWhatFailed(t *testing.T) {
	all := []kafka.Message{{Partition: 0}, {Partition: 1}, {Partition: 2}}
	require.Equal(t, all[1:2], unwritten(all, kafka.WriteErrors{nil, io.EOF, nil}))
	require.Equal(t, all, unwritten(all, io.EOF), "an error of the whole call")
}

func TestPrefixStaysOnTheWire(t *testing.T) {
	c := Config{Prefix: "p."}
	require.Equal(t, []string{"p.a", "p.b"}, c.wireAll([]string{"a", "b"}))
	require.Equal(t, "a", c.fromKafka(kafka.Message{Topic: "p.a"}).Topic)
	require.Equal(t, "p.a", c.toKafka(Message{Topic: "a"}).Topic)
}

func TestMessagesFromTellsWhetherAnyIsLeft(t *testing.T) {
	broker := startTestBroker(t, Config{})
	writer, err := NewWriter(broker, "test")
	require.NoError(t, err)
	require.NoError(t, writer.Write(t.Context(), Message{Topic: TopicCursors, Value: []byte("one")}, Message{Topic: TopicCursors, Value: []byte("two")}))
	require.NoError(t, writer.Close())
	for offset, want := range map[int64]bool{0: true, 1: true, 2: false} {
		left, err := broker.messagesFrom(t.Context(), TopicCursors, 0, offset)
		require.NoError(t, err)
		require.Equal(t, want, left, "from offset %d", offset)
	}
	_, err = broker.messagesFrom(t.Context(), TopicCursors, 0, 99)
	require.ErrorIs(t, err, kafka.OffsetOutOfRange)
}

func TestTroubleIsLoggedWhenItChanges(t *testing.T) {
	metrics, err := newReaderMetrics("test")
	require.NoError(t, err)
	var log bytes.Buffer
	w := worker{group: "g", metrics: metrics, logger: slog.New(slog.NewTextHandler(&log, nil))}
	down, slow := errors.New("down"), errors.New("slow")
	for _, e := range []error{down, down, slow, io.EOF, slow, nil, nil, slow} {
		if e != nil {
			w.trouble(t.Context(), e)
		} else {
			w.well(t.Context())
		}
	}
	var got []string
	for line := range strings.Lines(log.String()) {
		_, text, _ := strings.Cut(line, "msg=")
		got = append(got, strings.TrimSpace(text))
	}
	require.Equal(t, []string{
		`"consumer waits" group=g error=down`, `"consumer waits" group=g error=slow`,
		`"consumer goes on" group=g`, `"consumer waits" group=g error=slow`,
	}, got)
}
