package classifier

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// What became of a question that was put.
const (
	resultAnswered = "answered"
	resultCached   = "cached"
	resultFailed   = "failed"
)

// Why a question was not put, or an answer changed nothing.
const (
	dropQueue      = "queue_full"
	dropBudget     = "budget"
	dropResting    = "resting"    // the model is left alone after failures
	dropLate       = "late"       // it waited longer than maxWait
	dropSuperseded = "superseded" // the post was edited or deleted, or came again
	dropUnwritten  = "unwritten"  // the process ended, or the assessment exceeds a message
)

// opinionMetrics are those of second opinions. They are made where somebody gives them.
type opinionMetrics struct {
	attempts, opinions, dropped, amendments metric.Int64Counter
}

func newOpinionMetrics(ctx context.Context) (opinionMetrics, error) {
	meter := otel.Meter("github.com/earshot/earshot/services/classifier")
	var m opinionMetrics
	var errs []error
	counter := func(into *metric.Int64Counter, name, description string) {
		c, err := meter.Int64Counter("earshot_classifier_"+name, metric.WithDescription(description))
		*into, errs = c, append(errs, err)
	}
	counter(&m.attempts, "opinion_attempts", "Times that the model of second opinions was asked, failures included: what a budget counts.")
	counter(&m.opinions, "opinions", "Questions for a second opinion: answered, cached (answered before), failed.")
	counter(&m.dropped, "dropped_opinions", "Second opinions that were not asked for or changed nothing, by reason.")
	counter(&m.amendments, "amended_assessments", "Assessments that a second opinion changed.")
	if err := errors.Join(errs...); err != nil {
		return opinionMetrics{}, fmt.Errorf("make metrics: %w", err)
	}
	m.show(ctx)
	return m, nil
}

// show makes every count visible from the start, as who watches them needs.
func (m *opinionMetrics) show(ctx context.Context) {
	m.attempts.Add(ctx, 0)
	m.amendments.Add(ctx, 0)
	for _, result := range []string{resultAnswered, resultCached, resultFailed} {
		m.opinions.Add(ctx, 0, metric.WithAttributes(attribute.String("result", result)))
	}
	for _, reason := range []string{dropQueue, dropBudget, dropResting, dropLate, dropSuperseded, dropUnwritten} {
		m.dropped.Add(ctx, 0, metric.WithAttributes(attribute.String("reason", reason)))
	}
}

func (m *opinionMetrics) attempt(ctx context.Context) { m.attempts.Add(ctx, 1) }

func (m *opinionMetrics) result(ctx context.Context, result string) {
	m.opinions.Add(ctx, 1, metric.WithAttributes(attribute.String("result", result)))
}

func (m *opinionMetrics) drop(ctx context.Context, reason string) {
	m.dropped.Add(ctx, 1, metric.WithAttributes(attribute.String("reason", reason)))
}

func (m *opinionMetrics) amended(ctx context.Context) { m.amendments.Add(ctx, 1) }
