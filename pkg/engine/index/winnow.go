package index

import "github.com/earshot/earshot/pkg/engine/internal/text"

// Winnowing (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003) over the letters and
// digits of a text: of each window of hashes of gram characters the least is a
// fingerprint. A run of at least Guarantee characters that two texts share is always
// found, one shorter than gram never; 2/(window+1) of the characters lead to a
// fingerprint.
const (
	gram   = 20
	window = 21
	// Guarantee is the length of a shared run, in letters and digits, that is always found.
	Guarantee = gram + window - 1
)

// runeAt is a letter or digit of a text and where it stands.
type runeAt struct {
	c  rune
	at text.Span
}

// print is a fingerprint of a text: the keyed hash of a gram and the index of its first
// character.
type print struct {
	hash uint64
	at   int
}

// canonical appends the letters and digits of a text.
func canonical(t *text.Text, out []runeAt) []runeAt {
	for i := 0; i < len(t.Folded); {
		c, n := decode(t.Folded, i)
		if wordRune(c) {
			out = append(out, runeAt{c, text.Span{Start: i, End: i + n}})
		}
		i += n
	}
	return out
}

// rolling are the hashes of all grams, in order: polynomials at the secret point, each
// from the one before.
func (k *keys) rolling(runes []runeAt, out []uint64) []uint64 {
	if len(runes) < gram {
		return out
	}
	first, h := k.powers[gram-1], uint64(0)
	for i, r := range runes {
		if i >= gram {
			h += prime - mul(uint64(runes[i-gram].c)+1, first)
		}
		if h = k.next(reduce(h), uint64(r.c)); i >= gram-1 {
			out = append(out, h)
		}
	}
	return out
}

// mix makes neighbors of polynomials compare as at random.
func mix(h uint64) uint64 { return h * 0x9e3779b97f4a7c15 }

// winnow picks the fingerprints of hashes: the least of each window, the last of equals.
func winnow(hashes []uint64, pick func(i int)) {
	last := -1
	least := 0 // index of the least of the window
	for i := range hashes {
		switch {
		case least <= i-window:
			least = i
			for k := i - 1; k > i-window; k-- {
				if mix(hashes[k]) < mix(hashes[least]) {
					least = k
				}
			}
		case mix(hashes[i]) <= mix(hashes[least]):
			least = i
		}
		if i >= window-1 && least != last {
			last = least
			pick(least)
		}
	}
}

// docTag sets fingerprints of documents apart from values of tables.
const docTag = 16

// prints appends the fingerprints of runes.
func (k *keys) prints(runes []runeAt, out []print) []print {
	k.hashes = k.rolling(runes, k.hashes[:0])
	winnow(k.hashes, func(i int) {
		h, _ := k.fast(docTag, k.hashes[i])
		out = append(out, print{h, i})
	})
	return out
}
