package daemon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// ErrStarting is what a [Probe] reports until its part says otherwise.
var ErrStarting = errors.New("starting")

// Health gathers the readiness of a process's parts. The zero value is ready for use.
type Health struct {
	mu     sync.Mutex
	probes []*Probe
}

// Probe is one part's readiness. Its methods may be called on nil, which does nothing,
// and from any goroutine.
type Probe struct {
	name string
	mu   sync.Mutex
	err  error
}

// Probe adds a part that is not ready yet.
func (h *Health) Probe(name string) *Probe {
	p := &Probe{name: name, err: ErrStarting}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.probes = append(h.probes, p)
	return p
}

// Set says that the part is ready (nil) or why it is not.
func (p *Probe) Set(err error) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

const (
	// watchInterval is how old a watched readiness may be, and checkTimeout how long a
	// dependency may take to answer before it counts as away.
	watchInterval = 5 * time.Second
	checkTimeout  = 4 * time.Second
)

// Watch keeps the probe at what check says of the part's dependencies, from now until
// ctx ends; then it returns nil. What is away need not end a service: it waits, and the
// probe tells for what.
func (p *Probe) Watch(ctx context.Context, check func(context.Context) error) error {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		within, cancel := context.WithTimeout(ctx, checkTimeout)
		err := check(within)
		cancel()
		if ctx.Err() == nil {
			p.Set(err)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
	return nil
}

func (p *Probe) state() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return fmt.Errorf("%s: %w", p.name, p.err)
	}
	return nil
}

// Ready is nil when every part is.
func (h *Health) Ready() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	for _, p := range h.probes {
		errs = append(errs, p.state())
	}
	return errors.Join(errs...)
}

// Wait returns nil once every part is ready, or the error of ctx when it ends first.
func (h *Health) Wait(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for h.Ready() != nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Admin serves /healthz (the process lives), /readyz (all parts can do their work, or 503
// with the reasons) and /metrics. While Kafka or the database is away a service is alive
// and not ready: a restart would help nothing, and no sender should be led to it.
func Admin(h *Health, metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := h.Ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", metrics)
	return mux
}
