package clickhttp

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
)

// defaultHold is how much of a result waits for the query's end before the
// status line goes out, in bytes. A failure within it gets its own status.
const defaultHold = 1 << 20

// response writes a result: held back first, so that an early failure becomes
// an error status, then streamed, when a failure can only be appended in
// ClickHouse's exception block.
type response struct {
	w       http.ResponseWriter
	req     *request
	version string
	started time.Time
	tag     string // marks an exception block, unguessable by data

	hold      int
	held      bytes.Buffer
	spill     *os.File // holds what wait_end_of_query keeps beyond hold
	committed bool
	body      io.Writer
	closers   []io.Closer
}

func newResponse(w http.ResponseWriter, req *request, server info) *response {
	p := &response{
		w: w, req: req, version: server.version, started: time.Now(), tag: rand.Text()[:16],
		hold: defaultHold,
	}
	if req.bufferSize > 0 {
		p.hold = min(req.bufferSize, defaultHold)
	}
	h := w.Header()
	h.Set("X-ClickHouse-Server-Display-Name", server.name)
	h.Set("X-ClickHouse-Timezone", server.timezone)
	h.Set("X-ClickHouse-Query-Id", req.id)
	h.Set("X-ClickHouse-Exception-Tag", p.tag)
	return p
}

// describe sets the headers that depend on the statement.
func (p *response) describe(format string) {
	p.w.Header().Set("Content-Type", contentType(format))
	p.w.Header().Set("X-ClickHouse-Format", format)
}

// Write takes bytes of the result.
func (p *response) Write(data []byte) (int, error) {
	switch {
	case p.committed:
		return p.body.Write(data)
	case p.spill == nil && p.held.Len()+len(data) <= p.hold:
		return p.held.Write(data)
	case p.req.wait:
		return p.writeSpill(data)
	}
	if err := p.commit(); err != nil {
		return 0, err
	}
	return p.body.Write(data)
}

func (p *response) writeSpill(data []byte) (int, error) {
	if p.spill == nil {
		f, err := os.CreateTemp("", "earshot-result-")
		if err != nil {
			return 0, fmt.Errorf("hold the result: %w", err)
		}
		// Without a name it is gone with the process.
		if err := os.Remove(f.Name()); err != nil {
			return 0, fmt.Errorf("hold the result: %w", err)
		}
		p.spill = f
	}
	return p.spill.Write(data)
}

// commit sends the status and what was held, through the encodings that the
// caller asked for.
func (p *response) commit() error {
	p.committed = true
	out, encoding := encoder(p.w, p.req.accept)
	p.body, p.closers = out, []io.Closer{out}
	if encoding != "" {
		p.w.Header().Set("Content-Encoding", encoding)
	}
	if p.req.compress {
		blocks := newBlockWriter(out, p.req.method)
		p.body, p.closers = blocks, []io.Closer{blocks, out}
	}
	if _, err := p.held.WriteTo(p.body); err != nil {
		return err
	}
	if p.spill == nil {
		return nil
	}
	if _, err := p.spill.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the held result: %w", err)
	}
	_, err := io.Copy(p.body, p.spill)
	return err
}

// finish ends a result that is whole.
func (p *response) finish(stats chdb.Stats) error {
	defer p.release()
	if !p.committed {
		p.w.Header().Set("X-ClickHouse-Summary", summary(stats, time.Since(p.started)))
		if p.held.Len() == 0 && p.spill == nil {
			// An empty body stays empty whatever the encoding: clients tell
			// "no result" by its length.
			return nil
		}
		if err := p.commit(); err != nil {
			return err
		}
	}
	for _, c := range p.closers {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

// fail ends the response with err: by its status when nothing has been sent,
// else by an exception block and a body that is visibly cut off.
func (p *response) fail(err error) {
	defer p.release()
	e := exception(err, p.version)
	h := p.w.Header()
	if !p.committed {
		h.Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.Code))
		h.Set("Content-Type", "text/plain; charset=UTF-8")
		p.w.WriteHeader(status(e))
		_, _ = io.WriteString(p.w, e.Text+"\n")
		return
	}
	for _, c := range p.closers[:len(p.closers)-1] {
		_ = c.Close()
	}
	last := p.closers[len(p.closers)-1]
	if w, ok := last.(io.Writer); ok {
		_, _ = io.WriteString(w, exceptionBlock(e.Text, p.tag))
	}
	_ = last.Close()
	_ = http.NewResponseController(p.w).Flush()
	panic(http.ErrAbortHandler)
}

func (p *response) release() {
	if p.spill != nil {
		_ = p.spill.Close()
	}
}

// exceptionBlock is how a ClickHouse server ends a result that failed midway:
// WriteBufferFromHTTPServerResponse.cpp.
func exceptionBlock(text, tag string) string {
	text += "\n"
	return fmt.Sprintf("\r\n__exception__\r\n%s\r\n%s%d %s\r\n__exception__\r\n", tag, text, len(text), tag)
}

// summary is the value of X-ClickHouse-Summary.
func summary(s chdb.Stats, elapsed time.Duration) string {
	return fmt.Sprintf(`{"read_rows":"%d","read_bytes":"%d","written_rows":"%d","written_bytes":"%d",`+
		`"total_rows_to_read":"0","result_rows":"%d","result_bytes":"%d","elapsed_ns":"%d"}`,
		s.ReadRows, s.ReadBytes, s.WrittenRows, s.WrittenBytes, s.ResultRows, s.ResultBytes, elapsed.Nanoseconds())
}

// contentType is what a server sends with a format.
func contentType(format string) string {
	switch format {
	case "JSON", "JSONCompact", "JSONStrings", "JSONCompactStrings", "JSONColumns", "JSONColumnsWithMetadata",
		"JSONCompactColumns", "JSONObjectEachRow":
		return "application/json; charset=UTF-8"
	case "JSONEachRow", "JSONLines", "NDJSON", "JSONStringsEachRow", "JSONCompactEachRow":
		return "application/x-ndjson; charset=UTF-8"
	case "CSV":
		return "text/csv; charset=UTF-8; header=absent"
	case "CSVWithNames", "CSVWithNamesAndTypes":
		return "text/csv; charset=UTF-8; header=present"
	case "TSV", "TabSeparated", "TSVWithNames", "TabSeparatedWithNames", "TSVWithNamesAndTypes",
		"TabSeparatedWithNamesAndTypes", "TSVRaw", "TabSeparatedRaw":
		return "text/tab-separated-values; charset=UTF-8"
	case "Native", "RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Parquet", "Arrow",
		"ArrowStream", "ORC", "Avro", "Protobuf", "MsgPack":
		return "application/octet-stream"
	case "XML":
		return "application/xml; charset=UTF-8"
	}
	return "text/plain; charset=UTF-8"
}
