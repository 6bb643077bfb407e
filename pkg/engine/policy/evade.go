package policy

import (
	"slices"
	"strings"
	"unicode"
)

// Disguise is a way to hide words from a reader of patterns.
type Disguise string

// The disguises that every must_match text is put through.
const (
	LookAlike   Disguise = "look-alike"  // letters of other scripts
	Leet        Disguise = "leet"        // figures for letters
	ZeroWidth   Disguise = "zero-width"  // invisible characters inside words
	Spacing     Disguise = "spacing"     // letters apart
	Emoji       Disguise = "emoji"       // pictures between words
	Misspelling Disguise = "misspelling" // two letters exchanged
)

// Disguises are all of them, in the order of reports.
var Disguises = []Disguise{LookAlike, Leet, ZeroWidth, Spacing, Emoji, Misspelling}

var (
	lookAlikes = strings.NewReplacer("a", "а", "c", "с", "e", "е", "i", "і", "o", "о", "p", "р", "x", "х", "y", "у")
	figures    = strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0", "s", "5", "t", "7")
)

// Disguised returns text with the words from start to end, in code points, in disguise d,
// and whether that changed anything.
func Disguised(text string, start, end int, d Disguise) (string, bool) {
	points := []rune(text)
	start, end = max(0, min(start, len(points))), max(0, min(end, len(points)))
	if start >= end {
		return text, false
	}
	words := strings.Split(string(points[start:end]), " ")
	changed := strings.Join(words, " ")
	switch d {
	case LookAlike:
		changed = lookAlikes.Replace(changed)
	case Emoji:
		changed = strings.Join(words, " \U0001F525 ")
	default:
		i := longest(words)
		words[i] = disguise(words[i], d)
		changed = strings.Join(words, " ")
	}
	out := string(points[:start]) + changed + string(points[end:])
	return out, out != text
}

// longest is the index of the longest word.
func longest(words []string) int {
	return slices.Index(words, slices.MaxFunc(words, func(a, b string) int { return len([]rune(a)) - len([]rune(b)) }))
}

// disguise changes one word; shorter than four letters it stays as it is, since nobody
// disguises those.
func disguise(word string, d Disguise) string {
	letters := []rune(word)
	if len(letters) < 4 || !unicode.IsLetter(letters[1]) || !unicode.IsLetter(letters[2]) {
		return word
	}
	switch d {
	case Leet:
		return string(letters[:1]) + figures.Replace(string(letters[1:]))
	case ZeroWidth:
		return string(letters[:2]) + "\u200b" + string(letters[2:])
	case Spacing:
		return strings.Join(strings.Split(word, ""), " ")
	case Misspelling:
		letters[1], letters[2] = letters[2], letters[1]
		return string(letters)
	}
	return word
}
