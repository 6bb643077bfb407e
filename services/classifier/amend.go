package classifier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
)

// maxWait is how long after its judgement a post is still asked about: the alerter puts a
// newer judgement in the place of an older one for 24 hours, but who acts on an alert
// needs the second opinion while it matters. A prior.
const maxWait = 10 * time.Minute

// reviser is the engine as second opinions need it.
type reviser interface {
	Doubts(ev *earshotv1.PostEvent, judged []*earshotv1.Assessment, from, to float64) []engine.Doubt
	AssessWith(ev *earshotv1.PostEvent, at time.Time, opinions map[string]engine.Opinion) []*earshotv1.Assessment
}

// asker answers questions as [opinion.Asker] does.
type asker interface {
	Ask(ctx context.Context, q opinion.Question) (answer opinion.Scores, known bool, err error)
}

// amender asks about the posts that the engine is unsure of, once they are judged,
// written and on their way to be committed, and writes what an answer changes as another
// assessment of the same id. It holds nothing up and keeps nothing: what waits when the
// process ends, or finds the queue full, stays as it was judged.
type amender struct {
	engine   reviser
	asker    asker
	version  string // of the model
	from, to float64
	workers  int
	out      output
	metrics  opinionMetrics
	logger   *slog.Logger

	queue chan *pending
	mu    sync.Mutex
	// latest is by post id what waits or is asked about; a newer event takes it away.
	latest map[string]*pending
}

// consider returns what an event means for second opinions, nil for nothing. A fault of
// the engine here costs the opinion: the post was judged.
func (a *amender) consider(ctx context.Context, m *bus.Message, ev *earshotv1.PostEvent, judged []*earshotv1.Assessment, at time.Time) (p *pending) {
	if a == nil {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			a.failed(ctx, ev, r)
			p = nil
		}
	}()
	doubts := a.engine.Doubts(ev, judged, a.from, a.to)
	if len(doubts) == 0 && ev.GetOp() == earshotv1.PostOp_POST_OP_CREATED {
		return nil
	}
	return &pending{message: *m, event: ev, judged: judged, doubts: doubts, at: at}
}

// run asks until ctx ends, and leaves what then waits.
func (a *amender) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for range a.workers {
		group.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case p := <-a.queue:
					a.amend(ctx, p)
					a.done(p)
				}
			}
		})
	}
	return group.Wait()
}

// amend asks about one event and writes what that changes. A fault of the engine or of a
// model costs this opinion and nothing else.
func (a *amender) amend(ctx context.Context, p *pending) {
	defer func() {
		if r := recover(); r != nil {
			a.failed(ctx, p.event, r)
		}
	}()
	if !a.current(p) { // counted when the newer one came
		return
	}
	if time.Since(p.at) > maxWait {
		a.metrics.drop(ctx, dropLate)
		return
	}
	opinions := a.ask(ctx, p.doubts)
	if len(opinions) > 0 {
		a.publish(ctx, p, opinions)
	}
}

// failed counts a panic, and tells it without what it may quote of the post.
func (a *amender) failed(ctx context.Context, ev *earshotv1.PostEvent, panicked any) {
	a.metrics.result(ctx, resultFailed)
	a.logger.ErrorContext(ctx, "second opinion failed", "post", ev.GetPost().GetId(), "error", fault(panicked))
}

// publish writes what opinions change, unless a newer event has come meanwhile.
func (a *amender) publish(ctx context.Context, p *pending, opinions map[string]engine.Opinion) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return
	}
	at := time.Now().UTC()
	if next := p.at.Add(time.Millisecond); at.Before(next) {
		at = next // the store keeps milliseconds, and there the newer one counts
	}
	for _, amended := range a.engine.AssessWith(p.event, at, opinions) {
		if moved(p.judged, amended) {
			a.write(bus.TraceOf(ctx, &p.message), amended, at)
		}
	}
}

// ask collects opinions by brand id.
func (a *amender) ask(ctx context.Context, doubts []engine.Doubt) map[string]engine.Opinion {
	opinions := map[string]engine.Opinion{}
	for _, d := range doubts {
		answer, known, err := a.asker.Ask(ctx, opinion.Question{Text: d.Text, Who: d.Who, Industry: d.Industry, Kinds: d.Kinds})
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, opinion.ErrSpent):
			a.metrics.drop(ctx, dropBudget)
		case errors.Is(err, opinion.ErrResting):
			a.metrics.drop(ctx, dropResting)
		case err != nil:
			a.metrics.result(ctx, resultFailed)
		case known:
			a.metrics.result(ctx, resultCached)
		default:
			a.metrics.result(ctx, resultAnswered)
		}
		if err == nil {
			opinions[d.BrandID] = engine.Opinion{Version: a.version, Scores: answer}
		}
	}
	return opinions
}

func (a *amender) write(ctx context.Context, amended *earshotv1.Assessment, at time.Time) {
	m, reject := assessmentMessage(ctx, amended, amended.GetId()+"-"+amendedEvent, at)
	if reject != nil {
		a.metrics.drop(ctx, dropUnwritten)
		return
	}
	if err := a.out.Write(ctx, m); err != nil { // the process ends, or the message can never be written
		a.metrics.drop(ctx, dropUnwritten)
		return
	}
	a.metrics.amended(ctx)
}

// amendedEvent tells the event of an amended assessment from that of the first.
const amendedEvent = "second-opinion"

// moved tells whether the amended assessment says something else than the one it amends.
func moved(judged []*earshotv1.Assessment, amended *earshotv1.Assessment) bool {
	for _, first := range judged {
		if first.GetId() != amended.GetId() || !first.GetMatched() {
			continue
		}
		for i, c := range first.GetCategories() {
			if now := amended.GetCategories()[i]; now.GetLikelihood() != c.GetLikelihood() || now.GetImpact() != c.GetImpact() {
				return true
			}
		}
	}
	return false
}
