package intake

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/publish"
)

// room stands for the bus: it keeps what is written, or does what the test wants.
type room struct {
	ids   []string
	write func(ctx context.Context) error
}

func (r *room) Write(ctx context.Context, messages ...bus.Message) error {
	if r.write != nil {
		if err := r.write(ctx); err != nil {
			return err
		}
	}
	for _, m := range messages {
		var e earshotv1.PostEvent
		if err := e.UnmarshalVT(m.Value); err != nil {
			return err
		}
		r.ids = append(r.ids, e.GetPost().GetId())
	}
	return nil
}

type server struct {
	http.Handler
	room *room
	log  *bytes.Buffer
}

func serve(t *testing.T, change func(*Options)) *server {
	t.Helper()
	s := &server{room: &room{}, log: &bytes.Buffer{}}
	p, err := publish.New(s.room)
	require.NoError(t, err)
	o := Options{
		MaxBodyBytes: 4 << 20, MaxBatchPosts: 100, MaxInflightBytes: 8 << 20, WriteTimeout: time.Second,
		Publisher: p, Logger: slog.New(slog.NewTextHandler(s.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	s.Handler = New(o)
	return s
}

func request(kind, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/v1/posts", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return r
}

func (s *server) do(t *testing.T, r *http.Request) (*httptest.ResponseRecorder, reply) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var a reply
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &a), w.Body.String())
	return w, a
}

func line(id string) string {
	return `{"id": "` + id + `", "platform": "x", "text": "hunter2", "created_at": "2026-03-02T09:14:00Z"}`
}

func TestForms(t *testing.T) {
	const lines, document = "application/x-ndjson", "application/json; charset=utf-8"
	tests := map[string]struct {
		kind, body string
		ids        []string
		faults     []Fault
	}{
		"one post":                {document, line("1"), []string{"x:1"}, nil},
		"one post over lines":     {document, "\n{\n\"id\": \"1\",\n\"platform\": \"x\"\n}\n", []string{"x:1"}, nil},
		"an array":                {document, " [" + line("1") + ",\n" + line("2") + "]\n", []string{"x:1", "x:2"}, nil},
		"lines":                   {lines, line("1") + "\r\n\n" + line("2"), []string{"x:1", "x:2"}, nil},
		"lines as JSON":           {document, line("1") + "\n" + line("2") + "\n", []string{"x:1", "x:2"}, nil},
		"lines, the first broken": {lines, "{\n" + line("2"), []string{"x:2"}, []Fault{{Line: 1, Field: "post", Error: "broken JSON at byte 2"}}},
		"a broken line among others": {
			lines, line("1") + "\n" + `{"id": "2", "platform": "x", "author": {"followers": "many"}}` + "\n\n{\"id\": \"3\", \"platform\": \"x\", \"text\": \"\xff\"}\n" + line("4"),
			[]string{"x:1", "x:4"},
			[]Fault{
				{Line: 2, Field: "author.followers", Error: "want a whole number from 0, got a string"},
				{Line: 4, Field: "text", Error: "not valid UTF-8 at byte 39"},
			},
		},
		"2 MiB of text": {
			lines, line("1") + "\n" + `{"id": "2", "platform": "x", "text": "` + strings.Repeat("a", 2<<20) + `"}` + "\n" + line("3"),
			[]string{"x:1", "x:3"},
			[]Fault{{Line: 2, Field: "text", Error: "2097152 bytes, at most 65536"}},
		},
		"bad elements of an array": {
			document, "[\n" + line("1") + ",\n{\"id\": \"2\"},\n7,\n{\"id\": \"3\", \"platform\": \"x\", \"text\": \"\xff\"},\n" + line("4") + "]",
			[]string{"x:1", "x:4"},
			[]Fault{
				{Line: 3, Index: new(1), Field: "platform", Error: "missing"},
				{Line: 4, Index: new(2), Field: "post", Error: "want an object, got another number"},
				{Line: 5, Index: new(3), Field: "text", Error: "not valid UTF-8 at byte 39"},
			},
		},
		"an array that breaks": {
			document, "[" + line("1") + ",\n{\"id\" 2}, " + line("3") + "]",
			[]string{"x:1"},
			[]Fault{{Line: 2, Index: new(1), Field: "post", Error: "broken JSON at byte 95; nothing from here on was read"}},
		},
		"an array that never ends": {
			document, "[" + line("1"),
			[]string{"x:1"},
			[]Fault{{Line: 1, Index: new(1), Field: "post", Error: "broken JSON at byte 87; nothing from here on was read"}},
		},
		"something behind an array": {
			document, "[" + line("1") + "] " + line("2"),
			[]string{"x:1"},
			[]Fault{{Line: 1, Index: new(1), Field: "post", Error: "broken JSON at byte 89; nothing from here on was read"}},
		},
		"a post from far ahead": {
			lines, `{"id": "1", "platform": "x", "created_at": "9000-01-01T00:00:00Z"}`,
			nil,
			[]Fault{{Line: 1, Field: "created_at", Error: "more than a day ahead of the moment it was observed"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil)
			w, a := s.do(t, request(tt.kind, tt.body))
			require.Equal(t, tt.ids, s.room.ids)
			require.Equal(t, reply{Accepted: len(tt.ids), Rejected: len(tt.faults), Errors: tt.faults}, a)
			want := http.StatusAccepted
			if len(tt.faults) > 0 {
				want = http.StatusBadRequest
			}
			require.Equal(t, want, w.Code)
			require.Empty(t, s.log.String())
			require.NotContains(t, w.Body.String(), "hunter2")
		})
	}
}

func TestRefusals(t *testing.T) {
	const lines = "application/x-ndjson"
	small := func(o *Options) { o.MaxBodyBytes, o.MaxBatchPosts = 500, 3 }
	tests := map[string]struct {
		change  func(*Options)
		request *http.Request
		status  int
		text    string
	}{
		"no content type":  {nil, request("", line("1")), 415, "want Content-Type application/json or application/x-ndjson"},
		"other type":       {nil, request("text/plain", line("1")), 415, "want Content-Type"},
		"other encoding":   {nil, encoded("br", line("1")), 415, "want Content-Encoding gzip"},
		"not gzip":         {nil, encoded("gzip", line("1")), 400, "not what its headers say"},
		"gzip breaks off":  {nil, encoded("gzip", zipped(line("1"))[:30]), 400, "breaks off"},
		"nothing":          {nil, request(lines, "\n \n"), 400, "the body holds no post"},
		"nothing as JSON":  {nil, request("application/json", ""), 400, "the body holds no post"},
		"an empty array":   {nil, request("application/json", "[]"), 400, "the body holds no post"},
		"too long":         {small, request(lines, strings.Repeat(line("1")+"\n", 9)), 413, "over 500 bytes"},
		"too long zipped":  {small, encoded("gzip", zipped(strings.Repeat(line("1")+"\n", 9))), 413, "over 500 bytes"},
		"too many":         {small, request(lines, strings.Repeat(line("1")+"\n", 4)), 413, "over 3 posts"},
		"too many as JSON": {small, request("application/json", "["+strings.Repeat(line("1")+",", 4)+line("2")+"]"), 413, "over 3 posts"},
		"busy":             {func(o *Options) { o.MaxInflightBytes = 10 }, request(lines, line("1")), 429, "too many posts at once"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tt.change)
			w, a := s.do(t, tt.request)
			require.Equal(t, tt.status, w.Code)
			require.Contains(t, a.Error, tt.text)
			require.Empty(t, s.room.ids)
			require.Equal(t, tt.status == http.StatusTooManyRequests, w.Header().Get("Retry-After") != "")
		})
	}
}

func zipped(body string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(body))
	_ = w.Close()
	return out.String()
}

func encoded(encoding, body string) *http.Request {
	r := request("application/x-ndjson", body)
	r.Header.Set("Content-Encoding", encoding)
	return r
}

// TestGzip: names of content codings ignore case, and x-gzip is gzip,
// https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.
func TestGzip(t *testing.T) {
	tests := map[string]struct{ encoding, body string }{
		"gzip":         {"gzip", zipped(line("1") + "\n" + line("2"))},
		"upper case":   {"GZIP", zipped(line("1") + "\n" + line("2"))},
		"its old name": {"x-gzip", zipped(line("1") + "\n" + line("2"))},
		"two members":  {"gzip", zipped(line("1")+"\n") + zipped(line("2"))},
		"none":         {"identity", line("1") + "\n" + line("2")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil)
			w, _ := s.do(t, encoded(tt.encoding, tt.body))
			require.Equal(t, http.StatusAccepted, w.Code)
			require.Equal(t, []string{"x:1", "x:2"}, s.room.ids)
		})
	}
}

func TestWhoBearsATokenNeedNoContentType(t *testing.T) {
	for name, body := range map[string]string{"lines": line("1") + "\n" + line("2"), "array": "[" + line("1") + "," + line("2") + "]"} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(o *Options) { o.Token = "s3cret" })
			r := request("application/x-www-form-urlencoded", body) // what curl --data-binary says
			r.Header.Set("Authorization", "Bearer s3cret")
			w, _ := s.do(t, r)
			require.Equal(t, http.StatusAccepted, w.Code)
			require.Equal(t, []string{"x:1", "x:2"}, s.room.ids)
		})
	}
}

func TestToken(t *testing.T) {
	s := serve(t, func(o *Options) { o.Token = "s3cret" })
	tests := map[string]struct {
		header string
		status int
	}{
		"none":          {"", 401},
		"another":       {"Bearer other", 401},
		"a longer one":  {"Bearer s3cret2", 401},
		"another kind":  {"Basic s3cret", 401},
		"without kind":  {"s3cret", 401},
		"the right one": {"Bearer s3cret", 202},
		"lower case":    {"bearer s3cret", 202},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := request("application/json", line("1"))
			r.Header.Set("Authorization", tt.header)
			w, a := s.do(t, r)
			require.Equal(t, tt.status, w.Code)
			require.Equal(t, tt.status == 401, w.Header().Get("WWW-Authenticate") == "Bearer")
			require.NotContains(t, a.Error, "s3cret")
		})
	}
}

func TestTheBusIsAway(t *testing.T) {
	s := serve(t, func(o *Options) { o.WriteTimeout = time.Millisecond })
	s.room.write = func(ctx context.Context) error {
		<-ctx.Done()
		return fmt.Errorf("no broker: %w", ctx.Err())
	}
	w, a := s.do(t, request("application/json", line("1")))
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Equal(t, "5", w.Header().Get("Retry-After"))
	require.Contains(t, a.Error, "send all again")
	require.Contains(t, s.log.String(), "no broker")
	require.NotContains(t, s.log.String(), "hunter2")

	s.do(t, request("application/json", line("1")))
	require.Equal(t, 1, strings.Count(s.log.String(), "\n"), "the failure goes on, its line does not")
	s.room.write = nil
	s.do(t, request("application/json", line("1")))
	require.Contains(t, s.log.String(), "posts taken again")
}

func TestRoomIsGivenBack(t *testing.T) {
	body := line("1")
	s := serve(t, func(o *Options) { o.MaxInflightBytes = int64(len(body)) })
	inside, leave := make(chan bool), make(chan bool)
	s.room.write = func(context.Context) error {
		inside <- true
		<-leave
		return nil
	}
	done := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, request("application/json", body))
		done <- w.Code
	}()
	<-inside
	w, _ := s.do(t, request("application/json", body))
	require.Equal(t, http.StatusTooManyRequests, w.Code)
	close(leave)
	require.Equal(t, http.StatusAccepted, <-done)
	s.room.write = nil
	w, _ = s.do(t, request("application/json", body))
	require.Equal(t, http.StatusAccepted, w.Code)
}

func TestOtherPathsAndMethods(t *testing.T) {
	s := serve(t, nil)
	for method, path := range map[string]string{http.MethodGet: "/v1/posts", http.MethodPost: "/"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		require.Contains(t, []int{http.StatusMethodNotAllowed, http.StatusNotFound}, w.Code)
	}
}

func FuzzBatch(f *testing.F) {
	f.Add([]byte("["+line("1")+",\n"+line("2")+"]"), false)
	f.Add([]byte(line("1")+"\n{\n"), true)
	f.Add([]byte("[1,[}"), false)
	f.Fuzz(func(t *testing.T, body []byte, lines bool) {
		b := batch{limit: 1000, now: time.Unix(1_800_000_000, 0)}
		kind := formJSON
		if lines {
			kind = formLines
		}
		b.read(body, kind)
		require.Equal(t, b.count-len(b.events)-len(b.faults) > 0, b.over)
		for _, fault := range b.faults {
			require.GreaterOrEqual(t, fault.Line, 1)
			require.LessOrEqual(t, fault.Line, 1+bytes.Count(body, []byte("\n")))
		}
	})
}

var errDown = errors.New("down")

func TestASenderThatHangsUpIsNotLogged(t *testing.T) {
	s := serve(t, nil)
	s.room.write = func(context.Context) error { return errDown }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, request("application/json", line("1")).WithContext(ctx))
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Empty(t, s.log.String())
}
