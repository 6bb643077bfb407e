package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const (
	// opinionName is the second opinion among the versions of an assessment.
	opinionName = "second_opinion"
	// opinionFamily groups what a second opinion says (domain guide 1.5).
	opinionFamily = "second_opinion"
	// opinionRule is the prefix of its findings' and guards' rules.
	opinionRule = "opinion."
)

// How much a second opinion that is wholly sure moves: as the likelihood of a finding, and
// as what it takes off a finding of the first stage. It may neither convict nor acquit
// alone, and a miss costs more than a look; priors.
const (
	opinionRaises = 0.8
	opinionLowers = 0.5
)

// Opinion is what a second opinion says of a mention: see [Doubt].
type Opinion struct {
	// Version names what answered.
	Version string
	// Scores is by kind how likely, 0 to 1, a reviewer should see the post for it. Others
	// than [OpinionKinds] are left out of account.
	Scores map[string]float64
}

// AssessWith judges ev anew, as Assess does, with second opinions by brand id. It returns
// an assessment for each brand that has an opinion and is still mentioned: of the same id
// as the one it amends, so that it takes its place wherever the newer at counts.
//
// An answer of 0.5 says nothing. Above, it is a finding of a family of its own; below, a
// guard on what the first stage said of the same kind. No opinion moves what a checksum
// or a list found, and none lifts a protection.
func (e *Engine) AssessWith(ev *earshotv1.PostEvent, at time.Time, opinions map[string]Opinion) []*earshotv1.Assessment {
	if ev.GetOp() == earshotv1.PostOp_POST_OP_DELETED {
		return nil
	}
	all := e.assess(ev, at, opinions)
	return slices.DeleteFunc(all, func(a *earshotv1.Assessment) bool {
		_, asked := opinions[a.GetBrandId()]
		return !asked || !a.GetMatched()
	})
}

// ask takes the opinion about the mention's brand.
func (j *judgement) ask(opinions map[string]Opinion) {
	if o, ok := opinions[j.engine.matcher.Brands()[j.mention.Brand].ID]; ok {
		j.opinion = &o
	}
}

// opined takes the second opinion into account, once the first stage has spoken.
func (j *judgement) opined() {
	if j.opinion == nil || j.who == "pub" || !j.engine.modelled(j.mention.Brand) || len(j.scratch.text.Clean) == 0 {
		return
	}
	for h := range paraphrase.Insiders {
		head := &paraphrase.Insiders[h]
		for i := head.From; i < head.To; i++ {
			kind := &paraphrase.Kinds[i]
			p, known := j.opinion.Scores[kind.Name]
			switch {
			case !known || !(p >= 0 && p <= 1):
			case p > Likely:
				j.seconded(head.Category, kind, p)
			case p < Likely:
				j.contradicted(head.Category, kind, p)
			}
		}
	}
}

// certainty is how far an answer in 0..1 is from knowing nothing, 0 to 1.
func certainty(p float64) float64 { return max(2*p-1, 1-2*p) }

func (j *judgement) seconded(c earshotv1.Category, kind *paraphrase.Kind, p float64) {
	finding := &earshotv1.Finding{
		Kind: kind.Name, Rule: opinionRule + kind.Name, RuleVersion: j.opinion.Version, Title: kind.Title, Spans: j.pointed(c, kind.Name),
		Likelihood: round(opinionRaises * certainty(p)), Impact: risk.Severity(kind.Severity), Cite: kind.Cite, Mitigate: kind.Mitigate,
		Why: kind.Why + " " + j.quoted(p), Family: opinionFamily,
	}
	j.dated(finding)
	evidence := j.claim(c, claim{severity: kind.Severity, finding: finding})
	j.published(finding, c, evidence)
}

// pointed is where the first stage saw the kind, or else the whole post.
func (j *judgement) pointed(c earshotv1.Category, kind string) []*earshotv1.Span {
	for _, x := range j.of(c).claims {
		if x.finding.Kind == kind && len(x.finding.Spans) > 0 {
			return slices.Clone(x.finding.Spans)
		}
	}
	t := &j.scratch.text
	return spans(t, []text.Span{{Start: 0, End: len(t.Clean)}})
}

// contradicted guards what the first stage said of a kind.
func (j *judgement) contradicted(c earshotv1.Category, kind *paraphrase.Kind, p float64) {
	claims, strength := j.of(c).claims, round(opinionLowers*certainty(p))
	for i := range claims {
		if f := claims[i].finding; f.Kind == kind.Name && !proven(f) && strength > 0 {
			f.Likelihood = round(f.Likelihood * (1 - strength))
			j.guard(c, opinionRule+kind.Name, j.quoted(p), strength, slices.Clone(f.Spans), i)
		}
	}
}

// proven tells whether a finding rests on what a second opinion cannot see: a value that
// is masked, or the duty that follows from a leak.
func proven(f *earshotv1.Finding) bool {
	return f.Masked != "" || f.Fingerprint != "" || strings.HasPrefix(f.Rule, dutyRule)
}

func (j *judgement) quoted(p float64) string {
	return fmt.Sprintf("Second opinion of %s: %.2f.", j.opinion.Version, p)
}

// versions names what took part, the second opinion included.
func (j *judgement) versions() *earshotv1.Versions {
	v := j.engine.versionsOf(j.mention.Brand)
	if j.opinion != nil {
		v.Packs = maps.Clone(v.Packs)
		if v.Packs == nil {
			v.Packs = map[string]string{}
		}
		v.Packs[opinionName] = j.opinion.Version
	}
	return v
}
