// Package native carries ClickHouse's Native format from the revision that
// the embedded engine writes (0) to the one that a client asks for.
//
// The values of a column are the same in both; what differs is around them: a
// block gains its info, and each column a byte that says it has no custom
// serialization. So blocks pass through value by value, nothing is kept, and a
// result of any size needs one buffer. What it costs: at revision 0 the engine
// prints DateTime without its time zone, so a reader gets the server's (UTC).
package native

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrType says that a column's type cannot cross revisions. Cast it in the
// query, for example finalizeAggregation(x) or toString(x).
var ErrType = errors.New("type has no Native form for drivers in the embedded engine")

// customSerialization is the first revision with the byte before a column:
// DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION.
const customSerialization = 54454

// blockInfo is the info of a plain block: not overflowing, no bucket.
var blockInfo = []byte{1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0}

// maxName bounds a column's name or type, in bytes, against a broken stream.
const maxName = 1 << 24

// Convert copies the blocks of src, at revision 0, to dst at the given one,
// until src ends. The error is that of src or dst, wraps ErrType, or is
// io.ErrUnexpectedEOF when src ends within a block.
func Convert(dst io.Writer, src io.Reader, revision uint64) error {
	c := &converter{
		in: bufio.NewReaderSize(src, bufferSize), out: bufio.NewWriterSize(dst, bufferSize),
		revision: revision, types: map[string]layout{},
	}
	for {
		if _, err := c.in.Peek(1); errors.Is(err, io.EOF) {
			return c.out.Flush()
		}
		c.block()
		if c.err != nil {
			return fmt.Errorf("convert a block: %w", c.err)
		}
	}
}

// bufferSize is what a pipe holds on Linux, in bytes.
const bufferSize = 64 << 10

// converter keeps the first error; after it, everything it reads is zero.
type converter struct {
	in       *bufio.Reader
	out      *bufio.Writer
	revision uint64
	types    map[string]layout
	err      error
}

func (c *converter) block() {
	if c.revision > 0 {
		c.write(blockInfo)
	}
	columns := c.copyVarint()
	rows := c.copyVarint()
	for ; columns > 0 && c.err == nil; columns-- {
		c.column(rows)
	}
}

func (c *converter) column(rows uint64) {
	c.copyName()
	name := c.copyName()
	if c.revision >= customSerialization {
		c.write([]byte{0})
	}
	if rows == 0 || c.err != nil {
		return
	}
	l, ok := c.types[name]
	if !ok {
		l, c.err = parse(name)
		c.types[name] = l
	}
	c.prefix(l)
	c.values(l, rows)
}

// prefix copies what stands before the values of a column: the version of
// each dictionary within.
func (c *converter) prefix(l layout) {
	if l.shape == lowCardinality {
		c.copyBytes(8)
	}
	for _, inner := range l.inner {
		c.prefix(inner)
	}
}

func (c *converter) values(l layout, rows uint64) {
	if c.err != nil {
		return
	}
	switch l.shape {
	case fixed:
		c.copyBytes(rows * uint64(l.size))
	case text:
		for ; rows > 0 && c.err == nil; rows-- {
			c.copyBytes(c.copyVarint())
		}
	case nullable:
		c.copyBytes(rows)
		c.values(l.inner[0], rows)
	case array:
		c.values(l.inner[0], c.offsets(rows))
	case tuple:
		for _, inner := range l.inner {
			c.values(inner, rows)
		}
	case lowCardinality:
		c.dictionaries(l.inner[0], rows)
	}
}

// offsets copies where the arrays of a column end and returns the last.
func (c *converter) offsets(rows uint64) uint64 {
	if rows == 0 {
		return 0
	}
	c.copyBytes((rows - 1) * 8)
	return c.copyUint64()
}

// Of the flags of a dictionary, the low byte is the width of an index as a
// power of two.
const (
	sharedDictionary = 1 << 8
	ownKeys          = 1 << 9
)

// dictionaries copies runs of keys and indexes until they cover all rows.
func (c *converter) dictionaries(keys layout, rows uint64) {
	for rows > 0 && c.err == nil {
		flags := c.copyUint64()
		if flags&sharedDictionary != 0 {
			c.err = fmt.Errorf("%w: LowCardinality with a shared dictionary", ErrType)
			return
		}
		if flags&ownKeys != 0 {
			c.values(keys, c.copyUint64())
		}
		run := c.copyUint64()
		if c.err == nil && (run == 0 || run > rows) {
			c.err = fmt.Errorf("dictionary of %d rows where %d remain", run, rows)
			return
		}
		c.copyBytes(run << (flags & 3))
		rows -= run
	}
}

func (c *converter) write(p []byte) {
	if c.err == nil {
		_, c.err = c.out.Write(p)
	}
}

// copyBytes copies n bytes through the reader's own buffer.
func (c *converter) copyBytes(n uint64) {
	for n > 0 && c.err == nil {
		if c.in.Buffered() == 0 {
			if _, err := c.in.Peek(1); err != nil {
				c.fail(err)
				return
			}
		}
		chunk, _ := c.in.Peek(int(min(n, uint64(c.in.Buffered()))))
		c.write(chunk)
		n -= uint64(len(chunk))
		if _, err := c.in.Discard(len(chunk)); err != nil {
			c.fail(err)
		}
	}
}

func (c *converter) copyUint64() uint64 {
	p, err := c.in.Peek(8)
	if err != nil {
		c.fail(err)
		return 0
	}
	value := binary.LittleEndian.Uint64(p)
	c.copyBytes(8)
	return value
}

func (c *converter) copyVarint() uint64 {
	if c.err != nil {
		return 0
	}
	value, err := binary.ReadUvarint(c.in)
	if err != nil {
		c.fail(err)
		return 0
	}
	var p [binary.MaxVarintLen64]byte
	c.write(p[:binary.PutUvarint(p[:], value)])
	return value
}

func (c *converter) copyName() string {
	size := c.copyVarint()
	if size > maxName {
		c.fail(fmt.Errorf("name of %d bytes", size))
		return ""
	}
	name := make([]byte, size)
	if _, err := io.ReadFull(c.in, name); err != nil {
		c.fail(err)
	}
	c.write(name)
	return string(name)
}

func (c *converter) fail(err error) {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if c.err == nil {
		c.err = err
	}
}
