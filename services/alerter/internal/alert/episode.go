package alert

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/services/alerter/internal/rule"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// maxLive bounds the live alerts of one rule and brand; a further one ends the oldest.
const maxLive = 1000

// episode is one alert of a group: it covers the steps first to last.
type episode struct {
	first, last int64
	// until is the event time, in milliseconds, at which it ends.
	until int64
	live  bool
	peak  float64
	// alert is what was published last; nil once resolved.
	alert *earshotv1.Alert
}

// covers tells whether a crossing at a step belongs to the episode: its windows
// overlap, or it comes before the episode is over.
func (e *episode) covers(step, length int64) bool {
	return step > e.first-rule.Steps && (e.live || (step+1)*length <= e.until)
}

func (s *series) live() *episode {
	for _, e := range s.episodes {
		if e.live {
			return e
		}
	}
	return nil
}

func (s *series) covering(step int64) *episode {
	for _, e := range s.episodes {
		if e.covers(step, s.tracker.step) {
			return e
		}
	}
	return nil
}

// measure looks at the steps from from on whose windows hold a post, up to now. at is
// the event time of the post that made it look, 0 where time alone did.
func (t *tracker) measure(out []*earshotv1.Alert, s *series, from, at int64) []*earshotv1.Alert {
	now := t.now()
	if len(s.buckets) > 0 {
		end := min(now, s.buckets[len(s.buckets)-1].step+rule.Steps-1)
		if at != 0 {
			end = min(end, from+rule.Steps-1)
		}
		for step := from; step <= end; step++ {
			if observed := s.observed(step); t.rule.Crosses(observed) {
				out = t.cross(out, s, step, at, observed)
			}
		}
	}
	s.measured = max(s.measured, now)
	if at != 0 {
		t.rewatch(s)
	}
	return out
}

// cross extends the alert that covers a step, or opens one if the limit was crossed for
// long enough.
func (t *tracker) cross(out []*earshotv1.Alert, s *series, step, at int64, observed float64) []*earshotv1.Alert {
	end := (step + 1) * t.step
	if e := s.covering(step); e != nil {
		e.peak = max(e.peak, observed)
		if e.live && step > e.last {
			e.last, e.until = step, max(e.until, end+t.keep*t.step)
		}
		return out
	}
	for held := step - t.hold; held < step; held++ {
		if !t.rule.Crosses(s.observed(held)) {
			return out
		}
	}
	e := &episode{first: step, last: step, live: true, peak: observed, until: max(end, t.brand.clock) + t.keep*t.step}
	if at == 0 || at/t.step != step && t.rule.Measure != rule.Mention {
		at = min(end, t.brand.clock)
	}
	e.alert = t.fire(s, step, at, observed)
	s.episodes = append(s.episodes, e)
	t.live++
	t.due = min(t.due, e.until)
	out = append(out, proto.CloneOf(e.alert))
	if t.live > maxLive {
		out = t.resolveOldest(out)
	}
	return out
}

// resolve ends a live alert at its time.
func (t *tracker) resolve(out []*earshotv1.Alert, s *series, e *episode) []*earshotv1.Alert {
	a := e.alert
	a.State = earshotv1.AlertState_ALERT_STATE_RESOLVED
	a.EndsAt = timestamppb.New(time.UnixMilli(e.until))
	a.Observed = e.peak
	a.Samples = s.strongest(e.last)
	e.live, e.alert = false, nil
	t.live--
	return append(out, a)
}

func (t *tracker) resolveOldest(out []*earshotv1.Alert) []*earshotv1.Alert {
	var of *series
	var oldest *episode
	for _, s := range t.watched {
		if e := s.live(); e != nil && (oldest == nil || e.until < oldest.until) {
			of, oldest = s, e
		}
	}
	if oldest == nil {
		return out
	}
	oldest.until = t.brand.clock
	out = t.resolve(out, of, oldest)
	t.rewatch(of)
	return out
}
