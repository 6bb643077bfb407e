package identifier

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// national is one country's number: it counts within reach of one of its words. shape
// is what it looks like with separators; check takes it without.
type national struct {
	id, title string
	words     []string
	shape     *regexp.Regexp
	check     func([]byte) bool
	keepLast  int
}

const sep = `[ .-]?`

var nationals = []national{
	{"us-ssn", "US social security number", []string{"ssn", "social security", "social is", "itin", "taxpayer id"}, shape(`\d{3}[ -]?\d{2}[ -]?\d{4}`), ssn, 4},
	{"uk-nino", "UK national insurance number", []string{"ni number", "national insurance", "nino", "ni no", "ni num"}, shape(`[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d]`), nino, 1},
	{"uk-nhs", "NHS number", []string{"nhs"}, shape(`\d{3}[ -]?\d{3}[ -]?\d{4}`), nhs, 4},
	{"ca-sin", "Canadian social insurance number", []string{"social insurance", "sin is", "sin:", "sin #", "sin number"}, shape(`\d{3}[ -]?\d{3}[ -]?\d{3}`), sin, 3},
	{"in-aadhaar", "Aadhaar number", []string{"aadhaar", "aadhar", "uidai", "आधार"}, shape(`\d{4}[ -]?\d{4}[ -]?\d{4}`), aadhaar, 4},
	{"de-tax-id", "German tax id", []string{"steuer-id", "steuerid", "steueridentifikation", "steuer-identifikation", "idnr", "steuernummer"}, shape(`\d{2} ?\d{3} ?\d{3} ?\d{3}`), steuerID, 3}, //nolint:misspell // German
	{"fr-nir", "French social security number", []string{"sécurité sociale", "securite sociale", "numéro de sécu", "numero de secu", "nir", "insee"}, shape(`[12] ?\d{2} ?\d{2} ?\d[\dABab] ?\d{3} ?\d{3} ?\d{2}`), nir, 2},
	{"es-dni", "Spanish DNI or NIE", []string{"dni", "nie", "nif", "documento"}, shape(`[XYZxyz\d]-?\d{7}-?[A-Za-z]`), dni, 1},
	{"it-codice-fiscale", "Italian codice fiscale", []string{"codice fiscale", "cod. fisc", "c.f.", "cod fiscale"}, shape(`[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]`), codiceFiscale, 1},
	{"nl-bsn", "Dutch BSN", []string{"bsn", "burgerservicenummer", "sofinummer"}, shape(`\d{4}` + sep + `\d{2}` + sep + `\d{3}|\d{3}` + sep + `\d{3}` + sep + `\d{3}`), bsn, 3},
	{"pl-pesel", "Polish PESEL", []string{"pesel"}, shape(`\d{11}`), pesel, 3},
	{"br-cpf", "Brazilian CPF", []string{"cpf"}, shape(`\d{3}` + sep + `\d{3}` + sep + `\d{3}` + sep + `\d{2}`), cpf, 2},
	{"au-tfn", "Australian tax file number", []string{"tfn", "tax file"}, shape(`\d{3}[ -]?\d{3}[ -]?\d{3}`), tfn, 3},
	{"jp-my-number", "Japanese My Number", []string{"マイナンバー", "my number", "個人番号"}, shape(`\d{4}[ -]?\d{4}[ -]?\d{4}`), myNumber, 4},
	{"ch-ahv", "Swiss AHV number", []string{"ahv", "avs", "sozialversicherungsnummer"}, shape(`756[ .]?\d{4}[ .]?\d{4}[ .]?\d{2}`), ahv, 2},
	{"sg-nric", "Singapore NRIC", []string{"nric", "fin no"}, shape(`[STFGstfg]\d{7}[A-Za-z]`), nric, 4},
}

func shape(s string) *regexp.Regexp { return regexp.MustCompile(`(?:` + s + `)`) }

// sampleIDs stand in manuals.
var sampleIDs = map[string]bool{
	"12345678Z": true, "X1234567L": true, "00000000T": true, "AB123456C": true, "QQ123456C": true, "046454286": true, "123456782": true, "111222333": true,
	"44051401359": true, "52998224725": true, "12345678909": true, "RSSMRA85T10A562S": true, "RSSMRA80A01H501U": true, "86095742719": true, "7569217076985": true,
	"S1234567D": true, "9434765919": true,
}

// verify reports the ids of the country within reach of the hit.
func (n *national) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Text.Word(h.Span) && part.Alnum(p.Text.Folded[h.Start]) && part.Alnum(p.Text.Folded[h.End-1]) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, 40, 90)
	for _, at := range n.shape.FindAllIndex(window, 8) {
		span := detect.Span{Start: offset + at[0], End: offset + at[1]}
		value := compact(window[at[0]:at[1]])
		if !alone(p.Text.Clean, span) || sampleIDs[string(value)] || !n.check(value) {
			continue
		}
		likelihood := 0.93
		if part.Has(bytes.ToLower(window), sampleWords) {
			likelihood = 0.4
		}
		f := finding("pii.national_id", n.id, n.title, 4, likelihood, span, value,
			"It has the format of the number, passes its checks, and stands beside its name.")
		f.KeepLast = n.keepLast
		out = append(out, f)
	}
	return out
}

// alone tells whether span is no part of a longer number or word.
func alone(text []byte, span detect.Span) bool {
	return (span.Start == 0 || !part.Alnum(text[span.Start-1])) && (span.End == len(text) || !part.Alnum(text[span.End]))
}

var dashed = regexp.MustCompile(`\A\d{3}-\d{2}-\d{4}\z`)

var partWords = []string{
	"part", "parts", "order", "sku", "model", "serial", "hinge", "seal", "filter", "site", "catalogue", "catalog", "item", "ref", "tracking", "isbn", "song", "fun fact",
}

// dashedSSN reports NNN-NN-NNNN without a word for it: the dashes are the country's own.
func dashedSSN(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[h.Start:h.End]
	if !dashed.Match(text) || !alone(p.Text.Clean, h.Span) {
		return out
	}
	value := compact(text)
	if !ssn(value) {
		return out
	}
	likelihood := 0.65
	window, _ := part.Around(p.Text.Folded, h.Span, 120, 80)
	if part.Has(window, partWords) {
		likelihood = 0.2
	}
	f := finding("pii.national_id", "us-ssn", "US social security number", 4, likelihood, h.Span, value,
		"Nine digits grouped as a social security number is.")
	f.KeepLast = 4
	return append(out, f)
}

var dotted = regexp.MustCompile(`\A\d{3}\.\d{3}\.\d{3}-\d{2}\z`)

// dottedCPF reports NNN.NNN.NNN-NN with right check digits, which nothing else uses.
func dottedCPF(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[h.Start:h.End]
	if !dotted.Match(text) {
		return out
	}
	value := compact(text)
	if !cpf(value) || sampleIDs[string(value)] {
		return out
	}
	f := finding("pii.national_id", "br-cpf", "Brazilian CPF", 4, 0.85, h.Span, value, "The grouping and both check digits are those of a CPF.")
	f.KeepLast = 2
	return append(out, f)
}
