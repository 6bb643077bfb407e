package collector

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/testkit"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/file"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a collector on a free port.
type running struct {
	url   string
	probe *daemon.Probe
	stop  func() error
}

func start(t testing.TB, c Config, b bus.Config) *running {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	health := &daemon.Health{}
	r := &running{url: "http://" + listener.Addr().String() + "/v1/posts", probe: health.Probe("collector")}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, c, Deps{Bus: b, Logger: slog.New(slog.DiscardHandler), Probe: r.probe, Listener: listener})
	}()
	stopped := false
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() { require.NoError(t, r.stop()) })
	require.Eventually(t, func() bool { return health.Ready() == nil }, time.Minute, 5*time.Millisecond)
	return r
}

func send(t testing.TB, url, token, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Authorization", "Bearer "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	var answer map[string]any
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	return resp.StatusCode, answer
}

// published are the events on the bus by post id, and how often each is there.
func published(t testing.TB, b bus.Config) (map[string]*earshotv1.PostEvent, map[string]int) {
	t.Helper()
	events, counts := map[string]*earshotv1.PostEvent{}, map[string]int{}
	require.NoError(t, bus.ReadAll(t.Context(), b, bus.TopicPosts, func(m bus.Message) error {
		e := &earshotv1.PostEvent{}
		if err := e.UnmarshalVT(m.Value); err != nil {
			return err
		}
		require.NoError(t, schemas.ValidatePostEvent(e))
		require.Equal(t, e.GetPost().GetId(), string(m.Key))
		require.Equal(t, "application/protobuf", m.Header("content-type"))
		events[string(m.Key)] = e
		counts[string(m.Key)]++
		return nil
	}))
	return events, counts
}

func line(id int) string {
	return fmt.Sprintf(`{"id": "%d", "platform": "x", "text": "post %d", "created_at": "2026-03-02T09:14:00Z"}`+"\n", id, id)
}

func lines(from, to int) string {
	var out strings.Builder
	for i := from; i <= to; i++ {
		out.WriteString(line(i))
	}
	return out.String()
}

func TestAcceptedPostsAreOnTheBus(t *testing.T) {
	b, c := testkit.Broker(t), DefaultConfig()
	c.Token = "s3cret"
	r := start(t, c, b)

	status, _ := send(t, r.url, "other", line(1))
	require.Equal(t, http.StatusUnauthorized, status)
	status, answer := send(t, r.url, "s3cret", line(1)+"broken\n"+line(2))
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, map[string]any{
		"accepted": 2.0, "rejected": 1.0,
		"errors": []any{map[string]any{"line": 2.0, "field": "post", "error": "broken JSON at byte 1"}},
	}, answer)
	status, answer = send(t, r.url, "s3cret", `{"id": "1", "platform": "x", "op": "deleted", "revision": 1}`)
	require.Equal(t, http.StatusAccepted, status)
	require.Equal(t, map[string]any{"accepted": 1.0}, answer)

	events, counts := published(t, b)
	require.Equal(t, map[string]int{"x:1": 2, "x:2": 1}, counts)
	require.Equal(t, earshotv1.PostOp_POST_OP_DELETED, events["x:1"].GetOp(), "the newest event of a post comes last")
	require.Equal(t, "http", events["x:2"].GetProvenance().GetSource())
}

func TestTheBrokerIsAwayAndComesBack(t *testing.T) {
	dir := t.TempDir()
	address := testkit.Address(t)
	broker, err := embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: dir, Listen: address})
	require.NoError(t, err)
	b, c := bus.DefaultConfig(), DefaultConfig()
	b.Brokers, c.WriteTimeout = []string{address}, 3*time.Second
	r := start(t, c, b)
	status, _ := send(t, r.url, "", line(1))
	require.Equal(t, http.StatusAccepted, status)

	require.NoError(t, broker.Close())
	status, answer := send(t, r.url, "", line(2))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, answer["error"], "send all again")

	broker, err = embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: dir, Listen: address})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.stop()); require.NoError(t, broker.Close()) })
	require.Eventually(t, func() bool {
		status, _ := send(t, r.url, "", line(2))
		return status == http.StatusAccepted
	}, time.Minute, 10*time.Millisecond)
	_, counts := published(t, b)
	require.Equal(t, 1, counts["x:1"])
	require.GreaterOrEqual(t, counts["x:2"], 1, "not taken for sure, then taken")
}

func TestAFileSourceGoesOnWhereItStopped(t *testing.T) {
	b, c := testkit.Broker(t), DefaultConfig()
	path := filepath.Join(t.TempDir(), "posts.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(lines(1, 5000)), 0o600))
	c.Sources = []Source{{Name: "archive", File: &file.Config{Path: path, Follow: true, Interval: 5 * time.Millisecond}}}
	has := func(want int) func() bool {
		return func() bool {
			_, counts := published(t, b)
			return len(counts) == want
		}
	}
	first := start(t, c, b)
	require.Eventually(t, has(5000), time.Minute, 10*time.Millisecond)
	require.NoError(t, first.stop())

	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(lines(5001, 5100))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	start(t, c, b)
	require.Eventually(t, has(5100), time.Minute, 10*time.Millisecond)
	events, counts := published(t, b)
	for id, n := range counts {
		require.Equal(t, 1, n, id)
	}
	require.Equal(t, "archive/file/line 5100", fmt.Sprintf("%s/%s/%s", events["x:5100"].GetProvenance().GetSource(),
		events["x:5100"].GetProvenance().GetSourceType(), events["x:5100"].GetProvenance().GetPosition()))
}

func TestASourceThatCannotWorkEndsTheService(t *testing.T) {
	b, c := testkit.Broker(t), DefaultConfig()
	path := filepath.Join(t.TempDir(), "posts.csv")
	require.NoError(t, os.WriteFile(path, []byte("a,b\n"), 0o600))
	mapping := filepath.Join(t.TempDir(), "m.yaml")
	require.NoError(t, os.WriteFile(mapping, []byte("{constants: {platform: x}, fields: {text: t}, row_id: r}"), 0o600))
	c.Listen = "127.0.0.1:0"
	c.Sources = []Source{{Name: "archive", File: &file.Config{Path: path, MappingFile: mapping}}}
	err := Run(t.Context(), c, Deps{Bus: b, Logger: slog.New(slog.DiscardHandler)})
	require.ErrorContains(t, err, `source archive: file `+path+`: fields.text: the file has no column "t"`)
}

func TestRunRefusesWhatItCannotDo(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	b := bus.DefaultConfig()
	b.Brokers = []string{"127.0.0.1:9"}
	tests := map[string]struct {
		change func(*Config)
		want   string
	}{
		"a bad setting": {func(c *Config) { c.MaxBatchPosts = 0 }, "collector.max_batch_posts"},
		"no token file": {func(c *Config) { c.TokenFile = "/absent" }, "collector.token_file"},
		"a taken port":  {func(c *Config) { c.Listen = taken.Addr().String() }, "address already in use"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := DefaultConfig()
			tt.change(&c)
			require.ErrorContains(t, Run(t.Context(), c, Deps{Bus: b}), tt.want)
		})
	}
}

func BenchmarkIntake(b *testing.B) {
	broker := testkit.Broker(b)
	r := start(b, DefaultConfig(), broker)
	var body bytes.Buffer
	for i := range 2000 {
		fmt.Fprintf(&body, `{"id": "%d", "platform": "x", "text": "%s", "created_at": "2026-03-02T09:14:00Z", "author": {"id": "u%d", "handle": "@lou", "followers": 12}, "engagement": {"likes": 3}}`+"\n",
			i, strings.Repeat("words of a post ", 10), i)
	}
	b.SetBytes(int64(body.Len()))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if status, _ := send(b, r.url, "", body.String()); status != http.StatusAccepted {
				b.Error(status)
			}
		}
	})
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}
