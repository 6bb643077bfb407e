package secret

import (
	"bytes"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// value is what a name is set to.
type value struct {
	detect.Span
	name   []byte // the rest of the name behind the literal, as written
	sign   bool   // an operator or quote stands between, not only blanks or "is"
	copula bool   // "is", "ist", "es" …
	quoted bool
}

const (
	maxName  = 40  // bytes of a name behind the literal: "_API_KEY"
	maxSigns = 24  // bytes of blanks, quotes and operators before the value
	maxValue = 200 // bytes of a value
)

// copulas join a name and its value in a sentence.
var copulas = [][]byte{
	[]byte("is"), []byte("are"), []byte("was"), []byte("ist"), []byte("lautet"), []byte("est"), []byte("es"), []byte("é"), []byte("è"),
	[]byte("string"), []byte("basic"), []byte("bearer"), []byte("token"), []byte("api-token"), []byte("now"), []byte("still"), []byte("to"), []byte("set"), []byte("jetzt"), []byte("ahora"), []byte("nueva"), []byte("of"),
}

// assignment reads what the name that ends at i is set to: `_KEY = "v"`,
// `Token" => 'v'`, `<token>v`, `password is v`, `password v`.
func assignment(text []byte, i int) (value, bool) {
	var v value
	end := i
	for end < len(text) && end-i < maxName && nameByte(text[end]) {
		end++
	}
	v.name = text[i:end]
	start, quote := v.signs(text, end)
	for range 3 {
		next := v.skipCopula(text, start)
		if next == start {
			break
		}
		start, quote = v.signs(text, next)
	}
	if start == end || start >= len(text) {
		return v, false
	}
	v.Start, v.End = start, start
	for v.End < len(text) && v.End-start < maxValue && !ends(text[v.End], quote) {
		v.End++
	}
	v.trim(text)
	return v, v.End > v.Start
}

func nameByte(c byte) bool { return part.Alnum(c) || c == '_' || c == '-' || c == '.' }

// signs skips blanks, quotes and operators from i on. quote is the last quote before
// the value where it opens one.
func (v *value) signs(text []byte, i int) (start int, quote byte) {
	stop := min(len(text), i+maxSigns)
	for ; i < stop; i++ {
		switch c := text[i]; c {
		case ' ', '\t', '\n', '\r', '\\':
			continue
		case '=', ':', '>', '|', '?':
			v.sign, quote = true, 0
		case '"', '\'', '`':
			quote = c
			v.quoted = true
		case ',', '(', '[', '{', ')', ']', '}', '.', '<', '/', '-':
			if c == '<' || v.sign && (c == '/' || c == '.' || c == '-') {
				return i, quote
			}
			if c == ',' && v.quoted {
				v.sign = true // setProperty("name", "value")
			}
			quote = 0
		default:
			return i, quote
		}
	}
	return i, quote
}

func (v *value) skipCopula(text []byte, i int) int {
	for _, word := range copulas {
		if len(text)-i > len(word) && bytes.EqualFold(text[i:i+len(word)], word) && !part.Alnum(text[i+len(word)]) && text[i+len(word)] < 0x80 {
			v.copula = true
			return i + len(word)
		}
	}
	return i
}

func ends(c, quote byte) bool {
	if quote != 0 {
		return c == quote || c == '\n'
	}
	return c <= ' ' || c == '"' || c == '\'' || c == '`' || c == ';' || c == '<' || c == '>' || c == ',' || c == ')' || c == '\\'
}

// trim takes the end of the sentence off an unquoted value.
func (v *value) trim(text []byte) {
	for v.End > v.Start && !v.quoted && bytes.IndexByte([]byte(".!?:]}*"), text[v.End-1]) >= 0 {
		v.End--
	}
}

var assignedWords = []string{
	"key", "token", "secret", "credential", "creds", "auth", "bearer", "accessid", "salt",
}

// assigned is the rule for secrets of nobody in particular: a name that says secret,
// an operator, and a value that looks drawn at random.
type assigned struct{ rules []rule }

func (a assigned) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	v, ok := assignment(text, h.End)
	if !ok || !v.sign && !v.copula && !bearer(p, h) || otherName(bytes.ToLower(v.name)) || otherOwner(p.Text.Folded[:h.Start]) {
		return out
	}
	secret := text[v.Start:v.End]
	if !randomLooking(secret) || a.owned(text, v.Start) {
		return out
	}
	likelihood, severity := 0.75, 3
	if uuid.Match(secret) {
		likelihood, severity = 0.55, 2
	}
	return append(out, finding(p, "secret", "generic-assignment", "Secret in an assignment", severity, likelihood, v.Span,
		"A name that says secret is set to a value that looks random."))
}

// otherOwner tells names whose first word says that the value is no secret: public_key,
// foreignKey.
func otherOwner(before []byte) bool {
	before = bytes.TrimRight(before, "_- ")
	for _, word := range []string{"public", "foreign", "primary", "partition", "csrf", "xsrf", "ssh", "host", "mon", "tur", "don"} {
		if bytes.HasSuffix(before, []byte(word)) {
			return true
		}
	}
	return false
}

// bearer tells an Authorization header: "Bearer value" has no operator.
func bearer(p *detect.Post, h detect.Hit) bool {
	return bytes.Equal(p.Text.Folded[h.Start:h.End], []byte("bearer"))
}

// owned tells whether a provider's rule or a structured one reports the value at i.
func (a assigned) owned(text []byte, i int) bool {
	folded := bytes.ToLower(text[i:min(len(text), i+16)])
	if bytes.HasPrefix(folded, []byte("eyj")) {
		return true
	}
	for k := range a.rules {
		r := &a.rules[k]
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
		"public", "pub", "version", "provider", "class", "hash", "source", "pair", "keying", "meshing",
	}
	otherWords = []string{
		"or", "ors", "ity", "word", "words", "board", "ring", "chain", "note", "notes", "stone", "frame", "space", "ary", "ize", "ized", "ump", "ed", "ing", "y", "en",
	}
)

func otherName(name []byte) bool {
	for _, word := range otherEnds {
		if bytes.HasSuffix(name, []byte(word)) {
			return true
		}
	}
	return slices.Contains(otherWords, string(name)) || bytes.Contains(name, []byte("vault"))
}

// randomLooking tells values that were drawn, not chosen: letters and digits mixed,
// 10 to 150 of them, at least 3.5 bits of entropy each (3 where all are hexadecimal).
func randomLooking(secret []byte) bool {
	const least, most = 10, 150
	if len(secret) < least || len(secret) > most || placeholder(secret) || codeLike(secret) {
		return false
	}
	lower, upper, digit, _ := classes(secret)
	if lower+upper < 2 || digit < 2 || len(secret) < 32 && bytes.IndexByte(secret, '.') >= 0 {
		return false
	}
	limit := 3.5
	if hexOnly(secret) || len(secret) < 16 {
		limit = 3
	}
	return entropy(secret) >= limit
}

func hexOnly(s []byte) bool {
	for _, c := range s {
		if !part.Digit(c) && (c|0x20 < 'a' || c|0x20 > 'f') && c != '-' && c != ':' {
			return false
		}
	}
	return true
}

// codeLike tells expressions, addresses and paths.
func codeLike(s []byte) bool {
	return bytes.Contains(s, []byte("://")) || bytes.ContainsAny(s, "(){}[]<>*\\ …") || s[0] == '/' || s[0] == '@' || s[0] == '#' ||
		bytes.Count(s, []byte("/")) > 3 && !bytes.ContainsAny(s, "+=") || bytes.Contains(s, []byte("::")) || bytes.HasPrefix(s, []byte("ssh-")) || bytes.HasPrefix(s, []byte("ecdsa-")) || bytes.Contains(s, []byte("->"))
}
