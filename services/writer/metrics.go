package writer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// metrics are the writer's own; lag, batches, errors and dead letters are the bus's.
type metrics struct {
	rows        metric.Int64Counter
	seconds     metric.Float64Histogram
	erased      metric.Int64Counter
	eraseErrors metric.Int64Counter
}

//nolint:contextcheck // counting nothing needs no context
func newMetrics() (metrics, error) {
	meter := otel.Meter("github.com/earshot/earshot/services/writer")
	rows, err1 := meter.Int64Counter("earshot_writer_rows",
		metric.WithDescription("Rows that ClickHouse acknowledged, repeats included."))
	seconds, err2 := meter.Float64Histogram("earshot_writer_insert_seconds", metric.WithUnit("s"),
		metric.WithDescription("Time of an insert until ClickHouse acknowledged it."),
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30))
	erased, err3 := meter.Int64Counter("earshot_writer_erased_posts",
		metric.WithDescription("Deleted posts whose text and author were erased."))
	eraseErrors, err4 := meter.Int64Counter("earshot_writer_erase_errors",
		metric.WithDescription("Erasures that failed and will be tried again."))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return metrics{}, fmt.Errorf("make metrics: %w", err)
	}
	erased.Add(context.Background(), 0) // both show from the start
	eraseErrors.Add(context.Background(), 0)
	return metrics{rows: rows, seconds: seconds, erased: erased, eraseErrors: eraseErrors}, nil
}

func (m metrics) stored(ctx context.Context, table string, rows int, began time.Time) {
	by := metric.WithAttributes(attribute.String("table", table))
	m.rows.Add(ctx, int64(rows), by)
	m.seconds.Record(ctx, time.Since(began).Seconds(), by)
}
