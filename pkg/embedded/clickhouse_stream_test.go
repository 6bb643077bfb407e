package embedded

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// streamRows of streamRow bytes make 2 GB, of which the child may hold
// streamLimit MiB more than it had.
const (
	streamRows  = 2_000_000
	streamRow   = 1000
	streamLimit = 1000
)

// rowsReader makes rows without end and looks at the child's memory meanwhile.
type rowsReader struct {
	row  string
	left int
	look func()
}

func (r *rowsReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := 0
	for r.left > 0 && n+len(r.row) <= len(p) {
		n += copy(p[n:], r.row)
		r.left--
		if r.left%50000 == 0 {
			r.look()
		}
	}
	return n, nil
}

func TestClickHouseStreams(t *testing.T) {
	ch := startClickHouse(t, ClickHouseOptions{Dir: t.TempDir()})
	do(t, ch, ask{query: "CREATE TABLE t (n UInt32 DEFAULT 0, s String) ENGINE = MergeTree ORDER BY ()"}).ok(t)
	before := resident(t, ch.PID(), "VmRSS")
	peak := before
	look := func() { peak = max(peak, resident(t, ch.PID(), "VmRSS")) }
	rows := &rowsReader{row: strings.Repeat("x", streamRow-1) + "\n", left: streamRows, look: look}
	r := do(t, ch, ask{reader: rows, params: object{"query": "INSERT INTO t (s) FORMAT TSV"}}).ok(t)
	require.Contains(t, r.Header.Get("X-ClickHouse-Summary"), fmt.Sprintf(`"written_rows":"%d"`, streamRows))
	require.Equal(t, fmt.Sprintln(streamRows), do(t, ch, ask{query: "SELECT count() FROM t"}).ok(t).body)
	t.Logf("insert: %d MiB more than %d", peak-before, before)
	require.Less(t, peak-before, streamLimit)

	for _, format := range []string{"JSON", "Native"} {
		resp := send(t, ch, ask{
			query:  "SELECT n, s FROM t",
			params: object{"default_format": format, "client_protocol_version": "54460"},
		})
		var err error
		for err == nil {
			_, err = io.CopyN(io.Discard, resp.Body, 16<<20)
			look()
		}
		require.NoError(t, resp.Body.Close())
		require.ErrorIs(t, err, io.EOF)
		t.Logf("%s: %d MiB more than %d", format, peak-before, before)
		require.Less(t, peak-before, streamLimit)
	}
}

// waitRunning waits until so many statements hold the name with "_mark" behind
// it; the wait is the engine's.
func waitRunning(t *testing.T, ch *ClickHouse, name, want string) {
	t.Helper()
	const query = "SELECT countIf(position(query, concat({name:String}, '_mark')) > 0) FROM system.processes WHERE sleep(0.01) = 0"
	for range 1000 {
		if do(t, ch, ask{query: query, params: object{"param_name": name}}).ok(t).body == want+"\n" {
			return
		}
	}
	t.Fatalf("%s: never %s running", name, want)
}

func TestClickHouseCancelsForgottenStatements(t *testing.T) {
	ch, db := sharedClickHouse(t)
	do(t, ch, ask{query: "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", params: object{"database": db}}).ok(t)
	for name, query := range map[string]string{
		"silent":      "SELECT count() AS silent_mark FROM numbers(1000000000000)",
		"talking":     "SELECT number AS talking_mark FROM numbers(1000000000000)",
		"inserting":   "INSERT INTO " + db + ".t SELECT count() AS inserting_mark FROM numbers(1000000000000)",
		"compressing": "SELECT number AS compressing_mark FROM numbers(1000000000000) FORMAT JSON",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, hangUp := context.WithCancel(t.Context())
			defer hangUp()
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+ch.Addr()+"/", strings.NewReader(query))
			require.NoError(t, err)
			req.SetBasicAuth("default", ch.Token().Reveal())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if resp, err := http.DefaultClient.Do(req); err == nil {
					_, _ = io.CopyN(io.Discard, resp.Body, 1<<20)
					<-ctx.Done()
					_ = resp.Body.Close()
				}
			}()
			waitRunning(t, ch, name, "1")
			hangUp()
			<-ended
			waitRunning(t, ch, name, "0")
		})
	}
}

func TestClickHouseStoresNoHalfInsert(t *testing.T) {
	ch, db := sharedClickHouse(t)
	in := object{"database": db}
	do(t, ch, ask{query: "CREATE TABLE t_half_mark (s String) ENGINE = MergeTree ORDER BY s", params: in}).ok(t)
	body, feed := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		"http://"+ch.Addr()+"/?database="+db+"&query=INSERT+INTO+t_half_mark+FORMAT+TSV", body)
	require.NoError(t, err)
	req.SetBasicAuth("default", ch.Token().Reveal())
	ended := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	_, err = io.WriteString(feed, strings.Repeat("row\n", 1000))
	require.NoError(t, err)
	waitRunning(t, ch, "half", "1")
	require.NoError(t, feed.CloseWithError(io.ErrClosedPipe))
	require.ErrorIs(t, <-ended, io.ErrClosedPipe)
	waitRunning(t, ch, "half", "0")
	require.Equal(t, "0\n", do(t, ch, ask{query: "SELECT count() FROM t_half_mark", params: in}).ok(t).body)
}
