package paraphrase

import (
	"unicode"
	"unicode/utf8"
)

type class uint8

const (
	blank class = iota
	letters
	number
	handle
	link
	fixed // a mark or an emoji, by itself
	brand
)

// What stands for tokens that must teach nothing.
var (
	brandName, handleName, linkName = []byte("<brand>"), []byte("<at>"), []byte("<url>")

	brandWord   = hash(seedWord, brandName)
	numberNames = [...][]byte{[]byte("<n>"), []byte("<n1>"), []byte("<n2>"), []byte("<n3>"), []byte("<n4>")}
)

// token returns the length and the class of the token at the start of s, which is not empty.
func token(s []byte) (int, class) {
	r, n := utf8.DecodeRune(s)
	switch {
	case r == ' ':
		return n, blank
	case r == '@' && len(s) > 1 && letter(s[1:]):
		return n + word(s[n:]), handle
	case r == '#' && len(s) > 1 && letter(s[1:]):
		return n + word(s[n:]), letters
	case unicode.IsDigit(r):
		return figures(s), number
	case !unicode.IsLetter(r):
		return n, fixed
	}
	n = word(s)
	if n+2 < len(s) && string(s[n:n+3]) == "://" {
		for n < len(s) && s[n] != ' ' {
			n++
		}
		return n, link
	}
	return n, letters
}

func letter(s []byte) bool {
	r, _ := utf8.DecodeRune(s)
	return unicode.IsLetter(r)
}

// word is the length of the letters, digits and marks at the start of s, with single
// apostrophes between letters.
func word(s []byte) int {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRune(s[i:])
		inner := r == '\'' && i > 0 && letter(s[i+1:])
		if !inner && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' {
			break
		}
		i += n
	}
	return i
}

// figures is the length of the number at the start of s: digits with single points and
// commas between them.
func figures(s []byte) int {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRune(s[i:])
		inner := (r == '.' || r == ',') && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9'
		if !inner && !unicode.IsDigit(r) {
			break
		}
		i += n
	}
	return i
}

func digits(s []byte) int {
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}
