package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/time/rate"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/retry"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/publish"
)

const (
	// saveEvery is how old the stored cursor may grow while batches come. A crash repeats
	// what came since, which is harmless; a cursor a batch would halve the speed.
	saveEvery = time.Second
	// lastWrite is how much longer a batch under way may take when the service stops, and
	// lastSave bounds the writing of the cursor behind it.
	lastWrite = 5 * time.Second
	lastSave  = 5 * time.Second
	// maxNamed is how many bad pieces of a batch are named in the log, the rest counted.
	maxNamed = 10
)

var tracer = otel.Tracer("github.com/earshot/earshot/services/collector/source")

// Runner drives one source.
type Runner struct {
	Origin    publish.Origin
	Source    Source
	Publisher *publish.Publisher
	// Cursors takes the cursor, under the origin's name, in [bus.TopicCursors].
	Cursors publish.Writer
	// Rate bounds events per second; 0 is no bound.
	Rate   float64
	Logger *slog.Logger
}

// Run reads the source from a cursor on until it has no more, ctx ends (nil), or an error
// is permanent. Transient errors are retried, from the newest cursor, with growing waits.
func (r *Runner) Run(ctx context.Context, from Cursor) error {
	s := &session{Runner: r, cursor: from, limiter: rate.NewLimiter(rate.Inf, math.MaxInt)}
	if r.Rate > 0 {
		s.limiter = rate.NewLimiter(rate.Limit(r.Rate), int(math.Ceil(r.Rate)))
	}
	policy := retry.Policy{Notify: func(err error, wait time.Duration) { s.failed(ctx, err, wait) }}
	err := policy.Do(ctx, func(ctx context.Context) error {
		return r.Source.Run(ctx, s.cursor, s.emit)
	})
	if ctx.Err() == nil {
		err = errors.Join(err, s.save(ctx))
	} else {
		s.stop(ctx)
		err = nil
	}
	if err != nil {
		return fmt.Errorf("source %s: %w", r.Origin.Name, err)
	}
	return nil
}

// session is one run of a source: its newest cursor and what is stored of it.
type session struct {
	*Runner
	limiter *rate.Limiter
	cursor  Cursor
	unsaved bool
	savedAt time.Time
	// lastError keeps an error that repeats from filling the log.
	lastError string
}

func (s *session) failed(ctx context.Context, err error, wait time.Duration) {
	s.Publisher.Failed(ctx, s.Origin)
	if text := err.Error(); text != s.lastError {
		s.lastError = text
		s.Logger.WarnContext(ctx, "source fails, will try again", "source", s.Origin.Name, "error", err, "wait", wait)
	}
}

// stop stores the cursor when the service ends. Where that does not work in time, what
// came since the last one comes again.
func (s *session) stop(ctx context.Context) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave)
	defer cancel()
	if err := s.save(last); err != nil {
		s.Logger.WarnContext(ctx, "cursor not stored, some posts will come again", "source", s.Origin.Name, "error", err)
	}
}

func (s *session) emit(ctx context.Context, b Batch) error {
	ctx, span := tracer.Start(ctx, "collect "+s.Origin.Type, trace.WithSpanKind(trace.SpanKindProducer),
		trace.WithAttributes(attribute.String("earshot.service", "collector"),
			attribute.String("earshot.source", s.Origin.Name), attribute.Int("earshot.events", len(b.Events))))
	defer span.End()
	events, bad := s.stamp(b)
	if err := s.publish(ctx, events); err != nil {
		return err
	}
	s.refuse(ctx, bad)
	s.lastError = ""
	s.cursor, s.unsaved = b.Next, true
	if time.Since(s.savedAt) < saveEvery {
		return nil
	}
	return s.save(ctx)
}

func (s *session) stamp(b Batch) ([]*earshotv1.PostEvent, []Bad) {
	now, good, bad := time.Now(), b.Events[:0], b.Bad
	for _, e := range b.Events {
		if err := s.Origin.Stamp(e, now); err != nil {
			bad = append(bad, Bad{Position: e.GetProvenance().GetPosition(), Err: err})
			continue
		}
		good = append(good, e)
	}
	return good, bad
}

// publish writes the events no faster than the limiter lets it, a second's worth at most
// in one go.
func (s *session) publish(ctx context.Context, events []*earshotv1.PostEvent) error {
	for len(events) > 0 {
		n := min(len(events), s.limiter.Burst())
		if err := s.limiter.WaitN(ctx, n); err != nil {
			return err
		}
		if err := s.write(ctx, events[:n]); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// write is not cut off by the end of ctx: what the bus has by then would come again.
func (s *session) write(ctx context.Context, events []*earshotv1.PostEvent) error {
	ctx, release := daemon.Outlive(ctx, lastWrite)
	defer release()
	return s.Publisher.Publish(ctx, s.Origin, events)
}

func (s *session) refuse(ctx context.Context, bad []Bad) {
	s.Publisher.Refused(ctx, s.Origin, len(bad))
	for _, b := range bad[:min(len(bad), maxNamed)] {
		s.Logger.WarnContext(ctx, "left out", "source", s.Origin.Name, "position", b.Position, "error", b.Err)
	}
	if more := len(bad) - maxNamed; more > 0 {
		s.Logger.WarnContext(ctx, "left out more", "source", s.Origin.Name, "count", more)
	}
}

func (s *session) save(ctx context.Context) error {
	if !s.unsaved {
		return nil
	}
	if err := s.Cursors.Write(ctx, bus.Message{Topic: bus.TopicCursors, Key: []byte(s.Origin.Name), Value: s.cursor}); err != nil {
		return fmt.Errorf("store cursor: %w", err)
	}
	s.unsaved, s.savedAt = false, time.Now()
	return nil
}

// Stored reads the stored cursor of every source, by name.
func Stored(ctx context.Context, c bus.Config) (map[string]Cursor, error) {
	all := map[string]Cursor{}
	err := bus.ReadCompacted(ctx, c, bus.TopicCursors, func(m bus.Message) error {
		all[string(m.Key)] = Cursor(m.Value)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read cursors: %w", err)
	}
	return all, nil
}
