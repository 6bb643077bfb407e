package alerter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/telemetry"
)

// Config is the section alerter of earshot.yaml.
type Config struct {
	// AdminListen is where health and metrics are served, host:port.
	AdminListen string `yaml:"admin_listen"`
	// Rules are paths of rules files; none means the built-in rules.
	Rules []string `yaml:"rules"`
	// Receivers are told of every alert, side by side.
	Receivers []ReceiverConfig `yaml:"receivers"`
	// CheckpointInterval is how often state is written while assessments come; it
	// bounds how much a restart reads again. Alerts are checkpointed at once.
	CheckpointInterval time.Duration `yaml:"checkpoint_interval"`
	// Lateness is how far behind a brand's newest post a post may come and be counted.
	Lateness time.Duration `yaml:"lateness"`
	// Idle is the silence after which a brand's event time follows the clock.
	Idle time.Duration `yaml:"idle"`
	// A batch closes at BatchMessages, or BatchDelay after its first message.
	BatchMessages int           `yaml:"batch_messages"`
	BatchDelay    time.Duration `yaml:"batch_delay"`
}

// ReceiverConfig is one place that alerts go to.
type ReceiverConfig struct {
	// Name is unique; progress is kept by it, so a renamed receiver is a new one.
	Name string `yaml:"name"`
	// Type is webhook, slack or terminal.
	Type string `yaml:"type"`
	// URL or URLFile of webhook and slack.
	URL     config.Secret `yaml:"url"`
	URLFile string        `yaml:"url_file"`
	// Token or TokenFile of webhook: sent as bearer token.
	Token     config.Secret `yaml:"token"`
	TokenFile string        `yaml:"token_file"`
	// FiringOnly leaves resolved alerts out.
	FiringOnly bool `yaml:"firing_only"`
	// Timeout bounds one attempt, 10s by default; after GiveUpAfter, 5m by default, the
	// alert is dead-lettered for this receiver.
	Timeout     time.Duration `yaml:"timeout"`
	GiveUpAfter time.Duration `yaml:"give_up_after"`
}

// DefaultConfig shows alerts on the terminal. A day of lateness lets a feed that is
// polled rarely, or a fast replay, count in full.
func DefaultConfig() Config {
	return Config{
		AdminListen:        "127.0.0.1:9104",
		Receivers:          []ReceiverConfig{{Name: "terminal", Type: "terminal"}},
		CheckpointInterval: 5 * time.Second,
		Lateness:           24 * time.Hour,
		Idle:               5 * time.Minute,
		BatchMessages:      5000,
		BatchDelay:         20 * time.Millisecond,
	}
}

// Validate names the first field that holds what it may not, and what it may. It reads
// no files.
func (c Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.AdminListen); err != nil {
		return fmt.Errorf("alerter.admin_listen: %q is not host:port", c.AdminListen)
	}
	err := cmp.Or(
		between("checkpoint_interval", c.CheckpointInterval, 100*time.Millisecond, 10*time.Minute),
		between("lateness", c.Lateness, 0, 30*24*time.Hour),
		between("idle", c.Idle, 10*time.Second, 24*time.Hour),
		between("batch_delay", c.BatchDelay, time.Millisecond, time.Minute),
	)
	if err != nil {
		return err
	}
	if c.BatchMessages < 1 || c.BatchMessages > 100_000 {
		return fmt.Errorf("alerter.batch_messages: %d is not between 1 and 100000", c.BatchMessages)
	}
	seen := map[string]bool{}
	for i, r := range c.Receivers {
		if err := r.validate(); err != nil {
			return fmt.Errorf("alerter.receivers.%d.%w", i, err)
		}
		if seen[r.Name] {
			return fmt.Errorf("alerter.receivers.%d.name: %q is used twice", i, r.Name)
		}
		seen[r.Name] = true
	}
	return nil
}

func between(field string, d, low, high time.Duration) error {
	if d < low || d > high {
		return fmt.Errorf("alerter.%s: %s is not between %s and %s", field, d, low, high)
	}
	return nil
}

var receiverName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func (r ReceiverConfig) validate() error {
	sends := r.Type == "webhook" || r.Type == "slack"
	switch {
	case !receiverName.MatchString(r.Name):
		return fmt.Errorf("name: %q is not lower-case letters, digits and hyphens, at most 63", r.Name)
	case !sends && r.Type != "terminal":
		return fmt.Errorf("type: %q is not webhook, slack or terminal", r.Type)
	case sends && (r.URL == "") == (r.URLFile == ""):
		return errors.New("url and url_file: set one of them")
	case !sends && (r.URL != "" || r.URLFile != ""):
		return errors.New("url: a terminal has none")
	case r.Type != "webhook" && (r.Token != "" || r.TokenFile != ""):
		return errors.New("token: only a webhook takes one")
	case r.Timeout < 0 || r.GiveUpAfter < 0:
		return errors.New("timeout and give_up_after: must not be below 0")
	}
	return nil
}

// resolve reads the secret files and fills in what is not set.
func (r ReceiverConfig) resolve() (ReceiverConfig, error) {
	var err error
	if r.URL, err = config.ResolveSecret("url", r.URL, r.URLFile); err != nil {
		return r, fmt.Errorf("receiver %q: %w", r.Name, err)
	}
	if r.Token, err = config.ResolveSecret("token", r.Token, r.TokenFile); err != nil {
		return r, fmt.Errorf("receiver %q: %w", r.Name, err)
	}
	if r.Type != "terminal" {
		at, err := url.Parse(r.URL.Reveal())
		if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
			return r, fmt.Errorf("receiver %q: url: want http://… or https://…", r.Name)
		}
	}
	r.Timeout, r.GiveUpAfter = cmp.Or(r.Timeout, 10*time.Second), cmp.Or(r.GiveUpAfter, 5*time.Minute)
	return r, nil
}

// Configure reads the sections kafka, telemetry and alerter of a process of its own.
func Configure(f *config.File) (daemon.Service, error) {
	kafka, tel, own := bus.DefaultConfig(), telemetry.DefaultConfig(), DefaultConfig()
	err := errors.Join(f.Section("kafka", &kafka), f.Section("telemetry", &tel), f.Section("alerter", &own))
	if err != nil {
		return daemon.Service{}, err
	}
	if err := cmp.Or(kafka.Validate(), own.Validate()); err != nil {
		return daemon.Service{}, err
	}
	if _, err := loadRules(own.Rules); err != nil {
		return daemon.Service{}, err
	}
	return daemon.Service{
		AdminListen: own.AdminListen, Telemetry: tel,
		Sections: map[string]any{"kafka": kafka, "telemetry": tel, "alerter": own},
		Run: func(ctx context.Context, rt daemon.Runtime) error {
			return Run(ctx, own, Deps{Bus: kafka, Logger: rt.Logger, Probe: rt.Probe})
		},
	}, nil
}
