package clickhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
	"github.com/earshot/earshot/pkg/embedded/internal/native"
	"github.com/earshot/earshot/pkg/embedded/internal/statement"
)

// killEvery is how often a statement whose caller has gone is killed again,
// until it has ended: the first time, it may not have begun.
const killEvery = 50 * time.Millisecond

// run does what req asks for and writes its result.
func (s *Server) run(ctx context.Context, req *request, resp *response) (chdb.Stats, error) {
	select {
	case s.running <- struct{}{}:
		defer func() { <-s.running }()
	default:
		return chdb.Stats{}, refuse(codeTooMany, "Too many simultaneous queries. Maximum: %d.", maxRunning)
	}
	text, st, rows, err := req.statement()
	if err != nil {
		return chdb.Stats{}, err
	}
	mark := req.mark(s.marks.Add(1))
	conn, leave, err := s.sessions.open(req)
	if err != nil {
		return chdb.Stats{}, err
	}
	defer leave()
	if st.Insert {
		if req.readOnly {
			return chdb.Stats{}, readonly()
		}
		return insert(conn, req, st, rows)
	}
	class := conn.Classify(text)
	switch {
	case st.Empty:
		return chdb.Stats{}, refuse(codeSyntax, "Syntax error: Empty query.")
	case req.readOnly && class.Statements > 0 && !class.ReadOnly:
		return chdb.Stats{}, readonly()
	case class.Statements > 1:
		return chdb.Stats{}, refuse(codeSyntax, "Syntax error (Multi-statements are not allowed).")
	}
	ctx, stop := context.WithCancel(ctx)
	defer s.watch(ctx, mark, stop)()
	if st.Format == "" {
		st.Format = req.format
	}
	resp.describe(st.Format)
	if class.ReadOnly {
		return selectRows(conn, req, st, resp, stop)
	}
	return conn.Query(text, req.format, req.params, func(b []byte) error {
		_, err := resp.Write(b)
		return err
	})
}

func readonly() error {
	return refuse(codeReadonly, "Cannot execute query in readonly mode. For queries over HTTP, "+
		"method GET implies readonly. You should use method POST for modifying queries.")
}

// insert feeds the rows to the engine. Without their proper end nothing more
// of them is stored than the blocks that were whole.
func insert(conn *chdb.Conn, req *request, st statement.Statement, rows io.Reader) (chdb.Stats, error) {
	in, err := conn.Insert(st.Head, st.Format, req.params)
	if err != nil {
		return chdb.Stats{}, err
	}
	defer in.Close()
	if _, err := io.Copy(in, rows); err != nil && !errors.Is(err, chdb.ErrStopped) {
		return chdb.Stats{}, err
	}
	return in.Done()
}

// selectRows lets the engine write the result of a reading statement into a
// pipe, which works for every format and keeps none of it, and copies from
// there. stop makes the watcher kill the statement.
func selectRows(conn *chdb.Conn, req *request, st statement.Statement, resp *response, stop func()) (chdb.Stats, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return chdb.Stats{}, fmt.Errorf("open a pipe: %w", err)
	}
	defer func() { _ = r.Close() }()
	sql := fmt.Sprintf("%s\nINTO OUTFILE '/dev/fd/%d' TRUNCATE\n%s", st.Head, w.Fd(), st.Tail)
	var stats chdb.Stats
	ended := make(chan error, 1)
	go func() {
		var err error
		stats, err = conn.Query(sql, req.format, req.params, nil)
		_ = w.Close()
		ended <- err
	}()
	copied := copyResult(resp, r, req, st.Format)
	if copied != nil {
		// The caller has gone or cannot be served: end the statement, which
		// may be waiting for room in the pipe.
		stop()
		_, _ = io.Copy(io.Discard, r)
	}
	if err := <-ended; copied == nil {
		return stats, err
	}
	return stats, copied
}

func copyResult(resp *response, r io.Reader, req *request, format string) error {
	if format == "Native" && req.revision > 0 {
		return native.Convert(resp, r, req.revision)
	}
	_, err := io.Copy(resp, r)
	return err
}

// watch kills the statement that carries mark when ctx ends before it does.
// The returned function ends the watch, and with it ctx.
func (s *Server) watch(ctx context.Context, mark string, stop func()) func() {
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		for {
			s.kill(mark)
			select {
			case <-ended:
				return
			case <-time.After(killEvery):
			}
		}
	}()
	return func() {
		close(ended)
		<-gone
		stop()
	}
}

func (s *Server) kill(mark string) {
	conn, err := s.engine.Session()
	if err != nil {
		return
	}
	defer conn.Close()
	sql := "KILL QUERY WHERE Settings['" + markSetting + "'] = " + quoteText(mark) + " ASYNC"
	_, _ = conn.Query(sql, "Null", nil, nil)
}
