package embedded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
)

// parentVariable makes the test binary a program that starts the engine in
// the folder it names, prints the child's id and address, and waits.
const parentVariable = "EARSHOT_TEST_PARENT"

// ownAddress takes a free port of a host that is no client's: the port stays free when it
// is given up until the test takes it again.
const ownAddress = "127.0.0.2:0"

func runAsParent() {
	dir := os.Getenv(parentVariable)
	if dir == "" {
		return
	}
	ch, err := StartClickHouse(context.Background(), ClickHouseOptions{Dir: dir, Listen: ownAddress})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(ch.PID(), ch.Addr(), ch.Token().Reveal())
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func startClickHouse(t *testing.T, o ClickHouseOptions) *ClickHouse {
	t.Helper()
	needLibrary(t)
	o.Logger = quiet()
	ch, err := StartClickHouse(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ch.Close()) })
	return ch
}

func TestClickHouseKeepsItsData(t *testing.T) {
	dir := t.TempDir()
	first := startClickHouse(t, ClickHouseOptions{Dir: dir, Listen: ownAddress, Database: "kept"})
	require.Contains(t, first.DSN(), "@"+first.Addr()+"/kept")
	do(t, first, ask{query: "CREATE TABLE kept.t (n UInt8) ENGINE = MergeTree ORDER BY n"}).ok(t)
	do(t, first, ask{query: "INSERT INTO kept.t VALUES (7)"}).ok(t)
	require.NoError(t, first.Close())
	require.NoError(t, first.Close(), "closing twice is harmless")

	second := startClickHouse(t, ClickHouseOptions{Dir: dir, Listen: first.Addr(), Database: "kept"})
	require.Equal(t, first.Token(), second.Token())
	require.Equal(t, first.Addr(), second.Addr())
	require.Equal(t, "7\n", do(t, second, ask{query: "SELECT n FROM kept.t"}).ok(t).body)
	info, err := os.Stat(filepath.Join(dir, "token"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestClickHouseSurvivesItsChild(t *testing.T) {
	ch := startClickHouse(t, ClickHouseOptions{Dir: t.TempDir()})
	conn := open(t, ch, "default", nil)
	ctx := t.Context()
	require.NoError(t, conn.Exec(ctx, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 1000"))

	var acknowledged, deaths atomic.Int64
	done := make(chan error, 1)
	const batches = 60
	go func() {
		for i := range batches {
			insert := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"insert_deduplication_token": strconv.Itoa(i)}))
			for {
				err := conn.Exec(insert, fmt.Sprintf("INSERT INTO t SELECT %d + number FROM numbers(100)", i*100))
				if err == nil {
					break
				}
				if ctx.Err() != nil {
					done <- err
					return
				}
			}
			acknowledged.Add(1)
		}
		done <- nil
	}()
	for _, after := range []int64{5, 20, 40} {
		require.Eventually(t, func() bool { return acknowledged.Load() >= after }, time.Minute, time.Millisecond)
		pid := ch.PID()
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		require.Eventually(t, func() bool { return ch.PID() != pid }, time.Minute, time.Millisecond)
		deaths.Add(1)
	}
	require.NoError(t, <-done)
	var count, distinct uint64
	require.NoError(t, conn.QueryRow(ctx, "SELECT count(), uniqExact(n) FROM t").Scan(&count, &distinct))
	require.EqualValues(t, batches*100, distinct, "an acknowledged row is lost")
	require.EqualValues(t, batches*100, count, "a repeated batch is there twice")
	require.EqualValues(t, 3, deaths.Load())
}

func TestClickHouseChildDiesWithItsParent(t *testing.T) {
	needLibrary(t)
	dir := t.TempDir()
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"="+dir)
	_, err := parent.StdinPipe()
	require.NoError(t, err)
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	fields := strings.Fields(line)
	require.Len(t, fields, 3, line)
	pid, err := strconv.Atoi(fields[0])
	require.NoError(t, err)
	other := &ClickHouse{addr: fields[1], token: config.Secret(fields[2])}
	do(t, other, ask{query: "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n"}).ok(t)
	do(t, other, ask{query: "INSERT INTO t VALUES (7)"}).ok(t)

	_, err = StartClickHouse(t.Context(), ClickHouseOptions{Dir: dir})
	require.ErrorIs(t, err, ErrInUse)

	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	require.Eventually(t, func() bool { return syscall.Kill(pid, 0) != nil }, time.Minute, time.Millisecond)
	ch := startClickHouse(t, ClickHouseOptions{Dir: dir, Listen: fields[1]})
	require.Equal(t, "7\n", do(t, ch, ask{query: "SELECT n FROM t"}).ok(t).body)
}

func TestClickHouseRefusesToStart(t *testing.T) {
	needLibrary(t)
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	notLibrary := filepath.Join(t.TempDir(), "libchdb.so")
	require.NoError(t, os.WriteFile(notLibrary, []byte("not a library"), 0o600))
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, tc := range []struct {
		name    string
		options ClickHouseOptions
		text    string
	}{
		{"taken port", ClickHouseOptions{Listen: taken.Addr().String()}, taken.Addr().String() + ": in use by another process"},
		{"no port", ClickHouseOptions{Listen: "127.0.0.1"}, "is not host:port"},
		{"open to the network", ClickHouseOptions{Listen: "0.0.0.0:0"}, "is not on loopback"},
		{"missing library", ClickHouseOptions{Library: "/nowhere/libchdb.so"}, "no such file"},
		{"broken library", ClickHouseOptions{Library: notLibrary}, "load"},
		{"folder is a file", ClickHouseOptions{Dir: file}, "not a directory"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.options.Dir == "" {
				tc.options.Dir = t.TempDir()
			}
			tc.options.Logger = quiet()
			_, err := StartClickHouse(t.Context(), tc.options)
			require.ErrorContains(t, err, tc.text)
		})
	}
}

func TestFindLibrary(t *testing.T) {
	root := t.TempDir()
	inside := filepath.Join(root, "deploy", "chdb", "node_modules", "@chdb", "lib-linux-x64-gnu")
	require.NoError(t, os.MkdirAll(inside, 0o750))
	below := filepath.Join(root, "a", "b")
	require.NoError(t, os.MkdirAll(below, 0o750))
	t.Setenv(libraryVariable, "")
	t.Chdir(below)

	_, err := FindLibrary("")
	require.ErrorContains(t, err, "make setup")
	require.ErrorContains(t, err, "clickhouse.dsn")

	library := filepath.Join(inside, "libchdb.so")
	require.NoError(t, os.WriteFile(library, nil, 0o600))
	found, err := FindLibrary("")
	require.NoError(t, err)
	require.Equal(t, library, found)

	other := filepath.Join(root, "other.so")
	_, err = FindLibrary(other)
	require.ErrorContains(t, err, "other.so")
	require.NoError(t, os.WriteFile(other, nil, 0o600))
	found, err = FindLibrary(other)
	require.NoError(t, err)
	require.Equal(t, other, found)
	t.Setenv(libraryVariable, other)
	found, err = FindLibrary("")
	require.NoError(t, err)
	require.Equal(t, other, found)
}

func TestLineLog(t *testing.T) {
	var out strings.Builder
	l := lineLog{logger: slog.New(slog.NewTextHandler(&out, nil))}
	for _, part := range []string{"a b\n\nc", "d\n", strings.Repeat("e", maxLine+1)} {
		n, err := l.Write([]byte(part))
		require.NoError(t, err)
		require.Equal(t, len(part), n)
	}
	require.Contains(t, out.String(), `detail="a b"`)
	require.Contains(t, out.String(), "detail=cd")
	require.Equal(t, 3, strings.Count(out.String(), "\n"))
}
