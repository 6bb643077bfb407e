package paraphrase

import (
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// group tells the parts of a post's features apart; each is scaled to length one, so that
// a long post weighs as much as a short one.
type group uint8

const (
	words   group = iota // words, pairs of words, and how the post opens and closes
	grams                // letters in a row, within words
	setting              // who speaks, and for which industry
	tone                 // how the public feels
	groups
)

// Feature is one thing that a post has: where its weights lie, and which token it comes
// from, -1 for none.
type Feature struct {
	Bucket uint32
	Group  group
	Token  int32
}

// Bits is the size of the hashed space: 1 << Bits buckets.
const Bits = 17

const (
	// minGram to maxGram are the letters in a row that are looked at (fastText's range,
	// Bojanowski et al. 2017, cut to what small data carries).
	minGram, maxGram = 3, 5
	// maxTokens bounds the work for one post; what is behind is not read.
	maxTokens = 400
	// maxRunes bounds the letters of a token that are looked at.
	maxRunes = 32
	// opening and closing are the tokens at the start and at the end of a post that are also
	// features by their place: how it is told, and its point.
	opening, closing = 3, 4
	// wideRune is the first letter of scripts without blanks between words, where two
	// letters in a row are a word.
	wideRune, minWide, maxWide = 0x3040, 2, 3
)

// Post is what the model is shown. Text may be a reading of another text, to which
// Features maps Brand with Text.Bytes where Plain is set.
type Post struct {
	Text *text.Text
	// Plain tells that Text is a plainer reading, the spans of which Text.Bytes maps to
	// the reading that Brand speaks of.
	Plain bool
	// Brand is where the brand is named: its name must teach and tell nothing.
	Brand []text.Span
	// Voice is own, rep, exec, emp, paid or pub; Industry is the brand's.
	Voice, Industry string
	// Tone is how the words feel toward the brand, -1 (bad) to 1 (good). It is told of the
	// public alone.
	Tone float64
}

// Reader turns posts into features. It is meant to be reused; not safe for concurrent use.
type Reader struct {
	Features []Feature
	// Tokens are the places of the tokens in the reading that Post.Brand speaks of.
	Tokens []text.Span
	// Spoken tells of each token whether it is words, numbers or emoji, and not the brand
	// or a mark: what an explanation may name.
	Spoken []bool

	post     Post
	previous uint64
	hashes   []uint64 // of the tokens
	edges    [maxRunes + 3]int
}

// Seeds of the hashes, one a class of features.
const (
	seedWord uint64 = iota + 1
	seedPair
	seedGram
	seedVoice
	seedIndustry
	seedOpening
	seedClosing
	seedTone
)

// tones are the steps in which a tone is told.
const tones = 10

// Read takes the features of a post; earlier ones are gone.
func (r *Reader) Read(p *Post) {
	r.Features, r.Tokens, r.Spoken, r.hashes, r.post, r.previous = r.Features[:0], r.Tokens[:0], r.Spoken[:0], r.hashes[:0], *p, 0
	r.add(hash(seedVoice, p.Voice), setting, -1)
	r.add(hash(seedIndustry, p.Industry), setting, -1)
	if p.Voice == publicVoice {
		r.add(mix(seedTone<<32+uint64(tones*(1+p.Tone)/2)), tone, -1)
	}
	folded := p.Text.Folded
	for i := 0; i < len(folded) && len(r.Tokens) < maxTokens; {
		end, class := token(folded[i:])
		if class != blank {
			r.token(i, i+end, class)
		}
		i += end
	}
	for i, h := range r.hashes {
		if i < opening {
			r.add(mix(h+seedOpening), words, int32(i))
		}
		if i >= len(r.hashes)-closing {
			r.add(mix(h+seedClosing), words, int32(i))
		}
	}
}

func (r *Reader) add(h uint64, g group, token int32) {
	r.Features = append(r.Features, Feature{Bucket: uint32(h >> (64 - Bits)), Group: g, Token: token})
}

// token adds the features of one token of the text.
func (r *Reader) token(start, end int, class class) {
	at := text.Span{Start: start, End: end}
	if r.post.Plain {
		at.Start, at.End = r.post.Text.Bytes(at)
	}
	name := r.post.Text.Folded[start:end]
	if r.branded(at) {
		name, class = brandName, brand
		if n := len(r.Tokens); n > 0 && r.previous == brandWord {
			r.Tokens[n-1].End = at.End
			return
		}
	}
	switch class {
	case number:
		name = numberNames[min(digits(name), len(numberNames)-1)]
	case handle:
		name = handleName
	case link:
		name = linkName
	}
	n := int32(len(r.Tokens))
	r.Tokens, r.Spoken = append(r.Tokens, at), append(r.Spoken, class == letters || class == number || class == fixed && start+1 < end)
	word := hash(seedWord, name)
	r.add(word, words, n)
	r.add(mix(r.previous*31+word+seedPair), words, n)
	r.previous, r.hashes = word, append(r.hashes, word)
	if class == letters {
		r.grams(name, n)
	}
}

func (r *Reader) branded(at text.Span) bool {
	for _, b := range r.post.Brand {
		if at.Start < b.End && b.Start < at.End {
			return true
		}
	}
	return false
}

// grams adds the letters in a row of a word with a mark at each end.
func (r *Reader) grams(word []byte, token int32) {
	first, _ := utf8.DecodeRune(word)
	least, most := minGram, maxGram
	if first >= wideRune {
		least, most = minWide, maxWide
	}
	n := 0
	for i := 0; i < len(word) && n < maxRunes; n++ {
		r.edges[n] = i
		_, size := utf8.DecodeRune(word[i:])
		i += size
		r.edges[n+1] = i
	}
	// Position -1 is the mark before the word, n the one behind it.
	for i := -1; i < n; i++ {
		h := offset ^ seedGram*prime
		for k := i; k <= n && k-i < most; k++ {
			if k < 0 || k == n {
				h = (h ^ '_') * prime
			} else {
				for _, c := range word[r.edges[k]:r.edges[k+1]] {
					h = (h ^ uint64(c)) * prime
				}
			}
			if k-i+1 >= least {
				r.add(mix(h), grams, token)
			}
		}
	}
}

// FNV-1a, 64 bits.
const (
	offset uint64 = 14695981039346656037
	prime  uint64 = 1099511628211
)

func hash[T string | []byte](seed uint64, s T) uint64 {
	h := offset ^ seed*prime
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return mix(h)
}

// mix spreads h into its upper bits, of which the bucket is made (SplitMix64's last steps).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
