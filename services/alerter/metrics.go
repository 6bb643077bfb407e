package alerter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
)

// metrics are the alerter's own; those of its consumers and its writer are pkg/bus's.
type metrics struct {
	alerts, late, dropped, failed, notifications metric.Int64Counter
	checkpointBytes, notifySeconds               metric.Float64Histogram
}

func newMetrics() (*metrics, error) {
	meter := otel.Meter("github.com/earshot/earshot/services/alerter")
	var errs []error
	counter := func(name, description string) metric.Int64Counter {
		c, err := meter.Int64Counter("earshot_alerter_"+name, metric.WithDescription(description))
		errs = append(errs, err)
		return c
	}
	histogram := func(name, unit, description string, bounds ...float64) metric.Float64Histogram {
		h, err := meter.Float64Histogram("earshot_alerter_"+name, metric.WithUnit(unit),
			metric.WithDescription(description), metric.WithExplicitBucketBoundaries(bounds...))
		errs = append(errs, err)
		return h
	}
	m := &metrics{
		alerts:        counter("alerts", "Alerts that changed state."),
		late:          counter("late_posts", "Posts behind the allowed lateness, left out of windows."),
		dropped:       counter("dropped_posts", "Posts let go early because the memory was full, once a rule."),
		failed:        counter("rule_errors", "Rule expressions that failed on an assessment."),
		notifications: counter("notifications", "Notifications: sent, retried, dead, repeat (known already) or unwanted (resolved, and firing_only)."),
		checkpointBytes: histogram("checkpoint_bytes", "By", "Compressed size of a partition's checkpoint.",
			1e3, 1e4, 1e5, 1e6, 1e7, 1e8),
		notifySeconds: histogram("notify_seconds", "s", "Time from the first attempt to a receiver's acceptance.",
			0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300),
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("create metrics: %w", err)
	}
	return m, nil
}

func (m *metrics) alert(ctx context.Context, a *earshotv1.Alert) {
	m.alerts.Add(ctx, 1, metric.WithAttributes(
		attribute.String("rule", a.GetRule()), attribute.String("state", schemas.StateName(a.GetState()))))
}

func (m *metrics) stats(ctx context.Context, before, now alert.Stats) {
	m.late.Add(ctx, now.Late-before.Late)
	m.dropped.Add(ctx, now.Dropped-before.Dropped)
	m.failed.Add(ctx, now.Failed-before.Failed)
}

func (m *metrics) checkpoint(ctx context.Context, size int) {
	m.checkpointBytes.Record(ctx, float64(size))
}

func (m *metrics) notification(ctx context.Context, receiver, outcome string) {
	m.notifications.Add(ctx, 1, metric.WithAttributes(attribute.String("receiver", receiver), attribute.String("outcome", outcome)))
}

func (m *metrics) sent(ctx context.Context, receiver string, took time.Duration) {
	m.notification(ctx, receiver, "sent")
	m.notifySeconds.Record(ctx, took.Seconds(), metric.WithAttributes(attribute.String("receiver", receiver)))
}
