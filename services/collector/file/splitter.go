package file

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/earshot/earshot/schemas"
)

const (
	// maxRecord bounds a line, bytes. The longest post is 64 KiB of text, six times that
	// with every character escaped; a longer one should still be named by its field.
	maxRecord = 4 << 20
	// maxQuoted bounds a record that runs over several lines inside quotation marks,
	// bytes. Behind it the mark is taken for a slip and its line alone is given up.
	maxQuoted = 256 << 10
	// maxHead is how much of a file's beginning tells it from another, bytes.
	maxHead = 1024
	// readBytes is the size of one read.
	readBytes = 256 << 10
)

var (
	errLong  = &schemas.FieldError{Field: "line", Reason: "over 4 MiB"}
	errQuote = &schemas.FieldError{Field: "line", Reason: "a quotation mark is never closed"}
)

// splitter cuts a stream into records: lines, or where quotation marks may hold line
// breaks, runs of lines. It can go on after the end of a stream that has grown.
type splitter struct {
	in     *bufio.Reader
	quoted bool
	// offset and line are where the stream stands behind the last record.
	offset, line int64
	// head is the beginning of the stream, up to maxHead bytes of whole records.
	head []byte

	back    []byte // lines read once already, before those of in
	partial []byte // the beginning of a line whose end has not come yet
	long    int64  // bytes of a line over maxRecord that were thrown away
	record  []byte // the lines of a quoted record that has not ended yet
	open    bool   // whether record ends inside quotation marks
}

func newSplitter(in io.Reader, quoted bool) *splitter {
	return &splitter{in: bufio.NewReaderSize(in, readBytes), quoted: quoted}
}

// next returns the next whole record without its line break, valid until the next call.
// A [schemas.FieldError] gives one record up, and the next call goes on behind it. io.EOF
// means that no whole record is there now; see [splitter.last].
func (s *splitter) next() ([]byte, error) {
	for {
		line, err := s.nextLine()
		if errors.Is(err, errLong) {
			s.done(s.record) // it cannot be whole any more
			s.record, s.open = s.record[:0], false
		}
		if err != nil {
			return nil, err
		}
		if !s.quoted {
			return s.done(line), nil
		}
		s.keep(line)
		if !s.open {
			return s.take(), nil
		}
		if len(s.record) > maxQuoted {
			return s.giveUp()
		}
	}
}

// last returns what is left at the end of a stream that will not grow: a line without a
// line break, or io.EOF.
func (s *splitter) last() ([]byte, error) {
	if s.long > 0 {
		s.offset, s.line, s.long = s.offset+s.long, s.line+1, 0
		return nil, errLong
	}
	s.keep(s.partial)
	s.partial = s.partial[:0]
	if len(s.record) == 0 {
		return nil, io.EOF
	}
	if s.quoted && s.open {
		return s.giveUp()
	}
	return s.take(), nil
}

// keep adds a line to the record.
func (s *splitter) keep(line []byte) {
	s.record = append(s.record, line...)
	if bytes.Count(line, []byte{'"'})%2 == 1 {
		s.open = !s.open
	}
}

// take hands the record out.
func (s *splitter) take() []byte {
	record := s.record
	s.record, s.open = s.record[:0], false
	return s.done(record)
}

// ahead is how far the stream has been read, whole records or not.
func (s *splitter) ahead() int64 {
	return s.offset + s.long + int64(len(s.record)+len(s.back)+len(s.partial))
}

// nextLine returns a line with its line break.
func (s *splitter) nextLine() ([]byte, error) {
	if i := bytes.IndexByte(s.back, '\n'); i >= 0 {
		line := s.back[:i+1]
		s.back = s.back[i+1:]
		return line, nil
	}
	s.partial, s.back = append(s.partial, s.back...), nil
	for {
		piece, err := s.in.ReadSlice('\n')
		if err == nil && len(s.partial) == 0 && s.long == 0 {
			return piece, nil
		}
		s.gather(piece)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if s.long > 0 {
			s.offset, s.line, s.long = s.offset+s.long, s.line+1, 0
			return nil, errLong
		}
		line := s.partial
		s.partial = s.partial[:0]
		return line, nil
	}
}

// gather keeps a piece of a line, or throws the line away when it grows too long.
func (s *splitter) gather(piece []byte) {
	if s.long == 0 && len(s.partial)+len(piece) <= maxRecord {
		s.partial = append(s.partial, piece...)
		return
	}
	s.long += int64(len(s.partial) + len(piece))
	s.partial = s.partial[:0]
}

func (s *splitter) done(record []byte) []byte {
	s.offset += int64(len(record))
	s.line += int64(bytes.Count(record, []byte{'\n'}))
	if n := len(record); n > 0 && record[n-1] != '\n' {
		s.line++
	}
	if room := maxHead - len(s.head); room > 0 && int64(len(s.head)+len(record)) == s.offset {
		s.head = append(s.head, record[:min(room, len(record))]...)
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(record, []byte("\n")), []byte("\r"))
}

// giveUp takes the first line of a quoted record for bad and puts the others back.
func (s *splitter) giveUp() ([]byte, error) {
	end := bytes.IndexByte(s.record, '\n') + 1
	if end == 0 {
		end = len(s.record)
	}
	s.back = append(bytes.Clone(s.record[end:]), s.back...)
	s.record, s.open = s.record[:0], false
	s.offset, s.line = s.offset+int64(end), s.line+1
	return nil, errQuote
}

// fingerprint names a beginning without telling it.
func fingerprint(head []byte) string {
	sum := sha256.Sum256(head)
	return hex.EncodeToString(sum[:16])
}
