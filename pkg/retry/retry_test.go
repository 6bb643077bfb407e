package retry

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errAway = errors.New("away")

func TestDoRepeatsUntilSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		err := Do(t.Context(), func(context.Context) error {
			if calls++; calls < 100 {
				return errAway
			}
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 100, calls)
	})
}

func TestDoReturnsAPermanentErrorAtOnce(t *testing.T) {
	tests := map[string]error{
		"marked":             Permanent(errAway),
		"marked and wrapped": fmt.Errorf("insert: %w", Permanent(errAway)),
		"formatted":          Permanentf("insert: %w", errAway),
	}
	for name, permanent := range tests {
		t.Run(name, func(t *testing.T) {
			calls := 0
			err := Do(t.Context(), func(context.Context) error { calls++; return permanent })
			require.Equal(t, 1, calls)
			require.ErrorIs(t, err, errAway)
			require.True(t, IsPermanent(err), "callers see that it is permanent")
		})
	}
}

func TestDoEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := Do(ctx, func(context.Context) error { return errAway })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, errAway, "the reason is told, too")
	})
}

func TestDoTellsTheReasonBeforeTheAttemptThatTheContextCutOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := Do(ctx, func(ctx context.Context) error {
		if calls++; calls == 1 {
			return errAway
		}
		cancel()
		return fmt.Errorf("dial: %w", ctx.Err())
	})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errAway)
}

func TestDoOnAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Do(ctx, func(ctx context.Context) error { return ctx.Err() })
	require.ErrorIs(t, err, context.Canceled)
}

func TestDoForStopsAtTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := DoFor(t.Context(), time.Minute, func(context.Context) error { return errAway })
		require.ErrorIs(t, err, errAway)
		require.LessOrEqual(t, time.Since(began), time.Minute)
		require.Greater(t, time.Since(began), 30*time.Second)
	})
}

func TestWaitsGrowToTheLongest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
		defer cancel()
		var waits []time.Duration
		policy := Policy{Notify: func(err error, wait time.Duration) {
			require.Equal(t, errAway, err)
			waits = append(waits, wait)
		}}
		require.Error(t, policy.Do(ctx, func(context.Context) error { return errAway }))
		require.Less(t, waits[0], 2*firstWait)
		require.Greater(t, len(waits), 100, "it does not give up after the library's 15 minutes")
		for _, wait := range waits {
			require.Less(t, wait, 2*longestWait)
		}
	})
}

func TestPermanentOfNilIsNil(t *testing.T) {
	require.NoError(t, Permanent(nil))
	require.False(t, IsPermanent(nil))
	require.False(t, IsPermanent(errAway))
	require.Equal(t, "away", Permanent(errAway).Error())
}

func TestDoMarksEachFailedAttemptOnTheSpan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		spans := tracetest.NewSpanRecorder()
		provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		ctx, span := provider.Tracer("test").Start(t.Context(), "work")
		calls := 0
		require.NoError(t, Do(ctx, func(context.Context) error {
			if calls++; calls < 3 {
				return errAway
			}
			return nil
		}))
		span.End()
		require.Len(t, spans.Ended()[0].Events(), 2)
	})
}
