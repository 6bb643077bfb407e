// Package alerter turns assessments into alerts and tells people.
//
// Two loops share nothing but topics. The first measures assessments by the alert rules,
// publishes what fires or resolves to earshot.alerts.v1, and checkpoints its windows
// together with its offsets. The second, once for each receiver, reads that topic and
// notifies. A crash at any line loses no alert; a receiver hears one twice only if the
// process dies between the receiver's answer and the record of it.
//
// It judges no posts and touches no database.
package alerter

import (
	"context"
	_ "embed" // holds the built-in rules
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/services/alerter/internal/alert"
	"github.com/earshot/earshot/services/alerter/internal/rule"
)

// Group is the consumer group of the evaluation; a receiver's is its name behind a dot.
const Group = "alerter"

//go:embed rules/default.yaml
var defaultRules []byte

// Deps are what a process lends to the alerter.
type Deps struct {
	Bus    bus.Config
	Logger *slog.Logger
	Probe  *daemon.Probe
	// Terminal takes the blocks of terminal receivers; nil is standard output.
	Terminal io.Writer
}

// Run evaluates and notifies until ctx ends; then it returns nil. The configuration has
// been validated.
func Run(ctx context.Context, c Config, deps Deps) error {
	rules, err := loadRules(c.Rules)
	if err != nil {
		return err
	}
	if deps.Terminal == nil {
		deps.Terminal = os.Stdout
	}
	receivers, err := openReceivers(c.Receivers, deps.Terminal)
	if err != nil {
		return err
	}
	m, err := newMetrics()
	if err != nil {
		return err
	}
	writer, err := bus.NewWriter(deps.Bus, "alerter")
	if err != nil {
		return err
	}
	store := checkpoints{config: deps.Bus, writer: writer}
	evaluator := newEvaluator(c, alert.Options{Rules: rules, Lateness: c.Lateness, Idle: c.Idle}, store, m, deps.Logger)
	running, within := errgroup.WithContext(ctx)
	err = bus.EnsureTopics(ctx, deps.Bus)
	if err == nil {
		running.Go(func() error { return evaluator.consume(within) })
		running.Go(func() error { return evaluator.tick(within) })
		for _, r := range receivers {
			running.Go(func() error { return newNotifier(r, store, m, deps.Logger).consume(within) })
		}
		running.Go(func() error { return deps.Probe.Watch(within, deps.Bus.Ping) })
		err = running.Wait()
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil // the end that was asked for
	}
	return errors.Join(err, writer.Close())
}

// loadRules reads the files, or the built-in rules where there are none.
func loadRules(paths []string) ([]*rule.Rule, error) {
	if len(paths) == 0 {
		return rule.Parse(rule.Source{Name: "default.yaml", Data: defaultRules})
	}
	sources := make([]rule.Source, len(paths))
	for i, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		sources[i] = rule.Source{Name: path, Data: data}
	}
	return rule.Parse(sources...)
}
