// Package brand tells which brands a post concerns, and how surely.
//
// It looks for names, accounts, products and domains, and weighs what stands around
// them; it never drops a post for its tone. Guarantee: the answer depends on the post
// and the brands alone.
package brand

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
)

// Brand is whom we listen for: an entry of "brands" in earshot.yaml, or the brand of an
// envelope.
type Brand struct {
	// ID is stable and unique; it keys the brand's assessments.
	ID string `yaml:"id" json:"id"`
	// Name is as people write it. Aliases are other names; one with "@" is a handle.
	Name    string   `yaml:"name" json:"name"`
	Aliases []string `yaml:"aliases" json:"aliases"`
	// Exclusions are words that say that something else of this name is meant.
	Exclusions []string `yaml:"exclusions" json:"exclusions"`
	// Handles are the brand's own accounts.
	Handles  []string `yaml:"handles" json:"handles"`
	Products []string `yaml:"products" json:"products"`
	// CodeNames are internal names that must not be seen outside.
	CodeNames []string `yaml:"code_names" json:"code_names"`
	// Industry is any name; capitals make no difference. Those of docs/packs.md have rules.
	Industry string `yaml:"industry" json:"industry"`
	// Domains are internet domains of the brand: "acme.example".
	Domains []string `yaml:"domains" json:"domains"`
	// Employees is the opt-in register.
	Employees []Employee `yaml:"employees" json:"employees"`
	Tolerance Tolerance  `yaml:"tolerance" json:"tolerance"`
	// Published is what is public from when; Blackouts are the days before results.
	Published []Published `yaml:"published" json:"published,omitempty"`
	Blackouts []Blackout  `yaml:"blackouts" json:"blackouts,omitempty"`
	// Packs are the packs that apply; none means all.
	Packs []string `yaml:"packs" json:"packs"`
}

// Employee is one account of one of the brand's own people.
type Employee struct {
	ID       string `yaml:"id" json:"id"`
	Platform string `yaml:"platform" json:"platform"`
	Handle   string `yaml:"handle" json:"handle"`
	Role     string `yaml:"role" json:"role"`
}

// Tolerance holds the limits by category; a limit of 0 has its default (domain guide 1.7).
type Tolerance struct {
	Reputation risk.Limits `yaml:"reputation" json:"reputation"`
	Leakage    risk.Limits `yaml:"leakage" json:"leakage"`
	Compliance risk.Limits `yaml:"compliance" json:"compliance"`
}

// UnmarshalJSON also takes "codenames" for the code names.
func (b *Brand) UnmarshalJSON(data []byte) error {
	type plain Brand
	var in struct {
		plain
		Old []string `json:"codenames"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*b = Brand(in.plain)
	b.CodeNames = append(b.CodeNames, in.Old...)
	return nil
}

// prepare checks the brand and fills its defaults.
func (b *Brand) prepare() error {
	if b.ID == "" {
		return errors.New("id: missing")
	}
	if b.Name == "" {
		return fmt.Errorf("brand %q: name: missing", b.ID)
	}
	b.Industry = strings.ToLower(strings.TrimSpace(b.Industry))
	if err := b.checkCalendar(); err != nil {
		return fmt.Errorf("brand %q: %w", b.ID, err)
	}
	b.Tolerance.Reputation = limits(b.Tolerance.Reputation, risk.Limits{Accept: 15, Review: 35, Escalate: 60})
	b.Tolerance.Leakage = limits(b.Tolerance.Leakage, risk.Limits{Accept: 5, Review: 20, Escalate: 50})
	b.Tolerance.Compliance = limits(b.Tolerance.Compliance, risk.Limits{Accept: 10, Review: 30, Escalate: 55})
	for _, l := range []risk.Limits{b.Tolerance.Reputation, b.Tolerance.Leakage, b.Tolerance.Compliance} {
		if l.Accept > l.Review || l.Review > l.Escalate {
			return fmt.Errorf("brand %q: tolerance: accept %v, review %v, escalate %v must rise", b.ID, l.Accept, l.Review, l.Escalate)
		}
	}
	return nil
}

func limits(given, usual risk.Limits) risk.Limits {
	if given.Accept == 0 {
		given.Accept = usual.Accept
	}
	if given.Review == 0 {
		given.Review = max(usual.Review, given.Accept)
	}
	if given.Escalate == 0 {
		given.Escalate = max(usual.Escalate, given.Review)
	}
	return given
}

// version is a hash of everything that the brand's configuration says.
func (b *Brand) version() (string, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return "", fmt.Errorf("brand %q: %w", b.ID, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8]), nil
}
