// Package rows makes posts of the rows of CSV and TSV files by a mapping that says which
// column is which field. It reads bytes that it is given and opens no posts itself; the
// same row with the same number always gives the same event.
package rows

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Mapping says how a row becomes a post. Field names are those of package post, with
// dots: "text", "author.handle", "engagement.likes".
type Mapping struct {
	// Format is "csv" or "tsv"; empty means by the file's name.
	Format string `yaml:"format"`
	// Quote is "double" (RFC 4180: a cell in double quotes may hold separators and line
	// breaks) or "none" (a quotation mark is an ordinary character). Empty means double
	// for csv and none for tsv.
	Quote string `yaml:"quote"`
	// Columns names the columns of a file that has no header line.
	Columns []string `yaml:"columns"`
	// Constants gives fields the same value in every row.
	Constants map[string]string `yaml:"constants"`
	// Fields gives fields the value of a column, unless its cell is empty.
	Fields map[string]string `yaml:"fields"`
	// Labels gives labels of the post the value of a column, unless its cell is empty.
	Labels map[string]string `yaml:"labels"`
	// RowID, for rows without an id, is put before the row's number, from 1, to make one.
	RowID string `yaml:"row_id"`
	Time  Time   `yaml:"time"`
}

// Time says when a row was published: in the form of its column, or from a start on.
type Time struct {
	// Format of fields created_at and edited_at: "rfc3339", "unix" (s), "unix_ms", or a
	// layout of Go's package time. Empty means rfc3339. Without a zone it is UTC.
	Format string `yaml:"format"`
	// Start is when the first row was published, for rows without a time.
	Start time.Time `yaml:"start"`
	// Step is the time from a row to the next. Rate, rows per second, is another way to
	// say it; one of them goes with Start.
	Step time.Duration `yaml:"step"`
	Rate float64       `yaml:"rate"`
}

// Load reads a mapping from a YAML file and validates it.
func Load(path string) (Mapping, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Mapping{}, fmt.Errorf("read mapping: %w", err)
	}
	m, err := parse(data)
	if err != nil {
		return Mapping{}, fmt.Errorf("mapping %s: %w", path, err)
	}
	return m, nil
}

func parse(data []byte) (Mapping, error) {
	var m Mapping
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil {
		return m, err
	}
	return m, m.Validate()
}

// Validate names the first key that holds what it may not, and what it may.
func (m Mapping) Validate() error {
	if !slices.Contains([]string{"", "csv", "tsv"}, m.Format) {
		return fmt.Errorf("format: %q is not csv or tsv", m.Format)
	}
	if !slices.Contains([]string{"", "double", "none"}, m.Quote) {
		return fmt.Errorf("quote: %q is not double or none", m.Quote)
	}
	return errors.Join(m.validateFields(), m.validateTime())
}

func (m Mapping) validateFields() error {
	for field := range m.Constants {
		if _, known := setters[field]; !known {
			return fmt.Errorf("constants.%s: no such field; want one of %v", field, FieldNames())
		}
		if _, twice := m.Fields[field]; twice {
			return fmt.Errorf("constants.%s: fields names it too", field)
		}
	}
	for field := range m.Fields {
		if _, known := setters[field]; !known {
			return fmt.Errorf("fields.%s: no such field; want one of %v", field, FieldNames())
		}
	}
	if m.has("id") == (m.RowID != "") {
		return errors.New("fields.id, row_id: want one of them")
	}
	if !m.has("platform") {
		return errors.New("constants.platform, fields.platform: want one of them")
	}
	return nil
}

func (m Mapping) has(field string) bool {
	_, constant := m.Constants[field]
	_, column := m.Fields[field]
	return constant || column
}

func (m Mapping) validateTime() error {
	t := m.Time
	if t.Step < 0 || t.Rate < 0 {
		return errors.New("time: step and rate may not be negative")
	}
	if t.Step > 0 && t.Rate > 0 {
		return errors.New("time.step, time.rate: want one of them")
	}
	if t.Start.IsZero() != (t.Step == 0 && t.Rate == 0) {
		return errors.New("time.start goes with step or rate")
	}
	if !t.Start.IsZero() && m.has("created_at") {
		return errors.New("time.start: created_at is given by the rows")
	}
	return nil
}

// at is when row number n, from 1, was published.
func (t Time) at(n int64) time.Time {
	if t.Rate > 0 {
		return t.Start.Add(time.Duration(float64(n-1) / t.Rate * float64(time.Second)))
	}
	return t.Start.Add(time.Duration(n-1) * t.Step)
}
