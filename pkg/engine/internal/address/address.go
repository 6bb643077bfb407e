// Package address reads postal addresses as many countries write them: a number and a
// street, a street and a number, the flat, and the lines down to the postal code.
//
// It tells how much an address looks like one; whether it is somebody's home is for the
// caller, who knows what stands around it. All functions are pure and read a bounded
// stretch of the text.
package address

import (
	"bytes"
	"regexp"
)

// Strength is how plainly a name says that it is a street.
type Strength byte

// From no word for street at all, over a word that means other things too ("Park") and one
// for a group of homes ("Cottages"), to one that hardly means anything else
// ("Lindenstraße").
const (
	Unnamed Strength = iota
	Weak
	Homely
	Strong
)

// Place is an address in text[Start:End].
type Place struct {
	Start, End int
	Street     Strength
	// Before and After tell on which side of the name a house number stands.
	Before, After bool
	// Unit is a flat or a suite, Code a postal code.
	Unit, Code bool
	// Small tells that the name is in small letters, as few people write addresses.
	Small bool
}

// maxWords bounds the words of a street's name.
const maxWords = 6

// At reads the address that the number at byte i belongs to, as its first or last house
// number. With loose, names in small letters count too.
func At(text []byte, i int, loose bool) (Place, bool) {
	first := read(text, i)
	if first.kind != number || glued(text, i) {
		return Place{}, false
	}
	p, ok := numberFirst(text, first, loose)
	if ok && (p.Street == Strong || p.After) {
		return p, true
	}
	if q, found := nameFirst(text, first, loose); found && (!ok || q.Street > p.Street) {
		return q, true
	}
	return p, ok
}

// glued tells a number that belongs to what stands right before it: an amount, a date, a
// tag.
func glued(text []byte, i int) bool {
	if i == 0 {
		return false
	}
	if text[i-1] == ':' {
		return i > 1 && digit(text[i-2])
	}
	return bytes.IndexByte([]byte(" \n\t(\">"), text[i-1]) < 0
}

// numberFirst reads "14 Larch Close", "704 1436 Redbud Drive", "20 Rue Mouffetard" and
// "641 Dašická 688".
func numberFirst(text []byte, first piece, loose bool) (Place, bool) {
	p := Place{Start: first.start, Before: true}
	next := read(text, first.end)
	if next.kind == number && !next.line && !next.comma && !first.stop {
		first, next = next, read(text, next.end)
	}
	if first.stop || next.line {
		return p, false
	}
	if word := text[next.start:next.end]; string(word) == "bis" || string(word) == "ter" {
		next = read(text, next.end)
	}
	if word := string(text[next.start:next.end]); (word == "on" || word == "in" || word == "of") && counted(text, p.Start) {
		next = read(text, next.end)
	}
	n := readName(text, next, loose)
	flat := flatHead.FindIndex(text[max(0, p.Start-flatReach):p.Start])
	lettered := !digit(text[first.end-1]) && n.words > 1 && streetWord(n.last, formLast) == Strong
	told := counted(text, p.Start)
	if n.words == 0 || next.comma && flat == nil && !lettered && !told && streetWord(n.first, formFirst) == Unnamed {
		return p, false
	}
	p.End, p.Small = n.end, n.small
	after := read(text, n.end)
	if !n.stop && after.kind == number && !after.line && !months[fold(text[n.lastStart:n.end])] {
		p.After, p.End = true, after.end
	}
	if p.After && year(text[first.start:first.end]) && year(text[after.start:after.end]) {
		return p, false
	}
	p.Street = n.strength(p.Before, p.After || told)
	divided := flat != nil && bytes.IndexByte(text[first.start:first.end], '/') > 0 && p.Street > Unnamed
	if divided || flat != nil && n.words > 1 && buildings[string(n.last)] {
		p.Start, p.Unit, p.Street = p.Start-(flat[1]-flat[0]), true, max(p.Street, Weak)
	}
	p.grow(text)
	return p, true
}

// flatHead is a word for a flat right before its number; buildings end the names of houses
// with flats.
var (
	flatHead  = regexp.MustCompile(`(?i)\b(?:flat|apt\.?|apartment|unit|room) \z`)
	buildings = set("court house tower towers lodge mansions mansion buildings building block heights point hall apartments quay wharf gate gardens view")
)

const flatReach = 10

// counted tells whether a word for number stands before byte i: "number 9 on Mill Lane".
func counted(text []byte, i int) bool {
	before := bytes.ToLower(text[max(0, i-7):i])
	return bytes.HasSuffix(before, []byte("number ")) || bytes.HasSuffix(before, []byte("no. ")) || bytes.HasSuffix(before, []byte("no ")) || bytes.HasSuffix(before, []byte("nr. ")) || bytes.HasSuffix(before, []byte("nummer "))
}

// year tells figures that are read as a year sooner than as a house number.
func year(s []byte) bool {
	return len(s) == 4 && (s[0] == '1' && s[1] == '9' || s[0] == '2' && s[1] == '0')
}

// nameFirst reads "Rua Augusta 212" and "Ringvej 4": what stands before the last number.
func nameFirst(text []byte, last piece, loose bool) (Place, bool) {
	behind := counterStart(text, last.start)
	start, n := backward(text, behind, loose, behind < last.start)
	if n.words == 0 || months[fold(text[n.lastStart:n.end])] {
		return Place{}, false
	}
	p := Place{Start: start, End: last.end, After: true, Small: n.small}
	p.Street = n.strength(behind < last.start, true)
	p.grow(text)
	return p, true
}

// counters are the words for number between a street and its number, folded:
// "Mill Lane, number 4".
var counters = []string{
	"number", "no.", "no", "nr.", "nr", "num.", "nummer", "hausnummer", "huisnummer", "número", "numéro", "numero", "n°", "nº", "n.", "no:", "дом", "д.",
}

// counterStart is where the word for number before the number at byte i starts, with the
// comma before it; i where there is none.
func counterStart(text []byte, i int) int {
	const reach = 18
	before := bytes.TrimRight(text[max(0, i-reach):i], " ")
	for _, word := range counters {
		at := len(before) - len(word)
		if at > 0 && (before[at-1] == ' ' || before[at-1] == ',') && bytes.EqualFold(before[at:], []byte(word)) {
			return max(0, i-reach) + len(bytes.TrimRight(before[:at], " ,"))
		}
	}
	return i
}

var (
	unitTail = regexp.MustCompile(`(?i)\A\.?[,\s>]{1,8}(?:(?:apt|apartment|suite|ste|unit|flat|appartement|appt|piso|wohnung|lgh)\.? ?#? ?\d{1,5}[a-z]?\b|\d{1,2}(?:º|ª|\.º|er|ème|th floor|\. og)\b?)`)
	unitHead = regexp.MustCompile(`(?i)\b(?:flat|apt\.?|apartment|unit|room|suite) \d{1,4}[a-z]?,? \z`)
	codeTail = regexp.MustCompile(`\A\.?(?:[\s,>]{1,6}[\p{L}\p{M}'’.()/-]{1,24}\d{0,2}){0,9}[\s,>]{1,6}(?:\d{4,6}\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)`)
)

// grow takes in the flat before, the flats behind, and the lines down to a postal code.
func (p *Place) grow(text []byte) {
	const reach, head = 110, 20
	if at := unitHead.FindIndex(text[max(0, p.Start-head):p.Start]); at != nil && p.Start >= at[1]-at[0] {
		p.Start, p.Unit = p.Start-(at[1]-at[0]), true
	}
	for range 2 {
		at := unitTail.FindIndex(text[p.End:min(len(text), p.End+40)])
		if at == nil {
			break
		}
		p.End, p.Unit = p.End+at[1], true
	}
	if p.Street == Unnamed && !p.Unit && (!p.Before || !p.After) {
		return
	}
	if at := codeTail.FindIndex(text[p.End:min(len(text), p.End+reach)]); at != nil {
		p.End, p.Code = p.End+at[1], true
	}
}

func fold(word []byte) string { return string(bytes.ToLower(word)) }
