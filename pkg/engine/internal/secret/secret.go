// Package secret finds credentials in posts: tokens of known providers by their
// shape, private keys, signed tokens, connection strings, and passwords as people
// write them.
//
// It never asks a provider whether a secret works, and it leaves out what is
// published on purpose: documentation keys, placeholders, public keys. Every finding
// asks the engine to mask and fingerprint the value. All functions are pure.
package secret

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what the detector finds.
const Version = "1.7.0"

const (
	cite     = "ISO/IEC 27001:2022 A.5.17; CWE-522"
	mitigate = "Revoke and replace the credential now, then take the post down; check its use since the post appeared."

	insiderFloor = 0.85 // domain guide 1.4: live-format secret or private key by an insider
	minShape     = 13   // bytes of the shortest token of a provider
	maxToken     = 700  // bytes of a token that are looked at
)

// row is one provider format. literals are folded and separated by blanks; one of
// them stands at most lead bytes behind the start of shape, an RE2 for the whole
// token. severity is 1 to 5.
type row struct {
	id, title, literals, shape string
	severity, lead             int
}

// rule is a row ready to match.
type rule struct {
	row
	words   []string
	pattern *regexp.Regexp
}

// New builds the detector.
func New() detect.Detector {
	rules := formats(compile(clouds, services, models, business))
	parts := make([]part.Part, 0, len(rules)+10)
	for i := range rules {
		parts = append(parts, part.Part{Literals: rules[i].words, Verify: rules[i].verify})
	}
	parts = append(parts,
		part.Part{Literals: awsWords, Verify: awsSecret},
		part.Part{Literals: []string{"eyj", "zxlk"}, Verify: signedToken},
		part.Part{Literals: []string{"private key-----", "private key block-----"}, Verify: privateKey},
		part.Part{Literals: []string{"putty-user-key-file-"}, Verify: puttyKey},
		part.Part{Literals: []string{"://"}, Verify: connection},
		part.Part{Literals: []string{"--user ", "-u "}, Verify: curlUser},
		part.Part{Literals: []string{`"kty"`, `'kty'`}, Verify: webKey},
		part.Part{Literals: []string{"basic "}, Verify: basicLogin},
		part.Part{Literals: []string{"authorization"}, Verify: authorization},
		part.Part{Literals: []string{"kind: secret", `kind: "secret`, "kind: 'secret"}, Verify: clusterSecret},
		part.Part{Literals: passwordWords, Verify: password},
		part.Part{Literals: loginWords, Verify: loginPair},
		part.Part{Literals: pairWords, Verify: announcedPair},
		part.Part{Literals: doorWords, Verify: doorCode},
		part.Part{Literals: openWords, Verify: codeBefore},
		part.Part{Literals: halfWords, Verify: tornPassword},
		part.Part{Literals: []string{"bitlocker", "recovery key"}, Verify: recoveryKey},
		part.Part{Literals: phraseWords, Verify: seedPhrase},
		part.Part{Literals: []string{"://hooks", "/hooks/", "/webhook/", "/webhooks/", "/hook/", "://webhook", "/services/hooks"}, Verify: webhook},
		part.Part{Literals: encodedWords, Verify: encoded},
	)
	for _, n := range compileNamed(named) {
		parts = append(parts, part.Part{Literals: n.words, Verify: n.verify})
	}
	parts = append(parts,
		part.Part{Literals: strongWords, Verify: assigned{rules, true}.verify},
		part.Part{Literals: weakWords, Verify: assigned{rules, false}.verify},
		part.Part{Literals: vendorWords(), Verify: rules.vendorToken},
		part.Part{Literals: constructs, Verify: constructed})
	d := part.Join("secret", Version, parts)
	d.Digits, d.Number = lone, hostLogin
	return d
}

func compile(tables ...[]row) []rule {
	var rules []rule
	for _, table := range tables {
		for _, r := range table {
			shape := `(?:` + r.shape + `)`
			if r.lead == 0 {
				shape = `\A` + shape
			}
			rules = append(rules, rule{row: r, words: strings.Fields(r.literals), pattern: regexp.MustCompile(shape)})
		}
	}
	return rules
}

// verify reports the token of the rule that holds the hit.
func (r *rule) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	span, ok := r.find(p.Text.Clean, h.Span)
	if !ok {
		return out
	}
	token := p.Text.Clean[span.Start:span.End]
	if sample(token) || countedUp(token) || !tailDrawn(token, strings.Contains(r.literals, "/")) {
		return out
	}
	likelihood, why := r.judge(string(token))
	if repeats(token) {
		likelihood, why = 0.5, "It has the provider's exact format, but a part of it looks made up."
	}
	if r.id == "aws-access-key-id" && publicID(p.Text.Folded[:span.Start]) {
		likelihood, why = 0.3, "The id of a key in a public address; its secret part is not there."
	}
	if r.severity == 1 && spokenOf(p.Text.Folded, span) {
		likelihood, why = 0.3, "A key of the provider's test system that the post speaks of as a sample."
	}
	return append(out, finding(p, "secret", r.id, r.title, r.severity, likelihood, span, why))
}

// find is the token of the rule that holds hit and is not part of a longer word.
func (r *rule) find(text []byte, hit detect.Span) (detect.Span, bool) {
	if r.lead == 0 && (!begins(text, hit.Start) || bytes.ContainsAny(text[hit.Start:min(len(text), hit.Start+minShape)], " \n\t")) {
		return detect.Span{}, false
	}
	start := max(0, hit.Start-r.lead)
	window := text[start:min(len(text), hit.Start+maxToken)]
	at := r.pattern.FindIndex(window)
	if at == nil {
		return detect.Span{}, false
	}
	span := detect.Span{Start: start + at[0], End: start + at[1]}
	for span.End > hit.End && (text[span.End-1] == '.' || text[span.End-1] == '-') {
		span.End-- // the end of a sentence
	}
	ok := span.Start <= hit.Start && span.End >= hit.End && standsAlone(text, span)
	return span, ok
}

// tailDrawn tells whether the last two thirds of a token look drawn: the mark that it
// begins with does not. Of an address only the entropy counts.
func tailDrawn(token []byte, address bool) bool {
	const certain = 24 // bytes from which chance no longer lets a drawn token look written
	tail := token[len(token)/3:]
	return entropy(tail) >= minTokenEntropy && (len(tail) < certain || address || surprise(tail) >= float64(len(tail))*minTailBits)
}

// judge says how sure the format is. Tokens of test systems and tokens whose built-in
// checksum is wrong are less sure.
func (r *rule) judge(token string) (likelihood float64, why string) {
	switch {
	case r.severity == 1:
		return 0.6, "A key of the provider's test system; it moves no real money or data."
	case r.id == "aws-access-key-id":
		why = awsAccount(token)
	case checksums[r.id] != nil:
		if checksums[r.id](token) {
			return 0.99, "The built-in checksum of the token is right, so it was issued by the provider."
		}
		return 0.8, "The shape is right but the checksum is not; it may have been altered."
	}
	return 0.95, "It has the provider's exact format: whoever reads the post can use it." + why
}

func finding(p *detect.Post, kind, id, title string, severity int, likelihood float64, span detect.Span, why string) detect.Finding {
	f := detect.Finding{
		Kind: kind, Rule: "secret." + id, Title: title, Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: "secret",
		Spans: []detect.Span{span}, Likelihood: likelihood, Severity: severity,
		Cite: cite, Mitigate: mitigate, Why: why, Redact: true,
	}
	if p.Insider && severity >= 5 {
		f.Floor = insiderFloor
	}
	if span.End-span.Start >= 12 {
		f.KeepFirst, f.KeepLast = 4, 2
	}
	return f
}
