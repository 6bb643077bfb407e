// Package insider finds what the company's own people tell before it is public:
// figures and deals, customers, plans.
//
// Such posts have no key and no checksum, and hardly ever a word of their own: they are
// casual talk. So a finding here is a claim (words for results, deals, customers or plans
// that meet in one sentence, see claim.go) weighed by what stands around it (weigh.go):
// words of secrecy, a publication that is still to come, people who do not know yet; and
// against it a pointer to what is published, somebody else's figures, a hope, a private
// matter. The words of all classes stand in words.txt, in eight languages.
//
// Only posts of insiders are read, and of people who say that an insider told them. All
// functions are pure and linear in the length of the text.
package insider

import (
	"regexp"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what is found.
const Version = "1.0.0"

const mitigate = "Ask the author to take the post down and tell the owner of the information."

// New builds the detector.
func New() detect.Detector {
	words() // compile now, not at the first post
	d := part.Join("insider", Version, []part.Part{{Literals: sources, Verify: secondHand}})
	d.Words = true
	d.Post = func(p *detect.Post, out []detect.Finding) []detect.Finding {
		if !p.Insider || part.Official(p) {
			return out
		}
		return read(p, 0, len(p.Text.Folded)).findings(0, out)
	}
	return d
}

// sources are the people whom somebody outside has it from.
var sources = []string{
	"my cousin", "my sister", "my brother", "my flatmate", "my roommate", "my housemate", "my wife", "my husband", "my mate", "my friend", "my neighbour", "my neighbor", "my uncle",
	"my aunt", "my ex ", "my mum", "my mom", "my dad", "my girlfriend", "my boyfriend", "a mate", "a friend", "a buddy", "friend at", "someone inside", "somebody inside", "source inside",
	"insider at", "mein bruder", "meine schwester", "ein freund", "mon frère", "ma sœur", "un ami", "mi hermana", "mi hermano", "un amigo", "minha irmã", "meu irmão", "mia sorella", "mio fratello",
	"mijn broer", "mijn zus", "知り合い", "友人が",
	"my nephew", "my niece", "my son", "my daughter", "my partner", "my pal", "a pal", "bloke i know", "guy i know", "someone i know", "somebody i know", "my other half", "my missus", "my hubby", "mate of mine", "friend of mine", "mi primo",
	"mi prima", "mi cuñado", "mi novio", "mi novia", "un colega", "meu primo", "minha prima", "um amigo", "mon cousin", "ma cousine", "mon beau-frère", "ma copine", "mon copain", "un pote", "mein schwager", "eine freundin", "ein kumpel", "mio cugino",
	"mia cugina", "mio cognato", "un amico", "mijn neef", "een vriend",
}

var worksThere = regexp.MustCompile(`\A[^.!?]{0,40}(?:\b(?:works?|working|temps?|inside|in|at|does|handles|runs|told|sent|says|arbeitet|sagt|bei|travaille|bosse|trabaja|dice|trabalha|diz|lavora|werkt)\b|勤め|働)`)

// employed tells a source whose work is said, not only where they were.
var employed = regexp.MustCompile(`\A[^.!?]{0,40}(?:\b(?:(?:works?|temps?) (?:there|(?:at|for|with|inside) (?:[^a]|a[^ n])|in (?:the|their|its|your|head|finance|hr|payroll|sales)\b)|does (?:the|their|payroll|hr|it)|handles|runs|is an? [a-z ]{3,30} (?:at|for|with) (?:[^a]|a[^ n])|in their\b|arbeitet|travaille|bosse|trabaja|trabalha|lavora|werkt)|勤め|働)`)

// The log-odds that a source is as good as an insider, who says what the source told
// without the trained stage weighing it; priors.
const (
	secondHandWeight = -0.2
	employedWeight   = 0.4
)

// secondHand reads around somebody who is named as the source.
func secondHand(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Folded
	behind := text[h.End:min(len(text), h.End+80)]
	if p.Insider || !worksThere.Match(behind) {
		return out
	}
	weight := secondHandWeight
	if employed.Match(behind) {
		weight = employedWeight
	}
	window, lo := part.Around(text, h.Span, around/2, around)
	return read(p, lo, lo+len(window)).findings(weight, out)
}

// least is the log-odds from which a claim is worth telling: a likelihood of 0.4.
const least = -0.4

// findings are the claims that are worth telling, their log-odds shifted by bias.
func (r *reading) findings(bias float64, out []detect.Finding) []detect.Finding {
	before := len(out)
	if out = r.told(bias, out); len(out) == before {
		out = r.withheld(bias, out)
	}
	return out
}

// told reports the claims but those that a much likelier one overlaps.
func (r *reading) told(bias float64, out []detect.Finding) []detect.Finding {
	claims := r.claims()
	for i := range claims {
		claims[i].z = r.weigh(claims[i]) + bias
	}
	for i, c := range claims {
		if c.z >= least && !slices.ContainsFunc(claims[max(0, i-kinds):min(len(claims), i+kinds)], c.yields) {
			out = append(out, c.finding(chance(c.z)))
		}
	}
	return out
}

// kinds is how many claims a sentence has at most.
const kinds = 3

// yields tells whether c stands where o does and is much less likely.
func (c claim) yields(o claim) bool { return c.Start < o.End && o.Start < c.End && o.z > c.z+1 }

func (c claim) finding(likelihood float64) detect.Finding {
	s := c.shape
	return detect.Finding{
		Kind: s.kind, Rule: "insider." + s.rule, Title: s.title, Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: "leak.insider",
		Spans: []detect.Span{c.Span}, Likelihood: likelihood, Severity: s.severity, Cite: s.cite, Mitigate: mitigate,
		Why: s.why + ", and the words around it do not say that it is public.",
	}
}
