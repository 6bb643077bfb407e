package policy

import (
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
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
	for i := range r.Exemptions {
		needed, err := l.needs(r, &r.Exemptions[i])
		if err != nil {
			return err
		}
		if !needed {
			l.say(Doubt, "exemptions."+r.Exemptions[i].ID, "dead: no must_pass text needs it")
		}
	}
	return nil
}

// needs tells whether one of a rule's must_pass texts passes because of an exemption.
func (l *linter) needs(r *pack.Rule, e *pack.Exemption) (bool, error) {
	bare := engine.Without(r, e)
	for _, x := range r.MustPass {
		speaks, err := l.bare.Fires(&bare, x)
		if err != nil {
			return false, err
		}
		if !speaks {
			continue
		}
		if speaks, err = l.trial.Fires(r, x); err != nil || !speaks {
			return !speaks, err
		}
	}
	return false, nil
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
