package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/rows"
	"github.com/earshot/earshot/services/collector/source"
)

// readOne reads the file that is at the path now, and returns where to begin in the one
// that takes its place.
func (s *Source) readOne(ctx context.Context, at position, emit source.Emit) (position, error) {
	f, err := open(s.path)
	if err != nil {
		return at, err
	}
	defer func() { _ = f.Close() }()
	r := &run{Source: s, file: f, emit: emit, row: at.Row, decode: s.decode}
	if err := r.begin(at); err != nil {
		return at, fmt.Errorf("file %s: %w", s.path, err)
	}
	for {
		if err := r.toEnd(ctx); err != nil {
			return at, err
		}
		if !s.follow {
			return at, nil
		}
		replaced, err := r.await(ctx)
		if err != nil {
			return at, err
		}
		if replaced {
			err := r.rest(ctx) // it counts rows, too
			return position{Row: r.row}, err
		}
	}
}

// run is the reading of one file.
type run struct {
	*Source
	file     *handle
	emit     source.Emit
	splitter *splitter
	decode   decode
	row      int64
	batch    source.Batch
}

// begin opens the stream, reads the header line, and skips what was read before.
func (r *run) begin(at position) error {
	same, err := r.file.matches(at)
	if err != nil {
		return err
	}
	if !same { // another file has taken the place of the one that was read
		at = position{Row: at.Row}
	}
	if err := r.restart(); err != nil {
		return err
	}
	if at.Offset > r.splitter.offset {
		if err := r.file.skip(at.Offset); err != nil {
			return err
		}
		head := r.splitter.head
		r.splitter = newSplitter(r.file.stream, r.splitter.quoted)
		r.splitter.offset, r.splitter.line, r.splitter.head = at.Offset, at.Line, head
		r.file.head = at.Head
		r.file.headBytes = at.HeadBytes
	}
	return nil
}

// restart prepares the beginning of the stream.
func (r *run) restart() error {
	if err := r.file.rewind(); err != nil {
		return err
	}
	r.splitter = newSplitter(r.file.stream, r.mapping != nil && r.mapping.Quoted())
	if r.mapping == nil {
		return nil
	}
	var header []byte
	if r.mapping.HasHeader() {
		var err error
		header, err = r.splitter.next()
		if errors.Is(err, io.EOF) {
			return errors.New("the header line is missing")
		} else if err != nil {
			return err
		}
	}
	d, err := r.mapping.Decoder(header)
	if err != nil {
		return retry.Permanent(err)
	}
	r.decode = d.Decode
	return nil
}

// await waits until the file has grown (false), or was truncated or another one has
// taken its place (true). While there is no file at the path the old one is kept.
func (r *run) await(ctx context.Context) (replaced bool, err error) {
	ticker := time.NewTicker(r.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-ticker.C:
		}
		grown, replaced, err := r.file.changed(r.path, r.splitter.ahead())
		if err != nil || grown || replaced {
			return replaced, err
		}
	}
}

// toEnd reads and emits to the end as of now. Where the file is not followed, a last
// line needs no line break.
func (r *run) toEnd(ctx context.Context) error {
	for {
		record, err := r.splitter.next()
		if errors.Is(err, io.EOF) {
			if !r.follow {
				return r.rest(ctx)
			}
			return r.flush(ctx)
		}
		if err := r.take(ctx, record, err); err != nil {
			return err
		}
	}
}

// rest takes also what has no line break: nothing more will come.
func (r *run) rest(ctx context.Context) error {
	for {
		record, err := r.splitter.next()
		if errors.Is(err, io.EOF) {
			record, err = r.splitter.last()
		}
		if errors.Is(err, io.EOF) {
			return r.flush(ctx)
		}
		if err := r.take(ctx, record, err); err != nil {
			return err
		}
	}
}

// take decodes a record, or notes that it could not be cut.
func (r *run) take(ctx context.Context, record []byte, err error) error {
	if bad, ok := errors.AsType[*schemas.FieldError](err); err != nil && !ok {
		return fmt.Errorf("read %s: %w", r.path, err)
	} else if ok {
		r.row++
		r.refuse(bad)
	} else if record = r.unmarked(record); len(bytes.TrimSpace(record)) > 0 {
		r.row++
		r.add(record)
	}
	if len(r.batch.Events)+len(r.batch.Bad) < batchRecords {
		return nil
	}
	return r.flush(ctx)
}

// unmarked is a record without the byte order mark that a file may begin with.
func (r *run) unmarked(record []byte) []byte {
	if r.splitter.line > 1 {
		return record
	}
	return bytes.TrimPrefix(record, []byte(rows.ByteOrderMark))
}

func (r *run) add(record []byte) {
	e, err := r.decode(record, r.row)
	if err != nil {
		r.refuse(err)
		return
	}
	if e != nil {
		e.Provenance = &earshotv1.Provenance{Position: r.place()}
		r.batch.Events = append(r.batch.Events, e)
	}
}

func (r *run) refuse(err error) {
	r.batch.Bad = append(r.batch.Bad, source.Bad{Position: r.place(), Err: err})
}

// place is the number of the last line of the current record.
func (r *run) place() string { return "line " + strconv.FormatInt(r.splitter.line, 10) }

// flush emits what is gathered.
func (r *run) flush(ctx context.Context) error {
	if len(r.batch.Events)+len(r.batch.Bad) == 0 {
		return nil
	}
	r.batch.Next = r.position().cursor()
	err := r.emit(ctx, r.batch)
	r.batch = source.Batch{}
	return err
}

func (r *run) position() position {
	p := position{Offset: r.splitter.offset, Line: r.splitter.line, Row: r.row}
	p.Head, p.HeadBytes = r.file.head, r.file.headBytes
	if n := len(r.splitter.head); n > p.HeadBytes {
		p.Head, p.HeadBytes = fingerprint(r.splitter.head), n
	}
	return p
}
