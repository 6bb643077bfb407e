// Package retry is Earshot's one policy for trying again: exponential waits with
// jitter, 100 ms to 10 s, until the work succeeds, the context ends, the error is
// permanent, or a limit the caller named has passed.
package retry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v4"
	"go.opentelemetry.io/otel/trace"
)

const (
	firstWait   = 100 * time.Millisecond
	longestWait = 10 * time.Second
)

// Policy says how long to try and whom to tell. The zero Policy tries until the
// context ends and tells nobody.
type Policy struct {
	// Limit is the time from the first attempt after which no other begins; 0 is none.
	Limit time.Duration
	// Notify hears of each failed attempt that will be repeated after wait.
	Notify func(err error, wait time.Duration)
}

// Do calls fn until it succeeds or ctx ends. See [Policy.Do].
func Do(ctx context.Context, fn func(context.Context) error) error {
	return Policy{}.Do(ctx, fn)
}

// DoFor is [Do] with a limit: for a start-up, where an answer is due.
func DoFor(ctx context.Context, limit time.Duration, fn func(context.Context) error) error {
	return Policy{Limit: limit}.Do(ctx, fn)
}

// Do calls fn until it returns nil, which Do returns; a permanent error, returned as it
// is; or the limit passes, when the last error is returned. When ctx ends the error is
// that of ctx joined with the last one of fn. Each failed attempt is an event of ctx's
// span.
func (p Policy) Do(ctx context.Context, fn func(context.Context) error) error {
	var last error
	attempt := func() error {
		err := fn(ctx)
		if last == nil || ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
			last = err // an attempt that the end of ctx cuts off hides no earlier reason
		}
		if IsPermanent(err) {
			return backoff.Permanent(err)
		}
		return err
	}
	span := trace.SpanFromContext(ctx)
	failed := func(err error, wait time.Duration) {
		span.RecordError(err)
		if p.Notify != nil {
			p.Notify(err, wait)
		}
	}
	err := backoff.RetryNotify(attempt, backoff.WithContext(p.waits(), ctx), failed)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && !errors.Is(last, ctx.Err()) && !IsPermanent(last) {
		return errors.Join(ctx.Err(), last)
	}
	return err
}

func (p Policy) waits() backoff.BackOff {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = firstWait
	waits.MaxInterval = longestWait
	waits.MaxElapsedTime = p.Limit
	waits.Reset()
	return waits
}

type permanentError struct{ err error }

func (e permanentError) Error() string { return e.err.Error() }
func (e permanentError) Unwrap() error { return e.err }

// Permanent marks an error that no repetition can mend. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

// Permanentf is [Permanent] of [fmt.Errorf].
func Permanentf(format string, args ...any) error {
	return permanentError{fmt.Errorf(format, args...)}
}

// IsPermanent reports whether err, or an error it wraps, was marked by [Permanent].
func IsPermanent(err error) bool {
	var permanent permanentError
	return errors.As(err, &permanent)
}
