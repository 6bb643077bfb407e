package identifier

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// form is one kind of number that a state or a carrier gives to a person. It counts
// within reach of one of its words, which may be missing where the number speaks for
// itself.
type form struct {
	id, title string
	// words lead to the number, folded; alone or as the beginning of a word.
	words []string
	// shape is what it looks like with separators, RE2; check takes it without, in
	// capitals, and may be nil.
	shape string
	check func([]byte) bool
	// least and most are the characters of the number without separators.
	least, most int
	// bare is the likelihood without a word for it; 0 where chance makes such numbers.
	bare float64
	// whole tells that a post which is nothing else is likely such a number.
	whole    bool
	severity int
	keepLast int

	pattern, full *regexp.Regexp
}

// forms are all of them. Where a bare number may be several, the first speaks: American
// ones, which have no check digit, come late.
var forms = compiled(european, asian, american, documents, patients, vehicles, accounts)

// byLength are the forms that a number of so many characters may be, and that count
// without a word. The index ends at maxCode.
var byLength = indexed(forms, func(f *form) bool { return f.bare > 0 || f.whole })

// byCheck are those that a state gives to a person and that have a check digit.
var byCheck = indexed(compiled(european, asian, american), func(f *form) bool { return f.check != nil && f.severity > 2 })

const (
	minCode      = 5
	maxCode      = 18
	longestToken = 80
	maxWhole     = 44 // bytes of a post that may be nothing but a number
)

// The likelihoods of a number beside its word, beside sample words, and alone in a post:
// priors, from the tuning sets. What is pasted alone was most likely pasted by mistake.
const (
	worded    = 0.93
	sampled   = 0.4
	pasted    = 0.55
	unchecked = 0.85
)

func compiled(tables ...[]form) []form {
	var out []form
	for _, table := range tables {
		for i := range table {
			f := table[i]
			f.pattern, f.full = regexp.MustCompile(`(?:`+f.shape+`)`), regexp.MustCompile(`\A(?:`+f.shape+`)\z`)
			if f.severity == 0 {
				f.severity = 4
			}
			out = append(out, f)
		}
	}
	return out
}

func indexed(forms []form, wanted func(*form) bool) [maxCode + 1][]*form {
	var out [maxCode + 1][]*form
	for i := range forms {
		for n := forms[i].least; n <= min(forms[i].most, maxCode) && wanted(&forms[i]); n++ {
			out[n] = append(out[n], &forms[i])
		}
	}
	return out
}

// sampleIDs stand in manuals.
var sampleIDs = map[string]bool{
	"12345678Z": true, "X1234567L": true, "00000000T": true, "AB123456C": true, "QQ123456C": true, "046454286": true, "123456782": true, "111222333": true,
	"44051401359": true, "52998224725": true, "12345678909": true, "RSSMRA85T10A562S": true, "RSSMRA80A01H501U": true, "86095742719": true, "7569217076985": true,
	"S1234567D": true, "9434765919": true, "19811228987": true, "131052308T": true, "85073003328": true, "11144477735": true,
}

// verify reports the numbers of the form within reach of its word.
func (f *form) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const before, after, most = 40, 90, 8
	if h.Start > 0 && part.Alnum(p.Text.Folded[h.Start]) && part.Alnum(p.Text.Folded[h.Start-1]) ||
		h.End-h.Start <= 4 && !p.Text.Word(h.Span) && part.Alnum(p.Text.Folded[h.End-1]) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, before, after)
	for _, at := range f.pattern.FindAllIndex(window, most) {
		span := detect.Span{Start: offset + at[0], End: offset + at[1]}
		if value := compact(window[at[0]:at[1]]); alone(p.Text.Clean, span) && f.right(value) && !otherPaper.Match(window[:at[0]]) {
			likelihood := worded
			if f.check == nil {
				likelihood = unchecked
			}
			if folded := bytes.ToLower(window); part.Has(folded, sampleWords) || f.severity == 2 && part.Has(folded, plateSales) {
				likelihood = sampled
			}
			out = append(out, f.finding(span, value, likelihood, "It has the format of the number and stands beside its name."))
		}
	}
	return out
}

// plateSales are words of those who sell a car or its plate.
var plateSales = []string{"for sale", "private plate", "personal plate", "personalised", "cherished", "is taken", "auction"}

// right tells whether value passes the checks of the form and is no sample.
func (f *form) right(value []byte) bool {
	return len(value) >= f.least && len(value) <= f.most && !sampleIDs[string(value)] && (f.check == nil || f.check(value))
}

func (f *form) finding(span detect.Span, value []byte, likelihood float64, why string) detect.Finding {
	out := finding(f.kind(), f.id, f.title, f.severity, likelihood, span, value, why)
	out.KeepLast = f.keepLast
	return out
}

// kind is the kind of the taxonomy that the form's id tells.
func (f *form) kind() string {
	switch {
	case strings.HasSuffix(f.id, "passport"):
		return "pii.passport"
	case strings.HasPrefix(f.id, "bank-"):
		return "pii.iban"
	}
	return "pii.national_id"
}
