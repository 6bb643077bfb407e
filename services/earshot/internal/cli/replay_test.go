package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/source"
	"github.com/earshot/earshot/services/earshot/internal/feed"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestNewPace(t *testing.T) {
	tests := map[string]struct {
		text string
		want float64
		bad  bool
	}{
		"as fast as it goes": {"max", 0, false},
		"as it was":          {"1", 1, false},
		"half":               {"0.5", 0.5, false},
		"an hour a second":   {"3600", 3600, false},
		"nothing":            {"", 0, true},
		"no number":          {"fast", 0, true},
		"not a number":       {"NaN", 0, true},
		"standing still":     {"0", 0, true},
		"backwards":          {"-2", 0, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := newPace(test.text)
			if test.bad {
				require.ErrorContains(t, err, "neither max nor a number above 0")
				require.ErrorAs(t, err, new(usageError))
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, got.speed)
		})
	}
}

func TestPaceUntil(t *testing.T) {
	tests := map[string]struct {
		speed float64
		at    time.Duration // after the first post
		now   time.Duration // after the first post was sent
		want  time.Duration
	}{
		"no pace":            {0, time.Hour, 0, 0},
		"as it was":          {1, time.Minute, 0, time.Minute},
		"ten times as fast":  {10, time.Minute, 0, 6 * time.Second},
		"some time has gone": {10, time.Minute, 5 * time.Second, time.Second},
		"too late":           {10, time.Minute, 7 * time.Second, -time.Second},
		"an older post":      {1, -time.Minute, 0, -time.Minute},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := pace{speed: test.speed}
			require.Zero(t, p.until(noon, noon), "the first post waits for nothing")
			require.Equal(t, test.want, p.until(noon.Add(test.at), noon.Add(test.now)))
			require.Zero(t, p.until(time.Time{}, noon), "a post without a time waits for nothing")
		})
	}
}

func TestMoveKeepsTheDistances(t *testing.T) {
	r := &replay{}
	first := &earshotv1.Post{CreatedAt: timestamppb.New(noon.Add(-48 * time.Hour))}
	edited := &earshotv1.Post{CreatedAt: timestamppb.New(noon.Add(-48 * time.Hour)), EditedAt: timestamppb.New(noon.Add(-47 * time.Hour))}
	timeless := &earshotv1.Post{}
	for _, p := range []*earshotv1.Post{timeless, first, edited} {
		r.move(p, noon)
	}
	require.Equal(t, noon, first.GetCreatedAt().AsTime())
	require.Equal(t, noon, edited.GetCreatedAt().AsTime())
	require.Equal(t, noon.Add(time.Hour), edited.GetEditedAt().AsTime())
	require.Nil(t, timeless.GetCreatedAt())
}

func TestEventTime(t *testing.T) {
	created, edited := timestamppb.New(noon), timestamppb.New(noon.Add(time.Hour))
	tests := map[string]struct {
		post *earshotv1.Post
		want time.Time
	}{
		"a post":      {&earshotv1.Post{CreatedAt: created}, noon},
		"an edit":     {&earshotv1.Post{CreatedAt: created, EditedAt: edited}, noon.Add(time.Hour)},
		"no time":     {&earshotv1.Post{}, time.Time{}},
		"a lone edit": {&earshotv1.Post{EditedAt: edited}, noon.Add(time.Hour)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, eventTime(test.post)) })
	}
}

func TestWaitHoldsBackAndSendsWhatIsReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &replay{client: &feed.Client{}, pace: pace{speed: 60}}
		began := time.Now()
		at := func(d time.Duration) *earshotv1.PostEvent {
			return &earshotv1.PostEvent{Post: &earshotv1.Post{CreatedAt: timestamppb.New(noon.Add(d))}}
		}
		require.NoError(t, r.wait(t.Context(), at(0)))
		require.NoError(t, r.wait(t.Context(), at(time.Hour)))
		require.Equal(t, time.Minute, time.Since(began))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, r.wait(ctx, at(2*time.Hour)), context.Canceled)
	})
}

// collect answers like a collector that refuses posts with a text of "bad".
func collect(t *testing.T) *feed.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		accepted, errs := 0, []string{}
		for i, line := range strings.Split(strings.TrimSpace(body.String()), "\n") {
			if strings.Contains(line, `"bad"`) {
				errs = append(errs, fmt.Sprintf(`{"line":%d,"field":"text","error":"text: bad"}`, i+1))
				continue
			}
			accepted++
		}
		status := http.StatusAccepted
		if len(errs) > 0 {
			status = http.StatusBadRequest
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"accepted":%d,"errors":[%s]}`, accepted, strings.Join(errs, ","))
	}))
	t.Cleanup(server.Close)
	return &feed.Client{URL: server.URL, Token: "token"}
}

// replayed replays the lines of a file and returns both outputs.
func replayed(t *testing.T, name, text string) (out, errOut string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	posts, err := openPosts(path, "")
	require.NoError(t, err)
	var stdout, stderr bytes.Buffer
	r := &replay{client: collect(t), errOut: &stderr, progress: &progress{}}
	r.client.Refused, r.client.Waiting = r.refuse, r.sayOnce()
	err = r.run(t.Context(), posts, &stdout)
	return stdout.String(), stderr.String(), err
}

func TestReplayCountsAndNames(t *testing.T) {
	good := `{"id":"1","platform":"x","text":"good"}` + "\n"
	tests := map[string]struct {
		name, text, out, errs string
		err                   error
	}{
		"good posts": {"posts.jsonl", good + good, "2 posts accepted, 0 refused", "", nil},
		"a bad line": {"posts.jsonl", good + "no JSON\n" + good, "2 posts accepted, 1 refused", "line 2: ", errRefused},
		"refused":    {"posts.jsonl", good + strings.Replace(good, "good", "bad", 1), "1 posts accepted, 1 refused", "line 2: text: bad\n", errRefused},
		"nothing":    {"posts.jsonl", "", "0 posts accepted, 0 refused", "", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, errs, err := replayed(t, test.name, test.text)
			require.ErrorIs(t, err, test.err)
			require.Contains(t, out, test.out)
			require.Contains(t, errs, test.errs)
		})
	}
}

func TestReplayOfABrokenFileIsAnInputError(t *testing.T) {
	_, _, err := replayed(t, "posts.jsonl.gz", "this is not gzip")
	require.ErrorAs(t, err, new(usageError))
}

func TestReplayEndsWhenTheCollectorRefusesTheToken(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"error":"wrong token"}`)
	}))
	t.Cleanup(server.Close)
	r := &replay{client: &feed.Client{URL: server.URL, Token: "wrong"}, errOut: &bytes.Buffer{}, progress: &progress{}}
	event := &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{Platform: "x", NativeId: "1"}}
	posts := sourceFunc(func(ctx context.Context, _ source.Cursor, emit source.Emit) error {
		return emit(ctx, source.Batch{Events: []*earshotv1.PostEvent{event}})
	})
	var out bytes.Buffer
	err := r.run(t.Context(), posts, &out)
	require.ErrorContains(t, err, "wrong token")
	require.False(t, errors.As(err, new(usageError)), "the file is not at fault")
	require.Contains(t, out.String(), "0 posts accepted")
}

type sourceFunc func(ctx context.Context, cursor source.Cursor, emit source.Emit) error

func (f sourceFunc) Run(ctx context.Context, cursor source.Cursor, emit source.Emit) error {
	return f(ctx, cursor, emit)
}

func TestReplayTellsAnInterruptFromAnEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &replay{client: &feed.Client{}, errOut: &bytes.Buffer{}, progress: &progress{}}
	posts := sourceFunc(func(context.Context, source.Cursor, source.Emit) error { cancel(); return nil })
	require.ErrorIs(t, r.run(ctx, posts, &bytes.Buffer{}), context.Canceled)
}

func TestSayOnceRepeatsNothing(t *testing.T) {
	var out bytes.Buffer
	say := (&replay{errOut: &out, progress: &progress{}}).sayOnce()
	for _, reason := range []string{"away", "away", "busy", "busy", "away"} {
		say(errors.New(reason))
	}
	require.Equal(t, "waiting: away\nwaiting: busy\nwaiting: away\n", out.String())
}

func TestProgressIsForTerminalsOnly(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	p := newProgress(f)
	p.step(1)
	p.done()
	info, err := f.Stat()
	require.NoError(t, err)
	require.Zero(t, info.Size())
	require.NoError(t, f.Close())

	terminal := &progress{out: f}
	require.NotPanics(t, terminal.done, "a terminal that is gone")
}

func TestProgressShowsACountNowAndThen(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	require.NoError(t, err)
	synctest.Test(t, func(*testing.T) {
		p := &progress{out: f}
		for n := range 3 {
			p.step(n)
		}
		<-time.After(time.Second)
		p.step(17)
		p.done()
	})
	require.NoError(t, f.Close())
	text, err := os.ReadFile(f.Name())
	require.NoError(t, err)
	require.Equal(t, "\r0 posts\r17 posts\r\033[K", string(text))
}
