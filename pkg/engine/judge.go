package engine

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// judgement is one mention being judged.
type judgement struct {
	engine  *Engine
	scratch *scratch
	post    *earshotv1.Post
	mention *brand.Mention
	number  int      // of the mention
	opinion *Opinion // nil where nobody was asked
	known   brand.Known
	day     string // of the post, where the brand has a calendar

	insider bool
	terms   Terms
	shadow  []*earshotv1.Finding
	who     string
	feeling sentiment.Result
	context pack.Context
	cases   [len(categories)]kase

	concealed concealment
}

var categories = [...]earshotv1.Category{
	earshotv1.Category_CATEGORY_REPUTATION, earshotv1.Category_CATEGORY_LEAKAGE, earshotv1.Category_CATEGORY_COMPLIANCE,
}

// kase is everything said about one category.
type kase struct {
	input  risk.Input
	claims []claim
	guards []*earshotv1.Guard
	// notes say what else a reader must know: the rules whose condition fails on this text,
	// and that content is withheld.
	notes []string
}

// claim is a finding on its way to a category; evidence is its index in the input.
type claim struct {
	finding  *earshotv1.Finding
	severity int
	// read is a detector's own likelihood, before the trained stage weighed it; 0 for others.
	read float64
	// floor and cap bound the impact while this claim is the category's gravest.
	floor, cap float64
}

// maxClaims bounds the findings of a category; more of them change nothing.
const maxClaims = 64

// reset empties the judgement for the next mention. It keeps the room of what no assessment
// holds on to.
func (j *judgement) reset() {
	for i := range j.cases {
		k := &j.cases[i]
		clear(k.claims)
		*k = kase{claims: k.claims[:0], input: risk.Input{Evidence: k.input.Evidence[:0], Guards: k.input.Guards[:0]}}
	}
	*j = judgement{cases: j.cases}
}

func (j *judgement) assess() *earshotv1.Assessment {
	known := j.engine.matcher.Brands()[j.mention.Brand]
	j.know(known)
	for i := range categories {
		in := &j.cases[i].input
		in.Category, in.Entity, in.Calibration = categories[i], j.mention.Likelihood, calibrations[i]
	}
	j.hear()
	j.detected()
	guards := j.policies()
	j.overhear()
	j.paraphrased()
	j.opined()
	j.tone()
	j.gate(guards)
	out := newSheet(j.feeling)
	a := &out.assessment
	a.BrandId, a.Matched, a.Level, a.Versions = known.ID, true, earshotv1.Level_LEVEL_INFO, j.versions()
	a.Shadow = j.shadow
	out.match.Likelihood, out.match.Reason = round(j.mention.Likelihood), j.mention.Reason
	out.match.Spans = spans(&j.scratch.text, j.mention.Spans)
	for i, limits := range [...]risk.Limits{known.Tolerance.Reputation, known.Tolerance.Leakage, known.Tolerance.Compliance} {
		c := &out.categories[i]
		j.category(&j.cases[i], limits, c)
		a.Score, a.Level = max(a.Score, c.Score), max(a.Level, c.Level)
	}
	return a
}

// sheet is an assessment with the parts that every one has, made at once.
type sheet struct {
	assessment earshotv1.Assessment
	match      earshotv1.BrandMatch
	sentiment  earshotv1.Sentiment
	categories [len(categories)]earshotv1.CategoryAssessment
	list       [len(categories)]*earshotv1.CategoryAssessment
}

func newSheet(feeling sentiment.Result) *sheet {
	out := &sheet{}
	out.sentiment.Label = feeling.Label
	out.sentiment.Negative, out.sentiment.Neutral, out.sentiment.Positive = round(feeling.Negative), round(feeling.Neutral), round(feeling.Positive)
	for i := range out.list {
		out.list[i] = &out.categories[i]
	}
	out.assessment.Match, out.assessment.Categories = &out.match, out.list[:]
	if feeling.Label != "" {
		out.assessment.Sentiment = &out.sentiment
	}
	return out
}

// know gathers what conditions may ask about the mention.
func (j *judgement) know(known brand.Known) {
	if j.known = known; len(known.Published)+len(known.Blackouts) > 0 {
		j.day = dayOf(j.post)
	}
	var role string
	j.insider, role, j.who = j.engine.speaker(j.post, j.mention.Person)
	j.terms = j.engine.terms[j.post.GetPlatform()]
	if !j.terms.forbidden(termSentiment, !j.insider) {
		j.feeling = j.sentiment()
	}
	kind := earshotv1.PostKind_POST_KIND_MENTION
	if j.insider {
		kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	}
	j.context = pack.Context{
		Rules: j.engine.rules, Found: &j.scratch.found, Text: &j.scratch.text, Who: j.who, Industry: known.Industry,
		PostKind: schemas.KindName(kind), Role: role, Platform: j.post.GetPlatform(), Lang: language(j.post.GetLang()),
		Followers: int64(min(j.post.GetAuthor().GetFollowers(), 1<<62)), PaidLabel: j.post.GetPaidLabel(), Links: j.scratch.links,
		Brand:     j.mention.Spans,
		Sentiment: func() (float64, float64, float64) { return j.feeling.Negative, j.feeling.Neutral, j.feeling.Positive },
	}
}

// registered tells whether the author is on the register of any brand.
func (e *Engine) registered(post *earshotv1.Post) bool {
	var people [2]brand.Person
	return len(e.matcher.People(post, people[:0])) > 0
}

func (j *judgement) sentiment() sentiment.Result {
	t := &j.scratch.text
	read := t.Original
	if t.HTML() {
		read = string(t.Clean)
	}
	var target [8][2]int
	n := 0
	for _, s := range j.mention.Spans {
		if n == len(target) {
			break
		}
		target[n][0], target[n][1] = s.Start, s.End
		if !t.HTML() {
			target[n][0], target[n][1] = t.Bytes(s)
		}
		n++
	}
	return j.engine.sentiment.Score(read, target[:n])
}

func (j *judgement) of(c earshotv1.Category) *kase {
	return &j.cases[c-earshotv1.Category_CATEGORY_REPUTATION]
}

// claim adds a finding to its category and returns the index of its evidence, -1 where
// the category is full or the source's terms forbid the finding.
func (j *judgement) claim(c earshotv1.Category, x claim) int {
	k := j.of(c)
	if len(k.claims) == maxClaims || j.terms.forbidden(x.finding.Kind, !j.insider) {
		return -1
	}
	k.claims = append(k.claims, x)
	k.input.Evidence = append(k.input.Evidence, risk.Evidence{Family: x.finding.Family, P: x.finding.Likelihood})
	return len(k.claims) - 1
}

// The tone alone: how negative it must be, 0 to 1, to count as a complaint, and how
// likely a reviewer agrees. A prior, from the tuning set.
const (
	toneThreshold = 0.55
	toneFactor    = 0.45
)

// tone claims a complaint of the public where the words toward the brand are negative and
// the trained stage, which knows the tone, has claimed nothing.
func (j *judgement) tone() {
	heard := func(c claim) bool { return c.finding.Family == modelFamily }
	if j.insider || j.feeling.Negative < toneThreshold || slices.ContainsFunc(j.of(earshotv1.Category_CATEGORY_REPUTATION).claims, heard) {
		return
	}
	j.claim(earshotv1.Category_CATEGORY_REPUTATION, claim{severity: 1, cap: risk.LowReachCap, finding: &earshotv1.Finding{
		Kind: "complaint", Rule: "tone.negative", RuleVersion: Version, Title: "Negative words toward the brand",
		Spans:      spans(&j.scratch.text, j.mention.Spans),
		Likelihood: round(toneFactor * j.feeling.Negative), Impact: risk.Severity(1), Family: "grievance",
		Mitigate: "Let customer care answer.", Why: "Somebody outside speaks badly of the brand.",
	}})
}
