package classifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
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
	// OpenModel opens what gives second opinions, Reviser takes them into account, and Key
	// keys the memory of them; nil where nobody gives any.
	OpenModel func() (opinion.Model, error)
	Reviser   reviser
	Key       []byte

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
	if d.OpenModel == nil {
		return consume(ctx, c, d, out, nil)
	}
	model, err := d.OpenModel()
	if err != nil {
		return fmt.Errorf("open the model of second opinions: %w", err)
	}
	amend, err := newAmender(ctx, c.SecondOpinion, d, model, out)
	if err == nil {
		d.Logger.InfoContext(ctx, "second opinions are given", "model", model.Version())
		err = consume(ctx, c, d, out, amend)
	}
	return errors.Join(err, model.Close())
}

// consume judges posts, and asks for second opinions where amend is not nil.
func consume(ctx context.Context, c Config, d Deps, out output, amend *amender) error {
	m, err := newMetrics()
	if err != nil {
		return err
	}
	h := handler{judge: d.Engine, out: out, workers: c.workers(), metrics: m, amend: amend}
	group, ctx := errgroup.WithContext(ctx)
	if amend != nil {
		group.Go(func() error { return amend.run(ctx) })
	}
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
