package classifier

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Group is the consumer group of the service.
const Group = "classifier"

// judge is the engine as this room sees it.
type judge interface {
	Assess(ev *earshotv1.PostEvent, at time.Time) []*earshotv1.Assessment
}

// Deps is what the service stands on.
type Deps struct {
	Bus bus.Config
	// Engine judges, as [engine.Engine] does.
	Engine judge
	// Follow keeps Engine up to date until ctx ends; nil where nothing changes it.
	Follow func(ctx context.Context, logger *slog.Logger, m metrics) error
	Logger *slog.Logger
	Probe  *daemon.Probe
}

// output is the writer of assessments; Write returns once they are durable.
type output interface {
	Write(ctx context.Context, messages ...bus.Message) error
}

// Run judges posts until ctx ends.
func Run(ctx context.Context, c Config, d Deps) error {
	if err := c.Validate(); err != nil {
		return err
	}
	writer, err := bus.NewWriter(d.Bus, "classifier")
	if err != nil {
		return err
	}
	return errors.Join(run(ctx, c, d, writer), writer.Close())
}

func run(ctx context.Context, c Config, d Deps, out output) error {
	m, err := newMetrics()
	if err != nil {
		return err
	}
	h := handler{judge: d.Engine, out: out, workers: c.workers(), metrics: m}
	group, ctx := errgroup.WithContext(ctx)
	if d.Follow != nil {
		m.reload(ctx, "loaded")
		group.Go(func() error { return d.Follow(ctx, d.Logger, m) })
	}
	group.Go(func() error { return d.Probe.Watch(ctx, d.Bus.Ping) })
	group.Go(func() error {
		return bus.Consume(ctx, bus.ConsumeOptions{
			Config: d.Bus, Topics: []string{bus.TopicPosts}, Group: Group, Service: "classifier",
			BatchMessages: c.BatchMessages, BatchDelay: c.BatchDelay, Handler: h.handle, Logger: d.Logger,
		})
	})
	return group.Wait()
}
