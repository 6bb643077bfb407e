package opinion_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
)

// scripted answers by a script, and by the last entry from then on.
type scripted struct {
	mu     sync.Mutex
	script []func(ctx context.Context) (opinion.Scores, error)
	asked  int
}

func (s *scripted) Judge(ctx context.Context, _ opinion.Question) (opinion.Scores, error) {
	s.mu.Lock()
	step := s.script[min(s.asked, len(s.script)-1)]
	s.asked++
	s.mu.Unlock()
	return step(ctx)
}

func (s *scripted) Version() string { return "scripted-1" }
func (s *scripted) Close() error    { return nil }

func says(p float64) func(context.Context) (opinion.Scores, error) {
	return func(context.Context) (opinion.Scores, error) {
		return opinion.Scores{"advice": p, "roadmap": 0.9}, nil
	}
}

func fails(err error) func(context.Context) (opinion.Scores, error) {
	return func(context.Context) (opinion.Scores, error) { return nil, err }
}

func hangs(ctx context.Context) (opinion.Scores, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

type fixture struct {
	*opinion.Asker
	model    *scripted
	attempts int
	log      bytes.Buffer
}

func asker(t *testing.T, change func(o *opinion.Options), script ...func(context.Context) (opinion.Scores, error)) *fixture {
	t.Helper()
	f := &fixture{model: &scripted{script: script}}
	o := opinion.Options{
		Model: f.model, Cache: 8, Key: []byte("a key of these tests only"), Timeout: 5 * time.Second,
		Attempt: func(context.Context) { f.attempts++ }, Logger: slog.New(slog.NewTextHandler(&f.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	var err error
	f.Asker, err = opinion.NewAsker(o)
	require.NoError(t, err)
	return f
}

var question = opinion.Question{Text: "buy now", Who: "emp", Industry: "finance", Kinds: []string{"advice", "promissory"}}

func TestAskRemembers(t *testing.T) {
	f := asker(t, nil, says(0.8))
	answer, known, err := f.Ask(t.Context(), question)
	require.NoError(t, err)
	require.False(t, known)
	require.Equal(t, opinion.Scores{"advice": 0.8}, answer, "and nothing that nobody asked")
	answer, known, err = f.Ask(t.Context(), question)
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, opinion.Scores{"advice": 0.8}, answer)
	require.Equal(t, 1, f.attempts)
	for _, other := range []opinion.Question{
		{Text: "buy no", Who: "w" + question.Who, Industry: question.Industry, Kinds: question.Kinds},
		{Text: question.Text, Who: "rep", Industry: question.Industry, Kinds: question.Kinds},
		{Text: question.Text, Who: question.Who, Industry: "pharma", Kinds: question.Kinds},
		{Text: question.Text, Who: question.Who, Industry: question.Industry, Kinds: question.Kinds[:1]},
		{Text: "sell now", Who: question.Who, Industry: question.Industry, Kinds: question.Kinds},
	} {
		_, known, err = f.Ask(t.Context(), other)
		require.NoError(t, err)
		require.False(t, known, "%+v", other)
	}
}

func TestAskWithoutMemory(t *testing.T) {
	f := asker(t, func(o *opinion.Options) { o.Cache = 0 }, says(0.8))
	for range 2 {
		_, known, err := f.Ask(t.Context(), question)
		require.NoError(t, err)
		require.False(t, known)
	}
	require.Equal(t, 2, f.attempts)
}

func TestAskKeepsToTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := asker(t, func(o *opinion.Options) { o.Cache, o.Budget = 0, opinion.Budget{PerMinute: 2} }, says(0.8))
		for range 2 {
			_, _, err := f.Ask(t.Context(), question)
			require.NoError(t, err)
		}
		_, _, err := f.Ask(t.Context(), question)
		require.ErrorIs(t, err, opinion.ErrSpent)
		require.Equal(t, 2, f.model.asked)
		time.Sleep(time.Minute)
		_, _, err = f.Ask(t.Context(), question)
		require.NoError(t, err)
	})
}

func TestAskTriesAgainWhatMayPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := asker(t, nil, fails(errors.New("away")), fails(errors.New("away")), says(0.8))
		_, _, err := f.Ask(t.Context(), question)
		require.NoError(t, err)
		require.Equal(t, 3, f.attempts)

		f = asker(t, func(o *opinion.Options) { o.Budget.PerDay = 2 }, fails(errors.New("away")))
		_, _, err = f.Ask(t.Context(), question)
		require.ErrorIs(t, err, opinion.ErrSpent, "attempts cost")
		require.Equal(t, 2, f.attempts)
	})
}

func TestAskFails(t *testing.T) {
	broken := errors.New("broken")
	for _, tc := range []struct {
		name string
		step func(context.Context) (opinion.Scores, error)
		want error
		once bool
	}{
		{"for good", fails(retry.Permanent(broken)), broken, true},
		{"again and again", fails(broken), broken, false},
		{"by silence", hangs, context.DeadlineExceeded, true},
		{"by an answer that is none", says(1.5), nil, true},
		{"by asking for time", fails(&opinion.LaterError{Err: broken, After: time.Second}), broken, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := asker(t, nil, tc.step)
				began := time.Now()
				_, _, err := f.Ask(t.Context(), question)
				require.Error(t, err)
				if tc.want != nil {
					require.ErrorIs(t, err, tc.want)
				}
				require.NotErrorIs(t, err, opinion.ErrSpent)
				require.LessOrEqual(t, time.Since(began), 5*time.Second, "by the clock of the test's bubble")
				require.Equal(t, tc.once, f.attempts == 1)
			})
		})
	}
}

func TestAskLeavesABrokenModelAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := fails(retry.Permanent(errors.New("broken")))
		f := asker(t, nil, broken, broken, broken, says(0.8))
		for range 3 {
			_, _, err := f.Ask(t.Context(), question)
			require.EqualError(t, err, "broken")
		}
		_, _, err := f.Ask(t.Context(), question)
		require.ErrorIs(t, err, opinion.ErrResting)
		require.Equal(t, 3, f.attempts)
		time.Sleep(time.Minute)
		_, _, err = f.Ask(t.Context(), question)
		require.NoError(t, err)
		require.Contains(t, f.log.String(), "second opinions pause")
		require.Contains(t, f.log.String(), "second opinions are given again")
		require.NotContains(t, f.log.String(), question.Text)
	})
}

func TestAskForgivesWhatAPostBringsAbout(t *testing.T) {
	useless := fails(retry.Permanent(fmt.Errorf("%w: refused", opinion.ErrUnusable)))
	f := asker(t, func(o *opinion.Options) { o.Cache = 0 }, useless, useless, says(0.8), useless, useless)
	for i := range 5 {
		_, _, err := f.Ask(t.Context(), question)
		require.Equal(t, i != 2, errors.Is(err, opinion.ErrUnusable))
	}
	require.Equal(t, 5, f.attempts)
	require.Empty(t, f.log.String())
}

func TestAskTellsOfAModelThatIsOfNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		useless := fails(retry.Permanent(fmt.Errorf("%w: not what was asked for", opinion.ErrUnusable)))
		f := asker(t, nil, useless, useless, useless, useless, useless, useless, says(0.8))
		ask := func(times int) {
			for range times {
				_, _, _ = f.Ask(t.Context(), question)
			}
		}
		ask(5)
		require.Equal(t, 1, strings.Count(f.log.String(), "second opinions are of no use"))
		require.Contains(t, f.log.String(), "not what was asked for")
		time.Sleep(time.Hour)
		ask(1)
		require.Equal(t, 2, strings.Count(f.log.String(), "second opinions are of no use"))
		ask(1)
		require.Contains(t, f.log.String(), "second opinions are given again")
		require.Equal(t, 7, f.attempts, "it is asked all the time")
		require.NotContains(t, f.log.String(), question.Text)
	})
}

func TestAskRestsWhenTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := asker(t, nil, fails(&opinion.LaterError{Err: errors.New("busy"), After: 5 * time.Minute}), says(0.8))
		_, _, err := f.Ask(t.Context(), question)
		require.EqualError(t, err, "busy")
		time.Sleep(5*time.Minute - time.Second)
		_, _, err = f.Ask(t.Context(), question)
		require.ErrorIs(t, err, opinion.ErrResting)
		time.Sleep(time.Second)
		_, _, err = f.Ask(t.Context(), question)
		require.NoError(t, err)
	})
}

// TestAskEndsWithItsContext and holds nothing against the model.
func TestAskEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := asker(t, nil, hangs, hangs, hangs, hangs, says(0.8))
		for range 4 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, _, err := f.Ask(ctx, question)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			cancel()
		}
		_, _, err := f.Ask(t.Context(), question)
		require.NoError(t, err)
		require.Empty(t, f.log.String())
	})
}
