package alerter

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// childVariable makes the test binary an alerter process, for tests that kill one; it
// holds the child's settings.
const childVariable = "EARSHOT_TEST_ALERTER"

type child struct {
	Brokers []string
	Hook    string
	Rules   string
}

func TestMain(m *testing.M) {
	if settings := os.Getenv(childVariable); settings != "" {
		var c child
		if err := json.Unmarshal([]byte(settings), &c); err != nil {
			panic(err)
		}
		kafka := bus.DefaultConfig()
		kafka.Brokers = c.Brokers
		if err := Run(context.Background(), hooked(c.Hook, c.Rules), deps(kafka)); err != nil {
			panic(err)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func deps(c bus.Config) Deps {
	return Deps{Bus: c, Logger: slog.New(slog.DiscardHandler), Terminal: io.Discard}
}

// hooked is a configuration with a webhook at url.
func hooked(url, rules string) Config {
	c := DefaultConfig()
	c.Receivers = []ReceiverConfig{{Name: "hook", Type: "webhook", URL: config.Secret(url)}}
	c.Rules = []string{rules}
	c.CheckpointInterval = 100 * time.Millisecond
	c.BatchMessages = 20
	return c
}

const testRules = `
rules:
  - {name: wave, filter: level >= low, measure: count, window: 10m, limit: 5, severity: warning}
  - {name: leak, filter: level >= critical, measure: mention, severity: critical}
`

func rulesFile(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	require.NoError(t, os.WriteFile(path, []byte(testRules), 0o600))
	return path
}

// hook is a receiver that counts what it is told by idempotency key.
type hook struct {
	*httptest.Server
	mu   sync.Mutex
	told map[string]int
}

func newHook(t *testing.T) *hook {
	h := &hook{told: map[string]int{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.told[r.Header.Get("Idempotency-Key")]++
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) counts() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.told)
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// assessment is one of a brand's posts, i seconds after noon.
func assessment(id, brand string, i int, level earshotv1.Level) bus.Message {
	a := &earshotv1.Assessment{
		Id: fmt.Sprintf("%032x", i), BrandId: brand, Op: earshotv1.PostOp_POST_OP_CREATED, Matched: true, Level: level, Score: 20,
		Post: &earshotv1.Post{
			Id: "x:" + id, Platform: "x", NativeId: id, Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: "text", Author: &earshotv1.Author{Id: "u"},
			Visibility: earshotv1.Visibility_VISIBILITY_PUBLIC, CreatedAt: timestamppb.New(noon.Add(time.Duration(i) * time.Second)),
		},
		Match:      &earshotv1.BrandMatch{Likelihood: 1, Reason: "name"},
		Versions:   &earshotv1.Versions{Engine: "v0"},
		AssessedAt: timestamppb.New(noon),
	}
	for c := earshotv1.Category_CATEGORY_REPUTATION; c <= earshotv1.Category_CATEGORY_COMPLIANCE; c++ {
		a.Categories = append(a.Categories, &earshotv1.CategoryAssessment{
			Category: c, Level: earshotv1.Level_LEVEL_INFO, Outcome: earshotv1.Outcome_OUTCOME_ACCEPT,
		})
	}
	value, err := a.MarshalVT()
	if err != nil {
		panic(err)
	}
	return bus.Message{Topic: bus.TopicAssessments, Key: []byte(brand), Value: value}
}

// waves are posts of brands that each fire and resolve twice, and one leak each.
func waves(brands, posts int) []bus.Message {
	var out []bus.Message
	for i := range posts {
		for b := range brands {
			at, level := i*20, earshotv1.Level_LEVEL_LOW
			if i >= posts/2 {
				at += 7200
			}
			if i == posts/3 {
				level = earshotv1.Level_LEVEL_CRITICAL
			}
			out = append(out, assessment(fmt.Sprintf("%d-%d", b, i), fmt.Sprint("brand", b), at, level))
		}
	}
	for b := range brands {
		out = append(out, assessment(fmt.Sprint("end-", b), fmt.Sprint("brand", b), 100_000, earshotv1.Level_LEVEL_INFO))
	}
	return out
}

// alertsPerBrand is what waves amount to: two waves and a leak, each firing and resolved.
const alertsPerBrand = 6

func send(t *testing.T, c bus.Config, messages ...bus.Message) {
	t.Helper()
	w, err := bus.NewWriter(c, "test")
	require.NoError(t, err)
	require.NoError(t, w.Write(t.Context(), messages...))
	require.NoError(t, w.Close())
}

// start runs the alerter and returns what stops it and waits.
func start(t *testing.T, c Config, d Deps) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, c, d) }()
	return sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
}

func eventually(t *testing.T, condition func() bool, what string) {
	t.Helper()
	require.Eventually(t, condition, time.Minute, 20*time.Millisecond, what)
}

func TestAlertsReachReceivers(t *testing.T) {
	t.Parallel()
	c, h := testkit.Broker(t), newHook(t)
	settings := hooked(h.URL, rulesFile(t))
	var terminal strings.Builder
	var mu sync.Mutex
	d := deps(c)
	d.Terminal = lockedWriter{&mu, &terminal}
	settings.Receivers = append(settings.Receivers, ReceiverConfig{Name: "terminal", Type: "terminal"})
	send(t, c, waves(3, 60)...)
	stop := start(t, settings, d)
	defer stop()
	shown := func() int {
		mu.Lock()
		defer mu.Unlock()
		return strings.Count(terminal.String(), "▲ ") + strings.Count(terminal.String(), "✔ ")
	}
	eventually(t, func() bool { return len(h.counts()) == 3*alertsPerBrand && shown() == 3*alertsPerBrand }, "all alerts at both receivers")
	stop()
	for key, n := range h.counts() {
		require.Equal(t, 1, n, key)
	}
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// TestKilledProcessNeitherForgetsNorRepeats kills a real process at arbitrary moments.
func TestKilledProcessNeitherForgetsNorRepeats(t *testing.T) {
	t.Parallel()
	c, h := testkit.Broker(t), newHook(t)
	if c.Prefix != "" {
		t.Skip("the child process does not know the test's prefix")
	}
	settings, err := json.Marshal(child{Brokers: c.Brokers, Hook: h.URL, Rules: rulesFile(t)})
	require.NoError(t, err)
	messages := waves(4, 100)
	const lives = 3
	for life := range lives {
		from, to := len(messages)*life/lives, len(messages)*(life+1)/lives
		send(t, c, messages[from:to]...)
		process := exec.CommandContext(t.Context(), os.Args[0])
		process.Env = append(os.Environ(), childVariable+"="+string(settings))
		process.Stderr = os.Stderr
		require.NoError(t, process.Start())
		before := len(h.counts())
		if life < lives-1 { // dies while it works, after the first sign of it where there is one
			waitFor(20*time.Second, func() bool { return len(h.counts()) > before })
		} else {
			eventually(t, func() bool { return len(h.counts()) == 4*alertsPerBrand }, "every alert")
		}
		require.NoError(t, process.Process.Kill())
		_ = process.Wait()
	}
	told := h.counts()
	require.Len(t, told, 4*alertsPerBrand)
	repeated := 0
	for _, n := range told {
		repeated += n - 1
	}
	require.LessOrEqual(t, repeated, lives-1, "at most the one notification in flight at each kill")
	require.Len(t, published(t, c), 4*alertsPerBrand)
}

func waitFor(limit time.Duration, condition func() bool) {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline) && !condition(); {
		<-time.After(5 * time.Millisecond)
	}
}

// published counts what lies in the alerts topic by id and state.
func published(t *testing.T, c bus.Config) map[string]int {
	t.Helper()
	out := map[string]int{}
	require.NoError(t, bus.ReadAll(t.Context(), c, bus.TopicAlerts, func(m bus.Message) error {
		a, err := decodeAlert(m.Value)
		require.NoError(t, err)
		out[a.GetId()+a.GetState().String()]++
		return nil
	}))
	return out
}

func TestStoppedAlerterGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	c, h := testkit.Broker(t), newHook(t)
	settings := hooked(h.URL, rulesFile(t))
	messages := waves(2, 60)
	for part := range slices.Chunk(messages, len(messages)/5+1) {
		send(t, c, part...)
		stop := start(t, settings, deps(c))
		eventually(t, func() bool {
			lag, err := bus.Lag(t.Context(), c, Group, bus.TopicAssessments)
			return err == nil && lag[bus.TopicAssessments] == 0
		}, "no lag")
		stop()
	}
	stop := start(t, settings, deps(c))
	eventually(t, func() bool { return len(h.counts()) == 2*alertsPerBrand }, "every alert")
	stop()
	for key, n := range published(t, c) {
		require.Equal(t, 1, n, key)
	}
	for key, n := range h.counts() {
		require.Equal(t, 1, n, key)
	}
}

func TestDeadReceiverHoldsBackNoOther(t *testing.T) {
	t.Parallel()
	c, h := testkit.Broker(t), newHook(t)
	dead := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer dead.Close()
	settings := hooked(h.URL, rulesFile(t))
	settings.Receivers = append(settings.Receivers,
		ReceiverConfig{Name: "dead", Type: "webhook", URL: config.Secret(dead.URL + "/s3cret"), GiveUpAfter: 300 * time.Millisecond},
		ReceiverConfig{Name: "gone", Type: "slack", URL: "http://127.0.0.1:1/s3cret", GiveUpAfter: time.Hour})
	send(t, c, waves(1, 60)...)
	stop := start(t, settings, deps(c))
	defer stop()
	eventually(t, func() bool { return len(h.counts()) == alertsPerBrand }, "the living receiver hears all")
	letters := func() (out []bus.Dead) {
		require.NoError(t, bus.ListDead(t.Context(), c, func(d bus.Dead) error { out = append(out, d); return nil }))
		return out
	}
	eventually(t, func() bool { return len(letters()) == alertsPerBrand }, "the dead one's are dead letters")
	for _, d := range letters() {
		require.Equal(t, reasonReceiver, d.Reason)
		require.Equal(t, "notifier", d.Service)
		require.Contains(t, d.Error, "receiver dead: receiver answered 503")
		require.NotContains(t, d.Error, "s3cret")
	}
}

func TestNewReceiverIsNotToldOfThePast(t *testing.T) {
	t.Parallel()
	p := &notified{notifier: &notifier{receiver: receiver{ReceiverConfig: ReceiverConfig{Name: "r"}}}, since: noon}
	require.True(t, noon.Add(-time.Second).Before(p.since))

	c, h := testkit.Broker(t), newHook(t)
	rules := rulesFile(t)
	send(t, c, waves(1, 60)...)
	stop := start(t, hooked(h.URL, rules), deps(c))
	eventually(t, func() bool { return len(h.counts()) == alertsPerBrand }, "every alert")
	stop()
	late := newHook(t)
	settings := hooked(late.URL, rules)
	settings.Receivers[0].Name, settings.Receivers[0].FiringOnly = "late", true
	stop = start(t, settings, deps(c))
	eventually(t, func() bool { return len(late.counts()) == alertsPerBrand/2 }, "what fired within the last hour")
	stop()
}

func TestRunNamesWhatIsWrong(t *testing.T) {
	c := DefaultConfig()
	c.Rules = []string{"absent.yaml"}
	require.ErrorIs(t, Run(t.Context(), c, deps(bus.Config{})), os.ErrNotExist)
	c = hooked("ftp://s3cret.example", rulesFile(t))
	err := Run(t.Context(), c, deps(bus.Config{}))
	require.ErrorContains(t, err, `receiver "hook": url`)
	require.NotContains(t, err.Error(), "s3cret")
}
