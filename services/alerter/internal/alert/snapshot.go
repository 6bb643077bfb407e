package alert

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/services/alerter/internal/rule"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Snapshot is the machine's whole state. It shares nothing with the machine that later
// input changes.
func (m *Machine) Snapshot() *earshotv1.AlerterState {
	out := &earshotv1.AlerterState{Recorded: m.recorded, Checked: m.checked}
	for _, b := range m.order {
		state := &earshotv1.BrandAlertState{BrandId: b.id, Newest: b.newest, Clock: b.clock, Recorded: b.recorded}
		for _, t := range b.trackers {
			state.Rules = append(state.Rules, t.snapshot())
		}
		out.Brands = append(out.Brands, state)
	}
	return out
}

func (t *tracker) snapshot() *earshotv1.RuleAlertState {
	out := &earshotv1.RuleAlertState{Rule: t.rule.Name, RuleVersion: t.rule.Version, Measured: t.measured, Swept: t.swept, Floor: t.floor}
	for _, key := range t.keys() {
		out.Series = append(out.Series, t.groups[key].snapshot())
	}
	return out
}

func (s *series) snapshot() *earshotv1.SeriesState {
	out := &earshotv1.SeriesState{Group: s.values, Measured: s.measured, Watched: s.watched}
	for _, b := range s.buckets {
		base, counts := b.forgotten()
		state := &earshotv1.BucketState{Step: b.step, Sum: b.sum, ForgottenBase: uint64(base), ForgottenCounts: uint64(counts)}
		for _, p := range b.posts {
			state.Posts = append(state.Posts, &earshotv1.CountedPost{
				Post: p.hash, Revision: p.revision, Author: p.author, Value: p.value, Counts: p.counts, Gone: p.gone,
			})
		}
		out.Buckets = append(out.Buckets, state)
	}
	for _, e := range s.episodes {
		state := &earshotv1.EpisodeState{First: e.first, Last: e.last, Until: e.until, Live: e.live, Peak: e.peak}
		if e.live {
			state.Alert = proto.CloneOf(e.alert)
		}
		out.Episodes = append(out.Episodes, state)
	}
	for _, x := range s.samples {
		out.Samples = append(out.Samples, &earshotv1.SampleState{Step: x.step, Sample: x.alert})
	}
	return out
}

// Restore returns a machine that goes on where the snapshot was taken. State of rules
// that are gone or have another version is dropped; their live alerts are returned,
// resolved at the brand's event time. An error means that the snapshot is damaged.
func Restore(o Options, state *earshotv1.AlerterState) (*Machine, []*earshotv1.Alert, error) {
	m := New(o)
	m.recorded, m.checked = state.GetRecorded(), state.GetChecked()
	var orphans []*earshotv1.Alert
	for _, from := range state.GetBrands() {
		b := m.brand(from.GetBrandId())
		b.newest, b.clock, b.recorded = from.GetNewest(), from.GetClock(), from.GetRecorded()
		for _, rs := range from.GetRules() {
			t := b.tracker(rs.GetRule(), rs.GetRuleVersion())
			if t == nil {
				orphans = append(orphans, orphaned(rs, b.clock)...)
				continue
			}
			if err := t.restore(rs); err != nil {
				return nil, nil, fmt.Errorf("restore rule %q of brand %q: %w", rs.GetRule(), b.id, err)
			}
		}
	}
	return m, orphans, nil
}

func (b *brand) tracker(name, version string) *tracker {
	for _, t := range b.trackers {
		if t.rule.Name == name && t.rule.Version == version {
			return t
		}
	}
	return nil
}

func orphaned(rs *earshotv1.RuleAlertState, clock int64) []*earshotv1.Alert {
	var out []*earshotv1.Alert
	for _, s := range rs.GetSeries() {
		for _, e := range s.GetEpisodes() {
			if !e.GetLive() || e.GetAlert() == nil {
				continue
			}
			a := proto.CloneOf(e.GetAlert())
			a.State = earshotv1.AlertState_ALERT_STATE_RESOLVED
			a.EndsAt = timestamppb.New(time.UnixMilli(clock))
			out = append(out, a)
		}
	}
	return out
}

func (t *tracker) restore(from *earshotv1.RuleAlertState) error {
	t.measured, t.swept, t.floor = from.GetMeasured(), from.GetSwept(), from.GetFloor()
	for _, state := range from.GetSeries() {
		if len(state.GetGroup()) != len(t.rule.GroupBy) {
			return fmt.Errorf("group has %d values, not %d", len(state.GetGroup()), len(t.rule.GroupBy))
		}
		s := t.group(state.GetGroup())
		s.measured = state.GetMeasured()
		for _, x := range state.GetSamples() {
			s.samples = append(s.samples, sample{x.GetStep(), x.GetSample()})
		}
		for _, b := range state.GetBuckets() {
			t.restoreBucket(s, b)
		}
		if err := t.restoreEpisodes(s, state.GetEpisodes()); err != nil {
			return err
		}
		if state.GetWatched() {
			s.watched = true
			t.watched = append(t.watched, s) // snapshots are in the order of keys
		}
	}
	return nil
}

func (t *tracker) restoreBucket(s *series, from *earshotv1.BucketState) {
	b := s.bucket(from.GetStep())
	b.base, b.counts = int(from.GetForgottenBase()), int(from.GetForgottenCounts())
	for _, state := range from.GetPosts() {
		p := &post{
			bucket: b, hash: state.GetPost(), revision: state.GetRevision(), author: state.GetAuthor(),
			value: state.GetValue(), counts: state.GetCounts(), gone: state.GetGone(),
		}
		b.posts = append(b.posts, p)
		t.posts[p.hash] = p
		t.machine.weight++
		if !p.gone {
			b.adjust(p, 1)
		}
	}
	b.sum = from.GetSum() // to the bit, as it was added up
}

func (t *tracker) restoreEpisodes(s *series, from []*earshotv1.EpisodeState) error {
	for _, state := range from {
		e := &episode{first: state.GetFirst(), last: state.GetLast(), until: state.GetUntil(), live: state.GetLive(), peak: state.GetPeak()}
		if e.live {
			if state.GetAlert() == nil {
				return fmt.Errorf("live alert of group %q is missing", rule.GroupKey(s.values))
			}
			e.alert = state.GetAlert()
			t.live++
			t.due = min(t.due, e.until)
		}
		s.episodes = append(s.episodes, e)
	}
	return nil
}
