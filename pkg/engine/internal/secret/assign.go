package secret

import (
	"bytes"
	"unicode"
	"unicode/utf8"

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
	maxValue = 600 // bytes of a value
)

// copulas join a name and its value in a sentence, a declaration or an element.
var copulas = [][]byte{
	[]byte("is"), []byte("are"), []byte("was"), []byte("ist"), []byte("lautet"), []byte("est"), []byte("es"), []byte("é"), []byte("è"),
	[]byte("string"), []byte("str"), []byte("basic"), []byte("bearer"), []byte("token"), []byte("api-token"), []byte("now"), []byte("still"), []byte("to"), []byte("set"), []byte("jetzt"), []byte("ahora"), []byte("nueva"), []byte("of"),
	[]byte("value"), []byte("or"), []byte("as"), []byte("jest"), []byte("är"), []byte("er"), []byte("este"), []byte("adalah"), []byte("on"), []byte("будет"), []byte("это"), []byte("là"),
	[]byte("は"), []byte("が"), []byte("是"), []byte("为"), []byte("為"), []byte("는"), []byte("은"), []byte("설정은"), []byte("설정"),
}

// assignment reads what the name that ends at i is set to: `_KEY = "v"`,
// `Token" => 'v'`, `<token>v`, `password is v`, `password v`.
func assignment(text []byte, i int) (value, bool) {
	var v value
	end := i
	for width := nameWidth(text[end:]); width > 0 && end-i < maxName; width = nameWidth(text[end:]) {
		end += width
	}
	for end > i && text[end-1] == '.' {
		end-- // the end of a sentence
	}
	v.name = text[i:end]
	if rest := text[end:]; bytes.HasPrefix(rest, []byte("'s ")) || bytes.HasPrefix(rest, []byte("’s ")) {
		v.copula = true // "the password's …"
		end += bytes.IndexByte(rest, ' ')
	}
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
	v.quoted = quote != 0
	v.Start, v.End = start, start
	for v.End < len(text) && v.End-start < maxValue && !ends(text[v.End], quote) && (text[v.End] != '\\' || !quotes(text, v.End+1, quote)) {
		v.End++
	}
	v.trim(text)
	return v, v.End > v.Start
}

// nameWidth is the bytes of the name that s begins with, up to the joint in "Client::new".
func nameWidth(s []byte) int {
	switch {
	case len(s) > 0 && nameByte(s[0]):
		return 1
	case len(s) > 2 && s[0] == ':' && s[1] == ':' && part.Alnum(s[2]):
		return 2
	}
	return 0
}

func nameByte(c byte) bool { return part.Alnum(c) || c == '_' || c == '-' || c == '.' }

// signs skips blanks, quotes and operators from i on. quote is the last quote before
// the value where it opens one.
func (v *value) signs(text []byte, i int) (start int, quote byte) {
	stop := min(len(text), i+maxSigns)
	for ; i < stop; i++ {
		switch c := text[i]; c {
		case '\n':
			v.copula = true // the value has a line of its own
		case ' ', '\t', '\r', '\\', '*':
			continue
		case '?':
			if i+1 < len(text) && part.Alnum(text[i+1]) {
				return i, 0 // a query
			}
			v.sign, quote = true, 0
		case '=', ':', '>', '|':
			v.sign, quote = true, 0
		case '"', '\'', '`':
			quote = c
			v.quoted = true
		case ',', '(', '[', '{', ')', ']', '}', '.', '<', '/', '-':
			if c == '<' || v.sign && (c == '/' || c == '.' || c == '-') || c == '.' && i+1 < len(text) && text[i+1] == ' ' {
				return i, quote
			}
			if c == ',' && v.quoted {
				v.sign = true // setProperty("name", "value")
			}
			if c == '(' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\'') {
				v.sign = true // setToken("value")
			}
			quote = 0
		default:
			width := arrow(text[i:])
			if width == 0 {
				return i, quote
			}
			v.sign = true
			i += width - 1
		}
	}
	return i, quote
}

// arrow is the length in bytes of the arrow or pointing hand that s begins with, 0 for none:
// people point at a value with it. "!" counts where "=" follows.
func arrow(s []byte) int {
	if s[0] == '!' && len(s) > 1 && s[1] == '=' {
		return 1
	}
	if s[0] < 0xE2 {
		return 0
	}
	r, width := utf8.DecodeRune(s)
	if unicode.In(r, unicode.Sm, unicode.So) && (r >= 0x2190 && r < 0x2C00 || r >= 0x1F446 && r <= 0x1F449 || r >= 0x1F800 && r < 0x1F900) {
		return width
	}
	return 0
}

// cjk is the first byte from which scripts put no blank behind a particle.
const cjk = 0xE3

// copulaStarts are the copulas by their first byte, in either case.
var copulaStarts = func() (starts [256][][]byte) {
	for _, word := range copulas {
		starts[word[0]] = append(starts[word[0]], word)
		if upper := word[0] - 'a' + 'A'; word[0] >= 'a' && word[0] <= 'z' {
			starts[upper] = append(starts[upper], word)
		}
	}
	return starts
}()

func (v *value) skipCopula(text []byte, i int) int {
	if i >= len(text) {
		return i
	}
	for _, word := range copulaStarts[text[i]] {
		if len(text)-i > len(word) && bytes.EqualFold(text[i:i+len(word)], word) && (word[0] >= cjk || !part.Alnum(text[i+len(word)]) && text[i+len(word)] < 0x80) {
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

// quotes tells whether the quote, which is 0 for none, stands at i.
func quotes(text []byte, i int, quote byte) bool {
	return quote != 0 && i < len(text) && text[i] == quote
}

// trim takes the end of the sentence, and the rest of a query, off an unquoted value.
func (v *value) trim(text []byte) {
	if v.quoted {
		return
	}
	if i := bytes.IndexByte(text[v.Start:v.End], '&'); i > 0 && bytes.IndexByte(text[v.Start+i:v.End], '=') > 0 {
		v.End = v.Start + i
	}
	for v.End > v.Start && bytes.IndexByte([]byte(".!?:]}*"), text[v.End-1]) >= 0 {
		v.End--
	}
}
