package embedded

import (
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"
)

// BenchmarkClickHouseInsert measures columnar batches of 50,000 rows through
// clickhouse-go, as the writer sends them.
func BenchmarkClickHouseInsert(b *testing.B) {
	ch, err := StartClickHouse(b.Context(), ClickHouseOptions{Dir: b.TempDir(), Logger: quiet()})
	require.NoError(b, err)
	defer func() { _ = ch.Close() }()
	options, err := clickhouse.ParseDSN(ch.DSN())
	require.NoError(b, err)
	options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	conn, err := clickhouse.Open(options)
	require.NoError(b, err)
	defer func() { _ = conn.Close() }()
	require.NoError(b, conn.Exec(b.Context(), "CREATE TABLE t (id UInt64, brand LowCardinality(String), text String, score Float32) ENGINE = MergeTree ORDER BY id"))
	const rows = 50_000
	ids, brands, texts, scores := make([]uint64, rows), make([]string, rows), make([]string, rows), make([]float32, rows)
	for i := range rows {
		ids[i], brands[i], scores[i] = uint64(i), sampleRow(i).Brand, float32(i)
		texts[i] = "a post of usual length, with some words that differ: " + sampleRow(i).Brand
	}
	for b.Loop() {
		batch, err := conn.PrepareBatch(b.Context(), "INSERT INTO t")
		require.NoError(b, err)
		require.NoError(b, batch.Column(0).Append(ids))
		require.NoError(b, batch.Column(1).Append(brands))
		require.NoError(b, batch.Column(2).Append(texts))
		require.NoError(b, batch.Column(3).Append(scores))
		require.NoError(b, batch.Send())
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkClickHouseStart measures from nothing to the first answer.
func BenchmarkClickHouseStart(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		ch, err := StartClickHouse(b.Context(), ClickHouseOptions{Dir: dir, Logger: quiet()})
		require.NoError(b, err)
		require.NoError(b, ch.Close())
	}
}

// BenchmarkClickHouseQuery measures a small query through clickhouse-go.
func BenchmarkClickHouseQuery(b *testing.B) {
	ch, err := StartClickHouse(b.Context(), ClickHouseOptions{Dir: b.TempDir(), Logger: quiet()})
	require.NoError(b, err)
	defer func() { _ = ch.Close() }()
	options, err := clickhouse.ParseDSN(ch.DSN())
	require.NoError(b, err)
	conn, err := clickhouse.Open(options)
	require.NoError(b, err)
	defer func() { _ = conn.Close() }()
	for b.Loop() {
		var n uint8
		require.NoError(b, conn.QueryRow(b.Context(), "SELECT 1").Scan(&n))
	}
}
