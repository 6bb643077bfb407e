package embedded

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
	"github.com/earshot/earshot/pkg/embedded/internal/clickhttp"
)

const (
	// drainLimit is how long a stop waits for running requests.
	drainLimit = 5 * time.Second
	// headerLimit is how long a caller may take over its headers.
	headerLimit = 10 * time.Second
	// maxHeaders bounds address and headers, in bytes: settings, parameters
	// and short statements travel there, as with http_max_uri_size.
	maxHeaders = 1 << 20
)

// listenerFile is where the child finds the listening socket: the first extra
// file after the standard three.
const listenerFile = 3

// ServeChild must be the first line of every main and TestMain that may start
// the engine. In the child process it serves and never returns; in any other
// it returns at once.
func ServeChild() {
	if !isChild() {
		return
	}
	// A Ctrl-C reaches the whole group; the parent decides when the engine stops.
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM)
	if err := serveChild(os.Stdin, os.Stdout); err != nil {
		_ = json.NewEncoder(os.Stdout).Encode(answer{Error: err.Error()})
		os.Exit(1)
	}
	os.Exit(0)
}

func serveChild(input io.Reader, output io.Writer) error {
	lines := bufio.NewReader(input)
	var o orders
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	stop := make(chan struct{})
	go obey(lines, stop)

	library, err := chdb.Open(o.Library)
	if err != nil {
		return err
	}
	engine, err := chdb.Start(library, o.Dir)
	if err != nil {
		return err
	}
	defer engine.Close()
	handler, err := clickhttp.New(engine, o.Token)
	if err != nil {
		return err
	}
	defer handler.Close()
	if err := handler.CreateDatabase(o.Database); err != nil {
		return err
	}
	return serve(handler, output, stop)
}

// obey waits for the parent's word. Its death ends this process at once: every
// acknowledged row is in the hands of the kernel, and a successor may be
// waiting for the folder.
func obey(lines *bufio.Reader, stop chan<- struct{}) {
	if line, err := lines.ReadString('\n'); err == nil && line == "stop\n" {
		close(stop)
		_, _ = lines.ReadString('\n')
	}
	os.Exit(0)
}

// serve answers requests until stop, then lets the running ones end.
func serve(handler http.Handler, output io.Writer, stop <-chan struct{}) error {
	listener, err := net.FileListener(os.NewFile(listenerFile, "listener"))
	if err != nil {
		return fmt.Errorf("take over the port: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerLimit, MaxHeaderBytes: maxHeaders}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := json.NewEncoder(output).Encode(answer{}); err != nil {
		return fmt.Errorf("tell the parent: %w", err)
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-stop:
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainLimit)
	defer cancel()
	if err := server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return nil
}
