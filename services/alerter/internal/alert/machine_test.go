package alert

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/rule"
)

// noon is where the event time of the tests begins.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func rules(t testing.TB, bodies ...string) []*rule.Rule {
	t.Helper()
	var file strings.Builder
	file.WriteString("rules:\n")
	for i, body := range bodies {
		fmt.Fprintf(&file, "  - {name: r%d, severity: warning, %s}\n", i, body)
	}
	parsed, err := rule.Parse(rule.Source{Name: "test.yaml", Data: []byte(file.String())})
	require.NoError(t, err)
	return parsed
}

func options(t testing.TB, bodies ...string) Options {
	return Options{Rules: rules(t, bodies...), Lateness: time.Hour, Idle: 5 * time.Minute}
}

// said is an event on a post at a moment after noon; the record follows by a second.
type said struct {
	post     string
	after    time.Duration
	author   string
	score    float64
	revision uint32
	op       earshotv1.PostOp
	gone     bool // the event takes the post back
	brand    string
}

func (s said) assessment() *earshotv1.Assessment {
	brand := s.brand
	if brand == "" {
		brand = "acme"
	}
	created := noon.Add(s.after)
	a := &earshotv1.Assessment{
		Id: fmt.Sprintf("%032x", hash(s.post)), BrandId: brand, Op: s.op, Matched: !s.gone,
		Post: &earshotv1.Post{Id: "x:" + s.post, Platform: "x", NativeId: s.post, Revision: s.revision},
	}
	if a.Op == 0 {
		a.Op = earshotv1.PostOp_POST_OP_CREATED
	}
	if s.gone {
		return a
	}
	a.Score = s.score
	a.Post.Text, a.Post.CreatedAt = "text of "+s.post, timestamppb.New(created)
	a.Post.Author = &earshotv1.Author{Id: s.author}
	if s.revision > 0 {
		a.Op = earshotv1.PostOp_POST_OP_EDITED
		a.Post.CreatedAt, a.Post.EditedAt = timestamppb.New(noon), timestamppb.New(created)
	}
	a.Categories = []*earshotv1.CategoryAssessment{{Score: s.score, Findings: []*earshotv1.Finding{{Kind: "k", Why: "why " + s.post}}}}
	return a
}

// play applies events in order and writes what changed as "+12:05:00 r0 observed" for
// firing and "-12:15:00 r0 observed" for resolved.
func play(m *Machine, events ...said) []string {
	var out []string
	for _, e := range events {
		out = append(out, lines(m.Apply(e.assessment(), noon.Add(e.after+time.Second)))...)
	}
	return out
}

func lines(alerts []*earshotv1.Alert) []string {
	var out []string
	for _, a := range alerts {
		if err := schemas.ValidateAlert(a); err != nil {
			panic(err)
		}
		sign, at := "+", a.GetStartsAt()
		if a.GetState() == earshotv1.AlertState_ALERT_STATE_RESOLVED {
			sign, at = "-", a.GetEndsAt()
		}
		out = append(out, fmt.Sprintf("%s%s %s %.4g", sign, at.AsTime().Format("15:04:05"), a.GetRule(), a.GetObserved()))
	}
	return out
}

// every gives n posts, one in each step of time from from on.
func every(step, from time.Duration, n int) []said {
	events := make([]said, n)
	for i := range events {
		events[i] = said{post: fmt.Sprintf("p%s-%d", from, i), after: from + time.Duration(i)*step, author: fmt.Sprint("u", i), score: 10}
	}
	return events
}

const (
	three  = "measure: count, filter: 'score >= 10.0', window: 10m, limit: 3"
	second = time.Second
	minute = time.Minute
)

func TestMachine(t *testing.T) {
	tests := map[string]struct {
		rule   string
		events []said
		want   []string
	}{
		"fires at the post that reaches the limit":          {three, every(minute, 0, 3), []string{"+12:02:00 r0 3"}},
		"does not fire below":                               {three, every(minute, 0, 2), nil},
		"does not fire when spread over more than a window": {three, every(6*minute, 0, 6), nil},
		"stays one alert while it goes on":                  {three, every(minute, 0, 60), []string{"+12:02:00 r0 3"}},
		"resolves when the window has emptied": {
			three, append(every(minute, 0, 3), said{post: "later", after: 30 * minute}),
			[]string{"+12:02:00 r0 3", "-12:10:00 r0 3"},
		},
		"keeps firing": {
			three + ", keep_firing_for: 15m", append(every(minute, 0, 3), said{post: "a", after: 24 * minute}, said{post: "b", after: 30 * minute}),
			[]string{"+12:02:00 r0 3", "-12:25:00 r0 3"},
		},
		"a lull within keep_firing_for is one alert": {
			three + ", keep_firing_for: 15m", append(every(minute, 0, 3), every(minute, 20*minute, 3)...),
			[]string{"+12:02:00 r0 3"},
		},
		"a second wave is a second alert": {
			three, append(every(minute, 0, 3), every(minute, 40*minute, 3)...),
			[]string{"+12:02:00 r0 3", "-12:10:00 r0 3", "+12:42:00 r0 3"},
		},
		"reports the peak when it resolves": {
			three, append(every(minute, 0, 8), said{post: "later", after: 60 * minute}),
			[]string{"+12:02:00 r0 3", "-12:15:00 r0 8"},
		},
		"waits for the time it must hold": {three + ", for: 2m", every(30*second, 0, 8), []string{"+12:03:00 r0 6"}},
		"does not fire when it holds too short": {
			three + ", for: 9m", append(every(minute, 0, 3), said{post: "later", after: 30 * minute}),
			nil,
		},
		"fires by time alone once it has held": {
			three + ", for: 2m", append(every(second, 0, 3), said{post: "other", after: 5 * minute, score: 1}),
			[]string{"+12:02:10 r0 3"},
		},
		"above means above":        {three + ", op: '>'", every(minute, 0, 4), []string{"+12:03:00 r0 4"}},
		"sums a value":             {"measure: sum, filter: 'score > 0.0', value: score, window: 10m, limit: 25", every(minute, 0, 3), []string{"+12:02:00 r0 30"}},
		"other posts do not count": {three, []said{{post: "a", score: 10}, {post: "b", score: 9, after: 1}, {post: "c", score: 10, after: 2}}, nil},
		"counts authors, not posts": {"measure: distinct_authors, filter: 'true', window: 10m, limit: 3", []said{
			{post: "a", author: "u1"},
			{post: "b", author: "u1", after: second},
			{post: "c", author: "u2", after: minute},
			{post: "d", author: "u2", after: 2 * minute},
			{post: "e", author: "u3", after: 3 * minute},
		}, []string{"+12:03:00 r0 3"}},
		"an author without id is the post": {
			"measure: distinct_authors, filter: 'true', window: 10m, limit: 2",
			[]said{{post: "a"}, {post: "b", after: second}},
			[]string{"+12:00:01 r0 2"},
		},
		"a share of the whole": {"measure: share, filter: 'score >= 10.0', of: 'score >= 1.0', window: 10m, limit: 0.6, min_count: 5", []said{
			{post: "a", score: 10},
			{post: "b", score: 10, after: 1 * second},
			{post: "c", score: 2, after: 2 * second},
			{post: "n", after: 3 * second},
			{post: "d", score: 2, after: 4 * second},
			{post: "e", score: 10, after: 5 * second},
		}, []string{"+12:00:05 r0 0.6"}},
		"a share that reaches its least count by another post": {
			"measure: share, filter: 'score >= 10.0', of: 'true', window: 10m, limit: 0.5, min_count: 3",
			[]said{{post: "a", score: 10}, {post: "b", score: 10, after: second}, {post: "c", after: 2 * second}},
			[]string{"+12:00:02 r0 0.6667"},
		},
		"a mention alerts for itself": {
			"measure: mention, filter: 'score >= 50.0'",
			[]said{{post: "a", score: 80}, {post: "b", score: 20, after: second}, {post: "c", score: 60, after: minute}},
			[]string{"+12:00:00 r0 1", "+12:01:00 r0 1"},
		},
		"a mention resolves in its time": {
			"measure: mention, filter: 'score >= 50.0', keep_firing_for: 10m",
			[]said{{post: "a", score: 80}, {post: "b", after: 11 * minute}},
			[]string{"+12:00:00 r0 1", "-12:10:01 r0 1"},
		},
		"a mention is withdrawn with its post": {
			"measure: mention, filter: 'score >= 50.0'",
			[]said{{post: "a", score: 80}, {post: "b", after: 5 * minute}, {post: "a", gone: true, op: earshotv1.PostOp_POST_OP_DELETED}},
			[]string{"+12:00:00 r0 1", "-12:05:00 r0 1"},
		},
		"an edit makes a mention": {
			"measure: mention, filter: 'score >= 50.0'",
			[]said{{post: "a", score: 5}, {post: "a", revision: 1, score: 80, after: 5 * minute}},
			[]string{"+12:05:00 r0 1"},
		},
		"an edited mention is the same alert": {
			"measure: mention, filter: 'score >= 50.0'",
			[]said{{post: "a", score: 80}, {post: "a", revision: 1, score: 70, after: minute}},
			[]string{"+12:00:00 r0 1"},
		},
		"groups are apart": {three + ", group_by: [platform]", append(every(minute, 0, 2), said{post: "z", brand: "other", after: 3 * minute, score: 10}), nil},
		"brands have their own time": {
			three,
			[]said{{post: "z", brand: "other", after: 100 * time.Hour, score: 10}, {post: "a", score: 10}, {post: "b", score: 10, after: 1}, {post: "c", score: 10, after: 2}},
			[]string{"+12:00:00 r0 3"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, play(New(options(t, tt.rule)), tt.events...))
			require.Equal(t, tt.want, playRestarting(t, options(t, tt.rule), tt.events...), "restored at every event")
		})
	}
}

func TestRepeatsEditsAndDeletionsCountOnce(t *testing.T) {
	a, b, c := said{post: "a", score: 10}, said{post: "b", score: 10, after: second}, said{post: "c", score: 10, after: 2 * second}
	edited := said{post: "a", score: 10, revision: 1, after: 3 * second}
	harmless := said{post: "a", score: 1, revision: 1, after: 3 * second}
	deleted := said{post: "a", gone: true, op: earshotv1.PostOp_POST_OP_DELETED}
	withdrawn := said{post: "a", gone: true, revision: 1, op: earshotv1.PostOp_POST_OP_EDITED}
	back := said{post: "a", score: 10, revision: 2, after: 4 * second}
	tests := map[string]struct {
		events []said
		want   []string
	}{
		"repeat":                               {[]said{a, a, a, b, b}, nil},
		"edit replaces":                        {[]said{a, edited, edited, b}, nil},
		"edit still counts":                    {[]said{a, edited, b, c}, []string{"+12:00:02 r0 3"}},
		"edit that no longer passes":           {[]said{a, harmless, b, c}, nil},
		"repeat of the older revision":         {[]said{a, harmless, a, b, c}, nil},
		"deleted":                              {[]said{a, deleted, b, c}, nil},
		"repeat after the deletion":            {[]said{a, deleted, a, deleted, b, c}, nil},
		"withdrawn":                            {[]said{a, withdrawn, b, c}, nil},
		"withdrawn and back":                   {[]said{a, withdrawn, back, b, c}, []string{"+12:00:02 r0 3"}},
		"repeat of the withdrawal":             {[]said{a, withdrawn, back, withdrawn, b, c}, []string{"+12:00:02 r0 3"}},
		"deletion of what was never there":     {[]said{deleted, a, b, c}, []string{"+12:00:02 r0 3"}},
		"alert ends when every post is gone":   {[]said{a, b, c, deleted, {post: "b", gone: true}, {post: "c", gone: true}}, []string{"+12:00:02 r0 3", "-12:00:02 r0 3"}},
		"alert stays when one of them is gone": {[]said{a, b, c, deleted}, []string{"+12:00:02 r0 3"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, play(New(options(t, three)), tt.events...))
			require.Equal(t, tt.want, playRestarting(t, options(t, three), tt.events...), "restored at every event")
		})
	}
}

func TestPostsOutOfOrder(t *testing.T) {
	wave := every(minute, 0, 3)
	now := said{post: "now", after: 50 * minute}
	t.Run("a late wave fires and keeps firing from now", func(t *testing.T) {
		m := New(options(t, three+", keep_firing_for: 5m"))
		require.Equal(t, []string{"+12:02:10 r0 3"}, play(m, append([]said{now, wave[2], wave[0], wave[1]}, wave...)...)[:1])
	})
	t.Run("posts behind the lateness do not count", func(t *testing.T) {
		m := New(options(t, three, three))
		now.after = 2 * time.Hour
		require.Empty(t, play(m, append([]said{now}, wave...)...))
		require.EqualValues(t, 3, m.Stats().Late, "each once, for both rules")
	})
	t.Run("a late leak alerts all the same, once", func(t *testing.T) {
		m := New(options(t, "measure: mention, filter: 'score >= 50.0'"))
		leak := said{post: "leak", score: 80}
		require.Len(t, play(m, said{post: "now", after: 100 * time.Hour}, leak, leak), 1)
	})
	t.Run("a clock that runs ahead is not believed", func(t *testing.T) {
		m := New(options(t, three))
		ahead := said{post: "ahead", after: 100 * time.Hour, score: 10}.assessment()
		ahead.Provenance = &earshotv1.Provenance{ObservedAt: timestamppb.New(noon)}
		require.Empty(t, m.Apply(ahead, noon))
		require.Equal(t, []string{"+12:00:01 r0 3"}, play(m, said{post: "a", score: 10}, said{post: "b", score: 10, after: second}))
	})
}

// A leak whose post the machine has long let go of comes again where a history is
// replayed: it is the alert that it was, which receivers know.
func TestAReplayedLeakIsTheSameAlert(t *testing.T) {
	m := New(options(t, "measure: mention, filter: 'score >= 50.0'"))
	ids := map[string]bool{}
	leak := said{post: "leak", after: time.Minute, score: 60}
	for range 2 {
		fired := m.Apply(leak.assessment(), noon)
		require.NotEmpty(t, fired)
		ids[fired[0].GetId()] = true
		require.Equal(t, noon.Add(time.Minute), fired[0].GetStartsAt().AsTime())
		for i := range 60 {
			m.Apply(said{post: fmt.Sprint("other", i), after: time.Duration(i+1) * time.Hour}.assessment(), noon)
		}
	}
	require.Len(t, ids, 1)
}

func TestOrderWithinTheLatenessDoesNotChangeWhichGroupsAlert(t *testing.T) {
	events := append(every(20*second, 0, 20), every(5*minute, 30*minute, 4)...)
	want := alertsOf(New(options(t, three+", keep_firing_for: 1h")), events)
	for seed := range uint64(20) {
		shuffled := append([]said(nil), events...)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		require.Len(t, alertsOf(New(options(t, three+", keep_firing_for: 1h")), shuffled), len(want), "seed %d", seed)
	}
}

func alertsOf(m *Machine, events []said) []string { return play(m, events...) }

func TestSilenceResolves(t *testing.T) {
	m := New(options(t, three))
	require.Len(t, play(m, every(minute, 0, 3)...), 1)
	recorded := noon.Add(2*minute + second)
	require.Empty(t, m.Tick(recorded.Add(5*minute)), "not before the brand was silent for long enough")
	require.Equal(t, []string{"-12:10:00 r0 3"}, lines(m.Tick(recorded.Add(9*minute))))

	t.Run("a brand that is silent while another talks", func(t *testing.T) {
		m := New(options(t, three))
		require.Len(t, play(m, every(minute, 0, 3)...), 1)
		require.Equal(t, []string{"-12:10:00 r0 3"}, play(m, said{post: "z", brand: "other", after: 20 * minute}))
	})
	t.Run("silence does not make posts late", func(t *testing.T) {
		m := New(options(t, three))
		play(m, said{post: "a", score: 10})
		m.Tick(noon.Add(1000 * time.Hour))
		require.Len(t, play(m, said{post: "b", score: 10, after: second}, said{post: "c", score: 10, after: 2 * second}), 2, "fires, and is over")
	})
}

func TestAlertTellsItsStory(t *testing.T) {
	parsed, err := rule.Parse(rule.Source{Name: "t.yaml", Data: []byte(`
rules:
  - name: wave
    filter: score >= 10.0
    measure: count
    window: 10m
    limit: 7
    group_by: [platform]
    severity: critical
    labels: {team: comms}
    annotations: {summary: "{{ .Brand }} on {{ .Group.platform }}: {{ number .Observed }}", description: "{{ .Why }}"}
`)})
	require.NoError(t, err)
	m := New(Options{Rules: parsed, Lateness: time.Hour, Idle: time.Hour})
	var got []*earshotv1.Alert
	for i, e := range every(minute, 0, 7) {
		e.score = float64(10 + i)
		a := e.assessment()
		a.Post.Text = strings.Repeat("é", 300)
		got = append(got, m.Apply(a, noon)...)
	}
	require.Len(t, got, 1)
	a := got[0]
	require.NoError(t, schemas.ValidateAlert(a))
	require.Equal(t, "wave", a.GetRule())
	require.Equal(t, map[string]string{"brand": "acme", "platform": "x"}, a.GetGroup())
	require.Equal(t, map[string]string{"team": "comms"}, a.GetLabels())
	require.Equal(t, "acme on x: 7", a.GetAnnotations()["summary"])
	require.Equal(t, "why p0s-6", a.GetAnnotations()["description"])
	require.Equal(t, noon.Add(-4*minute+10*second), a.GetWindowStart().AsTime())
	require.Equal(t, 10*minute, a.GetWindowEnd().AsTime().Sub(a.GetWindowStart().AsTime()))
	require.Equal(t, noon.Add(6*minute), a.GetStartsAt().AsTime())
	require.Len(t, a.GetSamples(), 5)
	require.Equal(t, []float64{16, 15, 14, 13, 12}, []float64{a.Samples[0].Score, a.Samples[1].Score, a.Samples[2].Score, a.Samples[3].Score, a.Samples[4].Score})
	require.Len(t, []rune(a.GetSamples()[0].GetExcerpt()), maxExcerpt)
	require.True(t, strings.HasSuffix(a.GetSamples()[0].GetExcerpt(), "…"))

	deleted := said{post: "p0s-6", gone: true, op: earshotv1.PostOp_POST_OP_DELETED}.assessment()
	require.Empty(t, m.Apply(deleted, noon))
	ended := m.Apply(said{post: "later", after: time.Hour}.assessment(), noon)
	require.Len(t, ended, 1)
	require.Equal(t, a.GetId(), ended[0].GetId())
	require.Len(t, ended[0].GetSamples(), 4, "what was deleted is shown no more")
	require.Equal(t, earshotv1.AlertState_ALERT_STATE_FIRING, a.GetState(), "what was handed out stays as it was")
}

func TestExcerptKeepsShortTexts(t *testing.T) {
	for _, n := range []int{0, 1, maxExcerpt - 1, maxExcerpt} {
		require.Equal(t, strings.Repeat("é", n), excerpt(strings.Repeat("é", n)))
	}
}

func TestFailingRuleIsCounted(t *testing.T) {
	m := New(options(t, "measure: mention, filter: '1 / post.revision > 0'", three))
	require.Len(t, play(m, every(minute, 0, 3)...), 1, "the other rule goes on")
	require.EqualValues(t, 3, m.Stats().Failed)
}

func TestLiveAlertsAreBounded(t *testing.T) {
	m := New(options(t, "measure: mention, filter: 'true', keep_firing_for: 1000h"))
	got := play(m, every(second, 0, maxLive+10)...)
	require.Len(t, got, maxLive+20, "ten were resolved early")
}

func TestMemoryIsBounded(t *testing.T) {
	m := New(options(t, "measure: count, filter: 'true', window: 1h, limit: 1000000, group_by: [author.id]", "measure: count, filter: 'true', window: 168h, limit: 1000000"))
	for i := range 40_000 {
		m.Apply(said{post: fmt.Sprint(i), author: fmt.Sprint("u", i), after: time.Duration(i) * 10 * time.Millisecond}.assessment(), noon)
		require.LessOrEqual(t, m.weight, maxWeight+2*(1+seriesWeight))
	}
	require.Positive(t, m.Stats().Dropped)
	counted := 0
	for _, tr := range m.brands["acme"].trackers {
		require.Equal(t, len(tr.posts), weigh(tr)-seriesWeight*len(tr.groups))
		counted += weigh(tr)
	}
	require.Equal(t, counted, m.weight, "the books are right")
}

func TestFullMemoryForgetsWhoButNotHowMany(t *testing.T) {
	const posts = maxWeight + maxWeight/4
	m := New(options(t, "measure: count, filter: 'true', window: 168h, limit: "+fmt.Sprint(posts)))
	got := play(m, every(time.Millisecond, 0, posts)...)
	require.Equal(t, []string{fmt.Sprintf("+12:04:09 r0 %.4g", float64(posts))}, got)
	require.Positive(t, m.Stats().Dropped)
	restored, _, err := Restore(m.options, m.Snapshot())
	require.NoError(t, err)
	require.True(t, bytes.Equal(encoded(t, m.Snapshot()), encoded(t, restored.Snapshot())))
}

// encoded is a state in bytes that are the same for the same state.
func encoded(t *testing.T, state *earshotv1.AlerterState) []byte {
	t.Helper()
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(state)
	require.NoError(t, err)
	return value
}

func weigh(t *tracker) int {
	n := seriesWeight * len(t.groups)
	for _, s := range t.groups {
		for _, b := range s.buckets {
			n += len(b.posts)
		}
	}
	return n
}

func TestOldPostsAreForgotten(t *testing.T) {
	m := New(options(t, three))
	play(m, every(10*minute, 0, 500)...)
	require.Less(t, m.weight, 40, "window and lateness hold seven posts")
}

func TestSharedAlertIsNotChangedByItsSuccessor(t *testing.T) {
	m := New(options(t, three))
	var fired *earshotv1.Alert
	for _, e := range every(minute, 0, 3) {
		if got := m.Apply(e.assessment(), noon); len(got) > 0 {
			fired = proto.CloneOf(got[0])
		}
	}
	require.Len(t, fired.GetSamples(), 3)
}
