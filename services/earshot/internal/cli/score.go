package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// maxLine bounds a line of input, bytes: a post of 64 KiB with every character escaped.
const maxLine = 1 << 20

// errBadLines ends a run in which lines were left out; each has been named already.
var errBadLines = errors.New("some lines were left out")

func newScore(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "score [FILE|-]",
		Short: "Judge posts: JSON Lines in, JSON Lines out, no broker and no database",
		Long: `Each line is a post, judged for the brands of the configuration, or an envelope
{"brand": {…}, "post": {…}, "assume_match": false} that brings its brand along.
Out comes one line for each post and brand, in the order of the input; a post that
concerns no brand gives one line with "matched": false.`,
		Args: maximumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			in, err := open(cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			defer func() { _ = in.Close() }()
			s, err := newScorer(c)
			if err != nil {
				return err
			}
			return s.run(cmd.Context(), in, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
}

// open opens the file that args may name; none or "-" is standard input.
func open(stdin io.Reader, args []string) (io.ReadCloser, error) {
	if len(args) == 0 || args[0] == "-" {
		return io.NopCloser(stdin), nil
	}
	f, err := os.Open(args[0])
	return f, usage(err)
}

// chunk is a run of input lines that one worker judges.
type chunk struct {
	first int // number of the first line, from 1
	lines [][]byte
	done  chan result
}

type result struct {
	out  []byte
	errs []error
}

// run reads lines, judges them on all cores and writes the answers in input order. Bad
// lines are named on errOut and left out.
func (s *scorer) run(ctx context.Context, in io.Reader, out, errOut io.Writer) error {
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *chunk, workers), make(chan *chunk, 4*workers)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(work)
		defer close(order)
		return readChunks(ctx, in, work, order)
	})
	for range workers {
		group.Go(func() error {
			for c := range work {
				c.done <- s.judge(c)
			}
			return nil
		})
	}
	bad := false
	group.Go(func() error {
		buffered := bufio.NewWriter(out)
		for c := range order {
			var r result
			select {
			case r = <-c.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			for _, err := range r.errs {
				bad = true
				_, _ = fmt.Fprintln(errOut, err)
			}
			if _, err := buffered.Write(r.out); err != nil {
				return fmt.Errorf("write results: %w", err)
			}
		}
		return buffered.Flush()
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if bad {
		return usageError{errBadLines}
	}
	return nil
}

const chunkLines = 64

func readChunks(ctx context.Context, in io.Reader, work, order chan<- *chunk) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	number, current := 0, &chunk{first: 1, done: make(chan result, 1)}
	send := func() error {
		for _, to := range []chan<- *chunk{order, work} {
			select {
			case to <- current:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		current = &chunk{first: number + 1, done: make(chan result, 1)}
		return nil
	}
	for scanner.Scan() {
		number++
		current.lines = append(current.lines, bytes.Clone(scanner.Bytes()))
		if len(current.lines) == chunkLines {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := send(); err != nil {
		return err
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return usagef("line %d: longer than %d bytes", number+1, maxLine)
	}
	return scanner.Err()
}

// judge answers every line of a chunk.
func (s *scorer) judge(c *chunk) result {
	var r result
	var out bytes.Buffer
	for i, line := range c.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		lines, err := s.score(line)
		if err != nil {
			r.errs = append(r.errs, fmt.Errorf("line %d: %w", c.first+i, err))
			continue
		}
		for _, l := range lines {
			out.Write(l)
			out.WriteByte('\n')
		}
	}
	r.out = out.Bytes()
	return r
}

// envelope is a line that may bring its brand along.
type envelope struct {
	Brand       json.RawMessage `json:"brand"`
	Post        json.RawMessage `json:"post"`
	AssumeMatch bool            `json:"assume_match"`
}

func (s *scorer) score(line []byte) ([][]byte, error) {
	var e envelope
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, err
	}
	judge := s.configured
	if e.Post != nil {
		line = e.Post
		if e.Brand != nil {
			var err error
			if judge, err = s.forBrand(e.Brand, e.AssumeMatch); err != nil {
				return nil, err
			}
		}
	}
	event, err := post.Decode(line)
	if err != nil {
		return nil, err
	}
	return s.render(event, judge.Assess(event, time.Time{}))
}

func (s *scorer) render(event *earshotv1.PostEvent, assessments []*earshotv1.Assessment) ([][]byte, error) {
	id := event.GetPost().GetNativeId()
	var lines [][]byte
	for _, a := range assessments {
		if !a.GetMatched() {
			continue
		}
		line, err := json.Marshal(newScored(id, a, s.keyed))
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		line, err := json.Marshal(struct {
			ID      string `json:"id"`
			Matched bool   `json:"matched"`
		}{id, false})
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}
