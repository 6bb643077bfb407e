package store

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// selectRows gives what the driver gives over the native protocol: its columns are the
// same over HTTP.
func selectRows(t *testing.T, s *Store, sql string) driver.Rows {
	t.Helper()
	rows, err := s.conn.Query(t.Context(), sql)
	require.NoError(t, err)
	t.Cleanup(func() { _ = rows.Close() })
	return rows
}

// expressions are one of each type that the tables have, and the odd ones.
var expressions = map[string]string{
	"text":               "'a'",
	"text with a tab":    `'a\tb'`,
	"text with a quote":  `'a"b, c'`,
	"text of two lines":  `'a\nb'`,
	"empty text":         "''",
	"number":             "7::UInt8",
	"largest number":     "18446744073709551615",
	"negative number":    "-7::Int64",
	"share":              "0.93::Float32",
	"large float":        "1234567.5::Float64",
	"small float":        "0.00001::Float64",
	"bool":               "true",
	"enumeration":        "CAST('low' AS Enum8('low' = 1))",
	"dictionary":         "'x'::LowCardinality(String)",
	"time":               "toDateTime64('2026-03-02 09:14:00.123', 3, 'UTC')",
	"time without parts": "toDateTime('2026-03-02 09:14:00', 'UTC')",
	"day":                "toDate('2026-03-02')",
	"nothing":            "NULL::Nullable(String)",
	"something":          "'some'::Nullable(String)",
	"perhaps a number":   "7::Nullable(UInt8)",
	"list of texts":      "['a', 'b']",
	"empty list":         "[]::Array(String)",
	"list of numbers":    "[1, 2]::Array(UInt32)",
	"list of bytes":      "[1, 2]::Array(UInt8)",
	"list of lists":      "[[1, 2], []]::Array(Array(UInt32))",
	"map":                "map('k', 'v')",
	"identifier":         "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')",
	"address":            "toIPv4('192.0.2.1')",
}

// What a native address gives as CSV and JSON reads as what the server itself writes.
func TestNativeFormatsSayWhatTheServerSays(t *testing.T) {
	s := opened(t)
	for name, expression := range expressions {
		t.Run(name, func(t *testing.T) {
			sql := "SELECT " + expression + " AS v"
			var want, got strings.Builder
			require.NoError(t, s.Query(t.Context(), sql, FormatCSV, &want))
			require.NoError(t, writeCSV(selectRows(t, s, sql), &got))
			require.Equal(t, want.String(), got.String(), "CSV")

			want.Reset()
			got.Reset()
			require.NoError(t, s.Query(t.Context(), sql, FormatJSON, &want))
			require.NoError(t, writeJSON(selectRows(t, s, sql), &got))
			require.Equal(t, readJSON(t, want.String()), readJSON(t, got.String()), "JSON")

			got.Reset()
			require.NoError(t, writeTable(selectRows(t, s, sql), &got))
			require.Equal(t, 2, strings.Count(got.String(), "\n"), "a row is a line: %q", got.String())
		})
	}
}

func readJSON(t *testing.T, text string) map[string]any {
	t.Helper()
	var row map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&row), text)
	return row
}

// written is what each writer makes of a query.
func written(t *testing.T, s *Store, write func(driver.Rows, io.Writer) error, sql string) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, write(selectRows(t, s, sql), &out))
	return out.String()
}

func TestNativeFormatsInFull(t *testing.T) {
	s := opened(t)
	const some = "SELECT * FROM values('n UInt8, name String, tags Array(String), maybe Nullable(Float32)', " +
		"(1, 'a', ['x'], 0.5), (22, '', [], NULL)) ORDER BY n"
	for name, test := range map[string]struct {
		write     func(driver.Rows, io.Writer) error
		sql, want string
	}{
		"table":              {writeTable, some, "n   name  tags   maybe\n1   a     ['x']  0.5\n22        []     NULL\n"},
		"CSV":                {writeCSV, some, "\"n\",\"name\",\"tags\",\"maybe\"\n1,\"a\",\"['x']\",0.5\n22,\"\",\"[]\",\\N\n"},
		"JSON":               {writeJSON, some, "{\"n\":1,\"name\":\"a\",\"tags\":[\"x\"],\"maybe\":0.5}\n{\"n\":22,\"name\":\"\",\"tags\":[],\"maybe\":null}\n"},
		"JSON of nothing":    {writeJSON, "SELECT 1 AS a WHERE 0", ""},
		"tabs in a table":    {writeTable, `SELECT 'a\tb\nc' AS a`, "a\n" + `a\tb\nc` + "\n"},
		"a pair":             {writeCSV, "SELECT tuple(1::UInt8, 'a') AS a", "\"a\"\n\"[1,'a']\"\n"},
		"times in a list":    {writeJSON, "SELECT [toDateTime64('2026-03-02 09:14:00.5', 1, 'UTC')] AS a", "{\"a\":[\"2026-03-02 09:14:00.5\"]}\n"},
		"quotes in a list":   {writeCSV, `SELECT ['it\'s "so"'] AS a`, "\"a\"\n\"['it\\'s \"\"so\"\"']\"\n"},
		"a map with numbers": {writeJSON, "SELECT map('b', 2, 'a', 1)::Map(String, UInt8) AS a", "{\"a\":{\"a\":1,\"b\":2}}\n"},
		"a large exponent":   {writeCSV, "SELECT 1e300::Float64 AS a", "\"a\"\n1e300\n"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, written(t, s, test.write, test.sql)) })
	}
}

// The shipped views are what a user asks for most.
func TestNativeFormatsReadEveryView(t *testing.T) {
	s := migrated(t)
	require.NoError(t, s.conn.Exec(t.Context(), "INSERT INTO assessments (id, brand_id, platform, native_id, op, matched, text, level, assessed_at) "+
		"VALUES (unhex('00112233445566778899aabbccddeeff'), 'tidewell', 'x', '1', 'created', true, 'text', 'high', now())"))
	for view := range strings.FieldsSeq("assessments mentions posts posts_current findings mentions_per_minute alerts_current reviews_current") {
		t.Run(view, func(t *testing.T) {
			for _, write := range []func(driver.Rows, io.Writer) error{writeTable, writeCSV, writeJSON} {
				require.NoError(t, write(selectRows(t, s, "SELECT * FROM "+view), io.Discard))
			}
		})
	}
	require.Equal(t, "{\"post_id\":\"x:1\",\"level\":\"high\",\"created_at\":\"1970-01-01 00:00:00.000\",\"labels\":{}}\n",
		written(t, s, writeJSON, "SELECT post_id, level, created_at, labels FROM mentions"))
}

// failing takes no byte.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestNativeFormatsTellWhoFailed(t *testing.T) {
	s := opened(t)
	for name, write := range map[string]func(driver.Rows, io.Writer) error{"table": writeTable, "CSV": writeCSV, "JSON": writeJSON} {
		t.Run(name, func(t *testing.T) {
			full := errors.New("disk is full")
			require.ErrorIs(t, write(selectRows(t, s, "SELECT 1"), failing{full}), full)
			err := write(selectRows(t, s, "SELECT randomString(5000) AS s, throwIf(number = 1500, 'on purpose') AS a FROM numbers(2000) SETTINGS max_threads = 1, max_block_size = 100"), io.Discard)
			require.ErrorContains(t, err, "on purpose", "an error after the first rows")
		})
	}
}
