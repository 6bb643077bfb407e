package identifier

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

var birthWords = []string{
	"born", "b. ", "(b.", "dob", "d.o.b", "date of birth", "birth date", "birthdate", "birthday is", "geboren", "geb.", "né le", "née le", "nacido", "nacida",
	"fecha de nacimiento", "nato il", "nata il", "data de nascimento", "data di nascita", "geboortedatum", "passport says", "生年月日",
}

const month = `(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)`

var dateShape = regexp.MustCompile(`\b(?:\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})|(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}(?:st|nd|rd|th|\.|er|º)? (?:of |de )?\p{L}{3,10}` +
	`,? (?:de )?(\d{4})|` + month + ` \d{1,2}(?:st|nd|rd|th)?,? (\d{4}))\b`)

// birth reports the date of birth behind a word for it.
func birth(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Text.Word(detect.Span{Start: h.Start, End: h.Start + 1}) && part.Alnum(p.Text.Folded[h.Start]) && h.Start > 0 && part.Alnum(p.Text.Folded[h.Start-1]) {
		return out
	}
	window, offset := part.Around(p.Text.Folded, detect.Span{Start: h.End, End: h.End}, 0, 48)
	at := dateShape.FindSubmatchIndex(window)
	if at == nil || !livingYear(yearIn(window, at)) {
		return out
	}
	span := detect.Span{Start: offset + at[0], End: offset + at[1]}
	return append(out, finding("pii.dob", "birth-date", "Date of birth", 3, 0.88, span, nil, "A date stands behind a word for birth."))
}

func yearIn(window []byte, at []int) int {
	for k := 2; k < len(at); k += 2 {
		if at[k] >= 0 {
			year, err := strconv.Atoi(string(window[at[k]:at[k+1]]))
			if err != nil {
				return 0
			}
			if year < 100 {
				return 1900 + year // two figures: a living person's year; 2000 and later fold into it
			}
			return year
		}
	}
	return 0
}

// livingYear tells the birth years of people who may be alive.
func livingYear(year int) bool { return year >= 1908 && year <= 2024 }

func looksLikeDate(text []byte) bool {
	at := dateShape.FindIndex(text)
	return at != nil && at[0] == 0 && at[1] == len(text)
}

var personWords = []string{"mr", "mrs", "ms", "miss", "herr", "frau", "patient", "his", "her", "id", "passport", "ni number", "genuine"}

// birthNumber reports a full date in figures beside a person or another identifier.
func birthNumber(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[h.Start:h.End]
	at := dateShape.FindSubmatchIndex(text)
	if at == nil || at[0] != 0 || at[1] != len(text) || yearIn(text, at) > 2010 || !livingYear(yearIn(text, at)) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, h.Span, 70, 40)
	if !part.Has(window, personWords) && bytes.IndexByte(window, '@') < 0 {
		return out
	}
	return append(out, finding("pii.dob", "birth-date-beside", "Date of birth", 3, 0.65, h.Span, nil,
		"A full date of a lifetime ago stands beside a person or another identifier."))
}

var passportWords = []string{
	"passport", "passeport", "reisepass", "pasaporte", "passaporto", "passaporte", "paspoort", "旅券", "パスポート", "护照", "expires in", "genuine id", "id card",
}

var passportShape = regexp.MustCompile(`\b(?:[A-Z]{1,2}\d{6,8}|\d{9}|\d{2}[A-Z]{2}\d{5}|[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}|(?:[A-Z0-9] ){8}[A-Z0-9])\b`)

// passport reports a passport number near a word for passport.
func passport(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Clean, h.Span, 60, 90)
	word := string(p.Text.Folded[h.Start:h.End])
	for _, at := range passportShape.FindAllIndex(window, 4) {
		raw := window[at[0]:at[1]]
		value := compact(raw)
		spaced := bytes.IndexByte(raw, ' ') >= 0
		digits := len(part.Digits(nil, value))
		if digits < 4 || spaced && digits == len(value) || same(value) || string(value) == "123456789" || word == "expires in" && !spaced {
			continue
		}
		span := detect.Span{Start: offset + at[0], End: offset + at[1]}
		likelihood := 0.9
		if part.Has(bytes.ToLower(window), sampleWords) {
			likelihood = 0.4
		}
		f := finding("pii.passport", "passport", "Passport number", 4, likelihood, span, value, "It has the format of a passport number and stands beside the word.")
		f.KeepLast = 2
		out = append(out, f)
	}
	return out
}

// streetWords end the name of a street in English.
var streetWords = []string{
	" street", " st", " road", " rd", " avenue", " ave", " lane", " ln", " drive", " dr", " close", " court", " ct", " crescent", " rise", " row", " hill", " way",
	" place", " terrace", " gardens", " square", " boulevard", " blvd", " parkway", " grove", " mews", " quay", " circle", " trail", " highway", " bypass",
}

var numberedName = regexp.MustCompile(`(?:(?:[Ff]lat|[Aa]pt\.?|[Uu]nit) \d{1,4}[A-Za-z]?,? )?\b\d{1,5}[A-Za-z]? (?:[A-Z][\w'’.-]*,? ){1,3}\z`)

// street reports "114 Tannery Row": a number, capitalized names and a word for street.
func street(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	if !capital(text[h.Start+1]) || h.End < len(text) && part.Alnum(text[h.End]) {
		return out
	}
	before, offset := part.Around(text, detect.Span{Start: h.Start + 1, End: h.Start + 1}, 70, 0)
	at := numberedName.FindIndex(before)
	if at == nil {
		return out
	}
	return addAddress(p, detect.Span{Start: offset + at[0], End: h.End}, out)
}

// streetStarts begin the name of a street in other languages, or end it in one word.
var streetStarts = []string{
	"rua ", "rue ", "calle ", "avenida ", "via ", "plaza ", "paseo ", "piazza ", "ul. ", "straße ", "strasse ", "str. ", "straat ", "laan ", "weg ", "vägen ", "gatan ", "gade ",
	"gasse ", "vej ", "katu ", "avda. ", "strada ", "ulica ",
}

var nameThenNumber = regexp.MustCompile(`\A(?:(?:d[aeo]s?|del|de la|la|el|los|las|du|des|di|van|[A-ZÀ-Ý][\wÀ-ÿ'’.-]*) ?){0,5},? ?\d{1,5}\b(?:, ?\d{1,2}\.?º ?\w{0,4}\.?)?`)

var numberBefore = regexp.MustCompile(`\b\d{1,5}(?: bis)?,? \z`)

// streetFirst reports "Rua das Amoreiras 212", "Lindenstraße 4", "20 Rue Hsine".
func streetFirst(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	start := h.Start
	for start > 0 && text[start-1] > ' ' && h.Start-start < 30 {
		start--
	}
	if !capital(text[start]) && text[start] < 0x80 && text[start] != 'u' {
		return out
	}
	if at := nameThenNumber.FindIndex(text[h.End:min(len(text), h.End+80)]); at != nil {
		return addAddress(p, detect.Span{Start: start, End: h.End + at[1]}, out)
	}
	before, offset := part.Around(text, detect.Span{Start: start, End: start}, 10, 0)
	if at := numberBefore.FindIndex(before); at != nil && start == h.Start {
		return addAddress(p, detect.Span{Start: offset + at[0], End: h.End + wordLength(text[h.End:])}, out)
	}
	return out
}

func wordLength(s []byte) int {
	for i, c := range s {
		if c <= ' ' || c == ',' {
			return i
		}
	}
	return len(s)
}

var militaryBox = regexp.MustCompile(`(?i)(?:psc|unit|cmr) \d{3,5},? box \d{1,5}\s+\z`)

// military reports the box of a post office of the forces.
func military(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	before, offset := part.Around(p.Text.Clean, detect.Span{Start: h.Start, End: h.Start}, 40, 0)
	at := militaryBox.FindIndex(before)
	if at == nil {
		return out
	}
	return addAddress(p, detect.Span{Start: offset + at[0], End: h.End}, out)
}

// homeWords stand before an address, dwellings behind one.
var (
	homeWords = []string{"lives at ", "i live at ", "we live at ", "who live at ", "lives on ", "lived in ", "lived at ", "lives in ", "address: ", "address is ", "moved to ", "deliver to ", "return to ", "home is "}
	dwellings = []string{"apt. ", "suite ", "appartement "}
)

var (
	numberAndName   = regexp.MustCompile(`\A\s{0,8}(?:\d{1,5}[A-Za-z]? (?:\d{1,5} )?(?:\p{Lu}[\p{L}'’.-]* ?){1,4}(?:\d{1,5})?|(?:\p{Lu}[\p{L}'’.-]* ){1,3}\d{1,5})`)
	beforeDwelling  = regexp.MustCompile(`\d{1,5} (?:\d{1,5} )?(?:\p{Lu}[\p{L}'’.-]*,? ?){1,4}(?:\d{1,5})?,?\s{0,6}\z`)
	dwellingNumber  = regexp.MustCompile(`\A\d{1,4}\b`)
	minAddressBytes = 8
)

// home reports what stands behind "lives at": a number and a name, in either order.
func home(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	at := numberAndName.FindIndex(p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+80)])
	if at == nil || at[1] < minAddressBytes {
		return out
	}
	return addAddress(p, detect.Span{Start: h.End, End: h.End + at[1]}, out)
}

// dwelling reports a flat behind a number and a name: "72 Acheron Apt. 237".
func dwelling(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	number := dwellingNumber.FindIndex(p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+6)])
	before, offset := part.Around(p.Text.Clean, detect.Span{Start: h.Start, End: h.Start}, 64, 0)
	at := beforeDwelling.FindIndex(before)
	if at == nil || number == nil {
		return out
	}
	return addAddress(p, detect.Span{Start: offset + at[0], End: h.End + number[1]}, out)
}

// publicPlaces tell an address that people are asked to come to.
var publicPlaces = []string{
	"doors open", "store", "shop", "branch", "opening", "open saturday", "visit us", "find us", "headquarters", "museum", "restaurant", "showroom", "venue", "pub",
	"come and say hi", "event", "conference", "station", "parade", "protest", "march",
}

var monthWord = regexp.MustCompile(`\b` + month + ` \d{1,2}\b`)

func addAddress(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	if monthWord.Match(p.Text.Folded[span.Start:span.End]) {
		return out // "Irving Plaza July 21" is a concert
	}
	window, _ := part.Around(p.Text.Folded, span, 120, 100)
	likelihood := 0.75
	if part.Official(p) || part.Has(window, promotions) || part.Has(window, publicPlaces) && !strings.Contains(string(window), "home") {
		likelihood = 0.25
	}
	return append(out, finding("pii.address", "street-address", "Street address", 3, likelihood, span, nil,
		"A house number and a street stand in the post."))
}
