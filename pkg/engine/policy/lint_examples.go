package policy

import (
	"fmt"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// greedy is the share of the other rules' innocent texts from which a rule counts as
// running away; a prior.
const greedy = 0.05

// examples finds, by the pack's own examples, exemptions that excuse none of them and
// rules that speak on what other rules call innocent.
func (l *linter) examples() error {
	for i := range l.source.Rules {
		r := &l.source.Rules[i]
		l.current = r.ID
		if err := l.exemptions(r); err != nil {
			return err
		}
		if err := l.greed(r); err != nil {
			return err
		}
	}
	l.current = ""
	return nil
}

// exemptions names those without which every must_pass text would pass all the same.
func (l *linter) exemptions(r *pack.Rule) error {
	needed := map[string]bool{}
	for _, x := range r.MustPass {
		a, err := l.trial.Judge(r, x)
		if err != nil {
			return err
		}
		for id := range l.holdingBack(r, a) {
			needed[id] = true
		}
	}
	for _, e := range r.Exemptions {
		if !needed[e.ID] {
			l.say(Doubt, "exemptions."+e.ID, "dead: no must_pass text needs it")
		}
	}
	return nil
}

// holdingBack are the exemptions without which the rule would speak on the judged text.
func (l *linter) holdingBack(r *pack.Rule, a *earshotv1.Assessment) map[string]bool {
	held := map[string]float64{}
	for _, c := range a.GetCategories() {
		for _, g := range c.GetGuards() {
			for _, e := range r.Exemptions {
				if g.GetRule() == fmt.Sprintf("%s.%s.%s", l.source.Name, r.ID, e.ID) {
					held[e.ID] = g.GetStrength()
				}
			}
		}
	}
	out := map[string]bool{}
	for id := range held {
		if without(held, "", r.Likelihood) < engine.Likely && without(held, id, r.Likelihood) >= engine.Likely {
			out[id] = true
		}
	}
	return out
}

// without is what the exemptions that hold leave of a likelihood, one of them left out.
func without(held map[string]float64, left string, likelihood float64) float64 {
	for id, strength := range held {
		if id != left {
			likelihood *= 1 - strength
		}
	}
	return likelihood
}

func (l *linter) greed(r *pack.Rule) error {
	if r.Strength > 0 {
		return nil
	}
	fired, texts := 0, 0
	for i := range l.source.Rules {
		other := &l.source.Rules[i]
		if other.ID == r.ID || other.Kind == r.Kind || other.Strength > 0 {
			continue
		}
		for _, x := range other.MustPass {
			is, err := l.trial.Fires(r, x)
			if err != nil {
				return err
			}
			texts++
			if is {
				fired++
			}
		}
	}
	if texts >= minTexts && float64(fired) > greedy*float64(texts) {
		l.say(Doubt, "condition", "runs away: speaks on %d of %d texts that rules of other kinds must pass", fired, texts)
	}
	return nil
}

// minTexts are the fewest texts that say something about a rule's greed.
const minTexts = 20
