// Package collector takes posts in and puts them on the bus, and does nothing else: what
// a post means is decided behind it. It listens on HTTP, and reads the configured files
// and feeds.
//
// It guarantees that a sender who was told 202, and a cursor that moved, mean that all
// in-sync replicas have the posts. After a crash some come again; their ids are the same.
package collector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/telemetry"
	"github.com/earshot/earshot/services/collector/feed"
	"github.com/earshot/earshot/services/collector/file"
)

// Config is the section collector of earshot.yaml.
type Config struct {
	// Listen is where posts are taken in, host:port.
	Listen string `yaml:"listen"`
	// Token is what senders bear, or TokenFile holds it. Without one only a loopback
	// address may be listened on.
	Token     config.Secret `yaml:"token"`
	TokenFile string        `yaml:"token_file"`
	// AdminListen is where health and metrics are served, host:port.
	AdminListen string `yaml:"admin_listen"`
	// MaxBodyBytes bounds a body, decompressed.
	MaxBodyBytes int64 `yaml:"max_body_bytes"`
	// MaxBatchPosts bounds the posts in a body.
	MaxBatchPosts int `yaml:"max_batch_posts"`
	// MaxInflightBytes bounds the bodies being worked on together; above it senders are
	// told to wait.
	MaxInflightBytes int64 `yaml:"max_inflight_bytes"`
	// WriteTimeout bounds how long a request waits for the bus.
	WriteTimeout time.Duration `yaml:"write_timeout"`
	Sources      []Source      `yaml:"sources"`
}

// Source is one source: its name and exactly one kind.
type Source struct {
	// Name is unique for ever: the cursor is kept under it.
	Name string `yaml:"name"`
	// Rate bounds posts per second; 0 is no bound.
	Rate float64      `yaml:"rate"`
	File *file.Config `yaml:"file,omitempty"`
	Feed *feed.Config `yaml:"feed,omitempty"`
}

// DefaultConfig listens on loopback.
func DefaultConfig() Config {
	return Config{
		Listen: "127.0.0.1:8080", AdminListen: "127.0.0.1:9101",
		// 10,000 posts of the usual half kilobyte with room to spare, and a post far too
		// long is still named by its field.
		MaxBodyBytes: 8 << 20, MaxBatchPosts: 10_000,
		// Eight of the largest bodies; decoded, they take about three times as much.
		MaxInflightBytes: 64 << 20,
		// Past the broker's own 10 s for a request; a sender can still wait.
		WriteTimeout: 15 * time.Second,
	}
}

// sourceName is what may stand in a key of the cursor topic and in a metric's label.
var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`)

// Validate names the first field that holds what it may not, and what it may.
func (c Config) Validate() error {
	for field, address := range map[string]string{"listen": c.Listen, "admin_listen": c.AdminListen} {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return fmt.Errorf("collector.%s: %q is not host:port", field, address)
		}
	}
	if c.Token == "" && c.TokenFile == "" && !loopback(c.Listen) {
		return fmt.Errorf("collector.token: none given; %q is not a loopback address and needs one", c.Listen)
	}
	return cmp.Or(
		between("max_body_bytes", c.MaxBodyBytes, 1<<10, 1<<30),
		between("max_batch_posts", int64(c.MaxBatchPosts), 1, 1_000_000),
		between("max_inflight_bytes", c.MaxInflightBytes, c.MaxBodyBytes, 1<<40),
		between("write_timeout", int64(c.WriteTimeout/time.Millisecond), 100, 60_000),
		c.validateSources(),
	)
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func between(field string, value, low, high int64) error {
	if value < low || value > high {
		unit := ""
		if strings.HasSuffix(field, "timeout") {
			unit = " ms"
		}
		return fmt.Errorf("collector.%s: %d%s is not between %d and %d", field, value, unit, low, high)
	}
	return nil
}

func (c Config) validateSources() error {
	seen := map[string]bool{"http": true}
	for i, s := range c.Sources {
		if !sourceName.MatchString(s.Name) {
			return fmt.Errorf("collector.sources.%d.name: %q; want 1 to 64 of a-z, 0-9, _, . and -", i, s.Name)
		}
		if seen[s.Name] {
			return fmt.Errorf("collector.sources.%d.name: %q is taken", i, s.Name)
		}
		seen[s.Name] = true
		if s.Rate < 0 {
			return fmt.Errorf("collector.sources.%d.rate: %v is negative", i, s.Rate)
		}
		if _, _, err := s.open(); err != nil {
			return fmt.Errorf("collector.sources.%d.%w", i, err)
		}
	}
	return nil
}

// Configure reads the sections kafka, telemetry and collector.
func Configure(f *config.File) (daemon.Service, error) {
	kafka, tel, own := bus.DefaultConfig(), telemetry.DefaultConfig(), DefaultConfig()
	err := errors.Join(f.Section("kafka", &kafka), f.Section("telemetry", &tel), f.Section("collector", &own))
	if err != nil {
		return daemon.Service{}, err
	}
	if err := cmp.Or(kafka.Validate(), own.Validate()); err != nil {
		return daemon.Service{}, err
	}
	return daemon.Service{
		AdminListen: own.AdminListen, Telemetry: tel,
		Sections: map[string]any{"kafka": kafka, "telemetry": tel, "collector": own},
		Run: func(ctx context.Context, rt daemon.Runtime) error {
			return Run(ctx, own, Deps{Bus: kafka, Logger: rt.Logger, Probe: rt.Probe})
		},
	}, nil
}
