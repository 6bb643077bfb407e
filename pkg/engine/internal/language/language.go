// Package language tells in which language a short text is written, or that it cannot
// tell.
//
// It knows scripts, the small words that no sentence does without, and letters that few
// languages have; it does not know topics, names or dialects. A text without small words
// has no language for it, which is the honest answer for most posts of three words.
// Guarantee: linear in the text, no allocation, the same text gives the same answer.
package language

import (
	"unicode"
	"unicode/utf8"
)

// Unknown is the tag of BCP 47 for a language that nobody could tell.
const Unknown = "und"

// maxBytes bounds what is read: a language shows in the first sentences.
const maxBytes = 2 << 10

// The least weight of words and letters that tells a language, and by how much it must
// exceed the next one. Priors, from the validation part of UMSAB.
const (
	enough = 0.9
	margin = 1.25
)

// Of returns the ISO 639-1 code of the language that most of text is written in, or
// Unknown. text is folded: lower case, NFKC. Hindi in Latin letters is Hindi.
func Of(text []byte) string {
	if len(text) > maxBytes {
		text = text[:maxBytes]
	}
	var s scan
	s.read(text)
	if s.latin >= s.others() {
		return s.best(latin)
	}
	if s.scripts[cyrillic] >= s.others()-s.scripts[cyrillic] {
		return s.best(cyrillicNames)
	}
	return s.byScript()
}

// scan is what one text shows.
type scan struct {
	latin   int
	scripts [scriptCount]int // letters
	score   [languageCount]float64
}

func (s *scan) others() int {
	sum := 0
	for _, n := range s.scripts {
		sum += n
	}
	return sum
}

// read walks over the words. Handles, tags and addresses are of no language.
func (s *scan) read(text []byte) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == '@' || r == '#' || r == '/' || r == '_':
			i += n + wordLength(text[i+n:])
		case unicode.IsLetter(r):
			n = wordLength(text[i:])
			s.word(text[i : i+n])
			i += n
		default:
			i += n
		}
	}
}

// wordLength is that of the letters at the start of text, with marks and apostrophes.
func wordLength(text []byte) int {
	for i := 0; i < len(text); {
		c := text[i]
		if c >= 'a' && c <= 'z' || c == '\'' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if c < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			return i
		}
		i += n
	}
	return len(text)
}

func (s *scan) word(word []byte) {
	for _, u := range words[string(word)] {
		s.score[u.language] += u.weight
	}
	for i := 0; i < len(word); {
		if word[i] < utf8.RuneSelf {
			s.latin++
			i++
			continue
		}
		r, n := utf8.DecodeRune(word[i:])
		i += n
		if unicode.Is(unicode.Latin, r) {
			s.latin++
		} else if script, ok := scriptOf(r); ok {
			s.scripts[script]++
		}
		for _, u := range letters[r] {
			s.score[u.language] += u.weight
		}
	}
}

// best is the language with the greatest weight among those of one script.
func (s *scan) best(of []language) string {
	first, second, name := 0.0, 0.0, Unknown
	for _, l := range of {
		switch score := s.score[l]; {
		case score > first:
			first, second, name = score, first, codes[l]
		case score > second:
			second = score
		}
	}
	if first < enough || first < margin*second {
		return Unknown
	}
	return name
}

// byScript tells languages that have a script to themselves, or nearly so.
func (s *scan) byScript() string {
	most := script(0)
	for k := range s.scripts {
		if s.scripts[k] > s.scripts[most] {
			most = script(k)
		}
	}
	switch most {
	case han:
		if s.scripts[kana] > 0 {
			return "ja"
		}
		return "zh"
	case arabic:
		switch {
		case s.score[urdu] > 0:
			return "ur"
		case s.score[persian] > 0:
			return "fa"
		}
		return "ar"
	}
	return scriptLanguages[most]
}
