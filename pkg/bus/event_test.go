package bus_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
)

func TestEventHeaders(t *testing.T) {
	at := time.Date(2026, 11, 23, 13, 14, 15, 16_000_000, time.FixedZone("", 3600))
	want := []bus.Header{
		{Key: "ce_specversion", Value: "1.0"},
		{Key: "ce_type", Value: "earshot.post.v1"},
		{Key: "ce_source", Value: "earshot/collector"},
		{Key: "ce_id", Value: "x:1"},
		{Key: "ce_time", Value: "2026-11-23T12:14:15.016Z"},
		{Key: "content-type", Value: "application/protobuf"},
	}
	require.Equal(t, want, bus.EventHeaders(t.Context(), "earshot.post.v1", "earshot/collector", "x:1", at))
}

func TestEventHeadersCarryTheTrace(t *testing.T) {
	sent := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled,
	})
	ctx := trace.ContextWithSpanContext(t.Context(), sent)
	m := bus.Message{Headers: bus.EventHeaders(ctx, "k", "s", "i", time.Unix(0, 0))}
	require.Equal(t, "00-01000000000000000000000000000000-0200000000000000-01", m.Header("traceparent"))
	got := trace.SpanContextFromContext(bus.TraceOf(t.Context(), &m))
	require.Equal(t, sent.WithRemote(true), got)

	plain := trace.SpanContextFromContext(bus.TraceOf(t.Context(), &bus.Message{}))
	require.False(t, plain.IsValid(), "a message without a trace has none")

	deeper := sent.WithSpanID(trace.SpanID{3})
	within := trace.ContextWithSpanContext(t.Context(), deeper)
	require.Equal(t, deeper, trace.SpanContextFromContext(bus.TraceOf(within, &m)), "in the trace already")
	elsewhere := trace.ContextWithSpanContext(t.Context(), deeper.WithTraceID(trace.TraceID{9}))
	require.Equal(t, sent.WithRemote(true), trace.SpanContextFromContext(bus.TraceOf(elsewhere, &m)))
}

func FuzzTraceOf(f *testing.F) {
	f.Add("00-01000000000000000000000000000000-0200000000000000-01", "a=b")
	f.Fuzz(func(_ *testing.T, parent, state string) {
		bus.TraceOf(context.Background(), &bus.Message{Headers: []bus.Header{{Key: "traceparent", Value: parent}, {Key: "tracestate", Value: state}}})
	})
}

// Not parallel: it sets the process's providers, as telemetry.Setup does once.
func TestConsumeShowsWhatItDoes(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	reader := metric.NewManualReader()
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))

	config := testkit.Broker(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sender, span := otel.Tracer("sender").Start(ctx, "collect")
	traced := bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Headers: bus.EventHeaders(sender, "k", "s", "i", time.Unix(0, 0))}
	span.End()
	require.NoError(t, newWriter(t, config).Write(ctx, traced, bus.Message{Topic: bus.TopicPosts, Key: []byte("k"), Value: []byte("bad")}))

	attempts := 0
	options := consumeOptions(config, "g", func(context.Context, []bus.Message) ([]bus.Reject, error) {
		if attempts++; attempts == 1 {
			return nil, errAway
		}
		return []bus.Reject{{Index: 1, Reason: "decode", Err: errAway}}, nil
	})
	options.BatchMessages, options.BatchDelay = 2, time.Minute
	var log bytes.Buffer
	options.Logger = slog.New(slog.NewTextHandler(&log, nil))
	done := make(chan error, 1)
	go func() { done <- bus.Consume(ctx, options) }()
	require.Eventually(t, func() bool { return sums(t, reader)["earshot_test_in_messages"] == 2 }, time.Minute, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)

	require.Contains(t, log.String(), `level=WARN msg="consumer waits" group=g error=away`)
	require.Contains(t, log.String(), `level=INFO msg="consumer goes on" group=g`)

	got := sums(t, reader)
	require.EqualValues(t, 1, got["earshot_test_dead_messages reason=decode"])
	require.EqualValues(t, 1, got["earshot_test_errors class=handler"])
	require.EqualValues(t, 2, got["earshot_test_out_messages topic="+bus.TopicPosts])
	require.EqualValues(t, 1, got["earshot_test_out_messages topic="+bus.TopicDead])
	require.EqualValues(t, 1, got["earshot_test_batch_messages"])
	require.EqualValues(t, 1, got["earshot_test_batch_seconds"])

	batch := spans.Ended()[len(spans.Ended())-1]
	require.Equal(t, "process "+bus.TopicPosts, batch.Name())
	require.Len(t, batch.Links(), 1)
	require.Equal(t, span.SpanContext().TraceID(), batch.Links()[0].SpanContext.TraceID())
	require.Equal(t, span.SpanContext().SpanID(), batch.Parent().SpanID(), "one trace, so it is a part of it")
	require.Contains(t, batch.Attributes(), attribute.String("earshot.service", "test"))
	require.Len(t, batch.Events(), 1, "the failed attempt")
}

// sums are the counters and the counts of histograms by name and first attribute.
func sums(t *testing.T, reader metric.Reader) map[string]int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &all))
	out := map[string]int64{}
	key := func(name string, set attribute.Set) string {
		if kv, ok := set.Get(0); ok {
			return name + " " + string(kv.Key) + "=" + kv.Value.AsString()
		}
		return name
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					out[key(m.Name, p.Attributes)] += p.Value
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					out[key(m.Name, p.Attributes)] += int64(p.Count)
				}
			}
		}
	}
	return out
}
