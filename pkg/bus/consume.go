package bus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"go.opentelemetry.io/otel/codes"

	"github.com/earshot/earshot/pkg/retry"
)

const (
	sessionTimeout    = 10 * time.Second
	heartbeatInterval = 2 * time.Second
	rebalanceTimeout  = 10 * time.Second
	joinBackoff       = time.Second
	commitTimeout     = 5 * time.Second
	// fetchBytes bounds a fetch of one partition, and with it memory per partition and
	// how far one partition runs ahead of the others: see [level]. A larger batch of the
	// log comes alone.
	fetchBytes = 128 << 10
	// queueMessages lets partitions fetch ahead of the handler. A [level] holds more.
	queueMessages = 1024
	// batchBytes closes a batch that is not full by count: 10,000 posts of 64 KiB would
	// be 640 MB, and a handler decodes them all. Ten thousand ordinary assessments, of
	// some 1.5 KB each, fit.
	batchBytes = 32 << 20
)

// Handler makes the effect of a batch durable and returns the messages that can never
// succeed; those are dead-lettered and counted, the rest is done. The batch holds at
// least one message, in order within a partition, and may hold messages it has seen.
//
// A returned error is transient: the whole batch is given again, later, until it passes
// or ctx ends. Only an error marked by [retry.Permanent] ends the consumer.
// The batch and what it points to may be kept, and must not be changed.
type Handler func(ctx context.Context, batch []Message) ([]Reject, error)

// Reject is one message of a batch that can never succeed.
type Reject struct {
	// Index is the message's place in the batch.
	Index int
	// Reason is a label: one of a small closed set that the service documents.
	Reason string
	// Err tells an operator more. It must not quote the message.
	Err error
}

// ConsumeOptions say what to consume and how to batch it.
type ConsumeOptions struct {
	Config Config
	Topics []string
	// Group is the consumer group: the name of the service.
	Group string
	// Service is the name in metrics, "writer", and in dead letters.
	Service string
	// A batch closes at BatchMessages, at 32 MiB, or BatchDelay after its first message.
	BatchMessages int
	BatchDelay    time.Duration
	Handler       Handler
	// Logger takes what an operator should know; nil is slog's default.
	Logger *slog.Logger
}

// Validate names the first option that cannot be.
func (o ConsumeOptions) Validate() error {
	if err := o.Config.Validate(); err != nil {
		return err
	}
	switch {
	case len(o.Topics) == 0:
		return errors.New("consume: no topics")
	case o.Group == "":
		return errors.New("consume: no group")
	case o.Handler == nil:
		return errors.New("consume: no handler")
	}
	return validateBatch(o.BatchMessages, o.BatchDelay)
}

func validateBatch(messages int, delay time.Duration) error {
	if messages < 1 || messages > 100_000 {
		return fmt.Errorf("batch of %d messages: want 1 to 100000", messages)
	}
	if delay <= 0 || delay > time.Minute {
		return fmt.Errorf("batch delay of %v: want more than 0 and at most 1m", delay)
	}
	return nil
}

// Consume hands the group's share of the topics to the handler, batch by batch, one at
// a time, until ctx ends (then it returns nil) or the handler's error is permanent.
//
// With a backlog, messages of different partitions come about in the order of their time.
//
// The offset of a message is committed after the handler's effect and the dead letters
// of its batch are durable, so messages may come again and none is lost. When ctx ends
// an open batch is dropped; it comes again. Brokers that are away are waited for.
func Consume(ctx context.Context, o ConsumeOptions) error {
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
	err = work.retry(ctx, func(ctx context.Context) error { return work.rewind(ctx, o.Topics) })
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: o.Config.Brokers, Dialer: dialer,
		GroupID: o.Config.wire(o.Group), GroupTopics: o.Config.wireAll(o.Topics),
		StartOffset: kafka.FirstOffset, WatchPartitionChanges: true,
		MinBytes: 1, MaxBytes: fetchBytes, MaxWait: maxWait, QueueCapacity: queueMessages,
		SessionTimeout: sessionTimeout, HeartbeatInterval: heartbeatInterval,
		RebalanceTimeout: rebalanceTimeout, JoinGroupBackoff: joinBackoff,
		ReadLagInterval: -1,
	})
	stopLag := work.watchLag(ctx, o.Topics)
	defer stopLag()
	err = consumer{options: o, worker: work, reader: reader, level: &level{from: reader}}.run(ctx)
	return errors.Join(err, reader.Close())
}

type consumer struct {
	options ConsumeOptions
	worker  *worker
	reader  *kafka.Reader
	level   *level
}

func (c consumer) run(ctx context.Context) error {
	for ctx.Err() == nil {
		batch, last, err := collect(ctx, c.level, c.options.Config, c.options.BatchMessages, c.options.BatchDelay)
		if err != nil && ctx.Err() == nil {
			c.worker.trouble(ctx, err)
		}
		if len(batch) == 0 || ctx.Err() != nil {
			continue
		}
		began := time.Now()
		if err := c.worker.handle(ctx, c.options.Handler, batch); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("consume %s: %w", batch[0].Topic, err)
		}
		c.commit(ctx, last)
		c.worker.metrics.done(ctx, len(batch), began)
	}
	return nil
}

// commit outlives ctx: the effect is there, so its offset should be too. A commit that
// fails costs a repetition, no more; the next one covers it.
func (c consumer) commit(ctx context.Context, last []kafka.Message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	if err := c.reader.CommitMessages(ctx, last...); err != nil {
		c.worker.trouble(ctx, fmt.Errorf("commit: %w", err))
		return
	}
	c.worker.well(ctx)
}

// collect waits for a message, then for more until the batch is full or delay has
// passed. It returns what it has together with the error that stopped it, if any, and
// the last message of each partition for the commit.
func collect(ctx context.Context, reader fetcher, c Config, limit int, delay time.Duration) (batch []Message, last []kafka.Message, err error) {
	m, err := reader.FetchMessage(ctx)
	if err != nil {
		return nil, nil, err
	}
	within, cancel := context.WithTimeout(ctx, delay)
	defer cancel()
	batch = make([]Message, 0, min(limit, queueMessages))
	for bytes := 0; ; {
		batch = append(batch, c.fromKafka(m))
		last = keepLast(last, m)
		bytes += size(batch[len(batch)-1])
		if len(batch) == limit || bytes >= batchBytes {
			return batch, last, nil
		}
		m, err = reader.FetchMessage(within)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return batch, last, nil
		}
		if err != nil {
			return batch, last, err
		}
	}
}

// keepLast replaces the partition's message; there are few partitions, so it searches.
func keepLast(last []kafka.Message, m kafka.Message) []kafka.Message {
	at := kafka.Message{Topic: m.Topic, Partition: m.Partition, Offset: m.Offset}
	for i := len(last) - 1; i >= 0; i-- {
		if last[i].Partition == m.Partition && last[i].Topic == m.Topic {
			last[i] = at
			return last
		}
	}
	return append(last, at)
}

// worker is what every way of consuming shares: repetition, dead letters, metrics.
type worker struct {
	config  Config
	group   string
	service string
	logger  *slog.Logger
	metrics readerMetrics
	dead    *Writer

	mu   sync.Mutex
	last string // the text of the last trouble, "" once a batch has passed
}

func newWorker(c Config, group, service string, logger *slog.Logger) (*worker, error) {
	metrics, err := newReaderMetrics(service)
	if err != nil {
		return nil, err
	}
	dead, err := NewWriter(c, service)
	if err != nil {
		return nil, err
	}
	if logger == nil {
		logger = slog.Default()
	}
	return &worker{config: c, group: group, service: service, logger: logger, metrics: metrics, dead: dead}, nil
}

func (w *worker) close() { _ = w.dead.Close() } // every dead letter was acknowledged

// handle repeats the handler until it passes, then dead-letters its rejects.
func (w *worker) handle(ctx context.Context, handler Handler, batch []Message) error {
	ctx, span := w.startBatch(ctx, batch)
	defer span.End()
	var rejects []Reject
	err := w.retry(ctx, func(ctx context.Context) (err error) {
		rejects, err = handler(ctx, batch)
		return err
	})
	if err != nil {
		span.SetStatus(codes.Error, "")
		return err
	}
	if len(rejects) == 0 {
		return nil
	}
	letters := make([]Message, len(rejects))
	for i, r := range rejects {
		letters[i] = DeadLetter(batch[r.Index], w.service, r)
	}
	if err := w.dead.Write(ctx, letters...); err != nil {
		return err
	}
	w.metrics.rejected(ctx, rejects)
	return nil
}

// retry repeats fn until it passes, ctx ends or the error is permanent.
func (w *worker) retry(ctx context.Context, fn func(context.Context) error) error {
	return retry.Policy{Notify: func(err error, _ time.Duration) { w.trouble(ctx, err) }}.Do(ctx, fn)
}

// trouble counts an error, and logs it when it is another one than before.
func (w *worker) trouble(ctx context.Context, err error) {
	if errors.Is(err, io.EOF) {
		return
	}
	w.metrics.failed(ctx, err)
	w.mu.Lock()
	text := err.Error()
	changed := text != w.last
	w.last = text
	w.mu.Unlock()
	if changed {
		w.logger.WarnContext(ctx, "consumer waits", "group", w.group, "error", err)
	}
}

// well ends a trouble, so that the same one is logged when it comes again.
func (w *worker) well(ctx context.Context) {
	w.mu.Lock()
	troubled := w.last != ""
	w.last = ""
	w.mu.Unlock()
	if troubled {
		w.logger.InfoContext(ctx, "consumer goes on", "group", w.group)
	}
}
