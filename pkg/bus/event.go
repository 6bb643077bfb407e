package bus

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Names of the CloudEvents 1.0 attributes in Kafka's binary mode, and of the W3C trace
// context. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
const (
	headerSpecVersion = "ce_specversion"
	headerType        = "ce_type"
	headerSource      = "ce_source"
	headerID          = "ce_id"
	headerTime        = "ce_time"
	headerContentType = "content-type"
	headerTraceParent = "traceparent"
	headerTraceState  = "tracestate"
)

// maxLinks bounds the links of one batch's span; the SDK keeps 128 by default.
const maxLinks = 128

var tracer = otel.Tracer("github.com/earshot/earshot/pkg/bus")

// EventHeaders are the headers of an event: kind as "earshot.post.v1", source as
// "earshot/collector", its id and its time, and the trace that ctx belongs to.
func EventHeaders(ctx context.Context, kind, source, id string, at time.Time) []Header {
	out := make([]Header, 0, 8)
	out = append(out,
		Header{headerSpecVersion, "1.0"},
		Header{headerType, kind},
		Header{headerSource, source},
		Header{headerID, id},
		Header{headerTime, at.UTC().Format(time.RFC3339Nano)},
		Header{headerContentType, "application/protobuf"},
	)
	if trace.SpanContextFromContext(ctx).IsValid() {
		propagation.TraceContext{}.Inject(ctx, (*headerCarrier)(&out))
	}
	return out
}

// TraceOf returns ctx as a part of the trace that the message's sender was in, so that
// an event made from the message alone continues it. Where ctx is in that trace already,
// as in a handler whose batch is part of it, the event follows what was done last.
func TraceOf(ctx context.Context, m *Message) context.Context {
	sent := propagation.TraceContext{}.Extract(ctx, (*headerCarrier)(&m.Headers))
	if trace.SpanContextFromContext(sent).TraceID() == trace.SpanContextFromContext(ctx).TraceID() {
		return ctx
	}
	return sent
}

type headerCarrier []Header

func (c *headerCarrier) Get(key string) string {
	m := Message{Headers: *c}
	return m.Header(key)
}

func (c *headerCarrier) Set(key, value string) { *c = append(*c, Header{key, value}) }

func (c *headerCarrier) Keys() []string { return []string{headerTraceParent, headerTraceState} }

var _ propagation.TextMapCarrier = (*headerCarrier)(nil)

// startBatch begins the span of a batch. It is linked to the sampled traces of the
// batch's messages; where those are one trace the span is a part of it, and whoever opens
// that trace sees a post's whole way.
func (w *worker) startBatch(ctx context.Context, batch []Message) (context.Context, trace.Span) {
	links := links(batch)
	if len(links) > 0 && oneTrace(links) {
		ctx = trace.ContextWithRemoteSpanContext(ctx, links[0].SpanContext)
	}
	return tracer.Start(ctx, "process "+batch[0].Topic, trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithLinks(links...), trace.WithAttributes(
			attribute.String("earshot.service", w.service),
			attribute.String("messaging.system", "kafka"),
			attribute.String("messaging.destination.name", batch[0].Topic),
			attribute.String("messaging.consumer.group.name", w.group),
			attribute.Int("messaging.batch.message_count", len(batch))))
}

// links are the sampled spans that sent the messages, each once for a run of messages.
func links(batch []Message) []trace.Link {
	var out []trace.Link
	last := ""
	for i := range batch {
		parent := batch[i].Header(headerTraceParent)
		if parent == last || !strings.HasSuffix(parent, "-01") {
			continue
		}
		last = parent
		if sc := trace.SpanContextFromContext(TraceOf(context.Background(), &batch[i])); sc.IsValid() {
			out = append(out, trace.Link{SpanContext: sc})
		}
		if len(out) == maxLinks {
			break
		}
	}
	return out
}

func oneTrace(links []trace.Link) bool {
	return !slices.ContainsFunc(links, func(l trace.Link) bool {
		return l.SpanContext.TraceID() != links[0].SpanContext.TraceID()
	})
}
