package classifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// judgeOf judges by a function of the post.
type judgeOf func(p *earshotv1.Post) []*earshotv1.Assessment

func (f judgeOf) Assess(ev *earshotv1.PostEvent, _ time.Time) []*earshotv1.Assessment {
	return f(ev.GetPost())
}

// one is the bare assessment of a post for a brand.
func one(p *earshotv1.Post, brand string) *earshotv1.Assessment {
	return &earshotv1.Assessment{Id: brand + "/" + p.GetId(), BrandId: brand, Matched: true, Post: &earshotv1.Post{Id: p.GetId()}}
}

func batchOf(t *testing.T, n int) []bus.Message {
	t.Helper()
	batch := make([]bus.Message, n)
	for i := range batch {
		batch[i] = message(t, event(fmt.Sprint(i), "text"))
		batch[i].Offset = int64(i)
	}
	return batch
}

func ids(messages []bus.Message) []string {
	out := make([]string, len(messages))
	for i := range messages {
		out[i] = messages[i].Header("ce_id")
	}
	return out
}

// TestOrderIsTheBatchsWhoeverIsSlow holds the first post up until every other one is
// judged: what comes out still begins with it.
func TestOrderIsTheBatchsWhoeverIsSlow(t *testing.T) {
	const posts = 20
	var others sync.WaitGroup
	others.Add(posts - 1)
	out := &kept{}
	h := newHandler(t, judgeOf(func(p *earshotv1.Post) []*earshotv1.Assessment {
		if p.GetId() == "x:0" {
			others.Wait()
		} else {
			defer others.Done()
		}
		return []*earshotv1.Assessment{one(p, "a"), one(p, "b")}
	}), out)
	rejects, err := h.handle(t.Context(), batchOf(t, posts))
	require.NoError(t, err)
	require.Empty(t, rejects)
	var want []string
	for i := range posts {
		want = append(want, fmt.Sprintf("a/x:%d", i), fmt.Sprintf("b/x:%d", i))
	}
	require.Equal(t, want, ids(out.messages))
}

// TestEachFaultCostsItsOwnPostAlone: whatever one post brings about, the others go on,
// and no error quotes it.
func TestEachFaultCostsItsOwnPostAlone(t *testing.T) {
	const secret = "hunter2"
	faults := map[string]func(p *earshotv1.Post) []*earshotv1.Assessment{
		"x:1": func(*earshotv1.Post) []*earshotv1.Assessment { panic(secret) },
		"x:3": func(*earshotv1.Post) []*earshotv1.Assessment { panic(errors.New(secret)) },
		"x:6": func(p *earshotv1.Post) []*earshotv1.Assessment {
			large := one(p, "b")
			large.Post.Text = strings.Repeat("x", bus.MaxMessageBytes)
			return []*earshotv1.Assessment{one(p, "a"), large}
		},
	}
	out := &kept{}
	h := newHandler(t, judgeOf(func(p *earshotv1.Post) []*earshotv1.Assessment {
		if fault := faults[p.GetId()]; fault != nil {
			return fault(p)
		}
		return []*earshotv1.Assessment{one(p, "a")}
	}), out)
	rejects, err := h.handle(t.Context(), batchOf(t, 8))
	require.NoError(t, err)
	require.Equal(t, []string{"a/x:0", "a/x:2", "a/x:4", "a/x:5", "a/x:7"}, ids(out.messages), "not one brand of a post without the other")
	var got []string
	for _, r := range rejects {
		got = append(got, fmt.Sprintf("%d %s", r.Index, r.Reason))
		require.NotContains(t, r.Err.Error(), secret)
	}
	require.Equal(t, []string{"1 panic", "3 panic", "6 too_large"}, got)
}

func TestAnAssessmentAsLargeAsAMessage(t *testing.T) {
	fill := func(p *earshotv1.Post, size int) *earshotv1.Assessment {
		a := one(p, "a")
		a.Post.Text = strings.Repeat("x", size)
		a.Post.Text = strings.Repeat("x", size-(a.SizeVT()-size))
		return a
	}
	for over := range 2 {
		out := &kept{}
		h := newHandler(t, judgeOf(func(p *earshotv1.Post) []*earshotv1.Assessment {
			a := fill(p, bus.MaxMessageBytes)
			a.Post.Text += strings.Repeat("x", over)
			require.Equal(t, bus.MaxMessageBytes+over, a.SizeVT())
			return []*earshotv1.Assessment{a}
		}), out)
		rejects, err := h.handle(t.Context(), batchOf(t, 1))
		require.NoError(t, err)
		require.Len(t, rejects, over)
		require.Len(t, out.messages, 1-over)
	}
}

func TestNothingToSayIsNotWritten(t *testing.T) {
	out := &kept{errs: []error{errors.New("a write")}}
	h := newHandler(t, judgeOf(func(*earshotv1.Post) []*earshotv1.Assessment { return nil }), out)
	rejects, err := h.handle(t.Context(), batchOf(t, 5))
	require.NoError(t, err)
	require.Empty(t, rejects)
	rejects, err = h.handle(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, rejects)
}

// TestTraceOfAPostGoesOn with each of its assessments, each post's own.
func TestTraceOfAPostGoesOn(t *testing.T) {
	out := &kept{}
	h := newHandler(t, judgeOf(func(p *earshotv1.Post) []*earshotv1.Assessment {
		return []*earshotv1.Assessment{one(p, "a"), one(p, "b")}
	}), out)
	batch := batchOf(t, 3)
	traces := []string{"0af7651916cd43dd8448eb211c80319c", "", "4bf92f3577b34da6a3ce929d0e0e4736"}
	for i, trace := range traces {
		if trace != "" {
			batch[i].Headers = []bus.Header{{Key: "traceparent", Value: "00-" + trace + "-b7ad6b7169203331-01"}}
		}
	}
	_, err := h.handle(t.Context(), batch)
	require.NoError(t, err)
	require.Len(t, out.messages, 6)
	for i := range out.messages {
		got := out.messages[i].Header("traceparent")
		if traces[i/2] == "" {
			require.Empty(t, got)
			continue
		}
		require.Contains(t, got, traces[i/2])
	}
}

func TestDeadLettersTellWhatAndWhy(t *testing.T) {
	config := testkit.Broker(t)
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	defer func() { require.NoError(t, writer.Close()) }()
	bad := bus.Message{Topic: bus.TopicPosts, Key: []byte("x:bad"), Value: []byte{0xff, 0x01}}
	require.NoError(t, writer.Write(t.Context(), bad, message(t, event("good", "@acmebank"))))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		deps := Deps{Bus: config, Engine: newEngine(t), Logger: slog.New(slog.DiscardHandler), Probe: new(daemon.Health).Probe("classifier")}
		done <- Run(ctx, DefaultConfig(), deps)
	}()
	var dead []bus.Dead
	require.Eventually(t, func() bool {
		dead = nil
		err := bus.ListDead(t.Context(), config, func(d bus.Dead) error { dead = append(dead, d); return nil })
		return err == nil && len(dead) > 0 && len(effects(t, config)) > 0
	}, time.Minute, 20*time.Millisecond)
	cancel()
	require.NoError(t, <-done, "the end that was asked for")
	require.Len(t, dead, 1)
	require.Equal(t, "classifier undecodable "+bus.TopicPosts, dead[0].Service+" "+dead[0].Reason+" "+dead[0].Topic)
	require.Equal(t, "x:bad", string(dead[0].Message.Key))
	require.Equal(t, []byte{0xff, 0x01}, dead[0].Message.Value)
}

// TestMetricsCountADurableBatchOnce, however often it was tried.
func TestMetricsCountADurableBatchOnce(t *testing.T) {
	before := otel.GetMeterProvider()
	reader := metric.NewManualReader()
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))
	t.Cleanup(func() { otel.SetMeterProvider(before) })
	out := &kept{errs: []error{errors.New("away")}}
	h := newHandler(t, newEngine(t), out)
	deleted := event("3", "")
	deleted.Op = earshotv1.PostOp_POST_OP_DELETED
	batch := []bus.Message{
		message(t, event("1", "@acmebank aws key "+theSecret+" in your repo")),
		message(t, event("2", "nothing")),
		message(t, deleted),
		{Value: []byte{0xff}},
	}
	_, err := h.handle(t.Context(), batch)
	require.Error(t, err)
	_, err = h.handle(t.Context(), batch)
	require.NoError(t, err)

	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &all))
	got, stages := map[string]int64{}, []string{}
	for _, m := range all.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Sum[int64]:
			for _, point := range data.DataPoints {
				got[strings.TrimPrefix(m.Name, "earshot_classifier_")] += point.Value
			}
		case metricdata.Sum[float64]:
			for _, point := range data.DataPoints {
				stage, _ := point.Attributes.Value("stage")
				stages = append(stages, stage.AsString())
			}
		}
	}
	slices.Sort(stages)
	require.Equal(t, []string{"decode", "encode", "judge", "write"}, stages)
	require.Equal(t, map[string]int64{
		"posts": 3, "unmatched_posts": 2, "withdrawn_assessments": 2, "mentions": 1, "judgements": 3, "findings": got["findings"],
	}, got)
	require.Positive(t, got["findings"])
}

// FuzzHandle: whatever lies on the topic is judged or a dead letter, and only that.
func FuzzHandle(f *testing.F) {
	value, err := event("1", "@acmebank, Globex Air").MarshalVT()
	require.NoError(f, err)
	f.Add(value)
	f.Add([]byte{8, 1, 18, 0})
	f.Add([]byte{0xff})
	m, err := newMetrics()
	require.NoError(f, err)
	judge := judgeOf(func(p *earshotv1.Post) []*earshotv1.Assessment { return []*earshotv1.Assessment{one(p, "a")} })
	f.Fuzz(func(t *testing.T, value []byte) {
		out := &kept{}
		h := &handler{judge: judge, out: out, workers: 2, metrics: m}
		rejects, err := h.handle(t.Context(), []bus.Message{{Value: value}})
		require.NoError(t, err)
		require.Equal(t, 1, len(rejects)+len(out.messages))
	})
}
