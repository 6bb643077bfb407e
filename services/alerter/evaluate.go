package alerter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
)

// tickInterval is how often partitions without messages are looked at.
const tickInterval = time.Second

// Reasons for dead letters.
const (
	reasonInvalid  = "invalid"  // the value does not decode or breaks the event's contract
	reasonReceiver = "receiver" // a receiver refused the alert or was not reached in time
)

// evaluator is the first loop: assessments in, alerts out.
type evaluator struct {
	config  Config
	options alert.Options
	store   checkpoints
	metrics *metrics
	logger  *slog.Logger

	// logEnd is the offset behind the last message of a partition of assessments.
	logEnd func(ctx context.Context, partition int) (int64, error)

	mu         sync.Mutex
	partitions map[int]*partition
}

func newEvaluator(c Config, o alert.Options, store checkpoints, m *metrics, logger *slog.Logger) *evaluator {
	logEnd := func(ctx context.Context, partition int) (int64, error) {
		return bus.End(ctx, store.config, bus.TopicAssessments, partition)
	}
	return &evaluator{config: c, options: o, store: store, metrics: m, logger: logger, logEnd: logEnd, partitions: map[int]*partition{}}
}

func (e *evaluator) consume(ctx context.Context) error {
	return bus.ConsumeAssigned(ctx, bus.AssignedOptions{
		Config: e.store.config, Topics: []string{bus.TopicAssessments}, Group: Group, Service: "alerter",
		BatchMessages: e.config.BatchMessages, BatchDelay: e.config.BatchDelay, Assign: e.assign, Logger: e.logger,
	})
}

// assign restores a partition's state. What cannot be restored is rebuilt from the log:
// alerts then get the ids they had, and repeats of them go no further.
func (e *evaluator) assign(ctx context.Context, _ string, number int) (bus.Assignment, error) {
	p := &partition{evaluator: e, number: number, machine: alert.New(e.options), next: bus.FirstOffset}
	at, state, err := e.store.loadAlerter(ctx, number)
	if err != nil && !errors.Is(err, errDamaged) {
		return bus.Assignment{}, err
	}
	if err == nil && state != nil {
		var orphans []*earshotv1.Alert
		p.machine, orphans, err = alert.Restore(e.options, state)
		p.next, p.saved, p.slot = at.GetNextOffset(), at.GetNextOffset(), at.GetSlot()
		p.queue(ctx, orphans)
	}
	if err != nil {
		e.logger.ErrorContext(ctx, "checkpoint is damaged, rebuilding from the log", "partition", number, "error", err)
		p = &partition{evaluator: e, number: number, machine: alert.New(e.options), next: bus.FirstOffset}
	}
	p.handled, p.savedAt = time.Now(), time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.partitions[number] = p
	return bus.Assignment{Offset: p.next, Handle: p.handle, Ended: func() { e.ended(p) }}, nil
}

func (e *evaluator) ended(p *partition) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.partitions[p.number] == p {
		delete(e.partitions, p.number)
	}
	p.mu.Lock() // a tick at work finishes first
	defer p.mu.Unlock()
	p.over = true
}

// tick lets time pass in partitions without messages, until ctx ends.
func (e *evaluator) tick(ctx context.Context) error {
	ticker := time.NewTicker(tickInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			for _, p := range e.live() {
				if err := p.tick(ctx, now); err != nil && ctx.Err() == nil {
					return fmt.Errorf("tick partition %d: %w", p.number, err)
				}
			}
		}
	}
}

func (e *evaluator) live() []*partition {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]*partition, 0, len(e.partitions))
	for _, p := range e.partitions {
		all = append(all, p)
	}
	return all
}

// partition is the state of one assigned partition of assessments.
type partition struct {
	evaluator *evaluator
	number    int

	mu      sync.Mutex
	over    bool
	machine *alert.Machine
	stats   alert.Stats
	// next is the first offset the machine has not seen, saved that of the checkpoint.
	next, saved int64
	slot        uint32
	// open says that the last batch had rejects: they are dead letters, and next may be
	// checkpointed, once another batch comes.
	open             bool
	pending          []bus.Message
	handled, savedAt time.Time
}

// handle is the partition's [bus.Handler]. It may be given a batch again.
func (p *partition) handle(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open && batch[0].Offset >= p.next {
		p.open = false
		if err := p.save(ctx); err != nil {
			return nil, err
		}
	}
	var rejects []bus.Reject
	for i := range batch {
		a, err := decodeAssessment(batch[i].Value)
		if err != nil {
			rejects = append(rejects, bus.Reject{Index: i, Reason: reasonInvalid, Err: err})
		}
		if batch[i].Offset < p.next {
			continue
		}
		p.next = batch[i].Offset + 1
		if err == nil {
			p.queue(bus.TraceOf(ctx, &batch[i]), p.machine.Apply(a, batch[i].Time))
		}
	}
	p.open = len(rejects) > 0
	p.handled = time.Now()
	return rejects, p.flush(ctx)
}

// tick lets time pass once the partition has been silent for as long as a brand may be,
// and the broker says that nothing waits in the log that would tell the time better. A
// broker that is away is no silence.
func (p *partition) tick(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return nil
	}
	if now.Sub(p.handled) >= p.evaluator.config.Idle && p.atEnd(ctx) {
		p.queue(ctx, p.machine.Tick(now))
	}
	return p.flush(ctx)
}

func (p *partition) atEnd(ctx context.Context) bool {
	end, err := p.evaluator.logEnd(ctx, p.number)
	return err == nil && end <= max(p.next, 0)
}

// queue keeps alerts until they are published, each in the trace of its post.
func (p *partition) queue(ctx context.Context, alerts []*earshotv1.Alert) {
	for _, a := range alerts {
		p.pending = append(p.pending, alertMessage(ctx, a))
		p.evaluator.metrics.alert(ctx, a)
	}
}

// flush publishes what changed state and writes the checkpoint if that, or time, asks.
func (p *partition) flush(ctx context.Context) error {
	p.report(ctx)
	published := len(p.pending) > 0
	if published {
		if err := p.evaluator.store.writer.Write(ctx, p.pending...); err != nil {
			return err
		}
		p.pending = nil
	}
	due := p.next != p.saved && time.Since(p.savedAt) >= p.evaluator.config.CheckpointInterval
	if p.open || !published && !due {
		return nil
	}
	return p.save(ctx)
}

func (p *partition) save(ctx context.Context) error {
	slot, err := p.evaluator.store.saveAlerter(ctx, p.number, p.next, p.slot, p.machine.Snapshot(), p.evaluator.metrics)
	if err != nil {
		return err
	}
	p.slot, p.saved, p.savedAt = slot, p.next, time.Now()
	return nil
}

func (p *partition) report(ctx context.Context) {
	stats := p.machine.Stats()
	p.evaluator.metrics.stats(ctx, p.stats, stats)
	p.stats = stats
}

// decodeAssessment returns a valid assessment whose texts share the bytes of value.
func decodeAssessment(value []byte) (*earshotv1.Assessment, error) {
	a := &earshotv1.Assessment{}
	if err := a.UnmarshalVTUnsafe(value); err != nil {
		return nil, fmt.Errorf("decode assessment: %w", err)
	}
	if err := schemas.ValidateAssessment(a); err != nil {
		return nil, fmt.Errorf("validate assessment: %w", err)
	}
	return a, nil
}

func alertMessage(ctx context.Context, a *earshotv1.Alert) bus.Message {
	value, err := a.MarshalVT()
	if err != nil {
		panic(fmt.Sprintf("marshal an alert of our own making: %v", err))
	}
	changed := a.GetStartsAt()
	if a.GetEndsAt() != nil {
		changed = a.GetEndsAt()
	}
	return bus.Message{
		Topic: bus.TopicAlerts, Key: []byte(a.GetId()), Value: value,
		Headers: bus.EventHeaders(ctx, "earshot.alert.v1", "earshot/alerter", a.GetId()+"-"+schemas.StateName(a.GetState()), changed.AsTime()),
	}
}
