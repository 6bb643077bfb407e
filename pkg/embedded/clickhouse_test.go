package embedded

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	ServeChild()
	runAsParent()
	code := m.Run()
	stopShared()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

var (
	sharedOnce sync.Once
	shared     *ClickHouse
	errShared  error
	sharedDir  string
)

// sharedClickHouse is the engine of all tests that do not harm it, with an
// empty database of the test's own.
func sharedClickHouse(t *testing.T) (*ClickHouse, string) {
	t.Helper()
	needLibrary(t)
	sharedOnce.Do(func() {
		if sharedDir, errShared = os.MkdirTemp("", "earshot-clickhouse-"); errShared == nil { //nolint:usetesting // outlives the test that comes first
			shared, errShared = StartClickHouse(t.Context(), ClickHouseOptions{Dir: sharedDir})
		}
	})
	require.NoError(t, errShared)
	database := strings.ToLower(strings.NewReplacer("/", "_", " ", "_").Replace(t.Name()))
	do(t, shared, ask{query: "DROP DATABASE IF EXISTS `" + database + "`"}).ok(t) // of the run before, with -count
	do(t, shared, ask{query: "CREATE DATABASE `" + database + "`"}).ok(t)
	return shared, database
}

func stopShared() {
	if shared != nil {
		_ = shared.Close()
	}
	_ = os.RemoveAll(sharedDir)
}

// needLibrary skips a test where libchdb is not set up, and fails it in CI.
func needLibrary(t *testing.T) {
	t.Helper()
	_, err := FindLibrary("")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
}

// ask is a request as curl would send it.
type ask struct {
	method  string // POST when empty
	query   string // in the body, unless body or params["query"] is set
	body    string
	reader  io.Reader
	params  map[string]string
	headers map[string]string
	token   string // the right one when empty
}

type reply struct {
	*http.Response
	body string
	err  error // of reading the body
}

func (r reply) ok(t *testing.T) reply {
	t.Helper()
	require.NoError(t, r.err)
	require.Equal(t, http.StatusOK, r.StatusCode, r.body)
	return r
}

func do(t *testing.T, ch *ClickHouse, a ask) reply {
	t.Helper()
	resp := send(t, ch, a)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return reply{Response: resp, body: string(body), err: err}
}

func send(t *testing.T, ch *ClickHouse, a ask) *http.Response {
	t.Helper()
	values := url.Values{}
	for name, value := range a.params {
		values.Set(name, value)
	}
	body := a.reader
	if body == nil {
		body = strings.NewReader(a.query + a.body)
	}
	req, err := http.NewRequestWithContext(t.Context(), cmp.Or(a.method, http.MethodPost),
		"http://"+ch.Addr()+"/?"+values.Encode(), body)
	require.NoError(t, err)
	req.Header.Set("X-ClickHouse-User", "default")
	req.Header.Set("X-ClickHouse-Key", cmp.Or(a.token, ch.Token().Reveal()))
	for name, value := range a.headers {
		req.Header.Set(name, value)
	}
	client := http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(t, err)
	return resp
}
