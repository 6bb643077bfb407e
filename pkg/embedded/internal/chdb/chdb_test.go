package chdb

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// library is where make setup puts it, seen from this folder.
const library = "../../../../deploy/chdb/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"

var startOnce = sync.OnceValues(func() (*Engine, error) {
	path, err := filepath.Abs(library)
	if err != nil {
		return nil, err
	}
	lib, err := Open(path)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "earshot-chdb-")
	if err != nil {
		return nil, err
	}
	return Start(lib, dir)
})

func session(t *testing.T) *Conn {
	t.Helper()
	if _, err := os.Stat(library); err != nil && os.Getenv("CI") == "" {
		t.Skip("libchdb is missing: run make setup")
	}
	engine, err := startOnce()
	require.NoError(t, err)
	conn, err := engine.Session()
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return conn
}

func query(t *testing.T, c *Conn, sql string, params ...Param) string {
	t.Helper()
	var text string
	_, err := c.Query(sql, "TSV", params, func(b []byte) error { text = string(b); return nil })
	require.NoError(t, err)
	return text
}

func TestQuery(t *testing.T) {
	c := session(t)
	require.Equal(t, "1\n", query(t, c, "SELECT 1"))
	require.Equal(t, "a\\0b\n", query(t, c, "SELECT 'a\x00b'"), "zero bytes pass")
	require.Equal(t, "x y\t\t7\n", query(t, c, "SELECT {a:String}, {b:String}, {c:UInt8}",
		Param{"a", "x y"}, Param{"b", ""}, Param{"c", "7"}))
	stats, err := c.Query("SELECT number FROM numbers(10)", "Null", nil, nil)
	require.NoError(t, err)
	require.EqualValues(t, 10, stats.ReadRows)

	broken := errors.New("broken")
	_, err = c.Query("SELECT 1", "TSV", nil, func([]byte) error { return broken })
	require.ErrorIs(t, err, broken)

	var e *Error
	_, err = c.Query("SELECT * FROM nope", "TSV", nil, nil)
	require.ErrorAs(t, err, &e)
	require.Equal(t, 60, e.Code)
	require.Contains(t, e.Error(), "UNKNOWN_TABLE")
}

func TestSessionsAreApart(t *testing.T) {
	first, second := session(t), session(t)
	query(t, first, "SET max_threads = 7")
	require.Equal(t, "7\n", query(t, first, "SELECT getSetting('max_threads')"))
	require.NotEqual(t, "7\n", query(t, second, "SELECT getSetting('max_threads')"))
	first.Close()
	first.Close()
}

func TestClassify(t *testing.T) {
	c := session(t)
	for sql, want := range map[string]Class{
		"SELECT 1":                   {Statements: 1, ReadOnly: true},
		"EXPLAIN SELECT 1":           {Statements: 1, ReadOnly: true},
		"DROP TABLE t":               {Statements: 1},
		"INSERT INTO t SELECT 1":     {Statements: 1},
		"SELECT 1; SELECT 2":         {Statements: 2, ReadOnly: true},
		"SELECT 1; DROP TABLE t":     {Statements: 2},
		"SELEC 1":                    {},
		"":                           {},
		"SET max_threads = 1":        {Statements: 1},
		"KILL QUERY WHERE 1":         {Statements: 1},
		"SELECT 1 INTO OUTFILE '/x'": {Statements: 1},
	} {
		require.Equal(t, want, c.Classify(sql), sql)
	}
}

func TestInsert(t *testing.T) {
	c := session(t)
	query(t, c, "CREATE OR REPLACE TABLE ins (n UInt8, s String DEFAULT 'd') ENGINE = MergeTree ORDER BY n")

	in, err := c.Insert("INSERT INTO ins (n)", "CSV", nil)
	require.NoError(t, err)
	for _, part := range []string{"1\n2", "", "2\n", "3\n"} {
		n, err := in.Write([]byte(part))
		require.NoError(t, err)
		require.Equal(t, len(part), n)
	}
	stats, err := in.Done()
	require.NoError(t, err)
	require.EqualValues(t, 3, stats.WrittenRows)
	in.Close()
	in.Close()
	require.Equal(t, "1\td\n3\td\n22\td\n", query(t, c, "SELECT * FROM ins ORDER BY n"))

	abandoned, err := c.Insert("INSERT INTO ins (n)", "CSV", nil)
	require.NoError(t, err)
	_, err = abandoned.Write([]byte("9\n"))
	require.NoError(t, err)
	abandoned.Close()
	require.Equal(t, "3\n", query(t, c, "SELECT count() FROM ins"), "the session is free again")

	faulty, err := c.Insert("INSERT INTO ins (n)", "CSV", nil)
	require.NoError(t, err)
	defer faulty.Close()
	row := []byte(strings.Repeat("x\n", 1<<19))
	for err == nil {
		_, err = faulty.Write(row)
	}
	require.ErrorIs(t, err, ErrStopped)
	var e *Error
	_, err = faulty.Done()
	require.ErrorAs(t, err, &e)

	_, err = c.Insert("INSERT INTO nope", "CSV", nil)
	require.ErrorAs(t, err, &e)
	require.Equal(t, 60, e.Code)
}

func TestFailure(t *testing.T) {
	require.NoError(t, failure(""))
	var e *Error
	require.ErrorAs(t, failure("Code: 62. DB::Exception: no"), &e)
	require.Equal(t, Error{Code: 62, Text: "Code: 62. DB::Exception: no"}, *e)
	require.ErrorAs(t, failure("no code"), &e)
	require.Equal(t, Error{Code: 1001, Text: "Code: 1001. DB::Exception: no code"}, *e)
}

func TestOpenFails(t *testing.T) {
	_, err := Open("/nowhere/libchdb.so")
	require.ErrorContains(t, err, `load "/nowhere/libchdb.so"`)
	_, err = Open("libc.so.6")
	require.ErrorContains(t, err, "chdb_", "another library")
}
