package classifier

import (
	"context"
	"sync"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// pending is an event that was judged.
type pending struct {
	message bus.Message
	event   *earshotv1.PostEvent
	judged  []*earshotv1.Assessment
	doubts  []engine.Doubt
	at      time.Time

	mu   sync.Mutex // held while an amendment is written
	gone bool       // a newer event has come
}

// withdraw takes away what an older event of the posts left waiting. Once it returns, and
// before the events' own assessments are written, none of those is amended any more: an
// alert must not follow from a post after its deletion. It waits for nothing but the
// write of an amendment of the very same post.
func (a *amender) withdraw(ctx context.Context, verdicts []verdict) {
	if a == nil {
		return
	}
	for i := range verdicts {
		p := verdicts[i].pending
		if p == nil {
			continue
		}
		if old := a.take(p.event.GetPost().GetId()); old != nil {
			old.mu.Lock()
			old.gone = true
			old.mu.Unlock()
			a.metrics.drop(ctx, dropSuperseded)
		}
	}
}

// take removes and returns what waits for a post, nil where nothing does.
func (a *amender) take(post string) *pending {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := a.latest[post]
	delete(a.latest, post)
	return old
}

// follow queues what is in doubt of a batch that was written; of several events of a post
// the last one counts. It never blocks.
func (a *amender) follow(ctx context.Context, verdicts []verdict) {
	if a == nil {
		return
	}
	a.mu.Lock() // nobody asks about an event before the batch's last is known
	defer a.mu.Unlock()
	for i := range verdicts {
		if p := verdicts[i].pending; p != nil {
			a.replace(ctx, p)
		}
	}
}

func (a *amender) replace(ctx context.Context, p *pending) {
	id := p.event.GetPost().GetId()
	if a.latest[id] != nil {
		delete(a.latest, id)
		a.metrics.drop(ctx, dropSuperseded)
	}
	if len(p.doubts) == 0 {
		return
	}
	select {
	case a.queue <- p:
		a.latest[id] = p
	default:
		a.metrics.drop(ctx, dropQueue)
	}
}

// current tells whether no newer event of the post has come.
func (a *amender) current(p *pending) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.latest[p.event.GetPost().GetId()] == p
}

func (a *amender) done(p *pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if id := p.event.GetPost().GetId(); a.latest[id] == p {
		delete(a.latest, id)
	}
}
