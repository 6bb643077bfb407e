package tokens

import (
	"bytes"
	"cmp"
	"container/heap"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// merge is "a b", or in newer files ["a", "b"].
type merge [2]string

func (m *merge) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte(`"`)) {
		return json.Unmarshal(data, (*[2]string)(m))
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	var ok bool
	if m[0], m[1], ok = strings.Cut(text, " "); !ok {
		return fmt.Errorf("merge %q: has no blank", text)
	}
	return nil
}

// byteLevel joins the bytes of a word in the order in which training has learnt it.
type byteLevel struct {
	prefixSpace bool
	alphabet    [256]int64
	joins       map[[2]int64]join
}

// join says which number two neighbours make, and how early it was learnt.
type join struct {
	rank int
	id   int64
}

func (f file) byteLevel() (func(string, int) []int64, error) {
	p := f.PreTokenizer
	switch {
	case f.Normalizer != nil:
		return nil, errors.New("normalizer: none goes with BPE here")
	case p == nil || p.Type != "ByteLevel" || p.UseRegex != nil && !*p.UseRegex:
		return nil, errors.New("pre_tokenizer: only ByteLevel goes with BPE here")
	case f.Model.Prefix != "" || f.Model.Suffix != "" || f.Model.ByteFallback || f.Model.IgnoreMerges:
		return nil, errors.New("model: prefix, suffix, byte_fallback and ignore_merges are not known here")
	}
	b := &byteLevel{prefixSpace: p.AddPrefixSpace, joins: make(map[[2]int64]join, len(f.Model.Merges))}
	for i := range b.alphabet {
		id, ok := f.Model.Vocab[string(letter(byte(i)))]
		if !ok {
			return nil, fmt.Errorf("model.vocab: has nothing for the byte 0x%02X", i)
		}
		b.alphabet[i] = id
	}
	for rank, m := range f.Model.Merges {
		left, okLeft := f.Model.Vocab[m[0]]
		right, okRight := f.Model.Vocab[m[1]]
		both, okBoth := f.Model.Vocab[m[0]+m[1]]
		if !okLeft || !okRight || !okBoth {
			return nil, fmt.Errorf("model.merges: %q and %q, or both together, are not in model.vocab", m[0], m[1])
		}
		b.joins[[2]int64{left, right}] = join{rank, both}
	}
	return b.cut, nil
}

// letter is the character that GPT-2's vocabulary writes for a byte: itself where it can be
// seen, else one from U+0100 on.
func letter(b byte) rune {
	seen := func(b byte) bool { return b > ' ' && b < 0x7F || b > 0xA0 && b != 0xAD }
	if seen(b) {
		return rune(b)
	}
	next := rune(0x100)
	for other := range b {
		if !seen(other) {
			next++
		}
	}
	return next
}

// chunk is what GPT-2 takes as a word: a contraction, or letters, digits or signs with the
// blank before them, or white space. White space is Unicode's, as in the original.
var chunk = regexp.MustCompile(`^(?:'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\v\x{85}\pZ\p{L}\p{N}]+|[\s\v\x{85}\pZ]+)`)

// cut returns at least limit numbers if the text has so many.
func (b *byteLevel) cut(text string, limit int) []int64 {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if b.prefixSpace && text != "" && !strings.HasPrefix(text, " ") {
		text = " " + text
	}
	var out []int64
	for text != "" && len(out) < limit {
		end := nextWord(text)
		out = b.merge(out, text[:end])
		text = text[end:]
	}
	return out
}

// nextWord is the length of the first one. Of white space before a word, the last character
// is left to that word.
func nextWord(text string) int {
	end := cmp.Or(len(chunk.FindString(text)), 1)
	first, _ := utf8.DecodeRuneInString(text)
	last, size := utf8.DecodeLastRuneInString(text[:end])
	if end < len(text) && end > size && unicode.IsSpace(first) && unicode.IsSpace(last) {
		return end - size
	}
	return end
}

// merge appends the numbers of a word: as long as two neighbours can be joined, those that
// training joined earliest, of several the leftmost.
func (b *byteLevel) merge(out []int64, word string) []int64 {
	parts := make([]part, len(word))
	var queue pairs
	for i := range parts {
		parts[i] = part{b.alphabet[word[i]], i - 1, i + 1}
	}
	push := func(left int) {
		right := parts[left].next
		if right == len(parts) {
			return
		}
		if j, ok := b.joins[[2]int64{parts[left].id, parts[right].id}]; ok {
			heap.Push(&queue, pair{j, left, parts[left].id, parts[right].id})
		}
	}
	for i := range parts {
		push(i)
	}
	for len(queue) > 0 {
		p := heap.Pop(&queue).(pair)
		right := parts[p.at].next
		// What has been joined since is another number now, or gone.
		if parts[p.at].id != p.left || right == len(parts) || parts[right].id != p.right {
			continue
		}
		parts[p.at].id, parts[p.at].next = p.id, parts[right].next
		parts[right].id = gone
		if parts[p.at].next < len(parts) {
			parts[parts[p.at].next].prev = p.at
		}
		push(p.at)
		if parts[p.at].prev >= 0 {
			push(parts[p.at].prev)
		}
	}
	for i := 0; i < len(parts); i = parts[i].next {
		out = append(out, parts[i].id)
	}
	return out
}

// gone is no number of a vocabulary.
const gone = -1

// part of a word, with the places of its neighbours.
type part struct {
	id         int64
	prev, next int
}

// pair is a possible join at a place, of what stood there when it was found.
type pair struct {
	join
	at          int
	left, right int64
}

// pairs is a heap, earliest learnt first.
type pairs []pair

func (p pairs) Len() int { return len(p) }
func (p pairs) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(p[i].rank, p[j].rank), cmp.Compare(p[i].at, p[j].at)) < 0
}
func (p pairs) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *pairs) Push(x any)   { *p = append(*p, x.(pair)) }
func (p *pairs) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}
