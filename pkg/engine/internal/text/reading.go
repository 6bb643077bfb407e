package text

import (
	"bytes"
	"sort"
)

const wideStop = "。"

// Sentence is the index of the sentence that holds byte i. A sentence ends at . ! or ?
// before a blank, at the forms of them that other scripts write, and at a new line.
func (t *Text) Sentence(i int) int {
	t.readMarks()
	return sort.Search(len(t.ends), func(k int) bool { return int(t.ends[k]) > i })
}

// SentenceAt is the sentence that holds byte i, with the mark that ends it.
func (t *Text) SentenceAt(i int) Span {
	k := t.Sentence(i)
	s := Span{End: len(t.Folded)}
	if k > 0 {
		s.Start = int(t.ends[k-1]) + 1
	}
	if k < len(t.ends) {
		s.End = int(t.ends[k]) + 1
	}
	return s
}

// Question tells whether the sentence that holds byte i ends with a question mark, also
// with "?!" and the like.
func (t *Text) Question(i int) bool {
	k := t.Sentence(i)
	if k == len(t.ends) {
		return false
	}
	end := int(t.ends[k])
	for end > 0 && t.Folded[end] == '!' {
		end--
	}
	return t.Folded[end] == '?'
}

// Quoted tells whether s stands inside quotation marks.
func (t *Text) Quoted(s Span) bool {
	t.readMarks()
	k := sort.Search(len(t.quotes), func(k int) bool { return t.quotes[k].End >= s.End })
	return k < len(t.quotes) && t.quotes[k].Start <= s.Start
}

// readMarks finds the ends of sentences and the quotations in one walk. A quotation that
// is never closed is none.
func (t *Text) readMarks() {
	if t.marked {
		return
	}
	t.marked = true
	open := -1
	for i, c := range t.Folded {
		switch c {
		case '.', '!', '?':
			if i+1 == len(t.Folded) || t.Folded[i+1] == ' ' || t.Folded[i+1] == '"' || c != '.' && t.wideMark(i) {
				t.ends = append(t.ends, uint32(i))
			}
		case ' ':
			if t.Clean[i] == '\n' {
				t.ends = append(t.ends, uint32(i))
			}
		case '"':
			if open < 0 {
				open = i
				continue
			}
			t.quotes = append(t.quotes, Span{open, i + 1})
			open = -1
		case wideStop[2]:
			if i >= 2 && string(t.Folded[i-2:i+1]) == wideStop {
				t.ends = append(t.ends, uint32(i))
			}
		}
	}
}

// wideMark tells a mark that stands for a wider one of the original, which no blank
// needs to follow: ？ and ؟.
func (t *Text) wideMark(i int) bool { return len(t.from) > 0 && t.to[i]-t.from[i] > 1 }

// negationReach is how many words after a negator it still governs (domain guide 2.3).
const negationReach = 4

// Negated tells whether a negator stands at most four words before s in its clause.
func (t *Text) Negated(s Span) bool {
	end := s.Start
	for range negationReach {
		for end > 0 && t.Folded[end-1] == ' ' && t.Clean[end-1] != '\n' {
			end--
		}
		start := end
		for start > 0 && !clauseEnd[t.Clean[start-1]] && t.Folded[start-1] != ' ' {
			start--
		}
		if start == end {
			return false
		}
		if isNegator(bytes.TrimRight(t.Folded[start:end], "-")) {
			return true
		}
		end = start
	}
	return false
}

var clauseEnd = [256]bool{'.': true, ',': true, ';': true, ':': true, '!': true, '?': true, '\n': true, '(': true, ')': true, '"': true}

// negators of the languages that the packs speak.
var negators = map[string]bool{
	"no": true, "not": true, "never": true, "without": true, "nobody": true, "none": true, "nothing": true, "neither": true, "nor": true,
	"cannot": true, "cant": true, "dont": true, "doesnt": true, "isnt": true, "wasnt": true, "wont": true, "didnt": true, "hardly": true,
	"nicht": true, "kein": true, "keine": true, "keinen": true, "keiner": true, "nie": true, "niemals": true, "niemand": true, "ohne": true,
	"pas": true, "jamais": true, "aucun": true, "aucune": true, "sans": true, "ne": true, "personne": true,
	"nunca": true, "jamás": true, "ningún": true, "ninguna": true, "nadie": true, "sin": true,
	"não": true, "nenhum": true, "nenhuma": true, "ninguém": true, "sem": true,
	"non": true, "mai": true, "nessun": true, "nessuna": true, "nessuno": true, "senza": true,
	"niet": true, "geen": true, "nooit": true, "zonder": true,
}

func isNegator(word []byte) bool {
	return negators[string(word)] || len(word) > 3 && string(word[len(word)-3:]) == "n't"
}
