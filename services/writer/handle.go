package writer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/writer/internal/row"
)

// Reasons for dead letters.
const (
	reasonUndecodable = "undecodable" // the value is not the topic's Protobuf message
	reasonInvalid     = "invalid"     // the message breaks the event's contract
)

// message is an event that came by the bus.
type message interface {
	UnmarshalVTUnsafe(data []byte) error
}

// decode fills event, whose texts then share the message's bytes, and checks it; the
// reject says why it can never be stored.
func decode[E message](m bus.Message, event E, validate func(E) error) *bus.Reject {
	if err := event.UnmarshalVTUnsafe(m.Value); err != nil {
		return &bus.Reject{Reason: reasonUndecodable, Err: err}
	}
	if err := validate(event); err != nil {
		return &bus.Reject{Reason: reasonInvalid, Err: err}
	}
	return nil
}

// read makes events of a batch, and rejects of what can never be stored.
func read[E any](batch []bus.Message, one func(bus.Message) (E, *bus.Reject)) (events []E, rejects []bus.Reject) {
	events = make([]E, 0, len(batch))
	for i, m := range batch {
		event, reject := one(m)
		if reject != nil {
			reject.Index = i
			rejects = append(rejects, *reject)
			continue
		}
		events = append(events, event)
	}
	return events, rejects
}

// handler handles batches of one topic, whose events are E. It keeps buffers, so it is
// for one consumer.
type handler[E any] struct {
	store   database
	metrics metrics
	decode  func(bus.Message) (E, *bus.Reject)
	// block makes the rows of events, good until the next call.
	block func(events []E, token string) store.Block
}

func (h *handler[E]) handle(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
	events, rejects := read(batch, h.decode)
	if len(events) == 0 {
		return rejects, nil
	}
	return rejects, insert(ctx, h.store, h.metrics, h.block(events, token(batch)), len(events))
}

func newAssessments(s database, m metrics) *handler[*earshotv1.Assessment] {
	return &handler[*earshotv1.Assessment]{s, m, func(m bus.Message) (*earshotv1.Assessment, *bus.Reject) {
		event := new(earshotv1.Assessment)
		return event, decode(m, event, schemas.ValidateAssessment)
	}, row.NewAssessments().Block}
}

func newAlerts(s database, m metrics) *handler[row.Alert] {
	return &handler[row.Alert]{s, m, func(m bus.Message) (row.Alert, *bus.Reject) {
		event := new(earshotv1.Alert)
		return row.Alert{Alert: event, At: m.Time}, decode(m, event, schemas.ValidateAlert)
	}, row.NewAlerts().Block}
}

func newReviews(s database, m metrics) *handler[*earshotv1.Review] {
	return &handler[*earshotv1.Review]{s, m, func(m bus.Message) (*earshotv1.Review, *bus.Reject) {
		event := new(earshotv1.Review)
		return event, decode(m, event, schemas.ValidateReview)
	}, row.NewReviews().Block}
}

var tracer = otel.Tracer("github.com/earshot/earshot/services/writer")

func insert(ctx context.Context, s database, m metrics, b store.Block, rows int) error {
	ctx, span := tracer.Start(ctx, "insert "+b.Table, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("earshot.service", "writer"),
		attribute.String("db.system.name", "clickhouse"),
		attribute.String("db.collection.name", b.Table),
		attribute.Int("db.operation.batch.size", rows)))
	defer span.End()
	began := time.Now()
	if err := s.Insert(ctx, b); err != nil {
		span.SetStatus(codes.Error, "")
		return err
	}
	m.stored(ctx, b.Table, rows, began)
	return nil
}

// span is what a batch holds of one partition.
type span struct {
	topic       string
	partition   int
	first, last int64
	from, to    time.Time
}

// token names a batch by what it holds of each partition. A repeated batch has the same
// token, and no other batch has it: not even one of a topic that was made anew, where
// offsets begin again, because the times differ.
func token(batch []bus.Message) string {
	var spans []span
	for _, m := range batch {
		i := slices.IndexFunc(spans, func(s span) bool { return s.partition == m.Partition && s.topic == m.Topic })
		if i < 0 {
			i = len(spans)
			spans = append(spans, span{topic: m.Topic, partition: m.Partition, first: m.Offset, from: m.Time})
		}
		spans[i].last, spans[i].to = m.Offset, m.Time
	}
	slices.SortFunc(spans, func(a, b span) int { return a.partition - b.partition })
	var out strings.Builder
	for _, s := range spans {
		fmt.Fprintf(&out, "%s/%d:%d-%d@%d-%d;", s.topic, s.partition, s.first, s.last, s.from.UnixMilli(), s.to.UnixMilli())
	}
	return out.String()
}
