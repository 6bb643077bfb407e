package embedded

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

// childVariable marks a process as the engine's child.
const childVariable = "EARSHOT_CLICKHOUSE_CHILD"

func isChild() bool { return os.Getenv(childVariable) != "" }

// orders are the first line on the child's standard input, which no one else
// can read. The line "stop" asks it to end; the end of the input, which comes
// with the parent's death, makes it.
type orders struct {
	Dir, Library, Token, Database string
}

// answer is the line on the child's standard output once it serves, or cannot.
type answer struct {
	Error string `json:",omitempty"`
}

const (
	// startLimit bounds a start; a cold disk takes seconds to read the library.
	startLimit = 60 * time.Second
	// stopLimit bounds a stop, after which the child is killed.
	stopLimit = drainLimit + 5*time.Second
	// A child that keeps dying is started again after firstPause, then twice
	// as long each time up to longestPause; healthyAfter forgets past deaths.
	firstPause   = 100 * time.Millisecond
	longestPause = 10 * time.Second
	healthyAfter = time.Minute
)

// engine keeps the child process running.
type engine struct {
	logger *slog.Logger
	files  []*os.File
	orders orders

	current atomic.Pointer[child]
	cancel  context.CancelFunc
	stopped chan struct{}
}

// child is one run of the child process.
type child struct {
	cmd   *exec.Cmd
	input io.WriteCloser
	ended chan struct{}
	err   error // of Wait, once ended is closed
}

// run starts the child and watches it until stop.
func (e *engine) run(ctx context.Context) error {
	first, err := e.spawn(ctx)
	if err != nil {
		return err
	}
	e.current.Store(first)
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e.cancel, e.stopped = cancel, make(chan struct{})
	go e.supervise(life, first)
	return nil
}

func (e *engine) pid() int { return e.current.Load().cmd.Process.Pid }

// supervise replaces a child that died, until ctx ends.
func (e *engine) supervise(ctx context.Context, c *child) {
	defer close(e.stopped)
	pause, since := firstPause, time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.ended:
		}
		if time.Since(since) > healthyAfter {
			pause = firstPause
		}
		e.logger.Error("clickhouse died, starting it again", "error", c.err, "pause", pause)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
		next, err := e.spawn(ctx)
		if err != nil {
			e.logger.Error("clickhouse does not start", "error", err)
			continue
		}
		c, since = next, time.Now()
		e.current.Store(c)
		e.logger.Info("clickhouse is back", "pid", e.pid())
	}
}

// spawn starts a child and waits until it serves.
func (e *engine) spawn(ctx context.Context) (*child, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	// Not bound to ctx: the child ends by its input, after its requests.
	cmd := exec.Command(executable) //nolint:noctx,gosec // ends by stop or the parent's death; the program is this one
	// Times are UTC everywhere, whatever the machine's zone.
	cmd.Env = append(os.Environ(), childVariable+"=1", "TZ=UTC")
	cmd.ExtraFiles = e.files
	cmd.Stderr = &lineLog{logger: e.logger}
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start ClickHouse: %w", err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start ClickHouse: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start ClickHouse: %w", err)
	}
	c := &child{cmd: cmd, input: input, ended: make(chan struct{})}
	ready := make(chan error, 1)
	go func() {
		defer close(c.ended)
		ready <- greet(input, output, e.orders)
		_, _ = io.Copy(io.Discard, output)
		c.err = cmd.Wait()
	}()
	return c, c.await(ctx, ready)
}

// await waits for the child's answer and ends a child without a good one.
func (c *child) await(ctx context.Context, ready <-chan error) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	var err error
	select {
	case err = <-ready:
		if err == nil {
			return nil
		}
	case <-ctx.Done():
		err = ctx.Err()
	case <-limit.C:
		err = fmt.Errorf("no answer within %v", startLimit)
	}
	_ = c.cmd.Process.Kill()
	<-c.ended
	return fmt.Errorf("start ClickHouse: %w", err)
}

// greet gives the child its orders and reads its answer.
func greet(input io.Writer, output io.Reader, o orders) error {
	if err := json.NewEncoder(input).Encode(o); err != nil {
		return fmt.Errorf("give orders: %w", err)
	}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the child process ended before it served: %w", err)
	}
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		return fmt.Errorf("the child process does not call embedded.ServeChild first: it printed %.80q", line)
	}
	if a.Error != "" {
		return errors.New(a.Error)
	}
	return nil
}

// stop ends supervision and the child: first gently, then not.
func (e *engine) stop() error {
	if e == nil || e.cancel == nil {
		return nil
	}
	e.cancel()
	<-e.stopped
	c := e.current.Load()
	_, _ = io.WriteString(c.input, "stop\n")
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-c.ended:
		return nil
	case <-limit.C:
		_ = c.cmd.Process.Kill()
		<-c.ended
		return fmt.Errorf("stop ClickHouse: killed after %v", stopLimit)
	}
}

// lineLog passes on what the child writes to standard error, line by line.
type lineLog struct {
	logger *slog.Logger
	rest   []byte
}

// maxLine bounds a logged line, in bytes.
const maxLine = 8 << 10

func (l *lineLog) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, ok := bytes.Cut(l.rest, []byte("\n"))
		if !ok && len(l.rest) < maxLine {
			return len(p), nil
		}
		if !ok {
			line, rest = l.rest, nil
		}
		if len(bytes.TrimSpace(line)) > 0 {
			l.logger.Warn("clickhouse", "detail", string(line))
		}
		l.rest = rest
	}
}
