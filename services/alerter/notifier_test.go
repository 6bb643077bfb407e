package alerter

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
	"github.com/earshot/earshot/services/alerter/internal/notify"
	"github.com/earshot/earshot/services/alerter/internal/notify/webhook"
	"github.com/earshot/earshot/services/alerter/internal/rule"
)

var errAway = errors.New("broker is away")

// memory keeps what is written, newest by key; failures is how many writes fail first.
type memory struct {
	records  map[string][]byte
	alerts   []*earshotv1.Alert
	failures int
}

func (m *memory) Write(ctx context.Context, messages ...bus.Message) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if m.failures > 0 {
		m.failures--
		return errAway
	}
	for _, message := range messages {
		if message.Topic == bus.TopicAlerts {
			a, err := decodeAlert(message.Value)
			if err != nil {
				return err
			}
			m.alerts = append(m.alerts, a)
			continue
		}
		if m.records == nil {
			m.records = map[string][]byte{}
		}
		m.records[string(message.Key)] = message.Value
	}
	return nil
}

// told is the notifier's record of a partition.
func (m *memory) told(t *testing.T, partition int) *earshotv1.NotifierCheckpoint {
	t.Helper()
	c := &earshotv1.NotifierCheckpoint{}
	require.NoError(t, c.UnmarshalVT(m.records[notifierKey("hook", partition)]))
	return c
}

// answers serves one status after another, the last one for ever, and keeps the keys.
func answers(t *testing.T, statuses ...int) (url string, keys *[]string) {
	t.Helper()
	keys = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := statuses[min(len(*keys), len(statuses)-1)]
		*keys = append(*keys, r.Header.Get("Idempotency-Key"))
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/s3cret-path", keys
}

// newNotified is what a webhook was told of partition 2, with its record in m.
func newNotified(t *testing.T, m *memory, c ReceiverConfig) *notified {
	t.Helper()
	c.Name, c.Type, c.Token = "hook", "webhook", "s3cret-token"
	opened, err := openReceivers([]ReceiverConfig{c}, nil)
	require.NoError(t, err)
	metrics, err := newMetrics()
	require.NoError(t, err)
	n := newNotifier(opened[0], checkpoints{writer: m}, metrics, slog.New(slog.DiscardHandler))
	return &notified{notifier: n, number: 2, told: &notify.Told{}}
}

// firing is an alert as a message at an offset.
func firing(offset int64, state earshotv1.AlertState) bus.Message {
	at := timestamppb.New(noon)
	m := alertMessage(context.Background(), &earshotv1.Alert{
		Id: strings.Repeat("0", 16) + hexOf(time.Duration(offset).String()), Rule: "r", State: state, Severity: "info", Measure: "mention",
		BrandId: "b", WindowStart: at, WindowEnd: at, StartsAt: at,
	})
	m.Offset, m.Time = offset, noon
	return m
}

const (
	fires    = earshotv1.AlertState_ALERT_STATE_FIRING
	resolves = earshotv1.AlertState_ALERT_STATE_RESOLVED
)

// TestReceiverAnswers: which answers are tried again, which are final, and that no
// secret is in what is told about them.
func TestReceiverAnswers(t *testing.T) {
	tests := map[string]struct {
		statuses []int
		attempts int
		rejected string // empty for a notification that was taken
	}{
		"taken":              {[]int{200}, 1, ""},
		"taken, no content":  {[]int{204}, 1, ""},
		"away, then back":    {[]int{503, 502, 200}, 3, ""},
		"busy, then free":    {[]int{429, 200}, 2, ""},
		"timeout of its own": {[]int{408, 200}, 2, ""},
		"refused":            {[]int{400, 200}, 1, "receiver answered 400 Bad Request"},
		"wrong token":        {[]int{401, 200}, 1, "receiver answered 401 Unauthorized"},
		"gone":               {[]int{410, 200}, 1, "receiver answered 410 Gone"},
		"moved":              {[]int{307, 200}, 1, "receiver answered 307 Temporary Redirect"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, keys := answers(t, tt.statuses...)
			m := &memory{}
			p := newNotified(t, m, ReceiverConfig{URL: config.Secret(url)})
			message := firing(7, fires)
			rejects, err := p.handle(t.Context(), []bus.Message{message})
			require.NoError(t, err)
			require.Len(t, *keys, tt.attempts)
			sent, err := decodeAlert(message.Value)
			require.NoError(t, err)
			for _, key := range *keys {
				require.Equal(t, `"`+notify.Key(sent)+`"`, key, "each attempt can be told for the same")
			}
			if tt.rejected == "" {
				require.Empty(t, rejects)
				require.EqualValues(t, 8, m.told(t, 2).GetNextOffset())
				require.Len(t, m.told(t, 2).GetTold(), 1)
				return
			}
			require.Len(t, rejects, 1)
			require.Equal(t, reasonReceiver, rejects[0].Reason)
			require.EqualError(t, rejects[0].Err, "receiver hook: "+tt.rejected)
			require.Empty(t, m.records, "the dead letter comes first")
		})
	}
}

// hanging answers no request before its end.
type hanging struct{ attempts int }

func (h *hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	h.attempts++
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestReceiverThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, wire := &memory{}, &hanging{}
		c := ReceiverConfig{URL: "http://hook.example/s3cret", Timeout: 20 * time.Millisecond, GiveUpAfter: 300 * time.Millisecond}
		p := newNotified(t, m, c)
		p.notifier.receiver.messenger = &webhook.Receiver{URL: c.URL, Client: &http.Client{Transport: wire}}
		rejects, err := p.handle(t.Context(), []bus.Message{firing(0, fires)})
		require.NoError(t, err)
		require.Len(t, rejects, 1)
		require.ErrorIs(t, rejects[0].Err, context.DeadlineExceeded)
		require.NotContains(t, rejects[0].Err.Error(), "s3cret")
		require.Greater(t, wire.attempts, 1, "a hung attempt is not the last")
	})
}

func TestStoppingCutsNoNotificationOff(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stop() }))
	defer server.Close()
	m := &memory{}
	p := newNotified(t, m, ReceiverConfig{URL: config.Secret(server.URL)})
	rejects, err := p.handle(ctx, []bus.Message{firing(7, fires)})
	require.NoError(t, err)
	require.Empty(t, rejects)
	require.EqualValues(t, 8, m.told(t, 2).GetNextOffset(), "or the next start would tell it once more")
	_, err = p.handle(ctx, []bus.Message{firing(8, fires)})
	require.ErrorIs(t, err, context.Canceled, "and no other is begun")
}

func TestStoppingWaitsForAHungReceiverOnlySoLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		p := newNotified(t, m, ReceiverConfig{URL: "http://hook.example", Timeout: time.Hour})
		p.notifier.receiver.messenger = &webhook.Receiver{URL: "http://hook.example", Client: &http.Client{Transport: &hanging{}}}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		began := time.Now()
		rejects, err := p.handle(ctx, []bus.Message{firing(0, fires)})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Empty(t, rejects, "nothing becomes a dead letter because the service stops")
		require.Equal(t, time.Second+stopTime, time.Since(began), "by the clock of the test's bubble")
		require.Empty(t, m.records)
	})
}

func TestStoppingIsNoFaultOfTheReceiver(t *testing.T) {
	url, _ := answers(t, 503)
	m := &memory{}
	p := newNotified(t, m, ReceiverConfig{URL: config.Secret(url)})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	rejects, err := p.handle(ctx, []bus.Message{firing(0, fires)})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Empty(t, rejects, "nothing becomes a dead letter because the service stops")
	require.Zero(t, p.next)
}

// TestNotifierDiesAtEachLine: a receiver is told again only if the process died between
// its answer and the record.
func TestNotifierDiesAtEachLine(t *testing.T) {
	url, keys := answers(t, 200)
	m := &memory{}
	settings := ReceiverConfig{URL: config.Secret(url)}
	p := newNotified(t, m, settings)
	_, err := p.handle(t.Context(), []bus.Message{firing(0, fires)})
	require.NoError(t, err)
	saved := m.told(t, 2)

	t.Run("the record fails and is tried again", func(t *testing.T) {
		m.failures = 1
		batch := []bus.Message{firing(1, fires)}
		_, err := p.handle(t.Context(), batch)
		require.ErrorIs(t, err, errAway)
		_, err = p.handle(t.Context(), batch)
		require.NoError(t, err)
		require.Len(t, *keys, 2, "once each")
		require.EqualValues(t, 2, m.told(t, 2).GetNextOffset())
	})
	t.Run("dead before the record: told once more", func(t *testing.T) {
		again := newNotified(t, m, settings)
		again.told, again.next = notify.NewTold(saved.GetTold()), saved.GetNextOffset()
		_, err := again.handle(t.Context(), []bus.Message{firing(1, fires)})
		require.NoError(t, err)
		require.Len(t, *keys, 3)
		require.Equal(t, (*keys)[1], (*keys)[2], "with a key that lets the receiver drop it")
	})
	t.Run("dead behind the record: not told again", func(t *testing.T) {
		told := m.told(t, 2)
		again := newNotified(t, m, settings)
		again.told, again.next = notify.NewTold(told.GetTold()), told.GetNextOffset()
		_, err := again.handle(t.Context(), []bus.Message{firing(1, fires)})
		require.NoError(t, err)
		require.Len(t, *keys, 3)
	})
}

func TestDeadLetterIsRecordedWithTheNextAlert(t *testing.T) {
	url, keys := answers(t, 400, 200)
	m := &memory{}
	p := newNotified(t, m, ReceiverConfig{URL: config.Secret(url)})
	bad := bus.Message{Value: []byte{0xff}, Offset: 3}
	rejects, err := p.handle(t.Context(), []bus.Message{bad})
	require.NoError(t, err)
	require.Equal(t, reasonInvalid, rejects[0].Reason)
	rejects, err = p.handle(t.Context(), []bus.Message{firing(4, fires)})
	require.NoError(t, err)
	require.Equal(t, reasonReceiver, rejects[0].Reason)
	require.EqualValues(t, 4, m.told(t, 2).GetNextOffset(), "past the first dead letter, which is durable now")
	_, err = p.handle(t.Context(), []bus.Message{firing(5, fires)})
	require.NoError(t, err)
	require.EqualValues(t, 6, m.told(t, 2).GetNextOffset())
	require.Len(t, m.told(t, 2).GetTold(), 1)
	require.Len(t, *keys, 2)
}

func TestWhoIsNotTold(t *testing.T) {
	url, keys := answers(t, 200)
	m := &memory{}
	p := newNotified(t, m, ReceiverConfig{URL: config.Secret(url), FiringOnly: true})
	p.since = noon
	old := firing(0, fires)
	old.Time = noon.Add(-time.Millisecond)
	for _, message := range []bus.Message{old, firing(1, fires), firing(1, fires), firing(2, resolves)} {
		rejects, err := p.handle(t.Context(), []bus.Message{message})
		require.NoError(t, err)
		require.Empty(t, rejects)
	}
	require.Len(t, *keys, 1, "not the past, not a repeat, nothing resolved")
	require.EqualValues(t, 3, m.told(t, 2).GetNextOffset(), "yet all of it is behind")
}

// newPartition is an evaluation of the test's rules that writes to m.
func newPartition(t *testing.T, m *memory, rules string) *partition {
	t.Helper()
	parsed, err := rule.Parse(rule.Source{Name: "t.yaml", Data: []byte(rules)})
	require.NoError(t, err)
	metrics, err := newMetrics()
	require.NoError(t, err)
	c := hooked("", "")
	o := alert.Options{Rules: parsed, Lateness: c.Lateness, Idle: c.Idle}
	e := newEvaluator(c, o, checkpoints{writer: m}, metrics, slog.New(slog.DiscardHandler))
	return &partition{evaluator: e, machine: alert.New(o), savedAt: time.Now()}
}

// TestEvaluationOutlivesEachFailure fails every write in turn: the batch comes again,
// and each alert is published once.
func TestEvaluationOutlivesEachFailure(t *testing.T) {
	batch := make([]bus.Message, 5)
	for i := range batch {
		batch[i] = assessment(hexOf(time.Duration(i).String()), "acme", i, earshotv1.Level_LEVEL_LOW)
		batch[i].Offset, batch[i].Time = int64(i), noon
	}
	for failures := range 4 {
		m := &memory{failures: failures}
		p := newPartition(t, m, testRules)
		for range failures {
			_, err := p.handle(t.Context(), batch)
			require.ErrorIs(t, err, errAway)
		}
		rejects, err := p.handle(t.Context(), batch)
		require.NoError(t, err)
		require.Empty(t, rejects)
		require.Len(t, m.alerts, 1, "%d failures", failures)
		head := &earshotv1.AlerterCheckpoint{}
		require.NoError(t, head.UnmarshalVT(m.records[alerterKey(0)]))
		require.EqualValues(t, 5, head.GetNextOffset())
	}
}

func TestRejectsAreCheckpointedOnlyOnceTheyAreDeadLetters(t *testing.T) {
	m := &memory{}
	p := newPartition(t, m, testRules)
	good := assessment("a", "acme", 0, earshotv1.Level_LEVEL_CRITICAL)
	bad := bus.Message{Value: []byte{0xff}, Offset: 1}
	for range 2 { // a batch may come again
		rejects, err := p.handle(t.Context(), []bus.Message{good, bad})
		require.NoError(t, err)
		require.Equal(t, []int{1}, []int{rejects[0].Index})
		require.Equal(t, reasonInvalid, rejects[0].Reason)
	}
	require.Len(t, m.alerts, 1)
	require.Empty(t, m.records, "a crash now reads the bad one again")
	next := assessment("b", "acme", 1, earshotv1.Level_LEVEL_INFO)
	next.Offset = 2
	_, err := p.handle(t.Context(), []bus.Message{next})
	require.NoError(t, err)
	head := &earshotv1.AlerterCheckpoint{}
	require.NoError(t, head.UnmarshalVT(m.records[alerterKey(0)]))
	require.EqualValues(t, 2, head.GetNextOffset())
}

func TestTickLetsSilentPartitionsResolve(t *testing.T) {
	m := &memory{}
	p := newPartition(t, m, testRules)
	leak := assessment("a", "acme", 0, earshotv1.Level_LEVEL_CRITICAL)
	leak.Time = noon
	_, err := p.handle(t.Context(), []bus.Message{leak})
	require.NoError(t, err)
	require.Len(t, m.alerts, 1)
	idle := p.evaluator.config.Idle
	require.NoError(t, p.tick(t.Context(), p.handled.Add(idle-time.Second)))
	require.Len(t, m.alerts, 1, "what waits in the log may tell the time better")
	p.evaluator.logEnd = func(context.Context, int) (int64, error) { return 0, errAway }
	require.NoError(t, p.tick(t.Context(), p.handled.Add(idle)))
	require.Len(t, m.alerts, 1, "a broker that is away is no silence")
	p.evaluator.logEnd = func(context.Context, int) (int64, error) { return 2, nil }
	require.NoError(t, p.tick(t.Context(), p.handled.Add(idle)))
	require.Len(t, m.alerts, 1, "a backlog is no silence")
	p.evaluator.logEnd = func(context.Context, int) (int64, error) { return 1, nil }
	m.failures = 1
	require.ErrorIs(t, p.tick(t.Context(), p.handled.Add(idle)), errAway)
	require.NoError(t, p.tick(t.Context(), p.handled.Add(idle)))
	require.Len(t, m.alerts, 2)
	require.Equal(t, resolves, m.alerts[1].GetState())
	p.over = true
	require.NoError(t, p.tick(t.Context(), p.handled.Add(100*idle)), "a partition that was taken away is left alone")
}
