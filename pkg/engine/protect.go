package engine

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// protectPack holds what people may say whatever their employer thinks of it.
const protectPack = "protect"

// concealFrom is the strength of a protection from which an assessment keeps neither the
// text of a post nor its author (domain guide 4.12, implementation b).
const concealFrom = 0.9

// exposures are the kinds of findings about other people's secrets and safety, with the
// least severity that no protected matter in the same post can excuse (there, c). A
// protection ends where patients, secrets or the safety of others begin.
var exposures = map[earshotv1.Category]map[string]int{
	earshotv1.Category_CATEGORY_COMPLIANCE: {"phi_disclosure": 3, "personal_data": 3, "children": 5, "harassment": 5, "selective_disclosure": 4},
	earshotv1.Category_CATEGORY_LEAKAGE: {
		"secret": 3, "credential": 3, "infrastructure": 3, "phi": 3, "customer": 4, "financials": 4, "codename": 4, "marking": 4, "roadmap": 4,
		"pii.card": 3, "pii.iban": 3, "pii.national_id": 3, "pii.passport": 3, "pii.dob": 3, "pii.address": 3, "pii.phone": 3, "pii.email": 3,
	},
}

// admissions are the families of findings about what a company does with data. They lay
// nobody open, and who tells of it may be blowing the whistle.
var admissions = []string{
	"retention", "rights", "transparency", "automation", "transfer", "breach", "purpose", "collection", "employee_accounts", "phi_breach",
}

// exposes tells whether a claim lays somebody open so gravely that it stands.
func exposes(c earshotv1.Category, x *claim) bool {
	least, ok := exposures[c][x.finding.Kind]
	return ok && x.severity >= least && stated(x)
}

// stated tells whether a reviewer should see a claim that admits nothing of the company. A
// second opinion states nothing, and the trained stage lends a detector no weight: nobody
// outside lifts a protection.
func stated(x *claim) bool {
	return x.finding.Likelihood >= Likely && (x.read == 0 || x.read >= Likely) && x.finding.Family != opinionFamily && !slices.Contains(admissions, x.finding.Family)
}

// gate takes the guards of whole categories. They can only lower what the rules found.
// A strong protection of one of the company's own people also conceals the post.
func (j *judgement) gate(guards []pack.Verdict) {
	var shield shelter
	for i := range guards {
		v := &guards[i]
		strength := v.Strength
		for _, g := range v.Guards {
			strength *= 1 - g.Strength
		}
		if strength <= 0 {
			continue
		}
		var covered shelter
		if v.Pack == protectPack && strength >= concealFrom {
			covered = j.shelter(v)
			shield = append(shield, covered...)
		}
		if !slices.ContainsFunc(j.of(v.Risk).claims, func(x claim) bool { return covered.spares(v.Risk, &x) }) {
			j.guard(v.Risk, v.Name, v.Title, strength, spans(&j.scratch.text, v.Spans), -1)
		}
	}
	if j.insider && len(shield) > 0 {
		j.conceal(shield)
	}
}

// shelter is what strong protections cover: the sentences that they rest on, in code
// points. None is a guard that speaks of the whole post, as a mark of satire does.
type shelter []*earshotv1.Span

func (j *judgement) shelter(v *pack.Verdict) shelter {
	t := &j.scratch.text
	sentences := make([]text.Span, len(v.Spans))
	for i, s := range v.Spans {
		sentences[i] = text.Span{Start: t.SentenceAt(s.Start).Start, End: t.SentenceAt(s.End - 1).End}
	}
	return spans(t, sentences)
}

// grave is the least severity, 1 to 5, of what stands beside protected talk: somebody who
// speaks up must not be named for a trifle in the same post. A prior, from the tuning set.
const grave = 3

// spares tells whether a claim stands: it lays somebody open, or it is grave and no part of
// it stands in a sentence that the shelter covers. What the trained stage guesses lifts no
// shelter: it rests on the whole post, and one wrong guess would name who spoke up.
func (s shelter) spares(c earshotv1.Category, x *claim) bool {
	switch {
	case x.finding.Family == modelFamily:
		return false
	case len(s) == 0, c == earshotv1.Category_CATEGORY_REPUTATION:
		return exposes(c, x)
	}
	return exposes(c, x) || x.severity >= grave && stated(x) && !slices.ContainsFunc(x.finding.Spans, s.covers)
}

func (s shelter) covers(at *earshotv1.Span) bool {
	return slices.ContainsFunc(s, func(o *earshotv1.Span) bool { return at.GetStart() < o.GetEnd() && o.GetStart() < at.GetEnd() })
}
