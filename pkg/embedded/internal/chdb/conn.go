package chdb

import (
	"runtime"
	"unsafe"
)

// Conn is one session of the engine: its settings, its current database and
// its temporary tables. It runs one statement at a time; its methods must not
// be called at once. Several sessions run in parallel.
type Conn struct {
	lib     *Library
	pointer unsafe.Pointer
	handle  handle
}

// Param is the text of one {name:Type} placeholder.
type Param struct{ Name, Value string }

// Class says what a statement does, as the engine's parser sees it.
type Class struct {
	// Statements is how many statements the text holds; 0 when it does not
	// parse.
	Statements int
	// ReadOnly is true when the statement leaves no trace.
	ReadOnly bool
}

// analysis is chdb_query_analysis_v1.
type analysis struct{ size, statements, _, class uint32 }

// unknown is CHDB_QUERY_UNKNOWN, and 0 is CHDB_QUERY_READ_ONLY.
const unknown = 4

// Close ends the session and frees it. A second Close does nothing.
func (c *Conn) Close() {
	if c.pointer != nil {
		c.lib.closeConn(c.pointer)
		c.pointer = nil
	}
}

// Classify parses sql without running it.
func (c *Conn) Classify(sql string) Class {
	out := &analysis{size: uint32(unsafe.Sizeof(analysis{})), class: unknown}
	text, size := data(sql)
	c.lib.classify(c.handle, text, size, nil, 0, out)
	return Class{Statements: int(out.statements), ReadOnly: out.class == 0}
}

// Query runs a statement and hands its whole result to use, in the given
// output format unless sql names another; the bytes are valid until use
// returns, and nil drops them. A result that may be large goes INTO OUTFILE instead, and use gets
// nothing. It blocks until the statement ends; KILL QUERY from another
// session ends it early. The error is an *Error, or that of use.
func (c *Conn) Query(sql, format string, params []Param, use func([]byte) error) (Stats, error) {
	result := c.run(c.lib.query, sql, format, params)
	defer c.lib.destroy(result)
	if err := failure(c.lib.resultError(result)); err != nil {
		return Stats{}, err
	}
	if size := c.lib.length(result); size > 0 && use != nil {
		bytes := unsafe.Slice(c.lib.buffer(result), size) //nolint:gosec // until destroy
		if err := use(bytes); err != nil {
			return Stats{}, err
		}
	}
	return c.lib.stats(result), nil
}

// Insert starts an INSERT whose rows follow by Write, in the given input
// format. sql ends before FORMAT or VALUES. The error is an *Error. The
// caller closes the stream before the next statement on this session.
func (c *Conn) Insert(sql, format string, params []Param) (*Insert, error) {
	stream := c.run(c.lib.insert, sql, format, params)
	if err := failure(c.lib.insertError(stream)); err != nil {
		c.lib.insertDestroy(stream)
		return nil, err
	}
	return &Insert{lib: c.lib, handle: stream}, nil
}

func (c *Conn) run(call statement, sql, format string, params []Param) handle {
	text, size := data(sql)
	name, nameSize := data(format)
	p := bind(params)
	defer p.release()
	return call(c.handle, text, size, name, nameSize, p.names, p.nameLens, p.values, p.valueLens, p.count)
}

// data gives the address and length of text as the engine wants them.
func data(text string) (*byte, uint) {
	return unsafe.StringData(text), uint(len(text)) //nolint:gosec // read during the call only
}

// bound is a list of parameters laid out as four C arrays.
type bound struct {
	names, nameLens, values, valueLens unsafe.Pointer
	count                              uint
	pins                               *runtime.Pinner
}

func bind(params []Param) bound {
	b := bound{count: uint(len(params)), pins: new(runtime.Pinner)}
	if len(params) == 0 {
		return b
	}
	names, values := make([]*byte, len(params)), make([]*byte, len(params))
	nameLens, valueLens := make([]uint, len(params)), make([]uint, len(params))
	for i, p := range params {
		names[i], nameLens[i] = data(p.Name)
		// The engine reads no byte of an empty value, yet wants an address.
		values[i], valueLens[i] = data(p.Value + "\x00")
		valueLens[i]--
		b.pins.Pin(names[i])
		b.pins.Pin(values[i])
	}
	b.names, b.nameLens = unsafe.Pointer(&names[0]), unsafe.Pointer(&nameLens[0])     //nolint:gosec // pinned below
	b.values, b.valueLens = unsafe.Pointer(&values[0]), unsafe.Pointer(&valueLens[0]) //nolint:gosec // pinned below
	for _, array := range []unsafe.Pointer{b.names, b.nameLens, b.values, b.valueLens} {
		b.pins.Pin(array)
	}
	return b
}

func (b bound) release() { b.pins.Unpin() }
