package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// officeWords name those who ask for the number that a state gives to a person: payroll,
// personnel, tax, benefits, pensions.
var officeWords = []string{
	"payroll", "payslip", "hr", "human resources", "hmrc", "benefits", "onboarding", "starter form", "new starter", "new hire", "tax office", "tax return", "taxes", "pension", "insurance number", "id number", "identity number",
	"lohnbüro", "lohnabrechnung", "gehaltsabrechnung", "personalabteilung", "finanzamt", "rentenversicherung", "krankenkasse", "nómina", "nóminas", "nominas", "recursos humanos", "rrhh", "hacienda", "seguridad social",
	"fiche de paie", "la paie", "drh", "ressources humaines", "impôts", "busta paga", "ufficio personale", "ufficio paghe", "agenzia delle entrate", "inps", "loonstrook", "salarisstrook", "salarisadministratie", "personeelszaken", "belastingdienst", "uwv",
	"folha de pagamento", "recursos humanos", "finanças", "segurança social", "inss", "kadry", "kadrach", "księgowość", "zus", "skatteverket", "lönekontoret", "løn", "skat", "給与", "人事部", "급여", "工资",
}

// official is the likelihood of a number with the right check digit beside an office that
// asks for such numbers, without its name; a prior.
const official = 0.62

// officeForm is the form of a number with a right check digit where the words around it
// name such an office, and neither a telephone nor a thing.
func officeForm(p *detect.Post, span detect.Span, value []byte) *form {
	const near = 30
	text := p.Text.Clean[span.Start:span.End]
	window, _ := part.Around(p.Text.Folded, span, 110, 90)
	if phoneFormat.Match(text) || !part.Has(window, officeWords) {
		return nil
	}
	if close, _ := part.Around(p.Text.Folded, span, near, near); part.Has(close, callWords) || part.Has(close, phoneWords[:4]) {
		return nil
	}
	for _, f := range byCheck[len(value)] {
		if f.full.Match(text) && f.right(value) {
			return f
		}
	}
	return nil
}

// insuranceShape is a British insurance number in its usual groups.
var insuranceShape = regexp.MustCompile(`\A[A-Z]{2}[ .-]?\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]?[A-D]\b`)

// insuranceNumber reports the British insurance number whose first digit stands at byte i:
// no other number is grouped so.
func insuranceNumber(p *detect.Post, i int, out []detect.Finding) []detect.Finding {
	const longest = 14
	text, start := p.Text.Clean, i-2
	if i > 2 && !capital(text[i-1]) {
		start--
	}
	if start < 0 || !capital(text[start]) || start > 0 && part.Alnum(text[start-1]) {
		return out
	}
	at := insuranceShape.FindIndex(text[start:min(len(text), start+longest)])
	if at == nil {
		return out
	}
	return bareCode(p, detect.Span{Start: start, End: start + at[1]}, out)
}
