package voice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/voice"
)

func TestOf(t *testing.T) {
	for _, tc := range []struct {
		name, role string
		insider    bool
		paid       bool
		want       string
	}{
		{"outsider", "", false, false, "pub"},
		{"outsider with a title", "chief executive of a rival", false, false, "pub"},
		{"outsider with the paid label", "", false, true, "paid"},
		{"influencer", "travel influencer", false, false, "paid"},
		{"insider without a role", "", true, false, "emp"},
		{"nurse", "Krankenpfleger", true, false, "emp"},
		{"own account", "official brand account", true, false, "own"},
		{"registered", "Financial Advisor", true, false, "rep"},
		{"mortgage broker", "mortgage broker", true, false, "rep"},
		{"executive", "Chief Financial Officer", true, false, "exec"},
		{"regional director", "regional director", true, false, "exec"},
		{"word inside a word", "agentless platform engineer", true, false, "emp"},
		{"assistant of an executive", "Executive Assistant to the CEO", true, false, "emp"},
		{"seller with a grand title", "account executive", true, false, "emp"},
		{"certified by a board", "board-certified dermatologist", true, false, "emp"},
		{"on the board", "member of the board", true, false, "exec"},
		{"vice president", "Vice-President, Risk", true, false, "exec"},
		{"founder", "Co-Founder", true, false, "exec"},
		{"in brackets", "engineering (CTO)", true, false, "exec"},
		{"several titles", "CEO/founder", true, false, "exec"},
		{"own before executive", "official account of the CEO", true, false, "own"},
		{"paid before registered", "paid partner, broker", true, false, "paid"},
		{"paid label of an insider", "nurse", true, true, "emp"},
		{"outsider who is paid", "brand ambassador", false, false, "paid"},
		{"outsider with a license", "financial advisor", false, false, "pub"},
		{"german adviser", "Finanzberaterin", true, false, "rep"},
		{"german board", "Vorstandsmitglied", true, false, "exec"},
		{"german managing director", "Geschäftsführer", true, false, "exec"},
		{"french adviser", "Conseillère financière", true, false, "rep"},
		{"french managing director", "Directrice générale", true, false, "exec"},
		{"spanish adviser", "Asesor financiero", true, false, "rep"},
		{"spanish chief", "Consejera delegada", true, false, "exec"},
		{"italian adviser", "consulente finanziaria", true, false, "rep"},
		{"italian chief", "Amministratore delegato", true, false, "exec"},
		{"portuguese adviser", "consultor financeiro", true, false, "rep"},
		{"portuguese director", "Diretora executiva", true, false, "exec"},
		{"dutch adviser", "financieel adviseur", true, false, "rep"}, //nolint:misspell // Dutch
		{"dutch director", "bestuurder", true, false, "exec"},
		{"own account in german", "offizielles Markenkonto", true, false, "own"},
		{"own account in french", "compte officiel", true, false, "own"},
		{"own account in spanish", "cuenta oficial", true, false, "own"},
		{"analyst of data", "data analyst", true, false, "emp"},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, voice.Of(tc.insider, tc.role, tc.paid)) })
	}
}

func TestNamed(t *testing.T) {
	for _, tc := range []struct {
		name, role string
		words      []string
		want       bool
	}{
		{"no role", "", []string{"press"}, false},
		{"nothing but marks", "--", []string{"press"}, false},
		{"whole word", "Press Officer", []string{"press"}, true},
		{"part of a word", "express courier", []string{"press"}, false},
		{"start of a word", "Reporterin", []string{"reporter*"}, true},
		{"inside a word", "coreporter", []string{"reporter*"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, voice.Named(tc.role, tc.words)) })
	}
}
