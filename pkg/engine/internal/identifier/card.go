package identifier

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// issuer is a range of leading digits and the lengths that it uses.
type issuer struct {
	name     string
	from, to string // same length, inclusive
	lengths  string // one byte per length: 'a'+length
}

// issuers follow ISO/IEC 7812 as the networks publish their ranges; narrow before wide.
var issuers = []issuer{
	{"American Express", "34", "34", "p"},
	{"American Express", "37", "37", "p"},
	{"Mastercard", "51", "55", "q"},
	{"Mastercard", "2221", "2720", "q"},
	{"Discover", "6011", "6011", "qrst"},
	{"Discover", "644", "649", "qrst"},
	{"Discover", "65", "65", "qrst"},
	{"JCB", "3528", "3589", "qrst"},
	{"JCB", "2131", "2131", "p"},
	{"JCB", "1800", "1800", "p"},
	{"Diners Club", "300", "305", "oqrst"},
	{"Diners Club", "36", "36", "oqrst"},
	{"Diners Club", "38", "39", "oqrst"},
	{"UnionPay", "62", "62", "qrst"},
	{"Visa", "4", "4", "nqt"},
	{"Maestro", "50", "50", "mnopqrst"},
	{"Maestro", "56", "69", "mnopqrst"},
}

// network names the card network of digits; empty where no network issues them.
func network(digits []byte) string {
	length := byte('a' + len(digits))
	for _, r := range issuers {
		if prefix := string(digits[:len(r.from)]); prefix >= r.from && prefix <= r.to && bytes.IndexByte([]byte(r.lengths), length) >= 0 {
			return r.name
		}
	}
	return ""
}

// testCards are published by the networks and processors for trying out.
var testCards = map[string]bool{
	"4111111111111111": true, "4242424242424242": true, "4000000000000002": true, "4012888888881881": true, "4222222222222": true,
	"4000056655665556": true, "5555555555554444": true, "5105105105105100": true, "5200828282828210": true, "2223003122003222": true,
	"378282246310005": true, "371449635398431": true, "378734493671000": true, "6011111111111117": true, "6011000990139424": true,
	"30569309025904": true, "38520000023237": true, "3056930009020004": true, "3530111333300000": true, "3566002020360505": true,
	"5019717010103742": true, "6200000000000005": true, "4000002500003155": true, "4000000000009995": true, "4000000000000077": true,
}

var (
	cardWords = []string{
		"card", "cards", "visa", "mastercard", "amex", "maestro", "cc", "credit", "debit", "exp", "expires", "cvv", "cvc", "valid", "on the back",
		"kreditkarte", "karte", "gültig", "carte", "tarjeta", "carta", "cartão", "kaart", "top up", "カード",
	}
	otherNumbers = []string{
		"tracking", "order", "parcel", "imei", "isbn", "ean", "barcode", "serial", "invoice", "lottery", "lotto", "phone", "call", "sku", "magazijnnummer", "sendung",
		"article", "model", "case number", "ticket", "booking", "reference", "voucher", "vorgangsnummer", "bestellnummer", "pedido", "commande", "ordine", "bestelling", "encomenda",
	}
	sampleWords = []string{"test", "sandbox", "sample", "example", "dummy", "textbook", "ejemplo", "beispiel", "exemple", "esempio", "exemplo", "docs", "fun fact"} //nolint:misspell // several languages
)

// otherLabel is the name of another number right before one, in several languages.
var otherLabel = regexp.MustCompile(`(?:\b(?:ref|reference|order|booking|tracking|parcel|invoice|ticket|case|claim|complaint|incident|part|model|pallet|docket|shipment|consignment|waybill|loyalty|loyalty card|points card|clubcard|membership card|library card|ean|gtin|isbn|item|sku|bag tag|batch|voucher|coupon|gift card|serial|imei|confirmation|withdrawal|transaction|` +
	`policy|receipt|quote|bestellung|gutschein|referenz|aktenzeichen|pedido|referencia|factura|incidencia|expediente|commande|référence|dossier|facture|ordine|riferimento|fattura|pratica|` +
	`bestelling|referentie|factuur|encomenda|referência|fatura|protocolo)|(?:vorgangs|bestell|auftrags|sendungs|rechnungs|kunden|referenz|order|factuur|gutschein)nummer|注文番号|订单号)` +
	`(?:\s+(?:number|no|nr|nummer|num|número|numéro|numero|code|id|is|was|ist|es|est)){0,2}\.?\s*[:#]?\s*\z`)

// cardNumber reports the digits of a payment card. Ten in a hundred random numbers pass
// Luhn, so without a word for it and with another number's word it counts little.
func cardNumber(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	span, digits := cardIn(p.Text.Clean, h.Span)
	if digits == nil {
		return unknownCard(p, h, out)
	}
	window, offset := part.Around(p.Text.Folded, span, 120, 60)
	labelEnd := span.Start - offset
	likelihood := 0.75
	spaced := span.End-span.Start >= 2*len(digits)-1
	card := part.Has(window, cardWords)
	switch {
	case testCards[string(digits)] && nothingElse(p.Text.Clean, span):
		likelihood = 0.5 // nothing tells that it is a sample
	case testCards[string(digits)]:
		likelihood = 0.1
	case otherLabel.Match(window[:labelEnd]):
		likelihood = 0.3
	case card:
		likelihood = 0.95
	case part.Has(window, otherNumbers) || spaced:
		likelihood = 0.3
	}
	if part.Has(window, sampleWords) {
		likelihood *= 0.5
	}
	return append(out, cardFinding(span, digits, likelihood))
}

var namedCards = []string{"credit card", "debit card", "card number", "card no", "card is", "my card", "this card", "her card", "his card", "cc", "visa", "mastercard", "kreditkarte", "carte bleue", "tarjeta de crédito"}

// unknownCard reports 15 or 16 digits that pass Luhn beside the words for a card, in a
// range that no network has published.
func unknownCard(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	digits := part.Digits(nil, p.Text.Clean[h.Start:h.End])
	if len(digits) < 15 || len(digits) > 16 || !luhn(digits) || same(digits) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, h.Span, 60, 40)
	if !part.Has(window, namedCards) || part.Has(window, otherNumbers) || part.Has(window, sampleWords) {
		return out
	}
	f := finding("pii.card", "card", "Payment card number", 4, 0.75, h.Span, digits, "The digits pass the card checksum and stand beside the words for a card.")
	f.Cite, f.KeepLast = cardCite, 4
	return append(out, f)
}

func cardFinding(span detect.Span, digits []byte, likelihood float64) detect.Finding {
	f := finding("pii.card", "card", network(digits)+" card number", 4, likelihood, span, digits,
		"The digits pass the card checksum and start with a range of "+network(digits)+".")
	f.Cite, f.KeepLast = cardCite, 4
	return f
}

// cardIn is the first card in the groups of a number, so that a date or an amount
// beside it does not hide it.
func cardIn(text []byte, s detect.Span) (span detect.Span, digits []byte) {
	const least, most, maxGroups = 12, 19, 24
	starts := groups(text, s, maxGroups)
	for i, start := range starts {
		var buffer [64]byte
		n := buffer[:0]
		for _, g := range starts[i:] {
			if n = part.Digits(n, text[g.Start:g.End]); len(n) > most {
				break
			}
			if len(n) >= least && luhn(n) && network(n) != "" && !same(n) {
				return detect.Span{Start: start.Start, End: g.End}, bytes.Clone(n)
			}
		}
	}
	return span, nil
}

// groups are the runs of digits of a number, at most limit.
func groups(text []byte, s detect.Span, limit int) []detect.Span {
	var spans []detect.Span
	for i := s.Start; i < s.End && len(spans) < limit; {
		start := i
		for i < s.End && part.Digit(text[i]) {
			i++
		}
		if i > start {
			spans = append(spans, detect.Span{Start: start, End: i})
		} else {
			i++
		}
	}
	return spans
}
