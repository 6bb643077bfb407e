package store

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"
)

func TestQueryGivesAnyFormat(t *testing.T) {
	s := opened(t)
	for format, want := range map[string]string{
		FormatCSV:      "\"a\",\"b\"\n1,\"x\"\n",
		FormatJSON:     "{\"a\":1,\"b\":\"x\"}\n",
		"TabSeparated": "1\tx\n",
		"Values":       "(1,'x')",
	} {
		t.Run(format, func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, s.Query(t.Context(), "SELECT 1 AS a, 'x' AS b", format, &out))
			require.Equal(t, want, out.String())
		})
	}
}

func TestQueryStreams(t *testing.T) {
	s := opened(t)
	counter := &lineCounter{}
	require.NoError(t, s.Query(t.Context(), "SELECT number FROM numbers(1000000)", "TabSeparated", counter))
	require.Equal(t, 1_000_000, counter.lines)
	require.Greater(t, counter.writes, 10, "in pieces")
}

type lineCounter struct{ lines, writes int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte("\n"))
	c.writes++
	return len(p), nil
}

func TestQueryKeepsTheServersError(t *testing.T) {
	s := opened(t)
	err := s.Query(t.Context(), "SELECT nothing", "CSV", io.Discard)
	require.ErrorContains(t, err, "UNKNOWN_IDENTIFIER")
	var refusal Refusal
	require.ErrorAs(t, err, &refusal)
	require.Regexp(t, "^Code: 47", string(refusal))
}

// unfinished answers as ClickHouse does when a query fails after its first rows.
func unfinished(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, strings.Repeat("1\n", 5000)+"\n__exception__\r\nCode: 395. DB::Exception: enough")
}

func TestQuerySeesAnErrorAfterTheFirstRows(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(unfinished))
	defer server.Close()
	s := &Store{client: server.Client(), options: &clickhouse.Options{
		Protocol: clickhouse.HTTP, Addr: []string{server.Listener.Addr().String()},
	}}
	var out strings.Builder
	err := s.Query(t.Context(), "SELECT 1", "TSV", &out)
	require.ErrorContains(t, err, "Code: 395. DB::Exception: enough")
	require.ErrorAs(t, err, new(Refusal))
	require.True(t, strings.HasPrefix(out.String(), "1\n1\n"))
}

func FuzzTail(f *testing.F) {
	f.Add([]byte("abc"), 2)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		var out bytes.Buffer
		tail := &tailWriter{w: &out}
		cut = min(max(cut, 0), len(data))
		for _, part := range [][]byte{data[:cut], data[cut:]} {
			n, err := tail.Write(part)
			require.NoError(t, err)
			require.Equal(t, len(part), n)
		}
		require.Equal(t, string(data), out.String())
		require.Equal(t, string(data[max(0, len(data)-tailBytes):]), string(tail.last))
	})
}
