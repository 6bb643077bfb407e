package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

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

// Documents makes the index of documents.
type Documents struct {
	header Header
	key    []byte
	keys   *keys
	prints map[docPrint]bool
}

type docPrint struct {
	hash uint64
	doc  uint32
}

// maxDocuments bounds an index.
const maxDocuments = 1 << 20

// NewDocuments starts an index of documents with its name and the kind of its findings.
func NewDocuments(key []byte, name, kind string) (*Documents, error) {
	h := Header{Name: name, Kind: kind}
	if err := h.validate(); err != nil {
		return nil, err
	}
	return &Documents{header: h, key: key, keys: newKeys(key), prints: map[docPrint]bool{}}, nil
}

// Reopen goes on with an index that Open read.
func Reopen(key []byte, x *Index) (*Documents, error) {
	if x.documents == nil {
		return nil, fmt.Errorf("index %s holds a table, not documents", x.Name)
	}
	d, err := NewDocuments(key, x.Name, x.Kind)
	if err != nil {
		return nil, err
	}
	d.header.Documents = slices.Clone(x.Documents)
	for i := range len(x.documents.docs) / 4 {
		d.prints[docPrint{binary.LittleEndian.Uint64(x.documents.hashes[i*8:]), x.documents.doc(i)}] = true
	}
	return d, nil
}

// Len is how many documents and fingerprints are kept.
func (d *Documents) Len() (documents, prints int) { return len(d.header.Documents), len(d.prints) }

// Add keeps the fingerprints of a document: plain text, Markdown or HTML. One of the same
// id is replaced. It returns how many there are; a text shorter than Guarantee has none,
// which is an error.
func (d *Documents) Add(doc Document, content string) (int, error) {
	found := d.keys.prints(pieces(content), nil)
	if len(found) == 0 {
		return 0, fmt.Errorf("document %s: fewer than %d letters and digits", doc.ID, Guarantee)
	}
	at := slices.IndexFunc(d.header.Documents, func(o Document) bool { return o.ID == doc.ID })
	if at < 0 {
		if at = len(d.header.Documents); at == maxDocuments {
			return 0, fmt.Errorf("more than %d documents", maxDocuments)
		}
		d.header.Documents = append(d.header.Documents, doc)
	}
	d.header.Documents[at] = doc
	for p := range d.prints {
		if p.doc == uint32(at) {
			delete(d.prints, p)
		}
	}
	for _, p := range found {
		d.prints[docPrint{p.hash, uint32(at)}] = true
	}
	return len(found), nil
}

// Public takes out the fingerprints that a public text holds too, wherever in it they
// stand, and returns how many.
func (d *Documents) Public(content string) int {
	public := map[uint64]bool{}
	for _, h := range d.keys.rolling(pieces(content), nil) {
		p, _ := d.keys.fast(docTag, h)
		public[p] = true
	}
	before := len(d.prints)
	for p := range d.prints {
		if public[p.hash] {
			delete(d.prints, p)
		}
	}
	return before - len(d.prints)
}

// pieces are the letters and digits of a text of any length, read in pieces that a post
// could have, which end with a line or a word.
func pieces(content string) []runeAt {
	var t text.Text
	var out []runeAt
	for len(content) > 0 {
		n := len(content)
		if n > text.MaxBytes/2 {
			n = text.MaxBytes / 2
			if k := strings.LastIndexAny(content[:n], "\n "); k > 0 {
				n = k + 1
			}
			for n > 1 && !utf8.RuneStart(content[n]) {
				n--
			}
		}
		t.Reset(content[:n])
		out = canonical(&t, out)
		content = content[n:]
	}
	return out
}

// Bytes makes the file.
func (d *Documents) Bytes() ([]byte, error) {
	if len(d.header.Documents) == 0 {
		return nil, errors.New("no document to keep")
	}
	all := make([]docPrint, 0, len(d.prints))
	for p := range d.prints {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b docPrint) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.doc, b.doc)) })
	body := binary.LittleEndian.AppendUint64(nil, uint64(len(all)))
	for _, p := range all {
		body = binary.LittleEndian.AppendUint64(body, p.hash)
	}
	for _, p := range all {
		body = binary.LittleEndian.AppendUint32(body, p.doc)
	}
	return seal(d.key, &d.header, body)
}

// fingerprints are those of an index, sorted by hash.
type fingerprints struct{ hashes, docs []byte }

func (f *fingerprints) doc(i int) uint32 { return binary.LittleEndian.Uint32(f.docs[i*4:]) }

func openFingerprints(h *Header, body []byte) (*fingerprints, error) {
	if len(body) < 8 {
		return nil, errors.New("body: cut short")
	}
	n, rest := binary.LittleEndian.Uint64(body), body[8:]
	f := &fingerprints{}
	var err error
	if f.hashes, rest, err = part(rest, n, 8); err == nil {
		f.docs, rest, err = part(rest, n, 4)
	}
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0:
		return nil, errors.New("body: longer than it says")
	}
	for i := range len(f.docs) / 4 {
		if int(f.doc(i)) >= len(h.Documents) {
			return nil, errors.New("body: a document that the header lacks")
		}
	}
	return f, nil
}

// The share of a text's fingerprints, and the count of a document's, at which a text gives
// the document away (domain guide 3.4).
const (
	leastShare  = 0.30
	leastShared = 3
)

// Quotes appends the documents of the index that the text quotes: those that hold three
// of its fingerprints, or three tenths of them.
func (r *Reading) Quotes(x *Index, out []Match) []Match {
	if x.documents == nil {
		return out
	}
	r.runes = canonical(r.text, r.runes[:0])
	r.prints = r.keys.prints(r.runes, r.prints[:0])
	places := map[uint32][]int{} // by document: first characters of shared grams
	shared := map[uint32]int{}   // by document: distinct ones
	seen := map[docPrint]bool{}
	for _, p := range r.prints {
		from, to := search(x.documents.hashes, p.hash)
		for i := from; i < min(to, from+commonest); i++ {
			doc := x.documents.doc(i)
			places[doc] = append(places[doc], p.at)
			if key := (docPrint{p.hash, doc}); !seen[key] {
				seen[key] = true
				shared[doc]++
			}
		}
	}
	first := len(out)
	for doc, at := range places {
		share := float64(len(at)) / float64(len(r.prints))
		if share >= leastShare || shared[doc] >= leastShared {
			out = append(out, Match{Document: int(doc), Shared: shared[doc], Share: share, Spans: r.stretches(at)})
		}
	}
	slices.SortFunc(out[first:], func(a, b Match) int { return cmp.Compare(a.Document, b.Document) })
	return out
}

// stretches are the grams that start at the given characters, joined where the guarantee
// leaves no room for a foreign run between them.
func (r *Reading) stretches(at []int) []text.Span {
	var out []text.Span
	end := 0 // index behind the last gram
	for _, i := range at {
		span := text.Span{Start: r.runes[i].at.Start, End: r.runes[i+gram-1].at.End}
		if n := len(out); n > 0 && i <= end+window {
			out[n-1].End = span.End
		} else {
			out = append(out, span)
		}
		end = i + gram
	}
	return out
}
