package insider

import (
	"bytes"
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// set is a set of classes.
type set uint64

func of(all ...class) set {
	var s set
	for _, c := range all {
		s |= 1 << c
	}
	return s
}

func (s set) has(other set) bool { return s&other != 0 }

// mark is a place that says something.
type mark struct {
	detect.Span
	class    class
	sentence int
}

// reading is what the words of a stretch of a post say, in order of their starts.
type reading struct {
	post  *detect.Post
	marks []mark
}

// read looks the words of text[lo:hi) up.
func read(p *detect.Post, lo, hi int) *reading {
	r := &reading{post: p, marks: make([]mark, 0, 64)}
	d := words()
	var space [96]match.Hit
	for _, h := range d.machine.Find(p.Text.Folded[lo:hi], space[:0]) {
		span := detect.Span{Start: lo + int(h.Start), End: lo + int(h.End)}
		r.word(span, d.uses[h.Literal])
	}
	r.figures(lo, hi)
	r.names(lo, hi)
	slices.SortStableFunc(r.marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.class, b.class)) })
	for i := range r.marks {
		r.marks[i].sentence = p.Text.Sentence(r.marks[i].Start)
	}
	return r
}

// word marks a hit where it stands as a word, or as the start of one for a stem.
func (r *reading) word(span detect.Span, uses []use) {
	text := r.post.Text
	whole := text.Word(span)
	for _, u := range uses {
		if whole || u.stem && text.Word(detect.Span{Start: span.Start, End: text.WordEnd(span.End)}) || u.class == not && text.Folded[span.Start] == 'n' && wordEnds(text.Folded, span.End) {
			r.marks = append(r.marks, mark{Span: span, class: u.class})
		}
	}
}

// wordEnds tells whether no letter follows at i, for "n't".
func wordEnds(text []byte, i int) bool { return i >= len(text) || !part.Alnum(text[i]) }

// scales follow a figure that is a share or a sum.
var scales = []string{
	"%", "percent", "per cent", "prozent", "pour cent", "por ciento", "por cento", "per cento", "procent", "パーセント", "m ", "m,", "m.", "k ", "k,", "k.", "bn", "million", "millones", "milhões",
	"milioni", "miljoen", "millionen", "mil ", "thousand", "billion", "mio", "dollars", "euro", "pounds", "quid", "€", "£", "$", "円", "億", "万", "usd", "eur", "gbp", "basis points", "points",
}

// figures marks numbers; one with a scale or a currency is an amount, one with an ending
// of order is a day.
func (r *reading) figures(lo, hi int) {
	text := r.post.Text.Folded
	for i := lo; i < hi; i++ {
		if !part.Digit(text[i]) || i > lo && (part.Alnum(text[i-1]) || text[i-1] == '.') {
			continue
		}
		span := detect.Span{Start: i, End: numberEnd(text, i, hi)}
		c, rest := number, bytes.TrimLeft(text[span.End:min(hi, span.End+16)], " ")
		switch {
		case i > 0 && bytes.ContainsRune([]byte("£€$¥"), before(text, i)):
			c = amount
		case ordinal(text[span.End:min(hi, span.End+2)]):
			c = when
		case slices.ContainsFunc(scales, func(s string) bool { return bytes.HasPrefix(rest, []byte(s)) }):
			c = amount
		}
		r.marks = append(r.marks, mark{Span: span, class: c})
		i = span.End
	}
}

func before(text []byte, i int) rune {
	c, _ := utf8.DecodeLastRune(text[:i])
	return c
}

func numberEnd(text []byte, i, hi int) int {
	for i < hi && (part.Digit(text[i]) || (text[i] == '.' || text[i] == ',') && i+1 < hi && part.Digit(text[i+1])) {
		i++
	}
	return i
}

func ordinal(s []byte) bool {
	return string(s) == "th" || string(s) == "st" || string(s) == "nd" || string(s) == "rd"
}

// names marks runs of capitalized words that do not start a sentence by themselves. They
// have no meaning in languages that write every noun so, nor in a post in capitals.
func (r *reading) names(lo, hi int) {
	text := r.post.Text.Clean
	for i := lo; i < hi; {
		if !upper(text[i:hi]) || i > 0 && part.Alnum(text[i-1]) {
			i++
			continue
		}
		end, count := nameEnd(text, i, hi)
		if count == 1 && string(text[i:end]) == "May" && !starts(text, i) {
			r.marks = append(r.marks, mark{Span: detect.Span{Start: i, End: end}, class: when})
		} else if count > 1 || count == 1 && !starts(text, i) && !common[string(r.post.Text.Folded[i:end])] {
			r.marks = append(r.marks, mark{Span: detect.Span{Start: i, End: end}, class: name})
		}
		i = max(end, i+1)
	}
}

// upper tells a capital followed by a small letter.
func upper(s []byte) bool {
	c, n := utf8.DecodeRune(s)
	next, _ := utf8.DecodeRune(s[n:])
	return unicode.IsUpper(c) && unicode.IsLower(next)
}

// nameEnd is the end of the run of capitalized words at i, also across "&" and "of", and
// their count.
func nameEnd(text []byte, i, hi int) (end, count int) {
	for upper(text[i:hi]) {
		for i < hi && (text[i] >= utf8.RuneSelf || part.Alnum(text[i]) || text[i] == '-') {
			i++
		}
		end = i
		count++
		for _, joint := range []string{" & ", " of the ", " of ", " "} {
			if bytes.HasPrefix(text[i:hi], []byte(joint)) {
				i += len(joint)
				break
			}
		}
	}
	return end, count
}

// starts tells whether the word at i starts a sentence or a line.
func starts(text []byte, i int) bool {
	head := bytes.TrimRight(text[:i], " \"'(*")
	return len(head) == 0 || bytes.IndexByte([]byte(".!?\n"), head[len(head)-1]) >= 0
}

// common are capitalized words that name no company.
var common = map[string]bool{
	"i'm": true, "i'll": true, "monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true, "january": true, "february": true,
	"march": true, "april": true, "may": true, "june": true, "july": true, "august": true, "september": true, "october": true, "november": true, "december": true, "jan": true, "feb": true,
	"christmas": true, "easter": true, "english": true, "german": true, "french": true, "hr": true, "mr": true, "mrs": true, "ms": true, "dr": true, "mum": true, "dad": true, "google": true,
	"slack": true, "teams": true, "excel": true, "zoom": true, "whatsapp": true, "linkedin": true, "github": true, "god": true, "christ": true, "twitter": true, "brexit": true,
}
