package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/publish"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// room stands for the bus.
type room struct {
	ids, cursors []string
	times        []time.Time
	fail         func(topic string) error
}

func (r *room) Write(ctx context.Context, messages ...bus.Message) error {
	for _, m := range messages {
		if r.fail != nil {
			if err := r.fail(m.Topic); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if m.Topic == bus.TopicCursors {
			r.cursors = append(r.cursors, string(m.Key)+"="+string(m.Value))
			continue
		}
		r.ids, r.times = append(r.ids, string(m.Key)), append(r.times, time.Now())
	}
	return nil
}

// counting emits numbers from its cursor to last, step at a time; broken says with which
// error a number's batch fails before it is emitted.
type counting struct {
	last, step int
	broken     func(n int) error
	bad        []Bad
}

func (c counting) Run(ctx context.Context, from Cursor, emit Emit) error {
	n, _ := strconv.Atoi(string(from))
	for n < c.last {
		if c.broken != nil {
			if err := c.broken(n); err != nil {
				return err
			}
		}
		b := Batch{Bad: slices.Clone(c.bad)}
		for range min(c.step, c.last-n) {
			n++
			b.Events = append(b.Events, numbered(n))
		}
		b.Next = Cursor(strconv.Itoa(n))
		if err := emit(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func numbered(n int) *earshotv1.PostEvent {
	id := strconv.Itoa(n)
	return &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "x:" + id, Platform: "x", NativeId: id, Kind: earshotv1.PostKind_POST_KIND_MENTION,
	}}
}

func ids(from, to int) []string {
	var out []string
	for n := from; n <= to; n++ {
		out = append(out, "x:"+strconv.Itoa(n))
	}
	return out
}

func runner(t *testing.T, w publish.Writer, s Source) (*Runner, *bytes.Buffer) {
	t.Helper()
	p, err := publish.New(w)
	require.NoError(t, err)
	log := &bytes.Buffer{}
	return &Runner{
		Origin: publish.Origin{Name: "n", Type: "test"}, Source: s, Publisher: p, Cursors: w,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	}, log
}

func TestRunResumesAndKeepsTheCursorBehindTheEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &room{}
		r, _ := runner(t, w, counting{last: 9, step: 2})
		require.NoError(t, r.Run(t.Context(), Cursor("4")))
		require.Equal(t, ids(5, 9), w.ids)
		require.Equal(t, []string{"n=6", "n=9"}, w.cursors, "the first at once, the last at the end, the others less often")
	})
}

func TestATransientErrorIsRetriedFromTheNewestCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, failures := &room{}, 0
		r, log := runner(t, w, counting{last: 6, step: 2, broken: func(n int) error {
			if n == 4 && failures < 3 {
				failures++
				return errors.New("site is down")
			}
			return nil
		}})
		require.NoError(t, r.Run(t.Context(), nil))
		require.Equal(t, ids(1, 6), w.ids)
		require.Equal(t, 3, failures)
		require.Equal(t, 1, bytes.Count(log.Bytes(), []byte("site is down")), "a repeating error is logged once")
	})
}

func TestAPermanentErrorEndsTheSource(t *testing.T) {
	w := &room{}
	r, _ := runner(t, w, counting{last: 6, step: 2, broken: func(n int) error {
		if n == 4 {
			return retry.Permanentf("no such column")
		}
		return nil
	}})
	err := r.Run(t.Context(), nil)
	require.EqualError(t, err, "source n: no such column")
	require.Equal(t, ids(1, 4), w.ids)
	require.Equal(t, "n=4", w.cursors[len(w.cursors)-1], "what was done stays done")
}

func TestNothingIsLostWhenTheBusFails(t *testing.T) {
	for _, topic := range []string{bus.TopicPosts, bus.TopicCursors} {
		t.Run(topic, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random, w := 0, &room{}
				w.fail = func(to string) error {
					random = (random*1103515245 + 12345) & 0x7fffffff
					if to == topic && random%3 == 0 {
						return fmt.Errorf("broker is down")
					}
					return nil
				}
				r, _ := runner(t, w, counting{last: 50, step: 3})
				err := r.Run(t.Context(), nil)
				if topic == bus.TopicPosts {
					require.NoError(t, err)
				}
				got := slices.Clone(w.ids)
				slices.Sort(got)
				want := ids(1, 50)
				slices.Sort(want)
				require.Equal(t, want, slices.Compact(got), "every event, some twice")
			})
		})
	}
}

func TestRateIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &room{}
		r, _ := runner(t, w, counting{last: 35, step: 35})
		r.Rate = 10
		start := time.Now()
		require.NoError(t, r.Run(t.Context(), nil))
		require.Len(t, w.ids, 35)
		for i, at := range w.times {
			require.GreaterOrEqual(t, at.Sub(start), time.Duration(i/10-1)*time.Second, "event %d", i)
		}
		require.Equal(t, 2500*time.Millisecond, time.Since(start), "a second's worth at once, then ten a second")
	})
}

func TestBadPiecesAreNamedAndCostNoOthers(t *testing.T) {
	w := &room{}
	bad := slices.Repeat([]Bad{{Position: "line 7", Err: errors.New("text: not valid UTF-8")}}, maxNamed+2)
	r, log := runner(t, w, counting{last: 2, step: 2, bad: bad})
	require.NoError(t, r.Run(t.Context(), nil))
	require.Equal(t, ids(1, 2), w.ids)
	require.Equal(t, maxNamed, bytes.Count(log.Bytes(), []byte(`position="line 7" error="text: not valid UTF-8"`)))
	require.Contains(t, log.String(), "count=2")
}

// odd emits an event that is not valid among others.
type odd struct{}

func (odd) Run(ctx context.Context, _ Cursor, emit Emit) error {
	wrong := numbered(2)
	wrong.Post.Id = "x:other"
	wrong.Provenance = &earshotv1.Provenance{Position: "line 2"}
	return emit(ctx, Batch{Events: []*earshotv1.PostEvent{numbered(1), wrong, numbered(3)}, Next: Cursor("3")})
}

func TestAnInvalidEventIsLeftOut(t *testing.T) {
	w := &room{}
	r, log := runner(t, w, odd{})
	require.NoError(t, r.Run(t.Context(), nil))
	require.Equal(t, []string{"x:1", "x:3"}, w.ids)
	require.Contains(t, log.String(), `position="line 2" error="id: want platform:native_id"`)
}

// endless emits until it is stopped.
type endless struct{}

func (endless) Run(ctx context.Context, _ Cursor, emit Emit) error {
	for n := 1; ; n++ {
		if err := emit(ctx, Batch{Events: []*earshotv1.PostEvent{numbered(n)}, Next: Cursor(strconv.Itoa(n))}); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func TestStoppingStoresTheLastCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &room{}
		r, _ := runner(t, w, endless{})
		ctx, cancel := context.WithTimeout(t.Context(), 2050*time.Millisecond)
		defer cancel()
		require.NoError(t, r.Run(ctx, nil))
		require.Len(t, w.ids, 21)
		require.Equal(t, []string{"n=1", "n=11", "n=21"}, w.cursors)
	})
}

func TestStoppingCutsNoBatchOff(t *testing.T) {
	w := &room{}
	r, _ := runner(t, w, counting{last: 9, step: 3})
	ctx, stop := context.WithCancel(t.Context())
	w.fail = func(string) error { stop(); return nil } // with the first event of a batch
	require.NoError(t, r.Run(ctx, nil))
	require.Equal(t, ids(1, 3), w.ids)
	require.Equal(t, []string{"n=3"}, w.cursors, "or the next start would send it once more")
}

func TestStoppingWithoutTheBusIsNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &room{}
		r, log := runner(t, w, endless{})
		ctx, cancel := context.WithTimeout(t.Context(), 550*time.Millisecond)
		defer cancel()
		w.fail = func(topic string) error {
			if topic == bus.TopicCursors && len(w.cursors) > 0 {
				return errors.New("broker is down")
			}
			return nil
		}
		require.NoError(t, r.Run(ctx, nil))
		require.Equal(t, []string{"n=1"}, w.cursors)
		require.Contains(t, log.String(), "some posts will come again")
	})
}

func TestStoredReadsTheNewestCursorOfEachSource(t *testing.T) {
	c := testkit.Broker(t)
	w, err := bus.NewWriter(c, "collector")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	for _, last := range []int{2, 4} {
		r, _ := runner(t, w, counting{last: last, step: 2})
		require.NoError(t, r.Run(t.Context(), nil))
	}
	all, err := Stored(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, map[string]Cursor{"n": Cursor("4")}, all)
}
