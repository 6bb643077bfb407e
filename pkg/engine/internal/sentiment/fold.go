package sentiment

import (
	"unicode"
	"unicode/utf8"
)

// Classes of a byte; zero is the lead byte of a wider rune.
const (
	classWide = iota
	classSpace
	classBreak
	classWord
	classMention
	classMark
)

var class = classes()

func classes() (t [256]byte) {
	for c := range t[:utf8.RuneSelf] {
		switch b := byte(c); {
		case b == '.' || b == ';' || b == '\n':
			t[c] = classBreak
		case b <= ' ' || b == '#' || b == '_' || b == '*':
			t[c] = classSpace
		case b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9':
			t[c] = classWord
		case b == '@':
			t[c] = classMention
		default:
			t[c] = classMark
		}
	}
	return t
}

// folder hashes a token as it is read: lower case, no letter more than twice in a
// row ("soooo" is "soo"). FNV-1a, 64 bits: two words of a language never meet.
type folder struct {
	hash           uint64
	last           rune
	run            int
	letters, upper int
}

func newFolder() folder { return folder{hash: 14695981039346656037} }

func (f *folder) ascii(c byte) {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
		f.upper++
	}
	if c >= 'a' && c <= 'z' {
		f.letters++
	}
	if f.repeats(rune(c)) {
		return
	}
	f.hash = (f.hash ^ uint64(c)) * 1099511628211
}

func (f *folder) rune(r rune) {
	if unicode.IsLetter(r) {
		f.letters++
		if l := unicode.ToLower(r); l != r {
			f.upper++
			r = l
		}
	}
	if f.repeats(r) {
		return
	}
	for r > 0 {
		f.hash = (f.hash ^ uint64(r&0xff)) * 1099511628211
		r >>= 8
	}
}

func (f *folder) repeats(r rune) bool {
	if r != f.last {
		f.last, f.run = r, 1
		return false
	}
	f.run++
	return f.run > 2
}

func (f *folder) sum() uint64 { return f.hash ^ f.hash>>32 }

// Key returns the key under which a token stands in the lexicon, folded as the
// scanner folds it.
func Key(token string) uint64 {
	f := newFolder()
	for _, r := range token {
		switch {
		case r == '’':
			f.ascii('\'')
		case r < utf8.RuneSelf:
			f.ascii(byte(r))
		default:
			f.rune(r)
		}
	}
	return f.sum()
}

// pairKey is the key of two tokens in a row.
func pairKey(a, b uint64) uint64 { return (a*31 + b) * 0x9E3779B97F4A7C15 }
