// Package voice tells from a role whose voice a post is: the words by which people name
// what they do, in several languages.
package voice

import (
	"slices"
	"strings"
	"unicode"
)

// Official is the role of a brand's own account.
const Official = "official brand account"

// voiceWords tell from a role whose voice it is, in the order of the checks. A "*" stands
// for any end of the word.
//
//nolint:misspell // several languages
var voiceWords = []struct {
	voice string
	words []string
}{
	{"own", []string{
		"official", "brand account", "company account", "offizielle*", "markenkonto", "unternehmenskonto", "compte officiel", "cuenta oficial", "perfil oficial",
		"conta oficial", "account ufficiale", "profilo ufficiale", "officieel account", "bedrijfsaccount",
	}},
	{"paid", []string{"influencer", "affiliate", "ambassador", "sponsored", "paid", "creator", "endorser", "partner account"}},
	{"emp", []string{"executive assistant", "assistant to", "account executive", "sales executive", "board certified"}},
	{"exec", []string{
		"chief", "ceo", "cfo", "cto", "coo", "cio", "cmo", "founder", "chair", "chairman", "chairwoman", "president", "managing director",
		"executive", "director*", "board", "vp", "head of", "general counsel", "investor relations",
		"vorstand*", "geschäftsführer*", "aufsichtsrat*", "pdg", "directeur général", "directrice générale", "président*", "consejero delegado", "consejera delegada",
		"presidente", "presidenta", "amministratore delegato", "amministratrice delegata", "direttore generale", "diretor", "diretora", "bestuurder*", "bestuursvoorzitter",
	}},
	{"rep", []string{
		"advisor", "adviser", "broker", "banker", "agent", "registered", "licensed", "planner", "wealth", "trader", "portfolio manager",
		"fund manager", "relationship manager", "loan officer", "mortgage", "underwriter",
		"finanzberater*", "anlageberater*", "vermögensberater*", "bankberater*", "makler*", "conseiller financier", "conseillère financière", "courtier", "gestionnaire de patrimoine",
		"asesor financiero", "asesora financiera", "consulente finanziari*", "consultor financeiro", "consultora financeira", "assessor de investimentos",
		"financieel adviseur", "beleggingsadviseur", "makelaar",
	}},
}

// Of derives whose voice a post is, as rules name it (domain guide 4): own, rep, exec,
// emp, paid or pub. insider is true for the brand's own people and accounts.
func Of(insider bool, role string, paidLabel bool) string {
	if role = wordsOf(role); role != "" {
		for _, v := range voiceWords {
			if (insider || v.voice == "paid") && names(role, v.words) {
				return v.voice
			}
		}
	}
	switch {
	case insider:
		return "emp"
	case paidLabel:
		return "paid"
	}
	return "pub"
}

// wordsOf is a role in lower case with one blank around each word; empty where there is
// none.
func wordsOf(role string) string {
	words := strings.FieldsFunc(strings.ToLower(role), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ") + " "
}

// names tells whether one of words stands in a role that wordsOf returned.
func names(role string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		if start, ok := strings.CutSuffix(w, "*"); ok {
			return strings.Contains(role, " "+start)
		}
		return strings.Contains(role, " "+w+" ")
	})
}

// Named tells whether a role names one of words, as Of matches them.
func Named(role string, words []string) bool {
	role = wordsOf(role)
	return role != "" && names(role, words)
}
