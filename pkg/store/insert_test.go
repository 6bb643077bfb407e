package store

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sized makes rows for the table t of [TestInsert].
func sized(token string, n int) Block {
	b := Block{Table: "t", Token: token}
	numbers, names, words := make([]uint64, n), make([]string, n), make([][]string, n)
	enums, times := make([]int8, n), make([]int64, n)
	shares, levels, starts, spans := make([][]float32, n), make([][]int8, n), make([][]uint32, n), make([][][]uint32, n)
	for i := range n {
		numbers[i], names[i], words[i], enums[i] = uint64(i), "name", []string{"a", "b"}, 2
		shares[i], levels[i], starts[i], spans[i] = []float32{0.5, 1}, []int8{1, -1}, []uint32{3, 4}, [][]uint32{{3}, nil}
		times[i] = time.Date(2026, 3, 2, 9, 14, 0, 123e6, time.UTC).UnixMilli()
	}
	b.Columns = []Column{
		{"number", "UInt64", numbers},
		{"name", "String", names},
		{"words.word", "Array(String)", words},
		{"words.share", "Array(Float32)", shares},
		{"words.level", "Array(Int8)", levels},
		{"words.start", "Array(UInt32)", starts},
		{"words.span", "Array(Array(UInt32))", spans},
		{"enum", "Int8", enums},
		{"at", "DateTime64(3, 'UTC')", times},
	}
	return b
}

func TestInsert(t *testing.T) {
	s := migrated(t)
	require.NoError(t, s.conn.Exec(t.Context(), `CREATE TABLE t (number UInt64, name LowCardinality(String),
		"words.word" Array(LowCardinality(String)), "words.share" Array(Float32), "words.level" Array(Int8),
		"words.start" Array(UInt32), "words.span" Array(Array(UInt32)), enum Enum8('one' = 1, 'two' = 2), at DateTime64(3, 'UTC'))
		ENGINE = MergeTree ORDER BY number SETTINGS non_replicated_deduplication_window = 10`))
	count := func() string { return one(t, s, "SELECT count() FROM t") }

	require.NoError(t, s.Insert(t.Context(), sized("first", 3)))
	require.Equal(t, "0\tname\t['a','b']\t[0.5,1]\t[1,-1]\t[3,4]\t[[3],[]]\ttwo\t2026-03-02 09:14:00.123", one(t, s, "SELECT * FROM t ORDER BY number LIMIT 1"))
	require.NoError(t, s.Insert(t.Context(), sized("first", 3)))
	require.Equal(t, "3", count(), "a token counts once")
	require.NoError(t, s.Insert(t.Context(), sized("second", 3)))
	require.Equal(t, "6", count(), "the same rows under another token are other rows")
	require.NoError(t, s.Insert(t.Context(), sized("large", 100_000)))
	require.NoError(t, s.Insert(t.Context(), sized("large", 100_000)))
	require.Equal(t, "100006", count(), "a large block is not cut")

	unknown := sized("third", 1)
	unknown.Table = "nowhere"
	require.ErrorContains(t, s.Insert(t.Context(), unknown), "insert into nowhere")
	uneven := sized("fourth", 2)
	uneven.Columns[1].Values = []string{"one"}
	require.ErrorContains(t, s.Insert(t.Context(), uneven), "column name of t: 1 rows, others have 2")
	wrong := sized("fifth", 1)
	wrong.Columns[0].Values = []string{"text"}
	require.ErrorContains(t, s.Insert(t.Context(), wrong), "column number of t")
	require.Equal(t, "100006", count())
}

func one(t *testing.T, s *Store, sql string) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, s.Query(t.Context(), sql, "TabSeparated", &out))
	return strings.TrimSpace(out.String())
}

func TestEveryColumnHasAComment(t *testing.T) {
	s := migrated(t)
	require.Empty(t, one(t, s, `SELECT table, name FROM system.columns
		WHERE database = currentDatabase() AND comment = '' AND NOT endsWith(table, '_fill')`))
	require.Equal(t, "alerts\nassessments\nmention_counts\nmigrations\npost_changes\nalerts_current\nfindings\nfindings_current\nmentions\nmentions_per_minute\nposts\nposts_current",
		one(t, s, `SELECT name FROM system.tables WHERE database = currentDatabase() AND NOT endsWith(name, '_fill') AND comment != ''
		ORDER BY engine = 'View', name`))
}
