package text

import (
	"bytes"
	"strings"
)

// repeated are the words that say the figure behind them more than once; zeros those that
// put noughts behind it.
var (
	repeated = map[string]int{"double": 2, "triple": 3, "treble": 3}
	zeros    = map[string]string{"hundred": "00", "thousand": "000"}
)

// digitSigns are the words with the blank that stands before all but the first.
func digitSigns() []string {
	var out []string
	for word := range said {
		if len(said[word]) == 1 && len(word) > 1 {
			out = append(out, " "+word)
		}
	}
	for word := range repeated {
		out = append(out, " "+word)
	}
	for word := range zeros {
		out = append(out, " "+word)
	}
	for stem := range strings.FieldsSeq(tensStems) {
		out = append(out, " "+stem)
	}
	return out
}

// The least figures of a number in words, and how many of its words there must be.
const (
	minSpelled = 7
	minInWords = 4
	minBeside  = 3 // beside figures in groups
	maxSpelled = 40
)

// figure is a digit and where it is written.
type figure struct {
	digit byte
	at    Span
}

// number adds the number in words that starts at byte i of from, as figures without
// anything between them, and returns its length; 0 where there is none. Counting up or
// down is none.
func (t *Text) number(from *Text, i int) int {
	if i > 0 && wordByte[from.Folded[i-1]] {
		return 0
	}
	var room [maxSpelled]figure
	figures, words, groups, end := room[:0], 0, 0, i
	for at := i; ; {
		digits, next := from.figures(at)
		if digits == "" || len(figures)+len(digits) > maxSpelled {
			break
		}
		switch n := next.End - next.Start; {
		case digit(from.Folded[next.Start]) && n > 1:
			groups++
		case n > 1:
			words++
		}
		for k := range len(digits) {
			figures = append(figures, figure{digits[k], next})
		}
		end, at = next.End, next.End
		for at < len(from.Folded) && at-end < 3 && strings.IndexByte(" ,.-/\"", from.Folded[at]) >= 0 {
			at++
		}
		at += then(from.Folded[at:])
	}
	if len(figures) < minSpelled || words < minInWords && (groups == 0 || words < minBeside) || counting(figures) {
		return 0
	}
	if zeroInFront(from.Folded[end:]) {
		t.add('0', '0', figures[0].at)
		t.Digits++
	}
	for _, f := range figures {
		t.add(f.digit, f.digit, f.at)
		t.Digits++
	}
	return end - i
}

// thens join the groups of a number that is told in words: "nine hundred, then four two".
var thens = []string{"and then ", "then ", "dann ", "puis ", "luego ", "poi ", "depois ", "dan "}

// then is the length of such a word that starts rest; 0 where there is none.
func then(rest []byte) int {
	for _, word := range thens {
		if bytes.HasPrefix(rest, []byte(word)) {
			return len(word)
		}
	}
	return 0
}

// zeroInFront tells whether the author says behind a number that it starts with a nought.
func zeroInFront(rest []byte) bool {
	for _, a := range []string{" with an oh", " with a zero", " with a nought", " with a 0", ", with a zero", ", with an oh"} {
		if !bytes.HasPrefix(rest, []byte(a)) {
			continue
		}
		for _, b := range []string{" in front", " at the front", " before", " first", " at the start"} {
			if bytes.HasPrefix(rest[len(a):], []byte(b)) {
				return true
			}
		}
	}
	return false
}

// figures reads at byte i a figure, or what one to three words say of a number: "seven",
// "double seven", "seven hundred", "forty-two". digits is empty where there is none.
func (t *Text) figures(i int) (digits string, at Span) {
	end := t.wordEnd(i)
	word := t.Folded[i:end]
	if group(word) {
		return string(word), Span{i, end}
	}
	if n := repeated[string(word)]; n > 0 {
		if d, next := t.nextSaid(end); len(d) == 1 {
			return t.noughts(strings.Repeat(d, n), Span{i, next})
		}
		return "", Span{}
	}
	digits = said[string(word)]
	switch {
	case digits == "":
		return "", Span{}
	case len(digits) == 1:
		return t.noughts(digits, Span{i, end})
	case len(digits) == 2 && digits[1] == '0' && digits != "10":
		return t.tens(digits, Span{i, end})
	case len(digits) == 3:
		return t.below(digits, Span{i, end})
	}
	return digits, Span{i, end}
}

// group tells a figure, or a few of them together.
func group(word []byte) bool {
	const longest = 6
	for _, c := range word {
		if !digit(c) {
			return false
		}
	}
	return len(word) > 0 && len(word) <= longest
}

// noughts takes in "hundred" or "thousand" behind digits.
func (t *Text) noughts(digits string, at Span) (string, Span) {
	if at.End < len(t.Folded) && t.Folded[at.End] == ' ' {
		next := t.wordEnd(at.End + 1)
		if z := zeros[string(t.Folded[at.End+1:next])]; z != "" {
			return digits + z, Span{at.Start, next}
		}
	}
	return digits, at
}

// tens takes in what stands behind tens: "forty-two", "treinta y cuatro", "vingt et un".
func (t *Text) tens(tens string, at Span) (string, Span) {
	d, next := t.nextSaid(at.End)
	if d == "" && at.End < len(t.Folded) {
		for _, and := range []string{" y ", " e ", " et ", "-et-"} {
			if bytes.HasPrefix(t.Folded[at.End:], []byte(and)) {
				d, next = t.nextSaid(at.End + len(and) - 1)
			}
		}
	}
	switch {
	case len(d) == 1 && d != "0":
		return tens[:1] + d, Span{at.Start, next}
	case (tens == "60" || tens == "80") && len(d) == 2 && d[0] == '1': // soixante-dix-huit, quatre-vingt-onze
		return string(tens[0]+1) + d[1:], Span{at.Start, next}
	}
	return tens, at
}

// below takes in the tens and units behind a hundred that is one word: "seiscientos doce".
func (t *Text) below(hundred string, at Span) (string, Span) {
	if at.End >= len(t.Folded) || t.Folded[at.End] != ' ' {
		return hundred, at
	}
	switch d, next := t.figures(at.End + 1); {
	case len(d) == 2 && next.End-next.Start > 1:
		return hundred[:1] + d, Span{at.Start, next.End}
	case len(d) == 1 && next.End-next.Start > 1:
		return hundred[:2] + d, Span{at.Start, next.End}
	}
	return hundred, at
}

// nextSaid is what the word behind a blank or a hyphen at byte i says, and its end.
func (t *Text) nextSaid(i int) (digits string, end int) {
	if i >= len(t.Folded) || t.Folded[i] != ' ' && t.Folded[i] != '-' {
		return "", i
	}
	end = t.wordEnd(i + 1)
	word := t.Folded[i+1 : end]
	if len(word) == 1 && word[0] != 'o' {
		return "", end
	}
	for _, whole := range []string{"dix-sept", "dix-huit", "dix-neuf"} {
		if bytes.HasPrefix(t.Folded[i+1:], []byte(whole)) {
			return said[whole], i + 1 + len(whole)
		}
	}
	return said[string(word)], end
}

// maxSaid bounds the bytes of a word for a number: "siebenundsiebzig".
const maxSaid = 20

// wordEnd is the end of the letters and digits at byte i, at most as many as the longest
// word of a number has. "quatre-vingt" and "dix-sept" are one.
func (t *Text) wordEnd(i int) int {
	for _, whole := range hyphenated {
		if i < len(t.Folded) && t.Folded[i] == whole[0] && bytes.HasPrefix(t.Folded[i:], []byte(whole)) {
			if end := i + len(whole); end == len(t.Folded) || !wordByte[t.Folded[end]] {
				return end
			}
		}
	}
	end := i
	for end < len(t.Folded) && end-i < maxSaid && (wordByte[t.Folded[end]] || t.Folded[end] >= 0x80) {
		end++
	}
	return end
}

// counting tells figures that go up or down one by one.
func counting(figures []figure) bool {
	up, down := true, true
	for i := 1; i < len(figures); i++ {
		up = up && figures[i].digit == figures[i-1].digit+1
		down = down && figures[i].digit == figures[i-1].digit-1
	}
	return up || down
}
