package embedded

import (
	"context"
	"fmt"
	"math/big"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// open dials ch as pkg/store does.
func open(t *testing.T, ch *ClickHouse, database string, compression *clickhouse.Compression) driver.Conn {
	t.Helper()
	options, err := clickhouse.ParseDSN(ch.DSN())
	require.NoError(t, err)
	options.Auth.Database = database
	options.Compression = compression
	conn, err := clickhouse.Open(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

// row has a column of every kind of layout.
type row struct {
	ID      uint64            `ch:"id"`
	At      time.Time         `ch:"at"`
	Day     time.Time         `ch:"day"`
	Text    string            `ch:"text"`
	Code    string            `ch:"code"`
	Brand   string            `ch:"brand"`
	Maybe   *string           `ch:"maybe"`
	LowNull *string           `ch:"low_null"`
	Level   string            `ch:"level"`
	Score   float32           `ch:"score"`
	Flag    bool              `ch:"flag"`
	Key     uuid.UUID         `ch:"key"`
	IP      net.IP            `ch:"ip"`
	Tags    []string          `ch:"tags"`
	Deep    [][]uint16        `ch:"deep"`
	Counts  map[string]uint32 `ch:"counts"`
	Pair    []any             `ch:"pair"`
	Big     *big.Int          `ch:"big"`
	Rules   []string          `ch:"findings.rule"`
	Weights []float64         `ch:"findings.weight"`
}

const rowTable = `CREATE TABLE rows (
	id UInt64, at DateTime64(3, 'UTC'), day Date, text String, code FixedString(3), brand LowCardinality(String),
	maybe Nullable(String), low_null LowCardinality(Nullable(String)), level Enum8('low' = 1, 'hi(gh, ' = 2),
	score Float32, flag Bool, key UUID, ip IPv6, tags Array(LowCardinality(String)), deep Array(Array(UInt16)),
	counts Map(LowCardinality(String), UInt32), pair Tuple(a UInt8, b Nullable(String)), big UInt256,
	findings Nested(rule LowCardinality(String), weight Float64)
) ENGINE = MergeTree ORDER BY id`

func sampleRow(i int) row {
	r := row{
		ID: uint64(i), At: time.Date(2026, 11, 23, 1, 2, 3, 4e6, time.UTC), Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Text: strings.Repeat("é\x00", i%50), Code: "abc", Brand: "brand" + strconv.Itoa(i%300), Level: "hi(gh, ",
		Score: 0.25, Flag: i%2 == 0, Key: uuid.UUID{1, byte(i)}, IP: net.ParseIP("2001:db8::1"),
		Tags: []string{"x", strconv.Itoa(i % 70000)}, Deep: [][]uint16{{1}, {}, {2, 3}}, Counts: map[string]uint32{"k": uint32(i)},
		Pair: []any{uint8(1), (*string)(nil)}, Big: big.NewInt(int64(i) + 1), Rules: []string{"r"}, Weights: []float64{1.5},
	}
	if i%3 == 0 {
		text := "t" + strconv.Itoa(i)
		r.Maybe, r.LowNull = &text, &text
		r.Tags, r.Deep, r.Rules, r.Weights = []string{}, [][]uint16{}, []string{}, []float64{}
	}
	return r
}

func TestClickHouseDriverRoundTrip(t *testing.T) {
	ch, db := sharedClickHouse(t)
	for _, tc := range []struct {
		name        string
		compression *clickhouse.Compression
		rows        int
	}{
		{"plain", nil, 70000}, // more than one block
		{"lz4", &clickhouse.Compression{Method: clickhouse.CompressionLZ4}, 70000},
		{"zstd", &clickhouse.Compression{Method: clickhouse.CompressionZSTD, Level: 3}, 3000},
		{"gzip", &clickhouse.Compression{Method: clickhouse.CompressionGZIP, Level: 3}, 3000},
		{"deflate", &clickhouse.Compression{Method: clickhouse.CompressionDeflate, Level: 3}, 3000},
		{"br", &clickhouse.Compression{Method: clickhouse.CompressionBrotli, Level: 3}, 3000},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx := t.Context()
			conn := open(t, ch, db, tc.compression)
			require.NoError(t, conn.Ping(ctx))
			require.NoError(t, conn.Exec(ctx, strings.Replace(rowTable, "CREATE", "CREATE OR REPLACE", 1)))
			batch, err := conn.PrepareBatch(ctx, "INSERT INTO rows")
			require.NoError(t, err)
			defer func() { _ = batch.Close() }()
			for i := range tc.rows {
				r := sampleRow(i)
				require.NoError(t, batch.AppendStruct(&r))
			}
			require.NoError(t, batch.Send())

			rows, err := conn.Query(ctx, "SELECT * FROM rows ORDER BY id")
			require.NoError(t, err)
			defer func() { _ = rows.Close() }()
			n := 0
			for ; rows.Next(); n++ {
				var got row
				require.NoError(t, rows.ScanStruct(&got))
				if n%17 != 0 {
					continue // comparing costs more than all the rest
				}
				want := sampleRow(n)
				got.Pair[1], got.Day = want.Pair[1], got.Day.UTC()
				require.Equal(t, want, got)
			}
			require.NoError(t, rows.Err())
			require.Equal(t, tc.rows, n)
		})
	}
}

func TestClickHouseDriverColumns(t *testing.T) {
	ch, db := sharedClickHouse(t)
	ctx := t.Context()
	conn := open(t, ch, db, nil)
	require.NoError(t, conn.Exec(ctx, "CREATE TABLE t (n UInt64, s LowCardinality(String)) ENGINE = MergeTree ORDER BY n "+
		"SETTINGS non_replicated_deduplication_window = 100"))
	for _, token := range []string{"one", "one", "two"} {
		insert := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"insert_deduplication_token": token}))
		batch, err := conn.PrepareBatch(insert, "INSERT INTO t (n, s)")
		require.NoError(t, err)
		require.NoError(t, batch.Column(0).Append([]uint64{1, 2}))
		require.NoError(t, batch.Column(1).Append([]string{"a", "b"}))
		require.NoError(t, batch.Send())
	}
	var count uint64
	require.NoError(t, conn.QueryRow(ctx, "SELECT count() FROM t").Scan(&count))
	require.EqualValues(t, 4, count, "the repeated token adds nothing")

	require.NoError(t, conn.Exec(clickhouse.Context(ctx, clickhouse.WithAsync(true)), "INSERT INTO t (n, s) VALUES (9, 'async')"))
	var text string
	named := clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{"n": "9"}))
	require.NoError(t, conn.QueryRow(named, "SELECT s FROM t WHERE n = {n:UInt64}").Scan(&text))
	require.Equal(t, "async", text)
	require.NoError(t, conn.QueryRow(ctx, "SELECT s FROM t WHERE n = ? LIMIT 1", 2).Scan(&text))
	require.Equal(t, "b", text)
}

func TestClickHouseDriverErrors(t *testing.T) {
	ch, db := sharedClickHouse(t)
	conn := open(t, ch, db, &clickhouse.Compression{Method: clickhouse.CompressionLZ4})
	for _, tc := range []struct {
		name, query string
		code        int32
	}{
		{"unknown table", "SELECT * FROM nope", 60},
		{"on the way", "SELECT throwIf(number = 3000000) FROM numbers(4000000)", 395},
		{"type without a Native form", "SELECT sumState(number) FROM numbers(3)", 48},
		{"time-out", "SELECT sleepEachRow(0.5) FROM numbers(6) SETTINGS max_execution_time = 1", 159},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := conn.Query(t.Context(), tc.query)
			if err == nil {
				for rows.Next() {
				}
				err = rows.Err()
				_ = rows.Close()
			}
			var exception *clickhouse.Exception
			require.ErrorAs(t, err, &exception)
			require.Equal(t, tc.code, exception.Code)
		})
	}
}

func TestClickHouseDriverEmptyResult(t *testing.T) {
	ch, db := sharedClickHouse(t)
	conn := open(t, ch, db, &clickhouse.Compression{Method: clickhouse.CompressionLZ4})
	rows, err := conn.Query(t.Context(), "SELECT 1 WHERE 0")
	require.NoError(t, err)
	require.False(t, rows.Next())
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
}

func TestClickHouseRunsQueriesSideBySide(t *testing.T) {
	ch, db := sharedClickHouse(t)
	conn := open(t, ch, db, nil)
	require.NoError(t, conn.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	// Each waits for a row that another inserts meanwhile.
	const callers = 8
	var wg sync.WaitGroup
	errs := make(chan error, callers)
	for i := range callers {
		wg.Go(func() { errs <- insertAndWait(t.Context(), conn, i, callers) })
	}
	wg.Wait()
	for range callers {
		require.NoError(t, <-errs)
	}
}

func insertAndWait(ctx context.Context, conn driver.Conn, i, callers int) error {
	if err := conn.Exec(ctx, fmt.Sprintf("INSERT INTO t VALUES (%d)", i)); err != nil {
		return err
	}
	for {
		var count uint64
		if err := conn.QueryRow(ctx, "SELECT count() FROM t WHERE sleep(0.01) = 0").Scan(&count); err != nil {
			return err
		}
		if count == uint64(callers) {
			return nil
		}
	}
}

// resident reads a process's memory, in MiB.
func resident(t *testing.T, pid int, field string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no /proc here")
	}
	_, rest, ok := strings.Cut(string(status), field+":")
	require.True(t, ok)
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	require.NoError(t, err)
	return kib >> 10
}
