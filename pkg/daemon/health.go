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

// Admin serves /healthz (the process lives), /readyz (all parts are ready, or 503 with
// the reasons) and /metrics.
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
