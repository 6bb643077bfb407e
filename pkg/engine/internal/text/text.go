// Package text reads a post the way people read it: without the invisible
// characters, styles of letters and capitals that hide a word from a machine.
//
// A Text keeps the original beside two readings of it that share their byte
// offsets: Clean (NFKC, invisible characters removed) and Folded (Clean in lower
// case). Guarantee: work is linear in the length of the post, any bytes are
// accepted, and every span of a reading maps back to a span of the original.
package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxBytes bounds the text of one post (domain guide 3.5); what is behind it is not read.
const MaxBytes = 64 << 10

// Text is one post ready for matching. The zero value is ready for Reset. It is
// meant to be reused; its slices are valid until the next Reset. Not safe for
// concurrent use.
type Text struct {
	// Original is the post as written, cut at MaxBytes.
	Original string
	// Clean is the original after NFKC, without tags of HTML and invisible characters;
	// invalid UTF-8 stands there as U+FFFD.
	Clean []byte
	// Folded is Clean in lower case with plain quotes, dashes and spaces. Byte i of
	// Folded and byte i of Clean stand for the same character.
	Folded []byte
	// Hidden counts the invisible characters that were removed: evidence of evasion.
	Hidden int
	// Digits counts the decimal digits, after NFKC.
	Digits int

	from, to []uint32 // original byte range of each byte of Folded; empty while identical
	points   []uint32 // code points before each block of the original
	tokens   []uint32
	ends     []uint32 // of sentences
	quotes   []Span
	marked   bool // ends and quotes are known
	segment  []byte

	bare   source
	source string // what is read: the original, or bare's text
	html   bool
}

// Reset reads a new post.
func (t *Text) Reset(original string) {
	if len(original) > MaxBytes {
		original = original[:runeStart(original, MaxBytes)]
	}
	t.clear(original)
	if t.unmark() {
		t.html, t.source = true, string(t.bare.text)
	}
	n := t.ascii()
	if n < len(t.source) || t.html {
		t.stand(0, n)
		t.wide(n)
	}
	if t.html {
		t.remap()
	}
}

// HTML tells whether the original holds tags or character references of HTML.
func (t *Text) HTML() bool { return t.html }

func (t *Text) clear(original string) {
	t.Original, t.source, t.html, t.bare.tags = original, original, false, t.bare.tags[:0]
	t.Clean, t.Folded = t.Clean[:0], t.Folded[:0]
	t.from, t.to, t.points, t.tokens = t.from[:0], t.to[:0], t.points[:0], t.tokens[:0]
	t.ends, t.quotes, t.marked = t.ends[:0], t.quotes[:0], false
	t.Hidden, t.Digits = 0, 0
}

func runeStart(s string, i int) int {
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// ascii reads the longest ASCII start of the source and returns its length.
func (t *Text) ascii() int {
	n := asciiRun(t.source)
	t.plainBytes(0, n)
	return n
}

// asciiRun is the length of the ASCII start of s, without its last byte where something
// else follows: a combining mark may belong to it.
func asciiRun(s string) int {
	n := 0
	for n < len(s) && s[n] < utf8.RuneSelf {
		n++
	}
	if n < len(s) && n > 0 {
		n--
	}
	return n
}

// plainBytes adds n bytes of ASCII from byte i of the source on.
func (t *Text) plainBytes(i, n int) {
	at := len(t.Folded)
	t.Clean = append(t.Clean, t.source[i:i+n]...)
	t.Folded = append(t.Folded, t.source[i:i+n]...)
	for k, c := range t.Folded[at:] {
		f := lower[c]
		t.Folded[at+k] = f
		if f-'0' <= 9 {
			t.Digits++
		}
	}
}

// stand maps n bytes from byte i of the source on to themselves.
func (t *Text) stand(i, n int) {
	for k := range n {
		t.from = append(t.from, uint32(i+k))
		t.to = append(t.to, uint32(i+k+1))
	}
}

// wide reads the rest of the source from byte i on, by normalization segments: the
// shortest stretches that NFKC changes on their own.
func (t *Text) wide(i int) {
	for i < len(t.source) {
		rest := t.source[i:]
		if n := asciiRun(rest); n > 0 {
			t.plainBytes(i, n)
			t.stand(i, n)
			i += n
			continue
		}
		n := norm.NFKC.NextBoundaryInString(rest, true)
		if n <= 0 {
			n = len(rest)
		}
		t.normalized(i, i+n)
		i += n
	}
}

// normalized adds the NFKC form of the source bytes [start, end).
func (t *Text) normalized(start, end int) {
	s := t.source[start:end]
	if norm.NFKC.QuickSpanString(s) == len(s) {
		for i := 0; i < len(s); {
			r, n := utf8.DecodeRuneInString(s[i:])
			t.put(r, start+i, start+i+n)
			i += n
		}
		return
	}
	t.segment = norm.NFKC.AppendString(t.segment[:0], s)
	for i := 0; i < len(t.segment); {
		r, n := utf8.DecodeRune(t.segment[i:])
		t.put(r, start, end)
		i += n
	}
}

// put adds one normalized character that stands for the original bytes [start, end).
func (t *Text) put(r rune, start, end int) {
	if r >= utf8.RuneSelf && invisible(r) {
		t.Hidden++
		return
	}
	before := len(t.Clean)
	folded := fold(r)
	if utf8.RuneLen(folded) != utf8.RuneLen(r) {
		r = folded
	}
	t.Clean = utf8.AppendRune(t.Clean, r)
	t.Folded = utf8.AppendRune(t.Folded, folded)
	if folded-'0' <= 9 && folded >= '0' {
		t.Digits++
	}
	for range len(t.Clean) - before {
		t.from = append(t.from, uint32(start))
		t.to = append(t.to, uint32(end))
	}
}

// lower folds ASCII: letters to lower case, white space to blanks.
var lower = foldTable()

func foldTable() (table [256]byte) {
	for i := range table {
		c := byte(i)
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
			c = ' '
		}
		table[i] = c
	}
	return table
}

func fold(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return rune(lower[r])
	case r == '‘' || r == '’' || r == '‚' || r == '‛' || r == '′':
		return '\''
	case r == '“' || r == '”' || r == '„' || r == '‟' || r == '«' || r == '»' || r == '「' || r == '」':
		return '"'
	case r == '‐' || r == '‑' || r == '‒' || r == '–' || r == '—' || r == '−':
		return '-'
	case r == '؟':
		return '?'
	case r == 'ς':
		return 'σ'
	case unicode.IsSpace(r):
		return ' '
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r >= '०' && r <= '९':
		return '0' + r - '०'
	}
	return unicode.ToLower(r)
}

// invisible tells the characters that a reader does not see (domain guide 3.5, step 2)
// and the ring of keycap emoji, which dresses up a digit.
func invisible(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE01EF:
		return true
	}
	return r == 0x00AD || r == 0x034F || r == 0x061C || r == 0x180E || r == 0x20E3 || r == 0xFEFF
}
