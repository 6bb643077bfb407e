package text

import (
	"bytes"
	"strings"
)

// FangSigns are folded literals one of which stands in every text with an address that was
// written so that machines miss it; DigitSigns those of which several stand in every
// number in words.
var (
	FangSigns  = append([]string{"hxxp", "[.", "(.)", "{.", "[dot", "(dot", "{dot", " dot ", "[at]", "(at)", "{at}", "[@", "(@)", "{@", "[:"}, foreignAts...)
	DigitSigns = digitSigns()
)

// MinDigitSigns is how many of DigitSigns a text holds at least that has a number in words.
const MinDigitSigns = 3

// Respell fills into with a reading of t in which addresses are written out
// ("hxxp://a[.]example", "jo at b dot example") and numbers in words are figures ("four
// one one"). It returns false, and leaves into empty, where that changes nothing.
// into.Bytes maps its spans to spans of t.
func (t *Text) Respell(into *Text) bool {
	into.clear("")
	changed := false
	for i := 0; i < len(t.Folded); {
		if n := into.number(t, i); n > 0 {
			i, changed = i+n, true
			continue
		}
		if sign, n := t.fang(i); n > 0 {
			for k := range len(sign) {
				into.add(sign[k], sign[k], Span{i, i + n})
			}
			i, changed = i+n, true
			continue
		}
		into.add(t.Clean[i], t.Folded[i], Span{i, i + 1})
		into.count(t.Folded[i])
		i++
	}
	if !changed {
		into.clear("")
	}
	return changed
}

func (t *Text) count(c byte) {
	if digit(c) {
		t.Digits++
	}
}

// fang returns what stands for the disguised sign at byte i, and its length; 0 where
// there is none.
func (t *Text) fang(i int) (sign string, n int) {
	rest := t.Folded[i:]
	switch rest[0] {
	case 'h':
		if bytes.HasPrefix(rest, []byte("hxxp")) && (i == 0 || !wordByte[t.Folded[i-1]]) {
			return "http", 4
		}
	case '[', '(', '{', ' ', ',':
		if i == 0 || !wordByte[t.Folded[i-1]] {
			return "", 0
		}
		if sign, n = bracketed(rest); n > 0 {
			return sign, n
		}
		return t.inWords(i)
	}
	return "", 0
}

// inWords reads a dot or an at sign in words at byte i.
func (t *Text) inWords(i int) (sign string, n int) {
	if t.Folded[i] != ' ' && t.Folded[i] != ',' {
		return "", 0
	}
	for _, word := range dotWords {
		if t.spoken(i, word) {
			return ".", len(word)
		}
	}
	for _, word := range atWords {
		if t.spoken(i, word) && t.dotted(i+len(word)) {
			return "@", len(word)
		}
	}
	if t.Folded[i] == ' ' {
		return t.foreign(i)
	}
	return "", 0
}

// dotWords and atWords are the signs in English words, with what people put around them.
// foreignAts and foreignDots are those of other languages, where a dot is an everyday word
// but near an at sign.
var (
	dotWords    = []string{" dot ", ", dot ", " then dot ", ", then dot "}
	atWords     = []string{" at ", ", at ", ", all one word, at ", " all one word at ", ", one word, at ", ", then at "}
	foreignAts  = []string{" arroba ", " arobase ", " chiocciola ", " klammeraffe ", " ät ", " apenstaartje ", " małpa ", " snabel-a "}
	foreignDots = []string{" punto ", " punkt ", " point ", " ponto ", " punt ", " kropka ", " prick ", " punktum "}
	underscores = []string{" underscore ", " unterstrich ", " guion bajo ", " tiret bas ", " trattino basso "}
)

// foreign reads a sign in words of another language at byte i: an at sign, or a dot or an
// underscore in reach of one.
func (t *Text) foreign(i int) (sign string, n int) {
	const reach = 60
	for _, word := range foreignAts {
		if t.spoken(i, word) {
			return "@", len(word)
		}
	}
	for k, words := range [][]string{foreignDots, underscores} {
		for _, word := range words {
			if !t.spoken(i, word) {
				continue
			}
			near := t.Folded[max(0, i-reach):min(len(t.Folded), i+reach)]
			if containsAny(near, foreignAts) || k == 1 && bytes.Contains(near, []byte(" at ")) {
				return "._"[k : k+1], len(word)
			}
		}
	}
	return "", 0
}

func containsAny(s []byte, words []string) bool {
	for _, word := range words {
		if bytes.Contains(s, []byte(word)) {
			return true
		}
	}
	return false
}

// spoken tells whether word stands at byte i between two others.
func (t *Text) spoken(i int, word string) bool {
	end := i + len(word)
	return i > 0 && end < len(t.Folded) && string(t.Folded[i:end]) == word && wordByte[t.Folded[i-1]] && wordByte[t.Folded[end]]
}

// maxLabel bounds the parts of a host name (RFC 1035).
const maxLabel = 63

// dotted tells whether a word at byte i goes on with a dot in disguise: only then is " at "
// before it more than a word.
func (t *Text) dotted(i int) bool {
	end := i
	for end < len(t.Folded) && end-i < maxLabel && (wordByte[t.Folded[end]] || t.Folded[end] == '-') {
		end++
	}
	if end == i || end == len(t.Folded) {
		return false
	}
	sign, n := bracketed(t.Folded[end:])
	if n > 0 {
		return sign == "."
	}
	for _, word := range dotWords {
		if t.spoken(end, word) {
			return true
		}
	}
	return false
}

// bracketed reads a dot, an at sign or a colon in brackets, with a blank around it or not.
func bracketed(s []byte) (sign string, n int) {
	start := 0
	if s[0] == ' ' {
		start = 1
	}
	if start == len(s) || strings.IndexByte("[({", s[start]) < 0 {
		return "", 0
	}
	for _, b := range brackets {
		if bytes.HasPrefix(s[start+1:], []byte(b.inside)) && closes(s, start, start+1+len(b.inside)) {
			n = start + len(b.inside) + 2
			if start > 0 && n < len(s) && s[n] == ' ' {
				n++
			} else if start > 0 {
				return "", 0 // "see (.) there" has both blanks or none
			}
			return b.sign, n
		}
	}
	return "", 0
}

func closes(s []byte, open, i int) bool {
	return i < len(s) && (s[open] == '[' && s[i] == ']' || s[open] == '(' && s[i] == ')' || s[open] == '{' && s[i] == '}')
}

var brackets = []struct{ inside, sign string }{{".", "."}, {"dot", "."}, {"@", "@"}, {"at", "@"}, {":", ":"}, {"://", "://"}}
