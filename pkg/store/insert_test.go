package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/retry"
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
	require.Equal(t, "alerts\nassessments\nmention_counts\nmigrations\npost_changes\nreviews\nalerts_current\nfindings\nfindings_current\nmentions\nmentions_per_minute\nposts\nposts_current\nreviews_current",
		one(t, s, `SELECT name FROM system.tables WHERE database = currentDatabase() AND NOT endsWith(name, '_fill') AND comment != ''
		ORDER BY engine = 'View', name`))
}

func TestInsertAtOnceCountsATokenOnce(t *testing.T) {
	s := opened(t)
	require.NoError(t, s.conn.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100"))
	done := make(chan error, 8)
	for i := range cap(done) {
		token := string(rune('a' + i%4)) // two writers that both think a batch is theirs
		go func() {
			done <- s.Insert(t.Context(), Block{Table: "t", Token: token, Columns: []Column{{"n", "UInt64", []uint64{uint64(i % 4), 10}}}})
		}()
	}
	for range cap(done) {
		require.NoError(t, <-done)
	}
	require.Equal(t, "8", one(t, s, "SELECT count() FROM t"))
}

func TestInsertCrossesYears(t *testing.T) {
	s := opened(t)
	require.NoError(t, s.conn.Exec(t.Context(), "CREATE TABLE t (day Date) ENGINE = MergeTree ORDER BY day PARTITION BY toYYYYMM(day)"))
	days := make([]time.Time, 200) // a batch of an archive: the server's limit is 100 partitions
	for i := range days {
		days[i] = time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, i, 0)
	}
	require.NoError(t, s.Insert(t.Context(), Block{Table: "t", Token: "a", Columns: []Column{{"day", "Date", days}}}))
	require.Equal(t, "200", one(t, s, "SELECT uniqExact(_partition_id) FROM t"))
}

func TestInsertTellsWhoIsToBlame(t *testing.T) {
	s := opened(t)
	require.NoError(t, s.conn.Exec(t.Context(), "CREATE TABLE t (a UInt8, b Enum8('one' = 1)) ENGINE = MergeTree ORDER BY a"))
	block := func(columns ...Column) Block { return Block{Table: "t", Token: "t", Columns: columns} }
	ended, cancel := contextThatEnded(t)
	defer cancel()
	tests := map[string]struct {
		ctx       context.Context
		block     Block
		want      string
		permanent bool
	}{
		"uneven":           {t.Context(), block(Column{"a", "UInt8", []uint8{1}}, Column{"b", "Int8", []int8{}}), "column b of t: 0 rows, others have 1", true},
		"no such column":   {t.Context(), block(Column{"c", "UInt8", []uint8{1}}), "insert into t", false},
		"another type":     {t.Context(), block(Column{"a", "UInt8", []string{"x"}}), "column a of t", false},
		"unknown type":     {t.Context(), block(Column{"a", "UInt7", []uint8{1}}), "prepare insert into t", false},
		"an ended context": {ended, block(Column{"a", "UInt8", []uint8{1}}), "context canceled", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := s.Insert(test.ctx, test.block)
			require.ErrorContains(t, err, test.want)
			require.Equal(t, test.permanent, retry.IsPermanent(err))
		})
	}
	require.Equal(t, "0", one(t, s, "SELECT count() FROM t"))
	require.NoError(t, s.Insert(t.Context(), block(Column{"a", "UInt8", []uint8{}})), "no rows are no trouble")
}

func TestBlockStatementQuotesNames(t *testing.T) {
	b := Block{Table: "alerts", Columns: []Column{{Name: "id"}, {Name: "samples.url"}}}
	require.Equal(t, "INSERT INTO alerts (`id`, `samples.url`)", b.statement())
}
