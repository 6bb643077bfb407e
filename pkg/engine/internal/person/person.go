// Package person finds people's names: a given name out of a compact list, alone or
// with a surname or an initial.
//
// A capital letter alone never makes a name. Names that are words or places too ("Will",
// "Paris") count only with what follows them; places, streets and diseases that are
// called after people are left alone. All functions are pure and read a bounded stretch.
package person

import (
	"bytes"
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/part"
)

//go:embed given.txt
var list string

// given holds the names in small letters; the value tells whether the name is a word or a
// place too.
var given = read(list)

func read(list string) map[string]bool {
	names := make(map[string]bool, strings.Count(list, " ")+strings.Count(list, "\n"))
	for name := range strings.FieldsSeq(list) {
		plain := strings.TrimSuffix(name, "?")
		names[plain] = plain != name
	}
	return names
}

// Name is a person's name in text[Start:End].
type Name struct {
	Start, End int
	// Full tells that a surname or an initial follows the given name.
	Full bool
	// Doctor tells that it stands behind a doctor's title.
	Doctor bool
}

// Find returns the first name in text that accept takes.
func Find(text []byte, accept func(Name) bool) (Name, bool) {
	for i := 0; i < len(text); {
		end := wordEnd(text, i)
		if end == i {
			_, n := utf8.DecodeRune(text[i:])
			i += n
			continue
		}
		if n, ok := at(text, i, end); ok && accept(n) {
			return n, true
		}
		i = end
	}
	return Name{}, false
}

// at reads the name that starts with the word text[i:end].
func at(text []byte, i, end int) (Name, bool) {
	const longest = 16
	if r, _ := utf8.DecodeRune(text[i:]); end-i > longest || !unicode.IsUpper(r) || i > 0 && bytes.IndexByte([]byte("@#_./"), text[i-1]) >= 0 {
		return Name{}, false
	}
	ambiguous, known := given[string(bytes.ToLower(text[i:end]))]
	before := wordBefore(text, i)
	if !known || saints[before] {
		return Name{}, false
	}
	n := Name{Start: i, End: end, Doctor: doctors[before]}
	if surname, ok := surnameEnd(text, end); ok {
		n.End, n.Full = surname, true
	}
	if ambiguous && !n.Full || called(text, n.End) {
		return Name{}, false
	}
	return n, true
}

// surnameEnd is the end of the surname or the initials behind byte i.
func surnameEnd(text []byte, i int) (int, bool) {
	found := false
	for range 3 {
		if i+1 >= len(text) || text[i] != ' ' {
			break
		}
		r, _ := utf8.DecodeRune(text[i+1:])
		end := wordEnd(text, i+1)
		if !unicode.IsUpper(r) || things[string(bytes.ToLower(text[i+1:end]))] {
			break
		}
		if end == i+2 && end < len(text) && text[end] == '.' {
			end++
		}
		i, found = end, true
	}
	return i, found
}

// called tells whether what ends at byte i names a thing: "Cushing's syndrome", "Charlotte
// Street".
func called(text []byte, i int) bool {
	if bytes.HasPrefix(text[i:], []byte("'s")) || bytes.HasPrefix(text[i:], []byte("’s")) {
		i += bytes.IndexByte(text[i:], 's') + 1
	}
	if i >= len(text) || text[i] != ' ' {
		return false
	}
	return things[string(bytes.ToLower(text[i+1:wordEnd(text, i+1)]))]
}

// wordBefore is the word before byte i, folded, without its dot.
func wordBefore(text []byte, i int) string {
	end := i
	for end > 0 && (text[end-1] == ' ' || text[end-1] == '.') {
		end--
	}
	start := end
	for start > 0 && end-start < 12 && part.Alnum(text[start-1]) {
		start--
	}
	return string(bytes.ToLower(text[start:end]))
}

// wordEnd is the end of the run of letters, marks and hyphens at byte i.
func wordEnd(text []byte, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRune(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && (r != '-' || i+1 >= len(text) || !part.Alnum(text[i+1])) {
			break
		}
		i += n
	}
	return i
}

var (
	saints  = set("st saint sankt san santa sainte são")
	doctors = set("dr doctor prof professor")
	things  = set("hospital hospitals clinic clinics university college school street st road rd avenue ave lane drive boulevard square park county city center centre foundation institute " +
		"health medical med airport church theatre theater hotel stadium hopkins mayo disease syndrome criteria score reflex index scale test sign law prize award awards lecture inc llc ltd " +
		"corp company group bank day cup trophy ward wing hall house building bridge river lake island beach valley mountain station library museum study trial")
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
