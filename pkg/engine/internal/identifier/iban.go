package identifier

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// ibanLengths are the characters of an IBAN by country (SWIFT IBAN registry, release 99).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22,
	"CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22,
	"GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30,
	"KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20,
	"MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
	"RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
	"UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// sampleIBANs stand in the registry and in manuals.
var sampleIBANs = map[string]bool{
	"GB82WEST12345698765432": true, "GB29NWBK60161331926819": true, "DE89370400440532013000": true, "FR1420041010050500013M02606": true,
	"NL91ABNA0417164300": true, "ES9121000418450200051332": true, "IT60X0542811101000000123456": true, "BE68539007547034": true,
	"CH9300762011623852957": true, "AT611904300234573201": true, "IE29AIBK93115212345678": true, "PL61109010140000071219812874": true,
	"SE4550000000058398257466": true, "NO9386011117947": true, "DK5000400440116243": true, "FI2112345600000785": true, "PT50000201231234567890154": true,
}

var donationWords = []string{"donation", "donations", "donate", "charity", "foundation", "spende", "spenden", "don", "dons", "donación", "doação"}

// account reports an IBAN whose digits hold the number: the country is looked for in
// the few characters before it.
func account(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 18
	text := p.Text.Clean
	for i := h.Start - 1; i >= 0 && h.Start-i <= reach; i-- {
		if c := text[i]; !part.Alnum(c) && c != ' ' && c != '.' && c != '-' {
			break
		}
		end, value := ibanAt(text, i)
		if value == nil {
			continue
		}
		span := detect.Span{Start: i, End: end}
		f := finding("pii.iban", "iban", "Bank account (IBAN)", 4, ibanLikelihood(p, span, value), span, value,
			"The country, the length and the check digits of a bank account are right.")
		f.KeepFirst, f.KeepLast = 4, 4
		return append(out, f)
	}
	return out
}

func ibanLikelihood(p *detect.Post, span detect.Span, value []byte) float64 {
	window, _ := part.Around(p.Text.Folded, span, 160, 120)
	switch {
	case sampleIBANs[string(value)] && nothingElse(p.Text.Clean, span):
		return 0.5 // nothing tells that it is a sample
	case sampleIBANs[string(value)]:
		return 0.05
	case part.Official(p) || part.Has(window, donationWords):
		return 0.2
	case part.Has(window, sampleWords):
		return 0.4
	}
	return 0.95
}

// ibanAt reads an IBAN that starts at byte i, with single separators between its
// characters. value is nil where there is none.
func ibanAt(text []byte, i int) (end int, value []byte) {
	if i > 0 && part.Alnum(text[i-1]) || !capital(text[i]) {
		return 0, nil
	}
	var country [2]byte
	var buffer [40]byte
	s := buffer[:0]
	length := 0
	for j := i; j < len(text); j++ {
		c := text[j]
		switch {
		case part.Alnum(c):
			s = append(s, upper(c))
		case (c == ' ' || c == '.' || c == '-') && (len(s) != 1 || c != ' '):
			if j+1 < len(text) && part.Alnum(text[j+1]) {
				continue
			}
			return 0, nil
		default:
			return 0, nil
		}
		if len(s) == 2 {
			copy(country[:], s)
			if length = ibanLengths[string(country[:])]; length == 0 {
				return 0, nil
			}
		}
		if len(s) == 4 && (!part.Digit(s[2]) || !part.Digit(s[3])) {
			return 0, nil
		}
		if len(s) > 2 && len(s) == length {
			return j + 1, ibanChecked(text, j+1, s)
		}
	}
	return 0, nil
}

// ibanChecked is a copy of s where its check digits are right and no word goes on.
func ibanChecked(text []byte, end int, s []byte) []byte {
	if end < len(text) && part.Alnum(text[end]) {
		return nil
	}
	turned := append(append(make([]byte, 0, len(s)), s[4:]...), s[:4]...)
	if mod97(turned) != 1 {
		return nil
	}
	return append([]byte(nil), s...)
}

func capital(c byte) bool { return c >= 'A' && c <= 'Z' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}
