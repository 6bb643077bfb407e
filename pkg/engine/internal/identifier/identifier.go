// Package identifier finds what identifies a person: payment cards, bank accounts,
// national and passport numbers, phone numbers, addresses, birth dates.
//
// A number counts only when its own check digit, its format or the words around it
// say so; published sample numbers, masked numbers and the addresses and lines that a
// company gives to everybody are left alone. Findings ask the engine to mask and
// fingerprint the value. All functions are pure.
package identifier

import (
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what the detector finds.
const Version = "1.3.0"

const (
	personalCite = "GDPR Art. 5(1)(f), 33; CCPA 1798.150"
	cardCite     = "PCI DSS v4.0.1 Req. 3.4, 3.5"
	mitigate     = "Hide or take the post down, tell the person, and notify data protection: 72 hours run from now (GDPR Art. 33)."
)

// New builds the detector.
func New() detect.Detector {
	parts := []part.Part{
		{Literals: []string{"@"}, Verify: email},
		{Literals: []string{" dot "}, Verify: spokenEmail},
		{Literals: providers, Verify: providerMail},
		{Literals: append(slices.Clone(repeats), digitWords...), Verify: spelled},
		{Literals: phoneLabels, Verify: labelled},
		{Literals: birthWords, Verify: birth},
		{Literals: paperWords, Verify: paperBirth},
		{Literals: passportWords, Verify: passport},
		{Literals: []string{"<<<"}, Verify: machineZone},
		{Literals: []string{"<<"}, Verify: zoneHolder},
		{Literals: homeLiterals, Verify: near},
		{Literals: dwellings, Verify: namedHome},
		{Literals: plots, Verify: plot},
		{Literals: quarters, Verify: quarter},
		{Literals: []string{" road, ", " lane, ", " street, ", " hill, ", " green, "}, Verify: houseOnStreet},
		{Literals: []string{"丁目", "chome"}, Verify: block},
		{Literals: []string{"p.o. box", "po box", "p.o.box", "p. o. box", "postbox", "postfach", "postbus", "postboks", "caixa postal"}, Verify: postBox},
		{Literals: []string{"apo a", "fpo a", "dpo a", "apo, a", "fpo, a", "dpo, a"}, Verify: military},
	}
	for i := range forms {
		if len(forms[i].words) > 0 {
			parts = append(parts, part.Part{Literals: forms[i].words, Verify: forms[i].verify})
		}
	}
	d := part.Join("pii", Version, parts)
	d.Number, d.Digits = number, figures
	return d
}

// figures looks for what holds too few digits in a row for number: addresses, and codes
// with letters.
func figures(p *detect.Post, out []detect.Finding) []detect.Finding {
	return fours(p, addresses(p, codes(p, out)))
}

// number judges a run of digits as an account, a card, an id and a phone number, in
// that order; the first that fits speaks.
func number(p *detect.Post, s detect.Span, out []detect.Finding) []detect.Finding {
	if inAddress(p.Text.Clean, s.Start) {
		return out
	}
	before := len(out)
	for _, judge := range []part.Verify{account, cardNumber, loneNumber, birthNumber, phoneNumber} {
		if out = judge(p, detect.Hit{Span: s}, out); len(out) > before {
			return out
		}
	}
	return out
}

// inAddress tells digits inside a link or a longer word.
func inAddress(text []byte, i int) bool {
	for j := i - 1; j >= 0 && i-j < 120 && text[j] > ' '; j-- {
		if text[j] == '/' && j > 0 && text[j-1] == '/' {
			return true
		}
	}
	return i > 0 && (text[i-1] == '_' || text[i-1] == '#' || text[i-1] == '$')
}

// compact is s without separators, letters in capitals.
func compact(s []byte) []byte {
	dst := make([]byte, 0, len(s))
	for _, c := range s {
		switch {
		case part.Digit(c) || c >= 'A' && c <= 'Z':
			dst = append(dst, c)
		case c >= 'a' && c <= 'z':
			dst = append(dst, c-'a'+'A')
		}
	}
	return dst
}

func finding(kind, rule, title string, severity int, likelihood float64, span detect.Span, value []byte, why string) detect.Finding {
	return detect.Finding{
		Kind: kind, Rule: "pii." + rule, Title: title, Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: kind,
		Spans: []detect.Span{span}, Likelihood: likelihood, Severity: severity,
		Cite: personalCite, Mitigate: mitigate, Why: why, Redact: true, Value: value,
	}
}
