package bus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/earshot/earshot/pkg/retry"
)

const (
	// linger is how long a small call waits for others to share its request. It is the
	// price in latency of a lone message and saves one request per message under load.
	linger = 5 * time.Millisecond
	// bulkMessages is the size from which a call fills requests of its own; the wait
	// would only cost it throughput (measured: 97,000 against 300,000 messages/s).
	bulkMessages = 64
	bulkLinger   = 100 * time.Microsecond
	// batchMessages bounds a produce request; kafka-go allocates a batch at full size.
	batchMessages = 500
)

// ErrTooLarge marks a message over [MaxMessageBytes]; no retry can send it.
var ErrTooLarge = errors.New("message too large")

// ErrClosed tells that the writer was closed.
var ErrClosed = errors.New("writer is closed")

// Writer sends messages. Any number of goroutines may write at once; their messages
// share requests. Messages with the same key go to the same partition.
type Writer struct {
	config    Config
	transport *kafka.Transport
	metrics   writerMetrics
	// small shares requests among calls, bulk sends at once.
	small, bulk *kafka.Writer
}

// NewWriter returns a writer that counts under the service's name. It dials nothing.
func NewWriter(c Config, service string) (*Writer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	transport, err := c.transport()
	if err != nil {
		return nil, err
	}
	metrics, err := newWriterMetrics(service)
	if err != nil {
		return nil, err
	}
	return &Writer{
		config: c, transport: transport, metrics: metrics,
		small: c.kafkaWriter(transport, linger), bulk: c.kafkaWriter(transport, bulkLinger),
	}, nil
}

func (c Config) kafkaWriter(transport *kafka.Transport, wait time.Duration) *kafka.Writer {
	return &kafka.Writer{
		Addr:         kafka.TCP(c.Brokers...),
		Transport:    transport,
		Balancer:     &kafka.Hash{},
		RequiredAcks: kafka.RequireAll,
		Compression:  kafka.Lz4, // costs no CPU over none: fewer bytes are copied (ADR 0001)
		BatchTimeout: wait,
		BatchSize:    batchMessages,
		BatchBytes:   MaxMessageBytes,
		ReadTimeout:  requestTimeout,
		WriteTimeout: requestTimeout,
		MaxAttempts:  1, // [retry] repeats, until the caller's context ends
	}
}

// Write returns nil once all in-sync replicas have every message. Transient errors are
// retried until ctx ends; then some messages may have been written, and writing them
// all again is right. A message over the size limit gives a permanent [ErrTooLarge].
// Order is kept among messages of one key unless a request fails and is repeated.
func (w *Writer) Write(ctx context.Context, messages ...Message) error {
	if len(messages) == 0 {
		return nil
	}
	pending := make([]kafka.Message, len(messages))
	for i, m := range messages {
		if n := size(m); n > MaxMessageBytes {
			return retry.Permanent(fmt.Errorf("write to %s: %w: %d bytes, at most %d", m.Topic, ErrTooLarge, n, MaxMessageBytes))
		}
		pending[i] = w.config.toKafka(m)
	}
	writer := w.small
	if len(messages) >= bulkMessages {
		writer = w.bulk
	}
	err := retry.Policy{Notify: w.metrics.failed(ctx)}.Do(ctx, func(ctx context.Context) error {
		err := writer.WriteMessages(ctx, pending...)
		if errors.Is(err, io.ErrClosedPipe) {
			return retry.Permanent(ErrClosed)
		}
		pending = unwritten(pending, err)
		return brief(err)
	})
	if err != nil {
		return fmt.Errorf("write to %s: %w", messages[0].Topic, err)
	}
	w.metrics.wrote(ctx, messages)
	return nil
}

// recordOverhead bounds what kafka-go adds to each message when it sizes a batch.
const recordOverhead = 64

func size(m Message) int {
	n := recordOverhead + len(m.Key) + len(m.Value)
	for _, h := range m.Headers {
		n += 16 + len(h.Key) + len(h.Value)
	}
	return n
}

// unwritten keeps the messages whose own error is not nil, or all where the error is
// about the whole call.
func unwritten(messages []kafka.Message, err error) []kafka.Message {
	var each kafka.WriteErrors
	if !errors.As(err, &each) || len(each) != len(messages) {
		return messages
	}
	var out []kafka.Message
	for i, e := range each {
		if e != nil {
			out = append(out, messages[i])
		}
	}
	return out
}

// brief is the first error of a request and how many messages share its fate; kafka-go
// would repeat it for each.
func brief(err error) error {
	var each kafka.WriteErrors
	if !errors.As(err, &each) {
		return err
	}
	for _, first := range each {
		if first != nil {
			return fmt.Errorf("%w (%d of %d messages)", first, each.Count(), len(each))
		}
	}
	return err
}

// Close sends what is still held and releases the connections. Calls after the first
// do nothing.
func (w *Writer) Close() error {
	err := errors.Join(w.small.Close(), w.bulk.Close())
	w.transport.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("close writer: %w", err)
	}
	return nil
}
