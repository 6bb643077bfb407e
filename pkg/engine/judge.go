package engine

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
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

	insider bool
	who     string
	feeling sentiment.Result
	context pack.Context
	cases   [len(categories)]kase
}

var categories = [...]earshotv1.Category{
	earshotv1.Category_CATEGORY_REPUTATION, earshotv1.Category_CATEGORY_LEAKAGE, earshotv1.Category_CATEGORY_COMPLIANCE,
}

// kase is everything said about one category.
type kase struct {
	input  risk.Input
	claims []claim
	guards []*earshotv1.Guard
	// unjudged names the rules whose condition fails on this text.
	unjudged []string
}

// claim is a finding on its way to a category; evidence is its index in the input.
type claim struct {
	finding  *earshotv1.Finding
	severity int
	// floor and cap bound the impact while this claim is the category's gravest.
	floor, cap float64
}

// maxClaims bounds the findings of a category; more of them change nothing.
const maxClaims = 64

func (j *judgement) assess() *earshotv1.Assessment {
	known := j.engine.matcher.Brands()[j.mention.Brand]
	j.know(known)
	for i := range categories {
		j.cases[i].input = risk.Input{Category: categories[i], Entity: j.mention.Likelihood}
	}
	j.detected()
	j.policies()
	j.tone()
	out := newSheet(j.feeling)
	a := &out.assessment
	a.BrandId, a.Matched, a.Level, a.Versions = known.ID, true, earshotv1.Level_LEVEL_INFO, j.engine.versionsOf(j.mention.Brand)
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
	out.assessment.Match, out.assessment.Sentiment, out.assessment.Categories = &out.match, &out.sentiment, out.list[:]
	return out
}

// know gathers what conditions may ask about the mention.
func (j *judgement) know(known brand.Known) {
	role, person := j.post.GetAuthor().GetRole(), j.mention.Person
	// Somebody else's employee is one of the public for this brand.
	j.insider = person != nil || j.post.GetKind() == earshotv1.PostKind_POST_KIND_EMPLOYEE && !j.engine.registered(j.post)
	if person != nil && person.Role != "" {
		role = person.Role
	}
	j.who = voice(j.insider, role, j.post.GetPaidLabel())
	j.feeling = j.sentiment()
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
	var target [8][2]int
	n := 0
	for _, s := range j.mention.Spans {
		if n == len(target) {
			break
		}
		target[n][0], target[n][1] = j.scratch.text.Bytes(s)
		n++
	}
	return j.engine.sentiment.Score(j.scratch.text.Original, target[:n])
}

func (j *judgement) of(c earshotv1.Category) *kase {
	return &j.cases[c-earshotv1.Category_CATEGORY_REPUTATION]
}

// claim adds a finding to its category and returns the index of its evidence, -1 where
// the category is full.
func (j *judgement) claim(c earshotv1.Category, x claim) int {
	k := j.of(c)
	if len(k.claims) == maxClaims {
		return -1
	}
	k.claims = append(k.claims, x)
	k.input.Evidence = append(k.input.Evidence, risk.Evidence{Family: x.finding.Family, P: x.finding.Likelihood})
	return len(k.claims) - 1
}

// detected claims what the detectors found, in the text and, by the brand's list of
// code names, in this mention.
func (j *judgement) detected() {
	for i := range j.scratch.detected {
		j.detection(&j.scratch.detected[i])
	}
	if len(j.mention.CodeNames) == 0 {
		return
	}
	d := &j.engine.codes[j.mention.Brand]
	p := detect.Post{Text: &j.scratch.text, Event: j.post, Insider: j.insider}
	var found []detect.Finding
	for _, h := range j.mention.CodeNames {
		found = d.Verify(&p, h, found)
	}
	found = distinct(stamp(found, 0, d.Version))
	for i := range found {
		j.detection(&found[i])
	}
}

// detection claims one finding. The public cannot break a company's rules.
func (j *judgement) detection(f *detect.Finding) {
	if f.Category == earshotv1.Category_CATEGORY_COMPLIANCE && !j.insider {
		return
	}
	t := &j.scratch.text
	finding := &earshotv1.Finding{
		Kind: f.Kind, Rule: f.Rule, RuleVersion: f.Version, Title: f.Title, Spans: spans(t, f.Spans),
		Likelihood: round(f.Likelihood), Impact: risk.Severity(f.Severity), Cite: f.Cite, Mitigate: f.Mitigate, Why: f.Why, Family: f.Family,
	}
	if f.Redact {
		finding.Masked, finding.Fingerprint = maskOf(t, f), j.engine.fingerprint(t, f)
	}
	j.claim(f.Category, claim{finding: finding, severity: f.Severity, floor: f.Floor})
	if j.insider && f.Category == earshotv1.Category_CATEGORY_LEAKAGE {
		j.breach(finding, f.Severity)
	}
}

// policies claims the rules of the brand's packs, and takes their guards. A rule that
// fails on this text, as by a division by zero, is a mistake in the pack that the
// category's reasons tell.
func (j *judgement) policies() {
	var protected []pack.Verdict
	packs := j.engine.packs[j.mention.Brand]
	for _, rule := range j.scratch.candidates {
		if packs != nil && !packs[rule.Pack] {
			continue
		}
		verdict, ok, err := j.context.Judge(rule)
		if err != nil {
			k := j.of(rule.Risk)
			k.unjudged = append(k.unjudged, "not judged: "+err.Error())
			continue
		}
		if !ok {
			continue
		}
		if rule.Strength > 0 {
			protected = append(protected, verdict)
			continue
		}
		j.policy(&verdict)
	}
	for i := range protected {
		if !j.exposes(protected[i].Risk) {
			j.protect(&protected[i])
		}
	}
}

// exposes tells whether the post lays somebody open so gravely that no protected matter
// in the same post can excuse it (domain guide 4.12, implementation c).
func (j *judgement) exposes(c earshotv1.Category) bool {
	return slices.ContainsFunc(j.of(c).claims, func(x claim) bool {
		return x.severity == 5 && x.finding.Likelihood >= likely && slices.Contains(exposures, x.finding.Kind)
	})
}

// exposures are the kinds of findings about other people's secrets and safety.
var exposures = []string{"phi_disclosure", "personal_data", "harassment"}

// likely is the likelihood from which a reviewer should see a finding.
const likely = 0.5

// protect takes a guard of the whole category, unless an exemption of it holds.
func (j *judgement) protect(v *pack.Verdict) {
	strength := v.Strength
	for _, g := range v.Guards {
		strength *= 1 - g.Strength
	}
	if strength > 0 {
		j.guard(v.Risk, v.Name, v.Title, strength, spans(&j.scratch.text, v.Spans), -1)
	}
}

func (j *judgement) policy(v *pack.Verdict) {
	t := &j.scratch.text
	finding := &earshotv1.Finding{
		Kind: v.Kind, Rule: v.Name, RuleVersion: v.Version, Title: v.Title, Spans: spans(t, v.Spans), Likelihood: v.Likelihood,
		Impact: risk.Severity(v.Severity), Cite: v.Cite, Mitigate: v.Mitigate, Why: v.Description, Family: v.Family,
	}
	evidence := j.claim(v.Risk, claim{finding, v.Severity, v.Floor, v.Cap})
	if evidence < 0 {
		return
	}
	// The input keeps the rule's own likelihood, of which risk takes the guards off.
	for _, g := range v.Guards {
		finding.Likelihood *= 1 - g.Strength
		j.guard(v.Risk, v.Name+"."+g.ID, g.Title, g.Strength, spans(t, g.Spans), evidence)
	}
	finding.Likelihood = round(finding.Likelihood)
}

func (j *judgement) guard(c earshotv1.Category, rule, title string, strength float64, at []*earshotv1.Span, evidence int) {
	k := j.of(c)
	k.input.Guards = append(k.input.Guards, risk.Guard{Name: rule, Strength: strength, Evidence: evidence})
	k.guards = append(k.guards, &earshotv1.Guard{Rule: rule, Title: title, Strength: strength, Spans: at})
}

// The tone alone: how negative it must be, 0 to 1, to count as a complaint, and how
// likely a reviewer agrees. A prior, from the tuning set.
const (
	toneThreshold = 0.55
	toneFactor    = 0.45
)

// tone claims a complaint of the public where the words toward the brand are negative.
func (j *judgement) tone() {
	if j.insider || j.feeling.Negative < toneThreshold {
		return
	}
	j.claim(earshotv1.Category_CATEGORY_REPUTATION, claim{severity: 1, cap: lowReachCap, finding: &earshotv1.Finding{
		Kind: "complaint", Rule: "tone.negative", RuleVersion: Version, Title: "Negative words toward the brand",
		Spans:      spans(&j.scratch.text, j.mention.Spans),
		Likelihood: round(toneFactor * j.feeling.Negative), Impact: risk.Severity(1), Family: "grievance",
		Mitigate: "Let customer care answer.", Why: "Somebody outside speaks badly of the brand.",
	}})
}

// lowReachCap is the greatest impact of a single complaint (domain guide 1.4).
const lowReachCap = 0.30
