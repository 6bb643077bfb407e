package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
)

const (
	epochs    = 5
	rate      = 0.12 // AdaGrad step
	decay     = 6e-5 // pull toward the prior, per seen feature
	minWord   = 5    // occurrences that make a token a feature
	minPair   = 25
	keep      = 0.3   // a learned weight below this is not written
	priorGain = 0.32  // log-odds per point of VADER valence on its own side
	priorLoss = -0.15 // and on the other
)

// feature is one token or pair with its weights, their starting points and the
// squared gradients so far, each toward positive and negative.
type feature struct {
	name            string
	weight, from, g [2]float64
	seen            int
	known           bool // stands in the VADER lexicon
}

// use is one feature in one text.
type use struct {
	key     uint64
	factor  float64
	negated bool
}

type example struct {
	uses  []use
	label int // 0 positive, 1 negative, 2 neutral
}

type model struct {
	analyzer *sentiment.Analyzer
	features map[uint64]*feature
	examples []example
	bias     feature
	counts   [3]int
}

func newModel(a *sentiment.Analyzer) *model {
	return &model{analyzer: a, features: map[uint64]*feature{}}
}

func (m *model) feature(key uint64, name string) *feature {
	f := m.features[key]
	if f == nil {
		f = &feature{name: name}
		m.features[key] = f
	}
	return f
}

// prior takes one line of the VADER lexicon: valence is in -4..4.
func (m *model) prior(token, valence string) error {
	v, err := strconv.ParseFloat(valence, 64)
	if err != nil {
		return fmt.Errorf("valence of %q: %w", token, err)
	}
	if strings.ContainsAny(token, " #\t") {
		return nil
	}
	f := m.feature(sentiment.Key(token), token)
	side, other := 0, 1
	if v < 0 {
		side, other, v = 1, 0, -v
	}
	f.from[side], f.from[other] = v*priorGain, v*priorLoss
	f.weight, f.known = f.from, true
	return nil
}

// learn adds one labelled text.
func (m *model) learn(text, label string) error {
	e := example{label: slices.Index([]string{sentiment.Positive, sentiment.Negative, sentiment.Neutral}, label)}
	if e.label < 0 {
		return fmt.Errorf("unknown label %q", label)
	}
	m.counts[e.label]++
	previous := ""
	s := m.analyzer.Scan(text)
	for h, ok := s.Next(); ok; h, ok = s.Next() {
		token := strings.ToLower(text[h.Start:h.End])
		m.feature(h.Word, token).seen++
		e.uses = append(e.uses, use{h.Word, h.Factor, h.Negated})
		if h.Pair != 0 {
			m.feature(h.Pair, previous+" "+token).seen++
			e.uses = append(e.uses, use{h.Pair, h.Factor, h.Negated})
		}
		previous = token
	}
	m.examples = append(m.examples, e)
	return nil
}

func (f *feature) frequent() bool {
	return f.known || f.seen >= minPair || f.seen >= minWord && !strings.Contains(f.name, " ")
}

// fit runs AdaGrad over the texts in their order; classes weigh alike.
func (m *model) fit() {
	for range epochs {
		for i := range m.examples {
			m.step(&m.examples[i])
		}
	}
}

func (m *model) step(e *example) {
	z := m.bias.weight
	for _, u := range e.uses {
		if f := m.features[u.key]; f.frequent() {
			h := sentiment.Hit{Factor: u.factor, Negated: u.negated}
			p, n := h.Apply(f.weight[0], f.weight[1])
			z[0] += p
			z[1] += n
		}
	}
	p, n := math.Exp(z[0]), math.Exp(z[1])
	miss := [2]float64{p / (1 + p + n), n / (1 + p + n)}
	if e.label < 2 {
		miss[e.label]--
	}
	weight := float64(len(m.examples)) / (3 * float64(m.counts[e.label]))
	m.bias.move([2]float64{miss[0] * weight, miss[1] * weight})
	for _, u := range e.uses {
		if f := m.features[u.key]; f.frequent() {
			h := sentiment.Hit{Factor: weight * u.factor, Negated: u.negated}
			p, n := h.Apply(miss[0], miss[1])
			f.move([2]float64{p, n})
		}
	}
}

func (f *feature) move(gradient [2]float64) {
	for i, g := range gradient {
		g += decay * (f.weight[i] - f.from[i]) * 100
		f.g[i] += g * g
		f.weight[i] -= rate * g / math.Sqrt(1+f.g[i])
	}
}

// write prints the features that matter, by name.
func (m *model) write(w io.Writer) error {
	lines := []string{line("<bias>", m.bias.weight)}
	for _, f := range m.features {
		if f.frequent() && max(math.Abs(f.weight[0]), math.Abs(f.weight[1])) >= keep {
			lines = append(lines, line(f.name, f.weight))
		}
	}
	slices.Sort(lines)
	_, err := io.WriteString(w, "# Written by the command in ./train; sources and licenses are in NOTICE.\n"+strings.Join(lines, ""))
	return err
}

func line(name string, weight [2]float64) string {
	return fmt.Sprintf("%s\t%.0f\t%.0f\n", name, weight[0]*100, weight[1]*100)
}
