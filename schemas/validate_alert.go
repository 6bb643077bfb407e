package schemas

import (
	"cmp"
	"math"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// MaxSamples is how many posts an alert shows.
const MaxSamples = 5

var (
	severities = []string{"info", "warning", "critical"}
	measures   = []string{"count", "sum", "distinct_authors", "share", "mention"}
)

// ValidateAlert checks a value of topic earshot.alerts.v1. The error is a [FieldError];
// such a value can never succeed and belongs to the dead letters.
func ValidateAlert(a *earshotv1.Alert) error {
	err := cmp.Or(
		hexID("id", a.GetId()),
		needed("rule", a.GetRule(), maxName),
		text("rule_version", a.GetRuleVersion(), maxName),
		enum("state", int32(a.GetState()), earshotv1.AlertState_name),
		oneOf("severity", a.GetSeverity(), severities),
		text("brand_id", a.GetBrandId(), maxName),
		texts("group", a.GetGroup(), MaxList),
		texts("labels", a.GetLabels(), MaxList),
		texts("annotations", a.GetAnnotations(), MaxList),
		between("observed", a.GetObserved(), -math.MaxFloat64, math.MaxFloat64),
		between("limit", a.GetLimit(), -math.MaxFloat64, math.MaxFloat64),
		oneOf("measure", a.GetMeasure(), measures),
		atMost("samples", len(a.GetSamples()), MaxSamples),
		times(a),
	)
	if err != nil {
		return err
	}
	for i, s := range a.GetSamples() {
		if err := sample(s); err != nil {
			return element("samples", i, err)
		}
	}
	return nil
}

// times checks that the window and the alert run forward.
func times(a *earshotv1.Alert) error {
	err := cmp.Or(
		neededMoment("window_start", a.GetWindowStart(), nil),
		neededMoment("window_end", a.GetWindowEnd(), nil),
		neededMoment("starts_at", a.GetStartsAt(), nil),
		moment("ends_at", a.GetEndsAt(), nil),
	)
	if err != nil {
		return err
	}
	if a.GetWindowEnd().AsTime().Before(a.GetWindowStart().AsTime()) {
		return fault("window_end", "before window_start")
	}
	if a.GetEndsAt() != nil && a.GetEndsAt().AsTime().Before(a.GetStartsAt().AsTime()) {
		return fault("ends_at", "before starts_at")
	}
	return nil
}

func sample(s *earshotv1.AlertSample) error {
	return cmp.Or(
		needed("post_id", s.GetPostId(), MaxID),
		text("assessment_id", s.GetAssessmentId(), maxName),
		text("url", s.GetUrl(), MaxURL),
		text("excerpt", s.GetExcerpt(), maxProse),
		between("score", s.GetScore(), 0, 100),
		text("why", s.GetWhy(), maxProse),
		text("author_handle", s.GetAuthorHandle(), maxName),
	)
}
