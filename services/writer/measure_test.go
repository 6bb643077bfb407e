package writer

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/testkit"
)

const sharedData = "../../../shared/data/"

// TestMeasure prints bytes a mention and seconds of typical queries for as many rows as
// EARSHOT_MEASURE_ROWS says: the figures of docs/adr/0005.
func TestMeasure(t *testing.T) {
	rows, _ := strconv.Atoi(os.Getenv("EARSHOT_MEASURE_ROWS"))
	if rows == 0 {
		t.Skip("set EARSHOT_MEASURE_ROWS to measure")
	}
	s := openStore(t)
	sampler := newSampler(t, 2, sharedData+"us_airline/train.tsv.gz")
	sampler.texts = append(sampler.texts, newSampler(t, 1, sharedData+"sentiment140_100k/train.tsv.gz", sharedData+"tweeteval_sentiment/train.tsv.gz").texts...)
	m, err := newMetrics()
	require.NoError(t, err)
	handler := newAssessments(s, m)
	var spent time.Duration
	for done := 0; done < rows; done += 10_000 {
		batch := make([]bus.Message, 10_000)
		for i := range batch {
			value, err := sampler.next().MarshalVT()
			require.NoError(t, err)
			batch[i] = bus.Message{Topic: bus.TopicAssessments, Offset: int64(done + i), Value: value}
		}
		began := time.Now()
		rejects, err := handler.handle(t.Context(), batch)
		spent += time.Since(began)
		require.NoError(t, err)
		require.Empty(t, rejects)
	}
	t.Logf("insert: %.0f rows/s", float64(rows)/spent.Seconds())
	query(t, s, "OPTIMIZE TABLE assessments FINAL")
	query(t, s, "OPTIMIZE TABLE mention_counts FINAL")
	t.Logf("bytes a mention by table:\n%s", query(t, s, fmt.Sprintf(`SELECT table, round(sum(bytes_on_disk) / %d, 2), sum(rows), count()
		FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table`, rows)))
	t.Logf("by column:\n%s", query(t, s, fmt.Sprintf(`SELECT table, name, round(data_compressed_bytes / %[1]d, 2), round(data_uncompressed_bytes / %[1]d, 1)
		FROM system.columns WHERE database = currentDatabase() AND data_compressed_bytes > %[1]d * 0.05 ORDER BY data_compressed_bytes DESC`, rows)))
	t.Logf("indexes:\n%s", query(t, s, fmt.Sprintf(`SELECT table, name, round(data_compressed_bytes / %d, 2)
		FROM system.data_skipping_indices WHERE database = currentDatabase()`, rows)))
	for _, sql := range []string{
		"SELECT count() FROM mentions",
		"SELECT toStartOfHour(created_at) AS h, level, count() FROM mentions WHERE brand_id = 'brand1' GROUP BY h, level",
		"SELECT author_handle, count(), sum(author_followers) FROM mentions WHERE brand_id = 'brand1' AND created_at > '2026-03-02' GROUP BY author_handle ORDER BY 2 DESC LIMIT 20",
		"SELECT * FROM mentions WHERE brand_id = 'brand1' AND level >= 'high' ORDER BY created_at DESC LIMIT 50",
		"SELECT * FROM mentions WHERE brand_id = 'brand1' AND created_at > '2026-03-02 06:00:00' ORDER BY created_at DESC LIMIT 50",
		"SELECT count() FROM mentions WHERE hasToken(lower(text), 'boycott')",
		"SELECT kind, count() FROM findings_current GROUP BY kind",
		"SELECT toStartOfHour(minute) AS h, level, sum(mentions) FROM mentions_per_minute WHERE brand_id = 'brand1' AND category = 'reputation' GROUP BY h, level",
		"SELECT sum(mentions) FROM mentions_per_minute WHERE category = 'reputation'",
		"SELECT * FROM posts_current WHERE post_id = 'x:1'",
	} {
		query(t, s, sql)
		began := time.Now()
		query(t, s, sql)
		t.Logf("%6.0f ms  %s", time.Since(began).Seconds()*1000, sql)
	}
}

// openStore returns a store with the schema, on a database of the test's own.
func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), storeConfig(t))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	return s
}

func storeConfig(t testing.TB) store.Config {
	c := store.DefaultConfig()
	c.DSN = config.Secret(testkit.ClickHouse(t))
	return c
}

// query returns what sql gives as tab-separated text.
func query(t testing.TB, s *store.Store, sql string) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, s.Query(t.Context(), sql, "TabSeparated", &out), sql)
	return strings.TrimSuffix(out.String(), "\n")
}
