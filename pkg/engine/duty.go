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
