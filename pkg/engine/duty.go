package engine

import (
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// dutyRule is the prefix of the rules that a leak breaks.
const dutyRule = "duty."

// duty is the rule that an insider breaks by a leak of some kind.
type duty struct{ kind, rule, title, cite, why string }

var (
	dutyOfCare = duty{
		"personal_data", dutyRule + "personal-data", "Personal data made public by an insider", "GDPR art. 5(1)(f) and 6",
		"One of the company's own people shows somebody's personal data in public.",
	}
	dutyToPatients = duty{
		"phi_disclosure", dutyRule + "patient", "Patient made recognizable by an insider", "HIPAA Privacy Rule, 45 CFR 164.502(a)",
		"One of the company's own people tells about a person's health in public.",
	}
	dutyToMarket = duty{
		"selective_disclosure", dutyRule + "inside-information", "Inside information made public by an insider", "Regulation FD, 17 CFR 243.100; MAR art. 10",
		"One of the company's own people tells results or deals that are not published.",
	}
)

// dutyShare is how likely a leak by an insider is also a breach of duty; a prior.
const dutyShare = 0.9

// breach claims the compliance side of an insider's leak, which no word announces.
func (j *judgement) breach(leak *earshotv1.Finding, severity int) {
	var d duty
	switch {
	case leak.Kind == "financials":
		d = dutyToMarket
	case !strings.HasPrefix(leak.Kind, "pii.") && leak.Kind != "phi":
		return
	case j.context.Industry == "healthcare" || j.context.Industry == "pharma":
		d = dutyToPatients
	default:
		d = dutyOfCare
	}
	j.claim(earshotv1.Category_CATEGORY_COMPLIANCE, claim{severity: severity, finding: &earshotv1.Finding{
		Kind: d.kind, Rule: d.rule, RuleVersion: Version, Title: d.title, Spans: leak.Spans, Likelihood: round(dutyShare * leak.Likelihood),
		Impact: risk.Severity(severity), Cite: d.cite, Mitigate: leak.Mitigate, Why: d.why, Family: d.rule,
	}})
}

// exposureRule is the prefix of the rules about what outsiders show.
const exposureRule = "exposure."

// exposureShare is how likely an outsider's post that gives something away is also one
// that the brand must answer for; a prior, from the tuning set.
const exposureShare = 0.8

// exposed claims what it means for the brand's name that an outsider shows a secret of it,
// or gives away their own data where they want help.
func (j *judgement) exposed(leak *earshotv1.Finding) {
	x := claim{finding: &earshotv1.Finding{
		RuleVersion: Version, Spans: leak.Spans, Likelihood: round(exposureShare * leak.Likelihood), Mitigate: leak.Mitigate,
	}}
	f := x.finding
	switch leak.Kind {
	case "secret", "credential", "infrastructure":
		x.severity = 4
		f.Kind, f.Family, f.Rule, f.Title = "breach_rumor", "breach", exposureRule+"breach", "An outsider shows what opens a door of the brand"
		f.Cite, f.Why = "Reputation taxonomy, REP-BREACH", "Others will read it as a breach, and may try it."
	case "pii.card", "pii.iban", "pii.national_id", "pii.passport":
		x.severity, x.cap = 1, risk.LowReachCap
		f.Kind, f.Family, f.Rule, f.Title = "complaint", "grievance", exposureRule+"customer", "Somebody gives away their own data where they want help"
		f.Cite, f.Why = "Reputation taxonomy, REP-COMPLAINT", "Whoever posts a number of their own to a company waits for its help."
		f.Mitigate = "Ask them to delete it, help them in private."
	default:
		return
	}
	f.Impact = risk.Severity(x.severity)
	j.claim(earshotv1.Category_CATEGORY_REPUTATION, x)
}
