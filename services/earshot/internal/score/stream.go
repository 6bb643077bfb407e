package score

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// maxLine bounds a line of input, bytes: a post of 64 KiB with every character escaped,
// and its brand.
const maxLine = 1 << 20

// A chunk is closed at either limit: enough work to be worth handing over, and little
// enough memory that dozens may wait.
const (
	chunkLines = 64
	chunkBytes = 256 << 10
)

// ErrLeftOut tells that some lines were no posts; each has been named.
var ErrLeftOut = errors.New("some lines were left out")

var errTooLong = fmt.Errorf("longer than %d bytes", maxLine)

// byteOrderMark begins files that some Windows programs write.
var byteOrderMark = []byte("\ufeff")

// chunk is a run of input lines that one worker judges.
type chunk struct {
	lines []line
	bytes int
	done  chan result
}

func newChunk() *chunk { return &chunk{done: make(chan result, 1)} }

type line struct {
	number int // from 1
	text   []byte
	err    error // why the line cannot be judged
}

type result struct {
	out  []byte
	errs []error
}

// Run judges every line of in and writes the answers to out in the order of the input,
// one line for each post and brand. A line that is no post is named on errOut by its
// number and field, and the rest goes on; [ErrLeftOut] tells of them at the end.
func (s *Scorer) Run(ctx context.Context, in io.Reader, out, errOut io.Writer) error {
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *chunk, workers), make(chan *chunk, 4*workers)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(work)
		defer close(order)
		return readChunks(in, func(c *chunk) error {
			for _, to := range []chan<- *chunk{order, work} {
				select {
				case to <- c:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range workers {
		group.Go(func() error {
			for c := range work {
				c.done <- s.judge(c)
			}
			return nil
		})
	}
	leftOut := false
	group.Go(func() (err error) {
		leftOut, err = write(ctx, order, out, errOut)
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if s.brandless.Load() {
		_, _ = fmt.Fprintln(errOut, "no brands are configured, so no post without one matches: name a file with --config, or bring the brand along in an envelope")
	}
	if leftOut {
		return ErrLeftOut
	}
	return nil
}

// readChunks cuts the input into chunks. A line over [maxLine] is read to its end and
// kept as an error.
func readChunks(in io.Reader, send func(*chunk) error) error {
	reader := bufio.NewReaderSize(in, 64<<10)
	if start, _ := reader.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = reader.Discard(len(byteOrderMark)) // it has been read
	}
	current := newChunk()
	for number := 1; ; number++ {
		l, err := readLine(reader)
		if len(l.text) > 0 || l.err != nil {
			l.number = number
			current.lines = append(current.lines, l)
			current.bytes += len(l.text)
		}
		// What a slow writer has sent so far must not wait for more.
		if err != nil || len(current.lines) == chunkLines || current.bytes >= chunkBytes || reader.Buffered() == 0 {
			if err := send(current); err != nil {
				return err
			}
			current = newChunk()
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read posts: %w", err)
		}
	}
}

// readLine returns the next line without white space around it.
func readLine(r *bufio.Reader) (line, error) {
	var l line
	for {
		part, err := r.ReadSlice('\n')
		if len(l.text)+len(part) > maxLine {
			l = line{err: errTooLong}
		}
		if l.err == nil {
			l.text = append(l.text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			l.text = bytes.TrimSpace(l.text)
			return l, err
		}
	}
}

// judge answers every line of a chunk.
func (s *Scorer) judge(c *chunk) result {
	var r result
	for _, l := range c.lines {
		err := l.err
		if err == nil {
			r.out, err = s.line(r.out, l.text)
		}
		if err != nil {
			r.errs = append(r.errs, fmt.Errorf("line %d: %w", l.number, err))
		}
	}
	return r
}

// write writes the answers of chunks as they come in order, and reports whether lines
// were left out.
func write(ctx context.Context, order <-chan *chunk, out, errOut io.Writer) (leftOut bool, err error) {
	buffered := bufio.NewWriter(out)
	for c := range order {
		var r result
		select {
		case r = <-c.done:
		case <-ctx.Done():
			return leftOut, ctx.Err()
		}
		for _, err := range r.errs {
			leftOut = true
			_, _ = fmt.Fprintln(errOut, err)
		}
		if _, err := buffered.Write(r.out); err != nil {
			return leftOut, fmt.Errorf("write results: %w", err)
		}
		if len(order) > 0 {
			continue
		}
		if err := buffered.Flush(); err != nil {
			return leftOut, fmt.Errorf("write results: %w", err)
		}
	}
	return leftOut, nil
}
