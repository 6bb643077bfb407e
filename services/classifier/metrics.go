package classifier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// metrics are the classifier's own; lag, batches, errors and dead letters are the bus's.
type metrics struct {
	posts, unmatched, withdrawn, mentions, judgements, findings metric.Int64Counter
	shadow, reloads                                             metric.Int64Counter
	seconds                                                     metric.Float64Counter
}

func newMetrics() (metrics, error) {
	meter := otel.Meter("github.com/earshot/earshot/services/classifier")
	var m metrics
	var errs []error
	counter := func(into *metric.Int64Counter, name, description string) {
		c, err := meter.Int64Counter("earshot_classifier_"+name, metric.WithDescription(description))
		*into, errs = c, append(errs, err)
	}
	counter(&m.posts, "posts", "Posts judged, repeats included.")
	counter(&m.unmatched, "unmatched_posts", "Posts that concern no brand and go no further.")
	counter(&m.withdrawn, "withdrawn_assessments", "Assessments that take an earlier judgement back.")
	counter(&m.mentions, "mentions", "Mentions judged.")
	counter(&m.judgements, "judgements", "Judgements of mentions.")
	counter(&m.findings, "findings", "Findings; the level is that of their category.")
	counter(&m.shadow, "shadow_findings", "Findings of rules in shadow, which move nothing, with a likelihood of 0.5 or more.")
	counter(&m.reloads, "pack_reloads", "Times that packs were loaded, at the start and when they changed, or refused.")
	seconds, err := meter.Float64Counter("earshot_classifier_stage_seconds", metric.WithUnit("s"),
		metric.WithDescription("Time spent: in decode, judge and encode on all workers together, in write once a batch."))
	m.seconds = seconds
	if err := errors.Join(append(errs, err)...); err != nil {
		return metrics{}, fmt.Errorf("make metrics: %w", err)
	}
	return m, nil
}

type stage int

const (
	stageDecode stage = iota
	stageJudge
	stageEncode
	stageCount
)

var stageNames = [stageCount]string{"decode", "judge", "encode"}

// cell is a category at a level.
type cell struct {
	category earshotv1.Category
	level    earshotv1.Level
}

// tally counts what one worker did of one batch.
type tally struct {
	posts, unmatched, withdrawn int64
	mentions                    map[string]int64
	judgements, findings        map[cell]int64
	shadow                      map[string]int64 // by rule
	seconds                     [stageCount]time.Duration
}

func (t *tally) post(assessments []*earshotv1.Assessment) {
	t.posts++
	matched := false
	for _, a := range assessments {
		if !a.GetMatched() {
			t.withdrawn++
			continue
		}
		matched = true
		t.mention(a)
	}
	if !matched {
		t.unmatched++
	}
}

func (t *tally) mention(a *earshotv1.Assessment) {
	if t.mentions == nil {
		t.mentions, t.judgements, t.findings = map[string]int64{}, map[cell]int64{}, map[cell]int64{}
	}
	t.mentions[a.GetBrandId()]++
	for _, f := range a.GetShadow() {
		if f.GetLikelihood() >= engine.Likely {
			if t.shadow == nil {
				t.shadow = map[string]int64{}
			}
			t.shadow[f.GetRule()]++
		}
	}
	for _, c := range a.GetCategories() {
		at := cell{c.GetCategory(), c.GetLevel()}
		t.judgements[at]++
		if n := len(c.GetFindings()); n > 0 {
			t.findings[at] += int64(n)
		}
	}
}

// add counts a batch once it is durable.
func (m *metrics) add(ctx context.Context, tallies []tally, write time.Duration) {
	m.seconds.Add(ctx, write.Seconds(), metric.WithAttributes(attribute.String("stage", "write")))
	for i := range tallies {
		t := &tallies[i]
		m.posts.Add(ctx, t.posts)
		m.unmatched.Add(ctx, t.unmatched)
		m.withdrawn.Add(ctx, t.withdrawn)
		for id, n := range t.mentions {
			m.mentions.Add(ctx, n, metric.WithAttributes(attribute.String("brand", id)))
		}
		for rule, n := range t.shadow {
			m.shadow.Add(ctx, n, metric.WithAttributes(attribute.String("rule", rule)))
		}
		addCells(ctx, m.judgements, t.judgements)
		addCells(ctx, m.findings, t.findings)
		for s, d := range t.seconds {
			m.seconds.Add(ctx, d.Seconds(), metric.WithAttributes(attribute.String("stage", stageNames[s])))
		}
	}
}

func addCells(ctx context.Context, counter metric.Int64Counter, cells map[cell]int64) {
	for at, n := range cells {
		counter.Add(ctx, n, metric.WithAttributes(
			attribute.String("category", schemas.CategoryName(at.category)), attribute.String("level", schemas.LevelName(at.level))))
	}
}
