package engine

import (
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// builtin are the packs that Earshot brings along.
//
//go:embed packs/*.yaml
var builtin embed.FS

// Pack is a parsed policy pack.
type Pack struct{ parsed *pack.Pack }

// Name is the pack's name, the prefix of its rules.
func (p Pack) Name() string { return p.parsed.Name }

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

// LoadPacks reads every *.yaml file at the top of each folder. An error names file,
// rule and field.
func LoadPacks(dirs ...fs.FS) ([]Pack, error) {
	var packs []Pack
	for _, dir := range dirs {
		files, err := fs.Glob(dir, "*.yaml")
		if err != nil {
			return nil, fmt.Errorf("list packs: %w", err)
		}
		slices.Sort(files)
		for _, file := range files {
			data, err := fs.ReadFile(dir, file)
			if err != nil {
				return nil, fmt.Errorf("read pack %s: %w", file, err)
			}
			parsed, err := pack.Parse(path.Base(file), data)
			if err != nil {
				return nil, err
			}
			packs = append(packs, Pack{parsed})
		}
	}
	return packs, nil
}

// RunExamples judges the must_match and must_pass texts of a pack's rules by that pack
// alone and returns one error for each that fails, with file, rule and text. A rule
// matches a text when it alone makes a reviewer look: a likelihood of 0.5 or more after
// its exemptions; a guard matches when it holds.
func RunExamples(p Pack) ([]error, error) {
	key := sha256.Sum256([]byte(p.parsed.Name))
	c, err := compile([]Pack{p}, key[:])
	if err != nil {
		return nil, err
	}
	var failures []error
	for i := range p.parsed.Rules {
		r := &p.parsed.Rules[i]
		if r.Status == "shadow" {
			continue
		}
		for _, run := range []struct {
			examples []pack.Example
			want     bool
		}{{r.MustMatch, true}, {r.MustPass, false}} {
			for _, x := range run.examples {
				if err := c.example(p, r, x, run.want); err != nil {
					failures = append(failures, fmt.Errorf("%s: rule %q: %w: %q", p.parsed.File, r.ID, err, x.Text))
				}
			}
		}
	}
	return failures, nil
}

var (
	errMissed = errors.New("must match and does not")
	errFired  = errors.New("must pass and does not")
)

func (c *compiled) example(p Pack, r *pack.Rule, x pack.Example, want bool) error {
	industry := x.Industry
	if industry == "" && len(r.Applies.Industries) > 0 {
		industry = r.Applies.Industries[0]
	}
	e, err := c.engine([]Brand{{ID: "acme", Name: "Acme", Aliases: []string{"@acme"}, Industry: industry}}, brand.BeliefAssumed)
	if err != nil {
		return err
	}
	post := &earshotv1.Post{
		Id: "example:1", Platform: x.Platform, Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: x.Text, Lang: x.Lang,
		PaidLabel: x.PaidLabel, Author: &earshotv1.Author{Role: exampleRoles[x.Who]},
	}
	if x.Who == "pub" || x.Who == "paid" {
		post.Kind = earshotv1.PostKind_POST_KIND_MENTION
	}
	fired := false
	for _, a := range e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: post}, time.Time{}) {
		fired = fired || speaks(a, p.Name()+"."+r.ID)
	}
	switch {
	case want && !fired:
		return errMissed
	case fired && !want:
		return errFired
	}
	return nil
}

// exampleRoles give the author of an example a role of each voice.
var exampleRoles = map[string]string{
	"own": officialRole, "rep": "financial advisor", "exec": "chief executive officer", "emp": "engineer", "paid": "influencer", "pub": "",
}

func speaks(a *earshotv1.Assessment, rule string) bool {
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			if f.GetRule() == rule && f.GetLikelihood() >= 0.5 {
				return true
			}
		}
		for _, g := range c.GetGuards() {
			if g.GetRule() == rule {
				return true
			}
		}
	}
	return false
}
