package classifier

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Reasons for dead letters.
const (
	reasonUndecodable = "undecodable" // the value is not a PostEvent
	reasonInvalid     = "invalid"     // the event breaks its contract
	reasonPanic       = "panic"       // a fault of the engine that this post brings about
	reasonTooLarge    = "too_large"   // its assessment exceeds what a message may hold
)

// handler judges batches of posts. Safe for concurrent use.
type handler struct {
	judge   judge
	out     output
	workers int
	metrics metrics
	amend   *amender // nil where nobody gives second opinions
}

// verdict is what became of one message.
type verdict struct {
	messages []bus.Message
	reject   *bus.Reject
	pending  *pending
}

// handle judges a batch on all workers and writes what comes out, in the order of the
// batch.
func (h *handler) handle(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
	verdicts := make([]verdict, len(batch))
	tallies := make([]tally, min(h.workers, len(batch)))
	var next atomic.Int64
	var workers sync.WaitGroup
	for w := range tallies {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(batch)); i = next.Add(1) - 1 {
				verdicts[i] = h.post(ctx, &batch[i], &tallies[w])
			}
		})
	}
	workers.Wait()
	var rejects []bus.Reject
	var messages []bus.Message
	for i := range verdicts {
		messages = append(messages, verdicts[i].messages...)
		if r := verdicts[i].reject; r != nil {
			r.Index = i
			rejects = append(rejects, *r)
		}
	}
	h.amend.withdraw(ctx, verdicts)
	began := time.Now()
	if len(messages) > 0 {
		if err := h.out.Write(ctx, messages...); err != nil {
			return nil, err
		}
	}
	h.metrics.add(ctx, tallies, time.Since(began))
	h.amend.follow(ctx, verdicts)
	return rejects, nil
}

// post judges one message.
func (h *handler) post(ctx context.Context, m *bus.Message, t *tally) (v verdict) {
	defer func() {
		if p := recover(); p != nil {
			v = verdict{reject: &bus.Reject{Reason: reasonPanic, Err: fault(p)}}
		}
	}()
	began := time.Now()
	event := &earshotv1.PostEvent{} // its texts share the message's bytes, which never change
	if err := event.UnmarshalVTUnsafe(m.Value); err != nil {
		return verdict{reject: &bus.Reject{Reason: reasonUndecodable, Err: err}}
	}
	if err := schemas.ValidatePostEvent(event); err != nil {
		return verdict{reject: &bus.Reject{Reason: reasonInvalid, Err: err}}
	}
	decoded := time.Now()
	assessments := h.judge.Assess(event, decoded.UTC())
	judged := time.Now()
	v = encode(bus.TraceOf(ctx, m), assessments, decoded)
	if v.reject == nil {
		t.post(assessments)
		v.pending = h.amend.consider(ctx, m, event, assessments, decoded)
	}
	t.seconds[stageDecode] += decoded.Sub(began)
	t.seconds[stageJudge] += judged.Sub(decoded)
	t.seconds[stageEncode] += time.Since(judged)
	return v
}

// fault describes a panic without what it may quote of the post.
func fault(p any) error {
	if err, ok := p.(runtime.Error); ok {
		return err
	}
	return fmt.Errorf("panic with a %T", p)
}

var errTooLarge = errors.New("assessment exceeds the largest message")

func encode(ctx context.Context, assessments []*earshotv1.Assessment, at time.Time) verdict {
	if len(assessments) == 0 {
		return verdict{}
	}
	out := make([]bus.Message, len(assessments))
	for i, a := range assessments {
		var reject *bus.Reject
		if out[i], reject = assessmentMessage(ctx, a, a.GetId(), at); reject != nil {
			return verdict{reject: reject}
		}
	}
	return verdict{messages: out}
}

// assessmentMessage encodes an assessment as the event of that id, at the time given.
func assessmentMessage(ctx context.Context, a *earshotv1.Assessment, eventID string, at time.Time) (bus.Message, *bus.Reject) {
	value, err := a.MarshalVT()
	if err != nil {
		return bus.Message{}, &bus.Reject{Reason: reasonInvalid, Err: err}
	}
	if len(value) > bus.MaxMessageBytes {
		return bus.Message{}, &bus.Reject{Reason: reasonTooLarge, Err: errTooLarge}
	}
	return bus.Message{
		Topic: bus.TopicAssessments, Key: []byte(a.GetBrandId()), Value: value,
		Headers: bus.EventHeaders(ctx, "earshot.assessment.v1", "earshot/classifier", eventID, at),
	}, nil
}
