package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Trace is what a rule makes of one text.
type Trace struct {
	// Applies tells whether the rule is for posts of that voice.
	Applies bool
	// Fires tells whether the rule alone makes a reviewer look.
	Fires bool
	// Found holds by selection the words that were found; a selection without any is there
	// with none.
	Found map[string][]string
	// Finding is the rule's, nil where its condition does not hold.
	Finding *earshotv1.Finding
	// Exemptions are those that hold.
	Exemptions []*earshotv1.Guard
}

// Rule returns a rule of p by its id.
func Rule(p engine.Pack, id string) (*pack.Rule, error) {
	rules := p.Source().Rules
	i := slices.IndexFunc(rules, func(r pack.Rule) bool { return r.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("pack %s has no rule %q", p.Name(), id)
	}
	return &rules[i], nil
}

// Explain tells what the rule with id makes of a text in a voice (own, rep, exec, emp,
// paid or pub).
func Explain(p engine.Pack, id, body, who string) (*Trace, error) {
	r, err := Rule(p, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(pack.Voices, who) {
		return nil, fmt.Errorf("voice %q: one of %v", who, pack.Voices)
	}
	trial, err := engine.NewTrial(p)
	if err != nil {
		return nil, err
	}
	x := pack.Example{Text: body, Who: who}
	a, err := trial.Judge(r, x)
	if err != nil {
		return nil, err
	}
	out := &Trace{Applies: len(r.Applies.Who) == 0 || slices.Contains(r.Applies.Who, who)}
	if out.Fires, err = trial.Fires(r, x); err != nil {
		return nil, err
	}
	out.take(a, p.Name()+"."+id, r)
	out.Found, err = words(p, r, body)
	return out, err
}

// take keeps what an assessment says of one rule.
func (t *Trace) take(a *earshotv1.Assessment, name string, r *pack.Rule) {
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			if f.GetRule() == name {
				t.Finding = f
			}
		}
		for _, g := range c.GetGuards() {
			for _, e := range r.Exemptions {
				if g.GetRule() == name+"."+e.ID {
					t.Exemptions = append(t.Exemptions, g)
				}
			}
		}
	}
}

// words finds what of a rule's selections stands in a text.
func words(p engine.Pack, r *pack.Rule, body string) (map[string][]string, error) {
	var set match.Set
	rules, err := pack.Compile([]*pack.Pack{p.Source()}, &set)
	if err != nil {
		return nil, err
	}
	var t text.Text
	t.Reset(body)
	var found pack.Found
	found.Reset(rules)
	rules.Add(&found, &t, nil, set.Compile().Find(t.Folded, nil))
	out := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(r.Detection)) {
		out[name] = nil
		for _, s := range rules.Where(&found, &t, p.Name()+"."+r.ID, name) {
			start, end := t.Bytes(s)
			out[name] = append(out[name], body[start:end])
		}
	}
	return out, nil
}

// Describe says in lines what a rule asks for and what it leads to.
func Describe(r *pack.Rule) []string {
	lines := []string{r.Title, r.Description, "speaks when: " + r.Condition}
	if len(r.Applies.Who) > 0 {
		lines = append(lines, "in posts of: "+strings.Join(r.Applies.Who, ", "))
	}
	if len(r.Applies.Industries) > 0 {
		lines = append(lines, "in industries: "+strings.Join(r.Applies.Industries, ", "))
	}
	for _, e := range r.Exemptions {
		lines = append(lines, fmt.Sprintf("lowered by %.0f %%: %s", 100*e.Strength, e.Title))
	}
	if r.Strength > 0 {
		return append(lines, fmt.Sprintf("guards by %.0f %% and is never a finding", 100*r.Strength))
	}
	return append(lines,
		fmt.Sprintf("finding: %s, %s, likelihood %.2f", r.Kind, r.Level, r.Likelihood), "cite: "+r.Cite, "do: "+r.Mitigate)
}
