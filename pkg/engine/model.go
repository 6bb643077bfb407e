package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const (
	// modelName is the trained stage among the packs and versions of an assessment, and the
	// prefix of its findings' rules.
	modelName = "model"
	// modelFamily groups what trained stages say (domain guide 1.5).
	modelFamily = "ml_classifier"
)

// addModel adds the trained stage, which a brand may name among its packs or leave out.
func (c *compiled) addModel() error {
	if c.isPack[modelName] {
		return fmt.Errorf("pack %q: the name is taken by the trained stage", modelName)
	}
	model, err := paraphrase.New()
	if err != nil {
		return err
	}
	c.model, c.names[modelName], c.isPack[modelName] = model, model.Version, true
	return nil
}

// modelled tells whether a brand wants to hear models: what no rule of its packs says.
func (e *Engine) modelled(brand int) bool {
	packs := e.packs[brand]
	return packs == nil || packs[modelName]
}

// hear has the trained stage read the post of an insider or paid voice.
func (j *judgement) hear() {
	j.scratch.verdicts = j.scratch.verdicts[:0]
	if j.who != "pub" {
		j.read()
	}
}

// overhear has the trained stage read what the public says where it may tell more than the
// rules did: what lures, and what no rule is sure about and good words do not explain.
func (j *judgement) overhear() {
	if j.who == "pub" && (j.scratch.lured || j.feeling.Label != sentiment.Positive && !j.likely(earshotv1.Category_CATEGORY_REPUTATION)) {
		j.read()
	}
}

// likely tells whether a rule or detector finds the category likely.
func (j *judgement) likely(c earshotv1.Category) bool {
	return slices.ContainsFunc(j.of(c).claims, func(c claim) bool { return c.finding.Likelihood >= Likely && c.finding.Family != modelFamily })
}

func (j *judgement) read() {
	s := j.scratch
	if j.engine.model == nil || !j.engine.modelled(j.mention.Brand) {
		return
	}
	p := paraphrase.Post{
		Text: &s.text, Brand: j.mention.Spans, Voice: j.who, Industry: j.context.Industry, Tone: j.feeling.Positive - j.feeling.Negative,
	}
	if s.plain != nil {
		p.Text, p.Plain = s.plain, true
	}
	s.verdicts = j.engine.model.Judge(&s.reader, &p, s.verdicts)
}

// weigh sets the likelihood of what a detector read to what it is worth beside what the
// trained stage hears.
func (j *judgement) weigh(f *earshotv1.Finding) {
	if !paraphrase.Reads(f.Family) {
		return
	}
	verdicts := j.scratch.verdicts
	i := slices.IndexFunc(verdicts, func(v paraphrase.Verdict) bool { return v.Head == &paraphrase.Heads[paraphrase.Leakage] })
	if i < 0 {
		return
	}
	weighed := round(j.engine.model.Weigh(f.Likelihood, &verdicts[i]))
	f.Why += fmt.Sprintf(" The trained stage, which reads the post as a whole, makes %.2f of %.2f.", weighed, f.Likelihood)
	f.Likelihood = weighed
}

// paraphrased claims what the trained stage hears where no rule speaks: it has no
// exemptions, so a rule that spoke knows better.
func (j *judgement) paraphrased() {
	for i := range j.scratch.verdicts {
		v := &j.scratch.verdicts[i]
		// How likely scams are is known of posts with a lure alone.
		unknown := v.Head == &paraphrase.Heads[paraphrase.Scams] && !j.scratch.lured
		if unknown || v.Likelihood < paraphrase.Least || j.spoken(v) {
			continue
		}
		if words := j.engine.model.Telling(&j.scratch.reader, v); len(words) > 0 {
			j.heard(v, words)
		}
	}
}

// spoken tells whether a rule or detector has said enough about what v is about; a reading
// that was weighed holds what the trained stage hears.
func (j *judgement) spoken(v *paraphrase.Verdict) bool {
	return j.likely(v.Head.Category) || slices.ContainsFunc(j.of(v.Head.Category).claims, func(c claim) bool {
		return c.finding.Kind == v.Name || paraphrase.Reads(c.finding.Family)
	})
}

func (j *judgement) heard(v *paraphrase.Verdict, words []text.Span) {
	finding := &earshotv1.Finding{
		Kind: v.Name, Rule: modelName + "." + v.Name, RuleVersion: j.engine.model.Version, Title: v.Title, Spans: spans(&j.scratch.text, words),
		Likelihood: round(v.Likelihood), Impact: risk.Severity(v.Severity), Cite: v.Cite, Mitigate: v.Mitigate, Why: v.Why + j.telling(words), Family: modelFamily,
	}
	j.dated(finding)
	evidence := j.claim(v.Head.Category, claim{severity: v.Severity, cap: v.Cap, finding: finding})
	j.published(finding, v.Head.Category, evidence)
}

// telling quotes the words that spoke most, but none that the post does not keep either.
func (j *judgement) telling(words []text.Span) string {
	t := &j.scratch.text
	var quoted []string
	for _, w := range words {
		start, end := t.Bytes(w)
		if !slices.ContainsFunc(j.scratch.redacted, func(r redaction) bool { return start < r.end && r.start < end }) {
			quoted = append(quoted, string(t.Clean[w.Start:w.End]))
		}
	}
	if len(quoted) == 0 {
		return ""
	}
	return " Most telling words: " + strings.Join(quoted, ", ") + "."
}
