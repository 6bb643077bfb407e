package bus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

const meterName = "github.com/earshot/earshot/pkg/bus"

// serviceName is what may stand in a metric's name.
var serviceName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// instruments makes a service's instruments and keeps the first error.
type instruments struct {
	meter  metric.Meter
	prefix string
	err    error
}

func newInstruments(service string) *instruments {
	i := &instruments{meter: otel.Meter(meterName), prefix: "earshot_" + service + "_"}
	if !serviceName.MatchString(service) {
		i.err = fmt.Errorf("service %q: want lower-case letters, digits and underscores", service)
	}
	return i
}

func (i *instruments) counter(name, description string) metric.Int64Counter {
	out, err := i.meter.Int64Counter(i.prefix+name, metric.WithDescription(description))
	i.err = errors.Join(i.err, err)
	return out
}

// errors is the counter of failed attempts. Every class shows from the start: an alarm
// on growth would miss a series that begins with its first error.
//
//nolint:contextcheck // counting nothing needs no context
func (i *instruments) errors() metric.Int64Counter {
	out := i.counter("errors", "Failed attempts.")
	for _, class := range []string{classTimeout, classBroker, classNetwork, classHandler} {
		out.Add(context.Background(), 0, metric.WithAttributes(attribute.String("class", class)))
	}
	return out
}

func (i *instruments) histogram(name, unit, description string, bounds ...float64) metric.Float64Histogram {
	out, err := i.meter.Float64Histogram(i.prefix+name, metric.WithUnit(unit), metric.WithDescription(description),
		metric.WithExplicitBucketBoundaries(bounds...))
	i.err = errors.Join(i.err, err)
	return out
}

func (i *instruments) gauge(name, description string) metric.Int64Gauge {
	out, err := i.meter.Int64Gauge(i.prefix+name, metric.WithDescription(description))
	i.err = errors.Join(i.err, err)
	return out
}

// writerMetrics count what a [Writer] sends.
type writerMetrics struct {
	out    metric.Int64Counter
	errors metric.Int64Counter
}

func newWriterMetrics(service string) (writerMetrics, error) {
	i := newInstruments(service)
	m := writerMetrics{
		out:    i.counter("out_messages", "Messages that the brokers acknowledged, dead letters included."),
		errors: i.errors(),
	}
	return m, i.err
}

// wrote counts messages by topic; those of one topic mostly stand together.
func (m writerMetrics) wrote(ctx context.Context, messages []Message) {
	for len(messages) > 0 {
		topic := messages[0].Topic
		n := slices.IndexFunc(messages, func(m Message) bool { return m.Topic != topic })
		if n < 0 {
			n = len(messages)
		}
		m.out.Add(ctx, int64(n), metric.WithAttributes(attribute.String("topic", topic)))
		messages = messages[n:]
	}
}

func (m writerMetrics) failed(ctx context.Context) func(error, time.Duration) {
	return func(err error, _ time.Duration) { m.errors.Add(ctx, 1, errorClass(err)) }
}

// readerMetrics count what a consumer reads and does.
type readerMetrics struct {
	in           metric.Int64Counter
	dead         metric.Int64Counter
	errors       metric.Int64Counter
	batch        metric.Float64Histogram
	batchSeconds metric.Float64Histogram
	lag          metric.Int64Gauge
}

func newReaderMetrics(service string) (readerMetrics, error) {
	i := newInstruments(service)
	m := readerMetrics{
		in:     i.counter("in_messages", "Messages whose effect is durable, dead letters included."),
		dead:   i.counter("dead_messages", "Messages sent to the dead-letter topic."),
		errors: i.errors(),
		batch:  i.histogram("batch_messages", "", "Messages in a batch.", 1, 10, 100, 250, 500, 1000, 2500, 5000, 10000, 25000),
		batchSeconds: i.histogram("batch_seconds", "s", "Time from a batch's first attempt to its commit.",
			0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
		lag: i.gauge("lag_messages", "Messages in the topic that the group has not committed."),
	}
	return m, i.err
}

func (m readerMetrics) done(ctx context.Context, messages int, since time.Time) {
	m.in.Add(ctx, int64(messages))
	m.batch.Record(ctx, float64(messages))
	m.batchSeconds.Record(ctx, time.Since(since).Seconds())
}

func (m readerMetrics) failed(ctx context.Context, err error) { m.errors.Add(ctx, 1, errorClass(err)) }

func (m readerMetrics) rejected(ctx context.Context, rejects []Reject) {
	for _, r := range rejects {
		m.dead.Add(ctx, 1, metric.WithAttributes(attribute.String("reason", r.Reason)))
	}
}

// The classes of errors.
const (
	classTimeout = "timeout"
	classBroker  = "broker"  // the broker's answer is an error
	classNetwork = "network" // no answer
	classHandler = "handler" // whatever the service itself meets: its database, its receiver
)

// errorClass is the label class of an error.
func errorClass(err error) metric.AddOption {
	return metric.WithAttributes(attribute.String("class", classify(err)))
}

func classify(err error) string {
	var broker kafka.Error
	var brokers kafka.WriteErrors
	var network net.Error
	switch {
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return classTimeout
	case errors.As(err, &broker), errors.As(err, &brokers):
		return classBroker
	case network != nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return classNetwork
	}
	return classHandler
}
