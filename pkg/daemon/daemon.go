// Package daemon is the frame of every service's process: flags, signals, telemetry,
// the admin page, and an orderly end. What the process does is the service's Run.
package daemon

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/telemetry"
)

// shutdownTime bounds everything that happens after the signal, in and around Run.
const shutdownTime = 15 * time.Second

// Exit codes of the command-line contract.
const (
	ExitOK    = 0
	ExitNo    = 1
	ExitUsage = 2
)

// Process is one service as a process of its own.
type Process struct {
	// Name is the service's name: "collector".
	Name    string
	Version string
	// Schema is the JSON Schema of earshot.yaml.
	Schema []byte
	// Configure reads the sections that the service needs and validates them.
	Configure func(*config.File) (Service, error)
	// Migrate, where a service has it, adds the flag -migrate: bring the database to
	// this version's schema and stop.
	Migrate func(context.Context, *config.File) error
}

// Service is a configured service, ready to run.
type Service struct {
	// AdminListen is where /healthz, /readyz and /metrics are served.
	AdminListen string
	Telemetry   telemetry.Config
	// Sections is the effective configuration by section, for -dump.
	Sections map[string]any
	// Run blocks until ctx ends.
	Run func(ctx context.Context, rt Runtime) error
}

// Runtime is what a process lends to the service in it.
type Runtime struct {
	Logger *slog.Logger
	// Probe is the service's readiness.
	Probe *Probe
}

// Main runs p with the command-line arguments args and returns the exit code. It owns
// the flags -config, -check, -dump and -version, and ends Run on SIGINT and SIGTERM.
func Main(args []string, p Process) int {
	flags := flag.NewFlagSet("earshot-"+p.Name, flag.ContinueOnError)
	path := flags.String("config", os.Getenv("EARSHOT_CONFIG"), "configuration `file`")
	check := flags.Bool("check", false, "check the configuration and stop")
	dump := flags.Bool("dump", false, "print the effective configuration, secrets masked, and stop")
	version := flags.Bool("version", false, "print the version and stop")
	migrate := new(bool)
	if p.Migrate != nil {
		migrate = flags.Bool("migrate", false, "bring the database to this version's schema and stop")
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return ExitOK
	} else if err != nil {
		return ExitUsage
	}
	if *version {
		fmt.Println("earshot-"+p.Name, p.Version)
		return ExitOK
	}
	file, service, err := p.load(*path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return ExitUsage
	}
	if *check || *dump {
		return report(os.Stdout, *dump, service)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	work := func() error { return p.serve(ctx, service) }
	if *migrate {
		work = func() error { return p.Migrate(ctx, file) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return ExitNo
	}
	return ExitOK
}

// Outlive returns ctx without its end, which comes a grace later: for what should not be
// cut off halfway when the process stops. Call release when it is done.
func Outlive(ctx context.Context, grace time.Duration) (longer context.Context, release func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() { stop(); cancel() }
}

func (p Process) load(path string) (*config.File, Service, error) {
	file, err := config.Load(path, p.Schema)
	if err != nil {
		return nil, Service{}, err
	}
	service, err := p.Configure(file)
	return file, service, err
}

func report(out io.Writer, dump bool, s Service) int {
	if !dump {
		return ExitOK
	}
	text, err := config.Dump(s.Sections)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return ExitNo
	}
	if _, err := out.Write(text); err != nil {
		return ExitNo
	}
	return ExitOK
}

func (p Process) serve(ctx context.Context, s Service) (err error) {
	tel, err := telemetry.Setup(ctx, telemetry.Options{Service: p.Name, Version: p.Version, Config: s.Telemetry, Log: os.Stderr})
	if err != nil {
		return err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		err = errors.Join(err, tel.Shutdown(last))
	}()
	health := &Health{}
	probe := health.Probe(p.Name)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return ServeHTTP(ctx, s.AdminListen, Admin(health, tel.Metrics)) })
	group.Go(func() error { return s.Run(ctx, Runtime{Logger: tel.Logger, Probe: probe}) })
	tel.Logger.Info("started", "version", p.Version, "admin", s.AdminListen)
	err = group.Wait()
	tel.Logger.Info("stopped")
	return err
}

// ServeHTTP serves handler on address until ctx ends, then lets open requests finish.
func ServeHTTP(ctx context.Context, address string, handler http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	return Serve(ctx, listener, handler)
}

// Serve is [ServeHTTP] on a listener that is already open; it closes it.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return fmt.Errorf("stop %s: %w", listener.Addr(), err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	}
	return nil
}
