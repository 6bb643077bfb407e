package identifier

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestAccountsInPieces holds accounts as people write them past a filter.
func TestAccountsInPieces(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "strokes", Text: "refund it to GB55 / QXZT / 0143 / 6349 / 5788 / 56 already", Rule: "pii.iban", Value: "GB55 / QXZT / 0143 / 6349 / 5788 / 56"},
		{Name: "line ends", Text: "in pieces:\nIE13\nQXZT\n408240\n08427109", Rule: "pii.iban", Value: "IE13\nQXZT\n408240\n08427109"},
		{Name: "underscores", Text: "virez sur FR95_4777_5204_7116_7190_2294_131 merci", Rule: "pii.iban"},
		{Name: "bars", Text: "stort op NL09|QXZT|9894|1343|52", Rule: "pii.iban"},
		{Name: "bullets", Text: "it is GB55 • QXZT • 0143 • 6349 • 5788 • 56, honestly", Rule: "pii.iban"},
		{Name: "pictures", Text: "it is GB55🍕QXZT🍕0143🍕6349🍕5788🍕56, honestly", Rule: "pii.iban"},
		{Name: "small letters", Role: "teller", Text: "she left de72855744431351823374 on the counter", Rule: "pii.iban", Value: "de72855744431351823374"},
		{Name: "wrong digit", Text: "refund it to GB56 / QXZT / 0143 / 6349 / 5788 / 56 already"},
		{Name: "an order", Text: "order AB12 / CDEF / 123456 / 12345678 never came"},
		{Name: "a sample", Text: "yours looks like GB29 / NWBK / 6016 / 1331 / 9268 / 19 in the example"},
		{Name: "in a link", Text: "see https://shop.example/IE13-QXZT-408240-08427109 for more"},
	})
}

// TestNumbersOfThingsLikeCards holds numbers that pass as cards and say what they are.
func TestNumbersOfThingsLikeCards(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a card", Text: "they took it off 4929 8699 9386 7744 twice", Rule: "pii.card"},
		{Name: "an order paid by card", Text: "my order failed twice, card 4929 8699 9386 7744", Rule: "pii.card"},
		{Name: "a reference", Text: "withdrawal reference 5412-9649-9091-3343 took nine minutes"},
		{Name: "a reference, after a payment by card", Text: "paid by card, reference number: 5412-9649-9091-3343, nothing came"},
		{Name: "a German case", Text: "Vorgangsnummer 4929 8699 9386 7744, keine Antwort"},
		{Name: "a voucher", Text: "gift voucher 5412-9649-9091-3343 expired"},
		{Name: "a Spanish order", Text: "el pedido número 4929 8699 9386 7744 no llega"},
	})
}

// TestNumbersBesideOffices holds numbers of states that only the office beside them names.
func TestNumbersBesideOffices(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "British, in groups", Role: "store manager", Text: "the form bounced again, JT 42 17 60 B, who spots it?", Rule: "pii.uk-nino", Value: "JT 42 17 60 B"},
		{Name: "British, with dashes", Role: "store manager", Text: "they have her down as SX-60-44-12-C", Rule: "pii.uk-nino", Value: "SX-60-44-12-C"},
		{Name: "British, a seat", Text: "seat JT 42 17 60 B is wet"},
		{Name: "British, of an order", Text: "order TN 42 17 60 B is late"},
		{Name: "Polish", Role: "cashier", Text: "Kadry odrzucają 65030828125 pani Wandy", Rule: "pii.pl-pesel"},
		{Name: "Canadian", Role: "team lead", Text: "benefits portal bounces 167 974 039 for our new hire", Rule: "pii.ca-sin"},
		{Name: "Canadian, of nobody", Role: "team lead", Text: "build 167 974 039 is green"},
		{Name: "Dutch", Role: "teamleider", Text: "salarisadministratie wil 1093.24.808 niet aannemen", Rule: "pii.nl-bsn"},
		{Name: "German", Role: "Filialleiter", Text: "laut Lohnbüro ist 61 390 752 047 falsch", Rule: "pii.de-tax-id"},
		{Name: "a part", Role: "team lead", Text: "part 167 974 039 for the payroll printer"},
		{Name: "Spanish social security", Role: "encargada", Text: "Seguridad Social no acepta 33/46698468/06", Rule: "pii.es-nss"},
		{Name: "Spanish DNI with dots", Text: "DNI 25.421.301-E y sigo sin contrato", Rule: "pii.es-dni"},
		{Name: "Portuguese social security", Text: "o meu NISS é 16773782634", Rule: "pii.pt-niss"},
		{Name: "Brazilian worker", Text: "meu PIS 982.14658.40-7 está errado", Rule: "pii.br-pis"},
		{Name: "Mexican social security", Text: "mi NSS del IMSS es 44997278757", Rule: "pii.mx-nss"},
	})
}

// TestAccountsInWordsOfTheirOwn holds accounts and numbers under the names people give them.
func TestAccountsInWordsOfTheirOwn(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "sort and acc", Text: "send it to sort 40 21 63, acc no 55127390", Rule: "pii.bank-sort-code", Value: "40 21 63, acc no 55127390"},
		{Name: "a branch in words", Text: "sort code's twenty, forty-five, nineteen and account is 55127390", Rule: "pii.bank-account"},
		{Name: "Australian", Text: "bsb 062-181 acct 1042 7719, not the old card", Rule: "pii.bank-account", Value: "1042 7719"},
		{Name: "the account first", Text: "account 55127390 sort 402163, refund there", Rule: "pii.bank-sort-code"},
		{Name: "Australian, in threes", Text: "BSB 733-012, Acc 56 1234 998", Rule: "pii.bank-bsb"},
		{Name: "the code of a branch alone", Text: "the sort code checker says 20-45-18 is in Leeds"},
		{Name: "sorted", Text: "sort 40 of the 63 boxes by noon"},
		{Name: "a nickname of a social", Text: "my sosh is 372-45-2094", Rule: "pii.us-ssn"},
		{Name: "nat ins", Text: "nat ins number jt421760b is wrong on three slips", Rule: "pii.uk-nino"},
		{Name: "a Canadian sin", Role: "clerk", Text: "the sin on his T4 is 167 974 039", Rule: "pii.ca-sin"},
		{Name: "no sin", Role: "clerk", Text: "the sin on page 167 974 030"},
		{Name: "a reg", Role: "clerk", Text: "white van, reg LN14 HGT, he is back", Rule: "pii.uk-plate"},
		{Name: "a reg for sale", Role: "clerk", Text: "private plate for sale, reg LN14 HGT"},
		{Name: "a plate of the public", Text: "plate 7KXR418 is who takes the parcels", Rule: "pii.us-plate"},
	})
}

// TestPassportsAsWritten holds passports of many countries, and what only looks so.
func TestPassportsAsWritten(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "German, few figures", Text: "meine Passnummer CKLPTR7G9 sei falsch", Rule: "pii.passport", Value: "CKLPTR7G9"},
		{Name: "Dutch", Text: "mijn paspoortnummer NXR40K8P2 wordt geweigerd", Rule: "pii.passport"},
		{Name: "Spanish", Text: "mi pasaporte es XDC480213", Rule: "pii.passport"},
		{Name: "Polish", Text: "paszport ZS4802137 nie działa", Rule: "pii.passport"},
		{Name: "Ukrainian", Text: "паспорт FE480213 не приймає", Rule: "pii.passport"},
		{Name: "Japanese", Text: "パスポート TK4802137 がエラー", Rule: "pii.passport"},
		{Name: "a travel document", Role: "crew", Text: "travel doc A0883873 belongs to a Mr Halloran", Rule: "pii.passport"},
		{Name: "a name for machines and a number", Role: "trainer", Text: "bad scan: OKONKWO<<BLESSING, 975140261, see?", Rule: "pii.passport", Value: "975140261"},
		{Name: "the first line", Role: "trainer", Text: "P<GBRMARLOWE<<TESS<ANNE<<<<<<<<<<<<<< is smudged", Rule: "pii.passport-holder"},
		{Name: "the specimen", Role: "trainer", Text: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<< is on page 7"},
		{Name: "a stream", Text: "COUT<<ENDL works, cout << 975 does too"},
		{Name: "with dashes", Text: "my passport is L-T-4-8-M-0-2-R-7, help", Rule: "pii.passport", Value: "L-T-4-8-M-0-2-R-7"},
		{Name: "with dots", Text: "passport L.T.4.8.M.0.2.R.7 is refused", Rule: "pii.passport", Value: "L.T.4.8.M.0.2.R.7"},
		{Name: "in groups behind its label", Text: "passport number 97 51 40 261 is refused", Rule: "pii.passport", Value: "97 51 40 261"},
		{Name: "shortened", Text: "pp no. 975140261, name Corran", Rule: "pii.passport"},
		{Name: "groups of something else", Text: "the passport queue took 97 51 40 261 points of my will"},
		{Name: "a word with dashes", Text: "my passport is L-O-N-G-G-O-N-E-X, help"},
		{Name: "counting with dashes", Text: "the passport queue moves 1-2-3-4-5-6-7-8-9"},
		{Name: "a gate", Role: "crew", Text: "passport control moves, gate BH4471920 was a joke, aircraft PL448291"},
		{Name: "a booking", Text: "passport queue, flight PL1904, ref 9KTR2M"},
		{Name: "no number", Text: "a passport number has nine characters"},
		{Name: "a word in capitals", Text: "my passport says SURPRISE"},
		{Name: "masked", Text: "passport ending in 404"},
	})
}

// TestResidents holds addresses beside words for a shop: of a named person, and of the shop.
func TestResidents(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a resident", Role: "cashier", Text: "Odile Marsh of 27 Larch Road left a library card at the branch", Rule: "pii.street-address"},
		{Name: "with a middle name", Role: "cashier", Text: "to the branch: Odile Ann Marsh, of 27 Larch Road, your scarf is here", Rule: "pii.street-address"},
		{Name: "a shop", Role: "cashier", Text: "our library is that of Larch Road, 27 Larch Road"},
		{Name: "a shop's own name", Role: "cashier", Text: "Marsh Lane Bakery of 27 Larch Road opens at nine"},
		{Name: "an event", Role: "cashier", Text: "tickets at the library: Odile Marsh of 27 Larch Road pours the wine"},
		{Name: "not an insider's", Text: "Odile Marsh of 27 Larch Road opens the library"},
	})
}

// TestAddressesOfManuals holds addresses of machines that belong to nobody.
func TestAddressesOfManuals(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "of the Internet", Role: "engineer", Text: "the server has the IP 91.198.174.5 now", Rule: "pii.ip-address"},
		{Name: "of manuals", Role: "engineer", Text: "the server in the docs has the IP 203.0.113.7 now"},
		{Name: "of a link", Role: "engineer", Text: "the cloud's metadata server has the IP 169.254.169.254"},
		{Name: "counting up", Text: "tills 1 2 3 4 5 6 7 8 are open, call in"},
	})
}

// TestBrokenCards holds cards with more between their groups than forms allow.
func TestBrokenCards(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "told", Text: "it starts 4929 then 8699 then 9386 then 7744, declined", Rule: "pii.card"},
		{Name: "dots", Text: "4929…8699…9386…7744 is mine", Rule: "pii.card"},
		{Name: "stars", Text: "my card 4929 * 8699 * 9386 * 7744", Rule: "pii.card"},
		{Name: "counted", Text: "first four 4929, next lot 8699, then 9386 and it ends in 7744", Rule: "pii.card"},
		{Name: "years that are counted", Text: "it began in 4929, next 8699, and the last four are 9386 and 7743"},
		{Name: "wrong digit", Text: "it starts 4929 then 8699 then 9386 then 7745, declined"},
		{Name: "an order", Text: "order 4929 / / 8699 / / 9386 / / 7744"},
		{Name: "years", Text: "2019, then 2020, then 2021, then 2022, what years"},
	})
}

// TestLetteredNumbers holds numbers with letters for figures.
func TestLetteredNumbers(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a telephone", Text: "ring O77OO 9OO 341 and ask for Gary", Rule: "pii.phone", Value: "O77OO 9OO 341"},
		{Name: "stars", Text: "his mobile 0*7*7*0*0*9*0*0*4*5*1 is on", Rule: "pii.phone", Value: "0*7*7*0*0*9*0*0*4*5*1"},
		{Name: "a card", Text: "my card 4929 8699 9386 7744 with an O: 4929 8699 938O 774l", Rule: "pii.card", Value: "4929 8699 9386 7744"},
		{Name: "no word", Text: "O77OO 9OO 341 is what the wall says"},
		{Name: "a product", Text: "call it 20oo or 3Oo, the model 77oo 9oo 341 of old"},
		{Name: "a sum", Text: "work out 2*3*4*5*6*7*8*9*1*2 first"},
	})
}

// TestMailboxesOfProviders holds mailboxes whose domain is the name of a provider.
func TestMailboxesOfProviders(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "figures", Text: "winner: ines.corran77 at gmail, look there", Rule: "pii.email", Value: "ines.corran77 at gmail"},
		{Name: "an underscore", Text: "write to ines_corran at hotmail", Rule: "pii.email"},
		{Name: "a word", Text: "she is an engineer at yahoo"},
		{Name: "a year", Text: "the outage of 2024 at gmail"},
		{Name: "a dotted letter", Text: "hello at Bramble dot the i's first"},
	})
}

// TestMailboxesOfFunctions holds mailboxes that nobody owns.
func TestMailboxesOfFunctions(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "anyone", Text: "really, write to anyone@fern.example"},
		{Name: "of a country", Text: "press.uk@fern.example knows"},
		{Name: "of a desk", Text: "ask help-desk@fern.example"},
		{Name: "a person of that name", Text: "she is press.angela@fern.example", Rule: "pii.email"},
		{Name: "German", Text: "schreibt an kundenservice@fern.example"},
	})
}

// TestPhonesAsPeopleGiveThem holds numbers in the ways that people write and say them, and
// the numbers of firms, callers and things beside the same words.
func TestPhonesAsPeopleGiveThem(t *testing.T) {
	const rule = "pii.phone"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a stroke behind the area code", Text: "call Uwe, +49 176/20418833, not me", Rule: rule},
		{Name: "one figure at a time", Text: "0-7-7-0-0-9-0-0-2-0-4 that is who sold me the fake", Rule: rule, Value: "0-7-7-0-0-9-0-0-2-0-4"},
		{Name: "letters, somebody's own", Text: "the boss's own is O77OO 9OO 2O4, wake him", Rule: rule, Value: "O77OO 9OO 2O4"},
		{Name: "treble", Text: "ring her: oh double seven double oh nine double oh treble two", Rule: rule},
		{Name: "a bell", Text: "give us a bell, 07700900204", Rule: rule},
		{Name: "mob", Text: "my mob 07700900204", Rule: rule},
		{Name: "on hold, but call me", Text: "call me on 07700 900204, I was on hold for an hour", Rule: rule},
		{Name: "German, a dash", Text: "call Uwe, 01632-960204, bitte", Rule: rule},
		{Name: "a docket", Text: "docket 07700 900204 and still no van"},
		{Name: "their office", Text: "tried 020 7946 0204, their office line, all day"},
		{Name: "the council's", Text: "ring the council on 01632 960204"},
		{Name: "of a story", Text: "in the film her phone was 020 7946 0204"},
		{Name: "of a loyalty card", Text: "my loyalty card number is 6335 5500 1234 567, call it lost"},
		{Name: "of a model", Text: "phone model SM-01632960204, dead"},
		{Name: "a hotline that nobody answers", Text: "rang 020 7946 0204 ten times, nobody picks up"},
		{Name: "the firm's own on its site", Text: "your fax on the website is 020 7946 0204"},
		{Name: "a caller who defrauds", Text: "spam call from 07700 900204, they were pretending to be the bank"},
		{Name: "a caller who does not", Text: "missed a call from 07700 900204, whose is it?", Rule: rule},
		{Name: "a part", Text: "part no 212-555-0104 is what the boiler needs"},
		{Name: "a part with a letter", Text: "the box says 212-555-0104-B, call it a filter"},
		{Name: "a case", Text: "case ref 01632960204, calling tomorrow"},
	})
}
