package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// FirstOffset as [Assignment.Offset] begins at the first message there is.
const FirstOffset int64 = kafka.FirstOffset

// progressInterval is how often [ConsumeAssigned] tells the group how far it is.
const progressInterval = time.Second

// Assignment is what a consumer does with one partition while it has it.
type Assignment struct {
	// Offset of the first message to hand out: what the consumer's own checkpoint says,
	// or [FirstOffset]. One past the end of the log begins at its first message.
	Offset int64
	// Handle is called for one batch after another. See [Handler].
	Handle Handler
	// Ended is called once, after the last Handle has returned, when the partition is
	// taken away or the consumer stops. The partition may be assigned again at once, here
	// or elsewhere, with a new call of Assign. Nil is nothing to do.
	Ended func()
}

// AssignedOptions say what to consume, how to batch it, and where to begin.
type AssignedOptions struct {
	Config  Config
	Topics  []string
	Group   string
	Service string
	// A batch closes at BatchMessages, at 32 MiB, or BatchDelay after its first message.
	BatchMessages int
	BatchDelay    time.Duration
	// Assign is called for each partition when the consumer gets it, one call a
	// partition, several at once. ctx ends when the partition is lost. An error is
	// retried, as a handler's is.
	Assign func(ctx context.Context, topic string, partition int) (Assignment, error)
	// Logger takes what an operator should know; nil is slog's default.
	Logger *slog.Logger
}

// Validate names the first option that cannot be.
func (o AssignedOptions) Validate() error {
	if err := o.Config.Validate(); err != nil {
		return err
	}
	switch {
	case len(o.Topics) == 0:
		return errors.New("consume: no topics")
	case o.Group == "":
		return errors.New("consume: no group")
	case o.Assign == nil:
		return errors.New("consume: no assign")
	}
	return validateBatch(o.BatchMessages, o.BatchDelay)
}

// ConsumeAssigned is [Consume] for a consumer that keeps state by partition and its
// offsets together with that state. The group only shares the partitions out; where each
// begins, Assign says. Partitions are handled side by side, each in order by one
// goroutine. Offsets are told to the group for its lag alone and never read back.
//
// It returns nil when ctx ends, or the first permanent error.
func ConsumeAssigned(ctx context.Context, o AssignedOptions) error {
	if err := o.Validate(); err != nil {
		return err
	}
	work, err := newWorker(o.Config, o.Group, o.Service, o.Logger)
	if err != nil {
		return err
	}
	defer work.close()
	dialer, err := o.Config.dialer()
	if err != nil {
		return err
	}
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: o.Config.wire(o.Group), Brokers: o.Config.Brokers, Dialer: dialer, Topics: o.Config.wireAll(o.Topics),
		StartOffset: kafka.FirstOffset, WatchPartitionChanges: true,
		SessionTimeout: sessionTimeout, HeartbeatInterval: heartbeatInterval,
		RebalanceTimeout: rebalanceTimeout, JoinGroupBackoff: joinBackoff,
	})
	if err != nil {
		return fmt.Errorf("join group %s: %w", o.Group, err)
	}
	stopLag := work.watchLag(ctx, o.Topics)
	defer stopLag()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	assigned{options: o, worker: work, fail: cancel}.run(ctx, group)
	err = group.Close() // ends the generation and waits for its goroutines
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		err = errors.Join(cause, err)
	}
	return err
}

type assigned struct {
	options AssignedOptions
	worker  *worker
	// fail ends the consumer with a permanent error.
	fail context.CancelCauseFunc
}

// run serves one generation of the group after another until ctx ends.
func (a assigned) run(ctx context.Context, group *kafka.ConsumerGroup) {
	for ctx.Err() == nil {
		generation, err := group.Next(ctx)
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, kafka.RebalanceInProgress) {
				a.worker.trouble(ctx, fmt.Errorf("join group %s: %w", a.options.Group, err))
			}
			continue
		}
		progress := &progress{}
		for topic, partitions := range generation.Assignments {
			for _, p := range partitions {
				a.start(ctx, generation, progress, a.options.Config.plain(topic), p.ID)
			}
		}
		generation.Start(func(gen context.Context) { a.report(ctx, gen, generation, progress) })
	}
}

// start runs a partition in the generation's goroutines. It must not return before the
// generation ends: kafka-go would take that for the end of the generation.
func (a assigned) start(ctx context.Context, generation *kafka.Generation, progress *progress, topic string, partition int) {
	generation.Start(func(gen context.Context) {
		within, cancel := context.WithCancel(ctx)
		defer cancel()
		stop := context.AfterFunc(gen, cancel)
		defer stop()
		if err := a.partition(within, progress, topic, partition); err != nil && within.Err() == nil {
			a.fail(fmt.Errorf("consume %s/%d: %w", topic, partition, err))
		}
		<-within.Done()
	})
}

func (a assigned) partition(ctx context.Context, progress *progress, topic string, partition int) error {
	assignment, from, err := a.assign(ctx, topic, partition)
	if err != nil {
		return err
	}
	if assignment.Ended != nil {
		defer assignment.Ended()
	}
	reader, err := a.options.Config.partitionReader(topic, partition, from)
	if err != nil {
		return err
	}
	if from >= 0 { // after a crash the group may know less than the consumer
		progress.reach(kafka.Message{Topic: a.options.Config.wire(topic), Partition: partition, Offset: from - 1})
	}
	err = a.consume(ctx, reader, assignment.Handle, progress)
	return errors.Join(err, reader.Close())
}

// assign asks the consumer where to begin and checks it against the log, which may be
// shorter than the consumer remembers when the broker lost its disk.
func (a assigned) assign(ctx context.Context, topic string, partition int) (out Assignment, from int64, err error) {
	err = a.worker.retry(ctx, func(ctx context.Context) error {
		parts, err := a.options.Config.spans(ctx, topic)
		if err != nil {
			return err
		}
		out, err = a.options.Assign(ctx, topic, partition)
		if err != nil {
			return err
		}
		from = out.Offset
		if part := parts[partition]; from > part.end {
			a.worker.logger.ErrorContext(ctx, "log ends before the checkpoint, reading it again", "topic", topic,
				"partition", partition, "checkpoint", from, "end", part.end)
			from = FirstOffset
		}
		return nil
	})
	return out, from, err
}

func (a assigned) consume(ctx context.Context, reader *kafka.Reader, handler Handler, progress *progress) error {
	for ctx.Err() == nil {
		batch, last, err := collect(ctx, reader, a.options.Config, a.options.BatchMessages, a.options.BatchDelay)
		if err != nil && ctx.Err() == nil {
			a.worker.trouble(ctx, err)
		}
		if len(batch) == 0 || ctx.Err() != nil {
			continue
		}
		began := time.Now()
		if err := a.worker.handle(ctx, handler, batch); err != nil {
			return err
		}
		progress.reach(last[0])
		a.worker.metrics.done(ctx, len(batch), began)
		a.worker.well(ctx)
	}
	return nil
}

// report tells the group how far its partitions are, until the generation ends.
func (a assigned) report(ctx, gen context.Context, generation *kafka.Generation, progress *progress) {
	ticker := time.NewTicker(progressInterval)
	defer ticker.Stop()
	for {
		var err error
		select {
		case <-ticker.C:
			err = generation.CommitOffsets(progress.take())
		case <-gen.Done():
			return
		case <-ctx.Done():
			if err := generation.CommitOffsets(progress.take()); err != nil {
				a.worker.metrics.failed(ctx, err)
			}
			return
		}
		if err != nil {
			a.worker.trouble(ctx, fmt.Errorf("report progress: %w", err))
		}
	}
}

// progress holds the next offsets of a generation's partitions that the group was not
// told yet, by wire name.
type progress struct {
	mu   sync.Mutex
	next map[string]map[int]int64
}

func (p *progress) reach(m kafka.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = map[string]map[int]int64{}
	}
	if p.next[m.Topic] == nil {
		p.next[m.Topic] = map[int]int64{}
	}
	p.next[m.Topic][m.Partition] = m.Offset + 1
}

func (p *progress) take() map[string]map[int]int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.next
	p.next = nil
	return out
}
