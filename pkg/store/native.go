package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// The native protocol carries values, no formats: here they become the text that a
// server would write.

func writeTable(rows driver.Rows, w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(table, strings.Join(rows.Columns(), "\t"))
	line := strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`)
	err = errors.Join(err, each(rows, func(values []any) error {
		fields := texts(values, "NULL")
		for i := range fields {
			fields[i] = line.Replace(fields[i])
		}
		_, err := fmt.Fprintln(table, strings.Join(fields, "\t"))
		return err
	}))
	return errors.Join(err, table.Flush())
}

// writeCSV quotes all but numbers, as a server does: a line with one empty text is a row.
func writeCSV(rows driver.Rows, w io.Writer) error {
	names := make([]any, len(rows.Columns()))
	for i, name := range rows.Columns() {
		names[i] = name
	}
	line := func(values []any) error {
		fields := texts(values, `\N`)
		for i, v := range values {
			switch v.(type) {
			case string, []any, map[string]any:
				fields[i] = `"` + strings.ReplaceAll(fields[i], `"`, `""`) + `"`
			}
		}
		_, err := fmt.Fprintln(w, strings.Join(fields, ","))
		return err
	}
	return errors.Join(line(names), each(rows, line))
}

// writeJSON keeps the order of the columns, which a map would not.
func writeJSON(rows driver.Rows, w io.Writer) error {
	names := rows.Columns()
	return each(rows, func(values []any) error {
		line := []byte{'{'}
		for i, v := range values {
			name, err1 := json.Marshal(names[i])
			value, err2 := json.Marshal(v)
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			line = slices.Concat(line, name, []byte{':'}, value, []byte{','})
		}
		line[len(line)-1] = '}'
		_, err := w.Write(append(line, '\n'))
		return err
	})
}

// each calls fn with the plain values of every row.
func each(rows driver.Rows, fn func([]any) error) error {
	types := rows.ColumnTypes()
	into, layouts := make([]any, len(types)), make([]string, len(types))
	for i, t := range types {
		into[i], layouts[i] = destination(t), layout(t.DatabaseTypeName())
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read row: %w", err)
		}
		values := make([]any, len(into))
		for i := range into {
			values[i] = plain(reflect.ValueOf(into[i]).Elem(), layouts[i])
		}
		if err := fn(values); err != nil {
			return fmt.Errorf("write row: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

// destination is a pointer to what the driver can scan the column into. It takes no
// pointer to an any, except for what has no type of its own in Go.
func destination(t driver.ColumnType) any {
	if name := t.DatabaseTypeName(); strings.HasPrefix(name, "Tuple(") {
		return new([]any)
	}
	return reflect.New(t.ScanType()).Interface()
}

// layout is how a server writes the times of a type.
func layout(databaseType string) string {
	if _, after, ok := strings.Cut(databaseType, "DateTime64("); ok {
		digits, _ := strconv.Atoi(after[:1])
		return strings.TrimSuffix("2006-01-02 15:04:05."+strings.Repeat("0", digits), ".")
	}
	if strings.Contains(databaseType, "DateTime") {
		return time.DateTime
	}
	return time.DateOnly
}

// plain makes a value of what JSON knows: nil, string, bool, a number, []any of them or
// map[string]any.
func plain(v reflect.Value, layout string) any {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		if s, ok := reflect.TypeAssert[fmt.Stringer](v); ok && v.Type() != reflect.TypeFor[*time.Time]() {
			return s.String()
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(layout)
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = plain(v.Index(i), layout)
		}
		return out
	case reflect.Map:
		out := make(map[string]any, v.Len())
		for key, value := range v.Seq2() {
			out[text(plain(key, layout), "")] = plain(value, layout)
		}
		return out
	}
	return v.Interface()
}

// texts are values as a row of text; null is what stands for none.
func texts(values []any, null string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = text(v, null)
	}
	return out
}

func text(v any, null string) string {
	switch x := v.(type) {
	case nil:
		return null
	case float32:
		return decimal(float64(x), 32)
	case float64:
		return decimal(x, 64)
	case []any:
		parts := make([]string, len(x))
		for i := range x {
			parts[i] = quoted(x[i])
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(x)) {
			parts = append(parts, quoted(key)+":"+quoted(x[key]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return fmt.Sprint(v)
}

// decimal is the shortest text that reads back as x; exponents begin where a server's do.
func decimal(x float64, bits int) string {
	if size := math.Abs(x); x == 0 || size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(x, 'f', -1, bits)
	}
	return strings.Replace(strconv.FormatFloat(x, 'g', -1, bits), "e+", "e", 1)
}

var escapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\t", `\t`)

// quoted is a value within a list or a map.
func quoted(v any) string {
	if s, ok := v.(string); ok {
		return "'" + escapes.Replace(s) + "'"
	}
	return text(v, "NULL")
}
