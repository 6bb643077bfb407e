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
	"strings"

	"go.yaml.in/yaml/v3"
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
	// Shadow puts all rules in shadow: they are tried on live posts without effect.
	Shadow bool `yaml:"shadow"`
	// Lists are word lists that any rule may name.
	Lists map[string][]string `yaml:"lists"`
	// Elsewhere holds the clauses that no post can show, by the id that their rule would
	// have, each with one line on who decides it instead.
	Elsewhere map[string]string `yaml:"elsewhere"`
	Rules     []Rule            `yaml:"rules"`
}

// Rule is one rule of a pack, as written.
type Rule struct {
	ID          string `yaml:"id"`
	Title       string `yaml:"title"`
	Status      string `yaml:"status"` // stable, test or shadow; a shadow rule is tried without effect
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
	p.foldIndustries()
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("read pack %s: %w", file, err)
	}
	return p, nil
}

func folded(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// foldIndustries makes "Finance" the industry "finance", as brands do with theirs.
func (p *Pack) foldIndustries() {
	for i := range p.Rules {
		r := &p.Rules[i]
		for k, name := range r.Applies.Industries {
			r.Applies.Industries[k] = folded(name)
		}
		for _, examples := range [][]Example{r.MustMatch, r.MustPass} {
			for k := range examples {
				examples[k].Industry = folded(examples[k].Industry)
			}
		}
	}
}
