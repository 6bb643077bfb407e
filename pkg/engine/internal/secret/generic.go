package secret

import (
	"bytes"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// strongWords name a secret whatever stands beside them; weakWords do so only where the
// value leaves little doubt. Folded.
var (
	strongWords = []string{"secret", "token", "credential", "creds", "bearer", "accessid", "apikey", "api_key", "api-key", "api key", "jeton", "токен", "トークン", "令牌", "토큰"}
	weakWords   = []string{
		"key", "auth", "salt", "nonce", "api", "sid", "license", "licence", "webhook", "cookie", "dsn", "seed", "private", "totp", "2fa", "mfa",
		"schlüssel", "clé", "clef", "llave", "chave", "chiave", "sleutel", "klucz", "ключ", "キー", "鍵", "密钥", "密鑰", "秘钥", "키",
	}
)

// keyOwners make a strong name of a bare "key": what it is the key of.
var keyOwners = []string{
	"api", "access", "secret", "private", "auth", "account", "app", "application", "admin", "client", "master", "service", "storage", "signing", "encryption", "license", "subscription",
	"write", "read", "live", "prod", "server", "consumer", "user", "rest", "x", "dev", "project", "deploy", "integration", "developer", "ingest", "activation", "product", "serial", "licence",
}

// Least bits (drawn.Bits) of a value by the strength of its name and by what joins them:
// a prior, from the tuning half of the published sets. shortBlank is that of fewer than
// minNearSecret bytes.
const (
	strongSign, strongCopula, strongBlank = 11, 16, 26
	weakSign, weakCopula, weakBlank       = 14, 22, 34
	shortBlank                            = 40
)

// assigned is the rule for secrets of nobody in particular: a name that says secret,
// an operator, and a value that looks drawn at random.
type assigned struct {
	rules  formats
	strong bool
}

func (a assigned) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	if string(text[h.Start:h.End]) == "sId" { // credentialsId
		return out
	}
	v, ok := assignment(text, h.End)
	if ok = ok && mixed(text[v.Start:v.End]); !ok && p.Text.Digits < leastDigits || otherName(v.name) || otherOwner(p.Text.Folded[:h.Start]) || inDraw(text, h.Start) {
		return out
	}
	strong := a.strong || part.Has(lastWord(p.Text.Folded[:h.Start]), keyOwners)
	v.sign = v.sign || flag(text, h.Start) || h.Start > 0 && text[h.Start-1] == '_' && text[h.Start] <= 'Z' // ENV ACME_KEY value
	if !ok || !randomLooking(text[v.Start:v.End], least(v, strong), v.quoted) {
		var bits float64
		if v, bits, ok = around(p, h, strong); !ok || !randomLooking(text[v.Start:v.End], bits, false) {
			return out
		}
	}
	if told(out, v.Span) || a.rules.owned(text, v.Start) {
		return out
	}
	likelihood, severity := 0.75, 3
	if _, _, digits, _ := classes(text[v.Start:v.End]); uuid.Match(text[v.Start:v.End]) || digits == v.End-v.Start {
		likelihood, severity = 0.55, 2
	}
	return append(out, finding(p, "secret", "generic-assignment", "Secret in an assignment", severity, likelihood, v.Span,
		"A name that says secret is set to a value that looks random."))
}

// least is the bits that the value of a name must have.
func least(v value, strong bool) float64 {
	switch {
	case v.sign && strong:
		return strongSign
	case v.sign:
		return weakSign
	case (v.copula || v.quoted) && strong:
		return strongCopula
	case v.copula || v.quoted:
		return weakCopula
	case v.End-v.Start < minNearSecret:
		return shortBlank
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

// inDraw tells whether the word that goes on at i is too long for a name: chance writes
// "key" and "sid" into long base64.
func inDraw(text []byte, i int) bool {
	start := max(0, i-2*maxName)
	for ; i > start; i-- {
		if c := text[i-1]; !part.Alnum(c) && c != '+' && c != '/' && c != '_' && c != '-' {
			return false
		}
	}
	return start > 0
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
	whole := before
	before = bytes.TrimRight(before, "_- ")
	for _, word := range otherOwners {
		if bytes.HasSuffix(before, []byte(word)) {
			return true
		}
	}
	for _, word := range []string{"mon", "tur", "don"} { // monkey, turkey, donkey
		if bytes.HasSuffix(whole, []byte(word)) {
			return true
		}
	}
	return false
}

var otherOwners = []string{
	"public", "foreign", "primary", "partition", "csrf", "xsrf", "ssh", "host", "sort", "cache", "idempotency", "continuation", "page", "authenticity",
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
		"or", "ors", "ity", "word", "words", "board", "ring", "chain", "note", "notes", "stone", "frame", "space", "ary", "ize", "ized", "ump", "ed", "ing", "y", "en", "enticity", "enticated", "orization",
	}
)

// otherName tells the rest of a name that does not hold the secret itself, as written.
func otherName(name []byte) bool {
	if endsOther(name) {
		return true
	}
	first := name
	if i := bytes.IndexAny(name, "_-."); i >= 0 {
		first = name[:i]
	}
	return slices.Contains(otherWords, string(bytes.ToLower(first))) || bytes.Contains(name, []byte("---"))
}

// endsOther tells names that end in a word for something that is no secret.
func endsOther(name []byte) bool {
	return slices.ContainsFunc(otherEnds, func(word string) bool { return endsWith(name, word) })
}

// endsWith tells whether name ends with word, folded, as a word of its own; a word of more
// than three letters, or one behind "key", need not stand alone.
func endsWith(name []byte, word string) bool {
	i := len(name) - len(word)
	if i < 0 || name[i]|0x20 != word[0] || !bytes.EqualFold(name[i:], []byte(word)) {
		return false
	}
	return i == 0 || len(word) > 3 || !part.Alnum(name[i-1]) || name[i-1] >= 'a' && name[i] < 'a' || bytes.HasSuffix(bytes.ToLower(name[:i]), []byte("key"))
}
