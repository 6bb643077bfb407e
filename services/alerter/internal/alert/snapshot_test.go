package alert

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// everyMeasure is one rule of each kind.
var everyMeasure = []string{
	"measure: mention, filter: 'score >= 90.0', keep_firing_for: 5m",
	"measure: count, filter: 'score >= 50.0', window: 5m, limit: 4, keep_firing_for: 3m, for: 20s",
	"measure: sum, filter: 'true', value: score, window: 3m, limit: 300.0, group_by: [author.id]",
	"measure: distinct_authors, filter: 'score >= 20.0', window: 2m, limit: 3",
	"measure: share, filter: 'score >= 60.0', of: 'score >= 5.0', window: 10m, limit: 0.5, min_count: 4, for: 10s",
}

// story is n events of a made-up life: posts in rough order, repeats, edits, deletions.
func story(seed uint64, n int) []said {
	rng := rand.New(rand.NewPCG(seed, 7))
	var events []said
	for i := range n {
		e := said{
			post: fmt.Sprint("p", i), author: fmt.Sprint("u", rng.IntN(6)), score: float64(rng.IntN(1000)) / 10,
			after: time.Duration(i)*4*second - time.Duration(rng.IntN(120))*second, brand: []string{"acme", "other"}[rng.IntN(2)],
		}
		if i > 10 {
			earlier := events[rng.IntN(len(events))]
			switch rng.IntN(10) {
			case 0:
				e = earlier
			case 1:
				e.post, e.revision, e.brand = earlier.post, earlier.revision+1, earlier.brand
			case 2:
				e = said{post: earlier.post, brand: earlier.brand, revision: earlier.revision, gone: true, op: earshotv1.PostOp_POST_OP_DELETED}
			case 3:
				e.after += 10 * minute
			}
		}
		events = append(events, e)
	}
	return events
}

func run(m *Machine, events []said, from int) []*earshotv1.Alert {
	var out []*earshotv1.Alert
	for i, e := range events[from:] {
		out = append(out, m.Apply(e.assessment(), noon.Add(time.Duration(from+i)*4*second))...)
	}
	return append(out, m.Tick(noon.Add(100*time.Hour))...)
}

func TestRestoredMachineGoesOnAsIfItHadNeverStopped(t *testing.T) {
	for seed := range uint64(7) {
		events := story(seed, 250)
		want := run(New(options(t, everyMeasure...)), events, 0)
		require.NotEmpty(t, want)
		m := New(options(t, everyMeasure...))
		var got []*earshotv1.Alert
		for i, e := range events {
			got = append(got, m.Apply(e.assessment(), noon.Add(time.Duration(i)*4*second))...)
			if i%7 == int(seed)%7 {
				m = restart(t, m.options, m)
			}
		}
		got = append(got, m.Tick(noon.Add(100*time.Hour))...)
		require.Equal(t, len(want), len(got), "seed %d", seed)
		for i := range want {
			require.True(t, proto.Equal(want[i], got[i]), "seed %d, alert %d:\n%v\n%v", seed, i, want[i], got[i])
		}
	}
}

// playRestarting is play on a machine that is restored before every event.
func playRestarting(t *testing.T, o Options, events ...said) []string {
	t.Helper()
	var out []string
	m := New(o)
	for _, e := range events {
		m = restart(t, o, m)
		out = append(out, play(m, e)...)
	}
	return out
}

// restart takes a machine through its bytes.
func restart(t *testing.T, o Options, m *Machine) *Machine {
	t.Helper()
	value := encoded(t, m.Snapshot())
	state := &earshotv1.AlerterState{}
	require.NoError(t, state.UnmarshalVT(value))
	restored, orphans, err := Restore(o, state)
	require.NoError(t, err)
	require.Empty(t, orphans)
	require.Equal(t, m.weight, restored.weight)
	require.True(t, bytes.Equal(value, encoded(t, restored.Snapshot())), "a snapshot of the restored machine is the same")
	return restored
}

func TestSameInputGivesTheSameAlerts(t *testing.T) {
	events := story(3, 400)
	one, two := run(New(options(t, everyMeasure...)), events, 0), run(New(options(t, everyMeasure...)), events, 0)
	require.Equal(t, lines(one), lines(two))
	for i := range one {
		require.Equal(t, one[i].GetId(), two[i].GetId())
	}
}

// An id stands for one window; the same mention that comes again after it was let go of
// has the id that it had.
func TestAlertIDsAreUnique(t *testing.T) {
	seen := map[string]*earshotv1.Alert{}
	for _, a := range run(New(options(t, everyMeasure...)), story(5, 2000), 0) {
		key := a.GetId() + a.GetState().String()
		if before := seen[key]; before != nil {
			require.Equal(t, "mention", a.GetMeasure(), "%v", a)
			require.Equal(t, before.GetGroup(), a.GetGroup())
			require.Equal(t, before.GetWindowStart().AsTime(), a.GetWindowStart().AsTime())
		}
		seen[key] = a
	}
}

func TestChangedRuleResolvesWhatItHadFired(t *testing.T) {
	m := New(options(t, three))
	play(m, every(minute, 0, 3)...)
	changed := options(t, three+", group_by: [platform]")
	restored, orphans, err := Restore(changed, m.Snapshot())
	require.NoError(t, err)
	require.Equal(t, []string{"-12:02:00 r0 3"}, lines(orphans))
	require.Equal(t, []string{"+12:05:00 r0 3"}, play(restored, every(minute, 3*minute, 3)...), "the new rule begins anew")
}

func TestRemovedRuleResolvesAndLeavesOthersAlone(t *testing.T) {
	both := options(t, three, "measure: count, filter: 'true', window: 20m, limit: 3")
	m := New(both)
	require.Equal(t, []string{"+12:02:00 r0 3", "+12:02:00 r1 3"}, play(m, every(minute, 0, 3)...))
	one := both
	one.Rules = both.Rules[1:]
	restored, orphans, err := Restore(one, m.Snapshot())
	require.NoError(t, err)
	require.Equal(t, []string{"-12:02:00 r0 3"}, lines(orphans))
	require.Equal(t, []string{"-12:20:00 r1 3"}, play(restored, said{post: "later", after: 30 * minute}), "the other one goes on")

	back, orphans, err := Restore(both, restored.Snapshot())
	require.NoError(t, err)
	require.Empty(t, orphans, "once is enough")
	require.Equal(t, []string{"+12:41:00 r1 3", "+12:42:00 r0 3"}, play(back, every(minute, 40*minute, 3)...), "a rule that comes back begins anew")
}

func TestEachBrandsAlertIsResolvedAtItsOwnTime(t *testing.T) {
	m := New(options(t, three))
	for _, brand := range []string{"beta", "alpha"} {
		for i, e := range every(minute, 0, 3) {
			e.brand = brand
			if brand == "alpha" {
				e.after += time.Duration(i) * minute
			}
			play(m, e)
		}
	}
	_, orphans, err := Restore(Options{}, m.Snapshot())
	require.NoError(t, err)
	require.Equal(t, []string{"-12:04:00 r0 3", "-12:02:00 r0 3"}, lines(orphans), "brands in order of their ids")
}

func TestSnapshotSharesNothingWithTheMachine(t *testing.T) {
	m := New(options(t, everyMeasure...))
	for i, e := range story(4, 80) {
		before := m.Snapshot()
		kept := proto.CloneOf(before)
		m.Apply(e.assessment(), noon.Add(time.Duration(i)*second))
		require.True(t, proto.Equal(kept, before), "event %d changed a snapshot that was taken before it", i)
	}
}

func TestDamagedSnapshotIsAnError(t *testing.T) {
	m := New(options(t, three))
	play(m, every(minute, 0, 3)...)
	tests := map[string]func(*earshotv1.SeriesState){
		"group of another length":    func(s *earshotv1.SeriesState) { s.Group = append(s.Group, "more") },
		"live alert without content": func(s *earshotv1.SeriesState) { s.Episodes[0].Alert = nil },
	}
	for name, damage := range tests {
		t.Run(name, func(t *testing.T) {
			state := m.Snapshot()
			damage(state.Brands[0].Rules[0].Series[0])
			_, _, err := Restore(options(t, three), state)
			require.ErrorContains(t, err, `rule "r0" of brand "acme"`)
		})
	}
}

func FuzzRestore(f *testing.F) {
	m := New(options(f, everyMeasure...))
	run(m, story(1, 60), 0)
	value, err := m.Snapshot().MarshalVT()
	require.NoError(f, err)
	f.Add(value)
	o := options(f, everyMeasure...)
	f.Fuzz(func(_ *testing.T, data []byte) {
		state := &earshotv1.AlerterState{}
		if state.UnmarshalVT(data) != nil {
			return
		}
		if restored, _, err := Restore(o, state); err == nil {
			restored.Snapshot()
		}
	})
}

func BenchmarkApply(b *testing.B) {
	for name, rules := range map[string][]string{
		"five window rules that match": everyMeasure,
		"ten rules that do not match": {
			0: "measure: mention, filter: 'categories.leakage.level >= critical'", 1: "measure: mention, filter: 'categories.compliance.level >= critical'",
			2: "measure: count, filter: '\"boycott\" in findings.kinds', window: 1h, limit: 20", 3: "measure: count, filter: '\"outage\" in findings.kinds', window: 1h, limit: 20",
			4: "measure: count, filter: 'level >= critical', window: 1h, limit: 20", 5: "measure: count, filter: 'author.followers > 1000000', window: 1h, limit: 20",
			6: "measure: count, filter: 'sentiment.negative > 0.9', window: 1h, limit: 20", 7: "measure: sum, filter: 'post.likes > 100000', value: post.likes, window: 1h, limit: 20",
			8: "measure: count, filter: 'kind == \"employee\"', window: 1h, limit: 20", 9: "measure: count, filter: 'author.role == \"journalist\"', window: 1h, limit: 20",
		},
	} {
		b.Run(name, func(b *testing.B) {
			m := New(options(b, rules...))
			var assessments []*earshotv1.Assessment
			for _, e := range story(2, 50_000) {
				assessments = append(assessments, e.assessment())
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				m.Apply(assessments[i%len(assessments)], noon.Add(time.Duration(i)*second))
				i++
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	m := New(options(b, everyMeasure...))
	run(m, story(2, 20_000), 0)
	b.ReportAllocs()
	for b.Loop() {
		value, err := m.Snapshot().MarshalVT()
		require.NoError(b, err)
		b.ReportMetric(float64(len(value)), "bytes")
	}
}
