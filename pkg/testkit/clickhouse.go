package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/embedded"
)

// engine is the one ClickHouse child of a test binary. It is a variable since the tests
// of a package share it and only [Main] can end it.
var engine struct {
	inMain  bool
	start   sync.Once
	dir     string
	running *embedded.ClickHouse
	err     error
}

// Main is the TestMain of a package whose tests use [ClickHouse]:
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
// It runs the tests, ends the engine, and fails when goroutines are left.
func Main(m *testing.M) {
	embedded.ServeChild()
	engine.inMain = true
	code := m.Run()
	if err := stopEngine(); err != nil {
		fmt.Fprintln(os.Stderr, "stop ClickHouse:", err)
		code = 1
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// ClickHouse returns the DSN of a database of the test's own, which is empty and goes
// when the test ends. Where the engine is not installed the test is skipped, or fails
// when the variable CI is true.
func ClickHouse(t testing.TB) string {
	t.Helper()
	require.True(t, engine.inMain, "the package's TestMain must be testkit.Main")
	if _, err := embedded.FindLibrary(""); err != nil {
		if os.Getenv("CI") == "true" {
			require.NoError(t, err)
		}
		t.Skipf("no ClickHouse engine: %v", err)
	}
	engine.start.Do(startEngine)
	require.NoError(t, engine.err)
	database := "test_" + strings.ToLower(rand.Text()[:10])
	require.NoError(t, execute(t.Context(), engine.running.DSN(), "CREATE DATABASE "+database))
	t.Cleanup(func() {
		require.NoError(t, execute(context.Background(), engine.running.DSN(), "DROP DATABASE "+database))
	})
	dsn, err := url.Parse(engine.running.DSN())
	require.NoError(t, err)
	dsn.Path = "/" + database
	return dsn.String()
}

// startEngine uses a context of its own: the engine outlives the test that needs it first.
func startEngine() {
	if engine.dir, engine.err = os.MkdirTemp("", "earshot-clickhouse-"); engine.err != nil {
		return
	}
	engine.running, engine.err = embedded.StartClickHouse(context.Background(), embedded.ClickHouseOptions{Dir: engine.dir})
}

func stopEngine() error {
	if engine.running != nil {
		if err := engine.running.Close(); err != nil {
			return err
		}
	}
	if engine.dir == "" {
		return nil
	}
	return os.RemoveAll(engine.dir)
}

// execute runs one statement over the HTTP interface.
func execute(ctx context.Context, dsn, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, dsn, strings.NewReader(statement))
	if err != nil {
		return err
	}
	request.URL.Path = "/"
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", statement, response.Status, text)
	}
	return nil
}
