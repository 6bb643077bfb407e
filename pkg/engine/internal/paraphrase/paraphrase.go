// Package paraphrase hears in a post what the rules have no words for: one linear model
// over words, letters and who speaks, for all compliance kinds, for confidences, and of the
// public, which cannot break a company's rules, for scams and grievances.
//
// It names no fact and finds no identifier; it says which kind a post reads like, how
// likely a reviewer would agree, and which words told most. The weights are written by the command in
// ./train; docs/models/paraphrase.md is their card. Guarantee: the same post gives the
// same bits, and the work is linear in its length.
package paraphrase

import (
	"cmp"
	"math"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Scales are how much each group of features weighs against the others. Best of a few on
// our own benches.
var Scales = [groups]float64{words: 1, grams: 1.4, setting: 0.3, tone: 1}

// fewest is how many features of each group a post counts as having at least: a few words
// are little evidence.
var fewest = [groups]int{words: 40, grams: 160, setting: 1, tone: 1}

const (
	// Least is the likelihood from which the model speaks; below it says nothing that the
	// leak of the category does not (domain guide 1.5).
	Least = 0.25
	// maxTelling bounds the words of an explanation.
	maxTelling = 3
)

// publicVoice is the voice of the public (package voice).
const publicVoice = "pub"

// Verdict is what a head hears in a post.
type Verdict struct {
	*Kind
	Head *Head
	// LogOdds are those of any kind of the head, before calibration.
	LogOdds float64
	// Likelihood in 0..1 that a reviewer confirms a violation, calibrated on posts that
	// the model was not trained on.
	Likelihood float64

	kind int // its place in Kinds
}

// Model is the trained model. It is immutable and safe for concurrent use.
type Model struct {
	Version string
	// Data is a hash over what the model was trained on.
	Data [8]byte

	// Weights are log-odds against "nothing", in steps of unit.
	insiders, public table
	unit             float64
	bias             [len(Kinds)]float64
	// Of the calibration of each head, on log-odds.
	slope, intercept [len(Heads)]float64
	weighing         Weighing
}

// Sums are the features of a post, weighed: log-odds of each kind against none.
type Sums [len(Kinds)]float64

// Judge appends to out what a post reads like, one verdict for each head that is for its
// voice.
func (m *Model) Judge(r *Reader, p *Post, out []Verdict) []Verdict {
	r.Read(p)
	public := p.Voice == publicVoice
	z := m.sums(m.table(public), r.Features)
	for h := range Heads {
		if Heads[h].Public != public {
			continue
		}
		logOdds, kind := z.Any(&Heads[h])
		out = append(out, Verdict{Kind: &Kinds[kind], Head: &Heads[h], LogOdds: logOdds, Likelihood: m.calibrated(h, logOdds), kind: kind})
	}
	return out
}

func (m *Model) table(public bool) *table {
	if public {
		return &m.public
	}
	return &m.insiders
}

// sums weighs features for the kinds of a table.
func (m *Model) sums(t *table, features []Feature) Sums {
	z, share := Sums(m.bias), Shares(features)
	for g, sums := range t.sums(features) {
		for k := t.from; k < t.to; k++ {
			z[k] += m.unit * share[g] * float64(sums[k])
		}
	}
	return z
}

// Shares is what one feature of each group counts: the groups are vectors of length
// Scales, shorter where a post has few of them.
func Shares(features []Feature) (share [groups]float64) {
	var n [groups]int
	for _, f := range features {
		n[f.Group]++
	}
	for g := range share {
		if n[g] > 0 {
			share[g] = Scales[g] / math.Sqrt(float64(max(n[g], fewest[g])))
		}
	}
	return share
}

// Any is the log-odds that a post is any of the kinds of a head, by softmax against none,
// and the likeliest of them.
func (z *Sums) Any(h *Head) (logOdds float64, kind int) {
	kind = h.From
	for k := h.From; k < h.To; k++ {
		if z[k] > z[kind] {
			kind = k
		}
	}
	sum := 0.0
	for k := h.From; k < h.To; k++ {
		sum += math.Exp(z[k] - z[kind])
	}
	return z[kind] + math.Log(sum), kind
}

func (m *Model) calibrated(head int, logOdds float64) float64 {
	return Logistic(m.slope[head]*logOdds + m.intercept[head])
}

// Logistic is the likelihood of log-odds.
func Logistic(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }

// Telling returns the words that speak most for a verdict about the post that r has read
// last, in the order of the text; none where the likelihood is less than Least or no word
// speaks for it. What a word adds is exact: the model is linear, and each feature but
// setting and tone belongs to one token.
func (m *Model) Telling(r *Reader, v *Verdict) []text.Span {
	if v.Likelihood < Least {
		return nil
	}
	t, share := m.table(v.Head.Public), Shares(r.Features)
	adds := make([]float64, len(r.Tokens))
	for _, f := range r.Features {
		if f.Token >= 0 {
			adds[f.Token] += share[f.Group] * float64(t.weight(f.Bucket, v.kind))
		}
	}
	order := make([]int, 0, len(adds))
	for i, a := range adds {
		if a > 0 && r.Spoken[i] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(adds[b], adds[a]) })
	order = order[:min(len(order), maxTelling)]
	slices.Sort(order)
	out := make([]text.Span, len(order))
	for i, t := range order {
		out[i] = r.Tokens[t]
	}
	return out
}
