package chdb

import "fmt"

// Engine is the running ClickHouse of this process on one data folder. It is
// safe for concurrent use.
type Engine struct {
	lib  *Library
	args []string
	root *Conn
}

// settings differ from ClickHouse's defaults, which suit a server of its own.
var settings = []string{
	// clickhouse-local reads "1 + 1" as SELECT 1 + 1; a server does not.
	"--implicit_select=0",
	// Memory instead of speed. For 500 MB of JSON, formatting on all cores
	// takes 600 MiB more and is a quarter faster; for an insert of 500 MB, the
	// default blocks (1 M rows, 256 MiB) take 980 MiB and these about 300.
	"--output_format_parallel_formatting=0",
	"--max_insert_block_size=65536",
	"--min_insert_block_size_bytes=33554432",
}

// Start opens the data folder at dir, created when missing, and keeps it open
// until Close. The folder must belong to this process alone.
func Start(lib *Library, dir string) (*Engine, error) {
	e := &Engine{lib: lib, args: append([]string{"--path=" + dir}, settings...)}
	root, err := e.Session()
	if err != nil {
		return nil, fmt.Errorf("open data folder %q: %w", dir, err)
	}
	e.root = root
	return e, nil
}

// Session opens a session with the engine's default settings, in about 0.2 ms.
// The caller closes it.
func (e *Engine) Session() (*Conn, error) { return e.lib.connect(e.args...) }

// Close stops the engine once every other session is closed.
func (e *Engine) Close() { e.root.Close() }
