package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/earshot/earshot/pkg/retry"
)

// Column is one column of a block.
type Column struct {
	Name string
	// Type is the ClickHouse type in which the values travel over HTTP; the server
	// casts it to the table's. String for LowCardinality(String), Int8 for an Enum8:
	// building a dictionary here costs more than it saves.
	Type string
	// Values is a slice with one element a row: []string, []float32, []time.Time,
	// [][]string and so on. Insert does not keep it.
	Values any
}

// Block is the rows of one insert, by column.
type Block struct {
	Table   string
	Columns []Column
	// Token names the rows: within the table's deduplication window a block with a
	// token that was stored before is acknowledged and dropped. Same token, same rows.
	Token string
}

// Insert stores the block at once; on nil the server has it. Any error may mean that
// it was stored all the same, so repeat it with the same token.
func (s *Store) Insert(ctx context.Context, b Block) error {
	ctx = clickhouse.Context(ctx,
		clickhouse.WithColumnNamesAndTypes(b.types()),
		clickhouse.WithSettings(clickhouse.Settings{
			"insert_deduplicate":                                 1,
			"insert_deduplication_token":                         b.Token,
			"deduplicate_blocks_in_dependent_materialized_views": 1,
			// Posts of many years may come in one block: partitions are few in the long run.
			"max_partitions_per_insert_block": 0,
			// One block in is one block stored, or the token would name a part of it.
			"max_insert_block_size":                      1 << 20,
			"min_insert_block_size_rows":                 1 << 20,
			"min_insert_block_size_bytes":                1 << 30,
			"distributed_foreground_insert":              1,
			"input_format_native_allow_types_conversion": 1,
		}))
	if err := b.even(); err != nil {
		return err
	}
	batch, err := s.conn.PrepareBatch(ctx, b.statement())
	if err != nil {
		return fmt.Errorf("prepare insert into %s: %w", b.Table, err)
	}
	defer func() { _ = batch.Close() }() // a batch that was sent has nothing left to say
	for i, c := range b.Columns {
		if err := c.appendTo(batch.Column(i)); err != nil {
			return fmt.Errorf("column %s of %s: %w", c.Name, b.Table, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("insert into %s: %w", b.Table, err)
	}
	return nil
}

// appendTo hands the driver a whole column, but arrays row by row: it reads the rows of an
// array column by reflection, while it knows the type of a row (v2.50.0; 390 against
// 240 ns a row of one or two texts).
func (c Column) appendTo(column driver.BatchColumn) error {
	switch rows := c.Values.(type) {
	case [][]string:
		return appendRows(column, rows)
	case [][]float32:
		return appendRows(column, rows)
	case [][]int8:
		return appendRows(column, rows)
	case [][]uint32:
		return appendRows(column, rows)
	}
	return column.Append(c.Values)
}

func appendRows[T any](column driver.BatchColumn, rows [][]T) error {
	for _, row := range rows {
		if err := column.AppendRow(row); err != nil {
			return err
		}
	}
	return nil
}

// even checks that all columns have the same number of rows. The driver does too, but
// over HTTP (v2.50.0) it loses its own error and sends an insert of nothing.
func (b Block) even() error {
	rows := -1
	for _, c := range b.Columns {
		n := reflect.ValueOf(c.Values).Len()
		if rows >= 0 && n != rows {
			return retry.Permanentf("column %s of %s: %d rows, others have %d", c.Name, b.Table, n, rows)
		}
		rows = n
	}
	return nil
}

func (b Block) types() []clickhouse.ColumnNameAndType {
	types := make([]clickhouse.ColumnNameAndType, len(b.Columns))
	for i, c := range b.Columns {
		types[i] = clickhouse.ColumnNameAndType{Name: c.Name, Type: c.Type}
	}
	return types
}

func (b Block) statement() string {
	names := make([]string, len(b.Columns))
	for i, c := range b.Columns {
		names[i] = "`" + c.Name + "`"
	}
	return "INSERT INTO " + b.Table + " (" + strings.Join(names, ", ") + ")"
}
