package identifier

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// countingUp holds the figures of those who count.
const countingUp = "01234567890123456789"

// dashed is the grouping of American social security numbers, which no telephone has.
var dashed = regexp.MustCompile(`\A\d{3}-\d{2}-\d{4}\z`)

var phoneFormat = regexp.MustCompile(`\A(?:\+|\(\d{2,4}\)|0\d{3,4} ?\d|0\d{3,4}-\d{6,8}\z|0\d(?:[ .-]\d{2}){4}\z|0\d{1,4}[ -]\d{3,4}[ -]\d{3,4}\z|\d{3}[-.]\d{3}[-.]\d{4}\z|1-\d{3}-\d{3})`)

// phoneNumber reports a person's telephone number: by its words, by its country's plan,
// or by the way that only telephone numbers are grouped.
func phoneNumber(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	span := phoneSpan(p.Text.Clean, h.Span)
	text := p.Text.Clean[span.Start:span.End]
	value := compact(text)
	if !phoneLike(p.Text.Clean, span, value) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, span, 80, 40)
	oneByOne := value[0] == '0' && len(text) >= 2*len(value)-1
	spoken, grouped := part.Has(window, phoneWords), phoneFormat.Match(text) || oneByOne
	whole := value[0] == '0' && len(value) >= 10 && nothingElse(p.Text.Clean, span)
	if !spoken && !grouped && !whole || part.Has(window, countedThings) || part.Official(p) || toll(value) {
		return out
	}
	likelihood, why := phoneLikelihood(p, span, spoken, whole)
	if likelihood == 0 {
		return out
	}
	if part.Has(window, promotions) && !part.Has(window, ownLines) || everybodysLine(p, span) || strangersLine(p, span) || part.Has(window, tales) {
		likelihood *= 0.5
	}
	span.End += len(extension.Find(p.Text.Clean[span.End:min(len(p.Text.Clean), span.End+9)]))
	f := finding("pii.phone", "phone", "Telephone number", 3, likelihood, span, value, why)
	f.KeepLast = 2
	return append(out, f)
}

// everybodysLine tells whether the words around a number name a line of a company, and
// nobody whose own it is.
func everybodysLine(p *detect.Post, span detect.Span) bool {
	const reach = 90
	window, _ := part.Around(p.Text.Folded, span, reach, reach)
	return part.Has(window, publicLines) && !part.Has(window, privateLines)
}

// strangersLine tells whether the number is that of somebody who called to defraud.
func strangersLine(p *detect.Post, span detect.Span) bool {
	const reach, label = 90, 20
	before, _ := part.Around(p.Text.Folded, detect.Span{Start: span.Start, End: span.Start}, label, 0)
	window, _ := part.Around(p.Text.Folded, span, reach, reach)
	return callers.Match(before) && part.Has(window, fraud)
}

// extension is the number of a telephone inside a house.
var extension = regexp.MustCompile(`(?i)\A ?(?:x|ext\.? ?)\d{1,6}\b`)

// slashed is a number as Germans write it, a stroke behind the area code; tail and head go
// on with a letter, as the numbers of things do.
var (
	slashed = regexp.MustCompile(`\A(?:0|\+\d{2} ?(?:\(0\) ?)?)\d{2,4} ?/ ?\d[\d ]{4,}\z`)
	tail    = regexp.MustCompile(`\A[-/][A-Za-z]`)
	head    = regexp.MustCompile(`[A-Za-z]-\z`)
)

// phoneLike tells whether the number at span may be one of a telephone: no date, no
// version, no social security number, no range, and no other thing's by its label.
func phoneLike(text []byte, span detect.Span, value []byte) bool {
	number := text[span.Start:span.End]
	rest := text[span.End:min(len(text), span.End+9)]
	before, _ := part.Around(text, detect.Span{Start: span.Start, End: span.Start}, 40, 0)
	if head.Match(before) {
		return false
	}
	return len(value) <= 15 && !tail.Match(rest) && !otherLabel.Match(bytes.ToLower(before)) && !famousLines[string(value)] && !strings.Contains(countingUp, string(value)) && (alone(text, span) || extension.Match(rest) && alone(text, detect.Span{Start: span.Start, End: len(text)})) &&
		!looksLikeDate(number) && !quad(number) && !dashed.Match(number) && (bytes.IndexByte(number, '/') < 0 || slashed.Match(number))
}

// phoneLikelihood judges a number by its country's plan and by the words around it; 0
// where nothing says that it is a person's telephone.
func phoneLikelihood(p *detect.Post, span detect.Span, spoken, whole bool) (likelihood float64, why string) {
	text := string(p.Text.Clean[span.Start:span.End])
	valid, service := validPhone(text, string(compact([]byte(text))), p.Event.GetLang())
	close, _ := part.Around(p.Text.Folded, span, 30, 16)
	switch {
	case service:
		return 0, ""
	case valid && spoken:
		return 0.9, "A number of the country's plan stands beside a word for telephone."
	case valid && !whole:
		return 0.7, "A number of the country's plan, grouped as telephone numbers are."
	case whole && (valid || mobileSomewhere(text)):
		return pasted, "A number of a country's plan, and nothing else."
	case part.Has(close, callWords):
		return 0.55, "A number of that length stands beside a word for telephone."
	}
	return 0, ""
}

var labelledNumber = regexp.MustCompile(`\A\(?\+?\d[\d ().-]{5,18}\d`)

// labelled reports the number behind a label, however few digits it has.
func labelled(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const fewest, enough = 6, 10 // digits; longer ones number judges
	at := labelledNumber.FindIndex(p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+22)])
	if at == nil {
		return out
	}
	span := detect.Span{Start: h.End, End: h.End + at[1]}
	value := compact(p.Text.Clean[span.Start:span.End])
	if len(value) < fewest || len(value) > enough || toll(value) || part.Official(p) || !phoneLike(p.Text.Clean, span, value) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, span, 80, 40)
	likelihood := 0.6
	if part.Has(window, promotions) || part.Has(window, publicLines) {
		likelihood *= 0.5
	}
	f := finding("pii.phone", "phone", "Telephone number", 3, likelihood, span, value, "A number stands behind the label of one.")
	f.KeepLast = 2
	return append(out, f)
}

// areaBefore is an area code with a stroke behind it, right before a number.
var areaBefore = regexp.MustCompile(`\b0\d{2,4} ?/ ?\z`)

// phoneSpan takes in the "+", the area code in brackets or before a stroke and the country
// code that stand before the digits.
func phoneSpan(text []byte, s detect.Span) detect.Span {
	before, offset := part.Around(text, detect.Span{Start: s.Start, End: s.Start}, 8, 0)
	if at := areaBefore.FindIndex(before); at != nil {
		return detect.Span{Start: offset + at[0], End: s.End}
	}
	i := s.Start
	for i > 0 && s.Start-i < 16 && (part.Digit(text[i-1]) || bytes.IndexByte([]byte("+() -."), text[i-1]) >= 0) {
		i--
	}
	for i < s.Start && !part.Digit(text[i]) && text[i] != '+' && text[i] != '(' {
		i++
	}
	return detect.Span{Start: i, End: s.End}
}

// quad tells dotted quads: network addresses and versions.
func quad(text []byte) bool {
	return bytes.Count(text, []byte(".")) == 3 && text[0] != '0' && bytes.IndexByte(text, ' ') < 0 && len(text) < 16 && text[0] != '+'
}

func toll(value []byte) bool {
	for _, start := range freeStarts {
		if bytes.HasPrefix(value, []byte(start)) {
			return true
		}
	}
	return false
}

// fiction are the ranges that Ofcom, the NANPA and ARCEP keep free for stories and that
// libphonenumber knows as no numbers.
var fiction = regexp.MustCompile(`\A(?:44|0)?(?:7700900\d{3}|1632960\d{3}|2079460\d{3})\z|\d{3}55501\d\d\z|\A(?:33|0)63998\d{4}\z`)

// validPhone asks the numbering plans of the languages' countries; service tells a line
// of a business: free, shared or dear. Ranges that are kept free for fiction count as
// real: a reader cannot tell.
func validPhone(text, value, lang string) (valid, service bool) {
	if fiction.MatchString(value) {
		return true, false
	}
	regions := []string{"US", "GB"}
	if i := strings.Index(regionsOf, lang+":"); i >= 0 && len(lang) == 2 {
		list, _, _ := strings.Cut(regionsOf[i+3:], " ")
		regions = strings.Split(list, ",")
	}
	for _, region := range regions {
		n, err := phonenumbers.Parse(text, region)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			continue
		}
		switch phonenumbers.GetNumberType(n) {
		case phonenumbers.PREMIUM_RATE, phonenumbers.TOLL_FREE, phonenumbers.SHARED_COST, phonenumbers.UAN:
			return true, true
		}
		return true, false
	}
	return false, false
}

// manyRegions are tried for a post that is one number alone.
var manyRegions = []string{"PH", "TR", "IN", "DE", "FR", "IT", "ES", "AU", "NZ", "ZA", "NG", "KR", "JP", "CN", "BR", "PL", "SE", "NL", "IE", "KE", "GH", "PK", "BD", "ID", "MY", "TH", "VN", "IL", "EG", "SA"}

func mobileSomewhere(text string) bool {
	for _, region := range manyRegions {
		if n, err := phonenumbers.Parse(text, region); err == nil && phonenumbers.IsValidNumberForRegion(n, region) {
			return true
		}
	}
	return false
}

// regionsOf are the countries whose numbers are written without a country code, by
// language.
const regionsOf = "en:US,GB,AU,IN,IE,CA es:ES,MX,AR,CO pt:PT,BR de:DE,AT,CH fr:FR,BE,CA,CH it:IT,CH nl:NL,BE ja:JP pl:PL sv:SE da:DK " +
	"tr:TR hi:IN tl:PH ko:KR zh:CN,TW,HK ar:SA,AE,EG ru:RU uk:UA cs:CZ hu:HU ro:RO el:GR,CY no:NO nb:NO fi:FI he:IL th:TH vi:VN id:ID ms:MY "
