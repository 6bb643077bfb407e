package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Formats that a native DSN can give; over HTTP any format of ClickHouse works.
const (
	FormatTable = "PrettyCompact"
	FormatCSV   = "CSVWithNames"
	FormatJSON  = "JSONEachRow"
)

// exceptionMark begins an error that the server met after it had begun to answer.
const exceptionMark = "__exception__"

// Refusal is the server's own answer to a query that it could not run: ClickHouse's code
// and text.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// Query runs sql and streams its result to w in the format, one of ClickHouse's. An
// error of the server is a [Refusal].
func (s *Store) Query(ctx context.Context, sql, format string, w io.Writer) error {
	if s.options.Protocol == clickhouse.HTTP {
		return s.queryHTTP(ctx, sql, format, w)
	}
	rows, err := s.conn.Query(ctx, sql)
	if refused, ok := errors.AsType[*clickhouse.Exception](err); ok {
		return fmt.Errorf("query: %w", Refusal(refused.Error()))
	}
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { _ = rows.Close() }()
	switch format {
	case FormatTable:
		return writeTable(rows, w)
	case FormatCSV:
		return writeCSV(rows, w)
	case FormatJSON:
		return writeJSON(rows, w)
	}
	return fmt.Errorf("format %q: a clickhouse:// address gives %s, %s or %s; use an http:// one", format, FormatTable, FormatCSV, FormatJSON)
}

func transport(options *clickhouse.Options) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = options.TLS
	return t
}

func (s *Store) queryHTTP(ctx context.Context, sql, format string, w io.Writer) error {
	scheme := "http"
	if s.options.TLS != nil {
		scheme = "https"
	}
	params := url.Values{"database": {s.Database()}, "default_format": {format}}
	for key, value := range s.options.Settings {
		params.Set(key, fmt.Sprint(value))
	}
	target := url.URL{Scheme: scheme, Host: s.options.Addr[0], Path: s.options.HttpUrlPath, RawQuery: params.Encode()}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(sql))
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	request.Header.Set("X-ClickHouse-User", s.options.Auth.Username)
	request.Header.Set("X-ClickHouse-Key", s.options.Auth.Password)
	answer, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // half a reason is better than none
		return fmt.Errorf("query: %w", Refusal(strings.TrimSpace(string(text))))
	}
	tail := &tailWriter{w: w}
	if _, err := io.Copy(tail, answer.Body); err != nil {
		return fmt.Errorf("read result: %w", err)
	}
	if _, reason, found := strings.Cut(string(tail.last), exceptionMark); found {
		return fmt.Errorf("query: %w", Refusal(strings.TrimSpace(reason)))
	}
	return nil
}

// tailWriter remembers the end of what went through it.
type tailWriter struct {
	w    io.Writer
	last []byte
}

const tailBytes = 4 << 10

func (t *tailWriter) Write(p []byte) (int, error) {
	t.last = append(t.last, p[max(0, len(p)-tailBytes):]...)
	t.last = t.last[max(0, len(t.last)-tailBytes):]
	return t.w.Write(p)
}
