package collector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/services/collector/feed"
	"github.com/earshot/earshot/services/collector/file"
	"github.com/earshot/earshot/services/collector/intake"
	"github.com/earshot/earshot/services/collector/publish"
	"github.com/earshot/earshot/services/collector/source"
)

// Deps is what the service stands on.
type Deps struct {
	Bus    bus.Config
	Logger *slog.Logger
	Probe  *daemon.Probe
	// Listener, where set, is used instead of listening on Config.Listen. Run closes it.
	Listener net.Listener
}

// Run takes posts in until ctx ends. The topics must exist; see [bus.EnsureTopics].
func Run(ctx context.Context, c Config, d Deps) error {
	if err := c.Validate(); err != nil {
		return err
	}
	token, err := config.ResolveSecret("collector.token", c.Token, c.TokenFile)
	if err != nil {
		return err
	}
	writer, err := bus.NewWriter(d.Bus, "collector")
	if err != nil {
		return err
	}
	c.Token = token
	err = run(ctx, c, d, writer)
	return errors.Join(err, writer.Close())
}

func run(ctx context.Context, c Config, d Deps, writer *bus.Writer) error {
	publisher, err := publish.New(writer)
	if err != nil {
		return err
	}
	listener := d.Listener
	if listener == nil {
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen); err != nil {
			return fmt.Errorf("listen on %s: %w", c.Listen, err)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return daemon.Serve(ctx, listener, intake.New(intake.Options{
			Token: c.Token, MaxBodyBytes: c.MaxBodyBytes, MaxBatchPosts: c.MaxBatchPosts,
			MaxInflightBytes: c.MaxInflightBytes, WriteTimeout: c.WriteTimeout,
			Publisher: publisher, Logger: d.Logger,
		}))
	})
	group.Go(func() error {
		if err := bus.EnsureTopics(ctx, d.Bus); err != nil && ctx.Err() == nil {
			return err
		}
		group.Go(func() error { return d.Probe.Watch(ctx, d.Bus.Ping) })
		return readSources(ctx, c.Sources, d, publisher, writer)
	})
	return group.Wait()
}

// readSources drives every source from its stored cursor until ctx ends.
func readSources(ctx context.Context, sources []Source, d Deps, publisher *publish.Publisher, writer *bus.Writer) error {
	if len(sources) == 0 {
		return nil
	}
	cursors, err := source.Stored(ctx, d.Bus)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range sources {
		opened, kind, err := s.open()
		if err != nil {
			return err
		}
		runner := &source.Runner{
			Origin: publish.Origin{Name: s.Name, Type: kind}, Source: opened,
			Publisher: publisher, Cursors: writer, Rate: s.Rate, Logger: d.Logger,
		}
		group.Go(func() error { return runner.Run(ctx, cursors[s.Name]) })
	}
	return group.Wait()
}

// open makes the one source that s describes, and names its kind.
func (s Source) open() (source.Source, string, error) {
	switch {
	case s.File != nil && s.Feed == nil:
		opened, err := file.New(*s.File)
		if err != nil {
			return nil, "", fmt.Errorf("file.%w", err)
		}
		return opened, "file", nil
	case s.Feed != nil && s.File == nil:
		opened, err := feed.New(*s.Feed)
		if err != nil {
			return nil, "", fmt.Errorf("feed.%w", err)
		}
		return opened, "feed", nil
	}
	return nil, "", errors.New("file, feed: want exactly one of them")
}
