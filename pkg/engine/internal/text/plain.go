package text

import (
	"unicode"
	"unicode/utf8"
)

// Plain fills into with a plainer reading of t in which disguised words are spelled
// out: look-alike letters of other scripts inside a Latin word, digits and signs for
// letters ("gu4r4nteed"), letters set apart ("r i s k"), letters repeated more than
// twice. It returns false, and leaves into empty, where nothing is disguised; most
// posts cost one look at each byte. into.Bytes maps its spans to spans of t.
//
// It is for looking words up only, never for numbers or secrets (domain guide 3.5).
func (t *Text) Plain(into *Text) bool {
	into.clear("")
	if !t.disguised() {
		return false
	}
	changed := false
	for i := 0; i < len(t.Folded); {
		end := t.chunkEnd(i)
		if end == i {
			_, n := utf8.DecodeRune(t.Folded[i:])
			into.copy(t, i, i+n)
			i += n
			continue
		}
		if n := t.apart(i); n > i {
			into.joined(t, i, n)
			i, changed = n, true
			continue
		}
		changed = into.chunk(t, i, end) || changed
		i = end
	}
	if !changed {
		into.clear("")
	}
	return changed
}

// Disguised tells whether plain, a stretch of the plainer reading, was written in
// disguise: with more than letters where plain has letters. Letters drawn out are none.
func Disguised(written, plain []byte) bool {
	return len(written)-letters(written) > len(plain)-letters(plain)
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

func letters(s []byte) int {
	n := 0
	for _, c := range s {
		if letter(c) {
			n++
		}
	}
	return n
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
		case a == kindLetter && b == kindLeet && c == kindLetter, b == kindLetter && c == kindLead, a == kindLead && c == kindLetter:
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

// styled tells whether a small capital, most of which stand in one block, or a letter in
// a black circle or square starts at byte i: words of them have no Latin neighbors.
func (t *Text) styled(i int) bool {
	f := t.Folded[i:]
	return len(f) > 2 && f[0] == 0xE1 && f[1] == 0xB4 || len(f) > 3 && f[0] == 0xF0 && f[1] == 0x9F && (f[2] == 0x85 || f[2] == 0x86) && lookalike(runeAt(f)) != 0
}

// linkEnd is the last byte of the link whose second slash is at i.
func (t *Text) linkEnd(i int) int {
	for i+1 < len(t.Folded) && t.Folded[i+1] != ' ' {
		i++
	}
	return i
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }

// leet maps the digits and signs that stand for letters.
var leet = [256]byte{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

// chunkEnd is the end of the run of letters, digits and signs at i that may be a word.
func (t *Text) chunkEnd(i int) int {
	for i < len(t.Folded) && (wordByte[t.Folded[i]] || t.Folded[i] >= utf8.RuneSelf || leet[t.Folded[i]] != 0) {
		i++
	}
	return i
}

// apart returns the end of a run of at least four single letters with one equal
// separator between them, or i. A figure or sign may stand for one of them, but not for
// the first, the last or more than one of three.
func (t *Text) apart(i int) int {
	f := t.Folded
	if i > 0 && wordByte[f[i-1]] || i+1 >= len(f) || !letter(f[i]) || !separator(f[i+1]) {
		return i
	}
	end, count, signs, between := i, 0, 0, 0
	for j := i; j < len(f) && (letter(f[j]) || leet[f[j]] != 0 && f[j] != f[i+1]) && (j+1 == len(f) || !wordByte[f[j+1]]); j += 2 {
		if letter(f[j]) {
			end, count, signs, between = j+1, count+1, signs+between, 0
		} else {
			between++
		}
		if j+1 == len(f) || f[j+1] != f[i+1] {
			break
		}
	}
	if count+signs < 4 || 2*signs > count {
		return i
	}
	return end
}

func separator(c byte) bool { return c == ' ' || c == '.' || c == '-' || c == '_' || c == '*' }

func (t *Text) joined(from *Text, start, end int) {
	for i := start; i < end; i += 2 {
		clean, folded := from.Clean[i], from.Folded[i]
		if l := leet[folded]; l != 0 {
			clean, folded = l, l
		}
		t.add(clean, folded, Span{i, i + 1})
	}
}

// chunk adds the word [start, end) of from, undisguised, and tells whether that changed
// it. A figure at its end is one more letter only behind another one: "gu4rant33", but
// "covid1".
func (t *Text) chunk(from *Text, start, end int) bool {
	latin, digits := latinShare(from.Folded[start:end])
	spell, spelled, changed := latin >= 2 && latin >= digits && end-start < 32, false, false
	for i := start; i < end; {
		clean, c, n := from.Clean[i], from.Folded[i], 1
		if c >= utf8.RuneSelf {
			var r rune
			r, n = utf8.DecodeRune(from.Folded[i:end])
			if c = lookalike(r); c == 0 || latin == 0 {
				t.copy(from, i, i+n)
				i += n
				continue
			}
			if clean, changed = c, true; unicode.IsUpper(runeAt(from.Clean[i:])) {
				clean -= 'a' - 'A'
			}
		} else if l := leet[c]; l != 0 && spell && i > start && (i+1 < end || spelled && c != '!') {
			clean, c, spelled, changed = l, l, true, true
		}
		if last := len(t.Folded) - 1; last < 1 || c != t.Folded[last] || c != t.Folded[last-1] || !letter(c) {
			t.add(clean, c, Span{i, i + n})
		} else {
			changed = true
		}
		i += n
	}
	return changed
}

// latinShare counts the Latin letters of a folded word, phonetic ones among them, and its
// digits.
func latinShare(word []byte) (latin, digits int) {
	for i, c := range word {
		switch {
		case letter(c):
			latin++
		case digit(c):
			digits++
		case c == 0xC9 || c == 0xCA || c == 0xE1 || c == 0xEA || c == 0xF0:
			if r := runeAt(word[i:]); lookalike(r) != 0 && (unicode.Is(unicode.Latin, r) || r >= '🅐') {
				latin++
			}
		}
	}
	return latin, digits
}

func runeAt(b []byte) rune {
	r, _ := utf8.DecodeRune(b)
	return r
}

func (t *Text) copy(from *Text, start, end int) {
	for i := start; i < end; i++ {
		t.add(from.Clean[i], from.Folded[i], Span{start, end})
	}
}

func (t *Text) add(clean, folded byte, of Span) {
	t.Clean, t.Folded = append(t.Clean, clean), append(t.Folded, folded)
	t.from, t.to = append(t.from, uint32(of.Start)), append(t.to, uint32(of.End))
}
