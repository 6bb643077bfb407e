package clickhttp

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
)

// gone is a caller who hung up.
type gone struct {
	*httptest.ResponseRecorder
	err error
}

func (g gone) Write([]byte) (int, error) { return 0, g.err }

func TestResponseTellsWhenTheCallerHasGone(t *testing.T) {
	hungUp := errors.New("connection reset")
	for name, req := range map[string]*request{
		"plain":      {bufferSize: 4},
		"compressed": {bufferSize: 4, accept: "gzip"},
		"in blocks":  {bufferSize: 4, compress: true},
		"held":       {},
		"spilled":    {bufferSize: 4, wait: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newResponse(gone{httptest.NewRecorder(), hungUp}, req, info{})
			_, err := io.WriteString(p, strings.Repeat("incompressible", 10))
			if err == nil {
				err = p.finish(chdb.Stats{})
			}
			require.ErrorIs(t, err, hungUp)
		})
	}
}

// A failure after the first bytes reaches a caller inside the encoding that it asked for,
// and the connection is cut.
func TestResponseFailsWithinItsEncoding(t *testing.T) {
	rec := httptest.NewRecorder()
	p := newResponse(rec, &request{bufferSize: 4, accept: "gzip"}, info{version: "26.7"})
	_, err := io.WriteString(p, "the first rows\n")
	require.NoError(t, err)
	require.PanicsWithValue(t, http.ErrAbortHandler, func() { p.fail(refuse(codeTooMany, "too many")) })
	require.Equal(t, "gzip", rec.Header().Get("Content-Encoding"))
	z, err := gzip.NewReader(bytes.NewReader(rec.Body.Bytes()))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(text), "the first rows\n\r\n__exception__\r\n"+p.tag))
	require.Contains(t, string(text), "Code: 202. DB::Exception: too many")
}

func TestExceptionBlockTellsItsOwnLength(t *testing.T) {
	require.Equal(t, "\r\n__exception__\r\nTAG\r\nCode: 1. x\n11 TAG\r\n__exception__\r\n", exceptionBlock("Code: 1. x", "TAG"))
}

func TestSummaryIsWhatDriversParse(t *testing.T) {
	got := summary(chdb.Stats{ReadRows: 1, ReadBytes: 2, WrittenRows: 3, WrittenBytes: 4, ResultRows: 5, ResultBytes: 6}, 7)
	require.JSONEq(t, `{"read_rows":"1","read_bytes":"2","written_rows":"3","written_bytes":"4",
		"total_rows_to_read":"0","result_rows":"5","result_bytes":"6","elapsed_ns":"7"}`, got)
}

func TestServeHTTPAnswersWithoutTheEngine(t *testing.T) {
	s := &Server{info: info{version: "26.7"}}
	for name, test := range map[string]struct {
		method, target string
		status         int
		body           string
	}{
		"ping":                {http.MethodGet, "/ping", 200, "Ok.\n"},
		"the root":            {http.MethodGet, "/", 200, "Ok.\n"},
		"elsewhere":           {http.MethodGet, "/play", 404, "404 page not found\n"},
		"a statement, nobody": {http.MethodPost, "/?query=SELECT+1", 401, "Code: 194. DB::Exception: default: Authentication failed: password is required. (REQUIRED_PASSWORD) (version 26.7)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			s.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), test.method, test.target, nil))
			require.Equal(t, test.status, rec.Code)
			require.Equal(t, test.body, rec.Body.String())
			require.Equal(t, test.status == 401, rec.Header().Get("WWW-Authenticate") != "")
		})
	}
}

func TestEveryCodeOfOursHasItsName(t *testing.T) {
	for number, name := range names {
		e := exception(refuse(number, "why"), "26.7")
		require.Equal(t, number, e.Code)
		require.Contains(t, e.Text, "("+name+")")
		require.GreaterOrEqual(t, status(e), 400)
	}
}
