package classifier

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
	"github.com/earshot/earshot/services/classifier/internal/opinion/endpoint"
	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx"
)

// SecondOpinion is the section classifier.second_opinion: who is asked about the posts
// that the engine is unsure of, and how often. Without a model nobody is.
type SecondOpinion struct {
	// ONNX is a model of your own on this machine, Endpoint an OpenAI-compatible server; one
	// of them.
	ONNX     *onnx.Config     `yaml:"onnx,omitempty"`
	Endpoint *endpoint.Config `yaml:"endpoint,omitempty"`
	// Between are the likelihoods of leakage or compliance, 0 to 1, that count as unsure.
	Between [2]float64     `yaml:"between,flow"`
	Budget  opinion.Budget `yaml:"budget"`
	// Queue is how many posts may wait; who finds it full is not asked about.
	Queue int `yaml:"queue"`
	// Cache is how many answers are remembered.
	Cache int `yaml:"cache"`
	// Workers is how many posts are asked about at once.
	Workers int `yaml:"workers"`
	// Timeout bounds one question, with all its attempts.
	Timeout time.Duration `yaml:"timeout"`
}

func defaultSecondOpinion() SecondOpinion {
	return SecondOpinion{
		// One half, where a reviewer is asked, with as much on either side; a prior.
		Between: [2]float64{0.3, 0.7},
		// At some 1,800 tokens a question, two million an hour and nine million a day at most.
		Budget:  opinion.Budget{PerMinute: 20, PerDay: 5000},
		Queue:   256, // at 64 KiB for the longest post 16 MiB
		Cache:   10_000,
		Workers: 2,
		// Hosted models answer in a few seconds, those on a CPU in ten or more.
		Timeout: 30 * time.Second,
	}
}

// on tells whether somebody is asked.
func (s SecondOpinion) on() bool { return s.Endpoint != nil || s.ONNX != nil }

// Validate names the first field that holds what it may not, and what it may.
func (s SecondOpinion) Validate() error {
	if err := s.checkModel(); err != nil {
		return err
	}
	if from, to := s.Between[0], s.Between[1]; !(0 <= from && from <= to && to <= 1) {
		return fmt.Errorf("between: %v is not two likelihoods from 0 to 1, the lower one first", s.Between)
	}
	return cmp.Or(
		within("budget.per_minute", s.Budget.PerMinute, 0, 1_000_000), within("budget.per_day", s.Budget.PerDay, 0, 1_000_000_000),
		within("queue", s.Queue, 1, 100_000), within("cache", s.Cache, 0, 10_000_000), within("workers", s.Workers, 1, 256), s.checkTimeout(),
	)
}

func (s SecondOpinion) checkModel() error {
	if s.ONNX != nil && s.Endpoint != nil {
		return errors.New("onnx and endpoint: set one of them")
	}
	if s.ONNX != nil {
		if err := s.ONNX.Validate(); err != nil {
			return fmt.Errorf("onnx.%w", err)
		}
	}
	if s.Endpoint != nil {
		if err := s.Endpoint.Validate(); err != nil {
			return fmt.Errorf("endpoint.%w", err)
		}
	}
	return nil
}

func (s SecondOpinion) checkTimeout() error {
	if s.Timeout <= 0 || s.Timeout > 10*time.Minute {
		return fmt.Errorf("timeout: %v is not more than 0 and at most 10m", s.Timeout)
	}
	return nil
}

func within(field string, n, least, most int) error {
	if n < least || n > most {
		return fmt.Errorf("%s: %d is not between %d and %d", field, n, least, most)
	}
	return nil
}

// present names the first file that is named and missing; it loads no model.
func (s SecondOpinion) present() error {
	if s.ONNX != nil {
		return s.ONNX.Present()
	}
	_, err := config.ResolveSecret("endpoint.api_key", s.Endpoint.APIKey, s.Endpoint.APIKeyFile)
	return err
}

// open opens the model that is asked; there is one.
func (s SecondOpinion) open() (opinion.Model, error) {
	if s.ONNX != nil {
		return onnx.Open(*s.ONNX)
	}
	return endpoint.Open(*s.Endpoint)
}

// newAmender puts together what asks model.
func newAmender(ctx context.Context, s SecondOpinion, d Deps, model opinion.Model, out output) (*amender, error) {
	m, err := newOpinionMetrics(ctx)
	if err != nil {
		return nil, err
	}
	asker, err := opinion.NewAsker(opinion.Options{
		Model: model, Budget: s.Budget, Cache: s.Cache, Key: d.Key, Timeout: s.Timeout, Attempt: m.attempt, Logger: d.Logger,
	})
	if err != nil {
		return nil, err
	}
	return &amender{
		engine: d.Reviser, asker: asker, version: model.Version(), from: s.Between[0], to: s.Between[1], workers: s.Workers, out: out,
		metrics: m, logger: d.Logger, queue: make(chan *pending, s.Queue), latest: map[string]*pending{},
	}, nil
}
