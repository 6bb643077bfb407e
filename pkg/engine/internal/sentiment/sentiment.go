// Package sentiment judges how a short text feels about a brand.
//
// It is a lexicon analyzer: every known word carries a weight toward positive
// and one toward negative; negation, intensifiers, diminishers, capitals,
// punctuation and contrast change those weights; clauses that name the target
// count more than the rest. It refuses to guess at irony: signs of sarcasm only
// make the answer less certain (domain guide 2.3). Guarantee: the three shares
// add up to 1 and the same text gives the same result.
package sentiment

import (
	"fmt"
	"math"
)

// Labels of a Result, as they stand in an assessment.
const (
	Negative = "negative"
	Neutral  = "neutral"
	Positive = "positive"
)

const (
	maxClauses = 48 // later clauses share the last slot; a tweet has about 4
	// Weights of a clause before and after a contrast ("nice, but late") and of a
	// clause that does not name the target. Best on the validation part of
	// TweetEval sentiment and SemEval topic sentiment.
	beforeContrast = 0.85
	afterContrast  = 1.1
	offTarget      = 0.65
	negatedFactor  = 0.6  // a negated word speaks for the other side, less loudly
	exclamation    = 0.06 // emphasis per exclamation mark, at most three
)

// Result is the feeling toward the target. Negative, Neutral and Positive are
// shares in 0..1 that add up to 1; Label names the largest of them. Sarcasm is
// the probability in 0..1 that the words mean their opposite; the shares have
// already been drawn toward uncertainty by it.
type Result struct {
	Label                       string
	Negative, Neutral, Positive float64
	Sarcasm                     float64
}

// Analyzer scores texts with one lexicon. It is immutable and safe for concurrent use.
type Analyzer struct{ lex *lexicon }

// New returns an analyzer with the lexicon of this package. Building takes a few
// milliseconds, so share one. An error means that the shipped lexicon is broken.
func New() (*Analyzer, error) {
	lex, err := parseLexicon(shippedLexicon, ownWords)
	if err != nil {
		return nil, fmt.Errorf("read sentiment lexicon: %w", err)
	}
	return &Analyzer{lex: lex}, nil
}

// Score judges text. target holds byte spans [start, end) of the brand's names in
// text; with none, every clause counts alike. It does not allocate.
func (a *Analyzer) Score(text string, target [][2]int) Result {
	var t tally
	s := a.Scan(text)
	for {
		hit, ok := s.Next()
		if !ok {
			break
		}
		t.add(&hit)
	}
	t.close(&s, len(text))
	return t.result(a.lex.bias, target)
}

// clause sums the evidence of one stretch of text.
type clause struct {
	start, end         int
	positive, negative float64
	contrast           bool // opened by "but" or its like
}

type tally struct {
	clauses      [maxClauses]clause
	last         int
	exclamations int
	ironic       float64
	hits         int
}

func (t *tally) add(h *Hit) {
	c := t.at(h.Clause, h.Start)
	c.contrast = c.contrast || h.Contrast
	c.end = h.End
	if h.Exclamation {
		t.exclamations++
	}
	t.ironic = max(t.ironic, h.ironic)
	for _, e := range [2]*entry{h.word, h.pair} {
		if e == nil {
			continue
		}
		t.hits++
		p, n := h.Apply(e.positive, e.negative)
		c.positive += p
		c.negative += n
	}
}

func (t *tally) at(i, start int) *clause {
	i = min(i, maxClauses-1)
	for t.last < i {
		t.last++
		t.clauses[t.last].start = start
	}
	return &t.clauses[i]
}

func (t *tally) close(s *Scanner, end int) {
	t.clauses[t.last].end = end
	t.exclamations = min(t.exclamations, 3)
	if s.sawIronyTag {
		t.ironic = 0.9
	}
}

func (t *tally) result(bias entry, target [][2]int) Result {
	positive, negative := t.sum(target)
	loud := 1 + exclamation*float64(t.exclamations)
	p, n := odds(positive*loud+bias.positive), odds(negative*loud+bias.negative)
	total := 1 + p + n
	r := Result{Negative: n / total, Positive: p / total, Sarcasm: t.sarcasm(positive, negative)}
	// Uncertainty is spread over the three labels, leaning to negative: irony in
	// complaints is far more common than in praise.
	r.Negative += r.Sarcasm * (0.45 - r.Negative)
	r.Positive += r.Sarcasm * (0.20 - r.Positive)
	r.Neutral = 1 - r.Negative - r.Positive
	r.Label = label(r)
	return r
}

// odds of a side against neutral; bounded, as a shouted page could overflow.
func odds(logit float64) float64 { return math.Exp(max(-30, min(30, logit))) }

// sum adds the clauses, each with the weight of its place.
func (t *tally) sum(target [][2]int) (positive, negative float64) {
	turn := t.lastContrast()
	aimed := t.anyOverlaps(target)
	for i := range t.last + 1 {
		c := &t.clauses[i]
		w := 1.0
		switch {
		case turn > 0 && i < turn:
			w = beforeContrast
		case turn > 0:
			w = afterContrast
		}
		if aimed && !c.overlaps(target) {
			w *= offTarget
		}
		positive += w * c.positive
		negative += w * c.negative
	}
	return positive, negative
}

func (t *tally) lastContrast() int {
	for i := t.last; i > 0; i-- {
		if t.clauses[i].contrast {
			return i
		}
	}
	return 0
}

func (t *tally) anyOverlaps(target [][2]int) bool {
	for i := range t.last + 1 {
		if t.clauses[i].overlaps(target) {
			return true
		}
	}
	return false
}

func (c *clause) overlaps(target [][2]int) bool {
	for _, span := range target {
		if span[0] < c.end && span[1] > c.start {
			return true
		}
	}
	return false
}

// sarcasm is a cue (an eye-roll, "oh great", "/s") or praise and blame of equal
// strength in one breath; the latter alone is weak evidence.
func (t *tally) sarcasm(positive, negative float64) float64 {
	p := t.ironic
	if positive > 1.2 && negative > 1.2 && math.Abs(positive-negative) < 0.8 {
		p = 1 - (1-p)*0.85
	}
	return p
}

func label(r Result) string {
	switch {
	case r.Negative >= r.Neutral && r.Negative >= r.Positive:
		return Negative
	case r.Positive > r.Neutral:
		return Positive
	default:
		return Neutral
	}
}
