package marking

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestNotices holds what documents say about their readers, and signs on doors.
//
//nolint:misspell // several languages
func TestNotices(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a field in capitals", Role: "designer", Text: "somebody set 'DIFFUSION: INTERNAL' in grey on page one", Rule: "leak.marking", Value: "DIFFUSION: INTERNAL"},
		{Name: "a field by an insider", Role: "analyst", Text: "it says Classification: Restricted on our fee table", Rule: "leak.marking"},
		{Name: "a Spanish field", Role: "analista", Text: "la portada: 'Clasificación: confidencial'", Rule: "leak.marking"},
		{Name: "single quotes", Text: "found their price planner, 'Trading Team Eyes Only', up 40p", Rule: "leak.marking"},
		{Name: "a team", Text: "found this deck, 'Buying Team Only', oat prices on page two", Rule: "leak.marking", Value: "Team Only"},
		{Name: "beyond a group", Role: "caterer", Text: `the memo says "no copies beyond the steering group", so`, Rule: "leak.marking"},
		{Name: "German", Role: "Berater", Text: "auf der Folie steht 'Nur für Führungskräfte', na ja", Rule: "leak.marking"},
		{Name: "French", Role: "caissier", Text: "sur la couverture: « Comité de direction uniquement »", Rule: "leak.marking"},
		{Name: "Italian", Role: "cassiera", Text: "la copertina dice 'riservato ai dirigenti', figurati", Rule: "leak.marking"},
		{Name: "in capitals", Role: "analyst", Text: "the title page of it says STORE MANAGERS ONLY in red", Rule: "leak.marking"},
		{Name: "no document", Text: "'team only' drinks in the crew room at six"},
		{Name: "no quotation", Role: "analyst", Text: "the deck is read by the team only, as ever"},
		{Name: "no reader", Role: "analyst", Text: "the deck says 'prices only' on top"},
		{Name: "a sign on a fridge", Role: "cook", Text: "the sign on the fridge says 'Management Only' because of the cheese"},
		{Name: "a quotation before", Role: "cook", Text: "the memo says 'hello', and later we and the team only laughed"},
		{Name: "open to all", Role: "analyst", Text: "classification: public, as the cover says"},
		{Name: "a list of insects", Role: "analyst", Text: "Classification: beetles, page 12 of the guide"},
	})
}
