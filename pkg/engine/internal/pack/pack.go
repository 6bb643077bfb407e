// Package pack reads policy packs and finds their rules in a text.
//
// A pack is one YAML file of rules in Sigma's vocabulary. Parse refuses what it does
// not understand and names file, rule and field. Compile turns packs into Rules:
// their literals join one automaton with all others, a condition (CEL) runs only when
// the literals it needs were found. Nothing here knows of brands, scores or time.
package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Pack is one file of rules.
type Pack struct {
	// File is where it was read; not part of the YAML.
	File string `yaml:"-"`
	// Name is unique; rule ids become "<name>.<id>".
	Name    string `yaml:"name"`
	Title   string `yaml:"title"`
	Version string `yaml:"version"`
	// Jurisdiction holds ISO 3166 codes or "EU".
	Jurisdiction []string `yaml:"jurisdiction"`
	// Reviewed is the day, YYYY-MM-DD, on which the citations were last checked.
	Reviewed   string   `yaml:"reviewed"`
	References []string `yaml:"references"`
	// Lists are word lists that any rule may name.
	Lists map[string][]string `yaml:"lists"`
	Rules []Rule              `yaml:"rules"`
}

// Rule is one rule of a pack, as written.
type Rule struct {
	ID          string `yaml:"id"`
	Title       string `yaml:"title"`
	Status      string `yaml:"status"` // stable, test or shadow; a shadow rule is never reported
	Description string `yaml:"description"`
	Kind        string `yaml:"kind"`     // of the risk taxonomy
	Category    string `yaml:"category"` // reputation, leakage or compliance
	Family      string `yaml:"family"`   // evidence family, domain guide 1.5
	Level       string `yaml:"level"`    // informational, low, medium, high, critical: severity 1 to 5
	// Likelihood in (0, 1] that a reviewer confirms the rule when it speaks alone.
	Likelihood float64 `yaml:"likelihood"`
	// Strength in (0, 1] makes the rule a guard that lowers the category by that share
	// and is never a finding (domain guide 4.12).
	Strength float64 `yaml:"strength"`
	// Floor and Cap bound the impact, 0 to 1 (domain guide 1.4); 0 means no bound.
	Floor float64 `yaml:"floor"`
	Cap   float64 `yaml:"cap"`
	Cite  string  `yaml:"cite"`
	// Evidence tells how the citation was checked: V, S or K, or empty.
	Evidence       string               `yaml:"evidence"`
	Tags           []string             `yaml:"tags"`
	References     []string             `yaml:"references"`
	Applies        Applies              `yaml:"applies"`
	Detection      map[string]Selection `yaml:"detection"`
	Condition      string               `yaml:"condition"`
	Exemptions     []Exemption          `yaml:"exemptions"`
	Mitigate       string               `yaml:"mitigate"`
	FalsePositives []string             `yaml:"falsepositives"`
	MustMatch      []Example            `yaml:"must_match"`
	MustPass       []Example            `yaml:"must_pass"`
}

// Applies narrows a rule; an empty list means all. Who defaults to everybody but the
// public: outsiders cannot break a company's rules.
type Applies struct {
	Who        []string `yaml:"who"`
	Industries []string `yaml:"industries"`
	Languages  []string `yaml:"languages"`
}

// Selection is words, a list of the pack, or a regular expression (RE2) over the text
// with its case kept. Literals are what a text must hold before the expression is
// tried; without them it waits for the rule's other selections.
type Selection struct {
	Words    []string `yaml:"words"`
	List     string   `yaml:"list"`
	Regex    string   `yaml:"regex"`
	Literals []string `yaml:"literals"`
}

// Exemption lowers a rule's likelihood by Strength where its selection, or its
// condition When, holds.
type Exemption struct {
	ID        string `yaml:"id"`
	Title     string `yaml:"title"`
	Selection `yaml:",inline"`
	When      string  `yaml:"when"`
	Near      *Near   `yaml:"near"`
	Strength  float64 `yaml:"strength"`
}

// Near asks an exemption to stand within Tokens tokens of the selection To.
type Near struct {
	To     string `yaml:"to"`
	Tokens int    `yaml:"tokens"`
}

// Example is a text that a rule must match or must pass, with whose voice it is and,
// where it matters, the industry, language and platform.
type Example struct {
	Text      string `yaml:"text"`
	Who       string `yaml:"who"`
	Industry  string `yaml:"industry"`
	Lang      string `yaml:"lang"`
	Platform  string `yaml:"platform"`
	PaidLabel bool   `yaml:"paid_label"`
}

// Parse reads and checks one pack. The error names file, rule and field.
func Parse(file string, data []byte) (*Pack, error) {
	p := &Pack{File: file}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(p); err != nil {
		return nil, fmt.Errorf("read pack %s: %w", file, err)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read pack %s: more than one document", file)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("read pack %s: %w", file, err)
	}
	return p, nil
}

var (
	namePattern    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	versionPattern = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	// languagePattern is a primary language of BCP 47.
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}$`)
	statuses        = []string{"stable", "test", "shadow"}
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
	if r.Kind == "" {
		return errors.New("kind: missing")
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

// checkVoices checks whom and which languages the rule applies to, and its examples.
func (r *Rule) checkVoices() error {
	for _, who := range r.Applies.Who {
		if !slices.Contains(Voices, who) {
			return fmt.Errorf("applies.who %q: one of %v", who, Voices)
		}
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
