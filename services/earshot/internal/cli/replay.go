package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/file"
	"github.com/earshot/earshot/services/collector/post"
	"github.com/earshot/earshot/services/collector/source"
	"github.com/earshot/earshot/services/earshot/internal/feed"
)

type replayFlags struct {
	mapping, speed string
	shift          bool
}

// errRefused ends a replay in which posts were refused; each has been named already.
var errRefused = errors.New("some posts were refused")

func newReplay(g *global) *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Send the posts of a file through the running pipeline",
		Long: `Replay sends posts from JSON Lines, CSV or TSV, also gzipped, to the collector. A CSV or
TSV file needs a --mapping, as the collector's file source does. It may be stopped and
begun again anywhere: ids decide, so nothing counts twice. Each refused post is named
with its line and field, and the rest goes on; the exit code is then 2.`,
		Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := newPace(f.speed)
			if err != nil {
				return err
			}
			posts, err := openPosts(args[0], f.mapping)
			if err != nil {
				return usageError{err}
			}
			c, err := g.running(cmd.Context())
			if err != nil {
				return err
			}
			client, err := c.Intake()
			if err != nil {
				return err
			}
			r := &replay{client: client, pace: p, shift: f.shift, errOut: cmd.ErrOrStderr(), progress: newProgress(os.Stderr)}
			client.Refused, client.Waiting = r.refuse, r.sayOnce()
			return r.run(cmd.Context(), posts, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&f.mapping, "mapping", "", "mapping `file` of a CSV or TSV file")
	cmd.Flags().StringVar(&f.speed, "speed", "max", "`N` times the speed of the posts' own times, or max")
	cmd.Flags().BoolVar(&f.shift, "shift", false, "shift the times so that the first post is from now")
	return cmd
}

// openPosts returns the source of a file that must be there.
func openPosts(path, mapping string) (*file.Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder, not a file", path)
	}
	posts, err := file.New(file.Config{Path: path, MappingFile: mapping})
	if err != nil {
		return nil, fmt.Errorf("%s: %w; see --mapping", path, err)
	}
	return posts, nil
}

// replay sends what a source reads to a collector.
type replay struct {
	client   *feed.Client
	pace     pace
	shift    bool
	moved    time.Duration // by which the times are shifted
	errOut   io.Writer
	progress *progress
	refused  int
	failed   error // why the collector cannot be reached
}

func (r *replay) run(ctx context.Context, posts source.Source, out io.Writer) error {
	began := time.Now()
	err := posts.Run(ctx, nil, func(ctx context.Context, b source.Batch) error {
		r.failed = r.emit(ctx, b)
		return r.failed
	})
	if err != nil && r.failed == nil {
		err = usageError{err} // the file cannot be read
	}
	if err == nil {
		err = r.client.Flush(ctx)
	}
	r.progress.done()
	seconds := time.Since(began).Seconds()
	_, _ = fmt.Fprintf(out, "%d posts accepted, %d refused, %.1f s, %.0f posts/s\n",
		r.client.Accepted, r.refused, seconds, float64(r.client.Accepted)/seconds)
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("replay: %w", ctx.Err())
	case r.refused > 0:
		return usageError{errRefused}
	}
	return nil
}

// refuse names a post that was refused.
func (r *replay) refuse(reason string) {
	r.refused++
	r.progress.done()
	_, _ = fmt.Fprintln(r.errOut, reason)
}

// sayOnce tells why a batch waits, once for each new reason.
func (r *replay) sayOnce() func(error) {
	last := ""
	return func(err error) {
		if text := err.Error(); text != last {
			last = text
			r.progress.done()
			_, _ = fmt.Fprintln(r.errOut, "waiting:", text)
		}
	}
}

// emit sends a batch.
func (r *replay) emit(ctx context.Context, b source.Batch) error {
	for _, bad := range b.Bad {
		r.refuse(fmt.Sprintf("%s: %v", bad.Position, bad.Err))
	}
	for _, e := range b.Events {
		if err := r.wait(ctx, e); err != nil {
			return err
		}
		if r.shift {
			r.move(e.GetPost(), time.Now())
		}
		line, err := post.Encode(e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.GetProvenance().GetPosition(), err)
		}
		if err := r.client.Add(ctx, e.GetProvenance().GetPosition(), line); err != nil {
			return err
		}
		r.progress.step(r.client.Accepted)
	}
	return nil
}

// wait holds the event back until its time at the pace has come.
func (r *replay) wait(ctx context.Context, e *earshotv1.PostEvent) error {
	pause := r.pace.until(eventTime(e.GetPost()), time.Now())
	if pause <= 0 {
		return nil
	}
	if err := r.client.Flush(ctx); err != nil {
		return err
	}
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// move shifts the times of a post so that the first one that has a time is from now.
func (r *replay) move(p *earshotv1.Post, now time.Time) {
	if r.moved == 0 && p.GetCreatedAt() != nil {
		r.moved = now.Sub(p.GetCreatedAt().AsTime())
	}
	for _, at := range []*timestamppb.Timestamp{p.GetCreatedAt(), p.GetEditedAt()} {
		if at != nil {
			shifted := timestamppb.New(at.AsTime().Add(r.moved))
			at.Seconds, at.Nanos = shifted.Seconds, shifted.Nanos
		}
	}
}

// eventTime is when what an event tells happened; zero where the file does not say.
func eventTime(p *earshotv1.Post) time.Time {
	switch {
	case p.GetEditedAt() != nil:
		return p.GetEditedAt().AsTime()
	case p.GetCreatedAt() != nil:
		return p.GetCreatedAt().AsTime()
	}
	return time.Time{}
}

// pace holds a replay back to a multiple of the posts' own speed; the zero pace does not.
type pace struct {
	speed        float64
	first, began time.Time
}

func newPace(speed string) (pace, error) {
	if speed == "max" {
		return pace{}, nil
	}
	n, err := strconv.ParseFloat(speed, 64)
	if err != nil || !(n > 0) {
		return pace{}, usagef("--speed: %q is neither max nor a number above 0", speed)
	}
	return pace{speed: n}, nil
}

// until is how long a post of event time at must wait.
func (p *pace) until(at, now time.Time) time.Duration {
	if p.speed == 0 || at.IsZero() {
		return 0
	}
	if p.first.IsZero() {
		p.first, p.began = at, now
	}
	due := p.began.Add(time.Duration(float64(at.Sub(p.first)) / p.speed))
	return due.Sub(now)
}

// progress shows a count on a terminal, and nothing elsewhere.
type progress struct {
	out  *os.File
	next time.Time
}

func newProgress(out *os.File) *progress {
	if !isTerminal(out) {
		return &progress{}
	}
	return &progress{out: out}
}

func (p *progress) step(n int) {
	if p.out == nil || time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(200 * time.Millisecond)
	_, _ = fmt.Fprintf(p.out, "\r%d posts", n)
}

func (p *progress) done() {
	if p.out != nil {
		_, _ = fmt.Fprint(p.out, "\r\033[K")
	}
}

// isTerminal tells a person's terminal from a file or a pipe.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
