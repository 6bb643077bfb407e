package engine

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// confidences are the kinds of leaks that end with publication.
var confidences = []string{"financials", "customer", "roadmap", "codename"}

// How much publication takes off a confidence, and how much of the doubt a blackout takes
// off figures; priors.
const (
	publishedStrength = 0.8
	blackoutStrength  = 0.5
)

// dated raises a finding about figures where the post falls into a blackout of the brand
// (domain guide 3.4, LEAK-FIN).
func (j *judgement) dated(f *earshotv1.Finding) {
	if len(j.known.Blackouts) == 0 || f.GetKind() != "financials" {
		return
	}
	if w, ok := j.known.InBlackout(j.day); ok {
		f.Likelihood = round(1 - (1-f.GetLikelihood())*(1-blackoutStrength))
		f.Why += " It falls into the blackout from " + w.From + " to " + w.To + "."
	}
}

// published takes off a confidence what the brand's calendar says is public.
func (j *judgement) published(f *earshotv1.Finding, c earshotv1.Category, evidence int) {
	if evidence < 0 || len(j.known.Published) == 0 || !slices.Contains(confidences, f.GetKind()) {
		return
	}
	t := &j.scratch.text
	p, at, ok := j.known.PublishedBy(j.day, t.Folded)
	if !ok {
		return
	}
	f.Likelihood = round(f.GetLikelihood() * (1 - publishedStrength))
	at = min(at, len(t.Folded)-1)
	place := spans(t, []text.Span{{Start: at, End: min(len(t.Folded), at+len(p.Topic))}})
	j.guard(c, "calendar.published", "Public since "+p.Date+": "+p.Topic, publishedStrength, place, evidence)
}

// dayOf is the day of a post, in the calendar's way to write it.
func dayOf(post *earshotv1.Post) string {
	if post.GetCreatedAt() == nil {
		return ""
	}
	return brand.Day(post.GetCreatedAt().AsTime())
}
