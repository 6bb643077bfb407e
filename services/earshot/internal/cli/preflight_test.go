package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
	"github.com/earshot/earshot/services/earshot/internal/score"
)

func preflightServer(t *testing.T, token, page string) *httptest.Server {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	s, err := score.New(engine.Options{Packs: packs, Key: []byte("a key of this test only")}, false)
	require.NoError(t, err)
	p := &preflight{token: token}
	p.scorer.Store(s)
	server := httptest.NewServer(p.handler(page))
	t.Cleanup(server.Close)
	return server
}

func ask(t *testing.T, server *httptest.Server, method, path, token, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func TestPreflight(t *testing.T) {
	open, closed := preflightServer(t, "", ""), preflightServer(t, "let me in", "")
	const draft = `{"text":"Guaranteed 12% a year, zero risk.","role":"financial advisor"}`
	for name, tc := range map[string]struct {
		server              *httptest.Server
		method, token, body string
		status              int
		answer              string
	}{
		"judged":              {open, "POST", "", draft, 200, `"rule":"finra.f01"`},
		"with a fix":          {open, "POST", "", draft, 200, `"fix":"Change or take out`},
		"no draft":            {open, "POST", "", `{"text":""}`, 400, `{"error":"there is no text to check"}`},
		"too large":           {open, "POST", "", `{"text":"` + strings.Repeat("a", maxDraft) + `"}`, 413, "larger than 1 MiB"},
		"another method":      {open, "GET", "", "", 405, "Method Not Allowed"},
		"no token":            {closed, "POST", "", draft, 401, "bearer token: missing or wrong"},
		"a wrong token":       {closed, "POST", "Bearer nope", draft, 401, "bearer token: missing or wrong"},
		"the right token":     {closed, "POST", "Bearer let me in", draft, 200, `"rule":"finra.f01"`},
		"its scheme in small": {closed, "POST", "bearer let me in", draft, 200, `"rule":"finra.f01"`},
		"no scheme":           {closed, "POST", "letmein", draft, 401, "bearer token: missing or wrong"},
		"another scheme":      {closed, "POST", "Basic let me in", draft, 401, "bearer token: missing or wrong"},
		"a bare token":        {preflightServer(t, "a", ""), "POST", "a", draft, 401, "bearer token: missing or wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := ask(t, tc.server, tc.method, "/v1/check", tc.token, tc.body)
			require.Equal(t, tc.status, status)
			require.Contains(t, answer, tc.answer)
		})
	}
}

func TestPreflightServesAPage(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("<title>page</title>"), 0o600))
	status, text := ask(t, preflightServer(t, "", dir), "GET", "/", "", "")
	require.Equal(t, 200, status)
	require.Contains(t, text, "page")
	status, _ = ask(t, preflightServer(t, "", ""), "GET", "/", "", "")
	require.Equal(t, 404, status)
}

func TestPreflightTakesUpChangedPacks(t *testing.T) {
	dir := t.TempDir()
	pack, file := filepath.Join(dir, "house.yaml"), filepath.Join(t.TempDir(), "earshot.yaml")
	text, err := policy.New("house", time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(pack, []byte(text), 0o600))
	require.NoError(t, os.WriteFile(file, []byte("packs: {dirs: ["+dir+"]}"), 0o600))
	p, err := (&global{configPath: file, dataDir: t.TempDir()}).preflight("")
	require.NoError(t, err)
	answer := func() string {
		out, err := p.scorer.Load().Check([]byte(`{"text":"hello"}`), time.Now())
		require.NoError(t, err)
		return string(out)
	}
	require.Contains(t, answer(), `"house":"0.1.0"`)

	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); p.follow(ctx, &said) }()
		pass := func() {
			time.Sleep(10 * time.Second) // the bubble's clock
			synctest.Wait()
		}
		require.NoError(t, os.WriteFile(pack, []byte(strings.Replace(text, "0.1.0", "0.2.0", 1)), 0o600))
		pass()
		require.Contains(t, answer(), `"house":"0.2.0"`)
		require.NoError(t, os.WriteFile(pack, []byte("name: house"), 0o600))
		pass()
		require.Contains(t, answer(), `"house":"0.2.0"`)
		cancel()
		<-done
		require.Contains(t, said.String(), "packs loaded anew\npacks refused, those before stay in use: ")
	})
}

func TestPreflightIsGuarded(t *testing.T) {
	for address, fine := range map[string]bool{"127.0.0.1:0": true, "localhost:1": true, "[::1]:1": true, "0.0.0.0:1": false, "10.1.2.3:1": false, ":1": false, "nonsense": false} {
		require.Equal(t, fine, guarded(address, "") == nil, address)
	}
	require.NoError(t, guarded("0.0.0.0:1", "token"))
}
