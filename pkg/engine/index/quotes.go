package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

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
