package address

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// kind is what a piece of an address is.
type kind byte

const (
	other   kind = iota // the end, or a sign that no address holds
	number              // 4, 12b, 12-14, 3/2
	ordinal             // 184th
	capital             // a word that starts with a capital letter, or has none
	small               // a word in small letters
)

// piece is a word or a number of text[start:end], without the dot of an abbreviation.
type piece struct {
	start, end int
	kind       kind
	// comma and line tell what stands before it; stop that a sentence ends behind it.
	comma, line, stop bool
}

// read returns the piece at or behind byte i. Between pieces may stand blanks, one comma
// and one line end with a sign of quotation.
func read(text []byte, i int) piece {
	p, from := piece{kind: other}, i
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '.' && i == from: // of an abbreviation; whoever stops at a sentence's end has stopped
		case c == ' ' || c == '\t' || c == '\r':
		case c == ',' && !p.comma:
			p.comma = true
		case c == '\n':
			p.line = true
		case c == '>' && p.line:
		default:
			return readAt(text, i, p)
		}
	}
	p.start, p.end = i, i
	return p
}

// abbreviation is the most characters of an abbreviated word, its dot included: a dot
// behind a longer one ends the sentence.
const abbreviation = 6

func readAt(text []byte, i int, p piece) piece {
	p.start = i
	if digit(text[i]) {
		p.end, p.kind = readNumber(text, i)
		p.stop = p.end < len(text) && text[p.end] == '.'
		return p
	}
	if text[i] == '#' {
		p.end, p.kind = i+1, small
		return p
	}
	r, _ := utf8.DecodeRune(text[i:])
	if !unicode.IsLetter(r) {
		p.end = i
		return p
	}
	p.kind = capital
	if unicode.IsLower(r) {
		p.kind = small
	}
	p.end = wordEnd(text, i)
	if text[p.end-1] == '.' {
		word := fold(text[p.start : p.end-1])
		p.stop = utf8.RuneCount(text[p.start:p.end]) > abbreviation || unabbreviated[word] || p.end < len(text) && text[p.end] == '\n'
		p.end--
	}
	return p
}

// wordEnd is the end of the word at i: letters, marks and digits, and what stands inside
// of names. A dot at its end is taken in.
func wordEnd(text []byte, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRune(text[i:])
		inner := r == '\'' || r == '’' || r == '-' || r == '/' || r == '.'
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !inner && (r < '0' || r > '9') {
			break
		}
		i += n
	}
	for bytes.HasSuffix(text[:i], []byte("..")) || text[i-1] == '\'' || text[i-1] == '-' {
		i--
	}
	return i
}

// readNumber reads a house number: up to five digits, then a letter, or a second number
// behind a dash or a stroke. Anything else that goes on is no house number.
func readNumber(text []byte, i int) (end int, k kind) {
	const most = 5
	start := i
	for i < len(text) && digit(text[i]) {
		i++
	}
	if i-start > most {
		return i, other
	}
	if i+1 < len(text) && (text[i] == '-' || text[i] == '/') && digit(text[i+1]) && i-start < most {
		for i++; i < len(text) && digit(text[i]); {
			i++
		}
	}
	if i < len(text) && lowered(text[i]) >= 'a' && lowered(text[i]) <= 'h' && !follows(text, i+1) {
		return i + 1, number
	}
	if i+1 < len(text) && nth(text[i:]) && !follows(text, i+2) {
		return i + 2, ordinal
	}
	if end := floorEnd(text, i); end > 0 {
		return end, number
	}
	if follows(text, i) || i+1 < len(text) && (text[i] == '.' || text[i] == ':' || text[i] == ',') && digit(text[i+1]) {
		return i, other
	}
	return i, number
}

// floorEnd is the end of the floor that the Dutch put behind a house number: "42-III",
// "7-hs"; 0 where there is none.
func floorEnd(text []byte, i int) int {
	for _, floor := range []string{"-III", "-II", "-IV", "-I", "-V", "-hs", "-bis", "-huis"} {
		if end := i + len(floor); bytes.HasPrefix(text[i:], []byte(floor)) && (end == len(text) || !follows(text, end)) {
			return end
		}
	}
	return 0
}

func nth(s []byte) bool {
	return bytes.HasPrefix(s, []byte("th")) || bytes.HasPrefix(s, []byte("st")) || bytes.HasPrefix(s, []byte("nd")) || bytes.HasPrefix(s, []byte("rd"))
}

// follows tells whether a number goes on at byte i.
func follows(text []byte, i int) bool {
	if i >= len(text) {
		return false
	}
	c := text[i]
	return digit(c) || lowered(c) >= 'a' && lowered(c) <= 'z' || c >= 0x80 || c == '%' || c == '$' || c == '/' || c == '-' || c == '\'' || c == '+'
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func lowered(c byte) byte { return c | 0x20 }
