package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Column is one column of a table.
type Column struct {
	Name string `json:"name"`
	Type Type   `json:"type"`
	// Unique is true where one value alone tells whose it is, as an account number does.
	Unique bool `json:"unique,omitempty"`
}

// maxColumns and maxRows bound a table.
const (
	maxColumns = 64
	maxRows    = 1<<32 - 1
)

// entry is one value of a table.
type entry struct {
	exact  uint64
	a, b   uint64 // fast hash
	row    uint32
	column uint8
}

// Builder makes the index of a table, row by row.
type Builder struct {
	header  Header
	key     []byte
	reading *Reading
	entries []entry
	skipped int
}

// NewBuilder starts an index with its name, the kind of its findings and its columns.
func NewBuilder(key []byte, name, kind string, columns []Column) (*Builder, error) {
	h := Header{Name: name, Kind: kind, Columns: columns, Shapes: map[Type]Shape{}}
	if err := cmp.Or(h.validate(), validColumns(columns)); err != nil {
		return nil, err
	}
	return &Builder{header: h, key: key, reading: NewReading(key)}, nil
}

func validColumns(columns []Column) error {
	if len(columns) == 0 || len(columns) > maxColumns {
		return fmt.Errorf("columns: %d, want 1 to %d", len(columns), maxColumns)
	}
	unique := false
	for _, c := range columns {
		if tags[c.Type] == 0 {
			return fmt.Errorf("column %q: type %q is none of name, email, phone, id, text", c.Name, c.Type)
		}
		unique = unique || c.Unique
	}
	if len(columns) == 1 && !unique {
		return errors.New("columns: one column alone never speaks unless it is unique")
	}
	return nil
}

// Add takes one row, a value for each column; empty values and those that say too little
// are left out.
func (b *Builder) Add(row []string) error {
	if len(row) != len(b.header.Columns) {
		return fmt.Errorf("row %d: %d values for %d columns", b.header.Rows+1, len(row), len(b.header.Columns))
	}
	if b.header.Rows == maxRows {
		return fmt.Errorf("more than %d rows", maxRows)
	}
	for i, value := range row {
		if value != "" {
			b.add(uint8(i), value)
		}
	}
	b.header.Rows++
	return nil
}

func (b *Builder) add(column uint8, value string) {
	of := b.header.Columns[column].Type
	normal, polynomial, count, ok := b.reading.whole(of, value)
	if !ok {
		b.skipped++
		return
	}
	e := entry{exact: b.reading.keys.exact(tags[of], normal), row: uint32(b.header.Rows), column: column}
	e.a, e.b = b.reading.keys.fast(tags[of], polynomial)
	b.entries = append(b.entries, e)
	b.header.Shapes[of] = b.header.Shapes[of].with(normal, count)
}

// with widens a shape to hold a value.
func (s Shape) with(normal []byte, count int) Shape {
	if s.Longest == 0 || len(normal) < s.Shortest {
		s.Shortest = len(normal)
	}
	s.Longest = max(s.Longest, len(normal))
	s.Counts |= 1 << count
	s.Plain = s.Plain || !slices.ContainsFunc(normal, func(c byte) bool { return c >= '0' && c <= '9' })
	return s
}

// Skipped is how many values said too little or too much to be kept.
func (b *Builder) Skipped() int { return b.skipped }

// Values is how many are kept.
func (b *Builder) Values() int { return len(b.entries) }

// Bytes makes the file.
func (b *Builder) Bytes() ([]byte, error) {
	if len(b.entries) == 0 {
		return nil, errors.New("no value to keep")
	}
	slices.SortFunc(b.entries, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.exact, y.exact), cmp.Compare(x.row, y.row), cmp.Compare(x.column, y.column))
	})
	n, words := len(b.entries), bloomWords(len(b.entries))
	body := make([]byte, 0, 16+words*8+n*13)
	body = binary.LittleEndian.AppendUint64(body, uint64(n))
	body = binary.LittleEndian.AppendUint64(body, uint64(words))
	filter := bloom{make([]byte, words*8)}
	for i := range b.entries {
		filter.add(b.entries[i].a, b.entries[i].b)
	}
	body = append(body, filter.words...)
	for i := range b.entries {
		body = binary.LittleEndian.AppendUint64(body, b.entries[i].exact)
	}
	for i := range b.entries {
		body = binary.LittleEndian.AppendUint32(body, b.entries[i].row)
	}
	for i := range b.entries {
		body = append(body, b.entries[i].column)
	}
	return seal(b.key, &b.header, body)
}

// table is the index of a table: values sorted by hash, then by row.
type table struct {
	filter  bloom
	exact   []byte
	rows    []byte
	columns []byte
}

func openTable(h *Header, body []byte) (*table, error) {
	if err := validColumns(h.Columns); err != nil {
		return nil, err
	}
	if len(body) < 16 {
		return nil, errors.New("body: cut short")
	}
	n, words, rest := binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:]), body[16:]
	t := &table{}
	filter, rest, err := part(rest, words, 8)
	if err == nil {
		t.filter, err = openBloom(filter)
	}
	for _, p := range []struct {
		into *[]byte
		size int
	}{{&t.exact, 8}, {&t.rows, 4}, {&t.columns, 1}} {
		if err == nil {
			*p.into, rest, err = part(rest, n, p.size)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0:
		return nil, errors.New("body: longer than it says")
	}
	for _, c := range t.columns {
		if int(c) >= len(h.Columns) {
			return nil, errors.New("body: a column that the header lacks")
		}
	}
	return t, nil
}

func (t *table) row(i int) uint32 { return binary.LittleEndian.Uint32(t.rows[i*4:]) }
