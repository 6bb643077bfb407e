package embedded

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
)

func TestGreet(t *testing.T) {
	given := orders{Dir: "/d", Library: "/l", Token: "secret", Database: "earshot"}
	tests := map[string]struct{ output, want string }{
		"serves":              {"{}\n", ""},
		"cannot":              {`{"Error":"open data folder: locked"}` + "\n", "open data folder: locked"},
		"died":                {"", "ended before it served"},
		"died in a word":      {`{"Err`, "ended before it served"},
		"is another program":  {"usage: foo\n", "does not call embedded.ServeChild first"},
		"is a noisy program":  {strings.Repeat("x", 10_000) + "\n", "does not call embedded.ServeChild first"},
		"is a test that runs": {"=== RUN TestA\n", "does not call embedded.ServeChild first"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var input bytes.Buffer
			err := greet(&input, strings.NewReader(test.output), given)
			var got orders
			require.NoError(t, json.Unmarshal(input.Bytes(), &got))
			require.Equal(t, given, got)
			require.True(t, strings.HasSuffix(input.String(), "\n"), "orders are a line")
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
			require.Less(t, len(err.Error()), 300)
			require.NotContains(t, err.Error(), "secret")
		})
	}
	broken := errors.New("broken pipe")
	require.ErrorIs(t, greet(failingWriter{broken}, strings.NewReader("{}\n"), given), broken)
}

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

func TestServeChildRefusesOrdersItCannotRead(t *testing.T) {
	broken := errors.New("broken")
	tests := map[string]struct {
		input io.Reader
		want  string
	}{
		"none":        {strings.NewReader(""), "read orders: EOF"},
		"half a line": {strings.NewReader(`{"Dir":`), "read orders: EOF"},
		"no orders":   {strings.NewReader("hello\n"), "read orders: invalid character"},
		"a fault":     {iotest.ErrReader(broken), "read orders: broken"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, serveChild(test.input, io.Discard), test.want)
		})
	}
}

func TestServeChildIsNothingToOthers(t *testing.T) {
	require.False(t, isChild())
	ServeChild() // returns
	t.Setenv(childVariable, "1")
	require.True(t, isChild())
	_, err := StartClickHouse(t.Context(), ClickHouseOptions{Dir: t.TempDir()})
	require.ErrorContains(t, err, "main must call embedded.ServeChild first", "a child never starts children")
}

func TestLoadToken(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	first, err := loadToken(path)
	require.NoError(t, err)
	require.Len(t, first.Reveal(), 26, "128 bits and more")
	again, err := loadToken(path)
	require.NoError(t, err)
	require.Equal(t, first, again)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	tests := map[string]struct {
		text, want string
	}{
		"one of the operator's": {"  mine\n", "mine"},
		"an empty file":         {"\n", ""},
		"cut by a crash":        {"", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "token")
			require.NoError(t, os.WriteFile(path, []byte(test.text), 0o600))
			token, err := loadToken(path)
			require.NoError(t, err)
			if test.want != "" {
				require.Equal(t, config.Secret(test.want), token)
				return
			}
			require.Len(t, token.Reveal(), 26, "a new one")
		})
	}
	_, err = loadToken(dir)
	require.ErrorContains(t, err, "read ClickHouse's token")
	_, err = loadToken(filepath.Join(dir, "absent", "token"))
	require.ErrorContains(t, err, "write ClickHouse's token")
}

func TestListenClickHouse(t *testing.T) {
	tests := map[string]struct{ address, want string }{
		"a free port":       {"", ""},
		"a name":            {"localhost:0", ""},
		"version six":       {"[::1]:0", ""},
		"no port":           {"127.0.0.1", "is not host:port"},
		"everywhere":        {":8123", "is not on loopback"},
		"another":           {"192.0.2.1:8123", "set clickhouse.dsn to a real ClickHouse"},
		"a name of another": {"example.com:8123", "is not on loopback"},
		"no such port":      {"127.0.0.1:99999", "listen for ClickHouse"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file, address, err := listenClickHouse(t.Context(), test.address)
			if test.want != "" {
				require.ErrorContains(t, err, test.want)
				return
			}
			if name == "version six" && err != nil {
				t.Skip("no IPv6 here")
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, file.Close()) }()
			host, port, err := net.SplitHostPort(address)
			require.NoError(t, err)
			require.True(t, net.ParseIP(host).IsLoopback())
			require.NotEqual(t, "0", port)
			_, _, err = listenClickHouse(t.Context(), address)
			require.ErrorIs(t, err, ErrInUse, "the port is held while the child is away")
		})
	}
}

func TestLockClickHouse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	first, err := lockClickHouse(t.Context(), dir)
	require.NoError(t, err)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	synctest.Test(t, func(t *testing.T) { // waits for the child of a process that was killed
		began := time.Now()
		_, err := lockClickHouse(t.Context(), dir)
		require.ErrorIs(t, err, ErrInUse)
		require.ErrorContains(t, err, dir)
		require.GreaterOrEqual(t, time.Since(began), lockWait)
	})
	synctest.Test(t, func(t *testing.T) { // which ends
		time.AfterFunc(lockWait/2, func() { _ = first.Close() })
		second, err := lockClickHouse(t.Context(), dir)
		require.NoError(t, err)
		require.NoError(t, second.Close())
	})
	held, err := lockClickHouse(t.Context(), dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, held.Close()) }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = lockClickHouse(ctx, dir)
	require.ErrorIs(t, err, context.Canceled)
	_, err = lockClickHouse(t.Context(), tree(t, "file")+"/file")
	require.ErrorContains(t, err, "create ClickHouse's folder")
	_, err = lockClickHouse(t.Context(), tree(t, "LOCK/"))
	require.ErrorContains(t, err, "lock ClickHouse's folder")
}

func TestDSNQuotesWhatItMust(t *testing.T) {
	ch := &ClickHouse{addr: "127.0.0.1:8123", database: "earshot", token: "a/b@c:d"}
	require.Equal(t, "http://default:a%2Fb%40c%3Ad@127.0.0.1:8123/earshot", ch.DSN())
	require.NotContains(t, ch.Token().String(), "a/b")
}

func TestStoppingWhatNeverStarted(t *testing.T) {
	require.NoError(t, (&ClickHouse{}).Close())
	require.NoError(t, (&engine{}).stop())
	var none *engine
	require.NoError(t, none.stop())
}

// session asks whether a named session is there, which is then its last use.
func session(t *testing.T, ch *ClickHouse, name string) string {
	t.Helper()
	r := do(t, ch, ask{query: "SELECT 1", params: object{"session_id": name, "session_check": "1", "session_timeout": "0"}})
	return r.Header.Get("X-ClickHouse-Exception-Code")
}

func TestClickHouseForgetsSessionsInTime(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	do(t, ch, ask{query: "SELECT 1", params: object{"session_id": "kept"}}).ok(t)
	do(t, ch, ask{query: "SELECT 1", params: object{"session_id": "brief", "session_timeout": "0"}}).ok(t)
	require.Eventually(t, func() bool { return session(t, ch, "brief") == "372" }, time.Minute, time.Millisecond)
	require.Empty(t, session(t, ch, "kept"))
}

func TestClickHouseLetsOneCallerIntoASession(t *testing.T) {
	ch, db := sharedClickHouse(t)
	do(t, ch, ask{query: "CREATE TABLE t_busy_mark (s String) ENGINE = MergeTree ORDER BY s", params: object{"database": db}}).ok(t)
	in := object{"session_id": "busy", "database": db}
	body, feed := io.Pipe()
	ended := make(chan reply, 1)
	go func() {
		insert := object{"query": "INSERT INTO t_busy_mark FORMAT TSV"}
		maps.Copy(insert, in)
		ended <- do(t, ch, ask{reader: body, params: insert})
	}()
	_, err := io.WriteString(feed, strings.Repeat("row\n", 1000))
	require.NoError(t, err)
	waitRunning(t, ch, "busy", "1")
	locked := do(t, ch, ask{query: "SELECT 1", params: in})
	require.Equal(t, "373", locked.Header.Get("X-ClickHouse-Exception-Code"))
	require.Contains(t, locked.body, "is locked by a concurrent client")
	require.NoError(t, feed.Close())
	(<-ended).ok(t)
	require.Equal(t, "1000\n", do(t, ch, ask{query: "SELECT count() FROM t_busy_mark", params: in}).ok(t).body)
}

func TestClickHouseSettingsOfARequestDoNotStayInItsSession(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	limit := func(extra object) string {
		params := object{"session_id": "settings"}
		maps.Copy(params, extra)
		return do(t, ch, ask{query: "SELECT getSetting('max_result_rows')", params: params}).ok(t).body
	}
	require.Equal(t, "0\n", limit(nil))
	require.Equal(t, "77\n", limit(object{"max_result_rows": "77"}))
	require.Equal(t, "0\n", limit(nil))
}
