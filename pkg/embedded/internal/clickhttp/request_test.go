package clickhttp

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
)

// code is ClickHouse's number of an error, 0 for none.
func code(err error) int {
	if e, ok := errors.AsType[*chdb.Error](err); ok {
		return e.Code
	}
	return 0
}

func TestParseRequestDefaults(t *testing.T) {
	q, err := parse(t, "/", "SELECT 1")
	require.NoError(t, err)
	require.Len(t, q.id, 36, "an id of our own")
	require.Equal(t, "TabSeparated", q.format)
	require.Equal(t, time.Minute, q.sessionTimeout)
	require.Equal(t, defaultQuerySize, q.querySize)
	require.False(t, q.readOnly || q.compress || q.wait)
	require.Zero(t, q.revision)
	require.Empty(t, q.settings)
	other, err := parse(t, "/", "")
	require.NoError(t, err)
	require.NotEqual(t, q.id, other.id)
}

func TestParseRequestHeaders(t *testing.T) {
	tests := map[string]struct {
		target, method string
		header         map[string]string
		check          func(t *testing.T, q *request)
		code           int
	}{
		"reading by GET":           {method: http.MethodGet, check: func(t *testing.T, q *request) { require.True(t, q.readOnly) }},
		"reading by HEAD":          {method: http.MethodHead, check: func(t *testing.T, q *request) { require.True(t, q.readOnly) }},
		"writing by PUT":           {method: http.MethodPut, check: func(t *testing.T, q *request) { require.False(t, q.readOnly) }},
		"format":                   {header: object{"X-ClickHouse-Format": "CSV"}, check: func(t *testing.T, q *request) { require.Equal(t, "CSV", q.format) }},
		"format of the address":    {target: "/?default_format=TSV", header: object{"X-ClickHouse-Format": "CSV"}, check: func(t *testing.T, q *request) { require.Equal(t, "TSV", q.format) }},
		"empty format":             {target: "/?default_format=", header: object{"X-ClickHouse-Format": "CSV"}, check: func(t *testing.T, q *request) { require.Equal(t, "CSV", q.format) }},
		"database":                 {header: object{"X-ClickHouse-Database": "d"}, check: func(t *testing.T, q *request) { require.Equal(t, "d", q.database) }},
		"database of the address":  {target: "/?database=e", header: object{"X-ClickHouse-Database": "d"}, check: func(t *testing.T, q *request) { require.Equal(t, "e", q.database) }},
		"compression":              {header: object{"Accept-Encoding": "gzip"}, check: func(t *testing.T, q *request) { require.Equal(t, "gzip", q.accept) }},
		"compression, switched":    {target: "/?enable_http_compression=0", header: object{"Accept-Encoding": "gzip"}, check: func(t *testing.T, q *request) { require.Empty(t, q.accept) }},
		"the first of two":         {target: "/?database=a&database=b", check: func(t *testing.T, q *request) { require.Equal(t, "a", q.database) }},
		"largest statement, ever":  {target: "/?max_query_size=999999999999", check: func(t *testing.T, q *request) { require.Equal(t, maxQuerySize, q.querySize) }},
		"longest session":          {target: "/?session_timeout=4095", check: func(t *testing.T, q *request) { require.Equal(t, 4095*time.Second, q.sessionTimeout) }},
		"session beyond that":      {target: "/?session_timeout=999999", code: codeBadArguments},
		"external tables":          {header: object{"Content-Type": "multipart/form-data; boundary=x"}, code: codeNotImplemented},
		"an encoding of no one":    {header: object{"Content-Encoding": "rot13"}, code: codeNotImplemented},
		"a body that is not gzip":  {header: object{"Content-Encoding": "gzip"}, code: codeDecompress},
		"a body that is not zlib":  {header: object{"Content-Encoding": "deflate"}, code: codeDecompress},
		"a version below all":      {target: "/?client_protocol_version=-5", code: codeBadArguments},
		"a version above all":      {target: "/?client_protocol_version=99999999999", code: codeBadArguments},
		"settings and parameters":  {target: "/?a=1&param_b=2", check: func(t *testing.T, q *request) { require.Equal(t, []setting{{"a", "1"}}, q.settings) }},
		"what is ours is no other": {target: "/?stacktrace=1&role=x&quota_key=k&close_session=1", check: func(t *testing.T, q *request) { require.Empty(t, q.settings) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			method, target := test.method, test.target
			if method == "" {
				method = http.MethodPost
			}
			if target == "" {
				target = "/"
			}
			r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader("SELECT 1"))
			for key, value := range test.header {
				r.Header.Set(key, value)
			}
			q, err := parseRequest(r)
			require.Equal(t, test.code, code(err), err)
			if test.check != nil {
				test.check(t, q)
			}
		})
	}
}

type object = map[string]string

func TestStatementOfACompressedBody(t *testing.T) {
	var body bytes.Buffer
	w := gzip.NewWriter(&body)
	_, err := io.WriteString(w, "INSERT INTO t FORMAT CSV\n1,2\n")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	whole := body.String()
	read := func(text string) (string, error) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(text))
		r.Header.Set("Content-Encoding", "gzip")
		q, err := parseRequest(r)
		if err != nil {
			return "", err
		}
		_, _, rows, err := q.statement()
		if err != nil {
			return "", err
		}
		all, err := io.ReadAll(rows)
		return string(all), err
	}
	rows, err := read(whole)
	require.NoError(t, err)
	require.Equal(t, "1,2\n", rows)
	for cut := range len(whole) {
		_, err := read(whole[:cut])
		require.Error(t, err, "cut at %d", cut)
	}
}

// A body of some KiB must not make the server allocate GiB.
func TestDecoderBoundsTheWindow(t *testing.T) {
	var body bytes.Buffer
	w, err := zstd.NewWriter(&body, zstd.WithWindowSize(zstd.MaxWindowSize), zstd.WithEncoderLevel(zstd.SpeedFastest))
	require.NoError(t, err)
	_, err = io.Copy(w, io.LimitReader(zeros{}, 4<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	r, err := decoder(&body, "zstd")
	if err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	require.ErrorIs(t, err, zstd.ErrWindowSizeExceeded)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestStatementAtItsLimit(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want int
	}{
		"one byte below": {"SELECT 78", 0},
		"as long":        {"SELECT 789", 0},
		"one byte over":  {"SELECT 7890", codeSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := parse(t, "/?max_query_size=10", test.body)
			require.NoError(t, err)
			_, _, _, err = q.statement()
			require.Equal(t, test.want, code(err))
		})
	}
}

func TestGrow(t *testing.T) {
	for name, test := range map[string]struct {
		have, more string
		size       int
		want       string
		ended      bool
	}{
		"all there is":    {"", "abc", 10, "abc", true},
		"as much as fits": {"", "abc", 2, "ab", false},
		"exactly":         {"", "abc", 3, "abc", false},
		"behind others":   {"x", "abc", 3, "xab", false},
		"nothing to read": {"x", "", 3, "x", true},
		"full already":    {"xyz", "abc", 2, "xyz", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, ended, err := grow([]byte(test.have), strings.NewReader(test.more), test.size)
			require.NoError(t, err)
			require.Equal(t, test.want, string(got))
			require.Equal(t, test.ended, ended)
		})
	}
	broken := errors.New("broken")
	_, _, err := grow(nil, iotest.ErrReader(broken), 5)
	require.ErrorIs(t, err, broken)
}

// However the network cuts a body, the statement and its rows are the same.
func FuzzStatement(f *testing.F) {
	f.Add("", "SELECT 1 FORMAT CSV")
	f.Add("INSERT INTO t FORMAT CSV", "1,2\n")
	f.Add("", "INSERT INTO t VALUES (1)")
	f.Add("SELECT", "'")
	f.Add("", "INSERT INTO t FORMAT TSV\r\n\n1")
	f.Fuzz(func(t *testing.T, query, body string) {
		read := func(r io.Reader) (string, string, error) {
			q := &request{query: query, body: r, querySize: 1 << 10}
			text, s, rows, err := q.statement()
			if err != nil || rows == nil {
				return text, "", err
			}
			all, err := io.ReadAll(rows)
			return s.Head, string(all), err
		}
		text, rows, err := read(strings.NewReader(body))
		cutText, cutRows, cutErr := read(iotest.OneByteReader(strings.NewReader(body)))
		if text != cutText || rows != cutRows || code(err) != code(cutErr) {
			t.Fatalf("whole: %q %q %v, cut: %q %q %v", text, rows, err, cutText, cutRows, cutErr)
		}
	})
}

func FuzzParseRequest(f *testing.F) {
	f.Add("query=SELECT+1&database=d&param_x=1", "gzip", "text/plain")
	f.Add("session_timeout=9&max_query_size=0&a=%zz", "", "multipart/form-data")
	f.Add("decompress=1&compress=true&readonly=1&log_comment=a", "br", "")
	f.Fuzz(func(t *testing.T, query, encoding, kind string) {
		r := &http.Request{Method: http.MethodPost, URL: &url.URL{RawQuery: query}, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("SELECT 1"))}
		r.Header.Set("Content-Encoding", encoding)
		r.Header.Set("Content-Type", kind)
		q, err := parseRequest(r)
		if err != nil {
			if code(err) == 0 {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		if q.querySize < 1 || q.querySize > maxQuerySize || q.sessionTimeout < 0 {
			t.Fatalf("out of bounds: %+v", q)
		}
		mark := q.mark(7)
		if last := len(q.settings) - 1; q.settings[last].name != "readonly" && len(q.settings) > 1 {
			for _, s := range q.settings {
				if s.name == "readonly" {
					t.Fatal("a setting behind readonly would be refused")
				}
			}
		}
		if !strings.Contains(mark, "earshot:7") {
			t.Fatalf("no mark in %q", mark)
		}
	})
}

func FuzzDecoder(f *testing.F) {
	f.Add("gzip", []byte{0x1f, 0x8b})
	f.Add("br", []byte{1})
	f.Add("zstd", []byte{0x28, 0xb5, 0x2f, 0xfd})
	f.Add("lz4", []byte{4, 0x22, 0x4d, 0x18})
	f.Add("bz2", []byte("BZh9"))
	f.Fuzz(func(_ *testing.T, encoding string, body []byte) {
		r, err := decoder(bytes.NewReader(body), encoding)
		if err == nil {
			_, _ = io.CopyN(io.Discard, r, 1<<20)
		}
	})
}

// Quoted text stays one literal, whatever it holds.
func FuzzQuoteText(f *testing.F) {
	f.Add(`it's \ "x"`)
	f.Add("\x00\\'")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []struct{ quoted, mark string }{{quoteText(s), "'"}, {quoteName(s), "`"}} {
			inside := c.quoted[1 : len(c.quoted)-1]
			for i := 0; i < len(inside); i++ {
				if inside[i] == '\\' {
					i++
				} else if inside[i:i+1] == c.mark {
					t.Fatalf("%q ends within %q", s, c.quoted)
				}
			}
			if strings.HasSuffix(strings.ReplaceAll(inside, `\\`, ""), `\`) {
				t.Fatalf("%q escapes the end of %q", s, c.quoted)
			}
		}
	})
}

func TestAuthenticate(t *testing.T) {
	s := &Server{token: sha256.Sum256([]byte("secret"))}
	basic := func(user, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(user, password) }
	}
	headers := func(user, key string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("X-ClickHouse-User", user)
			r.Header.Set("X-ClickHouse-Key", key)
		}
	}
	for name, test := range map[string]struct {
		target string
		change func(*http.Request)
		want   int
	}{
		"nobody":                       {"/", nil, codeNoPassword},
		"headers":                      {"/", headers("default", "secret"), 0},
		"headers without a user":       {"/", headers("", "secret"), 0},
		"headers, another user":        {"/", headers("root", "secret"), codeAuthentication},
		"headers, another word":        {"/", headers("default", "guess"), codeAuthentication},
		"headers, no word":             {"/", headers("default", ""), codeNoPassword},
		"basic":                        {"/", basic("default", "secret"), 0},
		"basic, another word":          {"/", basic("default", "secre"), codeAuthentication},
		"address":                      {"/?user=default&password=secret", nil, 0},
		"address, another word":        {"/?user=default&password=secrett", nil, codeAuthentication},
		"headers win over the address": {"/?user=default&password=secret", headers("default", "guess"), codeAuthentication},
		"a user that is no text":       {"/", headers("\xff\xfe", "guess"), codeAuthentication},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, test.target, nil)
			if test.change != nil {
				test.change(r)
			}
			err := s.authenticate(r)
			require.Equal(t, test.want, code(err))
			if err != nil {
				require.NotContains(t, err.Error(), "guess")
			}
		})
	}
}
