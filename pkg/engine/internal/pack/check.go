package pack

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

var (
	namePattern    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	versionPattern = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	// languagePattern is a primary language of BCP 47.
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}$`)
	statuses        = []string{"stable", "test", "shadow"}
	evidences       = []string{"V", "S", "K", ""}
	// Voices are the values of Applies.Who and Example.Who.
	Voices = []string{"own", "rep", "exec", "emp", "paid", "pub"}
)

// Severities maps a rule's level to its severity 1 to 5.
var Severities = map[string]int{"informational": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}

// Categories maps the category of a rule.
var Categories = map[string]earshotv1.Category{
	"reputation": earshotv1.Category_CATEGORY_REPUTATION,
	"leakage":    earshotv1.Category_CATEGORY_LEAKAGE,
	"compliance": earshotv1.Category_CATEGORY_COMPLIANCE,
}

// Kinds are those of the risk taxonomy (domain guide 2 to 4).
var Kinds = set(
	"secret", "credential", "infrastructure", "marking", "codename", "financials", "customer", "roadmap", "phi",
	"pii.card", "pii.iban", "pii.national_id", "pii.phone", "pii.email", "pii.address", "pii.dob", "pii.passport",
	"promissory", "performance", "testimonial", "unbalanced", "advice", "selective_disclosure", "undisclosed_relationship",
	"fake_review", "off_label", "health_claim", "phi_disclosure", "personal_data", "children", "green_claim", "fin_promotion",
	"disparagement", "harassment", "off_channel", "age_restricted", "sanctions",
	"complaint", "outage", "boycott", "safety", "misconduct", "discrimination", "breach_rumor", "impersonation", "coordinated",
	"legal", "labor", "environment", "abuse", "profanity",
)

func set(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	return out
}

func (p *Pack) check() error {
	switch {
	case !namePattern.MatchString(p.Name):
		return fmt.Errorf("name %q: lower-case letters, digits and dashes", p.Name)
	case !versionPattern.MatchString(p.Version):
		return fmt.Errorf("version %q: must look like 1.0.0", p.Version)
	case len(p.Rules) == 0:
		return errors.New("rules: none")
	}
	seen := map[string]bool{}
	for i := range p.Rules {
		r := &p.Rules[i]
		if err := r.check(p); err != nil {
			return fmt.Errorf("rule %q: %w", r.ID, err)
		}
		if seen[r.ID] {
			return fmt.Errorf("rule %q: id: used twice", r.ID)
		}
		seen[r.ID] = true
	}
	return checkElsewhere(p.Elsewhere, seen)
}

// checkElsewhere checks the clauses without a rule; rules holds the ids of the rules.
func checkElsewhere(clauses map[string]string, rules map[string]bool) error {
	for _, id := range slices.Sorted(maps.Keys(clauses)) {
		reason := clauses[id]
		switch {
		case !namePattern.MatchString(id):
			return fmt.Errorf("elsewhere %q: lower-case letters, digits and dashes", id)
		case strings.TrimSpace(reason) == "" || strings.Contains(reason, "\n"):
			return fmt.Errorf("elsewhere %q: needs one line that says who decides it", id)
		case rules[id]:
			return fmt.Errorf("elsewhere %q: is a rule of this pack", id)
		}
	}
	return nil
}

func (r *Rule) check(p *Pack) error {
	switch {
	case !namePattern.MatchString(r.ID):
		return errors.New("id: lower-case letters, digits and dashes")
	case r.Title == "":
		return errors.New("title: missing")
	case !slices.Contains(statuses, r.Status):
		return fmt.Errorf("status %q: one of %v", r.Status, statuses)
	case Categories[r.Category] == 0:
		return fmt.Errorf("category %q: reputation, leakage or compliance", r.Category)
	case r.Condition == "":
		return errors.New("condition: missing")
	case len(r.MustMatch) < 3 || len(r.MustPass) < 3:
		return errors.New("must_match, must_pass: at least 3 examples each")
	}
	if err := r.checkNumbers(); err != nil {
		return err
	}
	if err := r.checkVoices(); err != nil {
		return err
	}
	for name, s := range r.Detection {
		if err := s.check(p); err != nil {
			return fmt.Errorf("detection.%s: %w", name, err)
		}
	}
	seen := map[string]bool{}
	for _, e := range r.Exemptions {
		if err := e.check(r, p); err != nil {
			return fmt.Errorf("exemptions %q: %w", e.ID, err)
		}
		if seen[e.ID] {
			return fmt.Errorf("exemptions %q: id: used twice", e.ID)
		}
		seen[e.ID] = true
	}
	return nil
}

func (r *Rule) checkNumbers() error {
	if r.Strength != 0 {
		return within("strength", r.Strength)
	}
	if !Kinds[r.Kind] {
		return fmt.Errorf("kind %q: none of the risk taxonomy", r.Kind)
	}
	if !slices.Contains(evidences, r.Evidence) {
		return fmt.Errorf("evidence %q: V, S, K or nothing", r.Evidence)
	}
	if r.Family == "" {
		return errors.New("family: missing")
	}
	if Severities[r.Level] == 0 {
		return fmt.Errorf("level %q: informational, low, medium, high or critical", r.Level)
	}
	if r.Floor < 0 || r.Floor > 1 || r.Cap < 0 || r.Cap > 1 {
		return errors.New("floor, cap: from 0 to 1")
	}
	if r.Cap > 0 && r.Floor > r.Cap {
		return fmt.Errorf("floor %v is above cap %v", r.Floor, r.Cap)
	}
	return within("likelihood", r.Likelihood)
}

func within(field string, p float64) error {
	if !(p > 0 && p <= 1) { // NaN too
		return fmt.Errorf("%s %v: above 0, at most 1", field, p)
	}
	return nil
}

// checkVoices checks whom, which industries and which languages the rule applies to, and its examples.
func (r *Rule) checkVoices() error {
	for _, who := range r.Applies.Who {
		if !slices.Contains(Voices, who) {
			return fmt.Errorf("applies.who %q: one of %v", who, Voices)
		}
	}
	if slices.Contains(r.Applies.Industries, "") {
		return errors.New("applies.industries: an empty name, which no brand has")
	}
	for _, tag := range r.Applies.Languages {
		if !languagePattern.MatchString(tag) {
			return fmt.Errorf("applies.languages %q: a code of two or three letters, as en", tag)
		}
	}
	for _, e := range slices.Concat(r.MustMatch, r.MustPass) {
		if !slices.Contains(Voices, e.Who) || e.Text == "" {
			return fmt.Errorf("example %q: needs a text, and who of %v", e.Text, Voices)
		}
	}
	return nil
}

func (s *Selection) check(p *Pack) error {
	given := 0
	for _, set := range []bool{len(s.Words) > 0, s.List != "", s.Regex != ""} {
		if set {
			given++
		}
	}
	if given != 1 {
		return errors.New("needs one of words, list and regex")
	}
	if s.List != "" && len(p.Lists[s.List]) == 0 {
		return fmt.Errorf("list %q: no such list", s.List)
	}
	if len(s.Literals) > 0 && s.Regex == "" {
		return errors.New("literals: only beside regex")
	}
	return nil
}

func (e *Exemption) check(r *Rule, p *Pack) error {
	if !namePattern.MatchString(e.ID) {
		return errors.New("id: lower-case letters, digits and dashes")
	}
	if err := within("strength", e.Strength); err != nil {
		return err
	}
	if e.Near != nil {
		if _, ok := r.Detection[e.Near.To]; !ok || e.Near.Tokens <= 0 {
			return errors.New("near: needs a selection of the rule and a count of tokens")
		}
	}
	if e.When != "" {
		if len(e.Words) > 0 || e.List != "" || e.Regex != "" || e.Near != nil {
			return errors.New("when: stands alone")
		}
		return nil
	}
	return e.Selection.check(p)
}
