package writer

import (
	"context"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

var published = time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC)

// mention is one judged post, as a test varies it.
type mention struct {
	native   string
	revision uint32
	op       earshotv1.PostOp
	brand    string
	text     string
	gone     bool // matched is false
	engine   string
	created  time.Time
	judged   time.Duration // after published
}

// event makes a valid assessment; its id is made of the same things as the engine's.
func (m mention) event() *earshotv1.Assessment {
	m.engine = orElse(m.engine, "1.0.0")
	m.brand = orElse(m.brand, "tidewell")
	if m.op == 0 {
		m.op = earshotv1.PostOp_POST_OP_CREATED
	}
	if m.created.IsZero() {
		m.created = published
	}
	a := &earshotv1.Assessment{
		Id: hash(m.native, m.revision, m.op, m.brand, m.engine), BrandId: m.brand, Op: m.op, Matched: !m.gone,
		Post: &earshotv1.Post{
			Id: "x:" + m.native, Platform: "x", NativeId: m.native, Revision: m.revision, Kind: earshotv1.PostKind_POST_KIND_MENTION,
			Text: m.text, CreatedAt: timestamppb.New(m.created), Url: "https://x.com/dana/status/" + m.native,
			Author: &earshotv1.Author{Id: "u1", Handle: "@dana", Name: "Dana Kerr", Followers: 180},
			Labels: map[string]string{"campaign": "spring"},
		},
		Versions:   &earshotv1.Versions{Engine: m.engine, Packs: map[string]string{"finra": "1.0.0"}},
		Provenance: &earshotv1.Provenance{Source: "http", SourceType: "http", ObservedAt: timestamppb.New(m.created.Add(time.Second))},
		AssessedAt: timestamppb.New(published.Add(2*time.Second + m.judged)),
	}
	if m.op == earshotv1.PostOp_POST_OP_DELETED {
		a.Matched = false
		a.Post = &earshotv1.Post{Id: a.GetPost().GetId(), Platform: "x", NativeId: m.native, Revision: m.revision, Kind: a.GetPost().GetKind()}
	}
	if a.GetMatched() {
		judge(a)
	}
	return a
}

func judge(a *earshotv1.Assessment) {
	info, accept := earshotv1.Level_LEVEL_INFO, earshotv1.Outcome_OUTCOME_ACCEPT
	a.Match = &earshotv1.BrandMatch{Likelihood: 1, Reason: "name", Spans: []*earshotv1.Span{{Start: 0, End: 4}}}
	a.Score, a.Level = 10.4, earshotv1.Level_LEVEL_LOW
	a.Sentiment = &earshotv1.Sentiment{Label: "negative", Negative: 0.8, Neutral: 0.15, Positive: 0.05}
	a.Categories = []*earshotv1.CategoryAssessment{
		{
			Category: earshotv1.Category_CATEGORY_REPUTATION, Likelihood: 0.93, Impact: 0.111, Score: 10.4,
			Level: earshotv1.Level_LEVEL_LOW, Outcome: earshotv1.Outcome_OUTCOME_MONITOR,
			Findings: []*earshotv1.Finding{
				{Kind: "complaint", Rule: "reputation.complaint", Likelihood: 0.93, Impact: 0.1, Why: "Says " + a.GetPost().GetText(), Masked: "***"},
				{Kind: "abuse", Rule: "reputation.abuse", Likelihood: 0.2, Impact: 0.1},
			},
		},
		{Category: earshotv1.Category_CATEGORY_LEAKAGE, Level: info, Outcome: accept},
		{Category: earshotv1.Category_CATEGORY_COMPLIANCE, Level: info, Outcome: accept},
	}
}

func orElse(value, other string) string {
	if value == "" {
		return other
	}
	return value
}

func hash(parts ...any) string {
	h := fnv.New128a()
	_, _ = fmt.Fprint(h, parts...)
	return hex.EncodeToString(h.Sum(nil))
}

// log is a partition of the assessments' topic in a test's hands.
type log struct{ messages []bus.Message }

func newLog(t *testing.T, mentions ...mention) log {
	t.Helper()
	var l log
	for _, m := range mentions {
		value, err := m.event().MarshalVT()
		require.NoError(t, err)
		l.messages = append(l.messages, bus.Message{
			Topic: bus.TopicAssessments, Offset: int64(len(l.messages)), Value: value, Time: published.Add(time.Duration(len(l.messages)) * time.Second),
		})
	}
	return l
}

// write gives the messages from first up to last to a writer that knows of none before.
func (l log) write(t *testing.T, s database, first, last int) {
	t.Helper()
	m, err := newMetrics()
	require.NoError(t, err)
	rejects, err := newAssessments(s, m).handle(t.Context(), l.messages[first:last])
	require.NoError(t, err)
	require.Empty(t, rejects)
}

const (
	created = earshotv1.PostOp_POST_OP_CREATED
	edited  = earshotv1.PostOp_POST_OP_EDITED
	deleted = earshotv1.PostOp_POST_OP_DELETED
)

// views is what a user sees of the posts, in a fixed order.
func views(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	return map[string]string{
		"mentions":         query(t, s, "SELECT post_id, brand_id, revision, text FROM mentions ORDER BY ALL"),
		"posts":            query(t, s, "SELECT post_id, revision, op, text FROM posts ORDER BY ALL"),
		"posts_current":    query(t, s, "SELECT post_id, revision, text FROM posts_current ORDER BY ALL"),
		"findings":         query(t, s, "SELECT post_id, brand_id, revision, kind FROM findings ORDER BY ALL"),
		"findings_current": query(t, s, "SELECT post_id, brand_id, revision, kind FROM findings_current ORDER BY ALL"),
		"per minute":       query(t, s, "SELECT minute, brand_id, category, level, mentions, negative FROM mentions_per_minute WHERE category = 'reputation' ORDER BY ALL"),
	}
}

func TestRepeatsAreShownOnce(t *testing.T) {
	all := newLog(t,
		mention{native: "1", text: "one"}, mention{native: "2", text: "two"}, mention{native: "3", text: "three"},
		mention{native: "3", brand: "gull-air", text: "three"}, mention{native: "2", revision: 1, op: edited, text: "two, edited"},
	)
	want := map[string]string{
		"mentions":         "x:1\ttidewell\t0\tone\nx:2\ttidewell\t1\ttwo, edited\nx:3\tgull-air\t0\tthree\nx:3\ttidewell\t0\tthree",
		"posts":            "x:1\t0\tcreated\tone\nx:2\t0\tcreated\ttwo\nx:2\t1\tedited\ttwo, edited\nx:3\t0\tcreated\tthree",
		"posts_current":    "x:1\t0\tone\nx:2\t1\ttwo, edited\nx:3\t0\tthree",
		"findings":         "x:1\ttidewell\t0\tcomplaint\nx:1\ttidewell\t0\tabuse\nx:2\ttidewell\t0\tcomplaint\nx:2\ttidewell\t0\tabuse\nx:2\ttidewell\t1\tcomplaint\nx:2\ttidewell\t1\tabuse\nx:3\tgull-air\t0\tcomplaint\nx:3\tgull-air\t0\tabuse\nx:3\ttidewell\t0\tcomplaint\nx:3\ttidewell\t0\tabuse",
		"findings_current": "x:1\ttidewell\t0\tcomplaint\nx:1\ttidewell\t0\tabuse\nx:2\ttidewell\t1\tcomplaint\nx:2\ttidewell\t1\tabuse\nx:3\tgull-air\t0\tcomplaint\nx:3\tgull-air\t0\tabuse\nx:3\ttidewell\t0\tcomplaint\nx:3\ttidewell\t0\tabuse",
		"per minute":       "2026-03-02 09:14:00\tgull-air\treputation\tlow\t1\t1\n2026-03-02 09:14:00\ttidewell\treputation\tlow\t3\t3",
	}
	tests := map[string][][2]int{
		"once":                     {{0, 5}},
		"the same batch twice":     {{0, 5}, {0, 5}},
		"overlapping batches":      {{0, 3}, {1, 4}, {2, 5}, {0, 2}},
		"one by one, then at once": {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {0, 5}},
		"the edit first":           {{4, 5}, {0, 4}},
		"from the start once more": {{0, 2}, {2, 5}, {0, 2}, {2, 5}},
	}
	for name, batches := range tests {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			for _, b := range batches {
				all.write(t, s, b[0], b[1])
			}
			got := views(t, s)
			for _, kinds := range []string{"findings", "findings_current"} {
				require.ElementsMatch(t, strings.Split(want[kinds], "\n"), strings.Split(got[kinds], "\n"), kinds)
				delete(got, kinds)
			}
			for view, rows := range got {
				require.Equal(t, want[view], rows, view)
			}
		})
	}
}

func TestSameBlockIsStoredOnce(t *testing.T) {
	s := openStore(t)
	l := newLog(t, mention{native: "1"}, mention{native: "2"})
	for range 3 {
		l.write(t, s, 0, 2)
	}
	require.Equal(t, "2", query(t, s, "SELECT count() FROM assessments"), "the token, not the merge")
}

func TestTopicMadeAnewIsNotTakenForTheOld(t *testing.T) {
	s := openStore(t)
	newLog(t, mention{native: "1"}).write(t, s, 0, 1)
	anew := newLog(t, mention{native: "2"})
	anew.messages[0].Time = published.Add(time.Hour)
	anew.write(t, s, 0, 1)
	require.Equal(t, "2", query(t, s, "SELECT count() FROM mentions"))
}

func TestOneRowAPostAndBrandWhateverComes(t *testing.T) {
	tests := map[string]struct {
		mentions []mention
		want     string // of the view mentions
		kept     string // of the table, after merging
	}{
		"seen first as edited": {
			[]mention{{native: "1", revision: 2, text: "late"}, {native: "1", text: "early"}},
			"x:1\ttidewell\t2\tlate", "",
		},
		"the same revision as created and as edited": {
			[]mention{{native: "1", revision: 1, text: "same"}, {native: "1", revision: 1, op: edited, text: "same", judged: time.Second}},
			"x:1\ttidewell\t1\tsame", "",
		},
		"a later judgement of another engine": {
			[]mention{{native: "1", text: "old"}, {native: "1", text: "new", engine: "1.1.0", judged: time.Hour}},
			"x:1\ttidewell\t0\tnew", "1.0.0\told\n1.1.0\tnew",
		},
		"an earlier judgement that comes late": {
			[]mention{{native: "1", text: "new", engine: "1.1.0", judged: time.Hour}, {native: "1", text: "old"}},
			"x:1\ttidewell\t0\tnew", "1.0.0\told\n1.1.0\tnew",
		},
		"another time of publication, a month away": {
			[]mention{{native: "1", text: "a"}, {native: "1", text: "b", created: published.AddDate(0, -1, 0), judged: time.Hour}},
			"x:1\ttidewell\t0\tb", "",
		},
		"an edit that no longer concerns one of two brands": {
			[]mention{
				{native: "1", text: "both"},
				{native: "1", brand: "gull-air", text: "both"},
				{native: "1", revision: 1, op: edited, text: "one"},
				{native: "1", brand: "gull-air", revision: 1, op: edited, gone: true},
			},
			"x:1\ttidewell\t1\tone", "",
		},
		"a deletion": {
			[]mention{{native: "1", text: "a"}, {native: "1", op: deleted}},
			"", "",
		},
		"a deletion that comes first": {
			[]mention{{native: "1", op: deleted}, {native: "1", text: "a"}, {native: "1", revision: 3, op: edited, text: "b"}},
			"", "",
		},
	}
	for name, test := range tests {
		for _, together := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, together %v", name, together), func(t *testing.T) {
				s := openStore(t)
				l := newLog(t, test.mentions...)
				if together {
					l.write(t, s, 0, len(l.messages))
				} else {
					for i := range l.messages {
						l.write(t, s, i, i+1)
					}
				}
				require.Equal(t, test.want, query(t, s, "SELECT post_id, brand_id, revision, text FROM mentions ORDER BY ALL"))
				query(t, s, "OPTIMIZE TABLE assessments FINAL")
				require.Equal(t, test.want, query(t, s, "SELECT post_id, brand_id, revision, text FROM mentions ORDER BY ALL"), "after merging")
				if test.kept != "" {
					require.Equal(t, test.kept, query(t, s, "SELECT engine, text FROM assessments ORDER BY ALL"), "no judgement is lost")
				}
			})
		}
	}
}

func TestDeletionErases(t *testing.T) {
	s := openStore(t)
	l := newLog(t,
		mention{native: "1", text: "unspeakable"}, mention{native: "1", revision: 1, op: edited, text: "unspeakable too"},
		mention{native: "1", brand: "gull-air", text: "unspeakable"}, mention{native: "2", text: "stays"},
		mention{native: "1", revision: 2, op: deleted}, mention{native: "1", revision: 1, op: edited, text: "unspeakable, late"},
	)
	writeAlert(t, s, &earshotv1.Alert{Samples: []*earshotv1.AlertSample{
		{PostId: "x:1", Excerpt: "unspeakable", AuthorHandle: "@dana", Url: "https://x.com/dana/status/1", Why: "unspeakable"}, {PostId: "x:2", Excerpt: "stays"},
	}})
	l.write(t, s, 0, 4)
	erased, err := s.Erase(t.Context())
	require.NoError(t, err)
	require.Zero(t, erased, "nothing was deleted yet")

	l.write(t, s, 4, 5)
	require.Equal(t, "x:1\t0\t\t1\nx:1\t1\t\t1\nx:1\t2\t\t1\nx:2\t0\tstays\t0",
		query(t, s, "SELECT post_id, revision, text, deleted FROM posts ORDER BY ALL"), "hidden before it is erased")
	const traces = `SELECT count() FROM assessments WHERE concat(text, arrayStringConcat(findings.why), author_handle, toString(labels), url) LIKE '%unspeakable%'
		OR (native_id = '1' AND (author_handle != '' OR author_followers != 0 OR notEmpty(labels) OR url LIKE '%dana%'))`
	for round, extra := range [][2]int{{0, 0}, {5, 6}} { // a revision that comes after the erasure goes too
		if extra[1] > 0 {
			l.write(t, s, extra[0], extra[1])
		}
		_, err = s.Erase(t.Context())
		require.NoError(t, err)
		require.Equal(t, "0", query(t, s, traces), "round %d", round)
	}
	require.Equal(t, "x:2\tstays\t@dana", query(t, s, "SELECT post_id, text, author_handle FROM mentions"))
	require.Equal(t, "['','stays']\t['','']\t['','']", query(t, s, "SELECT samples.excerpt, samples.why, samples.author_handle FROM alerts_current"))
	require.NotEqual(t, "0", query(t, s, "SELECT count() FROM findings WHERE post_id = 'x:1' AND likelihood > 0"), "the judgement stays")
	erased, err = s.Erase(t.Context())
	require.NoError(t, err)
	require.Zero(t, erased, "nothing is left to erase")
}

// alertEvent completes an alert to a valid one.
func alertEvent(a *earshotv1.Alert) *earshotv1.Alert {
	a.Rule, a.Severity, a.Measure, a.Limit, a.Observed = "boycott", "critical", "count", 20, 31
	a.Id = orElse(a.GetId(), hash(a.GetRule()))
	if a.GetState() == 0 {
		a.State = earshotv1.AlertState_ALERT_STATE_FIRING
	}
	a.WindowStart, a.WindowEnd = timestamppb.New(published), timestamppb.New(published.Add(time.Hour))
	a.StartsAt = a.GetWindowEnd()
	return a
}

// writeAlert stores states of alerts, a second apart, in one batch.
func writeAlert(t *testing.T, s database, states ...*earshotv1.Alert) {
	t.Helper()
	m, err := newMetrics()
	require.NoError(t, err)
	batch := make([]bus.Message, len(states))
	for i, a := range states {
		value, err := alertEvent(a).MarshalVT()
		require.NoError(t, err)
		batch[i] = bus.Message{Topic: bus.TopicAlerts, Offset: int64(i), Value: value, Time: published.Add(time.Duration(i) * time.Second)}
	}
	rejects, err := newAlerts(s, m).handle(t.Context(), batch)
	require.NoError(t, err)
	require.Empty(t, rejects)
}

func TestAlertIsShownOnceInItsNewestState(t *testing.T) {
	s := openStore(t)
	firing := func() *earshotv1.Alert { return &earshotv1.Alert{BrandId: "tidewell"} }
	resolved := &earshotv1.Alert{BrandId: "tidewell", State: earshotv1.AlertState_ALERT_STATE_RESOLVED, EndsAt: timestamppb.New(published.Add(2 * time.Hour))}
	writeAlert(t, s, firing(), firing(), resolved, &earshotv1.Alert{Id: hash("other"), BrandId: "gull-air"})
	writeAlert(t, s, firing()) // the log from its start once more
	require.Equal(t, "gull-air\tfiring\t1970-01-01 00:00:00.000\ntidewell\tresolved\t2026-03-02 11:14:00.000",
		query(t, s, "SELECT brand_id, state, ends_at FROM alerts_current ORDER BY brand_id"))
}

func TestBrokenMessagesAreRejectedAndTheRestIsStored(t *testing.T) {
	s := openStore(t)
	l := newLog(t, mention{native: "1", text: "fine"}, mention{native: "2"}, mention{native: "3"})
	l.messages[1].Value = []byte{0xff, 0xff}
	invalid := mention{native: "3"}.event()
	invalid.BrandId = ""
	l.messages[2].Value, _ = invalid.MarshalVT()
	m, err := newMetrics()
	require.NoError(t, err)
	rejects, err := newAssessments(s, m).handle(t.Context(), l.messages)
	require.NoError(t, err)
	require.Len(t, rejects, 2)
	require.Equal(t, []int{1, 2}, []int{rejects[0].Index, rejects[1].Index})
	require.Equal(t, []string{"undecodable", "invalid"}, []string{rejects[0].Reason, rejects[1].Reason})
	require.Equal(t, "x:1", query(t, s, "SELECT post_id FROM mentions"))

	rejects, err = newAssessments(s, m).handle(t.Context(), l.messages[1:])
	require.NoError(t, err, "a batch of nothing but broken messages is no insert")
	require.Len(t, rejects, 2)
}

// hurt is a store with faults around its inserts.
type hurt struct {
	*store.Store
	faults testkit.Faults
}

func (h hurt) Insert(ctx context.Context, b store.Block) error {
	if err := h.faults.Before(); err != nil {
		return err
	}
	if err := h.Store.Insert(ctx, b); err != nil {
		return err
	}
	h.faults.After()
	return nil
}

func TestDelivery(t *testing.T) {
	rooms := map[string]struct {
		topic, group, effects string
		message               func(id string) bus.Message
	}{
		"assessments": {
			bus.TopicAssessments, Group, "SELECT native_id FROM mentions",
			func(id string) bus.Message {
				value, err := mention{native: id, text: id}.event().MarshalVT()
				require.NoError(t, err)
				return bus.Message{Key: []byte("tidewell"), Value: value}
			},
		},
		"alerts": {
			bus.TopicAlerts, GroupAlerts, "SELECT brand_id FROM alerts_current",
			func(id string) bus.Message {
				value, err := alertEvent(&earshotv1.Alert{Id: hash(id), BrandId: id}).MarshalVT()
				require.NoError(t, err)
				return bus.Message{Key: []byte(id), Value: value}
			},
		},
		"reviews": {
			bus.TopicReviews, GroupReviews, "SELECT brand_id FROM reviews_current",
			func(id string) bus.Message {
				value, err := reviewEvent(&earshotv1.Review{PostId: "x:" + id, BrandId: id}, 0).MarshalVT()
				require.NoError(t, err)
				return bus.Message{Key: []byte("x:" + id), Value: value}
			},
		},
	}
	for name, room := range rooms {
		t.Run(name, func(t *testing.T) {
			testkit.Delivery(t, testkit.Room{
				Topic: room.topic, Group: room.group, Message: room.message,
				Open: func(t *testing.T, config bus.Config) testkit.Instance {
					s := openStore(t)
					return testkit.Instance{
						Run: func(ctx context.Context, faults testkit.Faults) error {
							c := DefaultConfig()
							c.BatchRows, c.BatchDelay = 3, 20*time.Millisecond
							return run(ctx, c, Deps{Bus: config, Logger: slog.New(slog.DiscardHandler)}, hurt{s, faults})
						},
						Effects: func(t *testing.T) map[string]int {
							seen := map[string]int{}
							for id := range strings.FieldsSeq(query(t, s, room.effects)) {
								seen[id]++
							}
							return seen
						},
					}
				},
			})
		})
	}
}

func TestOldSchemaEndsTheStart(t *testing.T) {
	err := Run(t.Context(), DefaultConfig(), Deps{Bus: bus.DefaultConfig(), Store: storeConfig(t), Logger: slog.New(slog.DiscardHandler)})
	require.ErrorIs(t, err, store.ErrSchemaOld)
}
