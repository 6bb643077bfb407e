package classifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/testkit"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// theSecret is a value of the right shape that was never anybody's.
const theSecret = "AKIA" + "Q4ZT7MXW2KJB5RNH"

func newEngine(t *testing.T) *engine.Engine {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{
		Brands: []engine.Brand{{ID: "acme", Name: "Acme Bank", Aliases: []string{"@acmebank"}, Industry: "finance"}, {ID: "globex", Name: "Globex Air"}},
		Packs:  packs, Key: []byte("a key of these tests only"),
	})
	require.NoError(t, err)
	return e
}

func event(id, text string) *earshotv1.PostEvent {
	at := timestamppb.New(time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC))
	return &earshotv1.PostEvent{
		Op: earshotv1.PostOp_POST_OP_CREATED,
		Post: &earshotv1.Post{
			Id: "x:" + id, Platform: "x", NativeId: id, Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: text, CreatedAt: at,
			Author: &earshotv1.Author{Handle: "@someone", Followers: 180},
		},
		Provenance: &earshotv1.Provenance{Source: "test", SourceType: "http", ObservedAt: at},
	}
}

func message(t *testing.T, ev *earshotv1.PostEvent) bus.Message {
	t.Helper()
	value, err := ev.MarshalVT()
	require.NoError(t, err)
	return bus.Message{Topic: bus.TopicPosts, Key: []byte(ev.GetPost().GetId()), Value: value}
}

// kept takes messages in memory; err, if set, fails that many writes.
type kept struct {
	mu       sync.Mutex
	messages []bus.Message
	errs     []error
}

func (k *kept) Write(_ context.Context, messages ...bus.Message) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.errs) > 0 {
		err := k.errs[0]
		k.errs = k.errs[1:]
		return err
	}
	k.messages = append(k.messages, messages...)
	return nil
}

func (k *kept) assessments(t *testing.T) []*earshotv1.Assessment {
	t.Helper()
	var out []*earshotv1.Assessment
	for _, m := range k.messages {
		a := &earshotv1.Assessment{}
		require.NoError(t, a.UnmarshalVT(m.Value))
		require.NoError(t, schemas.ValidateAssessment(a))
		out = append(out, a)
	}
	return out
}

func newHandler(t *testing.T, j judge, out output) *handler {
	t.Helper()
	m, err := newMetrics()
	require.NoError(t, err)
	return &handler{judge: j, out: out, workers: 3, metrics: m}
}

func TestHandleWritesAssessmentsInOrder(t *testing.T) {
	out := &kept{}
	h := newHandler(t, newEngine(t), out)
	var batch []bus.Message
	for i := range 40 {
		batch = append(batch, message(t, event(fmt.Sprint(i), fmt.Sprintf("@acmebank and Globex Air, call %d", i))))
	}
	batch = append(batch, message(t, event("none", "nothing of interest")))
	rejects, err := h.handle(t.Context(), batch)
	require.NoError(t, err)
	require.Empty(t, rejects)
	require.Len(t, out.messages, 80)
	for i, a := range out.assessments(t) {
		require.Equal(t, fmt.Sprintf("x:%d", i/2), a.GetPost().GetId())
		require.Equal(t, []string{"acme", "globex"}[i%2], a.GetBrandId())
		require.Equal(t, a.GetBrandId(), string(out.messages[i].Key))
		require.Equal(t, a.GetId(), out.messages[i].Header("ce_id"))
		require.Equal(t, "earshot.assessment.v1", out.messages[i].Header("ce_type"))
		require.Equal(t, bus.TopicAssessments, out.messages[i].Topic)
	}
}

func TestHandleRedacts(t *testing.T) {
	out := &kept{}
	h := newHandler(t, newEngine(t), out)
	_, err := h.handle(t.Context(), []bus.Message{message(t, event("1", "@acmebank aws key "+theSecret+" in your repo"))})
	require.NoError(t, err)
	require.Len(t, out.messages, 1)
	require.NotContains(t, string(out.messages[0].Value), theSecret)
	leak := out.assessments(t)[0].GetCategories()[1]
	require.Equal(t, "secret", leak.GetFindings()[0].GetKind())
	require.GreaterOrEqual(t, leak.GetLikelihood(), 0.5)
}

func TestHandleWithdrawsDeletedPosts(t *testing.T) {
	out := &kept{}
	h := newHandler(t, newEngine(t), out)
	deleted := event("1", "")
	deleted.Op = earshotv1.PostOp_POST_OP_DELETED
	_, err := h.handle(t.Context(), []bus.Message{message(t, deleted)})
	require.NoError(t, err)
	all := out.assessments(t)
	require.Len(t, all, 2)
	for _, a := range all {
		require.False(t, a.GetMatched())
	}
}

func TestHandleRejects(t *testing.T) {
	invalid := event("2", "@acmebank")
	invalid.Post.Platform = "Not A Platform"
	for _, tc := range []struct {
		name, reason string
		judge        judge
		message      bus.Message
	}{
		{"bytes that are no event", reasonUndecodable, newEngine(t), bus.Message{Value: []byte{0xff, 0xff}}},
		{"an event that breaks its contract", reasonInvalid, newEngine(t), message(t, invalid)},
		{"a fault of the engine", reasonPanic, judgeFunc(func() []*earshotv1.Assessment { panic("post text") }), message(t, event("3", ""))},
		{"a fault of the runtime", reasonPanic, judgeFunc(outOfRange), message(t, event("3", ""))},
		{"an assessment beyond a message", reasonTooLarge, judgeFunc(huge), message(t, event("4", ""))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out := &kept{}
			good := message(t, event("good", "@acmebank"))
			batch := []bus.Message{tc.message, good}
			if _, real := tc.judge.(*engine.Engine); !real {
				batch = batch[:1]
			}
			rejects, err := newHandler(t, tc.judge, out).handle(t.Context(), batch)
			require.NoError(t, err)
			require.Len(t, rejects, 1)
			require.Zero(t, rejects[0].Index)
			require.Equal(t, tc.reason, rejects[0].Reason)
			require.NotContains(t, rejects[0].Err.Error(), "post text")
			require.Len(t, out.messages, len(batch)-1, "the others go on")
		})
	}
}

type judgeFunc func() []*earshotv1.Assessment

func (f judgeFunc) Assess(*earshotv1.PostEvent, time.Time) []*earshotv1.Assessment { return f() }

func outOfRange() []*earshotv1.Assessment {
	var none []*earshotv1.Assessment
	return none[1:2:3]
}

func huge() []*earshotv1.Assessment {
	return []*earshotv1.Assessment{{Post: &earshotv1.Post{Text: strings.Repeat("x", bus.MaxMessageBytes)}}}
}

func TestHandleReturnsTransientErrors(t *testing.T) {
	away := errors.New("broker away")
	out := &kept{errs: []error{away}}
	h := newHandler(t, newEngine(t), out)
	batch := []bus.Message{message(t, event("1", "@acmebank"))}
	_, err := h.handle(t.Context(), batch)
	require.ErrorIs(t, err, away)
	_, err = h.handle(t.Context(), batch)
	require.NoError(t, err)
	require.Len(t, out.messages, 1)
}

// faulty writes to the bus with the faults of the delivery suite around it.
type faulty struct {
	output
	faults testkit.Faults
}

func (f faulty) Write(ctx context.Context, messages ...bus.Message) error {
	if err := f.faults.Before(); err != nil {
		return err
	}
	if err := f.output.Write(ctx, messages...); err != nil {
		return err
	}
	f.faults.After()
	return nil
}

func TestDelivery(t *testing.T) {
	judge := newEngine(t)
	testkit.Delivery(t, testkit.Room{
		Topic: bus.TopicPosts, Group: Group,
		Message: func(id string) bus.Message {
			return message(t, event(strings.ReplaceAll(id, ":", "-"), "@acmebank "+id))
		},
		Open: func(t *testing.T, config bus.Config) testkit.Instance {
			return testkit.Instance{
				Run: func(ctx context.Context, faults testkit.Faults) error {
					writer, err := bus.NewWriter(config, "classifier")
					require.NoError(t, err)
					c := DefaultConfig()
					c.BatchMessages = 7
					deps := Deps{Bus: config, Engine: judge, Logger: slog.New(slog.DiscardHandler), Probe: new(daemon.Health).Probe("classifier")}
					return errors.Join(run(ctx, c, deps, faulty{writer, faults}), writer.Close())
				},
				Effects: func(t *testing.T) map[string]int { return effects(t, config) },
			}
		},
	})
}

// effects counts assessments by the suite's id, which the text carries; an id that comes
// again is collapsed, as the store does.
func effects(t *testing.T, config bus.Config) map[string]int {
	t.Helper()
	out, seen := map[string]int{}, map[string]bool{}
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicAssessments, func(m bus.Message) error {
		a := &earshotv1.Assessment{}
		require.NoError(t, a.UnmarshalVT(m.Value))
		if !seen[a.GetId()] {
			seen[a.GetId()] = true
			out[strings.TrimPrefix(a.GetPost().GetText(), "@acmebank ")]++
		}
		return nil
	}))
	return out
}
