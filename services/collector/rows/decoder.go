package rows

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// ByteOrderMark is what spreadsheets and other Windows programs begin a file with.
const ByteOrderMark = "\ufeff"

// Decoder makes posts of the rows of one file. Not for concurrent use.
type Decoder struct {
	mapping Mapping
	columns []string
	cells   []cell
	labels  []label
}

// cell is a column that fills a field.
type cell struct {
	column int
	field  string
	set    setter
}

// label is a column that becomes a label.
type label struct {
	column int
	name   string
}

// Quoted tells whether a row can hold line breaks, inside quotation marks.
func (m Mapping) Quoted() bool {
	return m.Quote == "double" || m.Quote == "" && m.Format != "tsv"
}

// HasHeader tells whether the first line of a file names its columns.
func (m Mapping) HasHeader() bool { return len(m.Columns) == 0 }

// Decoder prepares the mapping for a file with this header line, nil where it has none.
// A column that the mapping names and the file lacks is an error.
func (m Mapping) Decoder(header []byte) (*Decoder, error) {
	d := &Decoder{mapping: m, columns: m.Columns}
	if m.HasHeader() {
		names, err := m.split(bytes.TrimPrefix(header, []byte(ByteOrderMark)))
		if err != nil {
			return nil, fmt.Errorf("header line: %w", err)
		}
		d.columns = names
	}
	for field, name := range m.Fields {
		column, err := d.column("fields."+field, name)
		if err != nil {
			return nil, err
		}
		d.cells = append(d.cells, cell{column: column, field: field, set: setters[field]})
	}
	for to, name := range m.Labels {
		column, err := d.column("labels."+to, name)
		if err != nil {
			return nil, err
		}
		d.labels = append(d.labels, label{column: column, name: to})
	}
	// Of several bad cells the first one in the row is named, whatever the map's order.
	slices.SortFunc(d.cells, func(a, b cell) int { return a.column - b.column })
	return d, nil
}

func (d *Decoder) column(key, name string) (int, error) {
	i := slices.Index(d.columns, name)
	if i < 0 {
		return 0, fmt.Errorf("%s: the file has no column %q; it has %q", key, name, d.columns)
	}
	return i, nil
}

// Decode makes the event of a row, without its line break. number counts the rows of
// the file from 1. The error is a [schemas.FieldError] without any text of the row.
func (d *Decoder) Decode(row []byte, number int64) (*earshotv1.PostEvent, error) {
	values, err := d.mapping.split(row)
	if err != nil {
		return nil, err
	}
	if len(values) != len(d.columns) {
		return nil, &schemas.FieldError{Field: "row", Reason: fmt.Sprintf("%d columns, want %d", len(values), len(d.columns))}
	}
	doc := &post.Document{}
	if err := d.fill(doc, values); err != nil {
		return nil, err
	}
	if doc.ID == "" && d.mapping.RowID != "" {
		doc.ID = d.mapping.RowID + strconv.FormatInt(number, 10)
	}
	if err := d.mapping.Time.rewrite(doc); err != nil {
		return nil, err
	}
	if !d.mapping.Time.Start.IsZero() {
		doc.CreatedAt = d.mapping.Time.at(number).UTC().Format(time.RFC3339Nano)
	}
	return doc.Event()
}

func (d *Decoder) fill(doc *post.Document, values []string) error {
	for field, value := range d.mapping.Constants {
		if reason := setters[field](doc, value); reason != "" {
			return &schemas.FieldError{Field: field, Reason: reason}
		}
	}
	for _, c := range d.cells {
		if values[c.column] == "" {
			continue
		}
		if reason := c.set(doc, values[c.column]); reason != "" {
			return &schemas.FieldError{Field: c.field, Reason: reason}
		}
	}
	for _, l := range d.labels {
		if value := values[l.column]; value != "" {
			if doc.Labels == nil {
				doc.Labels = make(map[string]string, len(d.labels))
			}
			doc.Labels[l.name] = value
		}
	}
	return nil
}

// split cuts a row into its cells.
func (m Mapping) split(row []byte) ([]string, error) {
	separator := ','
	if m.Format == "tsv" {
		separator = '\t'
	}
	row = bytes.TrimSuffix(row, []byte("\r"))
	if !m.Quoted() {
		return strings.Split(string(row), string(separator)), nil
	}
	reader := csv.NewReader(bytes.NewReader(row))
	reader.Comma, reader.FieldsPerRecord = separator, -1
	values, err := reader.Read()
	if err != nil {
		return nil, &schemas.FieldError{Field: "row", Reason: "a quotation mark is out of place"}
	}
	return values, nil
}
