package sentiment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	negationScope = 5    // words after a negator that it reaches, unless its clause ends first
	boostDecay    = 0.6  // what is left of an intensifier a word further on
	capitals      = 0.25 // emphasis of a word in capitals in a text that is not
)

// Hit is one token of a text with what its surroundings do to it. Word and Pair
// are the keys of the token and of it together with the token before.
type Hit struct {
	Word, Pair  uint64
	Start, End  int // byte span of the token
	Clause      int // counted from 0
	Factor      float64
	Negated     bool
	Contrast    bool
	Exclamation bool

	word, pair *entry
	ironic     float64
}

// Apply returns what a word with these weights adds to either side at this place.
func (h *Hit) Apply(positive, negative float64) (p, n float64) {
	if h.Negated {
		return h.Factor * negatedFactor * negative, h.Factor * negatedFactor * positive
	}
	return h.Factor * positive, h.Factor * negative
}

// Scanner walks the tokens of one text. Analyzer.Scan starts one.
type Scanner struct {
	lex         *lexicon
	text        string
	pos         int
	clause      int
	previous    uint64
	boost       float64
	negated     bool
	reach       int // words left in the scope of the last negator
	shouting    bool
	sawIronyTag bool
}

// Scan starts a walk over text with the negators and intensifiers of a.
func (a *Analyzer) Scan(text string) Scanner {
	return Scanner{lex: a.lex, text: text, shouting: isShouting(text)}
}

// Next returns the next token; false ends the walk.
func (s *Scanner) Next() (Hit, bool) {
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch class[c] {
		case classSpace:
			s.pos++
		case classBreak:
			s.endClause()
			s.pos++
		case classMention:
			s.skipMention()
		case classWord:
			if h, ok := s.word(); ok {
				return h, true
			}
		case classMark:
			if h, ok := s.mark(c); ok {
				return h, true
			}
		default:
			if h, ok := s.wide(); ok {
				return h, true
			}
		}
	}
	return Hit{}, false
}

func (s *Scanner) endClause() {
	s.clause++
	s.reach, s.boost, s.previous = 0, 0, 0
}

func (s *Scanner) skipMention() {
	s.pos++
	for s.pos < len(s.text) && (class[s.text[s.pos]] == classWord || s.text[s.pos] == '_') {
		s.pos++
	}
}

// word reads letters, digits and inner apostrophes; links are skipped whole.
func (s *Scanner) word() (Hit, bool) {
	start := s.pos
	f := newFolder()
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		if c < utf8.RuneSelf {
			if class[c] != classWord && (c != '\'' || !s.letterFollows(1)) {
				break
			}
			f.ascii(c)
			s.pos++
			continue
		}
		r, n := utf8.DecodeRuneInString(s.text[s.pos:])
		if r == '’' && s.letterFollows(n) {
			r = '\''
		} else if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		f.rune(r)
		s.pos += n
	}
	if isLink(s.text[start:], s.pos-start) {
		for s.pos < len(s.text) && class[s.text[s.pos]] != classSpace {
			s.pos++
		}
		return Hit{}, false
	}
	if f.letters == 0 {
		return Hit{}, false
	}
	return s.hit(start, f.sum(), f.upper > 1 && f.upper == f.letters && !s.shouting), true
}

func (s *Scanner) letterFollows(n int) bool {
	return s.pos+n < len(s.text) && class[s.text[s.pos+n]] == classWord
}

func isLink(text string, n int) bool {
	return n >= 3 && n <= 5 && (strings.HasPrefix(text, "http") && strings.HasPrefix(text[n:], "://") || strings.HasPrefix(text, "www."))
}

// mark reads an emoticon, or one punctuation mark, which may end the clause.
func (s *Scanner) mark(c byte) (Hit, bool) {
	start := s.pos
	if n, key := s.emoticon(); n > 0 {
		s.pos += n
		return s.hit(start, key, false), true
	}
	s.pos++
	switch c {
	case '!', '?':
		f := newFolder()
		f.ascii(c)
		h := Hit{Word: f.sum(), Start: start, End: s.pos, Clause: s.clause, Factor: 1, Exclamation: c == '!'}
		h.word = s.lex.find(h.Word)
		s.endClause()
		return h, true
	case ',':
		s.reach, s.boost = 0, 0
	case '/':
		s.sawIronyTag = s.sawIronyTag || strings.TrimRight(s.text[start:], " \n") == "/s"
	}
	return Hit{}, false
}

// emoticon finds the longest known one of two to four bytes at the current place. One
// that ends with a letter is none where the word goes on: ":Dublin", "and/so".
func (s *Scanner) emoticon() (int, uint64) {
	rest := s.text[s.pos:]
	for n := min(4, len(rest)); n >= 2; n-- {
		if n < len(rest) && class[rest[n-1]] == classWord && class[rest[n]] == classWord {
			continue
		}
		key := Key(rest[:n])
		if e := s.lex.find(key); e != nil {
			return n, key
		}
	}
	return 0, 0
}

// wide reads what is not ASCII: a word in another script, an emoji, or a mark to skip.
func (s *Scanner) wide() (Hit, bool) {
	r, n := utf8.DecodeRuneInString(s.text[s.pos:])
	if unicode.IsLetter(r) {
		return s.word()
	}
	start := s.pos
	s.pos += n
	switch {
	case r == '。' || r == '！' || r == '？' || r == '…' || r == '\u2028':
		s.endClause()
	case r >= 0x2190 && r != '\uFE0F' && (r < 0x1F3FB || r > 0x1F3FF):
		f := newFolder()
		f.rune(r)
		return s.hit(start, f.sum(), false), true
	}
	return Hit{}, false
}

// hit looks the token up, applies the words before it, and lets it act on those after.
func (s *Scanner) hit(start int, key uint64, loud bool) Hit {
	h := Hit{Word: key, Start: start, End: s.pos, Factor: 1 + s.boost, Negated: s.reach > 0 && s.negated}
	if loud {
		h.Factor += capitals
	}
	if s.previous != 0 {
		h.Pair = pairKey(s.previous, key)
		h.pair = s.lex.find(h.Pair)
	}
	h.word = s.lex.find(key)
	s.boost *= boostDecay
	if s.reach > 0 {
		s.reach--
	}
	if h.word != nil {
		h.Contrast = s.act(h.word)
		h.ironic = h.word.ironic()
	}
	if h.pair != nil {
		h.ironic = max(h.ironic, h.pair.ironic())
	}
	h.Clause = s.clause
	s.previous = key
	return h
}

// act lets a negator, an intensifier or a contrast change the state.
func (s *Scanner) act(e *entry) (contrast bool) {
	switch e.role {
	case roleNegator:
		s.negated = s.reach == 0 || !s.negated
		s.reach = negationScope
	case roleBooster:
		s.boost += e.strength
	case roleContrast:
		s.endClause()
		return true
	}
	return false
}

// isShouting tells whether a text has hardly any lower-case letter, so that
// capitals in it emphasize nothing.
func isShouting(text string) bool {
	lower := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= 'a' && c <= 'z' {
			if lower++; lower >= 8 {
				return false
			}
		}
	}
	return true
}
