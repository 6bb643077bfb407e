package text

import "unicode/utf8"

// Disguised tells whether plain, a stretch of the plainer reading, was written in
// disguise: with more than letters where plain has letters. Letters drawn out are none.
func Disguised(written, plain []byte) bool { return signsIn(written) > signsIn(plain) }

// signsIn counts the bytes that are no letters, without the pictures between words.
func signsIn(s []byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if end := pictures(s, i); end > i && i > 0 && s[i-1] == ' ' {
			i = end
			continue
		}
		if !letter(s[i]) {
			n++
		}
	}
	return n
}

// Concealed tells whether an invisible character stands between two letters or digits of
// ASCII in s, where only somebody who hides a word puts one; soft hyphens and the
// selectors of emoji stand there in good faith.
func (t *Text) Concealed(s Span) bool {
	if t.Hidden == 0 {
		return false
	}
	start, end := t.Bytes(s)
	word, hidden := false, false
	for _, r := range t.Original[start:end] {
		switch {
		case r < utf8.RuneSelf && wordByte[r]:
			if hidden {
				return true
			}
			word = true
		case r < utf8.RuneSelf || !invisible(r):
			word, hidden = false, false
		case r != 0x00AD && r != 0x20E3 && (r < 0xFE00 || r > 0xFE0F):
			hidden = word
		}
	}
	return false
}

// Kinds of bytes, two bits each, as disguised looks at them.
const (
	kindOther  = iota
	kindLetter // Latin
	kindLeet   // may stand for a letter
	kindLead   // first byte of a script with look-alikes
)

var kinds = func() (table [256]uint8) {
	for i := range table {
		switch c := byte(i); {
		case letter(c):
			table[i] = kindLetter
		case leet[c] != 0:
			table[i] = kindLeet
		case c >= 0xC9 && c <= 0xD6, c == 0xE1, c == 0xEA, c == 0xF0:
			table[i] = kindLead
		}
	}
	return table
}()

// What three kinds in a row mean.
const (
	meansNothing = iota
	meansDisguise
	meansSingle // a letter by itself
	meansWord
	meansLead // a byte that may start a letter of phonetics or in a black square
)

var means = func() (table [64]uint8) {
	for h := range table {
		a, b, c := h>>4, h>>2&3, h&3
		switch {
		case a == kindLetter && b == kindLeet && (c == kindLetter || c == kindLeet), b == kindLetter && c == kindLead, a == kindLead && c == kindLetter:
			table[h] = meansDisguise
		case b == kindLead:
			table[h] = meansLead
		case b == kindLetter && a != kindLetter && c != kindLetter:
			table[h] = meansSingle
		case b == kindLetter:
			table[h] = meansWord
		}
	}
	return table
}()

// disguised looks for signs that Plain would change something; it may cry wolf.
func (t *Text) disguised() bool {
	f := t.Folded
	single, history := 0, uint8(0)
	for i := 0; i < len(f); i++ {
		c := f[i]
		history = (history<<2 | kinds[c]) & 63
		switch means[history] {
		case meansDisguise:
			return true
		case meansLead:
			if t.styled(i - 1) {
				return true
			}
		case meansSingle:
			if single++; single > 1 {
				return true
			}
		case meansWord:
			single = 0
		}
		if i < 2 || c != f[i-1] {
			continue
		}
		if c == f[i-2] && letter(c) {
			return true
		}
		if c == '/' {
			i, history = t.linkEnd(i), 0
		}
	}
	return false
}

// styled tells whether at byte i starts what has no Latin neighbors and may be in
// disguise: a small capital, most of which stand in one block, a letter in a black square,
// a word of another script behind a Latin one, a picture between words.
func (t *Text) styled(i int) bool {
	f := t.Folded[i:]
	switch f[0] {
	case 0xE1:
		return len(f) > 2 && f[1] == 0xB4
	case 0xF0:
		return i > 0 && t.picture(i-1) >= i || len(f) > 3 && lookalike(runeAt(f)) != 0
	}
	return i > 1 && t.Folded[i-1] == ' ' && letter(t.Folded[i-2])
}

// picture is the second of two blanks that stand between words with nothing but pictures
// between them, where the first is at byte i; else i.
func (t *Text) picture(i int) int {
	f := t.Folded
	if f[i] != ' ' || i == 0 || !wordByte[f[i-1]] || i+1 == len(f) {
		return i
	}
	end := pictures(f, i+1)
	if end == i+1 || end+1 >= len(f) || f[end] != ' ' || !wordByte[f[end+1]] {
		return i
	}
	return end
}

// pictures is the end of the emoji at byte i of s; the letters in squares are none.
func pictures(s []byte, i int) int {
	for i+3 < len(s) && s[i] == 0xF0 && s[i+1] == 0x9F && (s[i+2] < 0x84 || s[i+2] > 0x87) {
		i += 4
	}
	return i
}

// borrowed tells whether the Greek and Cyrillic letters of the text are look-alikes of
// Latin ones throughout: no text in these scripts does without the others for long.
func (t *Text) borrowed() bool {
	if len(t.from) == 0 {
		return false
	}
	for i := 0; i < len(t.Folded); i++ {
		if c := t.Folded[i]; c < 0xCD || c > 0xD4 {
			continue
		}
		if lookalike(runeAt(t.Folded[i:])) == 0 {
			return false
		}
	}
	return true
}

// linkEnd is the last byte of the link whose second slash is at i.
func (t *Text) linkEnd(i int) int {
	for i+1 < len(t.Folded) && t.Folded[i+1] != ' ' {
		i++
	}
	return i
}
