package embedded

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/stretchr/testify/require"
)

type object = map[string]string

func TestClickHouseHTTPAnswersEveryFormat(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	const query = "SELECT number AS n, toString(number) AS s FROM numbers(2)"
	for _, tc := range []struct {
		name, query string
		params      object
		headers     object
		want, kind  string
	}{
		{"default", query, nil, nil, "0\t0\n1\t1\n", "text/tab-separated-values; charset=UTF-8"},
		{"FORMAT", query + " FORMAT CSV", nil, nil, "0,\"0\"\n1,\"1\"\n", "text/csv; charset=UTF-8; header=absent"},
		{"default_format", query, object{"default_format": "CSVWithNames"}, nil, "\"n\",\"s\"\n0,\"0\"\n1,\"1\"\n", "text/csv; charset=UTF-8; header=present"},
		{"format header", query, nil, object{"X-ClickHouse-Format": "JSONEachRow"}, "{\"n\":0,\"s\":\"0\"}\n{\"n\":1,\"s\":\"1\"}\n", "application/x-ndjson; charset=UTF-8"},
		{"FORMAT and SETTINGS", "SELECT 1 AS x FORMAT JSONCompactEachRow SETTINGS max_threads = 1", nil, nil, "[1]\n", "application/x-ndjson; charset=UTF-8"},
		{"semicolon and comments", "/* a */ SELECT 1; -- b", nil, nil, "1\n", "text/tab-separated-values; charset=UTF-8"},
		{"Values", query + " FORMAT Values", nil, nil, "(0,'0'),(1,'1')", "text/plain; charset=UTF-8"},
		{"RowBinary", "SELECT 'ab' FORMAT RowBinary", nil, nil, "\x02ab", "application/octet-stream"},
		{"Null", query + " FORMAT Null", nil, nil, "", "text/plain; charset=UTF-8"},
		{"SHOW", "SHOW DATABASES LIKE 'system'", nil, nil, "system\n", "text/tab-separated-values; charset=UTF-8"},
		{"EXISTS", "EXISTS TABLE system.one FORMAT JSONEachRow", nil, nil, "{\"result\":1}\n", "application/x-ndjson; charset=UTF-8"},
		{"DESCRIBE", "DESCRIBE TABLE system.one FORMAT TSVRaw", nil, nil, "dummy\tUInt8\t\t\t\t\t\n", "text/tab-separated-values; charset=UTF-8"},
		{"EXPLAIN", "EXPLAIN SYNTAX SELECT 1", nil, nil, "SELECT 1\nFROM system.one\n", "text/tab-separated-values; charset=UTF-8"},
		{"UNION", "(SELECT 1) UNION ALL (SELECT 1)", nil, nil, "1\n1\n", "text/tab-separated-values; charset=UTF-8"},
		{"WITH", "WITH 7 AS x SELECT x", nil, nil, "7\n", "text/tab-separated-values; charset=UTF-8"},
		{"column named format", "SELECT format FROM (SELECT 3 AS format)", nil, nil, "3\n", "text/tab-separated-values; charset=UTF-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := do(t, ch, ask{query: tc.query, params: tc.params, headers: tc.headers}).ok(t)
			require.Equal(t, tc.want, r.body)
			require.Equal(t, tc.kind, r.Header.Get("Content-Type"))
		})
	}
	t.Run("JSON", func(t *testing.T) {
		r := do(t, ch, ask{query: query + " FORMAT JSON"}).ok(t)
		require.Contains(t, r.body, `"rows": 2`)
		require.Equal(t, "JSON", r.Header.Get("X-ClickHouse-Format"))
	})
	t.Run("Parquet", func(t *testing.T) {
		r := do(t, ch, ask{query: query + " FORMAT Parquet"}).ok(t)
		require.True(t, strings.HasPrefix(r.body, "PAR1") && strings.HasSuffix(r.body, "PAR1"))
	})
}

func TestClickHouseHTTPSaysWhoAnswers(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	r := do(t, ch, ask{query: "SELECT 1", params: object{"query_id": "mine"}}).ok(t)
	require.Equal(t, "mine", r.Header.Get("X-ClickHouse-Query-Id"))
	require.NotEmpty(t, r.Header.Get("X-ClickHouse-Timezone"))
	require.NotEmpty(t, r.Header.Get("X-ClickHouse-Server-Display-Name"))
	require.Contains(t, r.Header.Get("X-ClickHouse-Summary"), `"result_rows":"1"`)

	require.Len(t, do(t, ch, ask{query: "SELECT 1"}).ok(t).Header.Get("X-ClickHouse-Query-Id"), 36)
}

func TestClickHouseHTTPParametersAndSettings(t *testing.T) {
	ch, db := sharedClickHouse(t)
	do(t, ch, ask{query: "CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s", params: object{"database": db}}).ok(t)
	for _, tc := range []struct {
		name   string
		ask    ask
		want   string
		status int
	}{
		{"param", ask{query: "SELECT {x:String}, {n:UInt8} + 1", params: object{"param_x": "it's", "param_n": "7"}}, "it\\'s\t8\n", 200},
		{"escaped param", ask{query: "SELECT length({x:String})", params: object{"param_x": `a\tb\\`}}, "4\n", 200},
		{"empty param", ask{query: "SELECT length({x:String})", params: object{"param_x": ""}}, "0\n", 200},
		{"array param", ask{query: "SELECT {x:Array(UInt8)}[2]", params: object{"param_x": "[1,5]"}}, "5\n", 200},
		{"param in VALUES", ask{query: "INSERT INTO t VALUES ({x:String})", params: object{"param_x": "hey", "database": db}}, "", 200},
		{"param missing", ask{query: "SELECT {x:String}"}, "Code: 456.", 500},
		{"setting", ask{query: "SELECT getSetting('max_threads')", params: object{"max_threads": "3"}}, "3\n", 200},
		{"setting of text", ask{query: "SELECT timezone()", params: object{"session_timezone": "Asia/Tokyo"}}, "Asia/Tokyo\n", 200},
		{"settings with readonly", ask{query: "SELECT getSetting('max_threads')", params: object{"max_threads": "3", "readonly": "1"}}, "3\n", 200},
		{"settings leave no trace", ask{query: "SELECT getSetting('max_block_size')"}, "65409\n", 200},
		{"unknown setting", ask{query: "SELECT 1", params: object{"no_such": "1"}}, "Code: 115.", 404},
		{"hostile setting", ask{query: "SELECT 1", params: object{"x = 1, y": "1"}}, "Code: 36.", 400},
		{"hostile value", ask{query: "SELECT getSetting('format_csv_null_representation')", params: object{"format_csv_null_representation": `a', max_threads = '9\`}}, "a\\', max_threads = \\'9\\\\\n", 200},
		{"readonly forbids", ask{query: "DROP TABLE t", params: object{"readonly": "1", "database": db}}, "Code: 164.", 500},
		{"database", ask{query: "SELECT currentDatabase()", params: object{"database": db}}, db + "\n", 200},
		{"database header", ask{query: "SELECT currentDatabase()", headers: object{"X-ClickHouse-Database": db}}, db + "\n", 200},
		{"unknown database", ask{query: "SELECT 1", params: object{"database": "nope"}}, "Code: 81.", 404},
		{"query in the address", ask{method: "GET", params: object{"query": "SELECT 5"}}, "5\n", 200},
		{"query in both", ask{body: "1 + 1", params: object{"query": "SELECT"}}, "2\n", 200},
		{"GET only reads", ask{method: "GET", params: object{"query": "DROP TABLE t", "database": db}}, "Code: 164.", 500},
		{"GET inserts nothing", ask{method: "GET", params: object{"query": "INSERT INTO t VALUES ('x')", "database": db}}, "Code: 164.", 500},
		{"what the above left", ask{query: "SELECT * FROM t", params: object{"database": db}}, "hey\n", 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := do(t, ch, tc.ask)
			require.NoError(t, r.err)
			require.Equal(t, tc.status, r.StatusCode, r.body)
			if tc.status != http.StatusOK {
				require.True(t, strings.HasPrefix(r.body, tc.want), r.body)
				return
			}
			require.Equal(t, tc.want, r.body)
		})
	}
}

func TestClickHouseHTTPErrors(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	for _, tc := range []struct {
		name   string
		ask    ask
		status int
		code   string
		text   string
	}{
		{"unknown table", ask{query: "SELECT * FROM nope"}, 404, "60", "UNKNOWN_TABLE"},
		{"syntax", ask{query: "SELEC 1"}, 400, "62", "SYNTAX_ERROR"},
		{"nothing", ask{query: " "}, 400, "62", "Empty query"},
		{"two statements", ask{query: "SELECT 1; SELECT 2"}, 400, "62", "Multi-statements are not allowed"},
		{"unknown format", ask{query: "SELECT 1 FORMAT Nope"}, 404, "73", "Nope"},
		{"runtime", ask{query: "SELECT throwIf(1, 'on purpose')"}, 500, "395", "on purpose"},
		{"time-out", ask{query: "SELECT sleepEachRow(0.5) FROM numbers(6)", params: object{"max_execution_time": "1"}}, 408, "159", "TIMEOUT_EXCEEDED"},
		{"memory", ask{query: "SELECT groupArray(number) FROM numbers(100000000)", params: object{"max_memory_usage": "10000000"}}, 500, "241", "MEMORY_LIMIT_EXCEEDED"},
		{"long statement", ask{query: "SELECT '" + strings.Repeat("x", 300<<10) + "'"}, 400, "62", "Max query size exceeded"},
		{"no rows that parse", ask{query: "INSERT INTO FUNCTION null('x UInt8') FORMAT CSV\nabc\n"}, 400, "117", "INCORRECT_DATA"},
		{"insert nowhere", ask{query: "INSERT INTO nope FORMAT CSV\n1\n"}, 404, "60", "UNKNOWN_TABLE"},
		{"many rows nowhere", ask{query: "INSERT INTO nope FORMAT CSV\n" + strings.Repeat("1\n", 4<<20)}, 404, "60", "UNKNOWN_TABLE"},
		{"many rows, wrong token", ask{query: "SELECT 1" + strings.Repeat(" ", 4<<20), token: "guess"}, 403, "516", "AUTHENTICATION_FAILED"},
		{"wrong token", ask{query: "SELECT 1", token: "guess"}, 403, "516", "AUTHENTICATION_FAILED"},
		{"wrong user", ask{query: "SELECT 1", headers: object{"X-ClickHouse-User": "root"}}, 403, "516", "AUTHENTICATION_FAILED"},
		{"no token", ask{query: "SELECT 1", headers: object{"X-ClickHouse-Key": ""}}, 401, "194", "REQUIRED_PASSWORD"},
		{"unknown encoding", ask{query: "SELECT 1", headers: object{"Content-Encoding": "rot13"}}, 501, "48", "rot13"},
		{"broken encoding", ask{query: "SELECT 1", headers: object{"Content-Encoding": "gzip"}}, 500, "271", "CANNOT_DECOMPRESS"},
		{"broken blocks", ask{query: "SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9", params: object{"decompress": "1"}}, 500, "271", "CANNOT_DECOMPRESS"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := do(t, ch, tc.ask)
			require.NoError(t, r.err)
			require.Equal(t, tc.status, r.StatusCode, r.body)
			require.Equal(t, tc.code, r.Header.Get("X-ClickHouse-Exception-Code"))
			require.True(t, strings.HasPrefix(r.body, "Code: "+tc.code+". DB::"), r.body)
			require.Contains(t, r.body, tc.text)
			require.Contains(t, r.body, "(version 26.")
		})
	}
}

// TestClickHouseHTTPAsksForNoRefusedBody holds that a client that waits for leave to send is
// refused first.
func TestClickHouseHTTPAsksForNoRefusedBody(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+ch.Addr()+"/?query=SELECT", iotest.ErrReader(errors.New("asked for the body")))
	require.NoError(t, err)
	req.ContentLength = 1 << 20
	req.Header.Set("Expect", "100-continue")
	req.Header.Set("X-ClickHouse-Key", "guess")
	client := http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func TestClickHouseHTTPMidstreamError(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	const query = "SELECT throwIf(number = 3000000) FROM numbers(4000000)"

	r := do(t, ch, ask{query: query})
	require.ErrorIs(t, r.err, io.ErrUnexpectedEOF, "the body is visibly cut off")
	require.Equal(t, http.StatusOK, r.StatusCode)
	tag := r.Header.Get("X-ClickHouse-Exception-Tag")
	require.Len(t, tag, 16)
	require.Contains(t, r.body, "\r\n__exception__\r\n"+tag+"\r\nCode: 395. DB::Exception:")
	require.True(t, strings.HasSuffix(r.body, tag+"\r\n__exception__\r\n"))

	waited := do(t, ch, ask{query: query, params: object{"wait_end_of_query": "1"}})
	require.NoError(t, waited.err)
	require.Equal(t, http.StatusInternalServerError, waited.StatusCode)
	require.Equal(t, "395", waited.Header.Get("X-ClickHouse-Exception-Code"))

	whole := do(t, ch, ask{query: "SELECT number FROM numbers(1000000)", params: object{"wait_end_of_query": "1"}}).ok(t)
	require.Equal(t, 1000000, strings.Count(whole.body, "\n"))
	require.Contains(t, whole.Header.Get("X-ClickHouse-Summary"), `"read_rows":"1000000"`)
}

func TestClickHouseHTTPBodies(t *testing.T) {
	ch, db := sharedClickHouse(t)
	rows := strings.Repeat("1,a\n2,b\n", 1000)
	for _, tc := range []struct {
		name   string
		encode func(io.Writer) io.WriteCloser
	}{
		{"gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }},
		{"deflate", func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }},
		{"br", func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }},
		{"lz4", func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) }},
		{"zstd", func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			do(t, ch, ask{query: "CREATE OR REPLACE TABLE t (n UInt8, s String) ENGINE = MergeTree ORDER BY n", params: object{"database": db}}).ok(t)
			var body bytes.Buffer
			w := tc.encode(&body)
			_, err := io.WriteString(w, rows)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			whole := body.String()
			r := do(t, ch, ask{
				body: whole, headers: object{"Content-Encoding": tc.name},
				params: object{"query": "INSERT INTO t FORMAT CSV", "database": db},
			}).ok(t)
			require.Empty(t, r.body)
			require.Contains(t, r.Header.Get("X-ClickHouse-Summary"), `"written_rows":"2000"`)

			cut := do(t, ch, ask{
				body: whole[:len(whole)-6], headers: object{"Content-Encoding": tc.name},
				params: object{"query": "INSERT INTO t FORMAT CSV", "database": db},
			})
			require.NotEqual(t, http.StatusOK, cut.StatusCode, "a cut body must not be taken for a whole one")

			got := do(t, ch, ask{
				query: "SELECT count() FROM t", params: object{"database": db}, headers: object{"Accept-Encoding": tc.name},
			}).ok(t)
			require.Equal(t, tc.name, got.Header.Get("Content-Encoding"))
			require.Equal(t, "2000\n", decode(t, tc.name, got.body))
		})
	}
}

func decode(t *testing.T, encoding, body string) string {
	t.Helper()
	in := strings.NewReader(body)
	var (
		r   io.Reader
		err error
	)
	switch encoding {
	case "gzip":
		r, err = gzip.NewReader(in)
	case "deflate":
		r, err = zlib.NewReader(in)
	case "br":
		r = brotli.NewReader(in)
	case "lz4":
		r = lz4.NewReader(in)
	case "zstd":
		r, err = zstd.NewReader(in)
	}
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}

func TestClickHouseHTTPBlockCompression(t *testing.T) {
	ch, db := sharedClickHouse(t)
	do(t, ch, ask{query: "CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s", params: object{"database": db}}).ok(t)
	block := compress.NewWriter(compress.LevelZero, compress.LZ4)
	require.NoError(t, block.Compress([]byte("first\nsecond\n")))
	params := object{"query": "INSERT INTO t FORMAT TSV", "decompress": "1", "database": db}
	do(t, ch, ask{body: string(block.Data) + string(block.Data), params: params}).ok(t)

	header := do(t, ch, ask{body: string(block.Data) + string(block.Data[:25]), params: params})
	require.NotEqual(t, http.StatusOK, header.StatusCode, "cut right behind a header")
	block.Data[len(block.Data)-1] ^= 1
	flipped := do(t, ch, ask{body: string(block.Data), params: params})
	require.Equal(t, "40", flipped.Header.Get("X-ClickHouse-Exception-Code"))

	for _, method := range []string{"", "LZ4", "ZSTD", "LZ4HC", "NONE"} {
		params := object{"compress": "1", "database": db}
		if method != "" {
			params["network_compression_method"] = method
		}
		r := do(t, ch, ask{query: "SELECT s FROM t ORDER BY s", params: params}).ok(t)
		text, err := io.ReadAll(readBlocks{compress.NewReader(strings.NewReader(r.body))})
		require.NoError(t, err)
		require.Equal(t, "first\nfirst\nsecond\nsecond\n", string(text))
	}
}

// readBlocks ends where the wrapped error of the block reader is io.EOF.
type readBlocks struct{ *compress.Reader }

func (r readBlocks) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && strings.HasSuffix(err.Error(), "EOF") {
		err = io.EOF
	}
	return n, err
}

func TestClickHouseHTTPInserts(t *testing.T) {
	ch, db := sharedClickHouse(t)
	in := func(extra object) object {
		params := object{"database": db}
		maps.Copy(params, extra)
		return params
	}
	do(t, ch, ask{query: "CREATE TABLE t (n UInt32, s String DEFAULT 'dflt') ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100", params: in(nil)}).ok(t)
	do(t, ch, ask{query: "CREATE TABLE values (n UInt32) ENGINE = MergeTree ORDER BY n", params: in(nil)}).ok(t)
	long := "INSERT INTO t (n) VALUES (1)" + strings.Repeat(",(1)", 200000)
	for _, tc := range []struct {
		name  string
		ask   ask
		count string
	}{
		{"VALUES", ask{query: "INSERT INTO t VALUES (1,'a'),(2,'b')"}, "2"},
		{"VALUES and semicolon", ask{query: "INSERT INTO t (n) VALUES (1), (2);"}, "2"},
		{"VALUES in the address", ask{params: object{"query": "INSERT INTO t VALUES (1,'a')"}}, "1"},
		{"VALUES longer than a statement may be", ask{query: long}, "200001"},
		{"expressions in VALUES", ask{query: "INSERT INTO t VALUES (1 + 1, concat('a', 'b'))"}, "1"},
		{"data in the body after the format", ask{query: "INSERT INTO t FORMAT JSONEachRow {\"n\":1}{\"n\":2}"}, "2"},
		{"data on the next line", ask{query: "INSERT INTO t (n) FORMAT TSV\n1\n2\n3\n"}, "3"},
		{"format split from data", ask{body: "1,x\n", params: object{"query": "INSERT INTO t FORMAT CSV"}}, "1"},
		{"settings clause", ask{body: "1,x\n", params: object{"query": "INSERT INTO t SETTINGS max_threads = 1 FORMAT CSV"}}, "1"},
		{"select", ask{query: "INSERT INTO t SELECT number, 'x' FROM numbers(7)"}, "7"},
		{"select in parentheses", ask{query: "INSERT INTO t (n) (SELECT number FROM numbers(7))"}, "7"},
		{"no rows", ask{params: object{"query": "INSERT INTO t FORMAT CSV"}}, "0"},
		{"async", ask{body: "1,x\n", params: object{"query": "INSERT INTO t FORMAT CSV", "async_insert": "1", "wait_for_async_insert": "1"}}, "1"},
		{"comment first", ask{query: "-- rows\n/* more */ INSERT /* here */ INTO t (n) VALUES (1)"}, "1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			do(t, ch, ask{query: "TRUNCATE TABLE t", params: in(nil)}).ok(t)
			tc.ask.params = in(tc.ask.params)
			do(t, ch, tc.ask).ok(t)
			require.Equal(t, tc.count+"\n", do(t, ch, ask{query: "SELECT count() FROM t", params: in(nil)}).ok(t).body)
		})
	}
	t.Run("table called values", func(t *testing.T) {
		do(t, ch, ask{query: "INSERT INTO values VALUES (1)", params: in(nil)}).ok(t)
		do(t, ch, ask{query: "INSERT INTO " + db + ".values VALUES (1)"}).ok(t)
		require.Equal(t, "2\n", do(t, ch, ask{query: "SELECT count() FROM values", params: in(nil)}).ok(t).body)
	})
	t.Run("deduplication token", func(t *testing.T) {
		do(t, ch, ask{query: "TRUNCATE TABLE t", params: in(nil)}).ok(t)
		for _, token := range []string{"a", "a", "b", "a"} {
			do(t, ch, ask{body: "1,x\n", params: in(object{"query": "INSERT INTO t FORMAT CSV", "insert_deduplication_token": token})}).ok(t)
		}
		require.Equal(t, "2\n", do(t, ch, ask{query: "SELECT count() FROM t", params: in(nil)}).ok(t).body)
	})
}

func TestClickHouseHTTPSessions(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	in := func(session string) object { return object{"session_id": session} }
	do(t, ch, ask{query: "CREATE TEMPORARY TABLE tmp (n UInt8)", params: in("s1")}).ok(t)
	do(t, ch, ask{query: "INSERT INTO tmp VALUES (4)", params: in("s1")}).ok(t)
	do(t, ch, ask{query: "SET max_threads = 5", params: in("s1")}).ok(t)
	require.Equal(t, "4\n", do(t, ch, ask{query: "SELECT n FROM tmp", params: in("s1")}).ok(t).body)
	require.Equal(t, "5\n", do(t, ch, ask{query: "SELECT getSetting('max_threads')", params: in("s1")}).ok(t).body)
	require.Equal(t, "60", do(t, ch, ask{query: "SELECT n FROM tmp", params: in("s2")}).Header.Get("X-ClickHouse-Exception-Code"))

	missing := do(t, ch, ask{query: "SELECT 1", params: object{"session_id": "s3", "session_check": "1"}})
	require.Equal(t, "372", missing.Header.Get("X-ClickHouse-Exception-Code"))
}

func TestClickHouseHTTPPing(t *testing.T) {
	ch, _ := sharedClickHouse(t)
	for path, want := range map[string]int{"/ping": 200, "/": 200, "/other": 404} {
		resp, err := http.Get("http://" + ch.Addr() + path)
		require.NoError(t, err)
		require.Equal(t, want, resp.StatusCode, path)
		require.NoError(t, resp.Body.Close())
	}
	http.DefaultClient.CloseIdleConnections()
}
