package alert

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/earshot/earshot/services/alerter/internal/rule"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// tracker is one rule's state for one brand.
type tracker struct {
	machine *Machine
	brand   *brand
	rule    *rule.Rule
	// step is the rule's step and late the allowed lateness, in milliseconds; keep and
	// hold are keep_firing_for and for in steps, rounded up.
	step, late, keep, hold int64
	groups                 map[string]*series
	posts                  map[uint64]*post
	// watched are the groups that must be measured even without a post, by key.
	watched []*series
	// measured is the newest step that the watched groups were measured at; swept the
	// one at which expired posts were dropped last.
	measured, swept int64
	// due is the event time at which the first live alert may end; live counts them.
	due  int64
	live int
	// floor is event time before which posts were dropped to bound the memory.
	floor int64
}

func newTracker(m *Machine, b *brand, r *rule.Rule) *tracker {
	t := &tracker{machine: m, brand: b, rule: r, groups: map[string]*series{}, posts: map[uint64]*post{}, due: math.MaxInt64}
	t.step = r.Step().Milliseconds()
	t.late = m.options.Lateness.Milliseconds()
	t.keep = (r.KeepFiringFor.Milliseconds() + t.step - 1) / t.step
	t.hold = (r.For.Milliseconds() + t.step - 1) / t.step
	return t
}

// now is the step that the brand's event time lies in.
func (t *tracker) now() int64 { return t.brand.clock / t.step }

func (t *tracker) apply(out []*earshotv1.Alert, p placed) []*earshotv1.Alert {
	out = t.advance(out) // what was over before this post is over
	known := t.posts[p.hash]
	if known != nil && known.newerThan(p.assessment) {
		return out
	}
	var part rule.Part
	if p.assessment.GetMatched() {
		var err error
		if part, err = t.rule.Part(p.assessment); err != nil {
			t.machine.stats.Failed++
		}
	}
	if known != nil {
		out = t.takeBack(out, known, p, part.Base)
	}
	if part.Base {
		out = t.count(out, p, part)
	}
	return t.advance(out)
}

// takeBack removes an earlier revision from its window. Where no other takes its place
// the post is kept as gone, and an alert that has lost its last post ends at once.
func (t *tracker) takeBack(out []*earshotv1.Alert, known *post, p placed, replaced bool) []*earshotv1.Alert {
	b := known.bucket
	if !known.gone {
		known.gone = true
		b.adjust(known, -1)
		b.series.dropSample(p.assessment.GetPost().GetId())
	}
	if replaced {
		b.posts = slices.DeleteFunc(b.posts, func(x *post) bool { return x == known })
		delete(t.posts, p.hash)
		t.machine.weight--
		return out
	}
	known.revision = max(known.revision, p.assessment.GetPost().GetRevision())
	if !b.series.empty() {
		return out
	}
	for _, e := range b.series.episodes {
		if e.live {
			e.until = t.brand.clock
			out = t.resolve(out, b.series, e)
		}
	}
	return out
}

// count puts a post into its window and measures the steps that it changes.
func (t *tracker) count(out []*earshotv1.Alert, p placed, part rule.Part) []*earshotv1.Alert {
	at, floor := p.at, max(t.brand.newest-t.late, t.floor)
	if t.rule.Measure == rule.Mention {
		at = max(p.first, floor) // a leak is a leak, however late it is found
	}
	if at < floor {
		t.machine.late = true
		return out
	}
	s := t.group(t.rule.Group(p.assessment))
	added := s.bucket(at/t.step).add(p, part, t.rule.Measure)
	if part.Counts {
		s.keepSample(added.bucket.step, p.assessment)
	}
	t.posts[p.hash] = added
	t.machine.weight++
	if !part.Counts && t.rule.Measure != rule.Share {
		return out
	}
	return t.measure(out, s, at/t.step, p.at)
}

func (t *tracker) group(values []string) *series {
	key := rule.GroupKey(values)
	s, ok := t.groups[key]
	if !ok {
		s = &series{tracker: t, key: key, values: values}
		for i := range values {
			values[i] = strings.Clone(values[i]) // not the whole message
		}
		t.groups[key] = s
		t.machine.weight += seriesWeight
	}
	return s
}

// advance measures the watched groups up to now and resolves what is over.
func (t *tracker) advance(out []*earshotv1.Alert) []*earshotv1.Alert {
	now := t.now()
	stepped := now > t.measured && t.rule.Measure != rule.Mention
	if !stepped && t.brand.clock < t.due {
		return out
	}
	t.measured, t.due = max(now, t.measured), math.MaxInt64
	for _, s := range slices.Clone(t.watched) {
		if stepped {
			out = t.measure(out, s, s.measured+1, 0)
		}
		for _, e := range s.episodes {
			if e.live && t.brand.clock >= e.until {
				out = t.resolve(out, s, e)
			}
			if e.live {
				t.due = min(t.due, e.until)
			}
		}
		t.rewatch(s)
	}
	t.sweep(now)
	return out
}

// rewatch keeps a group watched while an alert is live or may yet fire.
func (t *tracker) rewatch(s *series) {
	watch := s.live() != nil || t.hold > 0 && t.rule.Crosses(s.observed(t.now()))
	if watch == s.watched {
		return
	}
	s.watched = watch
	i, _ := slices.BinarySearchFunc(t.watched, s, func(a, b *series) int { return strings.Compare(a.key, b.key) })
	if watch {
		t.watched = slices.Insert(t.watched, i, s)
	} else {
		t.watched = slices.Delete(t.watched, i, i+1)
	}
}

// sweep drops what no window can use any more, once in a sixth of a window.
func (t *tracker) sweep(now int64) {
	if now < t.swept+rule.Steps/6 {
		return
	}
	t.swept = now
	end := t.brand.newest - t.late - rule.Steps*t.step
	for _, key := range t.keys() {
		s := t.groups[key]
		t.drop(s, end)
		s.episodes = slices.DeleteFunc(s.episodes, func(e *episode) bool { return !e.live && e.until < end })
		t.forget(s)
	}
}

// drop removes the buckets of s that end at or before end.
func (t *tracker) drop(s *series, end int64) {
	for len(s.buckets) > 0 && (s.buckets[0].step+1)*t.step <= end {
		for _, p := range s.buckets[0].posts {
			if t.posts[p.hash] == p {
				delete(t.posts, p.hash)
			}
			t.machine.weight--
		}
		s.buckets = s.buckets[1:]
	}
	s.samples = slices.DeleteFunc(s.samples, func(x sample) bool { return (x.step+1)*t.step <= end })
}

// anonymize keeps the oldest n posts of a bucket counted and forgets which they are.
func (t *tracker) anonymize(b *bucket, n int) {
	for _, p := range b.posts[:n] {
		delete(t.posts, p.hash)
	}
	b.posts = slices.Clone(b.posts[n:])
	t.machine.weight -= n
	t.machine.stats.Dropped += int64(n)
}

// forget removes a group without posts and alerts.
func (t *tracker) forget(s *series) {
	if len(s.buckets) == 0 && len(s.episodes) == 0 && !s.watched && t.groups[s.key] == s {
		delete(t.groups, s.key)
		t.machine.weight -= seriesWeight
	}
}

func (t *tracker) keys() []string { return slices.Sorted(maps.Keys(t.groups)) }
