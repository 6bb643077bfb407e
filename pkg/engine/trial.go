package engine

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/voice"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Trial judges texts by one pack alone, for a brand that nobody doubts, as the examples
// of its rules are. Not safe for concurrent use.
type Trial struct {
	pack    Pack
	shared  *compiled
	engines map[string]*Engine // by industry
}

// NewTrial compiles a pack. The error names file, rule and field.
func NewTrial(p Pack) (*Trial, error) {
	key := sha256.Sum256([]byte(p.parsed.Name))
	c, err := compile([]Pack{p}, key[:])
	if err != nil {
		return nil, err
	}
	return &Trial{p, c, map[string]*Engine{}}, nil
}

// Without is a rule that lacks one of its exemptions, under a name of its own.
func Without(rule *pack.Rule, exemption *pack.Exemption) pack.Rule {
	bare := *rule
	bare.ID += "~" + exemption.ID
	bare.Exemptions = slices.DeleteFunc(slices.Clone(rule.Exemptions), func(e pack.Exemption) bool { return e.ID == exemption.ID })
	return bare
}

// Bare is a trial of the pack's rules Without each of their exemptions in turn.
func (t *Trial) Bare() (*Trial, error) {
	bare := *t.pack.parsed
	bare.Rules = nil
	for i := range t.pack.parsed.Rules {
		r := &t.pack.parsed.Rules[i]
		for e := range r.Exemptions {
			bare.Rules = append(bare.Rules, Without(r, &r.Exemptions[e]))
		}
	}
	return NewTrial(Pack{&bare})
}

// Judge judges the text of x in the voice and the industry that it names; without one,
// in the first industry of rule.
func (t *Trial) Judge(rule *pack.Rule, x pack.Example) (*earshotv1.Assessment, error) {
	industry := x.Industry
	if industry == "" && len(rule.Applies.Industries) > 0 {
		industry = rule.Applies.Industries[0]
	}
	e, ok := t.engines[industry]
	if !ok {
		var err error
		if e, err = t.shared.engine([]Brand{{ID: "acme", Name: "Acme", Aliases: []string{"@acme"}, Industry: industry}}, brand.BeliefAssumed); err != nil {
			return nil, err
		}
		t.engines[industry] = e
	}
	return e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: examplePost(x)}, time.Time{})[0], nil
}

// Fires tells whether rule alone makes a reviewer look at x: a likelihood of 0.5 or more
// after its exemptions. A guard fires when its exemptions leave it as much strength.
func (t *Trial) Fires(rule *pack.Rule, x pack.Example) (bool, error) {
	a, err := t.Judge(rule, x)
	if err != nil {
		return false, err
	}
	name := t.pack.Name() + "." + rule.ID
	speaks := func(f *earshotv1.Finding) bool { return f.GetRule() == name && f.GetLikelihood() >= Likely }
	for _, c := range a.GetCategories() {
		holds := func(g *earshotv1.Guard) bool { return g.GetRule() == name && g.GetStrength() >= Likely }
		if slices.ContainsFunc(c.GetFindings(), speaks) || slices.ContainsFunc(c.GetGuards(), holds) {
			return true, nil
		}
	}
	return slices.ContainsFunc(a.GetShadow(), speaks), nil
}

// exampleRoles give the author of an example a role of each voice.
var exampleRoles = map[string]string{
	"own": voice.Official, "rep": "financial advisor", "exec": "chief executive officer", "emp": "engineer", "paid": "influencer", "pub": "",
}

func examplePost(x pack.Example) *earshotv1.Post {
	post := &earshotv1.Post{
		Id: "example:1", Platform: x.Platform, Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: x.Text, Lang: x.Lang,
		PaidLabel: x.PaidLabel, Author: &earshotv1.Author{Role: exampleRoles[x.Who]},
	}
	if x.Who == "pub" || x.Who == "paid" {
		post.Kind = earshotv1.PostKind_POST_KIND_MENTION
	}
	return post
}

// RunExamples judges the must_match and must_pass texts of a pack's rules by that pack
// alone and returns one error for each that fails, with file, rule and text.
func RunExamples(p Pack) ([]error, error) {
	t, err := NewTrial(p)
	if err != nil {
		return nil, err
	}
	var failures []error
	for i := range p.parsed.Rules {
		r := &p.parsed.Rules[i]
		failures = append(failures, t.examples(r, r.MustMatch, true)...)
		failures = append(failures, t.examples(r, r.MustPass, false)...)
	}
	return failures, nil
}

var (
	errMissed = errors.New("must match and does not")
	errFired  = errors.New("must pass and does not")
)

func (t *Trial) examples(r *pack.Rule, examples []pack.Example, want bool) (failures []error) {
	for _, x := range examples {
		fired, err := t.Fires(r, x)
		switch {
		case err == nil && want && !fired:
			err = errMissed
		case err == nil && fired && !want:
			err = errFired
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: rule %q: %w: %q", t.pack.parsed.File, r.ID, err, x.Text))
		}
	}
	return failures
}
