package engine

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// detected claims what the detectors found, in the text and, by the brand's indexes and
// its list of code names, in this mention.
func (j *judgement) detected() {
	for i := range j.scratch.detected {
		j.detection(&j.scratch.detected[i])
	}
	for i := range j.scratch.revealed {
		if r := &j.scratch.revealed[i]; r.mention == j.number {
			j.detection(&r.finding)
		}
	}
	for _, f := range j.codeNames() {
		j.detection(&f)
	}
}

// codeNames are what the detector of the brand's code names finds in the text, in what its
// encoded runs say and in disguise.
func (j *judgement) codeNames() []detect.Finding {
	d, s := &j.engine.codes[j.mention.Brand], j.scratch
	if len(d.Literals) == 0 {
		return nil
	}
	p := detect.Post{Text: &s.text, Event: j.post, Insider: j.insider}
	var found []detect.Finding
	for _, h := range j.mention.CodeNames {
		found = d.Verify(&p, h, found)
	}
	s.conceal(found, j.insider)
	for _, in := range s.insets.list {
		p.Text = &in.text
		j.namesIn(d, &p)
		found = in.join(found, s.inner, &s.text, j.insider)
	}
	if s.plain != nil {
		p.Text, p.Plain = s.plain, true
		j.namesIn(d, &p)
		found = s.disguised(found, j.insider)
	}
	return distinct(stamp(found, 0, d.Version))
}

// namesIn sets the scratch's inner findings to the code names in another reading.
func (j *judgement) namesIn(d *detect.Detector, p *detect.Post) {
	s := j.scratch
	s.inner = s.inner[:0]
	for _, h := range j.engine.matcher.CodeNames(&s.finder, j.mention.Brand, p.Text) {
		s.inner = d.Verify(p, h, s.inner)
	}
}

// detection claims one finding. The public cannot break a company's rules.
func (j *judgement) detection(f *detect.Finding) {
	if f.Category == earshotv1.Category_CATEGORY_COMPLIANCE && !j.insider {
		return
	}
	t := &j.scratch.text
	finding := &earshotv1.Finding{
		Kind: f.Kind, Rule: f.Rule, RuleVersion: f.Version, Title: f.Title, Spans: spans(t, f.Spans),
		Likelihood: round(f.Likelihood), Impact: risk.Severity(f.Severity), Cite: f.Cite, Mitigate: f.Mitigate, Why: f.Why, Family: f.Family,
	}
	if f.Redact {
		finding.Masked, finding.Fingerprint = maskOf(t, f), j.engine.fingerprint(t, f)
	}
	j.weigh(finding)
	j.dated(finding)
	evidence := j.claim(f.Category, claim{finding: finding, severity: f.Severity, floor: f.Floor, read: f.Likelihood})
	j.published(finding, f.Category, evidence)
	switch {
	case f.Category != earshotv1.Category_CATEGORY_LEAKAGE:
	case j.insider:
		j.breach(finding, f.Severity)
	case finding.Likelihood >= Likely && j.who == "pub":
		j.exposed(finding)
	}
}

// stamp sets the version of the findings from the given one on.
func stamp(findings []detect.Finding, from int, version string) []detect.Finding {
	for i := from; i < len(findings); i++ {
		findings[i].Version = version
	}
	return findings
}

// distinct drops findings that repeat the rule and the place of an earlier one.
func distinct(findings []detect.Finding) []detect.Finding {
	type place struct {
		rule string
		text.Span
	}
	if len(findings) == 0 || len(findings) == 1 && len(findings[0].Spans) > 0 {
		return findings
	}
	out := findings[:0]
	seen := make(map[place]bool, len(findings))
	for _, f := range findings {
		if len(f.Spans) == 0 {
			continue
		}
		if at := (place{f.Rule, f.Spans[0]}); !seen[at] {
			seen[at] = true
			out = append(out, f)
		}
	}
	return out
}
