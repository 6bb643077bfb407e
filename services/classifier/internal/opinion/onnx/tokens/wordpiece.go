package tokens

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalizer is the BertNormalizer.
type normalizer struct {
	Type    string `json:"type"`
	Clean   bool   `json:"clean_text"`
	Chinese bool   `json:"handle_chinese_chars"`
	Strip   *bool  `json:"strip_accents"`
	Lower   bool   `json:"lowercase"`
}

// wordPiece cuts words into the longest known pieces from the left.
type wordPiece struct {
	normalizer normalizer
	// whole are pieces at the begin of a word, inner those within one.
	whole, inner map[string]int64
	unknown      int64
	maxChars     int
}

func (f file) wordPiece() (func(string, int) []int64, error) {
	switch {
	case f.Normalizer == nil || f.Normalizer.Type != "BertNormalizer":
		return nil, fmt.Errorf("normalizer: only BertNormalizer goes with WordPiece here")
	case f.PreTokenizer == nil || f.PreTokenizer.Type != "BertPreTokenizer":
		return nil, fmt.Errorf("pre_tokenizer: only BertPreTokenizer goes with WordPiece here")
	case f.Model.Prefix == "":
		return nil, fmt.Errorf("model.continuing_subword_prefix: is empty")
	}
	unknown, ok := f.Model.Vocab[f.Model.Unknown]
	if !ok {
		return nil, fmt.Errorf("model.unk_token: %q is not in model.vocab", f.Model.Unknown)
	}
	w := &wordPiece{
		normalizer: *f.Normalizer, whole: f.Model.Vocab, inner: make(map[string]int64, len(f.Model.Vocab)/4),
		unknown: unknown, maxChars: cmp.Or(f.Model.MaxChars, 100), // the original's default
	}
	for token, id := range f.Model.Vocab {
		if rest, ok := strings.CutPrefix(token, f.Model.Prefix); ok {
			w.inner[rest] = id
		}
	}
	return w.cut, nil
}

// cut returns at least limit numbers if the text has so many.
func (w *wordPiece) cut(text string, limit int) []int64 {
	var out []int64
	for word := range words(w.normalizer.apply(text)) {
		out = w.pieces(out, word)
		if len(out) >= limit {
			break
		}
	}
	return out
}

// pieces appends those of a word: one unknown when it is too long or has a part that is in
// no piece.
func (w *wordPiece) pieces(out []int64, word string) []int64 {
	if utf8.RuneCountInString(word) > w.maxChars {
		return append(out, w.unknown)
	}
	start, known := len(out), w.whole
	for word != "" {
		end := len(word)
		id, ok := known[word]
		for !ok {
			_, size := utf8.DecodeLastRuneInString(word[:end])
			if end -= size; end == 0 {
				return append(out[:start], w.unknown)
			}
			id, ok = known[word[:end]]
		}
		out, word, known = append(out, id), word[end:], w.inner
	}
	return out
}

// apply cleans a text as in BERT's training.
func (n normalizer) apply(text string) string {
	text = strings.Map(n.clean, text)
	if n.Chinese {
		text = spaceIdeographs(text)
	}
	if n.Strip == nil && n.Lower || n.Strip != nil && *n.Strip {
		text = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(text))
	}
	if n.Lower {
		text = strings.ReplaceAll(text, "İ", "i\u0307") // the one letter that becomes two
		text = strings.ToLower(text)
	}
	return text
}

// clean drops controls and makes every white space a blank.
func (n normalizer) clean(r rune) rune {
	switch {
	case !n.Clean:
		return r
	case r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// ideographs are the blocks of which BERT makes every character a word.
var ideographs = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4DBF, Stride: 1}, {Lo: 0x4E00, Hi: 0x9FFF, Stride: 1}, {Lo: 0xF900, Hi: 0xFAFF, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x20000, Hi: 0x2A6DF, Stride: 1}, {Lo: 0x2A700, Hi: 0x2B73F, Stride: 1}, {Lo: 0x2B740, Hi: 0x2B81F, Stride: 1}, {Lo: 0x2B820, Hi: 0x2CEAF, Stride: 1}, {Lo: 0x2F800, Hi: 0x2FA1F, Stride: 1}},
}

func spaceIdeographs(text string) string {
	if strings.IndexFunc(text, isIdeograph) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isIdeograph(r) {
			b.WriteString(" " + string(r) + " ")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isIdeograph(r rune) bool { return unicode.Is(ideographs, r) }

// words yields what stands between blanks, and each punctuation mark by itself.
func words(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		for i, r := range text {
			space, mark := unicode.IsSpace(r), isMark(r)
			if !space && !mark {
				continue
			}
			if start < i && !yield(text[start:i]) {
				return
			}
			start = i + utf8.RuneLen(r)
			if mark && !yield(text[i:start]) {
				return
			}
		}
		if start < len(text) {
			yield(text[start:])
		}
	}
}

// isMark tells punctuation, and every ASCII symbol.
func isMark(r rune) bool {
	return unicode.IsPunct(r) || r < utf8.RuneSelf && r > ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != 0x7F
}
