package row

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/store"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Alert is one state of an alert.
type Alert struct {
	*earshotv1.Alert
	// At is when the alerter wrote the state to the bus.
	At time.Time
}

// Alerts makes blocks for the table alerts; for one goroutine.
type Alerts struct{ columns []column[Alert] }

// NewAlerts returns one with empty buffers.
func NewAlerts() *Alerts { return &Alerts{columns: append(alertColumns(), sampleColumns()...)} }

// Block returns the rows of valid alerts, good until the next call.
func (a *Alerts) Block(batch []Alert, token string) store.Block {
	return block("alerts", a.columns, batch, token)
}

func alertColumns() []column[Alert] {
	return []column[Alert]{
		text("id", func(a Alert) string { return a.GetId() }),
		text("rule", func(a Alert) string { return a.GetRule() }),
		text("rule_version", func(a Alert) string { return a.GetRuleVersion() }),
		enum("state", func(a Alert) earshotv1.AlertState { return a.GetState() }),
		text("severity", func(a Alert) string { return a.GetSeverity() }),
		text("brand_id", func(a Alert) string { return a.GetBrandId() }),
		of("group_by", "Map(String, String)", func(a Alert) map[string]string { return a.GetGroup() }),
		of("labels", "Map(String, String)", func(a Alert) map[string]string { return a.GetLabels() }),
		of("annotations", "Map(String, String)", func(a Alert) map[string]string { return a.GetAnnotations() }),
		moment("window_start", func(a Alert) *timestamppb.Timestamp { return a.GetWindowStart() }),
		moment("window_end", func(a Alert) *timestamppb.Timestamp { return a.GetWindowEnd() }),
		of("observed", "Float64", func(a Alert) float64 { return a.GetObserved() }),
		of("threshold", "Float64", func(a Alert) float64 { return a.GetLimit() }),
		text("measure", func(a Alert) string { return a.GetMeasure() }),
		moment("starts_at", func(a Alert) *timestamppb.Timestamp { return a.GetStartsAt() }),
		moment("ends_at", func(a Alert) *timestamppb.Timestamp { return a.GetEndsAt() }),
		of("updated_at", "DateTime64(3, 'UTC')", func(a Alert) int64 { return a.At.UnixMilli() }),
	}
}

func sampleColumns() []column[Alert] {
	return []column[Alert]{
		samples("post_id", "String", (*earshotv1.AlertSample).GetPostId),
		samples("assessment_id", "String", (*earshotv1.AlertSample).GetAssessmentId),
		samples("url", "String", (*earshotv1.AlertSample).GetUrl),
		samples("excerpt", "String", (*earshotv1.AlertSample).GetExcerpt),
		samples("score", "Float32", func(s *earshotv1.AlertSample) float32 { return round(s.GetScore()) }),
		samples("level", "Int8", func(s *earshotv1.AlertSample) int8 { return int8(s.GetLevel()) }),
		samples("why", "String", (*earshotv1.AlertSample).GetWhy),
		samples("author_handle", "String", (*earshotv1.AlertSample).GetAuthorHandle),
	}
}

// samples makes an array column from the alert's posts.
func samples[T any](name, wire string, read func(*earshotv1.AlertSample) T) column[Alert] {
	return of("samples."+name, "Array("+wire+")", func(a Alert) []T { return each(a.GetSamples(), read) })
}
