// Package health finds a person together with their health: the two sides of a
// disclosure of protected health information (45 CFR 164.502(a), 164.514(b)).
//
// A condition alone is nobody's secret, and people may tell their own story: both
// sides must stand close together, and consent, fiction, animals and statistics lower
// the finding. All functions are pure.
package health

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what the detector finds.
const Version = "1.3.0"

const floor = 0.80 // domain guide 1.4: health information with an identity

// New builds the detector.
func New() detect.Detector {
	return part.Join("phi", Version, []part.Part{
		{Literals: conditions, Verify: condition},
		{Literals: endings, Verify: ending},
	})
}

// harmless tell consent, fiction, animals and statistics.
var harmless = []string{
	"consent", "letting us share", "signed it off", "with permission", "season", "episode", "drama", "tv", "novel", "tomcat", "tom cat", "vet", "vet's", "my dog", "my cat",
	"puppy", "audit is", "open data", "case report", "no name", "anonymised", "anonymized", "in memory", "celebrity", "movie", "guidelines for all", "ginger tom",
}

// pet tells an animal that is called as people are.
var pet = regexp.MustCompile(`\b\p{Lu}\p{Ll}+,? the (?:cat|dog|pup|kitten|hamster|rabbit|bunny|parrot|budgie|tortoise|horse|pony|donkey|goat|ferret|guinea pig)(?:[.,!?']| [^s])`)

// ownStory tells that the author speaks of the own health right before a matter.
var ownStory = regexp.MustCompile(`\b(?:i (?:had|have|got|was|am|need|take|beat)|i've (?:had|got|been)|i'm|my (?:own|knee|hip|back|heart|shoulder|first|last|annual)|as an? [a-z]{1,12} with)\b(?: [a-z]{1,6})?\s?\z`)

const ownStrength = 0.4

// anybody tells that a matter is said to be of people in general right before it.
var anybody = regexp.MustCompile(`\b(?:anybody|anyone|everybody|everyone|those|people|customers|guests|kids|children) (?:with|who (?:has|have|suffers?(?: from)?)) (?:an? )?(?:[a-z]+ )?\z`)

// declined tells that the author was asked about somebody, or says nothing of anybody.
var declined = regexp.MustCompile(`\b(?:no comment|(?:don't|do not|won't|will not|never) (?:say who|comment on)|who is or isn't|neither confirm|(?:can't|cannot|won't|will not) confirm|` +
	`(?:i was|i got|i've been|we've been|we were|been|people|everyone|everybody|reporters?|journalists?|neighbours|friends|mates) (?:keep |all )?ask(?:ed|ing)? (?:me |us )?(?:about|whether|if))\b|(?:\A|[.!?]\s+)asked (?:[a-z]+ ){0,4}(?:whether|if)\b`)

// own tells whether the author is the one whom a matter concerns: nobody else follows.
func own(text []byte, matter detect.Span) bool {
	const after = 90
	behind, _ := part.Around(text, detect.Span{Start: matter.End, End: matter.End}, 0, after)
	return ownStory.Match(before(text, matter)) && !someone.Match(behind)
}

// before is what stands right before a matter.
func before(text []byte, matter detect.Span) []byte {
	const reach = 40
	ahead, _ := part.Around(text, detect.Span{Start: matter.Start, End: matter.Start}, reach, 0)
	return ahead
}

// professional tells people who speak of health for a living or for a cause.
const professional = 0.5

// numbered is a ward with its number: a place, at most who is meant, and no matter.
var numbered = regexp.MustCompile(`\Award ?#?\d`)

func condition(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !ill(p.Text, h.Start, h.End) || numbered.Match(p.Text.Folded[h.Start:]) {
		return out
	}
	return disclosed(p, h.Span, out)
}

func ending(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !illEnding(p.Text.Folded, h.Start, h.End) {
		return out
	}
	return disclosed(p, h.Span, out)
}

// disclosed reports a health matter close to a person.
func disclosed(p *detect.Post, matter detect.Span, out []detect.Finding) []detect.Finding {
	const guardReach, apart = 340, 50
	if part.Official(p) || p.Insider && !p.Once("phi", matter.Start, apart) {
		return out
	}
	w, ok := find(p, matter)
	if !ok || anybody.Match(before(p.Text.Folded, matter)) {
		return out
	}
	folded, _ := part.Around(p.Text.Folded, matter, guardReach, guardReach)
	clean, _ := part.Around(p.Text.Clean, matter, guardReach, guardReach)
	if part.Has(folded, harmless) || declined.Match(folded) || pet.Match(clean) {
		w.likelihood *= 0.3
	} else if own(p.Text.Folded, matter) {
		w.likelihood *= ownStrength
	} else if w.likelihood == byName && part.Has(folded, works) {
		w.likelihood *= professional
	}
	return append(out, detect.Finding{
		Kind: "phi", Rule: "phi.person-condition", Title: "A person with their health", Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: "phi",
		Spans: []detect.Span{matter, w.span}, Likelihood: w.likelihood, Severity: 5, Floor: insiderFloor(p),
		Cite:     "45 CFR 164.502(a), 164.514(b); GDPR Art. 9",
		Mitigate: "Take the post down and tell the privacy officer today; the breach clock runs (45 CFR 164.404, GDPR Art. 33).",
		Why:      "A person who can be recognized, by " + w.why + ", and a condition, treatment or visit stand close together.",
	})
}

func insiderFloor(p *detect.Post) float64 {
	if p.Insider {
		return floor
	}
	return 0
}
