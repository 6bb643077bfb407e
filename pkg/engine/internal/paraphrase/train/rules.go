package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/voice"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// rules judge a post without the model.
type rules struct {
	engine *engine.Engine
	// industries are engines for a brand of ours in each industry.
	industries map[string]*engine.Engine
}

// found is what they say of one category.
type found struct {
	likelihood float64
	// spoken are the kinds of all findings, kinds those a reviewer should see.
	spoken, kinds []string
	// guarded tells that the post is about a protected matter.
	guarded bool
}

func newRules() (*rules, error) {
	packs, err := engine.BuiltinPacks()
	if err != nil {
		return nil, err
	}
	e, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32), RulesOnly: true})
	return &rules{e, map[string]*engine.Engine{}}, err
}

// roles are what the register says of each voice.
var roles = map[string]string{"own": voice.Official, "rep": "financial advisor", "exec": "chief executive"}

// reading is how likely the likeliest thing is that a detector reads out of the words of a
// post, 0 for none. Those of the public are not weighed.
func (r *rules) reading(text, who, industry string) (float64, error) {
	if who == "pub" {
		return 0, nil
	}
	e := r.industries[industry]
	if e == nil {
		var err error
		if e, err = r.engine.ForBrand(engine.Brand{ID: "own", Name: "Ourbrand", Industry: industry}, true); err != nil {
			return 0, err
		}
		r.industries[industry] = e
	}
	post := &earshotv1.Post{Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Author: &earshotv1.Author{Role: roles[who]}}
	if post.Text = strings.ReplaceAll(text, brandMark, "Ourbrand"); who == "paid" {
		post.Kind, post.PaidLabel = earshotv1.PostKind_POST_KIND_MENTION, true
	}
	likeliest := 0.0
	for _, a := range e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: post}, time.Time{}) {
		for _, c := range a.GetCategories() {
			for _, f := range c.GetFindings() {
				if paraphrase.Reads(f.GetFamily()) {
					likeliest = max(likeliest, f.GetLikelihood())
				}
			}
		}
	}
	return likeliest, nil
}

func (r *rules) judge(l *labelled, category earshotv1.Category) (found, error) {
	var b engine.Brand
	if err := json.Unmarshal(l.Brand, &b); err != nil {
		return found{}, fmt.Errorf("read brand: %w", err)
	}
	e, err := r.engine.ForBrand(b, true)
	if err != nil {
		return found{}, err
	}
	kind := earshotv1.PostKind_POST_KIND_MENTION
	if l.Post.Kind == "employee" {
		kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	}
	a := e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: l.Post.ID, Platform: l.Post.Platform, Kind: kind, Text: l.Post.Text, Lang: l.Post.Lang, Author: &earshotv1.Author{Role: l.Post.Author.Role},
	}}, time.Time{})
	var out found
	for _, c := range a[0].GetCategories() {
		if c.GetCategory() != category {
			continue
		}
		out.likelihood = c.GetLikelihood()
		for _, f := range c.GetFindings() {
			out.spoken = append(out.spoken, f.GetKind())
			if f.GetLikelihood() >= engine.Likely {
				out.kinds = append(out.kinds, f.GetKind())
			}
		}
		out.guarded = len(c.GetFindings()) == 0 && len(c.GetGuards()) > 0
	}
	return out, nil
}
