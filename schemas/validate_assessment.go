package schemas

import (
	"cmp"
	"slices"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// ValidateAssessment checks a value of topic earshot.assessments.v1. The error is a
// [FieldError]; such a value can never succeed and belongs to the dead letters.
func ValidateAssessment(a *earshotv1.Assessment) error {
	err := cmp.Or(
		hexID("id", a.GetId()),
		needed("brand_id", a.GetBrandId(), maxName),
		enum("op", int32(a.GetOp()), earshotv1.PostOp_name),
		validatePost("post", a.GetPost(), a.GetOp(), a.GetProvenance().GetObservedAt()),
		needed("versions.engine", a.GetVersions().GetEngine(), maxName),
		text("versions.brand", a.GetVersions().GetBrand(), maxName),
		texts("versions.packs", a.GetVersions().GetPacks(), MaxList),
		neededMoment("assessed_at", a.GetAssessedAt(), nil),
		between("score", a.GetScore(), 0, 100),
	)
	if err != nil {
		return err
	}
	if !a.GetMatched() {
		return atMost("categories", len(a.GetCategories()), 0)
	}
	return judgement(a)
}

// judgement checks what only a matched assessment has.
func judgement(a *earshotv1.Assessment) error {
	err := cmp.Or(
		enum("level", int32(a.GetLevel()), earshotv1.Level_name),
		between("match.likelihood", a.GetMatch().GetLikelihood(), 0, 1),
		text("match.reason", a.GetMatch().GetReason(), maxName),
		spans(a.GetMatch().GetSpans()),
		sentiment(a.GetSentiment()),
		order(a.GetCategories()),
		atMost("shadow", len(a.GetShadow()), MaxList),
	)
	if err != nil {
		return err
	}
	for i, c := range a.GetCategories() {
		if err := category(c); err != nil {
			return element("categories", i, err)
		}
	}
	return findings("shadow", a.GetShadow())
}

// order checks that the categories are all there, each in its place.
func order(categories []*earshotv1.CategoryAssessment) error {
	if len(categories) != 3 {
		return fault("categories", "%d entries, want reputation, leakage and compliance", len(categories))
	}
	for i, c := range categories {
		if int(c.GetCategory()) != i+1 {
			return element("categories", i, fault("category", "want reputation, leakage and compliance in this order"))
		}
	}
	return nil
}

func sentiment(s *earshotv1.Sentiment) error {
	if s == nil {
		return nil
	}
	return cmp.Or(
		oneOf("sentiment.label", s.GetLabel(), sentimentLabels),
		between("sentiment.negative", s.GetNegative(), 0, 1),
		between("sentiment.neutral", s.GetNeutral(), 0, 1),
		between("sentiment.positive", s.GetPositive(), 0, 1),
	)
}

var sentimentLabels = []string{"negative", "neutral", "positive"}

func oneOf(field, value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fault(field, "want one of %q", allowed)
}

func category(c *earshotv1.CategoryAssessment) error {
	err := cmp.Or(
		between("likelihood", c.GetLikelihood(), 0, 1),
		between("impact", c.GetImpact(), 0, 1),
		between("score", c.GetScore(), 0, 100),
		enum("level", int32(c.GetLevel()), earshotv1.Level_name),
		enum("outcome", int32(c.GetOutcome()), earshotv1.Outcome_name),
		atMost("findings", len(c.GetFindings()), MaxList),
		atMost("guards", len(c.GetGuards()), MaxList),
	)
	if err != nil {
		return err
	}
	if err := findings("findings", c.GetFindings()); err != nil {
		return err
	}
	for i, g := range c.GetGuards() {
		err := cmp.Or(needed("rule", g.GetRule(), maxName), between("strength", g.GetStrength(), 0, 1), spans(g.GetSpans()))
		if err != nil {
			return element("guards", i, err)
		}
	}
	return nil
}

func findings(field string, list []*earshotv1.Finding) error {
	for i, f := range list {
		if err := finding(f); err != nil {
			return element(field, i, err)
		}
	}
	return nil
}

func finding(f *earshotv1.Finding) error {
	return cmp.Or(
		needed("kind", f.GetKind(), maxName),
		needed("rule", f.GetRule(), maxName),
		text("rule_version", f.GetRuleVersion(), maxName),
		text("title", f.GetTitle(), maxProse),
		between("likelihood", f.GetLikelihood(), 0, 1),
		between("impact", f.GetImpact(), 0, 1),
		text("cite", f.GetCite(), maxProse),
		text("mitigate", f.GetMitigate(), maxProse),
		text("why", f.GetWhy(), maxProse),
		text("family", f.GetFamily(), maxName),
		text("masked", f.GetMasked(), maxProse),
		text("fingerprint", f.GetFingerprint(), maxName),
		spans(f.GetSpans()),
	)
}

// spans checks that ranges run forward within the longest text.
func spans(all []*earshotv1.Span) error {
	for i, s := range all {
		if s.GetEnd() <= s.GetStart() || s.GetEnd() > MaxText {
			return element("spans", i, fault("end", "%d is not between %d and %d", s.GetEnd(), s.GetStart()+1, MaxText))
		}
	}
	return atMost("spans", len(all), MaxText)
}
