// Package backtest judges stored posts by two sets of packs and tells what would change:
// which mentions appear, vanish or move, and which alerts.
//
// It reads what is stored and changes nothing. Stored text is redacted, on both sides
// alike: what a pack finds beside a masked secret is compared, the secret itself is not.
package backtest

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// How a judgement changed.
type How string

// A mention appears where a reviewer would now be shown it, vanishes where one no longer
// would be, and moves where only its level changes.
const (
	Appears  How = "appears"
	Vanishes How = "vanishes"
	Moves    How = "moves"
)

// Change is one category of one mention that the packs judge differently.
type Change struct {
	How                   How
	Post, Brand, Category string
	// Before and After are levels; scores from 0 to 100.
	Before, After           string
	BeforeScore, AfterScore float64
	// Rules are those that speak on one side only, or otherwise on the other.
	Rules []string
}

// Report is what a change of packs changes.
type Report struct {
	Posts, Mentions int
	Changes         []Change
	// Judgements of both sides, in the order of the posts, for the alert rules.
	Before, After []*earshotv1.Assessment
}

// Count is the number of changes of a kind.
func (r *Report) Count(how How) int {
	n := 0
	for i := range r.Changes {
		if r.Changes[i].How == how {
			n++
		}
	}
	return n
}

// Add judges one post by both engines. Posts come in the order of their time.
func (r *Report) Add(before, after *engine.Engine, ev *earshotv1.PostEvent) {
	at := ev.GetPost().GetCreatedAt().AsTime()
	r.Posts++
	then := map[string]*earshotv1.Assessment{}
	for _, a := range before.Assess(ev, at) {
		then[a.GetBrandId()] = a
		r.Before = append(r.Before, a)
	}
	for _, a := range after.Assess(ev, at) {
		r.Mentions++
		r.After = append(r.After, a)
		r.compare(then[a.GetBrandId()], a)
	}
}

func (r *Report) compare(a, b *earshotv1.Assessment) {
	for i, now := range b.GetCategories() {
		was := a.GetCategories()[i]
		seen, shown := was.GetLikelihood() >= engine.Likely, now.GetLikelihood() >= engine.Likely
		how := Moves
		switch {
		case shown && !seen:
			how = Appears
		case seen && !shown:
			how = Vanishes
		case was.GetLevel() == now.GetLevel():
			continue
		}
		r.Changes = append(r.Changes, Change{
			How: how, Post: b.GetPost().GetId(), Brand: b.GetBrandId(), Category: schemas.CategoryName(now.GetCategory()),
			Before: schemas.LevelName(was.GetLevel()), After: schemas.LevelName(now.GetLevel()),
			BeforeScore: was.GetScore(), AfterScore: now.GetScore(), Rules: different(was, now),
		})
	}
}

// different are the rules that speak in one of two judgements only, or otherwise in the
// other, in their order.
func different(a, b *earshotv1.CategoryAssessment) []string {
	type said struct{ likelihood, impact float64 }
	of := func(c *earshotv1.CategoryAssessment) map[string]said {
		out := map[string]said{}
		for _, f := range c.GetFindings() {
			out[f.GetRule()] = said{f.GetLikelihood(), f.GetImpact()}
		}
		return out
	}
	before, after := of(a), of(b)
	var out []string
	for _, f := range slices.Concat(a.GetFindings(), b.GetFindings()) {
		if rule := f.GetRule(); before[rule] != after[rule] && !slices.Contains(out, rule) {
			out = append(out, rule)
		}
	}
	return out
}

// Alerts are what fires on one side only.
type Alerts struct{ Appear, Vanish []*earshotv1.Alert }

// CompareAlerts tells two runs of the alert rules apart by the alerts' ids.
func CompareAlerts(before, after []*earshotv1.Alert) Alerts {
	return Alerts{Appear: beyond(after, before), Vanish: beyond(before, after)}
}

func beyond(list, known []*earshotv1.Alert) []*earshotv1.Alert {
	seen := map[string]bool{}
	for _, a := range known {
		seen[a.GetId()] = true
	}
	var out []*earshotv1.Alert
	for _, a := range list {
		if !seen[a.GetId()] {
			seen[a.GetId()] = true
			out = append(out, a)
		}
	}
	return out
}
