// Package index keeps what a company must not see in public in a form that gives none of
// it away: the values of its tables (exact data match) and the fingerprints of its
// documents.
//
// An index is one file of keyed hashes; without the key it holds noise, and with it no
// value can be read back, only asked for. Everything here is pure: callers read and write
// the files. An index is immutable and safe for concurrent use; a [Reading] is scratch of
// one goroutine. Work is linear in the length of a post.
package index

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// Version of the file's format; a file of another version is refused.
const Version = 1

// ErrKey is returned by Open where the file was made with another key.
var ErrKey = errors.New("made with another key (secret_key)")

// Header is what an index says of itself, in clear.
type Header struct {
	// Name is that of the index, as rules bear it: "edm.NAME".
	Name string `json:"name"`
	// Kind is the kind of its findings in the risk taxonomy: "customer", "pii.national_id".
	Kind string `json:"kind"`
	// Columns of a table, and its rows.
	Columns []Column `json:"columns,omitempty"`
	Rows    int      `json:"rows,omitempty"`
	// Documents of the other kind of index.
	Documents []Document `json:"documents,omitempty"`
	// Shapes bound what is worth asking for, by type.
	Shapes map[Type]Shape `json:"shapes,omitempty"`
}

// Document is one document of an index; its text is not kept.
type Document struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Index is an index that can be asked.
type Index struct {
	Header
	// Sum tells one state of the index from another.
	Sum       string
	table     *table
	documents *fingerprints
}

const (
	magic    = "EARSHOTI"
	headSize = len(magic) + 2 + 4 // version, length of the header
	keySize  = 8
	sumSize  = sha256.Size
	// maxHeader bounds the header of a file, in bytes.
	maxHeader = 16 << 20
)

var names = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// kinds are those of the risk taxonomy that an index may name.
var kinds = regexp.MustCompile(`^(customer|codename|financials|roadmap|infrastructure|marking|secret|credential|phi|pii\.(card|iban|national_id|phone|email|address|dob|passport))$`)

func (h *Header) validate() error {
	if !names.MatchString(h.Name) {
		return fmt.Errorf("name: %q is not of a-z, 0-9 and -", h.Name)
	}
	if !kinds.MatchString(h.Kind) {
		return fmt.Errorf("kind: %q is no kind of leak, such as customer or pii.national_id", h.Kind)
	}
	return nil
}

// seal makes the file of a header and what follows it: magic, version, header, a check of
// the key, body, and a code over all of it.
func seal(key []byte, h *Header, body []byte) ([]byte, error) {
	if err := h.validate(); err != nil {
		return nil, err
	}
	head, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	out := make([]byte, 0, headSize+len(head)+keySize+len(body)+sumSize)
	out = append(out, magic...)
	out = binary.LittleEndian.AppendUint16(out, Version)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(head)))
	out = append(out, head...)
	out = append(out, derive(key, "check")[:keySize]...)
	out = append(out, body...)
	return append(out, sum(key, out)...), nil
}

func sum(key, data []byte) []byte {
	mac := hmac.New(sha256.New, derive(key, "whole"))
	mac.Write(data)
	return mac.Sum(nil)
}

// Is tells whether a file begins as an index does, whatever its version and key.
func Is(file []byte) bool {
	return len(file) >= headSize && string(file[:len(magic)]) == magic
}

// Open reads an index from the bytes of its file, which it keeps. An error says what is
// wrong with the file; it wraps [ErrKey] where only the key is.
func Open(key, file []byte) (*Index, error) {
	if !Is(file) {
		return nil, errors.New("not an index of earshot")
	}
	if v := binary.LittleEndian.Uint16(file[len(magic):]); v != Version {
		return nil, fmt.Errorf("format version %d, this program reads %d; build the index again", v, Version)
	}
	n := int(binary.LittleEndian.Uint32(file[len(magic)+2:]))
	if n > maxHeader || len(file) < headSize+n+keySize+sumSize {
		return nil, errors.New("cut short")
	}
	head, rest := file[headSize:headSize+n], file[headSize+n:]
	if !hmac.Equal(rest[:keySize], derive(key, "check")[:keySize]) {
		return nil, ErrKey
	}
	end := len(file) - sumSize
	if !hmac.Equal(file[end:], sum(key, file[:end])) {
		return nil, errors.New("damaged: its code does not fit")
	}
	x, err := unpack(head, rest[keySize:len(rest)-sumSize])
	if err == nil {
		x.Sum = hex.EncodeToString(file[end : end+8])
	}
	return x, err
}

// unpack reads header and body, whose bytes may be anything.
func unpack(head, body []byte) (*Index, error) {
	x := &Index{}
	decoder := json.NewDecoder(bytes.NewReader(head))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&x.Header); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if err := x.validate(); err != nil {
		return nil, err
	}
	var err error
	switch {
	case len(x.Columns) > 0:
		x.table, err = openTable(&x.Header, body)
	case len(x.Documents) > 0:
		x.documents, err = openFingerprints(&x.Header, body)
	default:
		err = errors.New("header: neither columns nor documents")
	}
	return x, err
}

// part cuts n items of size bytes off body.
func part(body []byte, n uint64, size int) (items, rest []byte, err error) {
	if n > uint64(len(body)/size) {
		return nil, nil, errors.New("body: cut short")
	}
	cut := int(n) * size
	return body[:cut], body[cut:], nil
}
