package engine

import (
	"slices"
	"strings"
	"unicode"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const officialRole = "official brand account"

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

// voice derives whose voice a post is, as rules name it (domain guide 4): own, rep, exec,
// emp, paid or pub. insider is true for the brand's own people and accounts.
func voice(insider bool, role string, paidLabel bool) string {
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

// outsiders are the roles of people outside whose word weighs more (domain guide 1.4).
//
//nolint:misspell // several languages
var outsiders = []struct {
	value float64
	words []string
}{
	{.95, []string{"regulator*", "elected", "senator*", "minister", "ministre", "ministra", "ministro"}},
	{.9, []string{"journalis*", "reporter*", "press", "presse", "prensa", "news", "newspaper", "newsroom", "editor*", "periodista", "giornalista", "jornalista", "redakteur*"}},
}

// authority is the impact driver "author role" of a category, 0 to 1.
func authority(c earshotv1.Category, who string, author *earshotv1.Author) float64 {
	value := 0.0
	switch {
	case who == "pub":
		value = prominence(author.GetRole())
	case who == "paid":
		value = .8
	case who == "emp" && c == earshotv1.Category_CATEGORY_COMPLIANCE:
		value = .5
	case who == "emp":
		value = .8
	default: // own, rep, exec
		value = 1
	}
	if author.GetVerified() {
		value += .05
	}
	return min(value, 1)
}

// prominence is the authority of somebody outside.
func prominence(role string) float64 {
	if role = wordsOf(role); role != "" {
		for _, o := range outsiders {
			if names(role, o.words) {
				return o.value
			}
		}
	}
	return .1
}

// channel is the impact driver "channel permanence and openness", 0 to 1. A leak counts
// as open wherever strangers read.
func channel(c earshotv1.Category, post *earshotv1.Post, insider bool) float64 {
	switch {
	case post.GetVisibility() == earshotv1.Visibility_VISIBILITY_DIRECT:
		return .1
	case post.GetVisibility() == earshotv1.Visibility_VISIBILITY_GROUP:
		return .3
	case c == earshotv1.Category_CATEGORY_LEAKAGE, post.GetPlatform() == "news":
		return 1
	case post.GetVisibility() == earshotv1.Visibility_VISIBILITY_FORUM:
		return .5
	case insider:
		return .8
	}
	return .5
}

// regimes are the kinds under a named regime or contract, and how much of one.
var regimes = map[string]float64{
	"phi": 1, "pii.card": 1, "financials": 1, "customer": 1, "pii.national_id": .8, "pii.passport": .8, "pii.iban": .6, "pii.dob": .6,
	"pii.phone": .6, "pii.email": .6, "pii.address": .6, "secret": .3, "credential": .3, "codename": .3, "marking": .3, "roadmap": .3,
}

// language is the primary language of a BCP 47 tag: "en-US" is "en".
func language(tag string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(primary)
}
