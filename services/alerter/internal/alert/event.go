package alert

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/services/alerter/internal/rule"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const (
	maxSamples = 5
	maxExcerpt = 280 // code points, as alert.proto says
)

// sample is a post that may illustrate an alert; alerts share it and never change it.
type sample struct {
	step  int64
	alert *earshotv1.AlertSample
}

// keepSample remembers a post if it is among the strongest of the current window.
func (s *series) keepSample(step int64, a *earshotv1.Assessment) {
	newest := s.buckets[len(s.buckets)-1].step
	s.samples = slices.DeleteFunc(s.samples, func(x sample) bool { return x.step <= newest-rule.Steps })
	if len(s.samples) == maxSamples && s.samples[maxSamples-1].alert.GetScore() >= a.GetScore() {
		return
	}
	s.samples = append(s.samples[:min(len(s.samples), maxSamples-1)], sample{step, newSample(a)})
	slices.SortStableFunc(s.samples, func(x, y sample) int {
		return cmp.Or(cmp.Compare(y.alert.GetScore(), x.alert.GetScore()), cmp.Compare(x.alert.GetPostId(), y.alert.GetPostId()))
	})
}

func (s *series) dropSample(post string) {
	s.samples = slices.DeleteFunc(s.samples, func(x sample) bool { return x.alert.GetPostId() == post })
}

// strongest are the samples of the window that ends with a step, strongest first.
func (s *series) strongest(step int64) []*earshotv1.AlertSample {
	var out []*earshotv1.AlertSample
	for _, x := range s.samples {
		if x.step > step-rule.Steps && x.step <= step {
			out = append(out, x.alert)
		}
	}
	return out
}

// newSample copies what it takes: texts of the assessment may share a whole message.
func newSample(a *earshotv1.Assessment) *earshotv1.AlertSample {
	p := a.GetPost()
	out := &earshotv1.AlertSample{
		PostId: strings.Clone(p.GetId()), AssessmentId: strings.Clone(a.GetId()), Url: strings.Clone(p.GetUrl()),
		Excerpt: strings.Clone(excerpt(p.GetText())), AuthorHandle: strings.Clone(p.GetAuthor().GetHandle()),
		Score: a.GetScore(), Level: a.GetLevel(),
	}
	strongest := -1.0
	for _, c := range a.GetCategories() {
		if len(c.GetFindings()) > 0 && c.GetScore() > strongest {
			strongest, out.Why = c.GetScore(), c.GetFindings()[0].GetWhy()
		}
	}
	out.Why = strings.Clone(out.Why)
	return out
}

// excerpt is the beginning of a text, at most maxExcerpt code points, the last of them
// an ellipsis where something was cut.
func excerpt(text string) string {
	cut, n := 0, 0
	for i := range text {
		switch n {
		case maxExcerpt - 1:
			cut = i
		case maxExcerpt:
			return text[:cut] + "…"
		}
		n++
	}
	return text
}

// fire builds the alert of a window that crossed the limit at event time at. That of a
// single mention has the window of the mention's own time, however late it is found: a
// history that is replayed gives the same alerts.
func (t *tracker) fire(s *series, step, at int64, observed float64) *earshotv1.Alert {
	r := t.rule
	window := step
	if r.Measure == rule.Mention {
		window = at / t.step
	}
	end := time.UnixMilli((window + 1) * t.step).UTC()
	start := end.Add(-r.Window)
	a := &earshotv1.Alert{
		Id: id(r.Name, s.values, start), Rule: r.Name, RuleVersion: r.Version, State: earshotv1.AlertState_ALERT_STATE_FIRING,
		Severity: r.Severity, BrandId: t.brand.id, Group: map[string]string{}, Labels: maps.Clone(r.Labels),
		WindowStart: timestamppb.New(start), WindowEnd: timestamppb.New(end), StartsAt: timestamppb.New(time.UnixMilli(at)),
		Observed: observed, Limit: r.Limit, Measure: string(r.Measure), Samples: s.strongest(step),
	}
	for i, name := range r.GroupBy {
		a.Group[name] = s.values[i]
	}
	facts := rule.Facts{
		Rule: r.Name, Severity: r.Severity, Brand: t.brand.id, Measure: r.Measure, Group: a.Group, Labels: a.Labels,
		Observed: observed, Limit: r.Limit, Window: r.Window, Start: start, End: end, Samples: a.Samples,
	}
	if len(a.Samples) > 0 {
		facts.Why = a.Samples[0].GetWhy()
	}
	a.Annotations = r.Annotate(facts)
	return a
}

// id is the alert's identity: 128 bits of SHA-256 over rule, group and window start, hex.
func id(name string, group []string, start time.Time) string {
	sum := sha256.Sum256([]byte(name + "\x1e" + rule.GroupKey(group) + "\x1e" + strconv.FormatInt(start.UnixMilli(), 10)))
	return hex.EncodeToString(sum[:16])
}
