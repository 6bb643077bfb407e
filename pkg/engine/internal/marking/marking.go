// Package marking finds company information that was not meant for the public:
// confidentiality markings, code names and internal hosts. What insiders tell in their
// own words is package insider's.
//
// It leaves out what only sounds confidential: mail footers, jokes, court papers, help
// lines. Words decide here, not meaning, so a finding without a marking or a name stays
// below certainty. All functions are pure.
package marking

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/insider"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what the detectors find.
const Version = "1.3.0"

const (
	markCite   = "ISO/IEC 27001:2022 A.5.12, A.5.13"
	lawCite    = "Directive (EU) 2016/943; 18 U.S.C. 1839(3)"
	marketCite = "17 CFR 243.100; Regulation (EU) 596/2014 Art. 7"
	mitigate   = "Ask the author to take the post down and tell the owner of the information."
)

// New builds the detector for everything that needs no list of the brand.
func New() detect.Detector {
	d := part.Join("leak", Version, []part.Part{
		{Literals: marks, Verify: marked},
		{Literals: looseMarks, Verify: looseMark},
		{Literals: leetMarks, Verify: leetMark},
		{Literals: labels, Verify: labelledMark},
		{Literals: limits, Verify: notice},
		{Literals: []string{"tlp:", "tlp "}, Verify: trafficLight},
		{Literals: hostEnds, Verify: host},
		{Literals: []string{"10.", "172.", "192.168."}, Verify: privateAddress},
		{Literals: wikiLinks, Verify: wikiLink},
		{Literals: gateways, Verify: accessHost},
		{Literals: ticketWords, Verify: ticket},
		{Literals: cloudEnds, Verify: cloudHost},
		{Literals: []string{"http://", "https://"}, Verify: bareHost},
		{Literals: []string{"s3://", "gs://", "abfss://"}, Verify: store},
		{Literals: []string{`\\`}, Verify: fileShare},
	})
	d.Words = true
	return d
}

func finding(kind, rule, title string, severity int, likelihood float64, span detect.Span, cite, why string) detect.Finding {
	return detect.Finding{
		Kind: kind, Rule: "leak." + rule, Title: title, Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: "leak." + kind,
		Spans: []detect.Span{span}, Likelihood: likelihood, Severity: severity, Cite: cite, Mitigate: mitigate, Why: why,
	}
}

// claimBias is the log-odds that a marking adds to what is told below it; a prior.
const claimBias = 1.6

// marked reports a marking that stands on documents, and what is quoted from below it.
func marked(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Text.Word(h.Span) {
		return out
	}
	likelihood := 0.4
	switch {
	case lettered(p, h.Span):
		likelihood = 0.88
	case p.Insider && (pleading(p, h.Span) || defied(p, h.Span)):
		likelihood = 0.6
	}
	f := mark(p, h.Span, likelihood)
	if out = append(out, f); f.Likelihood > 0.8 {
		out = insider.Beside(p, h.Span, claimBias, out)
	}
	return out
}

// lettered tells whether a marking stands as on a document: in capitals, quoted, or next
// to a word for the place where such words stand.
func lettered(p *detect.Post, span detect.Span) bool {
	return capitals(p.Text.Clean[span.Start:span.End]) || quotedBefore(p.Text.Folded, span.Start) || headed(p, span)
}

// pleading tells whether the author asks readers to keep what is marked so.
func pleading(p *detect.Post, span detect.Span) bool {
	window, _ := part.Around(p.Text.Folded, span, 60, 60)
	return part.Has(window, pleas)
}

// defied tells whether the author goes on and tells what is marked so. Who is bound by an
// agreement says so and goes on about something else.
func defied(p *detect.Post, span detect.Span) bool {
	const reach = 60
	after, _ := part.Around(p.Text.Folded, detect.Span{Start: span.End, End: span.End}, 0, reach)
	return !bytes.HasSuffix(p.Text.Folded[:span.End], []byte("nda")) && part.Has(after, defiances) && !part.Has(after, silences)
}

// headed tells whether a header is named within five words.
func headed(p *detect.Post, span detect.Span) bool {
	window, _ := part.Around(p.Text.Folded, span, 40, 30)
	return part.Has(window, headers)
}

// looseMark reports an everyday word in capitals, or quoted from a header.
func looseMark(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	word := p.Text.Clean[h.Start:h.End]
	if !p.Text.Word(h.Span) || word[0] < 'A' && word[0] > ' ' {
		return out
	}
	quoted, head := quotedBefore(p.Text.Folded, h.Start), headed(p, h.Span)
	likelihood := 0.5
	switch {
	case capitals(word) && (quoted || head):
		likelihood = 0.85
	case capitals(word) && everyday[string(p.Text.Folded[h.Start:h.End])]:
		return out
	case capitals(word) && p.Insider:
		likelihood = 0.7
	case capitals(word):
	case quoted && head:
		likelihood = 0.7
	default:
		return out
	}
	f := mark(p, h.Span, likelihood)
	if out = append(out, f); f.Likelihood > 0.6 {
		out = insider.Beside(p, h.Span, claimBias, out)
	}
	return out
}

func mark(p *detect.Post, span detect.Span, likelihood float64) detect.Finding {
	window, _ := part.Around(p.Text.Folded, span, 160, 160)
	if part.Has(window, harmless) || p.Text.Question(span.Start) {
		likelihood *= 0.25
	}
	return finding("marking", "marking", "Confidentiality marking", 3, likelihood, span, markCite,
		"Words that stand on documents which must not leave the company.")
}

// capitals tells text whose letters are all capitals, or of a script without them.
func capitals(s []byte) bool { return bytes.Equal(s, bytes.ToUpper(s)) }

// quotedBefore tells whether a quotation opens within 24 bytes before i.
func quotedBefore(text []byte, i int) bool {
	const reach = 24
	before := text[max(0, i-reach):i]
	if bytes.ContainsAny(before, "\"«“„‘‚「『") {
		return true
	}
	at := bytes.LastIndexByte(before, '\'')
	return at == 0 || at > 0 && bytes.IndexByte([]byte(" (:\n"), before[at-1]) >= 0
}

// leetMarks are pieces of markings in figures for letters; the window around them is
// read again with letters.
var leetMarks = []string{"c0nf", "nf1d", "d3nt", "n0t f0r", "1ntern", "1nt3rn", "int3rn", "3xt3rn", "ext3rn", "pr0pr", "c0nfid3"}

var letters = [256]byte{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

func leetMark(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Folded, h.Span, 12, 40)
	plain := bytes.Clone(window)
	for i, c := range plain {
		if l := letters[c]; l != 0 {
			plain[i] = l
		}
	}
	for _, words := range [][]string{marks, looseMarks} {
		for _, word := range words {
			i := part.Index(plain, word)
			if i < 0 || bytes.Equal(plain[i:i+len(word)], window[i:i+len(word)]) {
				continue
			}
			span := detect.Span{Start: offset + i, End: offset + i + len(word)}
			out = append(out, finding("marking", "disguised-marking", "Disguised confidentiality marking", 3, 0.8, span, markCite,
				"A confidentiality marking is written with figures for letters, so that filters miss it."))
			return insider.Beside(p, span, claimBias, out)
		}
	}
	return out
}

// colors are the labels of FIRST TLP 2.0 that limit who may read; CLEAR, and WHITE of
// 1.0, do not. The longest of those with one start comes first.
var colors = []struct {
	label, rule string
	severity    int
	likelihood  float64
}{
	{"red", "tlp-red", 5, 0.9},
	{"amber+strict", "tlp-amber", 4, 0.85},
	{"amber", "tlp-amber", 4, 0.85},
	{"green", "tlp-green", 2, 0.55},
}

// trafficLight reports a traffic light label. Where several stand together, somebody
// explains them.
func trafficLight(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Folded
	start := len(text) - len(bytes.TrimLeft(text[h.End:], " "))
	for _, c := range colors {
		span := detect.Span{Start: h.Start, End: start + len(c.label)}
		if !bytes.HasPrefix(text[start:], []byte(c.label)) || !p.Text.Word(span) {
			continue
		}
		window, _ := part.Around(text, span, 120, 120)
		if bytes.Count(window, []byte("tlp")) > 1 || part.Has(window, harmless) {
			return out
		}
		return append(out, finding("marking", c.rule, "Traffic light label "+c.label, c.severity, c.likelihood, span, "FIRST TLP 2.0",
			"The label limits who may read what follows."))
	}
	return out
}
