// Package writer moves judgements, alerts and reviews from the bus into ClickHouse. It is the only
// one that fills tables.
//
// It decides nothing: what it reads it stores, whole. It guarantees that every valid
// message is in the store before its offset moves, that a view shows it once however
// often it comes, and that text and author of a deleted post are erased.
package writer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/telemetry"
)

// Config is the section writer of earshot.yaml.
type Config struct {
	// AdminListen is where health and metrics are served, host:port.
	AdminListen string `yaml:"admin_listen"`
	// A block closes at BatchRows, at 32 MiB, or BatchDelay after its first message.
	BatchRows  int           `yaml:"batch_rows"`
	BatchDelay time.Duration `yaml:"batch_delay"`
	// EraseInterval is the time between two erasures of deleted posts.
	EraseInterval time.Duration `yaml:"erase_interval"`
}

// DefaultConfig says how big and how often.
func DefaultConfig() Config {
	return Config{
		AdminListen: "127.0.0.1:9103",
		// A block costs the server about as much as some thousand rows, whatever is in
		// it, and ClickHouse wants 10,000 to 100,000 rows:
		// https://clickhouse.com/docs/optimize/bulk-inserts. At 64 KiB of text a row
		// the upper end would not fit into memory.
		BatchRows: 10_000,
		// A person who watches a dashboard sees a post within a second, and a quiet
		// night makes at most one small part a second for the server to merge.
		BatchDelay: time.Second,
		// An erasure rewrites the texts of each part that has such a post, so it waits
		// for company. Platforms give 24 hours (X developer agreement).
		EraseInterval: time.Hour,
	}
}

// Validate names the first field that holds what it may not, and what it may.
func (c Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.AdminListen); err != nil {
		return fmt.Errorf("writer.admin_listen: %q is not host:port", c.AdminListen)
	}
	if c.BatchRows < 1 || c.BatchRows > 100_000 {
		return fmt.Errorf("writer.batch_rows: %d is not between 1 and 100000", c.BatchRows)
	}
	if c.BatchDelay <= 0 || c.BatchDelay > time.Minute {
		return fmt.Errorf("writer.batch_delay: %v is not more than 0 and at most 1m", c.BatchDelay)
	}
	if c.EraseInterval < time.Minute || c.EraseInterval > 24*time.Hour {
		return fmt.Errorf("writer.erase_interval: %v is not between 1m and 24h", c.EraseInterval)
	}
	return nil
}

// Configure reads the sections kafka, clickhouse, telemetry and writer.
func Configure(f *config.File) (daemon.Service, error) {
	kafka, clickhouse, tel, own := bus.DefaultConfig(), store.DefaultConfig(), telemetry.DefaultConfig(), DefaultConfig()
	err := errors.Join(f.Section("kafka", &kafka), f.Section("clickhouse", &clickhouse),
		f.Section("telemetry", &tel), f.Section("writer", &own))
	if err != nil {
		return daemon.Service{}, err
	}
	if err := cmp.Or(kafka.Validate(), clickhouse.Validate(), own.Validate()); err != nil {
		return daemon.Service{}, err
	}
	return daemon.Service{
		AdminListen: own.AdminListen, Telemetry: tel,
		Sections: map[string]any{"kafka": kafka, "clickhouse": clickhouse, "telemetry": tel, "writer": own},
		Run: func(ctx context.Context, rt daemon.Runtime) error {
			return Run(ctx, own, Deps{Bus: kafka, Store: clickhouse, Logger: rt.Logger, Probe: rt.Probe})
		},
	}, nil
}
