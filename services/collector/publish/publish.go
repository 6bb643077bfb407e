// Package publish is the collector's one way into earshot.posts.v1. It stamps events
// with their origin, refuses what is not valid, and returns when the bus has the rest.
package publish

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

const (
	eventType   = "earshot.post.v1"
	eventSource = "earshot/collector/"
)

// Writer writes messages and returns nil when all in-sync replicas have them.
// [*bus.Writer] is one.
type Writer interface {
	Write(ctx context.Context, messages ...bus.Message) error
}

// Origin is where events come from: the source's name and kind, for their provenance.
type Origin struct {
	Name, Type string
}

// Stamp completes an event with its provenance, and with now as the time of publication
// where the source gave none, and validates it. now is when the collector took the
// event. The error is a [schemas.FieldError]; such an event must not be published.
func (o Origin) Stamp(e *earshotv1.PostEvent, now time.Time) error {
	if e.Provenance == nil {
		e.Provenance = &earshotv1.Provenance{}
	}
	e.Provenance.Source, e.Provenance.SourceType = o.Name, o.Type
	e.Provenance.ObservedAt = timestamppb.New(now)
	if e.GetOp() != earshotv1.PostOp_POST_OP_DELETED && e.GetPost().GetCreatedAt() == nil && e.GetPost() != nil {
		e.Post.CreatedAt = e.Provenance.ObservedAt
	}
	return post.Rename(schemas.ValidatePostEvent(e))
}

// Publisher writes events and counts them. Any number of goroutines may use it.
type Publisher struct {
	writer  Writer
	metrics metrics
}

// New returns a publisher to w.
func New(w Writer) (*Publisher, error) {
	m, err := newMetrics()
	return &Publisher{writer: w, metrics: m}, err
}

// Publish writes stamped events of one origin. Nil means that all in-sync replicas have
// them; after an error some may have been written, and writing all again is right: their
// ids are the same. Events of one post stay in order. The trace of ctx goes with them.
func (p *Publisher) Publish(ctx context.Context, o Origin, events []*earshotv1.PostEvent) error {
	start := time.Now()
	messages := make([]bus.Message, 0, len(events))
	for _, e := range events {
		m, err := message(ctx, e)
		if err != nil {
			return err
		}
		messages = append(messages, m)
	}
	if err := p.writer.Write(ctx, messages...); err != nil {
		return err
	}
	p.metrics.published(ctx, o, len(events), start)
	return nil
}

// Refused counts pieces of input that could not become an event.
func (p *Publisher) Refused(ctx context.Context, o Origin, count int) {
	p.metrics.refused(ctx, o, count)
}

// Failed counts a failed attempt to read a source.
func (p *Publisher) Failed(ctx context.Context, o Origin) { p.metrics.failed(ctx, o) }

func message(ctx context.Context, e *earshotv1.PostEvent) (bus.Message, error) {
	value, err := e.MarshalVT()
	if err != nil {
		return bus.Message{}, fmt.Errorf("encode post event: %w", err)
	}
	p := e.GetPost()
	id := p.GetId() + "@" + strconv.FormatUint(uint64(p.GetRevision()), 10) + "/" + schemas.OpName(e.GetOp())
	return bus.Message{
		Topic: bus.TopicPosts, Key: []byte(p.GetId()), Value: value,
		Headers: bus.EventHeaders(ctx, eventType, eventSource+e.GetProvenance().GetSource(), id, happened(e)),
	}, nil
}

// happened is when the post came to be what the event says.
func happened(e *earshotv1.PostEvent) time.Time {
	switch {
	case e.GetPost().GetEditedAt() != nil:
		return e.GetPost().GetEditedAt().AsTime()
	case e.GetPost().GetCreatedAt() != nil && e.GetOp() == earshotv1.PostOp_POST_OP_CREATED:
		return e.GetPost().GetCreatedAt().AsTime()
	}
	return e.GetProvenance().GetObservedAt().AsTime()
}
