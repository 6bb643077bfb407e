package embedded

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/earshot/earshot/pkg/bus"
)

// tree writes files under a new folder; a name that ends in / is an empty folder.
func tree(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			require.NoError(t, os.MkdirAll(path, 0o750))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(name), 0o600))
	}
	return dir
}

// content maps the files under dir to what they hold.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = string(text)
		return err
	}))
	return out
}

func TestBackUpAppearsWholeOrNotAtAll(t *testing.T) {
	dir := tree(t, "partitions/a-0/1.dat", "partitions/a-0/2.dat", "partitions/b-0/1.dat", "compaction.tmp/left/over")
	require.NoError(t, backUp(dir, []string{"a-0"}))
	require.Equal(t, map[string]string{
		"compaction/a-0/1.dat": "partitions/a-0/1.dat", "compaction/a-0/2.dat": "partitions/a-0/2.dat",
		"partitions/a-0/1.dat": "partitions/a-0/1.dat", "partitions/a-0/2.dat": "partitions/a-0/2.dat",
		"partitions/b-0/1.dat": "partitions/b-0/1.dat",
	}, content(t, dir), "what a crashed one left is gone")

	require.NoError(t, dropBackup(dir))
	require.NoDirExists(t, filepath.Join(dir, "compaction"))
	require.ErrorContains(t, dropBackup(dir), "drop backup", "there is none")
	require.Len(t, content(t, dir), 3)
	require.ErrorContains(t, backUp(dir, []string{"absent-0"}), "back up")
	require.NoDirExists(t, filepath.Join(dir, "compaction"))
}

func TestPutBack(t *testing.T) {
	tests := map[string]struct {
		files []string
		want  map[string]string
	}{
		"nothing to do":          {[]string{"partitions/a-0/1"}, map[string]string{"partitions/a-0/1": "partitions/a-0/1"}},
		"an empty backup":        {[]string{"compaction/"}, map[string]string{}},
		"half written":           {[]string{"compaction/a-0/1", "compaction/a-0/2", "partitions/a-0/3"}, map[string]string{"partitions/a-0/1": "compaction/a-0/1", "partitions/a-0/2": "compaction/a-0/2"}},
		"deleted":                {[]string{"compaction/a-0/1", "partitions/b-0/1"}, map[string]string{"partitions/a-0/1": "compaction/a-0/1", "partitions/b-0/1": "partitions/b-0/1"}},
		"cut short itself":       {[]string{"compaction/b-0/1", "partitions/a-0/1"}, map[string]string{"partitions/a-0/1": "partitions/a-0/1", "partitions/b-0/1": "compaction/b-0/1"}},
		"one that was not whole": {[]string{"compaction.tmp/a-0/1", "partitions/a-0/1"}, map[string]string{"compaction.tmp/a-0/1": "compaction.tmp/a-0/1", "partitions/a-0/1": "partitions/a-0/1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, append(test.files, "partitions/")...)
			require.NoError(t, putBack(dir))
			require.Equal(t, test.want, content(t, dir))
			require.NoError(t, putBack(dir), "twice is fine")
			require.Equal(t, test.want, content(t, dir))
		})
	}
	require.NoError(t, putBack(""), "a log in memory has none")
	file := tree(t, "compaction")
	require.ErrorContains(t, putBack(file), "put back")
}

func TestPartitionsAreListedByTopic(t *testing.T) {
	b := &Broker{dir: tree(t, "partitions/earshot.posts.v1-0/", "partitions/earshot.posts.v1-12/", "partitions/a-b%2Fc-0/", "partitions/broken%zz-0/")}
	got, err := b.partitions()
	require.NoError(t, err)
	require.Equal(t, map[string][]string{
		"earshot.posts.v1": {"earshot.posts.v1-0", "earshot.posts.v1-12"}, "a-b/c": {"a-b%2Fc-0"},
	}, got)
	for name, dir := range map[string]string{"in memory": "", "no folder yet": t.TempDir()} {
		got, err = (&Broker{dir: dir}).partitions()
		require.NoError(t, err, name)
		require.Empty(t, got, name)
	}
	_, err = (&Broker{dir: tree(t, "partitions")}).partitions()
	require.ErrorContains(t, err, "list partitions")
}

func TestSetting(t *testing.T) {
	value := "compact"
	info := &kfake.TopicInfo{Configs: map[string]*string{"cleanup.policy": &value, "retention.ms": nil}}
	require.Equal(t, "compact", setting(info, "cleanup.policy"))
	require.Empty(t, setting(info, "retention.ms"))
	require.Empty(t, setting(info, "absent"))
}

func TestFreeBytes(t *testing.T) {
	free, err := freeBytes(t.TempDir())
	require.NoError(t, err)
	require.Positive(t, free)
	_, err = freeBytes("/nowhere")
	require.ErrorContains(t, err, "ask for free space")
}

// captured keeps what is logged.
type captured struct {
	slog.Handler
	mu    sync.Mutex
	lines []string
}

func (c *captured) Handle(_ context.Context, r slog.Record) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	line := r.Level.String() + " " + r.Message
	r.Attrs(func(a slog.Attr) bool { line += " " + a.String(); return true })
	c.lines = append(c.lines, line)
	return nil
}

func TestBrokerLogPassesWarningsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &captured{Handler: slog.NewTextHandler(os.Stderr, nil)}
		l := &brokerLog{logger: slog.New(c)}
		l.Logf(kfake.LogLevelError, "disk %s", "full")
		l.Logf(kfake.LogLevelError, "disk %s", "full still")
		l.Logf(kfake.LogLevelWarn, "slow")
		l.Logf(kfake.LogLevelInfo, "chatter")
		l.Logf(kfake.LogLevelDebug, "chatter")
		require.Equal(t, []string{"ERROR broker detail=disk full", "WARN broker detail=slow"}, c.lines)
		time.Sleep(sayAgain) // the bubble's clock
		l.Logf(kfake.LogLevelError, "disk %s", "full yet")
		require.Len(t, c.lines, 3)
	})
}

func TestUpkeepEndsWithTheBroker(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	broker, err := StartBroker(ctx, BrokerOptions{Dir: t.TempDir()})
	require.NoError(t, err)
	cancel() // of the start alone: the broker lives until Close
	config := bus.DefaultConfig()
	config.Brokers = []string{broker.Addr()}
	require.NoError(t, bus.EnsureTopics(t.Context(), config))
	require.Empty(t, cursors(t, config))
	require.NoError(t, broker.Close())
	broker.upkept.Wait()
}

func TestCompactionIsCutShortByNothingButItsEnd(t *testing.T) {
	broker, config := openBroker(t, t.TempDir())
	fireAndResolve(t, config, 3)
	newest := fillCursors(t, config, 30)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, broker.compact(ctx, 0, time.Now()), "a broker that stops ends what it began")
	require.Equal(t, "compact,delete", policy(broker, bus.TopicAlerts))
	require.Equal(t, newest, cursors(t, config))
	require.Less(t, count(t, config, bus.TopicCursors), 10)
}

func TestCompactionThatCannotBackUpTouchesNothing(t *testing.T) {
	dir := t.TempDir()
	broker, config := openBroker(t, dir)
	fireAndResolve(t, config, 3)
	fillCursors(t, config, 30)
	require.NoError(t, os.WriteFile(filepath.Join(dir, backupDir), nil, 0o600)) // in the way
	require.ErrorContains(t, broker.compact(t.Context(), 0, time.Now()), "back up")
	require.Equal(t, 30, count(t, config, bus.TopicCursors))
	require.Equal(t, "compact,delete", policy(broker, bus.TopicAlerts))
	require.False(t, broker.compacting.Load(), "writes are taken again")
	require.NoError(t, os.Remove(filepath.Join(dir, backupDir)))
	require.NoError(t, broker.compact(t.Context(), 0, time.Now()))
	require.Less(t, count(t, config, bus.TopicCursors), 10)
}

// A process that a lock cannot keep out must not be taken for a crash.
func TestLockDir(t *testing.T) {
	dir := t.TempDir()
	first, err := lockDir(dir)
	require.NoError(t, err)
	_, err = lockDir(dir)
	require.ErrorIs(t, err, ErrInUse)
	require.NoError(t, unlock(first))
	again, err := lockDir(dir)
	require.NoError(t, err)
	require.NoError(t, unlock(again))
	none, err := lockDir("")
	require.NoError(t, err)
	require.NoError(t, unlock(none))
	_, err = lockDir(tree(t, "file") + "/file/below")
	require.ErrorContains(t, err, "create the broker's folder")
	_, err = lockDir(tree(t, "LOCK/"))
	require.ErrorContains(t, err, "lock the broker's folder")
	require.False(t, errors.Is(err, ErrInUse))
}
