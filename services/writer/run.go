package writer

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/store"
)

// The consumer groups: alerts and reviews have their own, so that they never wait for a
// block of assessments to fill.
const (
	Group        = "writer"
	GroupAlerts  = "writer-alerts"
	GroupReviews = "writer-reviews"
)

// Deps is what the service stands on.
type Deps struct {
	Bus    bus.Config
	Store  store.Config
	Logger *slog.Logger
	Probe  *daemon.Probe
}

// Run fills the tables until ctx ends. It refuses to start on a schema older than it
// needs, with [store.ErrSchemaOld].
func Run(ctx context.Context, c Config, d Deps) error {
	if err := c.Validate(); err != nil {
		return err
	}
	s, err := store.Open(ctx, d.Store)
	if err != nil {
		return err
	}
	if err := s.CheckSchema(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	err = run(ctx, c, d, s)
	return errors.Join(err, s.Close())
}

// database is what the writer needs of the store.
type database interface {
	Insert(ctx context.Context, b store.Block) error
	Erase(ctx context.Context) (int, error)
	Ping(ctx context.Context) error
}

func run(ctx context.Context, c Config, d Deps, s database) error {
	m, err := newMetrics()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	consume := func(topic, name string, handler bus.Handler) func() error {
		return func() error {
			return bus.Consume(ctx, bus.ConsumeOptions{
				Config: d.Bus, Topics: []string{topic}, Group: name, Service: "writer",
				BatchMessages: c.BatchRows, BatchDelay: c.BatchDelay, Handler: handler, Logger: d.Logger,
			})
		}
	}
	group.Go(consume(bus.TopicAssessments, Group, newAssessments(s, m).handle))
	group.Go(consume(bus.TopicAlerts, GroupAlerts, newAlerts(s, m).handle))
	group.Go(consume(bus.TopicReviews, GroupReviews, newReviews(s, m).handle))
	group.Go(func() error { erase(ctx, s, c.EraseInterval, m, d.Logger); return nil })
	group.Go(func() error {
		return d.Probe.Watch(ctx, func(ctx context.Context) error { return errors.Join(d.Bus.Ping(ctx), s.Ping(ctx)) })
	})
	return group.Wait()
}

// erase removes what deleted posts left behind, at once and then each interval. What
// fails is counted and tried again with the next: the views hide the posts meanwhile.
func erase(ctx context.Context, s database, interval time.Duration, m metrics, logger *slog.Logger) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		posts, err := s.Erase(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			m.eraseErrors.Add(ctx, 1)
			logger.WarnContext(ctx, "erasure failed", "error", err)
		case posts > 0:
			m.erased.Add(ctx, int64(posts))
			logger.InfoContext(ctx, "erased deleted posts", "posts", posts)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}
