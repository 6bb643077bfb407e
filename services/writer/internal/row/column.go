// Package row turns events into columns of ClickHouse tables. It does no I/O, and the
// same events always give the same columns.
//
// It works column by column over a batch, each column into a buffer that the next batch
// uses again: no row type, no reflection of its own, no sixty positional values.
package row

import (
	"math"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/store"
)

// column reads one column of a table off events of type E.
type column[E any] struct {
	name, wire string
	// fill returns a slice with a value for each event, good until the next call.
	fill func(events []E) any
}

// of makes a column from what read finds in one event. wire is the ClickHouse type in
// which the values travel; see [store.Column].
func of[E, T any](name, wire string, read func(E) T) column[E] {
	var buffer []T
	return column[E]{name, wire, func(events []E) any {
		clear(buffer) // let go of the last batch's texts
		buffer = buffer[:0]
		for _, event := range events {
			buffer = append(buffer, read(event))
		}
		return buffer
	}}
}

// arrays makes an array column from what add appends for one event. The rows of a block
// lie in one buffer: an array of its own for each row cost 2 µs an event.
func arrays[E, T any](name, wire string, add func(items []T, event E) []T) column[E] {
	var items []T
	var rows [][]T
	return column[E]{name, "Array(" + wire + ")", func(events []E) any {
		clear(items)
		clear(rows)
		items, rows = items[:0], rows[:0]
		for _, event := range events {
			from := len(items)
			items = add(items, event)
			var row []T // nil for none, which costs the driver least
			if len(items) > from {
				row = items[from:]
			}
			rows = append(rows, row)
		}
		return rows
	}}
}

func text[E any](name string, read func(E) string) column[E] { return of(name, "String", read) }

func number[E any](name string, read func(E) uint64) column[E] { return of(name, "UInt64", read) }

// enum sends the number of a Protobuf enum, which is also the table's. The events are
// validated, so it fits.
func enum[E any, N ~int32](name string, read func(E) N) column[E] {
	return of(name, "Int8", func(event E) int8 { return int8(read(event)) })
}

func flag[E any](name string, read func(E) bool) column[E] { return of(name, "Bool", read) }

func decimals[E any](name string, read func(E) float64) column[E] {
	return of(name, "Float32", func(event E) float32 { return round(read(event)) })
}

// moment sends milliseconds; 0, which is 1970, stands for a time that is not set.
func moment[E any](name string, read func(E) *timestamppb.Timestamp) column[E] {
	return of(name, "DateTime64(3, 'UTC')", func(event E) int64 { return millis(read(event)) })
}

func millis(t *timestamppb.Timestamp) int64 {
	return t.GetSeconds()*1000 + int64(t.GetNanos())/1e6
}

// round keeps four decimals: more than a judgement is good for, and the rest of a
// float's noise would not compress.
func round(x float64) float32 { return float32(math.Round(x*1e4) / 1e4) }

// block reads all columns off the events.
func block[E any](table string, columns []column[E], events []E, token string) store.Block {
	b := store.Block{Table: table, Columns: make([]store.Column, len(columns)), Token: token}
	for i, c := range columns {
		b.Columns[i] = store.Column{Name: c.name, Type: c.wire, Values: c.fill(events)}
	}
	return b
}
