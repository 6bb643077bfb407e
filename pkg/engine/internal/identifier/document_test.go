package identifier

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestBirthsOnDocuments holds dates of birth that no word for birth leads to, and other
// dates on documents.
func TestBirthsOnDocuments(t *testing.T) {
	const rule = "pii.birth-date-document"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a badge", Role: "crew", Text: "lost badge: Odette Marsh, 3 November 1987, come and get it", Rule: rule, Value: "3 November 1987"},
		{Name: "a licence", Role: "clerk", Text: "her driving licence is on the counter! Imelda van Roy (22 August 1958)", Rule: rule},
		{Name: "a name behind", Role: "clerk", Text: "on the wristband: 12 May 1971, Callum Dray. Ward 9?", Rule: rule},
		{Name: "German", Role: "clerk", Text: "Ausweis gefunden: Renate Pohl, 4. Mai 1962, bitte melden", Rule: rule},
		{Name: "French", Role: "clerk", Text: "un permis perdu: Mireille Aubert, 19 septembre 1974", Rule: rule},
		{Name: "Spanish", Role: "clerk", Text: "carnet encontrado: Nieves Albarracín, 7 de junio de 1969", Rule: rule},
		{Name: "a paper that was shown", Role: "door staff", Text: "the passport she showed us, third of May 1949, looks fifty", Rule: rule, Value: "third of May 1949"},
		{Name: "an outsider's day", Text: "the passport he lost on 3 May 1999 turned up"},
		{Name: "what a licence said", Role: "cashier", Text: "on his licence it said the fourth of July 1947. legend", Rule: rule},
		{Name: "a licence since", Role: "clerk", Text: "he has held his licence since 3 May 1979"},
		{Name: "no document", Role: "clerk", Text: "we met Odette Marsh, 3 November 1987, and danced"},
		{Name: "no name", Role: "clerk", Text: "photos for the licence from before 12 May 2009 are refused"},
		{Name: "an expiry", Role: "clerk", Text: "my licence says Odette Marsh, 17 June 2031"},
		{Name: "history", Role: "curator", Text: "from the archive, a badge of Sister Agnes Malone, 12 July 1952"},
		{Name: "a singer", Text: "the record by Odette Marsh, 3 November 1987, her best album"},
	})
}

// TestBirthsTold holds dates of birth in verbs of several languages.
func TestBirthsTold(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "Spanish", Role: "crew", Text: "Íñigo Arrieta nació el 3 de abril de 1990 y hoy embarcó", Rule: "pii.birth-date"},
		{Name: "Portuguese", Text: "nasci em 08/11/1984, perdi o celular", Rule: "pii.birth-date"},
		{Name: "a firm", Role: "teller", Text: "we were founded on 14/02/1949 by Mr Reddy's grandfather"},
	})
}

// TestNamedHomes holds homes without a number, and houses where people work.
func TestNamedHomes(t *testing.T) {
	const rule = "pii.named-home"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "by its name", Role: "fitter", Text: "meter for Mrs Ines Corran: Rose Cottage, Fell Road, alone since March", Rule: rule, Value: "Rose Cottage"},
		{Name: "by its place", Role: "fitter", Text: "Mr Pugh at the last cottage before the quarry owes us", Rule: rule, Value: "the last cottage"},
		{Name: "with a town, for a parcel", Text: "it goes to Larch Cottage, Nether Fell, just knock", Rule: rule, Value: "Larch Cottage"},
		{Name: "with a town, on an order", Role: "picker", Text: "on the order: Ines Corran, Larch Cottage, Nether Fell", Rule: rule},
		{Name: "a holiday let", Text: "Larch Cottage, Nether Fell is a lovely holiday let"},
		{Name: "a government", Text: "the White House, Washington says no to the parcel tax"},
		{Name: "a lunch", Text: "the Coach House, Fellbridge does sunday roasts, and they deliver"},
		{Name: "tea", Text: "we had tea at Keeper's Lodge, Fell End, what a place"},
		{Name: "by an outsider", Text: "Mr Pugh at the last cottage before the quarry is nice"},
		{Name: "nobody's", Role: "fitter", Text: "we passed the last cottage before the quarry"},
		{Name: "a shop", Role: "buyer", Text: "Mr Pugh at Hill Farm sells us milk, see the farm shop"},
		{Name: "food", Role: "cook", Text: "Mr Pugh ate the last cottage pie"},
		{Name: "a hall of music", Role: "usher", Text: "Ms Lund sings at the Malmo Opera House tonight"},
	})
}
