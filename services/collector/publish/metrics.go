package publish

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

const meterName = "github.com/earshot/earshot/services/collector/publish"

// metrics count by source; the configuration bounds how many there are.
type metrics struct {
	in      metric.Int64Counter
	dead    metric.Int64Counter
	failing metric.Int64Counter
	batch   metric.Float64Histogram
	seconds metric.Float64Histogram
}

func newMetrics() (metrics, error) {
	var (
		m    metrics
		errs [5]error
	)
	meter := otel.Meter(meterName)
	m.in, errs[0] = meter.Int64Counter("earshot_collector_in_posts",
		metric.WithDescription("Post events taken and safe on the bus."))
	m.dead, errs[1] = meter.Int64Counter("earshot_collector_dead_posts",
		metric.WithDescription("Pieces of input that could not become a post event."))
	m.failing, errs[2] = meter.Int64Counter("earshot_collector_source_errors",
		metric.WithDescription("Failed attempts to read a source."))
	m.batch, errs[3] = meter.Float64Histogram("earshot_collector_batch_posts",
		metric.WithDescription("Post events in a batch."),
		metric.WithExplicitBucketBoundaries(1, 10, 100, 250, 500, 1000, 2500, 5000, 10000))
	m.seconds, errs[4] = meter.Float64Histogram("earshot_collector_batch_seconds", metric.WithUnit("s"),
		metric.WithDescription("Time from encoding a batch to its acknowledgement."),
		metric.WithExplicitBucketBoundaries(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30))
	return m, errors.Join(errs[:]...)
}

func by(o Origin) metric.MeasurementOption {
	return metric.WithAttributes(attribute.String("source", o.Name))
}

func (m metrics) published(ctx context.Context, o Origin, count int, since time.Time) {
	if count == 0 {
		return
	}
	m.in.Add(ctx, int64(count), by(o))
	m.batch.Record(ctx, float64(count))
	m.seconds.Record(ctx, time.Since(since).Seconds())
}

func (m metrics) refused(ctx context.Context, o Origin, count int) {
	if count > 0 {
		m.dead.Add(ctx, int64(count), by(o))
	}
}

func (m metrics) failed(ctx context.Context, o Origin) { m.failing.Add(ctx, 1, by(o)) }
