package engine

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/pack"
)

// builtin are the packs that Earshot brings along.
//
//go:embed packs/*.yaml
var builtin embed.FS

// Pack is a parsed policy pack.
type Pack struct{ parsed *pack.Pack }

// Name is the pack's name, the prefix of its rules.
func (p Pack) Name() string { return p.parsed.Name }

// Source is the pack as written, for the policy tools below this package.
func (p Pack) Source() *pack.Pack { return p.parsed }

// Live is the pack with no rule in shadow.
func (p Pack) Live() Pack {
	live := *p.parsed
	live.Shadow = false
	live.Rules = slices.Clone(live.Rules)
	for i := range live.Rules {
		if r := &live.Rules[i]; r.Status == "shadow" {
			r.Status = "test"
		}
	}
	return Pack{&live}
}

// Version is the pack's version.
func (p Pack) Version() string { return p.parsed.Version }

// BuiltinPacks returns the packs that Earshot brings along, by name.
func BuiltinPacks() ([]Pack, error) {
	dir, err := fs.Sub(builtin, "packs")
	if err != nil {
		return nil, fmt.Errorf("read built-in packs: %w", err)
	}
	return LoadPacks(dir)
}

// LoadPacks reads every *.yaml file at the top of each folder; a *.yml one is an error, as
// it would be passed over. An error names file, rule and field.
func LoadPacks(dirs ...fs.FS) ([]Pack, error) {
	var packs []Pack
	for _, dir := range dirs {
		files, err := fs.Glob(dir, "*.yaml")
		if err != nil {
			return nil, fmt.Errorf("list packs: %w", err)
		}
		slices.Sort(files)
		if other, err := fs.Glob(dir, "*.yml"); err != nil || len(other) > 0 {
			return nil, errors.Join(fmt.Errorf("read packs: %q: names of packs end in .yaml", other), err)
		}
		for _, file := range files {
			data, err := fs.ReadFile(dir, file)
			if err != nil {
				return nil, fmt.Errorf("read pack %s: %w", file, err)
			}
			p, err := ParsePack(path.Base(file), data)
			if err != nil {
				return nil, err
			}
			packs = append(packs, p)
		}
	}
	return packs, nil
}

// ParsePack reads one pack. The error names file, rule and field.
func ParsePack(file string, data []byte) (Pack, error) {
	parsed, err := pack.Parse(file, data)
	return Pack{parsed}, err
}

// industries are those that a brand may be of; packs may name more.
var industries = []string{
	"airline", "alcohol", "auto", "construction", "education", "energy", "finance", "food", "gambling", "government", "healthcare",
	"hospitality", "insurance", "logistics", "manufacturing", "media", "pharma", "property", "retail", "saas", "tech", "telecom",
	"travel", "utilities", "other",
}

// checkIndustries names a brand's industry that nothing knows: rules for "finance" would
// pass over a brand of "financial services" without a word.
func (e *Engine) checkIndustries(packs []Pack) error {
	known := slices.Clone(industries)
	for _, p := range packs {
		for i := range p.parsed.Rules {
			known = append(known, p.parsed.Rules[i].Applies.Industries...)
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for _, b := range e.matcher.Brands() {
		if b.Industry != "" && !slices.Contains(known, b.Industry) {
			return fmt.Errorf("brand %q: industry %q: none of %s", b.ID, b.Industry, strings.Join(known, ", "))
		}
	}
	return nil
}
