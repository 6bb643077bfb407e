// Package detect is the meeting place of the engine and its detectors: what a
// detector asks for, what it is shown and what it reports.
//
// A detector never searches the text for its words: it names literals, which the
// engine finds together with all others in one pass, and checks the places where
// they stand. It does no I/O and keeps no state between posts.
package detect

import (
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Span is a half-open byte range [Start, End) of Post.Text's Clean and Folded.
type Span = text.Span

// Post is what a detector is shown. It is valid during the call only.
type Post struct {
	// Text has Clean (case kept) and Folded (lower case), which share byte offsets.
	Text *text.Text
	// Event is the post as it arrived. Its text is Text.Original.
	Event *earshotv1.Post
	// Insider is true for the company's own people and accounts.
	Insider bool
	// Plain is true where Text is the reading that spells disguised words out. The engine
	// keeps what is found in words that were in disguise.
	Plain bool

	looked map[string]int
}

// Once tells whether the detector of that name has not been told so for a place within
// reach bytes before at. It bounds the work of a costly check on a text full of hits.
func (p *Post) Once(name string, at, reach int) bool {
	if last, ok := p.looked[name]; ok && at-last < reach {
		return false
	}
	if p.looked == nil {
		p.looked = make(map[string]int, 1)
	}
	p.looked[name] = at
	return true
}

// Hit is a place where one of a detector's literals stands.
type Hit struct {
	// Literal is the index in Detector.Literals.
	Literal int
	Span
}

// Finding is one thing that a detector is ready to answer for.
type Finding struct {
	// Kind is a kind of the risk taxonomy: "secret", "pii.card".
	Kind string
	// Rule is unique over all detectors and packs: "secret.aws-access-key-id".
	Rule string
	// Title says in a few words what was found: "AWS access key id".
	Title string
	// Category is reputation, leakage or compliance.
	Category earshotv1.Category
	// Family groups evidence with a common cause (domain guide 1.5): "secret".
	Family string
	// Spans are where it stands; at least one. The first is the value itself.
	Spans []Span
	// Likelihood in 0..1 that a reviewer would confirm it.
	Likelihood float64
	// Severity is 1 (lowest) to 5, as in domain guide 3.
	Severity int
	// Floor is the least impact in 0..1 (domain guide 1.4); 0 for none.
	Floor float64
	// Cite is the law, rule or policy. Mitigate says what to do. Why is one plain
	// sentence for a reader at 3 am; it never quotes Spans.
	Cite, Mitigate, Why string
	// Redact makes the engine mask Spans wherever the post travels on and fingerprint
	// Value.
	Redact bool
	// KeepFirst and KeepLast are the characters that the mask of a span leaves readable.
	KeepFirst, KeepLast int
	// Version is the detector's; the engine sets it.
	Version string
	// Value is what is fingerprinted: the secret without separators, so that two ways to
	// write it meet. Nil means the first span of Clean.
	Value []byte
}

// Detector looks for one class of things in the text. Its functions must be safe for
// concurrent use and linear in the length of what they read.
type Detector struct {
	// Name is the prefix of its rules. Version changes with every change of behavior.
	Name, Version string
	// Literals are found anywhere in Folded, also inside words; lower case, not empty.
	Literals []string
	// Verify is called for each hit in order of its end and appends what it finds to out.
	// Overlapping hits may lead to the same finding; the engine drops repeats of the
	// same rule and first span.
	Verify func(p *Post, h Hit, out []Finding) []Finding
	// Number, where set, is called for each number of the text: a longest run of at least
	// MinDigits digits of Folded with at most one of " .-/" or two blanks between them.
	Number func(p *Post, s Span, out []Finding) []Finding
	// Digits, where set, is called once for each text that has a digit, for what holds
	// fewer of them than Number waits for.
	Digits func(p *Post, out []Finding) []Finding
	// Words makes the engine show the hits of the plainer reading too: only words may be
	// read in it, never numbers or secrets.
	Words bool
	// Post, where set, is called once for the text of each post that concerns a brand, after
	// Verify; with Words, for its plainer reading too. It must be next to free where the post is not of the kind it looks for.
	Post func(p *Post, out []Finding) []Finding
}

// MinDigits is the least count of digits in a run that Detector.Number is called for.
const MinDigits = 7
