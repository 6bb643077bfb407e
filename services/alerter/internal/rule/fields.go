package rule

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// field is one name that a filter may use. Exactly one of the getters is set; whole
// marks a number that CEL sees as int.
type field struct {
	name   string
	whole  bool
	text   func(*earshotv1.Assessment) string
	number func(*earshotv1.Assessment) float64
	flag   func(*earshotv1.Assessment) bool
	list   func(*earshotv1.Assessment) []string
}

func (f field) celType() *cel.Type {
	switch {
	case f.text != nil:
		return cel.StringType
	case f.flag != nil:
		return cel.BoolType
	case f.list != nil:
		return cel.ListType(cel.StringType)
	case f.whole:
		return cel.IntType
	}
	return cel.DoubleType
}

func (f field) value(a *earshotv1.Assessment) ref.Val {
	switch {
	case f.text != nil:
		return types.String(f.text(a))
	case f.flag != nil:
		return types.Bool(f.flag(a))
	case f.list != nil:
		return types.DefaultTypeAdapter.NativeToValue(f.list(a))
	case f.whole:
		return types.Int(f.number(a))
	}
	return types.Double(f.number(a))
}

// fields are all the names of a filter; docs/alert-rules.md explains them.
var fields = append([]field{
	{name: "brand", text: (*earshotv1.Assessment).GetBrandId},
	{name: "platform", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetPlatform() }},
	{name: "kind", text: func(a *earshotv1.Assessment) string { return schemas.KindName(a.GetPost().GetKind()) }},
	{name: "lang", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetLang() }},
	{name: "source", text: func(a *earshotv1.Assessment) string { return a.GetProvenance().GetSource() }},
	{name: "level", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetLevel()) }},
	{name: "score", number: (*earshotv1.Assessment).GetScore},
	{name: "match.likelihood", number: func(a *earshotv1.Assessment) float64 { return a.GetMatch().GetLikelihood() }},
	{name: "sentiment.label", text: func(a *earshotv1.Assessment) string { return a.GetSentiment().GetLabel() }},
	{name: "sentiment.negative", number: func(a *earshotv1.Assessment) float64 { return a.GetSentiment().GetNegative() }},
	{name: "sentiment.neutral", number: func(a *earshotv1.Assessment) float64 { return a.GetSentiment().GetNeutral() }},
	{name: "sentiment.positive", number: func(a *earshotv1.Assessment) float64 { return a.GetSentiment().GetPositive() }},
	{name: "author.id", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetAuthor().GetId() }},
	{name: "author.handle", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetAuthor().GetHandle() }},
	{name: "author.role", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetAuthor().GetRole() }},
	{name: "author.employee_id", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetAuthor().GetEmployeeId() }},
	{name: "author.followers", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetPost().GetAuthor().GetFollowers()) }},
	{name: "author.verified", flag: func(a *earshotv1.Assessment) bool { return a.GetPost().GetAuthor().GetVerified() }},
	{name: "post.id", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetId() }},
	{name: "post.text", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetText() }},
	{name: "post.url", text: func(a *earshotv1.Assessment) string { return a.GetPost().GetUrl() }},
	{name: "post.revision", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetPost().GetRevision()) }},
	{name: "post.paid_label", flag: func(a *earshotv1.Assessment) bool { return a.GetPost().GetPaidLabel() }},
	{name: "post.likes", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetPost().GetEngagement().GetLikes()) }},
	{name: "post.reposts", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetPost().GetEngagement().GetReposts()) }},
	{name: "post.replies", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetPost().GetEngagement().GetReplies()) }},
	{name: "post.views", whole: true, number: func(a *earshotv1.Assessment) float64 { return float64(a.GetPost().GetEngagement().GetViews()) }},
	{name: "post.is_reply", flag: func(a *earshotv1.Assessment) bool { return a.GetPost().GetThread().GetReplyTo() != "" }},
	{name: "post.is_repost", flag: func(a *earshotv1.Assessment) bool { return a.GetPost().GetThread().GetRepostOf() != "" }},
	{name: "findings.kinds", list: func(a *earshotv1.Assessment) []string { return collect(a, (*earshotv1.Finding).GetKind) }},
	{name: "findings.rules", list: func(a *earshotv1.Assessment) []string { return collect(a, (*earshotv1.Finding).GetRule) }},
}, categoryFields()...)

// categoryFields are likelihood, impact, score and level of each category.
func categoryFields() []field {
	var all []field
	for name, category := range map[string]earshotv1.Category{
		"reputation": earshotv1.Category_CATEGORY_REPUTATION,
		"leakage":    earshotv1.Category_CATEGORY_LEAKAGE,
		"compliance": earshotv1.Category_CATEGORY_COMPLIANCE,
	} {
		of := func(read func(*earshotv1.CategoryAssessment) float64) func(*earshotv1.Assessment) float64 {
			return func(a *earshotv1.Assessment) float64 { return read(judged(a, category)) }
		}
		prefix := fmt.Sprintf("categories.%s.", name)
		all = append(
			all,
			field{name: prefix + "likelihood", number: of((*earshotv1.CategoryAssessment).GetLikelihood)},
			field{name: prefix + "impact", number: of((*earshotv1.CategoryAssessment).GetImpact)},
			field{name: prefix + "score", number: of((*earshotv1.CategoryAssessment).GetScore)},
			field{name: prefix + "level", whole: true, number: of(func(c *earshotv1.CategoryAssessment) float64 { return float64(c.GetLevel()) })},
		)
	}
	return all
}

// judged is the judgement of one category, nil (all zero) where there is none.
func judged(a *earshotv1.Assessment, category earshotv1.Category) *earshotv1.CategoryAssessment {
	for _, c := range a.GetCategories() {
		if c.GetCategory() == category {
			return c
		}
	}
	return nil
}

func collect(a *earshotv1.Assessment, read func(*earshotv1.Finding) string) []string {
	var all []string
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			all = append(all, read(f))
		}
	}
	return all
}

var fieldByName = func() map[string]field {
	byName := make(map[string]field, len(fields))
	for _, f := range fields {
		byName[f.name] = f
	}
	return byName
}()
