package identifier

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// ibanForms are what follows the check digits of an IBAN, by country: so many digits (n),
// letters (a) or either (c) (SWIFT IBAN registry, release 99).
var ibanForms = map[string]string{
	"AD": "8n12c", "AE": "19n", "AL": "8n16c", "AT": "16n", "AZ": "4a20c", "BA": "16n", "BE": "12n", "BG": "4a6n8c", "BH": "4a14c", "BI": "23n",
	"BR": "23n1a1c", "BY": "4c4n16c", "CH": "5n12c", "CR": "18n", "CY": "8n16c", "CZ": "20n", "DE": "18n", "DJ": "23n", "DK": "14n", "DO": "4c20n",
	"EE": "16n", "EG": "25n", "ES": "20n", "FI": "14n", "FK": "2a12n", "FO": "14n", "FR": "10n11c2n", "GB": "4a14n", "GE": "2a16n", "GI": "4a15c",
	"GL": "14n", "GR": "7n16c", "GT": "4c20c", "HN": "4a20n", "HR": "17n", "HU": "24n", "IE": "4a14n", "IL": "19n", "IQ": "4a15n", "IS": "22n",
	"IT": "1a10n12c", "JO": "4a4n18c", "KW": "4a22c", "KZ": "3n13c", "LB": "4n20c", "LC": "4a24c", "LI": "5n12c", "LT": "16n", "LU": "3n13c",
	"LV": "4a13c", "LY": "21n", "MC": "10n11c2n", "MD": "2c18c", "ME": "18n", "MK": "3n10c2n", "MN": "16n", "MR": "23n", "MT": "4a5n18c",
	"MU": "4a19n3a", "NI": "4a20n", "NL": "4a10n", "NO": "11n", "OM": "3n16c", "PK": "4a16c", "PL": "24n", "PS": "4a21c", "PT": "21n", "QA": "4a21c",
	"RO": "4a16c", "RS": "18n", "RU": "14n15c", "SA": "2n18c", "SC": "4a20n3a", "SD": "14n", "SE": "20n", "SI": "15n", "SK": "20n", "SM": "1a10n12c",
	"SO": "19n", "ST": "21n", "SV": "4a20n", "TL": "19n", "TN": "20n", "TR": "6n16c", "UA": "6n19c", "VA": "18n", "VG": "4a16n", "XK": "16n",
	"YE": "4a4n18c",
}

// ibanLengths are the characters of an IBAN by country.
var ibanLengths = lengths(ibanForms)

func lengths(forms map[string]string) map[string]int {
	const start = 4 // country and check digits
	out := make(map[string]int, len(forms))
	for country, form := range forms {
		out[country] = start
		eachField(form, func(n int, _ byte) bool { out[country] += n; return true })
	}
	return out
}

// eachField shows the fields of a form to f until it returns false.
func eachField(form string, f func(n int, kind byte) bool) {
	n := 0
	for i := range len(form) {
		if part.Digit(form[i]) {
			n = n*10 + int(form[i]-'0')
			continue
		}
		if !f(n, form[i]) {
			return
		}
		n = 0
	}
}

// formed tells whether an IBAN's account has digits and letters where its country puts them.
func formed(iban []byte) bool {
	rest, right := iban[4:], true
	eachField(ibanForms[string(iban[:2])], func(n int, kind byte) bool {
		for _, c := range rest[:n] {
			right = right && (kind == 'c' || part.Digit(c) == (kind == 'n'))
		}
		rest = rest[n:]
		return right
	})
	return right
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
		return addIBAN(p, detect.Span{Start: i, End: end}, value, out)
	}
	return out
}

func addIBAN(p *detect.Post, span detect.Span, value []byte, out []detect.Finding) []detect.Finding {
	f := finding("pii.iban", "iban", "Bank account (IBAN)", 4, ibanLikelihood(p, span, value), span, value,
		"The country, the length and the check digits of a bank account are right.")
	f.KeepFirst, f.KeepLast = 4, 4
	return append(out, f)
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

// ibanBefore reports the IBAN whose check digits start at byte i: they follow two letters,
// and no digits need to stand together behind them.
func ibanBefore(p *detect.Post, i int, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	if i < 2 || i+1 == len(text) || !part.Digit(text[i+1]) || part.Digit(text[i-1]) || part.Digit(text[i-2]) || inAddress(text, i-2) {
		return out
	}
	end, value := ibanAt(text, i-2)
	if value == nil {
		return out
	}
	return addIBAN(p, detect.Span{Start: i - 2, End: end}, value, out)
}

// ibanSigns are what people put between the groups of an IBAN, at most maxGap bytes of it.
// Beyond ASCII any may stand there: pictures, bullets.
var ibanSigns = []byte(" .-/_|,*~:;\n\r\t")

const maxGap = 6

// ibanGap is the end of the separators at byte j where a letter or digit follows; -1 where
// none does.
func ibanGap(text []byte, j int) int {
	end := j
	for end < len(text) && end-j < maxGap && (text[end] >= 0x80 || bytes.IndexByte(ibanSigns, text[end]) >= 0) {
		end++
	}
	if end == j || end == len(text) || !part.Alnum(text[end]) {
		return -1
	}
	return end
}

// ibanAt reads an IBAN that starts at byte i, with separators between its characters.
// value is nil where there is none. In small letters the check digits must follow at once.
func ibanAt(text []byte, i int) (end int, value []byte) {
	if i > 0 && part.Alnum(text[i-1]) || !part.Alnum(text[i]) || part.Digit(text[i]) || !capital(text[i]) && (i+2 >= len(text) || !part.Digit(text[i+2])) {
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
		case len(s) != 1 || c == '.' || c == '-':
			next := ibanGap(text, j)
			if next < 0 {
				return 0, nil
			}
			j = next - 1
			continue
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
	if mod97(turned) != 1 || !formed(s) {
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
