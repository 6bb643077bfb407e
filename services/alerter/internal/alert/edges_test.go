package alert

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const millisecond = time.Millisecond

// gone is the deletion of a post.
func gone(post string) said {
	return said{post: post, gone: true, op: earshotv1.PostOp_POST_OP_DELETED}
}

// burst is n posts of different authors at one moment.
func burst(after time.Duration, n int) []said {
	events := make([]said, n)
	for i := range events {
		events[i] = said{post: fmt.Sprintf("b%s-%d", after, i), author: fmt.Sprint("v", i), after: after, score: 10}
	}
	return events
}

// join puts stories one behind the other.
func join(stories ...[]said) []said {
	var all []said
	for _, s := range stories {
		all = append(all, s...)
	}
	return all
}

// TestEdges looks at both sides of every border in time. A window of 10 minutes slides
// in steps of 10 seconds.
func TestEdges(t *testing.T) {
	const (
		two   = "measure: count, filter: 'true', window: 10m, limit: 2"
		holds = "measure: count, filter: 'score >= 10.0', window: 10m, limit: 3, for: 2m"
		keeps = three + ", keep_firing_for: 15m" // crossed until 12:10:00, kept until 12:25:00
	)
	tests := map[string]struct {
		rule   string
		events []said
		want   []string
	}{
		"the last moment of a window": {
			two,
			[]said{{post: "a"}, {post: "b", after: 10*minute - millisecond}},
			[]string{"+12:09:59 r0 2"},
		},
		"the first moment behind it": {two, []said{{post: "a"}, {post: "b", after: 10 * minute}}, nil},
		"a window that begins within a step": {
			two,
			[]said{{post: "a", after: 9 * second}, {post: "b", after: 10*minute - millisecond}},
			[]string{"+12:09:59 r0 2"},
		},
		"one millisecond short of for": {holds, join(burst(0, 3), []said{{post: "z", after: 2*minute - millisecond}}), nil},
		"for to the millisecond": {
			holds, join(burst(0, 3), []said{{post: "z", after: 2 * minute}}),
			[]string{"+12:02:00 r0 3"},
		},
		"for as long as the window": {
			"measure: count, filter: 'score >= 10.0', window: 10m, limit: 3, for: 10m", join(burst(0, 3), []said{{post: "z", after: 30 * minute}}), nil,
		},
		"a deletion within for": {
			holds, join(burst(0, 3), []said{gone("b0s-0"), {post: "z", after: 5 * minute}}), nil,
		},
		"a deletion within for that another post makes up": {
			holds, join(burst(0, 3), []said{{post: "c", after: minute, score: 10}, gone("b0s-0"), {post: "z", after: 5 * minute}}),
			[]string{"+12:03:10 r0 3"},
		},
		"a crossing in the last kept step": {keeps, join(every(minute, 0, 3), burst(25*minute-millisecond, 3)), []string{"+12:02:00 r0 3"}},
		"a crossing behind it": {
			keeps, join(every(minute, 0, 3), burst(25*minute, 3)),
			[]string{"+12:02:00 r0 3", "-12:25:00 r0 3", "+12:25:00 r0 3"},
		},
		"resolved at its time, not when it is noticed": {
			keeps, join(every(minute, 0, 3), []said{{post: "z", after: 100 * time.Hour}}),
			[]string{"+12:02:00 r0 3", "-12:25:00 r0 3"},
		},
		"a late wave beside a resolved one belongs to it": {
			keeps, join(every(minute, 0, 3), []said{{post: "z", after: 30 * minute}}, burst(5*minute, 3)),
			[]string{"+12:02:00 r0 3", "-12:25:00 r0 3"},
		},
		"a late wave before a live one is an alert of its own, and over": {
			three, join([]said{{post: "z", after: 50 * minute}}, burst(50*minute, 3), burst(0, 3)),
			[]string{"+12:50:00 r0 3", "+12:00:00 r0 3", "-12:50:00 r0 3"},
		},
		"an edit takes a post out of its window": {
			three, join(burst(0, 2), []said{{post: "b0s-0", revision: 1, score: 10, after: 20 * minute}, {post: "c", score: 10, after: 20 * minute}}), nil,
		},
		"and into another": {
			three, join(burst(0, 1), burst(20*minute, 2), []said{{post: "b0s-0", revision: 1, score: 10, after: 20 * minute}}),
			[]string{"+12:20:00 r0 3"},
		},
		"an edit changes the group": {
			"measure: count, filter: 'true', window: 10m, limit: 2, group_by: [author.id]",
			[]said{{post: "a", author: "u1"}, {post: "b", author: "u2", after: second}, {post: "a", author: "u2", revision: 1, after: 2 * second}},
			[]string{"+12:00:02 r0 2"},
		},
		"an alert of a group whose post went to another": {
			"measure: count, filter: 'true', window: 10m, limit: 1, group_by: [author.id]",
			[]said{{post: "a", author: "u1"}, {post: "a", author: "u2", revision: 1, after: 2 * second}, {post: "z", author: "u3", after: 30 * minute}},
			[]string{"+12:00:00 r0 1", "+12:00:02 r0 1", "-12:00:10 r0 1", "-12:10:00 r0 1", "+12:30:00 r0 1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, play(New(options(t, tt.rule)), tt.events...))
			require.Equal(t, tt.want, playRestarting(t, options(t, tt.rule), tt.events...), "restored at every event")
		})
	}
}

// TestMeasuresFollowEditsAndDeletions holds each measure to what is left.
func TestMeasuresFollowEditsAndDeletions(t *testing.T) {
	const (
		sum      = "measure: sum, filter: 'true', value: score, window: 10m, limit: 30"
		distinct = "measure: distinct_authors, filter: 'true', window: 10m, limit: 2"
		share    = "measure: share, filter: 'score >= 10.0', of: 'score >= 1.0', window: 10m, limit: 0.5, min_count: 4"
	)
	one, two := said{post: "1", score: 10, author: "u"}, said{post: "2", score: 10, author: "u", after: second}
	three := said{post: "3", score: 1, author: "v", after: 2 * second}
	four := said{post: "4", score: 1, author: "w", after: 3 * second}
	tests := map[string]struct {
		rule   string
		events []said
		want   []string
	}{
		"sum: an edit raises the value":        {sum, []said{one, {post: "1", score: 40, revision: 1, after: second}}, []string{"+12:00:01 r0 40"}},
		"sum: an edit lowers the value":        {sum, []said{one, {post: "1", score: 5, revision: 1, after: second}, {post: "x", score: 20, after: second}}, nil},
		"sum: a deletion":                      {sum, []said{one, two, gone("1"), {post: "x", score: 15, after: second}}, nil},
		"sum: of tenths, all gone, is nothing": {sum, []said{{post: "t", score: .1}, {post: "u", score: .2}, gone("t"), gone("u"), {post: "x", score: 30, after: second}}, []string{"+12:00:01 r0 30"}},
		"authors: one of two posts of an author is gone": {
			distinct, []said{one, two, gone("1"), three}, []string{"+12:00:02 r0 2"},
		},
		"authors: the only post of an author is gone": {distinct, []said{one, gone("1"), three}, nil},
		"authors: an edit under another name":         {distinct, []said{one, two, {post: "1", author: "q", revision: 1, after: second}}, []string{"+12:00:01 r0 2"}},
		"share: enough of both":                       {share, []said{one, two, three, four}, []string{"+12:00:03 r0 0.5"}},
		"share: too few for a share":                  {share, []said{one, two, three}, nil},
		"share: a deletion leaves too few":            {share, []said{one, two, three, gone("3"), four}, nil},
		"share: an edit that leaves the whole":        {share, []said{one, two, three, {post: "3", revision: 1, after: second}, four}, nil},
		"share: an edit that joins the part":          {share, []said{one, three, four, {post: "5", score: 1, after: 4 * second}, {post: "4", score: 10, revision: 1, after: 5 * second}}, []string{"+12:00:05 r0 0.5"}},
		"share: praise that goes raises the share": {
			share,
			[]said{one, three, four, {post: "5", score: 1}, {post: "6", score: 1}, gone("5"), gone("6"), {post: "z", score: 10, after: 4 * second}},
			[]string{"+12:00:04 r0 0.5"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, play(New(options(t, tt.rule)), tt.events...))
			require.Equal(t, tt.want, playRestarting(t, options(t, tt.rule), tt.events...), "restored at every event")
		})
	}
}

func TestLatenessIsExact(t *testing.T) {
	m := New(options(t, three)) // an hour of lateness
	play(m, said{post: "now", after: 2 * time.Hour})
	require.Empty(t, play(m, said{post: "late", after: time.Hour - millisecond, score: 10}))
	require.EqualValues(t, 1, m.Stats().Late)
	require.Equal(t, []string{"+13:00:00 r0 3"}, play(m, burst(time.Hour, 3)...)[:1], "a post as old as the lateness counts")
	require.EqualValues(t, 1, m.Stats().Late)

	t.Run("none", func(t *testing.T) {
		o := options(t, three)
		o.Lateness = 0
		m := New(o)
		require.Empty(t, play(m, said{post: "a", score: 10, after: second}, said{post: "b", score: 10}, said{post: "c", score: 10, after: second}))
		require.EqualValues(t, 1, m.Stats().Late)
		require.Len(t, play(m, said{post: "d", score: 10, after: second}), 1)
	})
	t.Run("an edit of a late post is in time", func(t *testing.T) {
		m := New(options(t, three))
		play(m, said{post: "now", after: 2 * time.Hour})
		require.Len(t, play(m, join(burst(2*time.Hour, 2), []said{{post: "old", revision: 1, score: 10, after: 2 * time.Hour}})...), 1)
	})
}

func TestIdleIsExact(t *testing.T) {
	m := New(options(t, "measure: count, filter: 'true', window: 1m, limit: 1"))
	require.Len(t, play(m, said{post: "a"}), 1)
	recorded := noon.Add(second)
	require.Empty(t, m.Tick(recorded.Add(5*minute)), "idle for as long as it may be")
	require.Empty(t, m.Tick(recorded.Add(5*minute+999*millisecond)), "looked at once a second")
	require.Equal(t, []string{"-12:01:00 r0 1"}, lines(m.Tick(recorded.Add(5*minute+1000*millisecond))))
	require.Empty(t, m.Tick(recorded.Add(100*time.Hour)))
	require.Empty(t, m.Tick(recorded), "a clock that goes back changes nothing")
}

func TestRulesAndBrandsDoNotTouchEachOther(t *testing.T) {
	o := options(t, everyMeasure...)
	events := story(9, 300)
	together := map[string]bool{}
	for _, a := range run(New(o), events, 0) {
		together[a.String()] = true
	}
	apart := 0
	for i, body := range everyMeasure {
		for _, brand := range []string{"acme", "other"} {
			alone := options(t, everyMeasure...)
			alone.Rules = alone.Rules[i : i+1]
			m := New(alone)
			for n, e := range events {
				if e.brand != brand {
					continue
				}
				for _, a := range m.Apply(e.assessment(), noon.Add(time.Duration(n)*4*second)) {
					require.True(t, together[a.String()], "%s of %s: %v", body, brand, a)
					apart++
				}
			}
			apart += len(m.Tick(noon.Add(100 * time.Hour)))
		}
	}
	require.Len(t, together, apart)
}

func TestTheOldestLiveAlertsGiveWay(t *testing.T) {
	m := New(options(t, "measure: mention, filter: 'true', keep_firing_for: 1000h"))
	var ended []string
	for i := range maxLive + 3 {
		for _, a := range m.Apply(said{post: fmt.Sprint(i), after: time.Duration(i) * second}.assessment(), noon) {
			if a.GetState() == earshotv1.AlertState_ALERT_STATE_RESOLVED {
				ended = append(ended, a.GetGroup()["post.id"])
			}
		}
	}
	require.Equal(t, []string{"x:0", "x:1", "x:2"}, ended)
}

// TestCountAgreesWithCounting compares the machine with posts counted anew at every step.
func TestCountAgreesWithCounting(t *testing.T) {
	const limit, step = 4, int64(10_000)
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 11))
		var times []int64
		var events []said
		after := time.Duration(0)
		for i := range 200 {
			after += time.Duration(rng.ExpFloat64() * float64(3*minute))
			events = append(events, said{post: fmt.Sprint(i), after: after})
			times = append(times, noon.Add(after).UnixMilli())
		}
		fired, resolved := 0, 0
		m := New(options(t, fmt.Sprintf("measure: count, filter: 'true', window: 10m, limit: %d", limit)))
		for i, e := range events {
			for _, a := range m.Apply(e.assessment(), noon) {
				if a.GetState() == earshotv1.AlertState_ALERT_STATE_FIRING {
					fired++
				} else {
					resolved++
				}
			}
			wantFired, wantResolved := counted(times[:i+1], limit, step)
			require.Equal(t, [2]int{wantFired, wantResolved}, [2]int{fired, resolved}, "seed %d, post %d", seed, i)
		}
		require.Positive(t, fired)
	}
}

// counted says how often posts in order of time crossed a limit anew, and stopped to.
func counted(times []int64, limit int, step int64) (fired, resolved int) {
	within := func(posts []int64, at int64) (n int) {
		for _, p := range posts {
			if p/step > at-60 && p/step <= at {
				n++
			}
		}
		return n
	}
	live, until := false, int64(0)
	for i, now := range times {
		for at := until / step; live && at <= now/step; at++ {
			if within(times[:i], at) >= limit && now >= at*step {
				until = (at + 1) * step
			}
		}
		if live && now >= until {
			live = false
			resolved++
		}
		if within(times[:i+1], now/step) >= limit {
			if !live {
				fired++
			}
			live, until = true, (now/step+1)*step
		}
	}
	return fired, resolved
}

// FuzzApply plays any story: three bytes an event. Whatever comes, alerts are valid, none
// fires or resolves twice, the books are right, and a restored machine is the same.
func FuzzApply(f *testing.F) {
	f.Add([]byte("\x00\x10\x01\x01\x20\x02\x02\x30\x03\x00\x40\x81\x03\x50\xc2"))
	f.Add([]byte{1, 255, 90, 1, 0, 91, 2, 128, 92, 2, 128, 220, 1, 7, 1})
	o := options(f, everyMeasure...)
	f.Fuzz(func(t *testing.T, data []byte) {
		m := New(o)
		state := map[string]earshotv1.AlertState{}
		for i := 0; i+2 < len(data) && i < 600; i += 3 {
			post, when, what := data[i], data[i+1], data[i+2]
			e := said{
				post: fmt.Sprint(post % 16), author: fmt.Sprint("u", post/16), score: float64(what % 101),
				after: time.Duration(when) * 7 * second, revision: uint32(what / 101), brand: []string{"acme", "other"}[post%2],
			}
			if what > 240 {
				e = gone(e.post)
			}
			got := m.Apply(e.assessment(), noon.Add(time.Duration(i)*second))
			lines(got) // validates
			for _, a := range got {
				require.NotEqual(t, a.GetState(), state[a.GetId()], "%v", a)
				state[a.GetId()] = a.GetState()
			}
		}
		restart(t, o, m)
		total := 0
		for _, b := range m.order {
			for _, tr := range b.trackers {
				total += weigh(tr)
			}
		}
		require.Equal(t, total, m.weight)
	})
}
