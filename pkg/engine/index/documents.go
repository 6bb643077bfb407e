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
