package policy

import (
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Tally counts disguised texts and those among them that a rule still finds.
type Tally struct{ Found, Tried int }

// Share is the part found, 0 to 1; 1 where nothing was tried.
func (t Tally) Share() float64 {
	if t.Tried == 0 {
		return 1
	}
	return float64(t.Found) / float64(t.Tried)
}

// Survival is how a rule fares against disguise.
type Survival struct {
	Rule string // <pack>.<id>
	By   map[Disguise]Tally
}

// Total is the tally over all disguises.
func (s Survival) Total() Tally {
	var out Tally
	for _, t := range s.By {
		out.Found, out.Tried = out.Found+t.Found, out.Tried+t.Tried
	}
	return out
}

// Survive puts the must_match texts of each rule through all disguises, of the very words
// that the rule found, and judges them again.
func Survive(p engine.Pack) ([]Survival, error) {
	trial, err := engine.NewTrial(p)
	if err != nil {
		return nil, err
	}
	var out []Survival
	source := p.Source()
	for i := range source.Rules {
		r := &source.Rules[i]
		s := Survival{Rule: source.Name + "." + r.ID, By: map[Disguise]Tally{}}
		for _, x := range r.MustMatch {
			if err := s.try(trial, r, x); err != nil {
				return nil, err
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func (s *Survival) try(trial *engine.Trial, r *pack.Rule, x pack.Example) error {
	a, err := trial.Judge(r, x)
	if err != nil {
		return err
	}
	start, end, ok := place(a, s.Rule)
	if !ok {
		return nil // its example fails, which is another report's matter
	}
	for _, d := range Disguises {
		hidden := x
		changed := false
		if hidden.Text, changed = Disguised(x.Text, start, end, d); !changed {
			continue
		}
		found, err := trial.Fires(r, hidden)
		if err != nil {
			return err
		}
		t := s.By[d]
		t.Tried++
		if found {
			t.Found++
		}
		s.By[d] = t
	}
	return nil
}

// place is the first span of a rule's finding or guard.
func place(a *earshotv1.Assessment, rule string) (start, end int, ok bool) {
	findings := a.GetShadow()
	for _, c := range a.GetCategories() {
		findings = append(findings, c.GetFindings()...)
		for _, g := range c.GetGuards() {
			findings = append(findings, &earshotv1.Finding{Rule: g.GetRule(), Spans: g.GetSpans()})
		}
	}
	for _, f := range findings {
		if f.GetRule() == rule && len(f.GetSpans()) > 0 {
			return int(f.GetSpans()[0].GetStart()), int(f.GetSpans()[0].GetEnd()), true
		}
	}
	return 0, 0, false
}
