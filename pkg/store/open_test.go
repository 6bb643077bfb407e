package store

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/pkg/testkit"
)

func contextThatEnded(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

func TestOpenWaitsForAServerOnlyAsLongAsItsContext(t *testing.T) {
	for _, scheme := range []string{"http", "clickhouse"} {
		t.Run(scheme, func(t *testing.T) {
			address := testkit.Address(t) // where no server listens
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := Open(ctx, Config{DSN: config.Secret(scheme + "://user:hunter2@" + address), Database: "earshot"})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorContains(t, err, address, "which server")
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

// A wrong password is wrong for ever: the start ends at once and says so.
func TestOpenDoesNotRepeatAWrongPassword(t *testing.T) {
	u, err := url.Parse(testkit.ClickHouse(t))
	require.NoError(t, err)
	u.User = url.UserPassword("default", "hunter2")
	_, err = Open(t.Context(), Config{DSN: config.Secret(u.String()), Database: "earshot"})
	require.True(t, retry.IsPermanent(err), err)
	var refused *clickhouse.Exception
	require.ErrorAs(t, err, &refused)
	require.EqualValues(t, codeAuthentication, refused.Code)
	require.NotContains(t, err.Error(), "hunter2")
}

func TestOpenNeedsNoDatabase(t *testing.T) {
	u, err := url.Parse(testkit.ClickHouse(t))
	require.NoError(t, err)
	u.Path = "/not_there_yet"
	other, err := Open(t.Context(), Config{DSN: config.Secret(u.String()), Database: "earshot"})
	require.NoError(t, err, "a migration will make it")
	require.Equal(t, "not_there_yet", other.Database())
	require.ErrorIs(t, other.CheckSchema(t.Context()), ErrSchemaOld)
	require.NoError(t, other.Close())
}

func TestCloseTwice(t *testing.T) {
	s := opened(t)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.Error(t, s.Insert(t.Context(), Block{Table: "t", Columns: []Column{{"a", "UInt8", []uint8{1}}}}))
}

// answering is a store whose server answers every query so.
func answering(t *testing.T, handler http.HandlerFunc, change func(*clickhouse.Options)) *Store {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o := &clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{server.Listener.Addr().String()}}
	o.Auth = clickhouse.Auth{Database: "earshot", Username: "user", Password: "word"}
	if change != nil {
		change(o)
	}
	return &Store{client: server.Client(), options: o}
}

func TestQueryAsksAsConfigured(t *testing.T) {
	s := answering(t, func(w http.ResponseWriter, r *http.Request) {
		sql, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.Equal(t, "SELECT 1", string(sql))
		require.Equal(t, http.MethodPost, r.Method)
		require.Equal(t, "/proxied", r.URL.Path)
		require.Equal(t, url.Values{"database": {"earshot"}, "default_format": {"CSV"}, "max_threads": {"2"}}, r.URL.Query())
		require.Equal(t, []string{"user", "word"}, []string{r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")})
		_, _ = io.WriteString(w, "1\n")
	}, func(o *clickhouse.Options) {
		o.HttpUrlPath, o.Settings = "/proxied", clickhouse.Settings{"max_threads": 2}
	})
	var out strings.Builder
	require.NoError(t, s.Query(t.Context(), "SELECT 1", "CSV", &out))
	require.Equal(t, "1\n", out.String())
}

func TestQueryTellsWhatWentWrong(t *testing.T) {
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "1\n")
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"refused": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "Code: 60. DB::Exception: no table", http.StatusNotFound)
		}, "Code: 60. DB::Exception: no table"},
		"a long page": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, strings.Repeat("x", 1<<20), http.StatusBadGateway)
		}, "xxx"},
		"no page": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, "query"},
		"cut off": {cut, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			err := answering(t, test.handler, nil).Query(t.Context(), "SELECT 1", "CSV", io.Discard)
			require.ErrorContains(t, err, test.want)
			require.Less(t, len(err.Error()), 70<<10)
			require.NotContains(t, err.Error(), "word")
		})
	}
}

func TestQueryEndsWithItsContextAndItsReader(t *testing.T) {
	s := opened(t)
	ctx, cancel := contextThatEnded(t)
	defer cancel()
	require.ErrorIs(t, s.Query(ctx, "SELECT 1", "CSV", io.Discard), context.Canceled)
	full := errors.New("disk is full")
	require.ErrorIs(t, s.Query(t.Context(), "SELECT number FROM numbers(1000)", "CSV", failing{full}), full)
}

func TestNativeQueryNamesTheFormatsThatItHas(t *testing.T) {
	s := opened(t)
	native := *s
	options := *s.options
	options.Protocol = clickhouse.Native // asks in HTTP and formats by itself
	native.options = &options
	for format, want := range map[string]string{
		FormatTable: "a  b\n1  x\n", FormatCSV: "\"a\",\"b\"\n1,\"x\"\n", FormatJSON: "{\"a\":1,\"b\":\"x\"}\n",
	} {
		var out strings.Builder
		require.NoError(t, native.Query(t.Context(), "SELECT 1 AS a, 'x' AS b", format, &out))
		require.Equal(t, want, out.String(), format)
	}
	err := native.Query(t.Context(), "SELECT 1", "Parquet", io.Discard)
	require.ErrorContains(t, err, `format "Parquet"`)
	require.ErrorContains(t, err, "use an http:// one")
	require.ErrorContains(t, native.Query(t.Context(), "SELECT nothing", FormatCSV, io.Discard), "UNKNOWN_IDENTIFIER")
}
