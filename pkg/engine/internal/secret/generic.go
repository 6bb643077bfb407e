package secret

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/drawn"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// strongWords name a secret whatever stands beside them; weakWords do so only where the
// value leaves little doubt. Folded.
var (
	strongWords = []string{"secret", "token", "credential", "creds", "bearer", "accessid", "apikey", "api_key", "api-key", "api key"}
	weakWords   = []string{"key", "auth", "salt", "nonce", "api", "sid", "license", "licence", "webhook", "cookie", "dsn", "seed", "private"}
)

// keyOwners make a strong name of a bare "key": what it is the key of.
var keyOwners = []string{
	"api", "access", "secret", "private", "auth", "account", "app", "application", "admin", "client", "master", "service", "storage", "signing", "encryption", "license", "subscription",
	"write", "read", "live", "prod", "server", "consumer", "user", "rest", "x", "dev", "project", "deploy", "integration", "developer", "ingest",
}

// Least bits (drawn.Bits) of a value by the strength of its name and by what joins them:
// a prior, from the tuning half of the published sets.
const (
	strongSign, strongCopula, strongBlank = 11, 16, 42
	weakSign, weakCopula, weakBlank       = 20, 26, 60
)

// assigned is the rule for secrets of nobody in particular: a name that says secret,
// an operator, and a value that looks drawn at random.
type assigned struct {
	rules  formats
	strong bool
}

func (a assigned) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	v, ok := assignment(text, h.End)
	if !ok || v.End-v.Start < minSecret || otherName(bytes.ToLower(v.name)) || otherOwner(p.Text.Folded[:h.Start]) {
		return out
	}
	v.sign = v.sign || flag(text, h.Start)
	secret := text[v.Start:v.End]
	if !randomLooking(secret, a.least(p, h, v), v.quoted) || told(out, v.Span) || a.rules.owned(text, v.Start) {
		return out
	}
	likelihood, severity := 0.75, 3
	if uuid.Match(secret) {
		likelihood, severity = 0.55, 2
	}
	return append(out, finding(p, "secret", "generic-assignment", "Secret in an assignment", severity, likelihood, v.Span,
		"A name that says secret is set to a value that looks random."))
}

// least is the bits that the value of the name at h must have.
func (a assigned) least(p *detect.Post, h detect.Hit, v value) float64 {
	strong := a.strong || part.Has(lastWord(p.Text.Folded[:h.Start]), keyOwners)
	switch {
	case v.sign && strong:
		return strongSign
	case v.sign:
		return weakSign
	case v.copula && strong:
		return strongCopula
	case v.copula:
		return weakCopula
	case strong:
		return strongBlank
	}
	return weakBlank
}

// lastWord is the word that text ends with, a separator behind it left out.
func lastWord(text []byte) []byte {
	text = bytes.TrimRight(text, "_- .")
	i := len(text)
	for i > 0 && len(text)-i < maxName && part.Alnum(text[i-1]) {
		i--
	}
	return text[i:]
}

// flag tells whether the name around i is an option of a command: "--api-token value".
func flag(text []byte, i int) bool {
	for n := 0; i > 0 && n < maxName && (part.Alnum(text[i-1]) || text[i-1] == '-' || text[i-1] == '_'); n++ {
		i--
	}
	return i < len(text) && text[i] == '-' && (i == 0 || text[i-1] <= ' ')
}

// otherOwner tells names whose first word says that the value is no secret: public_key,
// foreignKey.
func otherOwner(before []byte) bool {
	before = bytes.TrimRight(before, "_- ")
	for _, word := range []string{"public", "foreign", "primary", "partition", "csrf", "xsrf", "ssh", "host", "mon", "tur", "don", "sort", "cache", "idempotency", "continuation", "page", "authenticity"} {
		if bytes.HasSuffix(before, []byte(word)) {
			return true
		}
	}
	return false
}

// told tells whether a finding before says that a secret stands at span.
func told(out []detect.Finding, span detect.Span) bool {
	return slices.ContainsFunc(out, func(f detect.Finding) bool { return f.Family == "secret" && f.Spans[0] == span })
}

// formats are all rules of providers.
type formats []rule

// owned tells whether a provider's rule or a structured one reports the value at i.
func (all formats) owned(text []byte, i int) bool {
	folded := bytes.ToLower(text[i:min(len(text), i+16)])
	if bytes.HasPrefix(folded, []byte("eyj")) {
		return true
	}
	for k := range all {
		r := &all[k]
		for _, word := range r.words {
			if r.lead == 0 && bytes.HasPrefix(folded, []byte(word)) {
				if _, ok := r.find(text, detect.Span{Start: i, End: i + len(word)}); ok {
					return true
				}
			}
		}
	}
	return false
}

// otherEnds are ends of names that do not hold the secret itself; otherWords are the
// rests of words that only start like one (keyboard, secretary, pwdump).
var (
	otherEnds = []string{
		"url", "uri", "name", "path", "file", "type", "size", "length", "len", "id", "pressed", "vault", "count", "event", "endpoint", "format",
		"public", "pub", "version", "provider", "class", "hash", "source", "pair", "keying", "meshing", "fingerprint", "algorithm", "alg",
	}
	otherWords = []string{
		"or", "ors", "ity", "word", "words", "board", "ring", "chain", "note", "notes", "stone", "frame", "space", "ary", "ize", "ized", "ump", "ed", "ing", "y", "en", "enticity", "enticated",
	}
)

func otherName(name []byte) bool {
	for _, word := range otherEnds {
		if bytes.HasSuffix(name, []byte(word)) {
			return true
		}
	}
	first := name
	if i := bytes.IndexAny(name, "_-."); i >= 0 {
		first = name[:i]
	}
	return slices.Contains(otherWords, string(first)) || bytes.Contains(name, []byte("vault")) || bytes.Contains(name, []byte("---"))
}

const minSecret, maxSecret = 8, 512 // bytes of a secret of nobody in particular

// randomLooking tells values that were drawn, not chosen: least bits or more speak for a
// draw, and nothing for an expression, an address or a sample.
func randomLooking(secret []byte, least float64, quoted bool) bool {
	if len(secret) < minSecret || len(secret) > maxSecret || !ascii(secret) || codeLike(secret, quoted) || placeholder(secret) {
		return false
	}
	lower, upper, digit, _ := classes(secret)
	if lower+upper < 2 || digit == 0 && (lower == 0 || upper == 0 || len(secret) < 16) || dated(secret) || countedUp(secret) {
		return false
	}
	return surprise(secret) >= least
}

// hexBonus is the bits added where 24 or more characters are all hexadecimal: words
// cannot do that, and the table cannot know. A prior.
const hexBonus = 15

// surprise is the bits of s or of its longest part, whichever are more.
func surprise(s []byte) float64 {
	key := longest(s)
	bits := max(drawn.Bits(s), drawn.Bits(key))
	if len(key) >= 24 && hexOnly(key) {
		bits += hexBonus
	}
	return bits
}

func hexOnly(s []byte) bool {
	for _, c := range s {
		if !part.Digit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

func ascii(s []byte) bool {
	for _, c := range s {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// longest is the longest part of s between separators: a key behind its mark, as in
// "live_pub_…".
func longest(s []byte) []byte {
	best, from := s[:0], 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && part.Alnum(s[i]) {
			continue
		}
		if i-from > len(best) {
			best = s[from:i]
		}
		from = i + 1
	}
	return best
}

// dated tells times and versions: four digits or fewer between separators.
func dated(s []byte) bool {
	letters, run, most := 0, 0, 0
	for _, c := range s {
		switch {
		case part.Digit(c):
			run++
			most = max(most, run)
			continue
		case part.Alnum(c):
			letters++
		}
		run = 0
	}
	return letters <= 2 && most <= 4
}

// pathLike tells paths of files.
func pathLike(s []byte) bool {
	slashes := bytes.Count(s, []byte("/"))
	return s[0] == '/' && slashes > 1 || slashes > 3
}

var address = regexp.MustCompile(`\A(?:[a-zA-Z][\w-]*\.)+[a-z]{2,6}(?:[/?#]|:\d)`)

// codeLike tells expressions and addresses.
func codeLike(s []byte, quoted bool) bool {
	if bytes.Contains(s, []byte("://")) || bytes.ContainsAny(s, "\\ …<>") || bytes.IndexByte([]byte("@#[({"), s[0]) >= 0 {
		return true
	}
	if address.Match(s) {
		return true
	}
	for _, mark := range []string{"::", "->", "ssh-", "ecdsa-", "${", "{{", "()", "data:image", "%20", "%2F", "%3A", "&#", "&amp;"} {
		if bytes.Contains(s, []byte(mark)) {
			return true
		}
	}
	return !quoted && bytes.ContainsAny(s, "(){}[]*")
}
