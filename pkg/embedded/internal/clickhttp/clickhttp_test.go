package clickhttp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
	"github.com/earshot/earshot/pkg/embedded/internal/native"
)

func parse(t *testing.T, target, body string) (*request, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(body))
	return parseRequest(r)
}

func TestParseRequest(t *testing.T) {
	q, err := parse(t, "/?query_id=q&database=d&default_format=CSV&compress=1&wait_end_of_query=1&session_id=s"+
		"&session_timeout=5&session_check=1&buffer_size=10&client_protocol_version=54460&max_query_size=100"+
		"&network_compression_method=ZSTD&param_x=1&user=u&password=p", "SELECT 1")
	require.NoError(t, err)
	require.Equal(t, "q", q.id)
	require.Equal(t, "d", q.database)
	require.Equal(t, "CSV", q.format)
	require.True(t, q.compress && q.wait && q.sessionCheck)
	require.Equal(t, 5*time.Second, q.sessionTimeout)
	require.Equal(t, 10, q.bufferSize)
	require.EqualValues(t, 54460, q.revision)
	require.Equal(t, 100, q.querySize)
	require.Equal(t, "ZSTD", q.method)
	require.Equal(t, []chdb.Param{{Name: "x", Value: "1"}}, q.params)
	require.ElementsMatch(t, []setting{{"max_query_size", "100"}, {"network_compression_method", "ZSTD"}}, q.settings)

	for _, target := range []string{
		"/?session_timeout=x", "/?buffer_size=x", "/?client_protocol_version=-1", "/?max_query_size=x",
		"/?max_query_size=-1", "/?a=%zz",
	} {
		_, err := parse(t, target, "")
		var e *chdb.Error
		require.ErrorAs(t, err, &e, target)
		require.Equal(t, codeBadArguments, e.Code)
	}
	q, err = parse(t, "/?max_query_size=0", "")
	require.NoError(t, err)
	require.Equal(t, maxQuerySize, q.querySize)
}

func TestMark(t *testing.T) {
	q := &request{settings: []setting{{"readonly", "1"}, {"log_comment", "mine"}, {"a", "2"}}}
	require.Equal(t, "mine earshot:7", q.mark(7))
	require.Equal(t, []setting{{"a", "2"}, {"log_comment", "mine earshot:7"}, {"readonly", "1"}}, q.settings)
	require.Equal(t, "earshot:8", (&request{}).mark(8))
}

func TestStatement(t *testing.T) {
	long := strings.Repeat("a,b\n", 20000)
	for _, tc := range []struct {
		name, target, body string
		text, rows         string
		insert             bool
	}{
		{"body", "/", "SELECT 1", "SELECT 1", "", false},
		{"address", "/?query=SELECT+1", "", "SELECT 1\n", "", false},
		{"both", "/?query=SELECT", "1", "SELECT\n1", "", false},
		{"insert in the address", "/?query=INSERT+INTO+t+FORMAT+CSV", long, "INSERT INTO t FORMAT CSV\n", long, true},
		{"insert in the body", "/", "INSERT INTO t FORMAT CSV\n" + long, "", long, true},
		{"insert without rows", "/", "INSERT INTO t FORMAT CSV", "INSERT INTO t FORMAT CSV", "", true},
		{"a long list of columns", "/", "INSERT INTO t (" + strings.Repeat("c,", 30000) + "c) FORMAT CSV\n1", "", "1", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q, err := parse(t, tc.target, tc.body)
			require.NoError(t, err)
			q.body = iotest.OneByteReader(q.body)
			text, s, rows, err := q.statement()
			require.NoError(t, err)
			require.Equal(t, tc.insert, s.Insert)
			if tc.text != "" {
				require.Equal(t, tc.text, text)
			}
			if tc.insert {
				all, err := io.ReadAll(rows)
				require.NoError(t, err)
				require.Equal(t, tc.rows, string(all))
			}
		})
	}
	q, err := parse(t, "/?max_query_size=10", "SELECT 1234567890")
	require.NoError(t, err)
	_, _, _, err = q.statement()
	require.ErrorContains(t, err, "Max query size exceeded (limit 10 bytes)")

	q.body = iotest.ErrReader(io.ErrUnexpectedEOF)
	_, _, _, err = q.statement()
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestException(t *testing.T) {
	for _, tc := range []struct {
		err    error
		code   int
		status int
	}{
		{&chdb.Error{Code: 60, Text: "Code: 60. x"}, 60, 404},
		{fmt.Errorf("wrapped: %w", &chdb.Error{Code: 159, Text: "Code: 159. x"}), 159, 408},
		{refuse(codeAuthentication, "no"), 516, 403},
		{fmt.Errorf("convert: %w", native.ErrType), 48, 501},
		{errors.New("broken pipe"), 210, 500},
	} {
		e := exception(tc.err, "26.7")
		require.Equal(t, tc.code, e.Code)
		require.Equal(t, tc.status, status(e))
		require.True(t, strings.HasSuffix(e.Text, " (version 26.7)"), e.Text)
	}
	require.Equal(t, "Code: 1. (version 2)", exception(&chdb.Error{Text: "Code: 1. (version 2)"}, "26.7").Text)
}

func TestAccepts(t *testing.T) {
	for header, want := range map[string]bool{
		"gzip": true, "deflate, gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0": false, "br": false, "": false, "xgzip": false,
	} {
		require.Equal(t, want, accepts(header, "gzip"), header)
	}
}

func TestEncodings(t *testing.T) {
	text := strings.Repeat("some text ", 100000)
	for _, name := range []string{"gzip", "deflate", "br", "zstd", "lz4"} {
		var out bytes.Buffer
		w, got := encoder(&out, name)
		require.Equal(t, name, got)
		_, err := io.WriteString(w, text)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.Less(t, out.Len(), len(text)/10, name)
		r, err := decoder(&out, name)
		require.NoError(t, err)
		all, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, text, string(all))
	}
	var out bytes.Buffer
	_, name := encoder(&out, "compress")
	require.Empty(t, name)
}

func TestBlocks(t *testing.T) {
	for _, size := range []int{0, 1, blockSize, blockSize + 1, 3 * blockSize} {
		text := strings.Repeat("x", size)
		var out bytes.Buffer
		w := newBlockWriter(&out, "ZSTD")
		_, err := io.Copy(w, iotest.HalfReader(strings.NewReader(text)))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		all, err := io.ReadAll(newBlockReader(&out))
		require.NoError(t, err)
		require.Equal(t, text, string(all))
	}
}

func FuzzBlockReader(f *testing.F) {
	c := compress.NewWriter(compress.LevelZero, compress.LZ4)
	if err := c.Compress([]byte("hello")); err != nil {
		f.Fatal(err)
	}
	f.Add(c.Data, len(c.Data))
	f.Add(c.Data, len(c.Data)-1)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		if cut < 0 || cut > len(data) {
			return
		}
		_, whole := io.ReadAll(newBlockReader(bytes.NewReader(data)))
		_, part := io.ReadAll(newBlockReader(bytes.NewReader(data[:cut])))
		if whole == nil && part == nil && cut > 0 && cut < 25 {
			t.Fatal("a part of a block is taken for a whole one")
		}
	})
}

func TestResponse(t *testing.T) {
	serve := func(req *request, write func(*response) error) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		p := newResponse(rec, req, info{version: "26.7", name: "n", timezone: "UTC"})
		p.describe("CSV")
		func() {
			defer func() { _ = recover() }()
			if err := write(p); err != nil {
				p.fail(err)
				return
			}
			_ = p.finish(chdb.Stats{ReadRows: 5})
		}()
		return rec
	}
	data := strings.Repeat("x", 100)
	all := func(p *response) error { _, err := io.WriteString(p, data); return err }
	half := func(p *response) error { return errors.Join(all(p), refuse(codeTooMany, "too many")) }

	small := serve(&request{}, all)
	require.Equal(t, data, small.Body.String())
	require.Contains(t, small.Header().Get("X-ClickHouse-Summary"), `"read_rows":"5"`)

	early := serve(&request{}, half)
	require.Equal(t, 500, early.Code)
	require.Equal(t, "202", early.Header().Get("X-ClickHouse-Exception-Code"))

	late := serve(&request{bufferSize: 10}, half)
	require.Equal(t, 200, late.Code)
	require.True(t, strings.HasPrefix(late.Body.String(), data+"\r\n__exception__\r\n"))

	waited := serve(&request{bufferSize: 10, wait: true}, all)
	require.Equal(t, data, waited.Body.String())
	require.Equal(t, 500, serve(&request{bufferSize: 10, wait: true}, half).Code)
	ordered := serve(&request{bufferSize: 10, wait: true}, func(p *response) error {
		for _, part := range []string{"12345", "1234567890", "1"} {
			if _, err := io.WriteString(p, part); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, "1234512345678901", ordered.Body.String())

	empty := serve(&request{accept: "gzip", compress: true}, func(*response) error { return nil })
	require.Zero(t, empty.Body.Len())
}

func TestQuoting(t *testing.T) {
	require.Equal(t, `'it\'s \\ \0'`, quoteText("it's \\ \x00"))
	require.Equal(t, "`a\\`b`", quoteName("a`b"))
	for name, want := range map[string]bool{"max_threads": true, "_a1": true, "1a": false, "a b": false, "a=1": false, "": false, "é": false} {
		require.Equal(t, want, validName(name), name)
	}
}

func TestContentType(t *testing.T) {
	for format, want := range map[string]string{
		"JSON": "application/json; charset=UTF-8", "Native": "application/octet-stream",
		"XML": "application/xml; charset=UTF-8", "Pretty": "text/plain; charset=UTF-8",
	} {
		require.Equal(t, want, contentType(format), format)
	}
}
