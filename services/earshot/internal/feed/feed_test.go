package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/retry"
)

// intake answers as the collector's README says.
type intake struct {
	busy  int      // requests to answer with 503 first
	lines []string // what was accepted
	calls int
}

func (i *intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.calls++
	w.Header().Set("Content-Type", "application/json")
	if r.Header.Get("Authorization") != "Bearer right" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"error":"wrong token"}`)
		return
	}
	if i.busy > 0 {
		i.busy--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	type refusal struct {
		Line  int    `json:"line"`
		Field string `json:"field"`
		Error string `json:"error"`
	}
	var refused []refusal
	scanner := bufio.NewScanner(r.Body)
	for n := 1; scanner.Scan(); n++ {
		if scanner.Text() == "bad" {
			refused = append(refused, refusal{n, "text", "is no JSON"})
			continue
		}
		i.lines = append(i.lines, scanner.Text())
	}
	status := http.StatusAccepted
	if len(refused) > 0 {
		status = http.StatusBadRequest
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"accepted": len(i.lines), "errors": refused})
}

func client(t *testing.T, i *intake) *Client {
	t.Helper()
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	return &Client{URL: server.URL, Token: "right", Refused: func(string) {}, Waiting: func(error) {}}
}

func TestFlushSendsInOrderAndNamesRefusedPosts(t *testing.T) {
	i := &intake{}
	c := client(t, i)
	var refused []string
	c.Refused = func(reason string) { refused = append(refused, reason) }
	for n, line := range []string{"one", "bad", "three\n"} {
		require.NoError(t, c.Add(t.Context(), fmt.Sprintf("line %d", n+10), []byte(line)))
	}
	require.NoError(t, c.Flush(t.Context()))
	require.Equal(t, []string{"one", "three"}, i.lines)
	require.Equal(t, 2, c.Accepted)
	require.Equal(t, []string{"line 11: text: is no JSON"}, refused)
}

func TestAddFlushesAFullBatch(t *testing.T) {
	i := &intake{}
	c := client(t, i)
	for n := range maxBatchPosts + 1 {
		require.NoError(t, c.Add(t.Context(), "line", fmt.Appendf(nil, "%d", n)))
	}
	require.Equal(t, 1, i.calls)
	require.NoError(t, c.Flush(t.Context()))
	require.Equal(t, 2, i.calls)
	require.Len(t, i.lines, maxBatchPosts+1)
	require.NoError(t, c.Flush(t.Context()), "an empty batch sends nothing")
	require.Equal(t, 2, i.calls)
}

func TestFlushTriesAgainWhileTheCollectorIsBusy(t *testing.T) {
	i := &intake{busy: 2}
	c := client(t, i)
	waits := 0
	c.Waiting = func(error) { waits++ }
	require.NoError(t, c.Add(t.Context(), "line 1", []byte("one")))
	require.NoError(t, c.Flush(t.Context()))
	require.Equal(t, 2, waits)
	require.Equal(t, []string{"one"}, i.lines)
}

func TestFlushEndsAtAWrongToken(t *testing.T) {
	i := &intake{}
	c := client(t, i)
	c.Token = "wrong"
	require.NoError(t, c.Add(t.Context(), "line 1", []byte("one")))
	err := c.Flush(t.Context())
	require.ErrorContains(t, err, "wrong token")
	require.True(t, retry.IsPermanent(err))
	require.NotContains(t, err.Error(), "Bearer")
	require.Equal(t, 1, i.calls)
}

func TestFlushEndsWithItsContext(t *testing.T) {
	c := client(t, &intake{})
	c.URL = "http://127.0.0.1:1"
	ctx, cancel := context.WithCancel(t.Context())
	var waits []string
	c.Waiting = func(err error) {
		waits = append(waits, err.Error())
		cancel()
	}
	require.NoError(t, c.Add(ctx, "line 1", []byte("one")))
	require.ErrorIs(t, c.Flush(ctx), context.Canceled)
	require.Equal(t, []string{"no collector answers at 127.0.0.1:1"}, waits)
}

func TestFlushCountsAnAnswerThatTheEndFindsUnderWay(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		stop()
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprint(w, `{"accepted":1}`)
	}))
	t.Cleanup(server.Close)
	c := &Client{URL: server.URL, Refused: func(string) {}, Waiting: func(error) {}}
	require.NoError(t, c.Add(ctx, "line 1", []byte("one")))
	require.NoError(t, c.Flush(ctx))
	require.Equal(t, 1, c.Accepted)
}
