package chdb

import (
	"errors"
	"regexp"
	"strconv"
	"unsafe"
)

// Error is what the engine answered instead of a result.
type Error struct {
	// Code is ClickHouse's number, such as 60 for UNKNOWN_TABLE; 1001
	// (STD_EXCEPTION) where the text carries none.
	Code int
	// Text is the engine's own, beginning with "Code: ".
	Text string
}

func (e *Error) Error() string { return e.Text }

// stdException is ClickHouse's code for an error of no code of its own.
const stdException = 1001

var codePattern = regexp.MustCompile(`^Code: (\d+)\.`)

// failure turns the text of a result into an error, nil when there is none.
func failure(text string) error {
	if text == "" {
		return nil
	}
	if m := codePattern.FindStringSubmatch(text); m != nil {
		code, err := strconv.Atoi(m[1])
		if err == nil {
			return &Error{Code: code, Text: text}
		}
	}
	return &Error{Code: stdException, Text: "Code: " + strconv.Itoa(stdException) + ". DB::Exception: " + text}
}

// Stats counts what a statement has read and written so far.
type Stats struct {
	ReadRows, ReadBytes       uint64
	ResultRows, ResultBytes   uint64
	WrittenRows, WrittenBytes uint64
}

func (l *Library) stats(result handle) Stats {
	return Stats{
		ReadRows: l.storageRows(result), ReadBytes: l.storageBytes(result),
		ResultRows: l.rowsRead(result), ResultBytes: l.bytesRead(result),
		WrittenRows: l.rowsWritten(result), WrittenBytes: l.bytesWritten(result),
	}
}

// Insert is an INSERT that is being fed.
type Insert struct {
	lib      *Library
	handle   handle
	finished bool
}

// ErrStopped stands for an error that Done tells in full.
var ErrStopped = errors.New("the insert has stopped")

// Write hands bytes of the input format to the engine, which copies them and
// holds the caller back when it falls behind. After an error, Done tells why.
func (i *Insert) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	first := unsafe.SliceData(p) //nolint:gosec // copied during the call
	if i.lib.insertAppend(i.handle, first, uint(len(p))) != 0 {
		return 0, ErrStopped
	}
	return len(p), nil
}

// Done ends the rows and waits until they are stored. The error is an *Error;
// as in ClickHouse, blocks before the faulty one may have been stored.
func (i *Insert) Done() (Stats, error) {
	i.finished = true
	result := i.lib.insertDone(i.handle)
	defer i.lib.destroy(result)
	return i.lib.stats(result), failure(i.lib.resultError(result))
}

// Close frees the insert and, without a Done before, takes no further row.
func (i *Insert) Close() {
	if i.handle == 0 {
		return
	}
	if !i.finished {
		i.lib.insertCancel(i.handle)
	}
	i.lib.insertDestroy(i.handle)
	i.handle = 0
}
