package earshot_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	sqlPosts    = "SELECT count() FROM posts_current"
	sqlMentions = "SELECT count() FROM mentions"
	sqlRepeats  = "SELECT count() - uniqExact(post_id, brand_id) FROM mentions"
	sqlAlerts   = "SELECT count() FROM alerts_current"
)

func TestUpFromPostsToRowsAndAlerts(t *testing.T) {
	s := embeddedSystem(t)
	s.start()
	judges(t, s)
	s.eventually("an alert about the patient", func() bool {
		return s.count("SELECT count() FROM alerts_current WHERE rule = 'compliance-breach' AND brand_id = 'merrow'") == 1
	})
}

// judges replays the demo twice and looks at what a user would look at.
func judges(t *testing.T, s *system) {
	t.Helper()
	file, stay := demoFile(t, "once", 1)
	for range 2 {
		out, errs, code := s.cli("replay", file)
		require.Zero(t, code, errs)
		require.Contains(t, out, " 0 refused")
		s.eventually("all posts are in the store", func() bool { return s.count(sqlPosts) == stay })
		require.Zero(t, s.count(sqlRepeats))
		require.GreaterOrEqual(t, s.count(sqlMentions), stay)
	}
	for _, rule := range []string{"secret.aws-access-key-id", "finra.f01"} {
		require.Positive(t, s.count("SELECT count() FROM findings WHERE rule = '"+rule+"'"), rule)
	}
	require.Positive(t, s.count("SELECT count() FROM findings WHERE kind IN ('phi', 'phi_disclosure')"))
	require.Positive(t, s.count("SELECT count() FROM mentions WHERE author_handle = '@nurse.ines' AND compliance_level = 'critical'"), "patient details")
	s.eventually("alerts", func() bool { return s.count(sqlAlerts) >= 3 })
	require.Zero(t, s.count("SELECT count() - uniqExact(id) FROM alerts_current"))
	s.eventually("notifications", func() bool { _, all := s.hooks.repeated(); return all >= 3 })
	twice, _ := s.hooks.repeated()
	require.Empty(t, twice, "no alert is told twice")
	require.Zero(t, s.count("SELECT countIf(position(text, 'AKIA') > 0 AND position(text, '*') = 0) FROM mentions"), "no key in clear")
}

func TestUpSurvivesAKillInMidReplay(t *testing.T) {
	s := embeddedSystem(t)
	s.start()
	survivesKill(t, s)
}

// survivesKill kills the pipeline while posts stream in, starts it again and counts.
func survivesKill(t *testing.T, s *system) {
	t.Helper()
	before := s.count(sqlPosts)
	file, stay := demoFile(t, "kill", 12)
	replay := s.command("replay", file)
	var out bytes.Buffer
	replay.Stdout, replay.Stderr = &out, &out
	require.NoError(t, replay.Start())
	t.Cleanup(func() { _ = replay.Process.Kill() })
	s.eventually("the first posts are in the store", func() bool { return s.count(sqlPosts) > before })
	s.signal(syscall.SIGKILL)
	s.start()
	require.NoError(t, replay.Wait(), out.String())
	s.eventually("all posts are in the store", func() bool { return s.count(sqlPosts) == before+stay })
	require.Zero(t, s.count(sqlRepeats))
	require.Zero(t, s.count("SELECT count() - uniqExact(id) FROM alerts_current"))
	twice, _ := s.hooks.repeated()
	require.LessOrEqual(t, len(twice), 1, "only a notification in flight at the kill may come again: %v", twice)
}

func TestUpStopsAndContinues(t *testing.T) {
	s := embeddedSystem(t)
	s.start()
	file, stay := demoFile(t, "once", 1)
	_, errs, code := s.cli("replay", file)
	require.Zero(t, code, errs)
	s.signal(syscall.SIGTERM)
	s.start()
	s.drained()
	require.Equal(t, stay, s.count(sqlPosts), "what was accepted is in the store")
	_, all := s.hooks.repeated()
	require.Positive(t, all)
	s.signal(syscall.SIGTERM)
	s.start()
	s.drained()
	twice, again := s.hooks.repeated()
	require.Empty(t, twice)
	require.Equal(t, all, again, "a restart tells nothing again")
}

func TestAirlinePostsAreAllInTheStore(t *testing.T) {
	data := filepath.Join("..", "..", "..", "shared", "data", "us_airline", "train.tsv.gz")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the airline posts are not at ../shared/data/us_airline")
	}
	s := embeddedSystem(t)
	s.start()
	lines, err := exec.Command("sh", "-c", "gzip -dc "+data+" | tail -n +2 | wc -l").Output()
	require.NoError(t, err)
	out, errs, code := s.cli("replay", data, "--mapping", filepath.Join("..", "..", "deploy", "us_airline.mapping.yaml"))
	require.Zero(t, code, errs)
	want := strings.TrimSpace(string(lines))
	require.Contains(t, out, want+" posts accepted, 0 refused")
	s.eventually("every line is a row", func() bool {
		n, _, _ := s.cli("query", sqlPosts, "--format", "csv")
		return strings.HasSuffix(strings.TrimSpace(n), "\n"+want)
	})
	airlines := s.count("SELECT uniqExact(brand_id) FROM mentions WHERE brand_id NOT IN ('tidewell', 'merrow')")
	require.Equal(t, 6, airlines)
	require.Equal(t, 6, s.count("SELECT count() FROM (SELECT brand_id, countIf(sentiment = 'negative') / count() AS share FROM mentions GROUP BY brand_id HAVING share > 0.2)"))
}

func TestBadInputIsNamedAndTheRestGoesOn(t *testing.T) {
	s := embeddedSystem(t)
	s.start()
	good := `{"id":"%","platform":"x","text":"Tidewell Bank is fine","created_at":"2026-03-02T09:14:00Z"}`
	lines := []string{
		strings.Replace(good, "%", "1", 1),
		`{"id":"2","platform":"x","text":"broken`,
		`{"id":"3","platform":"x","txt":"Tidewell"}`,
		"{\"id\":\"4\",\"platform\":\"x\",\"text\":\"Tidewell \xff\"}",
		`{"id":"5","platform":"x","text":"Tidewell ` + strings.Repeat("a", 2<<20) + `"}`,
		strings.Replace(good, "%", "6", 1),
	}
	file := filepath.Join(t.TempDir(), "posts.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	out, errs, code := s.cli("replay", file)
	require.Equal(t, 2, code)
	require.Contains(t, out, "2 posts accepted, 4 refused")
	for _, want := range []string{"line 2", "line 3", "txt", "line 4", "UTF-8", "line 5"} {
		require.Contains(t, errs, want)
	}
	require.NotContains(t, errs, "aaaa")
	s.eventually("the good posts are in the store", func() bool { return s.count(sqlPosts) == 2 })

	req, err := http.NewRequest(http.MethodPost, "http://"+s.intake+"/v1/posts", strings.NewReader(lines[0]))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer wrong")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
}

func TestUpNamesATakenDataFolder(t *testing.T) {
	s := embeddedSystem(t)
	s.start()
	second := embeddedSystem(t)
	second.data = s.data
	_, errs, code := second.cli("up")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "in use")
}

// TestUpWaitsForAFullDisk fills the disk of the broker's log, which then refuses posts;
// with room again it goes on, and every accepted post is in the store.
func TestUpWaitsForAFullDisk(t *testing.T) {
	s := embeddedSystem(t)
	log := filepath.Join(s.data, "kafka")
	require.NoError(t, os.MkdirAll(log, 0o700))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", log).CombinedOutput(); err != nil {
		t.Skipf("a small disk needs the right to mount one: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", log).Run() })
	s.start()
	filler := filepath.Join(log, "filler")
	require.ErrorContains(t, os.WriteFile(filler, make([]byte, 32<<20), 0o600), "no space left on device")
	file, stay := demoFile(t, "full", 2)
	replay := s.command("replay", file)
	var out lockedBuffer
	replay.Stdout, replay.Stderr = &out, &out
	require.NoError(t, replay.Start())
	t.Cleanup(func() { _ = replay.Process.Kill() })
	s.eventually("the replay is told to wait", func() bool { return strings.Contains(out.String(), "waiting:") })
	require.Contains(t, s.log("earshot"), "no space left on device")
	require.NoError(t, os.Remove(filler))
	require.NoError(t, replay.Wait(), out.String())
	s.eventually("all posts are in the store", func() bool { return s.count(sqlPosts) == stay })
	require.Zero(t, s.count(sqlRepeats))
}
