package intake

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/services/collector/publish"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// send posts a body over real HTTP; a body that is no *strings.Reader goes in chunks.
func send(t *testing.T, url string, body io.Reader, headers ...string) (status int, header http.Header, answer reply) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/posts", body)
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-ndjson")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	return resp.StatusCode, resp.Header, answer
}

func listen(t *testing.T, s *server) string {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		web.Close()
	})
	return web.URL
}

// chunks hides a body's length from the client.
func chunks(body string) io.Reader { return io.MultiReader(strings.NewReader(body)) }

// TestLimitsAreExact takes each limit at its last byte and past it.
func TestLimitsAreExact(t *testing.T) {
	body := line("1") + "\n" + line("2") + "\n"
	size := int64(len(body))
	tests := map[string]struct {
		change  func(*Options)
		body    io.Reader
		headers []string
		status  int
	}{
		"a body of the limit":             {func(o *Options) { o.MaxBodyBytes = size }, strings.NewReader(body), nil, 202},
		"a byte more":                     {func(o *Options) { o.MaxBodyBytes = size - 1 }, strings.NewReader(body), nil, 413},
		"in chunks, of the limit":         {func(o *Options) { o.MaxBodyBytes = size }, chunks(body), nil, 202},
		"in chunks, a byte more":          {func(o *Options) { o.MaxBodyBytes = size - 1 }, chunks(body), nil, 413},
		"compressed, of the limit":        {func(o *Options) { o.MaxBodyBytes = size }, strings.NewReader(zipped(body)), []string{"Content-Encoding", "gzip"}, 202},
		"compressed, a byte more":         {func(o *Options) { o.MaxBodyBytes = size - 1 }, strings.NewReader(zipped(body)), []string{"Content-Encoding", "gzip"}, 413},
		"as many posts as may be":         {func(o *Options) { o.MaxBatchPosts = 2 }, strings.NewReader(body), nil, 202},
		"one more":                        {func(o *Options) { o.MaxBatchPosts = 1 }, strings.NewReader(body), nil, 413},
		"all the room there is":           {func(o *Options) { o.MaxInflightBytes = size }, strings.NewReader(body), nil, 202},
		"a byte less":                     {func(o *Options) { o.MaxInflightBytes = size - 1 }, strings.NewReader(body), nil, 429},
		"in chunks, the room of a body":   {func(o *Options) { o.MaxBodyBytes, o.MaxInflightBytes = size, size }, chunks(body), nil, 202},
		"in chunks, less room than that":  {func(o *Options) { o.MaxInflightBytes = o.MaxBodyBytes - 1 }, chunks(body), nil, 429},
		"a charset beside the media type": {nil, strings.NewReader(body), []string{"Content-Type", "application/x-ndjson; charset=utf-8"}, 202},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tt.change)
			status, header, answer := send(t, listen(t, s), tt.body, tt.headers...)
			require.Equal(t, tt.status, status)
			require.Equal(t, "application/json", header.Get("Content-Type"))
			require.Equal(t, map[bool]string{true: "1"}[status == 429], header.Get("Retry-After"))
			if status == 202 {
				require.Equal(t, []string{"x:1", "x:2"}, s.room.ids)
				require.Equal(t, reply{Accepted: 2}, answer)
				return
			}
			require.Empty(t, s.room.ids, "all or nothing")
			require.NotEmpty(t, answer.Error)
		})
	}
}

// TestAGzipBombIsGivenUpAtTheLimit: 64 MiB of blanks in a sixteenth of one.
func TestAGzipBombIsGivenUpAtTheLimit(t *testing.T) {
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	blanks := bytes.Repeat([]byte{' '}, 1<<20)
	for range 64 {
		_, err := w.Write(blanks)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.Less(t, bomb.Len(), 1<<17)
	s := serve(t, func(o *Options) { o.MaxBodyBytes, o.MaxInflightBytes = 1<<20, 1<<20 })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w2 := httptest.NewRecorder()
	s.ServeHTTP(w2, encoded("gzip", bomb.String()))
	runtime.ReadMemStats(&after)
	require.Equal(t, http.StatusRequestEntityTooLarge, w2.Code)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20))
}

// TestBackPressureLetsGo: senders beyond the room are told to wait, and taken when the
// others are through.
func TestBackPressureLetsGo(t *testing.T) {
	body := line("1")
	s := serve(t, func(o *Options) { o.MaxInflightBytes = 2 * int64(len(body)) })
	inside, leave := make(chan bool), make(chan bool)
	s.room.write = func(context.Context) error {
		inside <- true
		<-leave
		return errDown // so that the room, which is for one goroutine, keeps nothing
	}
	url := listen(t, s)
	done := make(chan int)
	for range 2 {
		go func() {
			status, _, _ := send(t, url, strings.NewReader(body))
			done <- status
		}()
		<-inside
	}
	status, header, answer := send(t, url, strings.NewReader(body))
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Equal(t, "1", header.Get("Retry-After"))
	require.Equal(t, "too many posts at once", answer.Error)
	close(leave)
	require.Equal(t, []int{503, 503}, []int{<-done, <-done})
	s.room.write = nil
	status, _, _ = send(t, url, strings.NewReader(body))
	require.Equal(t, http.StatusAccepted, status)
}

// TestRoomIsGivenBackAfterEachRefusal: no way out of a request keeps its share.
func TestRoomIsGivenBackAfterEachRefusal(t *testing.T) {
	good := line("1")
	s := serve(t, func(o *Options) {
		o.MaxBodyBytes, o.MaxInflightBytes, o.MaxBatchPosts, o.Token = int64(len(good)), int64(len(good)), 1, "s3cret"
	})
	url := listen(t, s)
	bearer := []string{"Authorization", "Bearer s3cret"}
	for name, tt := range map[string]struct {
		body    io.Reader
		headers []string
		status  int
	}{
		"no token":   {strings.NewReader(good), nil, 401},
		"no gzip":    {strings.NewReader("hello"), append([]string{"Content-Encoding", "gzip"}, bearer...), 400},
		"no post":    {strings.NewReader(" "), bearer, 400},
		"a bad post": {strings.NewReader("{}"), bearer, 400},
		"too long":   {chunks(good + good), bearer, 413},
		"too many":   {strings.NewReader("{}\n{}\n"), bearer, 413},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, _ := send(t, url, tt.body, tt.headers...)
			require.Equal(t, tt.status, status)
			status, _, _ = send(t, url, strings.NewReader(good), bearer...)
			require.Equal(t, http.StatusAccepted, status)
		})
	}
}

// TestNothingIsTakenInPartWithoutTheBus: a sender who is told 503 sends all again, the
// bad posts too, and hears of those then.
func TestNothingIsTakenInPartWithoutTheBus(t *testing.T) {
	s := serve(t, func(o *Options) { o.WriteTimeout = 10 * time.Millisecond })
	away := true
	s.room.write = func(ctx context.Context) error {
		if away {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	body := line("1") + "\n{\"id\": \"2\"}\n" + line("3")
	url := listen(t, s)
	status, header, answer := send(t, url, strings.NewReader(body))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "5", header.Get("Retry-After"))
	require.Zero(t, answer.Accepted+answer.Rejected)
	away = false
	status, _, answer = send(t, url, strings.NewReader(body))
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, reply{Accepted: 2, Rejected: 1, Errors: []Fault{{Line: 2, Field: "platform", Error: "missing"}}}, answer)
	require.Equal(t, []string{"x:1", "x:3"}, s.room.ids)
}

// TestAllBadIsNoFaultOfTheBus: nothing is left to write.
func TestAllBadIsNoFaultOfTheBus(t *testing.T) {
	s := serve(t, nil)
	s.Handler = New(Options{
		MaxBodyBytes: 1 << 20, MaxInflightBytes: 1 << 20, MaxBatchPosts: 10, WriteTimeout: time.Second,
		Publisher: publisherTo(t, strict{}), Logger: discard,
	})
	w, answer := s.do(t, request("application/json", `[{}, 1, "a", null, []]`))
	require.Equal(t, http.StatusBadRequest, w.Code)
	require.Equal(t, 0, answer.Accepted)
	require.Equal(t, 5, answer.Rejected)
	for i, fault := range answer.Errors {
		require.Equal(t, i, *fault.Index)
		require.Equal(t, 1, fault.Line)
	}
}

// strict takes no empty write for one.
type strict struct{}

func (strict) Write(_ context.Context, messages ...bus.Message) error {
	if len(messages) > 0 {
		return errDown
	}
	return nil
}

var discard = slog.New(slog.DiscardHandler)

func publisherTo(t *testing.T, w publish.Writer) *publish.Publisher {
	t.Helper()
	p, err := publish.New(w)
	require.NoError(t, err)
	return p
}
