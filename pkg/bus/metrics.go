package bus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
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
		out:    i.counter("out_messages", "Messages that the brokers acknowledged."),
		errors: i.counter("errors", "Failed attempts, by class."),
	}
	return m, i.err
}

func (m writerMetrics) wrote(ctx context.Context, n int) { m.out.Add(ctx, int64(n)) }

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
		in:     i.counter("in_messages", "Messages whose effect is durable, and those dead-lettered."),
		dead:   i.counter("dead_messages", "Messages sent to the dead-letter topic, by reason."),
		errors: i.counter("errors", "Failed attempts, by class."),
		batch:  i.histogram("batch_messages", "", "Messages in a batch.", 1, 10, 100, 250, 500, 1000, 2500, 5000, 10000, 25000),
		batchSeconds: i.histogram("batch_seconds", "s", "Time from a batch's first attempt to its commit.",
			0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
		lag: i.gauge("lag_messages", "Messages in the topic that the group has not committed, by topic."),
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

// errorClass is the label class of an error: timeout, network, broker or handler.
func errorClass(err error) metric.AddOption {
	return metric.WithAttributes(attribute.String("class", classify(err)))
}

func classify(err error) string {
	var broker kafka.Error
	var brokers kafka.WriteErrors
	var network net.Error
	switch {
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &broker), errors.As(err, &brokers):
		return "broker"
	case network != nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "network"
	}
	return "handler"
}
