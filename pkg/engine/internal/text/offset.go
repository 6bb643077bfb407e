package text

import (
	"sort"
	"unicode"
	"unicode/utf8"
)

// Span is a half-open byte range [Start, End) of Clean and Folded.
type Span struct{ Start, End int }

// pointBlock is the distance, in bytes, of the remembered code-point counts.
const pointBlock = 256

// Bytes maps a span of the readings to the byte range [start, end) of the original. An
// empty span maps to an empty range.
func (t *Text) Bytes(s Span) (start, end int) {
	if len(t.from) == 0 {
		return s.Start, s.End
	}
	if s.End <= s.Start {
		start = len(t.Original)
		if s.Start < len(t.from) {
			start = int(t.from[s.Start])
		}
		return start, start
	}
	return int(t.from[s.Start]), int(t.to[s.End-1])
}

// Points maps a span of the readings to code points [start, end) of the original; each
// byte of invalid UTF-8 counts as one.
func (t *Text) Points(s Span) (start, end int) {
	from, to := t.Bytes(s)
	return t.pointsBefore(from), t.pointsBefore(to)
}

// pointsBefore counts the code points of the original before byte i.
func (t *Text) pointsBefore(i int) int {
	if len(t.from) == 0 {
		return i
	}
	if len(t.points) == 0 {
		t.countPoints()
	}
	block := i / pointBlock
	return int(t.points[block]) + utf8.RuneCountInString(t.Original[t.blockStart(block):i])
}

// countPoints fills points: the code points before the first character that starts in
// each block.
func (t *Text) countPoints() {
	count, at := 0, 0
	for block := 0; block*pointBlock <= len(t.Original); block++ {
		start := t.blockStart(block)
		count += utf8.RuneCountInString(t.Original[at:start])
		at = start
		t.points = append(t.points, uint32(count))
	}
}

func (t *Text) blockStart(block int) int {
	if i := block * pointBlock; i < len(t.Original) {
		return runeStart(t.Original, i)
	}
	return len(t.Original)
}

// Word tells whether [s.Start, s.End) stands as a word of its own: no letter or digit
// goes on at either end. Scripts written without spaces have no such boundaries, so a
// Han or Thai name is found anywhere; in a hashtag a capital starts a word ("#BoycottAcme").
func (t *Text) Word(s Span) bool {
	return t.boundary(s.Start) && t.boundary(s.End)
}

// WordEnd is the end of the word that goes on at byte i, or i where none does.
func (t *Text) WordEnd(i int) int {
	for i < len(t.Folded) && !t.boundary(i) {
		_, n := utf8.DecodeRune(t.Folded[i:])
		i += n
	}
	return i
}

func (t *Text) boundary(i int) bool {
	if i <= 0 || i >= len(t.Folded) {
		return true
	}
	a, b := t.Folded[i-1], t.Folded[i]
	if a < utf8.RuneSelf && b < utf8.RuneSelf {
		return !wordByte[a] || !wordByte[b] || t.inHashtag(i)
	}
	before, _ := utf8.DecodeLastRune(t.Folded[:i])
	after, _ := utf8.DecodeRune(t.Folded[i:])
	return !wordRune(before) || !wordRune(after) || unspaced(before) || unspaced(after)
}

// inHashtag tells whether a new capitalized word of a hashtag starts at i.
func (t *Text) inHashtag(i int) bool {
	if c := t.Clean[i]; c < 'A' || c > 'Z' {
		return false
	}
	for j := i - 1; j >= 0 && i-j <= 64; j-- {
		switch c := t.Clean[j]; {
		case c == '#':
			return true
		case c < utf8.RuneSelf && !wordByte[c] && c != '_':
			return false
		}
	}
	return false
}

var wordByte = wordTable()

func wordTable() (table [256]bool) {
	for c := range table[:utf8.RuneSelf] {
		table[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	}
	return table
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// unspaced tells the scripts that write words without spaces between them.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー'
}

// Token is the index of the token that holds byte i, or of the last one before it. A
// token is a run of letters and digits, or one character of a script without spaces.
// The first call walks the text once.
func (t *Text) Token(i int) int {
	if len(t.tokens) == 0 {
		t.countTokens()
	}
	return sort.Search(len(t.tokens), func(k int) bool { return int(t.tokens[k]) > i }) - 1
}

func (t *Text) countTokens() {
	inside := false
	for i := 0; i < len(t.Folded); {
		r, n := rune(t.Folded[i]), 1
		word := wordByte[t.Folded[i]]
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(t.Folded[i:])
			word = wordRune(r)
		} else if r == '\'' {
			word = inside
		}
		if word && (!inside || unspaced(r)) {
			t.tokens = append(t.tokens, uint32(i))
		}
		inside = word
		i += n
	}
	if len(t.tokens) == 0 {
		t.tokens = append(t.tokens, 0)
	}
}
