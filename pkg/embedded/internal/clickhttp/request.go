package clickhttp

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
	"github.com/earshot/earshot/pkg/embedded/internal/statement"
)

// defaultQuerySize bounds a statement without the rows of an insert, in bytes:
// ClickHouse's default of max_query_size. A request may raise it up to
// maxQuerySize.
const (
	defaultQuerySize = 256 << 10
	maxQuerySize     = 16 << 20
	firstRead        = 16 << 10
)

// setting is one name of SET and the text of its value.
type setting struct{ name, value string }

// request is what a caller asks for, taken apart.
type request struct {
	id             string
	readOnly       bool
	database       string
	format         string
	settings       []setting
	params         []chdb.Param
	session        string
	sessionCheck   bool
	sessionTimeout time.Duration

	accept     string // Accept-Encoding, empty when compression is off
	compress   bool
	method     string // network_compression_method
	revision   uint64
	wait       bool
	bufferSize int
	querySize  int

	query string
	body  io.Reader
}

// parseRequest reads the address and the headers, not the body.
func parseRequest(r *http.Request) (*request, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(codeBadArguments, "Cannot parse the address: %v.", err)
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, refuse(codeNotImplemented, "External tables are not supported by the embedded engine.")
	}
	q := &request{
		readOnly: r.Method == http.MethodGet || r.Method == http.MethodHead,
		format:   cmp.Or(r.Header.Get("X-ClickHouse-Format"), "TabSeparated"),
		database: r.Header.Get("X-ClickHouse-Database"),
		accept:   r.Header.Get("Accept-Encoding"), sessionTimeout: time.Minute,
		querySize: defaultQuerySize,
	}
	for name, list := range values {
		if err := q.take(name, list[0]); err != nil {
			return nil, err
		}
	}
	if q.id == "" {
		q.id = uuid.NewString()
	}
	q.body, err = decoder(r.Body, r.Header.Get("Content-Encoding"))
	if err == nil && values.Get("decompress") == "1" {
		q.body = newBlockReader(q.body)
	}
	return q, err
}

// markSetting carries the mark by which a running statement is found again: the
// engine gives every statement an id of its own, but lists its settings.
const markSetting = "log_comment"

// mark puts the number n on the statement, behind the caller's own comment, and
// returns the text to look for. A SETTINGS clause with another comment hides it.
func (q *request) mark(n uint64) string {
	comment := fmt.Sprintf("earshot:%d", n)
	at := slices.IndexFunc(q.settings, func(s setting) bool { return s.name == markSetting })
	if at >= 0 {
		comment = q.settings[at].value + " " + comment
		q.settings = slices.Delete(q.settings, at, at+1)
	}
	q.settings = append(q.settings, setting{markSetting, comment})
	slices.SortFunc(q.settings, inOrder)
	return comment
}

// inOrder sorts settings by name, readonly last, since it forbids the rest.
func inOrder(a, b setting) int {
	if ra, rb := a.name == "readonly", b.name == "readonly"; ra != rb {
		if ra {
			return 1
		}
		return -1
	}
	return strings.Compare(a.name, b.name)
}

// take reads one parameter of the address. What is none of the interface's
// own is a parameter of the statement or a setting.
func (q *request) take(name, value string) error {
	var err error
	switch name {
	case "user", "password", "quota_key", "decompress", "stacktrace", "role", "close_session":
	case "query":
		q.query = value
	case "query_id":
		q.id = value
	case "database":
		q.database = value
	case "default_format":
		q.format = cmp.Or(value, q.format)
	case "compress":
		q.compress = truth(value)
	case "wait_end_of_query":
		q.wait = truth(value)
	case "session_id":
		q.session = value
	case "session_check":
		q.sessionCheck = truth(value)
	case "session_timeout":
		var seconds uint64
		seconds, err = strconv.ParseUint(value, 10, 12)
		q.sessionTimeout = time.Duration(seconds) * time.Second
	case "buffer_size":
		q.bufferSize, err = strconv.Atoi(value)
	case "client_protocol_version":
		q.revision, err = strconv.ParseUint(value, 10, 32)
	default:
		return q.takeSetting(name, value)
	}
	if err != nil {
		return refuse(codeBadArguments, "Cannot parse %s: %q.", name, value)
	}
	return nil
}

func (q *request) takeSetting(name, value string) error {
	if param, ok := strings.CutPrefix(name, "param_"); ok {
		q.params = append(q.params, chdb.Param{Name: param, Value: value})
		return nil
	}
	switch name {
	case "enable_http_compression":
		if !truth(value) {
			q.accept = ""
		}
	case "network_compression_method":
		q.method = value
	case "max_query_size":
		size, err := strconv.Atoi(value)
		if err != nil || size < 0 {
			return refuse(codeBadArguments, "Cannot parse max_query_size: %q.", value)
		}
		q.querySize = min(cmp.Or(size, maxQuerySize), maxQuerySize)
	}
	q.settings = append(q.settings, setting{name, value})
	return nil
}

func truth(value string) bool { return value == "1" || strings.EqualFold(value, "true") }

// statement reads the statement from the address and then the body. For an
// insert it stops where the rows begin, and rows reads the rest.
func (q *request) statement() (text string, s statement.Statement, rows io.Reader, err error) {
	if q.query != "" {
		text = q.query + "\n"
		if s = statement.Parse(text); s.Insert {
			return text, s, io.MultiReader(strings.NewReader(text[s.Data:]), q.body), nil
		}
	}
	head := []byte(text)
	for size, ended := firstRead, false; !ended; size *= 2 {
		head, ended, err = grow(head, q.body, min(size, q.querySize+1))
		if err != nil {
			return "", s, nil, err
		}
		text = string(head)
		// Only with a byte of rows behind it is the format's name whole.
		if s = statement.Parse(text); s.Insert && (ended || s.Data < len(text)) {
			return text, s, io.MultiReader(bytes.NewReader(head[s.Data:]), q.body), nil
		}
		if len(head) > q.querySize {
			return "", s, nil, refuse(codeSyntax, "Max query size exceeded (limit %d bytes).", q.querySize)
		}
	}
	return text, s, nil, nil
}

// grow reads from r until p holds size bytes or r ends, which it tells.
func grow(p []byte, r io.Reader, size int) ([]byte, bool, error) {
	want := max(size-len(p), 0)
	more, err := io.ReadAll(io.LimitReader(r, int64(want)))
	return append(p, more...), len(more) < want, err
}
