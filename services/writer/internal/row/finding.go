package row

import (
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// nested makes an array column from the items that list finds in each category, in the
// order of the categories.
func nested[I, T any](name, wire string, list func(*earshotv1.CategoryAssessment) []I, read func(*earshotv1.CategoryAssessment, I) T) column[event] {
	return arrays(name, wire, func(out []T, e event) []T {
		for _, c := range e.categories {
			for _, item := range list(c) {
				out = append(out, read(c, item))
			}
		}
		return out
	})
}

// nestedText is [nested] for texts of the items.
func nestedText[I any](name string, list func(*earshotv1.CategoryAssessment) []I, read func(I) string) column[event] {
	return nested(name, "String", list, func(_ *earshotv1.CategoryAssessment, item I) string { return read(item) })
}

// nestedDecimals is [nested] for numbers of the items.
func nestedDecimals[I any](name string, list func(*earshotv1.CategoryAssessment) []I, read func(I) float64) column[event] {
	return nested(name, "Float32", list, func(_ *earshotv1.CategoryAssessment, item I) float32 { return round(read(item)) })
}

// nestedSpans is [nested] for the bounds of the items' spans.
func nestedSpans[I any](name string, list func(*earshotv1.CategoryAssessment) []I, spans func(I) []*earshotv1.Span, bound func([]*earshotv1.Span) []uint32) column[event] {
	return nested(name, "Array(UInt32)", list, func(_ *earshotv1.CategoryAssessment, item I) []uint32 { return bound(spans(item)) })
}

// nestedCategory is [nested] for the category that an item stands in.
func nestedCategory[I any](name string, list func(*earshotv1.CategoryAssessment) []I) column[event] {
	return nested(name, "Int8", list, func(c *earshotv1.CategoryAssessment, _ I) int8 { return int8(c.GetCategory()) })
}

func findingColumns() []column[event] {
	list := (*earshotv1.CategoryAssessment).GetFindings
	return []column[event]{
		nestedCategory("findings.category", list),
		nestedText("findings.kind", list, (*earshotv1.Finding).GetKind),
		nestedText("findings.rule", list, (*earshotv1.Finding).GetRule),
		nestedText("findings.rule_version", list, (*earshotv1.Finding).GetRuleVersion),
		nestedText("findings.title", list, (*earshotv1.Finding).GetTitle),
		nestedDecimals("findings.likelihood", list, (*earshotv1.Finding).GetLikelihood),
		nestedDecimals("findings.impact", list, (*earshotv1.Finding).GetImpact),
		nestedText("findings.cite", list, (*earshotv1.Finding).GetCite),
		nestedText("findings.mitigate", list, (*earshotv1.Finding).GetMitigate),
		nestedText("findings.why", list, (*earshotv1.Finding).GetWhy),
		nestedText("findings.family", list, (*earshotv1.Finding).GetFamily),
		nestedText("findings.masked", list, (*earshotv1.Finding).GetMasked),
		nestedText("findings.fingerprint", list, (*earshotv1.Finding).GetFingerprint),
		nestedSpans("findings.starts", list, (*earshotv1.Finding).GetSpans, starts),
		nestedSpans("findings.ends", list, (*earshotv1.Finding).GetSpans, ends),
	}
}

// contribution makes an array column from the factors of each category: those of the
// likelihood, target 1, and then those of the impact, target 2.
func contribution[T any](name, wire string, read func(c *earshotv1.CategoryAssessment, target int8, f *earshotv1.Contribution) T) column[event] {
	return arrays(name, wire, func(out []T, e event) []T {
		for _, c := range e.categories {
			for _, f := range c.GetLikelihoodContributions() {
				out = append(out, read(c, 1, f))
			}
			for _, f := range c.GetImpactContributions() {
				out = append(out, read(c, 2, f))
			}
		}
		return out
	})
}

func contributionColumns() []column[event] {
	return []column[event]{
		contribution("contributions.category", "Int8", func(c *earshotv1.CategoryAssessment, _ int8, _ *earshotv1.Contribution) int8 {
			return int8(c.GetCategory())
		}),
		contribution("contributions.target", "Int8", func(_ *earshotv1.CategoryAssessment, target int8, _ *earshotv1.Contribution) int8 {
			return target
		}),
		contribution("contributions.factor", "String", func(_ *earshotv1.CategoryAssessment, _ int8, f *earshotv1.Contribution) string {
			return f.GetFactor()
		}),
		contribution("contributions.value", "Float32", func(_ *earshotv1.CategoryAssessment, _ int8, f *earshotv1.Contribution) float32 {
			return round(f.GetValue())
		}),
		contribution("contributions.weight", "Float32", func(_ *earshotv1.CategoryAssessment, _ int8, f *earshotv1.Contribution) float32 {
			return round(f.GetWeight())
		}),
		contribution("contributions.share", "Float32", func(_ *earshotv1.CategoryAssessment, _ int8, f *earshotv1.Contribution) float32 {
			return round(f.GetShare())
		}),
	}
}

func explanationColumns() []column[event] {
	guards := (*earshotv1.CategoryAssessment).GetGuards
	reasons := (*earshotv1.CategoryAssessment).GetLevelReasons
	without := (*earshotv1.CategoryAssessment).GetCounterfactuals
	return []column[event]{
		nestedCategory("guards.category", guards),
		nestedText("guards.rule", guards, (*earshotv1.Guard).GetRule),
		nestedText("guards.title", guards, (*earshotv1.Guard).GetTitle),
		nestedDecimals("guards.strength", guards, (*earshotv1.Guard).GetStrength),
		nestedSpans("guards.starts", guards, (*earshotv1.Guard).GetSpans, starts),
		nestedSpans("guards.ends", guards, (*earshotv1.Guard).GetSpans, ends),
		nestedCategory("reasons.category", reasons),
		nestedText("reasons.text", reasons, func(reason string) string { return reason }),
		nestedCategory("counterfactuals.category", without),
		nestedText("counterfactuals.without", without, (*earshotv1.Counterfactual).GetWithout),
		nestedDecimals("counterfactuals.score", without, (*earshotv1.Counterfactual).GetScore),
		nested("counterfactuals.level", "Int8", without, func(_ *earshotv1.CategoryAssessment, c *earshotv1.Counterfactual) int8 {
			return int8(c.GetLevel())
		}),
	}
}
