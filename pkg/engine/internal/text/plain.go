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
	changed, borrowed := false, t.borrowed()
	for i := 0; i < len(t.Folded); {
		end := t.chunkEnd(i)
		if end == i {
			if next := t.picture(i); next > i {
				i, changed = next, true
				continue
			}
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
		changed = into.chunk(t, Span{i, end}, borrowed) || changed
		i = end
	}
	if !changed {
		into.clear("")
	}
	return changed
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
	if i > 0 && (wordByte[f[i-1]] || f[i-1] == '\'' || f[i-1] >= utf8.RuneSelf) || !letter(f[i]) || i+1 >= len(f) || !separator(f[i+1]) {
		return i
	}
	by := f[i+1]
	end, count, signs, between := i, 0, 0, 0
	for j := i; j < len(f) && f[j] != by; {
		n, is := t.unit(j)
		if n == 0 || j+n < len(f) && (wordByte[f[j+n]] || f[j+n] >= utf8.RuneSelf) {
			break
		}
		if is {
			end, count, signs, between = j+n, count+1, signs+between, 0
		} else {
			between++
		}
		if j += n; j < len(f) && f[j] != by {
			break
		}
		j++
	}
	if count+signs < 4 || 2*signs > count {
		return i
	}
	return end
}

// unit is the length of what may stand for one letter at byte i, 0 for none, and whether
// it is one.
func (t *Text) unit(i int) (n int, is bool) {
	switch c := t.Folded[i]; {
	case letter(c):
		return 1, true
	case leet[c] != 0, c == '\'':
		return 1, false
	case c >= utf8.RuneSelf:
		r, n := utf8.DecodeRune(t.Folded[i:])
		if unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
			return n, true
		}
	}
	return 0, false
}

func separator(c byte) bool { return c == ' ' || c == '.' || c == '-' || c == '_' || c == '*' }

// joined adds the letters apart in [start, end) of from without what stands between them.
func (t *Text) joined(from *Text, start, end int) {
	for i := start; i < end; {
		n, _ := from.unit(i)
		if l := leet[from.Folded[i]]; l != 0 {
			t.add(l, l, Span{i, i + 1})
		} else {
			t.copy(from, i, i+n)
		}
		i += n + 1
	}
}

// chunk adds the word at of from, undisguised, and tells whether that changed it. borrowed
// tells that letters of other scripts stand for Latin ones in whole words too. A figure at
// the end is one more letter only behind another one: "gu4rant33", but "covid1".
func (t *Text) chunk(from *Text, word Span, borrowed bool) bool {
	latin, digits, others := latinShare(from.Folded[word.Start:word.End])
	size := word.End - word.Start
	spell := size < 32 && (latin >= 2 && latin >= digits || digits <= 2*latin && others == 0 && size >= 4 && letter(from.Folded[word.Start]))
	foreign := latin == 0 && !borrowed
	spelled, changed := false, false
	for i := word.Start; i < word.End; {
		clean, c, n := from.Clean[i], from.Folded[i], 1
		if c >= utf8.RuneSelf {
			var r rune
			r, n = utf8.DecodeRune(from.Folded[i:word.End])
			if c = lookalike(r); c == 0 || foreign {
				t.copy(from, i, i+n)
				i += n
				continue
			}
			if clean, changed = c, true; unicode.IsUpper(runeAt(from.Clean[i:])) {
				clean -= 'a' - 'A'
			}
		} else if l := leet[c]; l != 0 && spell && (i > word.Start || latin >= 3 && size >= 5 && digit(c)) && (i+1 < word.End || spelled && c != '!') {
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

// latinShare counts the Latin letters of a folded word, phonetic ones among them, its
// digits, and the digits that stand for no letter.
func latinShare(word []byte) (latin, digits, others int) {
	for i, c := range word {
		switch {
		case letter(c):
			latin++
		case digit(c):
			digits++
			if leet[c] == 0 {
				others++
			}
		case c == 0xC9 || c == 0xCA || c == 0xE1 || c == 0xEA || c == 0xF0:
			if r := runeAt(word[i:]); lookalike(r) != 0 && (unicode.Is(unicode.Latin, r) || r >= '🅐') {
				latin++
			}
		}
	}
	return latin, digits, others
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
