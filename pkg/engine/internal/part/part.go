// Package part builds a detector out of small checks that each name the literals
// they wait for, and holds the looks around a hit that several detectors share.
// Everything here is pure and reads only a bounded window of the text.
package part

import (
	"bytes"
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

// Verify checks one hit and appends what it finds to out.
type Verify func(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding

// Part is one check and the literals that lead to it; several parts may share a literal.
type Part struct {
	Literals []string
	Verify   Verify
}

// Join makes one detector of parts. A hit is shown to every part that asked for its
// literal, in the order of parts.
func Join(name, version string, parts []Part) detect.Detector {
	d := detect.Detector{Name: name, Version: version}
	number := map[string]int{}
	var wanted [][]Verify
	for _, part := range parts {
		for _, literal := range part.Literals {
			n, known := number[literal]
			if !known {
				n = len(d.Literals)
				number[literal] = n
				d.Literals = append(d.Literals, literal)
				wanted = append(wanted, nil)
			}
			wanted[n] = append(wanted[n], part.Verify)
		}
	}
	d.Verify = func(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
		for _, verify := range wanted[h.Literal] {
			out = verify(p, h, out)
		}
		return out
	}
	return d
}

// Around is the part of text from before bytes ahead of s to after bytes behind it,
// and the offset where it starts. It never cuts a character.
func Around(text []byte, s detect.Span, before, after int) (window []byte, offset int) {
	start, end := max(0, s.Start-before), min(len(text), s.End+after)
	for start > 0 && start < len(text) && !utf8.RuneStart(text[start]) {
		start--
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return text[start:end], start
}

// Has tells whether one of words, folded, stands in text as a word of its own. A word
// in a script without spaces, or with a blank or sign at its edge, is found anywhere.
func Has(text []byte, words []string) bool {
	for _, word := range words {
		if Index(text, word) >= 0 {
			return true
		}
	}
	return false
}

// Index is the byte offset of the first place where word stands in text as a word of its
// own, or -1.
func Index(text []byte, word string) int {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(word))
		if i < 0 {
			return -1
		}
		i += from
		if !joins(text, i-1, word[0]) && !joins(text, i+len(word), word[len(word)-1]) {
			return i
		}
		from = i + 1
	}
}

// joins tells whether the text at byte i continues a word whose edge is the byte edge.
func joins(text []byte, i int, edge byte) bool {
	return i >= 0 && i < len(text) && Alnum(edge) && Alnum(text[i])
}

// Alnum tells ASCII letters and digits.
func Alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// Digit tells ASCII digits.
func Digit(c byte) bool { return c >= '0' && c <= '9' }

// Digits copies the ASCII digits of s to dst.
func Digits(dst, s []byte) []byte {
	for _, c := range s {
		if Digit(c) {
			dst = append(dst, c)
		}
	}
	return dst
}

// Official tells the brand's own account, whose posts are published on purpose.
func Official(p *detect.Post) bool {
	role := []byte(p.Event.GetAuthor().GetRole())
	return bytes.Contains(bytes.ToLower(role), []byte("official")) || bytes.Contains(bytes.ToLower(role), []byte("brand account"))
}
