package score

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// scored is one output line of `earshot score`: the judgement of a post for a brand.
type scored struct {
	ID         string           `json:"id"`
	Brand      string           `json:"brand"`
	Matched    bool             `json:"matched"`
	Categories scoredCategories `json:"categories"`
	Score      float64          `json:"score"`
	Level      string           `json:"level"`
	Versions   scoredVersions   `json:"versions"`
}

type scoredCategories struct {
	Reputation scoredCategory `json:"reputation"`
	Leakage    scoredCategory `json:"leakage"`
	Compliance scoredCategory `json:"compliance"`
}

type scoredCategory struct {
	Likelihood      float64          `json:"likelihood"`
	Impact          float64          `json:"impact"`
	Score           float64          `json:"score"`
	Level           string           `json:"level"`
	Outcome         string           `json:"outcome"`
	Sentiment       *scoredSentiment `json:"sentiment,omitempty"`
	Findings        []scoredFinding  `json:"findings"`
	Guards          []scoredGuard    `json:"guards,omitempty"`
	LevelReasons    []string         `json:"level_reasons,omitempty"`
	Counterfactuals []scoredWithout  `json:"counterfactuals,omitempty"`
}

type scoredSentiment struct {
	Label    string  `json:"label"`
	Negative float64 `json:"negative"`
	Neutral  float64 `json:"neutral"`
	Positive float64 `json:"positive"`
}

type scoredFinding struct {
	Kind        string      `json:"kind"`
	Rule        string      `json:"rule"`
	Version     string      `json:"version"`
	Title       string      `json:"title"`
	Spans       [][2]uint32 `json:"spans"`
	Likelihood  float64     `json:"likelihood"`
	Impact      float64     `json:"impact"`
	Cite        string      `json:"cite"`
	Mitigate    string      `json:"mitigate"`
	Why         string      `json:"why"`
	Fix         string      `json:"fix,omitempty"` // of a draft alone
	Masked      string      `json:"masked,omitempty"`
	Fingerprint string      `json:"fingerprint,omitempty"`
}

type scoredGuard struct {
	Rule     string      `json:"rule"`
	Title    string      `json:"title"`
	Strength float64     `json:"strength"`
	Spans    [][2]uint32 `json:"spans"`
}

type scoredWithout struct {
	Without string  `json:"without"`
	Score   float64 `json:"score"`
	Level   string  `json:"level"`
}

type scoredVersions struct {
	Engine string            `json:"engine"`
	Packs  map[string]string `json:"packs,omitempty"`
	Brand  string            `json:"brand"`
}

// unmatched is the output line of a post that concerns no brand.
type unmatched struct {
	ID      string `json:"id"`
	Matched bool   `json:"matched"`
}

// appendResults writes one line for each brand that the post concerns, or one that says
// that it concerns none.
func (s *Scorer) appendResults(out []byte, id string, assessments []*earshotv1.Assessment) ([]byte, error) {
	buffer := bytes.NewBuffer(out)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	matched := false
	for _, a := range assessments {
		if !a.GetMatched() {
			continue
		}
		matched = true
		if err := encoder.Encode(newScored(id, a, s.keyed)); err != nil {
			return out, fmt.Errorf("write result: %w", err)
		}
	}
	if !matched {
		if err := encoder.Encode(unmatched{ID: id}); err != nil {
			return out, fmt.Errorf("write result: %w", err)
		}
	}
	return buffer.Bytes(), nil
}

// newScored shows fingerprints only if they are keyed with a key that stays.
func newScored(id string, a *earshotv1.Assessment, keyed bool) scored {
	out := scored{
		ID: id, Brand: a.GetBrandId(), Matched: a.GetMatched(), Score: a.GetScore(), Level: schemas.LevelName(a.GetLevel()),
		Versions: scoredVersions{a.GetVersions().GetEngine(), a.GetVersions().GetPacks(), a.GetVersions().GetBrand()},
	}
	for _, c := range a.GetCategories() {
		switch c.GetCategory() {
		case earshotv1.Category_CATEGORY_REPUTATION:
			out.Categories.Reputation = newScoredCategory(c)
		case earshotv1.Category_CATEGORY_LEAKAGE:
			out.Categories.Leakage = newScoredCategory(c)
		case earshotv1.Category_CATEGORY_COMPLIANCE:
			out.Categories.Compliance = newScoredCategory(c)
		}
	}
	if !keyed {
		out.Categories.Reputation.anonymize()
		out.Categories.Leakage.anonymize()
		out.Categories.Compliance.anonymize()
	}
	if s := a.GetSentiment(); s != nil {
		out.Categories.Reputation.Sentiment = &scoredSentiment{s.GetLabel(), s.GetNegative(), s.GetNeutral(), s.GetPositive()}
	}
	return out
}

func (c *scoredCategory) anonymize() {
	for i := range c.Findings {
		c.Findings[i].Fingerprint = ""
	}
}

func newScoredCategory(c *earshotv1.CategoryAssessment) scoredCategory {
	out := scoredCategory{
		Likelihood: c.GetLikelihood(), Impact: c.GetImpact(), Score: c.GetScore(), Level: schemas.LevelName(c.GetLevel()),
		Outcome: schemas.OutcomeName(c.GetOutcome()), Findings: []scoredFinding{}, LevelReasons: c.GetLevelReasons(),
	}
	for _, f := range c.GetFindings() {
		out.Findings = append(out.Findings, scoredFinding{
			Kind: f.GetKind(), Rule: f.GetRule(), Version: f.GetRuleVersion(), Title: f.GetTitle(), Spans: pairs(f.GetSpans()),
			Likelihood: f.GetLikelihood(), Impact: f.GetImpact(), Cite: f.GetCite(), Mitigate: f.GetMitigate(), Why: f.GetWhy(),
			Masked: f.GetMasked(), Fingerprint: f.GetFingerprint(),
		})
	}
	for _, g := range c.GetGuards() {
		out.Guards = append(out.Guards, scoredGuard{g.GetRule(), g.GetTitle(), g.GetStrength(), pairs(g.GetSpans())})
	}
	for _, f := range c.GetCounterfactuals() {
		out.Counterfactuals = append(out.Counterfactuals, scoredWithout{f.GetWithout(), f.GetScore(), schemas.LevelName(f.GetLevel())})
	}
	return out
}

func pairs(spans []*earshotv1.Span) [][2]uint32 {
	out := make([][2]uint32, len(spans))
	for i, s := range spans {
		out[i] = [2]uint32{s.GetStart(), s.GetEnd()}
	}
	return out
}
