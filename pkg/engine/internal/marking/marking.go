// Package marking finds company information that was not meant for the public:
// confidentiality markings, code names, internal hosts, and results, deals, customers
// and plans told by insiders.
//
// It leaves out what only sounds confidential: mail footers, jokes, court papers, help
// lines. Words decide here, not meaning, so a finding without a marking or a name stays
// below certainty. All functions are pure.
package marking

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what the detectors find.
const Version = "1.0.0"

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
		{Literals: []string{"tlp:", "tlp "}, Verify: trafficLight},
		{Literals: hostEnds, Verify: host},
		{Literals: []string{"10.", "172.", "192.168."}, Verify: privateAddress},
		{Literals: wikiLinks, Verify: wikiLink},
		{Literals: secrecyWords, Verify: told},
		{Literals: []string{"the quarter", "this quarter", "q1 ", "q2 ", "q3 ", "q4 "}, Verify: results},
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

// marks are markings that stand on documents, folded.
//
//nolint:misspell // several languages
var marks = []string{
	"internal use only", "for internal use", "internal only", "internal distribution", "not for distribution", "do not distribute", "do not forward", "do not share",
	"company confidential", "strictly confidential", "strictly private", "private and confidential", "private & confidential", "board only", "board confidential",
	"commercial in confidence", "commercially sensitive", "attorney-client privileged", "attorney client privileged", "under nda", "embargoed until",
	"not for public release", "not for onward", "privileged and confidential", "privileged & confidential", "not for circulation", "not for external", "not for release", "named recipients only", "need-to-know", "trade secret", "company proprietary",
	"nur für den internen gebrauch", "nur fuer den internen gebrauch", "nur für internen gebrauch", "streng vertraulich", "nicht zur weitergabe", "firmengeheim",
	"diffusion restreinte", "usage interne", "strictement confidentiel", "ne pas diffuser", "document confidentiel",
	"uso interno", "solo uso interno", "estrictamente confidencial", "no distribuir", "confidencial y", "strettamente riservato", "riservato e confidenziale",
	"strikt vertrouwelijk", "alleen voor intern gebruik", "niet verspreiden", "uso exclusivamente interno", "estritamente confidencial", "ściśle poufne", "poufne",
	"社外秘", "部外秘", "関係者限り", "机密", "内部资料", "대외비", "конфиденциально",
}

// looseMarks are also everyday words: they count in capitals only.
var looseMarks = []string{"confidential", "proprietary", "restricted", "vertraulich", "confidentiel", "confidencial", "confidenziale", "vertrouwelijk", "for official use", "cui//", "noforn", "top secret"} //nolint:misspell // several languages

var harmless = []string{
	"recipe", "footer", "disclaimer", "signature", "mail server", "helpline", "joke", "movie", "film", "popcorn", "episode", "la confidential", "court", "judge", "unseals",
	"unsealed", "lawsuit", "filing shows", "foia", "declassified", "honey", "means", "hotline", "glossary", "training", "how to mark",
}

// marked reports a marking that stands on documents.
func marked(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Text.Word(h.Span) {
		return out
	}
	likelihood := 0.4
	switch {
	case capitals(p.Text.Clean[h.Start:h.End]) || quotedBefore(p.Text.Folded, h.Start):
		likelihood = 0.88
	case p.Insider:
		likelihood = 0.6
	}
	f := mark(p, h.Span, likelihood)
	out = append(out, f)
	if f.Likelihood > 0.8 {
		out = under(p, h.Span, out)
	}
	return out
}

// looseMark reports an everyday word in capitals.
func looseMark(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Text.Word(h.Span) || !capitals(p.Text.Clean[h.Start:h.End]) || p.Text.Clean[h.Start] < 'A' {
		return out
	}
	likelihood := 0.5
	if p.Insider || quotedBefore(p.Text.Folded, h.Start) {
		likelihood = 0.7
	}
	return append(out, mark(p, h.Span, likelihood))
}

func mark(p *detect.Post, span detect.Span, likelihood float64) detect.Finding {
	window, _ := part.Around(p.Text.Folded, span, 160, 160)
	if part.Has(window, harmless) {
		likelihood *= 0.25
	}
	return finding("marking", "marking", "Confidentiality marking", 3, likelihood, span, markCite,
		"Words that stand on documents which must not leave the company.")
}

// capitals tells text whose letters are all capitals, or of a script without them.
func capitals(s []byte) bool { return bytes.Equal(s, bytes.ToUpper(s)) }

// quotedBefore tells whether a quotation opens within 24 bytes before i.
func quotedBefore(text []byte, i int) bool {
	return bytes.ContainsAny(text[max(0, i-24):i], "\"«“„") || i >= 24 && bytes.ContainsAny(text[i-24:i], "「")
}

// leetMarks are pieces of markings in figures for letters; the window around them is
// read again with letters.
var leetMarks = []string{"c0nf", "nf1d", "d3nt", "n0t f0r", "1ntern", "1nt3rn", "int3rn", "3xt3rn", "ext3rn", "pr0pr", "c0nfid3"}

var letters = [256]byte{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

func leetMark(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, _ := part.Around(p.Text.Folded, h.Span, 12, 40)
	plain := bytes.Clone(window)
	for i, c := range plain {
		if l := letters[c]; l != 0 {
			plain[i] = l
		}
	}
	for _, words := range [][]string{marks, looseMarks, {"not for external", "confidential"}} {
		if part.Has(plain, words) {
			return append(out, finding("marking", "disguised-marking", "Disguised confidentiality marking", 3, 0.8, h.Span, markCite,
				"A confidentiality marking is written with figures for letters, so that filters miss it."))
		}
	}
	return out
}

// trafficLight reports the labels of FIRST TLP 2.0; CLEAR, and WHITE of 1.0, are public.
func trafficLight(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	rest := bytes.TrimLeft(p.Text.Folded[h.End:min(len(p.Text.Folded), h.End+8)], " ")
	end := len(p.Text.Folded) - len(bytes.TrimLeft(p.Text.Folded[h.End:], " "))
	severity, likelihood, color := 0, 0.0, ""
	switch {
	case bytes.HasPrefix(rest, []byte("red")):
		severity, likelihood, color = 5, 0.9, "red"
	case bytes.HasPrefix(rest, []byte("amber")):
		severity, likelihood, color = 4, 0.85, "amber"
	case bytes.HasPrefix(rest, []byte("green")):
		severity, likelihood, color = 2, 0.55, "green"
	default:
		return out
	}
	span := detect.Span{Start: h.Start, End: end + len(color)}
	window, _ := part.Around(p.Text.Folded, span, 120, 120)
	if !p.Text.Word(span) || part.Has(window, harmless) {
		return out
	}
	return append(out, finding("marking", "tlp-"+color, "Traffic light label "+color, severity, likelihood, span, "FIRST TLP 2.0",
		"The label limits who may read what follows."))
}
