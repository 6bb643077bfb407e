package engine

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// policies claims the rules of the brand's packs and returns those that are guards of
// whole categories, for [judgement.gate]. A rule that fails on this text, as by a division
// by zero, is a mistake in the pack that the category's reasons tell.
func (j *judgement) policies() (guards []pack.Verdict) {
	for _, rule := range j.scratch.candidates {
		if !j.chosen(rule) {
			continue
		}
		verdict, ok, err := j.context.Judge(rule)
		if err != nil {
			k := j.of(rule.Risk)
			k.notes = append(k.notes, "not judged: "+err.Error())
			continue
		}
		if !ok {
			continue
		}
		switch {
		case rule.Strength == 0:
			j.policy(&verdict, nil)
		case !rule.Shadow:
			guards = append(guards, verdict)
		}
	}
	for _, in := range j.scratch.insets.list {
		j.inside(in)
	}
	return guards
}

// policy claims a rule that holds in the post, or in an inset of it unless in is nil.
func (j *judgement) policy(v *pack.Verdict, in *inset) {
	finding := &earshotv1.Finding{
		Kind: v.Kind, Rule: v.Name, RuleVersion: v.Version, Title: v.Title, Spans: j.spans(v.Spans, in), Likelihood: v.Likelihood,
		Impact: risk.Severity(v.Severity), Cite: v.Cite, Mitigate: v.Mitigate, Why: v.Description, Family: v.Family,
	}
	how := ""
	switch {
	case in != nil:
		how = in.how
	case v.Disguised || slices.ContainsFunc(v.Spans, j.scratch.text.Concealed):
		how = disguise
	}
	finding.Likelihood, finding.Why = suspect(finding.Likelihood, finding.Why, how, j.insider)
	if v.Shadow {
		j.inShadow(finding, v.Guards)
		return
	}
	evidence := j.claim(v.Risk, claim{finding: finding, severity: v.Severity, floor: v.Floor, cap: v.Cap})
	if evidence < 0 {
		return
	}
	// The input keeps the rule's own likelihood, of which risk takes the guards off.
	for _, g := range v.Guards {
		finding.Likelihood *= 1 - g.Strength
		j.guard(v.Risk, v.Name+"."+g.ID, g.Title, g.Strength, j.spans(g.Spans, in), evidence)
	}
	finding.Likelihood = round(finding.Likelihood)
}

// inShadow keeps what a rule in shadow found beside the judgement, which it does not touch.
func (j *judgement) inShadow(finding *earshotv1.Finding, guards []pack.Guard) {
	if len(j.shadow) == maxClaims || j.terms.forbidden(finding.Kind, !j.insider) {
		return
	}
	for _, g := range guards {
		finding.Likelihood *= 1 - g.Strength
	}
	finding.Likelihood = round(finding.Likelihood)
	j.shadow = append(j.shadow, finding)
}

// spans are places of the post, or that of the inset they stand in.
func (j *judgement) spans(places []text.Span, in *inset) []*earshotv1.Span {
	if in != nil && len(places) > 0 {
		places = []text.Span{in.at}
	}
	return spans(&j.scratch.text, places)
}

// inside claims the rules that hold in what an encoded run says, and not in the post. The
// brand is not looked for in it.
func (j *judgement) inside(in *inset) {
	if in.how == tag {
		return
	}
	e, s := j.engine, j.scratch
	s.hits = e.machine.Find(in.text.Folded, s.hits[:0])
	s.innerFound.Reset(e.rules)
	e.rules.Add(&s.innerFound, &in.text, nil, s.hits)
	context := j.context
	context.Found, context.Text, context.Brand = &s.innerFound, &in.text, nil
	for _, rule := range e.rules.Candidates(&s.innerFound, nil) {
		if rule.Strength > 0 || !j.chosen(rule) || j.claimed(rule) {
			continue
		}
		if verdict, ok, err := context.Judge(rule); err == nil && ok {
			j.policy(&verdict, in)
		}
	}
}

// chosen tells whether the brand has the rule's pack.
func (j *judgement) chosen(rule *pack.Compiled) bool {
	packs := j.engine.packs[j.mention.Brand]
	return packs == nil || packs[rule.Pack]
}

func (j *judgement) claimed(rule *pack.Compiled) bool {
	return slices.ContainsFunc(j.of(rule.Risk).claims, func(x claim) bool { return x.finding.Rule == rule.Name })
}

func (j *judgement) guard(c earshotv1.Category, rule, title string, strength float64, at []*earshotv1.Span, evidence int) {
	k := j.of(c)
	k.input.Guards = append(k.input.Guards, risk.Guard{Name: rule, Strength: strength, Evidence: evidence})
	k.guards = append(k.guards, &earshotv1.Guard{Rule: rule, Title: title, Strength: strength, Spans: at})
}
