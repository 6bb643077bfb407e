package earshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/telemetry"
)

// closeTime bounds the end of what the services stand on.
const closeTime = 20 * time.Second

// Options are what [Run] is told beside the configuration.
type Options struct {
	Version string
	// Log takes the log lines.
	Log io.Writer
	// Started is called once every service is ready; its error ends Run.
	Started func(ctx context.Context, e Endpoints) error
}

// Run runs the pipeline until ctx ends: the services stop first, then the database and
// the broker under them. A second Run on the same data folder continues where the first
// ended, also after a kill.
func Run(ctx context.Context, c *Config, o Options) (err error) {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	tel, err := telemetry.Setup(ctx, telemetry.Options{Service: "earshot", Version: o.Version, Config: c.Telemetry, Log: o.Log})
	if err != nil {
		return err
	}
	// The floor outlives ctx, so that the services can commit before it goes.
	base := &floor{log: tel.Logger}
	base.onClose(func() error {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		return tel.Shutdown(last)
	})
	defer func() { err = errors.Join(err, base.close()) }()
	endpoints, err := base.lay(context.WithoutCancel(ctx), c)
	if err != nil {
		return err
	}
	configured, err := c.configure()
	if err != nil {
		return err
	}
	if err := prepare(ctx, c); err != nil {
		return err
	}
	return serve(ctx, c, configured, tel, endpoints, o.Started)
}

// prepare makes the topics and brings the tables to this version's schema.
func prepare(ctx context.Context, c *Config) error {
	if err := bus.EnsureTopics(ctx, c.Kafka); err != nil {
		return fmt.Errorf("make topics: %w", err)
	}
	s, err := store.Open(ctx, c.ClickHouse)
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
}

// serve runs the services and the admin page side by side; the first error ends all.
func serve(ctx context.Context, c *Config, configured []daemon.Service, tel *telemetry.Telemetry, e Endpoints, started func(context.Context, Endpoints) error) error {
	health := &daemon.Health{}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return daemon.ServeHTTP(ctx, c.AdminListen, daemon.Admin(health, tel.Metrics)) })
	for i, s := range services {
		probe := health.Probe(s.name)
		run := configured[i].Run
		group.Go(func() error {
			if err := run(ctx, daemon.Runtime{Logger: tel.Named(s.name), Probe: probe}); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			return nil
		})
	}
	group.Go(func() error {
		if health.Wait(ctx) != nil {
			return nil // the service that is not ready says why
		}
		if err := e.write(c.DataDir); err != nil {
			return err
		}
		if err := started(ctx, e); ctx.Err() == nil {
			return err
		}
		return nil
	})
	return errors.Join(group.Wait(), forget(c.DataDir))
}

// floor is what the services stand on: the embedded broker and database.
type floor struct {
	log     *slog.Logger
	closers []func() error
}

func (f *floor) onClose(fn func() error) { f.closers = append(f.closers, fn) }

func (f *floor) close() error {
	var errs []error
	for _, closer := range slices.Backward(f.closers) {
		errs = append(errs, closer())
	}
	return errors.Join(errs...)
}

// lay starts what the file does not name, and leads the services to it.
func (f *floor) lay(ctx context.Context, c *Config) (Endpoints, error) {
	e := Endpoints{PID: os.Getpid(), Admin: c.AdminListen}
	intake, err := c.collector()
	if err != nil {
		return e, err
	}
	e.Collector = intake.Listen
	if len(c.Kafka.Brokers) == 0 {
		broker, err := embedded.StartBroker(ctx, embedded.BrokerOptions{
			Dir: filepath.Join(c.DataDir, "kafka"), Listen: c.Kafka.EmbeddedListen, Logger: f.log,
		})
		if err != nil {
			return e, fmt.Errorf("start the embedded broker: %w", err)
		}
		f.onClose(broker.Close)
		e.Kafka = broker.Addr()
	}
	if c.ClickHouse.DSN == "" {
		clickhouse, err := embedded.StartClickHouse(ctx, embedded.ClickHouseOptions{
			Dir: filepath.Join(c.DataDir, "clickhouse"), Listen: c.ClickHouse.EmbeddedListen,
			Library: c.ClickHouse.Library, Database: c.ClickHouse.Database, Logger: f.log,
		})
		if err != nil {
			return e, fmt.Errorf("start the embedded ClickHouse: %w", err)
		}
		f.onClose(clickhouse.Close)
		e.ClickHouse = clickhouse.DSN()
	}
	if err := c.point(e.Kafka, e.ClickHouse); err != nil {
		return e, err
	}
	return e, c.keys(c.keep)
}
