package classifier

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
)

// promise is worded by none of the rules; who says it works for Acme Bank.
const promise = "With me your savings simply put on weight, you will not come out of this any poorer at Acme Bank"

func byEmployee(id, text string) *earshotv1.PostEvent {
	ev := event(id, text)
	ev.Post.Kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	return ev
}

// answers is an asker by a function; it keeps the questions.
type answers struct {
	mu    sync.Mutex
	asked []opinion.Question
	by    func(ctx context.Context, q opinion.Question) (opinion.Scores, bool, error)
}

func (a *answers) Ask(ctx context.Context, q opinion.Question) (opinion.Scores, bool, error) {
	a.mu.Lock()
	a.asked = append(a.asked, q)
	a.mu.Unlock()
	return a.by(ctx, q)
}

func (a *answers) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.asked)
}

func scores(p float64) func(context.Context, opinion.Question) (opinion.Scores, bool, error) {
	return func(context.Context, opinion.Question) (opinion.Scores, bool, error) {
		return opinion.Scores{"promissory": p}, false, nil
	}
}

func fail(err error) func(context.Context, opinion.Question) (opinion.Scores, bool, error) {
	return func(context.Context, opinion.Question) (opinion.Scores, bool, error) { return nil, false, err }
}

// desk is a handler with second opinions in a test's hands.
type desk struct {
	*handler

	t     *testing.T
	out   *kept
	asker *answers
	read  *metric.ManualReader
	log   bytes.Buffer
}

func newDesk(t *testing.T, by func(context.Context, opinion.Question) (opinion.Scores, bool, error)) *desk {
	t.Helper()
	d := &desk{t: t, out: &kept{}, asker: &answers{by: by}, read: metric.NewManualReader()}
	before := otel.GetMeterProvider()
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(d.read)))
	t.Cleanup(func() { otel.SetMeterProvider(before) })
	e := newEngine(t)
	d.handler = newHandler(t, e, d.out)
	m, err := newOpinionMetrics(t.Context())
	require.NoError(t, err)
	d.amend = &amender{
		engine: e, asker: d.asker, version: "bert-1", from: 0, to: 1, workers: 2, out: d.out, metrics: m,
		logger: slog.New(slog.NewTextHandler(&d.log, nil)), queue: make(chan *pending, 2), latest: map[string]*pending{},
	}
	return d
}

// judge handles events as one batch.
func (d *desk) judge(events ...*earshotv1.PostEvent) {
	d.t.Helper()
	var batch []bus.Message
	for _, ev := range events {
		batch = append(batch, message(d.t, ev))
	}
	rejects, err := d.handle(d.t.Context(), batch)
	require.NoError(d.t, err)
	require.Empty(d.t, rejects)
}

// settle asks about all that waits, within a bubble.
func (d *desk) settle() {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan error)
	go func() { done <- d.amend.run(ctx) }()
	synctest.Wait()
	cancel()
	require.NoError(d.t, <-done)
}

// counts are the metrics of second opinions by name and label.
func (d *desk) counts() map[string]int64 {
	d.t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(d.t, d.read.Collect(d.t.Context(), &all))
	out := map[string]int64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			sum, ok := m.Data.(metricdata.Sum[int64])
			if !ok {
				continue
			}
			for _, p := range sum.DataPoints {
				for _, label := range []attribute.Key{"result", "reason"} {
					if v, ok := p.Attributes.Value(label); ok && p.Value > 0 {
						out[v.AsString()] += p.Value
					}
				}
				if m.Name == "earshot_classifier_amended_assessments" && p.Value > 0 {
					out["amended"] += p.Value
				}
			}
		}
	}
	delete(out, "loaded")
	return out
}

func TestAnOpinionAmendsTheAssessment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, scores(1))
		d.judge(byEmployee("1", promise))
		require.Len(t, d.out.messages, 1, "nobody waits for a second opinion")
		require.Zero(t, d.asker.count())
		d.settle()
		require.Len(t, d.out.messages, 2)
		all := d.out.assessments(t)
		first, second := all[0], all[1]
		require.Equal(t, first.GetId(), second.GetId())
		require.True(t, second.GetAssessedAt().AsTime().After(first.GetAssessedAt().AsTime()))
		require.Greater(t, second.GetCategories()[2].GetLikelihood(), first.GetCategories()[2].GetLikelihood())
		require.Equal(t, "bert-1", second.GetVersions().GetPacks()["second_opinion"])
		require.Equal(t, "acme", string(d.out.messages[1].Key))
		require.Equal(t, first.GetId(), d.out.messages[0].Header("ce_id"))
		require.Equal(t, first.GetId()+"-second-opinion", d.out.messages[1].Header("ce_id"), "it is another event")
		require.Equal(t, map[string]int64{"answered": 1, "amended": 1}, d.counts())
		require.Equal(t, promise, d.asker.asked[0].Text)
		require.Equal(t, "emp", d.asker.asked[0].Who)
		require.Empty(t, d.amend.latest, "nothing is kept")
	})
}

func TestWhatBecomesOfAQuestion(t *testing.T) {
	for _, tc := range []struct {
		name string
		by   func(context.Context, opinion.Question) (opinion.Scores, bool, error)
		want map[string]int64
	}{
		{"answered, no news", scores(0.5), map[string]int64{"answered": 1}},
		{"answered before", func(context.Context, opinion.Question) (opinion.Scores, bool, error) {
			return opinion.Scores{"promissory": 0}, true, nil
		}, map[string]int64{"cached": 1, "amended": 1}},
		{"failed", fail(errors.New("broken")), map[string]int64{"failed": 1}},
		{"budget spent", fail(opinion.ErrSpent), map[string]int64{"budget": 1}},
		{"left alone", fail(opinion.ErrResting), map[string]int64{"resting": 1}},
		{"panic", func(context.Context, opinion.Question) (opinion.Scores, bool, error) { panic(promise) }, map[string]int64{"failed": 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, tc.by)
				d.judge(byEmployee("1", promise))
				d.settle()
				counts := d.counts()
				require.Equal(t, tc.want["amended"], counts["amended"])
				require.Len(t, d.out.messages, 1+int(tc.want["amended"]))
				for name, n := range tc.want {
					require.Equal(t, n, counts[name], name)
				}
				require.NotContains(t, d.log.String(), "savings", "no post in a log")
				require.Empty(t, d.amend.latest)
			})
		})
	}
}

// broken is an engine whose second opinions panic.
type broken struct{ reviser }

func (broken) Doubts(*earshotv1.PostEvent, []*earshotv1.Assessment, float64, float64) []engine.Doubt {
	panic(promise)
}

func TestAFaultInDoubtsLeavesTheJudgement(t *testing.T) {
	d := newDesk(t, scores(1))
	d.amend.engine = broken{d.amend.engine}
	d.judge(byEmployee("1", promise))
	require.Len(t, d.out.messages, 1, "and no dead letter")
	require.Equal(t, map[string]int64{"failed": 1}, d.counts())
	require.NotContains(t, d.log.String(), "savings")
}

func TestNobodyIsAskedAbout(t *testing.T) {
	deleted := byEmployee("1", "")
	deleted.Op = earshotv1.PostOp_POST_OP_DELETED
	for name, ev := range map[string]*earshotv1.PostEvent{
		"the public": event("1", promise), "what concerns nobody": event("1", "nothing of interest"), "a deletion": deleted,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, scores(1))
				d.judge(ev)
				d.settle()
				require.Zero(t, d.asker.count())
				require.Empty(t, d.counts())
			})
		})
	}
}

func TestAFullQueueHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, scores(1))
		var events []*earshotv1.PostEvent
		for _, id := range []string{"1", "2", "3", "4", "5"} {
			events = append(events, byEmployee(id, promise))
		}
		d.judge(events...)
		require.Len(t, d.out.messages, 5)
		require.Equal(t, map[string]int64{"queue_full": 3}, d.counts())
		d.settle()
		require.Len(t, d.out.messages, 7)
	})
}

func TestANewerEventTakesTheQuestionAway(t *testing.T) {
	edited, deleted := byEmployee("1", "Lunch at Acme Bank"), byEmployee("1", "")
	edited.Op, edited.Post.Revision, edited.Post.EditedAt = earshotv1.PostOp_POST_OP_EDITED, 1, edited.Post.CreatedAt
	deleted.Op = earshotv1.PostOp_POST_OP_DELETED
	for name, tc := range map[string]struct {
		newer *earshotv1.PostEvent
		asked int
	}{
		"a deletion": {deleted, 0}, "an edit": {edited, 1}, "the same again": {byEmployee("1", promise), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, scores(0.9))
				d.judge(byEmployee("1", promise), tc.newer)
				d.settle()
				require.Equal(t, tc.asked, d.asker.count())
				require.Equal(t, int64(1), d.counts()["superseded"])
				require.Empty(t, d.amend.latest)
			})
		})
	}
}

func TestADeletionWhileTheModelThinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		thinks := make(chan struct{})
		d := newDesk(t, func(context.Context, opinion.Question) (opinion.Scores, bool, error) {
			<-thinks
			return opinion.Scores{"promissory": 1}, false, nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- d.amend.run(ctx) }()
		d.judge(byEmployee("1", promise))
		synctest.Wait()
		deleted := byEmployee("1", "")
		deleted.Op = earshotv1.PostOp_POST_OP_DELETED
		d.judge(deleted)
		written := len(d.out.messages)
		close(thinks)
		synctest.Wait()
		require.Len(t, d.out.messages, written)
		cancel()
		require.NoError(t, <-done)
	})
}

// gated holds amendments up until the gate opens.
type gated struct {
	*kept

	came, gate chan struct{}
}

func (g gated) Write(ctx context.Context, messages ...bus.Message) error {
	if strings.HasSuffix(messages[0].Header("ce_id"), amendedEvent) {
		close(g.came)
		<-g.gate
	}
	return g.kept.Write(ctx, messages...)
}

// TestADeletionIsWrittenAfterTheAmendment that it finds being written: an alerter that
// has not counted the post so far would take the amendment for news.
func TestADeletionIsWrittenAfterTheAmendment(t *testing.T) {
	d := newDesk(t, scores(1))
	out := gated{d.out, make(chan struct{}), make(chan struct{})}
	d.handler.out, d.amend.out = out, out
	ctx, cancel := context.WithCancel(t.Context())
	done, deletion := make(chan error), make(chan struct{})
	go func() { done <- d.amend.run(ctx) }()
	d.judge(byEmployee("1", promise))
	<-out.came
	go func() {
		defer close(deletion)
		deleted := byEmployee("1", "")
		deleted.Op = earshotv1.PostOp_POST_OP_DELETED
		d.judge(deleted)
	}()
	select {
	case <-deletion:
		require.Fail(t, "the deletion did not wait")
	case <-time.After(50 * time.Millisecond):
	}
	close(out.gate)
	<-deletion
	cancel()
	require.NoError(t, <-done)
	require.Contains(t, d.out.messages[1].Header("ce_id"), amendedEvent)
	for _, a := range d.out.assessments(t)[2:] {
		require.False(t, a.GetMatched())
	}
}

func TestAQuestionThatWaitedTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, scores(1))
		d.judge(byEmployee("1", promise))
		time.Sleep(maxWait + time.Second)
		d.settle()
		require.Zero(t, d.asker.count())
		require.Equal(t, map[string]int64{"late": 1}, d.counts())
	})
}

// TestTheEndFindsAModelThinking and waits for nothing but the model's own end.
func TestTheEndFindsAModelThinking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, func(ctx context.Context, _ opinion.Question) (opinion.Scores, bool, error) {
			<-ctx.Done()
			return nil, false, ctx.Err()
		})
		d.judge(byEmployee("1", promise), byEmployee("2", promise))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- d.amend.run(ctx) }()
		synctest.Wait()
		require.Equal(t, 2, d.asker.count())
		cancel()
		require.NoError(t, <-done)
		require.Len(t, d.out.messages, 2)
		require.Empty(t, d.counts(), "the end is no failure of the model")
	})
}

func TestAnAmendmentThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, scores(1))
		d.judge(byEmployee("1", promise))
		d.out.errs = []error{errors.New("closed")}
		d.settle()
		require.Equal(t, map[string]int64{"answered": 1, "unwritten": 1}, d.counts())
	})
}

// TestAmendmentsAreNewerByAMillisecond, which is what the store tells apart.
func TestAmendmentsAreNewerByAMillisecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose clock stands still
		d := newDesk(t, scores(1))
		d.judge(byEmployee("1", promise))
		d.settle()
		all := d.out.assessments(t)
		require.Equal(t, time.Millisecond, all[1].GetAssessedAt().AsTime().Sub(all[0].GetAssessedAt().AsTime()))
	})
}

func TestMoved(t *testing.T) {
	e := newEngine(t)
	first := e.Assess(byEmployee("1", promise), time.Unix(1_790_000_000, 0))
	amended := func(p float64) *earshotv1.Assessment {
		all := e.AssessWith(byEmployee("1", promise), time.Unix(1_790_000_001, 0), map[string]engine.Opinion{"acme": {Version: "v", Scores: map[string]float64{"promissory": p}}})
		require.Len(t, all, 1)
		require.NoError(t, schemas.ValidateAssessment(all[0]))
		return all[0]
	}
	require.False(t, moved(first, amended(0.5)))
	require.True(t, moved(first, amended(1)))
	require.True(t, moved(first, amended(0)))
	require.False(t, moved(nil, amended(1)), "there is nothing that it amends")
}
