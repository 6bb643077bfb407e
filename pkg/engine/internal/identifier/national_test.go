package identifier

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestNational(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "US with its word", Role: "clerk", Text: "His social security number is 372-45-2094", Rule: "pii.us-ssn", Value: "372-45-2094"},
		{Name: "US by its dashes", Role: "consultant", Text: "a hidden column shifted everything: 372-45-2094 went out", Rule: "pii.us-ssn"},
		{Name: "US in words", Role: "analyst", Text: "his social was easy to remember: four zero one nine four four seven zero five. rhythm", Rule: "pii.us-ssn"},
		{Name: "US part numbers", Role: "parts adviser", Text: "You want 417-22-8890 for the hinge and 417-22-8891 for the seal."},
		{Name: "US famous", Text: "Fun fact: social security number 078-05-1120 was printed on a card"},
		{Name: "US never issued", Text: "ssn 666-45-2094"},
		{Name: "UK NINO", Role: "receptionist", Text: "the wrong NI number EVERY time?? It's LM 21 82 35 D Mrs Darnley", Rule: "pii.uk-nino", Value: "LM 21 82 35 D"},
		{Name: "UK NINO without a word", Text: "seat LM 21 82 35 D"},
		{Name: "UK NHS", Role: "clerk", Text: "NHS no. 450 557 7104 please chase", Rule: "pii.uk-nhs"},
		{Name: "UK NHS, wrong digit", Role: "clerk", Text: "NHS no. 450 557 7105 please chase"},
		{Name: "Canada", Text: "my SIN is 193 456 787, fix it", Rule: "pii.ca-sin"},
		{Name: "Canada, another sin", Text: "the sin is yours, 193 456 788"},
		{Name: "India", Text: "Aadhaar 4991 1866 5246 not accepted", Rule: "pii.in-aadhaar"},
		{Name: "Germany", Text: "meine Steuer-ID 47036892816 steht im Brief", Rule: "pii.de-tax-id"},
		{Name: "France", Text: "numéro de sécurité sociale 2 55 08 14 168 025 38", Rule: "pii.fr-nir"},
		{Name: "Spain", Text: "por quinta vez: DNI 39939784P, soy titular", Rule: "pii.es-dni", Value: "39939784P"},
		{Name: "Spain, manual's sample", Text: "En la casilla del DNI escribe ocho números y la letra, como 12345678Z."},
		{Name: "Italy", Text: "il codice fiscale di mio padre, FRRGLI48M12H501N, e il check-in", Rule: "pii.it-codice-fiscale"},
		{Name: "Netherlands", Text: "mijn BSN 123456782 klopt niet? probeer 232262536", Rule: "pii.nl-bsn", Value: "232262536"},
		{Name: "Poland", Text: "PESEL 02070803628 nie działa", Rule: "pii.pl-pesel"},
		{Name: "Brazil by its grouping", Text: "segue 390.533.447-05 de novo", Rule: "pii.br-cpf"},
		{Name: "Brazil masked", Text: "pediu só os três últimos do CPF, ***.***.**8-14"},
		{Name: "Australia", Text: "my tax file number: 876 543 210", Rule: "pii.au-tfn"},
		{Name: "Japan", Text: "マイナンバーは 7821 2158 1106 で間違いありません", Rule: "pii.jp-my-number"},
		{Name: "Switzerland", Text: "AHV 756.1234.5678.97", Rule: "pii.ch-ahv"},
		{Name: "Singapore", Text: "NRIC S9812385G rejected again", Rule: "pii.sg-nric"},
	})
}

func TestPassport(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "US new format", Text: "spelt her name wrong. Passport X14686351, it's Aoibhe", Rule: "pii.passport", Value: "X14686351"},
		{Name: "nine figures further on", Role: "gate agent", Text: "Left her passport on PT418 to Cork. Number 927296551, born 19 Aug 1978.", Rule: "pii.passport", Value: "927296551"},
		{Name: "Japanese post", Text: "名前の綴りが違っています。旅券番号 TS3360167、来週の便です。", Rule: "pii.passport", Value: "TS3360167"},
		{Name: "spaced out", Text: "filtering the number so: C 7 X P V 9 6 4 2 and it expires in march", Rule: "pii.passport"},
		{Name: "French format beside an id", Role: "analyst", Text: "One is a genuine ID that landed here. A: 18RA10922, 02.11.1993.", Rule: "pii.passport", Value: "18RA10922"},
		{Name: "advice", Role: "editor", Text: "check the issue date on your passport, not just the expiry. Ten years."},
		{Name: "found passport, no number", Role: "gate agent", Text: "someone left a passport in the tray at lane 3"},
		{Name: "sample", Text: "sample passport X14686351 for the tutorial"},
		{Name: "no word for it", Text: "seat code X14686351"},
	})
}
