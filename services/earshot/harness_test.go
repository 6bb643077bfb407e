package earshot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/testkit"
	"github.com/earshot/earshot/services/alerter"
	"github.com/earshot/earshot/services/classifier"
	"github.com/earshot/earshot/services/collector/post"
	"github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/demo"
	"github.com/earshot/earshot/services/writer"
)

// bin holds the binaries under test, built once.
var bin string

func TestMain(m *testing.M) {
	embedded.ServeChild()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if bin, err = os.MkdirTemp("", "earshot-e2e-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(bin) }()
	for _, name := range []string{"earshot", "collector", "classifier", "writer", "alerter"} {
		build := exec.Command("go", "build", "-o", filepath.Join(bin, name), "github.com/earshot/earshot/services/"+name+"/cmd/"+name)
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build %s: %v\n%s", name, err, out)
			return 1
		}
	}
	return m.Run()
}

// waitLimit ends a wait that will never come true. It measures nothing.
const waitLimit = 10 * time.Minute

// system is a pipeline as a user runs it: processes, a configuration, an environment.
type system struct {
	t        *testing.T
	config   string
	data     string
	env      []string
	intake   string
	hooks    *hooks
	commands [][]string // the processes of the pipeline
	ready    []string   // their admin addresses
	running  []*exec.Cmd
	logs     string // folder of the processes' output
}

// log is what a process has printed so far.
func (s *system) log(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.logs, name+".log"))
	require.NoError(s.t, err)
	return string(text)
}

// lockedBuffer is a buffer that a process writes and a test reads.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newSystem prepares a pipeline on free ports with the demo's brands, and a webhook
// that notes every notification.
func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{t: t, data: filepath.Join(t.TempDir(), "data"), logs: t.TempDir(), hooks: newHooks(t)}
	s.config = filepath.Join(t.TempDir(), "earshot.yaml")
	text := string(demo.Config) + "\nalerter:\n  receivers: [{name: test, type: webhook, url: \"" + s.hooks.url + "\"}]\n"
	require.NoError(t, os.WriteFile(s.config, []byte(text), 0o600))
	s.intake = testkit.Address(t)
	s.env = append(os.Environ(), "EARSHOT__COLLECTOR__LISTEN="+s.intake)
	return s
}

// embeddedSystem is `earshot up` on its own broker and database.
func embeddedSystem(t *testing.T) *system {
	t.Helper()
	s := newSystem(t)
	admin := testkit.Address(t)
	s.env = append(s.env, "EARSHOT__ADMIN_LISTEN="+admin,
		"EARSHOT__KAFKA__EMBEDDED_LISTEN="+testkit.Address(t), "EARSHOT__CLICKHOUSE__EMBEDDED_LISTEN="+testkit.Address(t))
	s.commands = [][]string{{"earshot", "up", "--config", s.config, "--data", s.data}}
	s.ready = []string{admin}
	return s
}

// standApart makes the system the four services as processes of their own, on a broker
// and a database that run already, and migrates the database.
func (s *system) standApart(brokers, dsn string) {
	s.t.Helper()
	s.env = append(s.env, "EARSHOT__KAFKA__BROKERS="+brokers, "EARSHOT__CLICKHOUSE__DSN="+dsn,
		"EARSHOT__COLLECTOR__TOKEN="+intakeToken, "EARSHOT__SECRET_KEY=fingerprint-key-of-the-test")
	for _, name := range []string{"collector", "classifier", "writer", "alerter"} {
		admin := testkit.Address(s.t)
		s.env = append(s.env, "EARSHOT__"+strings.ToUpper(name)+"__ADMIN_LISTEN="+admin)
		s.commands = append(s.commands, []string{name, "-config", s.config})
		s.ready = append(s.ready, admin)
	}
	migrate := exec.Command(filepath.Join(bin, "writer"), "-config", s.config, "-migrate")
	migrate.Env = s.env
	out, err := migrate.CombinedOutput()
	require.NoError(s.t, err, "%s", out)
}

// start starts every process and waits until all say that they are ready.
func (s *system) start() {
	s.t.Helper()
	for _, args := range s.commands {
		cmd := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
		cmd.Env = s.env
		log, err := os.OpenFile(filepath.Join(s.logs, args[0]+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		require.NoError(s.t, err)
		cmd.Stdout, cmd.Stderr = log, log
		require.NoError(s.t, cmd.Start())
		s.running = append(s.running, cmd)
		s.t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if text, _ := os.ReadFile(log.Name()); s.t.Failed() {
				s.t.Logf("%s:\n%s", args[0], text)
			}
			_ = log.Close()
		})
	}
	for _, address := range s.ready {
		s.eventually("ready", func() bool {
			resp, err := http.Get("http://" + address + "/readyz")
			if err != nil {
				return false
			}
			_ = resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		})
	}
	s.eventually("noted addresses", func() bool {
		_, err := os.Stat(filepath.Join(s.data, "endpoints.json"))
		return err == nil || len(s.commands) > 1
	})
}

// signal sends a signal to every process and waits for their ends.
func (s *system) signal(sig syscall.Signal) {
	s.t.Helper()
	for _, cmd := range s.running {
		require.NoError(s.t, cmd.Process.Signal(sig))
	}
	for _, cmd := range s.running {
		_ = cmd.Wait()
	}
	s.running = nil
}

// cli runs an earshot command and returns its output, errors included, and exit code.
func (s *system) cli(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	cmd := s.command(args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func (s *system) command(args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bin, "earshot"), append(args, "--config", s.config, "--data", s.data)...)
	cmd.Env = s.env
	return cmd
}

// count runs a query that gives one number.
func (s *system) count(sql string) int {
	s.t.Helper()
	out, errs, code := s.cli("query", sql, "--format", "csv")
	require.Zero(s.t, code, errs)
	lines := strings.Fields(out)
	n, err := strconv.Atoi(strings.Trim(lines[len(lines)-1], `"`))
	require.NoError(s.t, err, out)
	return n
}

// bus is the way to the pipeline's own broker.
func (s *system) bus() bus.Config {
	s.t.Helper()
	var at earshot.Endpoints
	text, err := os.ReadFile(filepath.Join(s.data, "endpoints.json"))
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal(text, &at))
	c := bus.DefaultConfig()
	c.Brokers = []string{at.Kafka}
	return c
}

// drained waits until all that was accepted is judged, stored and told.
func (s *system) drained() {
	s.t.Helper()
	c := s.bus()
	for _, room := range []struct{ group, topic string }{ // each writes what the next ones read
		{classifier.Group, bus.TopicPosts},
		{writer.Group, bus.TopicAssessments},
		{alerter.Group, bus.TopicAssessments},
		{writer.GroupAlerts, bus.TopicAlerts},
		{alerter.Group + ".test", bus.TopicAlerts},
	} {
		s.eventually(room.group+" is done", func() bool {
			lag, err := bus.Lag(s.t.Context(), c, room.group, room.topic)
			require.NoError(s.t, err)
			return lag[room.topic] == 0
		})
	}
}

func (s *system) eventually(what string, done func() bool) {
	s.t.Helper()
	for end := time.Now().Add(waitLimit); !done(); time.Sleep(100 * time.Millisecond) {
		require.True(s.t, time.Now().Before(end), "waited in vain until: %s", what)
	}
}

// hooks is a receiver of webhooks that notes what it was sent.
type hooks struct {
	url  string
	mu   sync.Mutex
	seen map[string]int // notifications by fingerprint and state
}

func newHooks(t *testing.T) *hooks {
	t.Helper()
	h := &hooks{seen: map[string]int{}}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// ServeHTTP reads Alertmanager's webhook payload, version 4.
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
func (h *hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var message struct {
		Alerts []struct {
			Status      string `json:"status"`
			Fingerprint string `json:"fingerprint"`
			StartsAt    string `json:"startsAt"`
		} `json:"alerts"`
	}
	if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range message.Alerts {
		h.seen[a.Status+" "+a.Fingerprint+" "+a.StartsAt]++
	}
}

// repeated are the notifications that came more than once.
func (h *hooks) repeated() (twice []string, all int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, n := range h.seen {
		if n > 1 {
			twice = append(twice, key)
		}
	}
	return twice, len(h.seen)
}

// demoFile writes the demo's week weeks times over, under ids that mark keeps apart, and
// returns the file and how many posts stay, deletions gone.
func demoFile(t *testing.T, mark string, weeks int) (path string, stay int) {
	t.Helper()
	var text bytes.Buffer
	for week := range weeks {
		events, err := demo.Posts(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(week) * demo.Week))
		require.NoError(t, err)
		ids, gone := map[string]bool{}, map[string]bool{}
		for _, e := range events {
			post.Identify(e.GetPost(), e.GetPost().GetPlatform(), fmt.Sprintf("%s-%s-%d", e.GetPost().GetNativeId(), mark, week))
			line, err := post.Encode(e)
			require.NoError(t, err)
			text.Write(append(line, '\n'))
			ids[e.GetPost().GetId()] = true
			if e.GetOp().String() == "POST_OP_DELETED" {
				gone[e.GetPost().GetId()] = true
			}
		}
		stay += len(ids) - len(gone)
	}
	path = filepath.Join(t.TempDir(), "posts.jsonl")
	require.NoError(t, os.WriteFile(path, text.Bytes(), 0o600))
	return path, stay
}
