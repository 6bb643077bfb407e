package engine

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// concealedReason is all that remains to be read of why a post is empty (there, e).
const concealedReason = "protected activity: the text and its author are withheld"

// concealment is what of a post may be passed on: where there is one, nothing but the
// places that stand.
type concealment struct {
	active bool
	stands []*earshotv1.Span
}

// conceal drops what must not be passed on of a protected post: its compliance findings,
// or, where something stands beside what the shield covers, every finding but that.
func (j *judgement) conceal(shield shelter) {
	j.concealed.active = true
	for i := range j.cases {
		for c := range j.cases[i].claims {
			if x := &j.cases[i].claims[c]; shield.spares(categories[i], x) {
				j.concealed.stands = append(j.concealed.stands, x.finding.Spans...)
			}
		}
	}
	none := len(j.concealed.stands) == 0
	for i := range j.cases {
		c := categories[i]
		if none && c != earshotv1.Category_CATEGORY_COMPLIANCE {
			// The trained stage quotes the post in its reasons.
			j.cases[i].only(func(x *claim) bool { return x.finding.Family != modelFamily })
			continue
		}
		j.cases[i].only(func(x *claim) bool { return shield.spares(c, x) })
	}
	k := j.of(earshotv1.Category_CATEGORY_COMPLIANCE)
	k.notes = append(k.notes, concealedReason)
}

// only keeps the claims that stand, with their evidence and guards, and the guards of the
// whole category.
func (k *kase) only(stands func(*claim) bool) {
	index := make([]int, len(k.claims))
	claims, evidence := k.claims[:0:0], k.input.Evidence[:0:0]
	for i := range k.claims {
		index[i] = -1
		if stands(&k.claims[i]) {
			index[i] = len(claims)
			claims, evidence = append(claims, k.claims[i]), append(evidence, k.input.Evidence[i])
		}
	}
	guards, shown := []risk.Guard{}, []*earshotv1.Guard{}
	for i, g := range k.input.Guards {
		if g.Evidence >= 0 {
			if g.Evidence = index[g.Evidence]; g.Evidence < 0 {
				continue
			}
		}
		guards, shown = append(guards, g), append(shown, k.guards[i])
	}
	k.claims, k.input.Evidence, k.input.Guards, k.guards = claims, evidence, guards, shown
}

// apply takes out of an assessment what must not be passed on. The post keeps its id, by
// which an edit or a deletion finds it.
func (c *concealment) apply(a *earshotv1.Assessment) {
	if !c.active {
		return
	}
	a.Shadow = nil
	switch {
	case len(c.stands) > 0:
		post := proto.CloneOf(a.GetPost())
		post.Text = onlyPlaces(post.GetText(), c.stands)
		a.Post = post
	default:
		a.Post = faceless(a.GetPost())
		withoutPlaces(a)
	}
}

// faceless is what is left of a post without its text, its author and all that leads to
// them.
func faceless(p *earshotv1.Post) *earshotv1.Post {
	out := tombstone(p)
	out.Lang, out.CreatedAt, out.EditedAt, out.Visibility = p.GetLang(), p.GetCreatedAt(), p.GetEditedAt(), p.GetVisibility()
	return out
}

// withoutPlaces takes the spans out of an assessment that has no text.
func withoutPlaces(a *earshotv1.Assessment) {
	a.Match.Spans = nil
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			f.Spans = nil
		}
		for _, g := range c.GetGuards() {
			g.Spans = nil
		}
	}
}

// onlyPlaces masks every code point of text outside the places, so that spans hold.
func onlyPlaces(text string, places []*earshotv1.Span) string {
	var b strings.Builder
	point := uint32(0)
	for _, r := range text {
		if slices.ContainsFunc(places, func(s *earshotv1.Span) bool { return s.GetStart() <= point && point < s.GetEnd() }) {
			b.WriteRune(r)
		} else {
			b.WriteByte(mask)
		}
		point++
	}
	return b.String()
}
