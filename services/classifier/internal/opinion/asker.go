package opinion

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/earshot/earshot/pkg/retry"
)

// Why a model was not asked.
var (
	ErrSpent   = errors.New("the budget is spent")
	ErrResting = errors.New("the model is left alone after failures")
)

// LaterError is a failure after which the model wants to be left alone.
type LaterError struct {
	Err   error
	After time.Duration
}

func (e *LaterError) Error() string { return e.Err.Error() }
func (e *LaterError) Unwrap() error { return e.Err }

// Options are what an [Asker] stands on.
type Options struct {
	Model  Model
	Budget Budget
	// Cache is how many answers are kept; 0 keeps none.
	Cache int
	// Key keys the hashes by which the cache knows texts: it holds none.
	Key []byte
	// Timeout bounds an ask, with all its attempts.
	Timeout time.Duration
	// Attempt hears of each time that the model is asked.
	Attempt func(ctx context.Context)
	Logger  *slog.Logger
}

// Asker asks a model with a budget, remembers what it said, and leaves it alone while it
// is broken. It forgets everything when the process ends. Safe for concurrent use.
type Asker struct {
	Options

	purse   *purse
	rest    rest
	answers *lru.Cache[[sha256.Size]byte, Scores]
}

// NewAsker returns an asker with the whole budget and an empty memory.
func NewAsker(o Options) (*Asker, error) {
	a := &Asker{Options: o, purse: newPurse(o.Budget)}
	if o.Cache > 0 {
		answers, err := lru.New[[sha256.Size]byte, Scores](o.Cache)
		if err != nil {
			return nil, fmt.Errorf("make the cache of second opinions: %w", err)
		}
		a.answers = answers
	}
	return a, nil
}

// Ask answers a question from memory, where known is true, or by the model. The answer
// has no kinds that were not asked; nobody may change it. [ErrSpent] and [ErrResting] tell
// that the model was not asked, any other error that it failed. Transient failures are
// tried again within the timeout.
func (a *Asker) Ask(ctx context.Context, q Question) (answer Scores, known bool, err error) {
	key := a.key(q)
	if a.answers != nil {
		if answer, known = a.answers.Get(key); known {
			return answer, true, nil
		}
	}
	if !a.rest.over(time.Now()) {
		return nil, false, ErrResting
	}
	if answer, err = a.ask(ctx, q); err != nil {
		return nil, false, a.failed(ctx, err)
	}
	if a.rest.succeeded() {
		a.Logger.InfoContext(ctx, "second opinions are given again", "model", a.Model.Version())
	}
	if a.answers != nil {
		a.answers.Add(key, answer)
	}
	return answer, false, nil
}

func (a *Asker) ask(ctx context.Context, q Question) (answer Scores, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	err = retry.Policy{Limit: a.Timeout}.Do(ctx, func(ctx context.Context) error {
		if !a.purse.spend(time.Now()) {
			return retry.Permanent(ErrSpent)
		}
		a.Attempt(ctx)
		all, err := a.Model.Judge(ctx, q)
		if later, ok := errors.AsType[*LaterError](err); ok {
			return retry.Permanent(later)
		}
		if err != nil {
			return err
		}
		if err := all.Check(); err != nil {
			return retry.Permanent(err)
		}
		answer = all.only(q.Kinds)
		return nil
	})
	return answer, err
}

// failed takes note of a failure of the model. The end of the process or of the budget is
// none, nor is what a post may bring about, or a few posts could silence the model.
func (a *Asker) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, ErrSpent) {
		return err
	}
	if errors.Is(err, ErrUnusable) {
		if a.rest.useless(time.Now()) {
			a.Logger.WarnContext(ctx, "second opinions are of no use", "model", a.Model.Version(), "error", err)
		}
		return err
	}
	var after time.Duration
	if later, ok := errors.AsType[*LaterError](err); ok {
		after = max(later.After, time.Nanosecond)
	}
	if pause := a.rest.failed(time.Now(), after); pause > 0 {
		a.Logger.WarnContext(ctx, "second opinions pause", "model", a.Model.Version(), "pause", pause, "error", err)
	}
	return err
}

// only are the scores of the kinds asked.
func (s Scores) only(kinds []string) Scores {
	out := make(Scores, len(kinds))
	for _, kind := range kinds {
		if p, ok := s[kind]; ok {
			out[kind] = p
		}
	}
	return out
}

// key is a keyed hash over the question and who is asked.
func (a *Asker) key(q Question) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, a.Key)
	part := func(s string) {
		_, _ = mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
		_, _ = mac.Write([]byte(s))
	}
	part(a.Model.Version())
	part(q.Who)
	part(q.Industry)
	part(q.Text)
	for _, kind := range q.Kinds {
		part(kind)
	}
	mac.Sum(sum[:0])
	return sum
}
