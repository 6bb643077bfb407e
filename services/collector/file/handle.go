package file

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/earshot/earshot/services/collector/source"
)

// position is the cursor: where the stream, decompressed, stands behind the last record,
// and what it begins with, so that another file of the same name is told from it. Row
// goes on from file to file: ids made of it never repeat.
type position struct {
	Offset    int64  `json:"offset"`
	Line      int64  `json:"line"`
	Row       int64  `json:"row"`
	Head      string `json:"head"`
	HeadBytes int    `json:"head_bytes"`
}

func parseCursor(from source.Cursor) (position, error) {
	var p position
	if len(from) == 0 {
		return p, nil
	}
	if err := json.Unmarshal(from, &p); err != nil {
		return p, fmt.Errorf("read cursor: %w", err)
	}
	if p.Offset < 0 || p.HeadBytes < 0 || p.HeadBytes > maxHead {
		return p, errors.New("read cursor: out of range")
	}
	return p, nil
}

func (p position) cursor() source.Cursor {
	data, _ := json.Marshal(p) // numbers and hexadecimal digits always encode
	return data
}

// handle is an open file and the stream in it.
type handle struct {
	file       *os.File
	compressed bool
	stream     io.Reader
	head       string // of the position it was resumed from
	headBytes  int
}

func open(path string) (*handle, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &handle{file: f, compressed: compressed(path)}, nil
}

// Close closes the file.
func (h *handle) Close() error { return h.file.Close() }

// rewind makes stream the decompressed file from its beginning.
func (h *handle) rewind() error {
	if _, err := h.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h.stream = h.file
	if !h.compressed {
		return nil
	}
	zip, err := gzip.NewReader(h.file)
	if err != nil {
		return fmt.Errorf("decompress: %w", err)
	}
	h.stream = zip
	return nil
}

// skip makes stream the decompressed file from offset on.
func (h *handle) skip(offset int64) error {
	if err := h.rewind(); err != nil {
		return err
	}
	if !h.compressed {
		_, err := h.file.Seek(offset, io.SeekStart)
		return err
	}
	_, err := io.CopyN(io.Discard, h.stream, offset)
	return err
}

// matches tells whether the file is the one that the position was taken in.
func (h *handle) matches(at position) (bool, error) {
	info, err := h.file.Stat()
	if err != nil {
		return false, err
	}
	if !h.compressed && info.Size() < at.Offset {
		return false, nil
	}
	if at.HeadBytes == 0 {
		return true, nil
	}
	if err := h.rewind(); err != nil {
		return false, err
	}
	head := make([]byte, at.HeadBytes)
	if _, err := io.ReadFull(h.stream, head); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return fingerprint(head) == at.Head, nil
}

// changed compares the open file, read up to offset, with the one at the path.
func (h *handle) changed(path string, offset int64) (grown, replaced bool, err error) {
	own, err := h.file.Stat()
	if err != nil {
		return false, false, err
	}
	now, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return own.Size() > offset, false, nil
	} else if err != nil {
		return false, false, err
	}
	if !os.SameFile(own, now) || own.Size() < offset {
		return false, true, nil
	}
	return own.Size() > offset, false, nil
}
