package notify_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/retry"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/notify"
)

func alert() *earshotv1.Alert {
	end := time.Date(2026, 3, 2, 12, 10, 0, 0, time.UTC)
	return &earshotv1.Alert{
		Id: strings.Repeat("ab", 16), Rule: "wave", BrandId: "acme", State: earshotv1.AlertState_ALERT_STATE_FIRING,
		Measure: "distinct_authors", Observed: 27, Limit: 25,
		WindowStart: timestamppb.New(end.Add(-time.Hour)), WindowEnd: timestamppb.New(end), StartsAt: timestamppb.New(end),
	}
}

func TestWords(t *testing.T) {
	a := alert()
	require.Equal(t, "wave for acme", notify.Headline(a))
	require.Equal(t, "distinct authors 27 in 1h (limit 25), until 2026-03-02 12:10 UTC", notify.Extent(a))
	require.Equal(t, a.GetId()+"-firing-1772453400000", notify.Key(a))
	a.Annotations = map[string]string{"summary": "Many call for a boycott"}
	a.Measure = "mention"
	require.Equal(t, "Many call for a boycott", notify.Headline(a))
	require.Equal(t, "one post, published 2026-03-02 12:10 UTC", notify.Extent(a))
}

func TestPostSendsWhatReceiversNeed(t *testing.T) {
	var got *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = w.Write([]byte("ok"))
	}))
	defer server.Close()
	answer, err := notify.Post(t.Context(), notify.Request{Client: notify.NewClient(), URL: server.URL + "/hook", Body: []byte(`{"a":1}`), Bearer: "t0ken", Key: "id-firing"})
	require.NoError(t, err)
	require.Equal(t, "ok", string(answer))
	require.Equal(t, `{"a":1}`, string(body))
	require.Equal(t, http.MethodPost, got.Method)
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	require.Equal(t, "Bearer t0ken", got.Header.Get("Authorization"))
	require.Equal(t, `"id-firing"`, got.Header.Get("Idempotency-Key"))
}

func TestPostTellsWhatIsWorthRepeating(t *testing.T) {
	tests := map[int]struct{ fails, permanent bool }{
		200: {}, 202: {}, 204: {},
		301: {true, true}, 400: {true, true}, 401: {true, true}, 404: {true, true}, 410: {true, true},
		408: {true, false}, 429: {true, false}, 500: {true, false}, 503: {true, false},
	}
	for code, tt := range tests {
		t.Run(http.StatusText(code), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
				w.WriteHeader(code)
			}))
			defer server.Close()
			_, err := notify.Post(t.Context(), notify.Request{Client: notify.NewClient(), URL: server.URL})
			require.Equal(t, tt.fails, err != nil)
			require.Equal(t, tt.permanent, retry.IsPermanent(err))
		})
	}
}

func TestNoErrorShowsURLOrToken(t *testing.T) {
	const closed = "http://127.0.0.1:1"
	hangs, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx context.Context
		url string
	}{
		"nobody listens": {t.Context(), closed + "/s3cret-path"},
		"not a URL":      {t.Context(), "http://s3cret-host:port"},
		"control bytes":  {t.Context(), "http://h/\x7fs3cret"},
		"no scheme":      {t.Context(), "s3cret-host/s3cret"},
		"cancelled":      {hangs, closed + "/s3cret-path"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := notify.Post(tt.ctx, notify.Request{Client: notify.NewClient(), URL: tt.url, Bearer: "s3cret-token"})
			require.Error(t, err)
			for e := err; e != nil; e = errors.Unwrap(e) {
				require.NotContains(t, e.Error(), "s3cret")
			}
		})
	}
}

func TestToldJudges(t *testing.T) {
	firing, resolved, other := alert(), alert(), alert()
	resolved.State, other.Id = earshotv1.AlertState_ALERT_STATE_RESOLVED, strings.Repeat("cd", 16)
	told := &notify.Told{}
	require.Equal(t, notify.Send, told.Judge(firing, true))
	require.Equal(t, notify.Send, told.Judge(firing, true), "judging remembers nothing")
	told.Add(firing)
	told.Add(firing)
	require.Equal(t, notify.Repeat, told.Judge(firing, true))
	require.Equal(t, notify.Send, told.Judge(resolved, true))
	require.Equal(t, notify.Unwanted, told.Judge(resolved, false))
	require.Equal(t, notify.Send, told.Judge(other, true))
	again := alert()
	again.StartsAt = timestamppb.New(again.GetStartsAt().AsTime().Add(time.Second))
	require.Equal(t, notify.Send, told.Judge(again, true), "its posts were taken down and others came")
	require.Equal(t, notify.Incomplete, told.Judge(&earshotv1.Alert{}, true))

	restarted := notify.NewTold(told.Keys())
	require.Equal(t, notify.Repeat, restarted.Judge(firing, true), "a restart remembers")
	require.Len(t, restarted.Keys(), 1)
}

func TestToldForgetsTheOldest(t *testing.T) {
	told := &notify.Told{}
	first := alert()
	told.Add(first)
	for range 4095 {
		a := alert()
		a.Id = strings.Repeat("0", 28) + string(rune('a'+len(told.Keys())%26)) + time.Duration(len(told.Keys())).String()
		told.Add(a)
	}
	require.Equal(t, notify.Repeat, told.Judge(first, true))
	told.Add(&earshotv1.Alert{Id: "one more"})
	require.Len(t, told.Keys(), 4096)
	require.Equal(t, notify.Send, told.Judge(first, true))
}

// TestSecretsReachNoOtherHost: a redirect is final, and neither body nor token goes on.
func TestSecretsReachNoOtherHost(t *testing.T) {
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer other.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(other.URL+"/s3cret", code))
		_, err := notify.Post(t.Context(), notify.Request{Client: notify.NewClient(), URL: server.URL + "/s3cret", Bearer: "s3cret", Body: []byte("{}")})
		server.Close()
		require.True(t, retry.IsPermanent(err), "%d", code)
		require.NotContains(t, err.Error(), "s3cret")
	}
	require.False(t, reached)
}

func TestTokenThatIsNoHeaderStaysSecret(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := notify.Post(t.Context(), notify.Request{Client: notify.NewClient(), URL: server.URL, Bearer: "s3cret\nX-Other: 1"})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "s3cret")
}

func TestEndlessAnswersAreCut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("a", 1<<20)))
	}))
	defer server.Close()
	answer, err := notify.Post(t.Context(), notify.Request{Client: notify.NewClient(), URL: server.URL})
	require.NoError(t, err)
	require.Len(t, answer, 4<<10)
}

func TestAnswerThatBreaksOffIsTransient(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("ok"))
	}))
	defer server.Close()
	_, err := notify.Post(t.Context(), notify.Request{Client: notify.NewClient(), URL: server.URL + "/s3cret"})
	require.ErrorContains(t, err, "read the receiver's answer")
	require.False(t, retry.IsPermanent(err))
	require.NotContains(t, err.Error(), "s3cret")
}
