// Package chdb binds the ClickHouse engine in libchdb, without cgo.
//
// It passes statements, bytes and errors through and knows nothing of HTTP or
// of tables. A process loads one library and opens one data folder; the
// engine keeps no state that a kill of the process could take away from an
// insert that has returned.
//
// The calls and their meaning are those of chdb.h, version 26.7.
package chdb

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// handle is a pointer that the engine gave out and alone may read.
type handle uintptr

// statement is a call that takes SQL, a format and parameters, each with its
// length: chdb_query_with_params_n and chdb_stream_insert_with_params_n.
type statement func(conn handle, sql *byte, sqlLen uint, format *byte, formatLen uint,
	names, nameLens, values, valueLens unsafe.Pointer, params uint) handle

// Library is a loaded libchdb. It is safe for concurrent use.
type Library struct {
	setSignalHandlers func(enabled int32)
	open              func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	closeConn         func(conn unsafe.Pointer)

	query   statement
	destroy func(result handle)

	insert        statement
	insertAppend  func(stream handle, data *byte, size uint) int32
	insertDone    func(stream handle) handle
	insertError   func(stream handle) string
	insertCancel  func(stream handle)
	insertDestroy func(stream handle)

	buffer       func(result handle) *byte
	length       func(result handle) uint
	resultError  func(result handle) string
	rowsRead     func(result handle) uint64
	bytesRead    func(result handle) uint64
	storageRows  func(result handle) uint64
	storageBytes func(result handle) uint64
	rowsWritten  func(result handle) uint64
	bytesWritten func(result handle) uint64

	classify func(conn handle, sql *byte, sqlLen uint, target *byte, targetLen uint, out *analysis) int32
}

// Open loads the library at path and keeps it from taking the process's
// signals. The error names the path or the function that is missing; a
// library of another version than 26.7 shows up there.
func Open(path string) (*Library, error) {
	image, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load %q: %w", path, err)
	}
	l := new(Library)
	for name, fn := range l.symbols() {
		address, err := purego.Dlsym(image, name)
		if err != nil {
			return nil, fmt.Errorf("load %q: %w", path, err)
		}
		purego.RegisterFunc(fn, address)
	}
	// Before the first connection: afterwards the engine has already replaced
	// the handlers of the Go runtime.
	l.setSignalHandlers(0)
	return l, nil
}

func (l *Library) symbols() map[string]any {
	return map[string]any{
		"chdb_set_signal_handlers_enabled": &l.setSignalHandlers,
		"chdb_connect":                     &l.open,
		"chdb_close_conn":                  &l.closeConn,
		"chdb_query_with_params_n":         &l.query,
		"chdb_destroy_query_result":        &l.destroy,
		"chdb_stream_insert_with_params_n": &l.insert,
		"chdb_stream_append":               &l.insertAppend,
		"chdb_stream_done":                 &l.insertDone,
		"chdb_stream_insert_error":         &l.insertError,
		"chdb_stream_cancel_insert":        &l.insertCancel,
		"chdb_destroy_insert_stream":       &l.insertDestroy,
		"chdb_result_buffer":               &l.buffer,
		"chdb_result_length":               &l.length,
		"chdb_result_error":                &l.resultError,
		"chdb_result_rows_read":            &l.rowsRead,
		"chdb_result_bytes_read":           &l.bytesRead,
		"chdb_result_storage_rows_read":    &l.storageRows,
		"chdb_result_storage_bytes_read":   &l.storageBytes,
		"chdb_result_rows_written":         &l.rowsWritten,
		"chdb_result_bytes_written":        &l.bytesWritten,
		"chdb_classify_query_n":            &l.classify,
	}
}

// connect opens a session. The arguments are those of clickhouse-local; all
// sessions name the same --path, and the last Close stops the engine.
func (l *Library) connect(args ...string) (*Conn, error) {
	texts := make([][]byte, 0, len(args)+1)
	argv := make([]*byte, 0, len(args)+2)
	for _, arg := range append([]string{"clickhouse"}, args...) {
		text := append([]byte(arg), 0)
		texts = append(texts, text)
		argv = append(argv, &text[0])
	}
	argv = append(argv, nil)
	pointer := l.open(int32(len(texts)), unsafe.Pointer(&argv[0])) //nolint:gosec // kept alive below
	runtime.KeepAlive(texts)
	runtime.KeepAlive(argv)
	if pointer == nil {
		return nil, errors.New("open session: the engine refused it")
	}
	return &Conn{lib: l, pointer: pointer, handle: *(*handle)(pointer)}, nil
}
