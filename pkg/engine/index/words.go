package index

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Type says how values of a column are written and compared.
type Type string

// Types of columns, with what makes two values the same.
const (
	Name  Type = "name"  // words in any order, without accents
	Email Type = "email" // lower case
	Phone Type = "phone" // the last nine digits
	ID    Type = "id"    // letters and digits, however they are grouped
	Text  Type = "text"  // words in order
)

var tags = map[Type]byte{Name: 1, Email: 2, Phone: 3, ID: 4, Text: 5}

// Shape bounds the values of a type in an index, so that a post is not asked for others.
type Shape struct {
	// Counts has bit n set where a value has n words.
	Counts uint32 `json:"counts,omitempty"`
	// Shortest and Longest in bytes of the normal form.
	Shortest int `json:"shortest"`
	Longest  int `json:"longest"`
	// Plain is true where some value has no digit.
	Plain bool `json:"plain,omitempty"`
}

// Least lengths of values that say something, in bytes of the normal form, and the most
// words of a value and tokens of an id.
const (
	leastID    = 5
	leastText  = 8
	leastName  = 3
	maxWords   = 8
	maxTokens  = 8
	phoneParts = 9 // digits of a phone number that count
	leastPhone = 7
	maxValue   = 128
)

// word is a run of letters and digits of a text.
type word struct {
	text.Span
	lo, hi   int // in Reading.plain
	hash     uint64
	power    uint64 // point^length
	gap      int    // bytes to the word before
	joined   bool   // one of " .-/_" and nothing else stands between
	digits   bool   // nothing but digits
	hasDigit bool
}

// Reading is one text made ready for questions; it is reused. Not safe for concurrent use.
type Reading struct {
	keys   *keys
	text   *text.Text
	words  []word
	plain  []byte // words without accents, one after the other
	value  []byte
	order  [maxWords]int
	found  []value
	runes  []runeAt
	prints []print
}

// NewReading makes the scratch for indexes with one key.
func NewReading(key []byte) *Reading { return &Reading{keys: newKeys(key)} }

// Reset reads a text.
func (r *Reading) Reset(t *text.Text) {
	r.text, r.words, r.plain = t, r.words[:0], r.plain[:0]
	f := t.Folded
	last := 0
	for i := 0; i < len(f); {
		c, n := decode(f, i)
		if !wordRune(c) {
			i += n
			continue
		}
		end := i + n
		for end < len(f) && !unspaced(c) {
			next, n := decode(f, end)
			if !wordRune(next) || unspaced(next) {
				break
			}
			end += n
		}
		r.word(text.Span{Start: i, End: end}, last)
		last, i = end, end
	}
}

// decode is utf8.DecodeRune(s[i:]), short for ASCII.
func decode(s []byte, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRune(s[i:])
}

func wordRune(c rune) bool {
	if c < utf8.RuneSelf {
		return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
	}
	return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c)
}

// unspaced tells scripts without spaces, of which each character is a word.
func unspaced(c rune) bool {
	return c >= 0x0E00 && unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// word adds the word at s; the one before ends at last.
func (r *Reading) word(s text.Span, last int) {
	w := word{Span: s, lo: len(r.plain), gap: s.Start - last, digits: true}
	r.plain = unaccented(r.plain, r.text.Folded[s.Start:s.End])
	w.hi = len(r.plain)
	for _, c := range r.plain[w.lo:w.hi] {
		w.hash = r.keys.next(w.hash, uint64(c))
		digit := c >= '0' && c <= '9'
		w.digits, w.hasDigit = w.digits && digit, w.hasDigit || digit
	}
	w.joined = w.gap == 0 || w.gap == 1 && bytes.IndexByte([]byte(" .-/_"), r.text.Folded[last]) >= 0
	if w.power = r.keys.power(w.hi - w.lo); w.hi > w.lo {
		r.words = append(r.words, w)
	}
}

// unaccented appends s without marks on its letters.
func unaccented(dst, s []byte) []byte {
	if !slices.ContainsFunc(s, func(c byte) bool { return c >= utf8.RuneSelf }) {
		return append(dst, s...)
	}
	for _, c := range string(norm.NFD.Bytes(s)) {
		if !unicode.Is(unicode.Mn, c) {
			dst = utf8.AppendRune(dst, c)
		}
	}
	return dst
}

// sequence appends the normal form of words [i, i+n) to dst.
func (r *Reading) sequence(dst []byte, of Type, i, n int) []byte {
	order := r.order[:0]
	for k := range n {
		order = append(order, i+k)
	}
	plain := func(k int) []byte { return r.plain[r.words[k].lo:r.words[k].hi] }
	if of == Name {
		slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare(plain(a), plain(b)) })
	}
	for k, w := range order {
		if k > 0 && of != ID {
			dst = append(dst, ' ')
		}
		dst = append(dst, plain(w)...)
	}
	return dst
}

// polynomial is that of words [i, i+n) in the normal form of their type: of names the sum,
// as their order does not count.
func (r *Reading) polynomial(of Type, i, n int) uint64 {
	h := r.words[i].hash
	for _, w := range r.words[i+1 : i+n] {
		switch of {
		case Name:
			h = reduce(h + w.hash)
		case ID:
			h = reduce(mul(h, w.power) + w.hash)
		default:
			h = reduce(mul(r.keys.next(h, ' '), w.power) + w.hash)
		}
	}
	return h
}

// polynomialOf is that of bytes as they are.
func (r *Reading) polynomialOf(value []byte) uint64 {
	h := uint64(0)
	for _, c := range value {
		h = r.keys.next(h, uint64(c))
	}
	return h
}

// whole is the normal form of a whole value of a column, and its polynomial and count of
// words; false for a value that says too little or too much.
func (r *Reading) whole(of Type, s string) (normal []byte, polynomial uint64, count int, ok bool) {
	var t text.Text
	t.Reset(s)
	r.Reset(&t)
	n := len(r.words)
	switch {
	case of == Email:
		normal = bytes.TrimSpace(t.Folded)
		return normal, r.polynomialOf(normal), 1, len(normal) <= maxValue && emailAt(normal, bytes.IndexByte(normal, '@')) == (text.Span{Start: 0, End: len(normal)})
	case of == Phone:
		normal = phoneOf(nil, t.Folded)
		return normal, r.polynomialOf(normal), 1, len(normal) >= leastPhone
	case n == 0 || n > maxWords:
		return nil, 0, 0, false
	}
	normal = r.sequence(nil, of, 0, n)
	least := map[Type]int{Name: leastName, ID: leastID, Text: leastText}[of]
	return normal, r.polynomial(of, 0, n), n, len(normal) >= least && len(normal) <= maxValue
}

// phoneOf appends the digits of s that count.
func phoneOf(dst, s []byte) []byte {
	start := len(dst)
	for _, c := range s {
		if c >= '0' && c <= '9' {
			dst = append(dst, c)
		}
	}
	if n := len(dst) - start; n > phoneParts {
		dst = append(dst[:start], dst[len(dst)-phoneParts:]...)
	}
	return dst
}

// emailAt is the mailbox around the "@" at byte at of folded text; empty where there is
// none.
func emailAt(s []byte, at int) text.Span {
	if at < 1 || at+1 >= len(s) {
		return text.Span{}
	}
	lo, hi := at, at+1
	for lo > 0 && at-lo < 64 && mailbox(s[lo-1]) {
		lo--
	}
	for hi < len(s) && hi-at < 64 && mailbox(s[hi]) {
		hi++
	}
	for hi > at+1 && s[hi-1] == '.' {
		hi--
	}
	if lo == at || bytes.IndexByte(s[at+1:hi], '.') < 1 {
		return text.Span{}
	}
	return text.Span{Start: lo, End: hi}
}

func mailbox(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || bytes.IndexByte([]byte("._%+-"), c) >= 0
}
