package text

import "unicode/utf8"

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
			i = n
			continue
		}
		into.chunk(t, i, end)
		i = end
	}
	return true
}

// Kinds of bytes, two bits each, as disguised looks at them.
const (
	kindOther  = iota
	kindLetter // Latin
	kindLeet   // may stand for a letter
	kindLead   // first byte of Greek or Cyrillic
)

var kinds = func() (table [256]uint8) {
	for i := range table {
		switch c := byte(i); {
		case letter(c):
			table[i] = kindLetter
		case leet[c] != 0:
			table[i] = kindLeet
		case c >= 0xCD && c <= 0xD4:
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
)

var means = func() (table [64]uint8) {
	for h := range table {
		a, b, c := h>>4, h>>2&3, h&3
		switch {
		case a == kindLetter && b == kindLeet && c == kindLetter, b == kindLetter && c == kindLead, a == kindLead && c == kindLetter:
			table[h] = meansDisguise
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

// lookalikes are the Greek and Cyrillic letters that look like a Latin one (UTS #39).
var lookalikes = map[rune]byte{
	'а': 'a', 'в': 'b', 'с': 'c', 'е': 'e', 'ё': 'e', 'һ': 'h', 'н': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j', 'к': 'k', 'ӏ': 'l', 'м': 'm', 'о': 'o',
	'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'у': 'y', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ω': 'w', 'γ': 'y',
}

// chunkEnd is the end of the run of letters, digits and signs at i that may be a word.
func (t *Text) chunkEnd(i int) int {
	for i < len(t.Folded) && (wordByte[t.Folded[i]] || t.Folded[i] >= utf8.RuneSelf || leet[t.Folded[i]] != 0) {
		i++
	}
	return i
}

// apart returns the end of a run of at least four single letters with one equal
// separator between them, or i.
func (t *Text) apart(i int) int {
	f := t.Folded
	if i > 0 && wordByte[f[i-1]] || i+1 >= len(f) || !separator(f[i+1]) {
		return i
	}
	end, count := i, 0
	for j := i; j < len(f) && letter(f[j]) && (j+1 == len(f) || !wordByte[f[j+1]]); j += 2 {
		end, count = j+1, count+1
		if j+1 == len(f) || f[j+1] != f[i+1] {
			break
		}
	}
	if count < 4 {
		return i
	}
	return end
}

func separator(c byte) bool { return c == ' ' || c == '.' || c == '-' || c == '_' || c == '*' }

func (t *Text) joined(from *Text, start, end int) {
	for i := start; i < end; i += 2 {
		t.add(from.Folded[i], i, i+1)
	}
}

// chunk adds the word [start, end) of from, undisguised. A figure at its end is one more
// letter only behind another one: "gu4rant33", but "covid1".
func (t *Text) chunk(from *Text, start, end int) {
	latin, digits := 0, 0
	for _, c := range from.Folded[start:end] {
		switch {
		case letter(c):
			latin++
		case c >= '0' && c <= '9':
			digits++
		}
	}
	spell, spelled := latin >= 2 && latin >= digits && end-start < 32, false
	for i := start; i < end; {
		c, n := from.Folded[i], 1
		if c >= utf8.RuneSelf {
			var r rune
			r, n = utf8.DecodeRune(from.Folded[i:end])
			if c = lookalikes[r]; c == 0 || latin == 0 {
				t.copy(from, i, i+n)
				i += n
				continue
			}
		} else if l := leet[c]; l != 0 && spell && i > start && (i+1 < end || spelled && c != '!') {
			c, spelled = l, true
		}
		if last := len(t.Folded) - 1; last < 1 || c != t.Folded[last] || c != t.Folded[last-1] || !letter(c) {
			t.add(c, i, i+n)
		}
		i += n
	}
}

func (t *Text) copy(from *Text, start, end int) {
	for i := start; i < end; i++ {
		t.Clean = append(t.Clean, from.Clean[i])
		t.Folded = append(t.Folded, from.Folded[i])
		t.from, t.to = append(t.from, uint32(start)), append(t.to, uint32(end))
	}
}

func (t *Text) add(c byte, start, end int) {
	t.Clean, t.Folded = append(t.Clean, c), append(t.Folded, c)
	t.from, t.to = append(t.from, uint32(start)), append(t.to, uint32(end))
}
