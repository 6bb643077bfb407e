package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/embedded/internal/clickhttp"
)

// ClickHouseOptions say where the engine keeps its data and where it listens.
type ClickHouseOptions struct {
	// Dir holds the data and the token; it is created, for the owner alone.
	Dir string
	// Listen is a loopback address; port 0 takes a free one. Empty is "127.0.0.1:0".
	Listen string
	// Library is the path of libchdb; empty looks where make setup puts it.
	Library string
	// Database is created when missing, and named by [ClickHouse.DSN]. Empty is
	// "default".
	Database string
	// Logger takes deaths and restarts of the engine; nil is slog's default.
	Logger *slog.Logger
}

// ClickHouse is the ClickHouse engine in a child process of this one, behind
// ClickHouse's HTTP interface.
//
// When the child dies it is started again on the same address and data;
// meanwhile connections wait, and requests that were running fail. What an
// insert was acknowledged for is still there. When this process dies, by
// whatever cause, the child ends too.
type ClickHouse struct {
	addr     string
	database string
	token    config.Secret
	engine   *engine
	listener *os.File
	lock     *os.File
	close    sync.Once
}

// lockWait is how long a start waits for the folder: the child of a process
// that was just killed needs a moment to notice.
const (
	lockWait  = 2 * time.Second
	lockEvery = 20 * time.Millisecond
)

// StartClickHouse starts the engine and returns when it answers, which takes
// about half a second. It gives [ErrInUse] when another process has the folder
// or the port. The program's main must begin with [ServeChild].
func StartClickHouse(ctx context.Context, o ClickHouseOptions) (*ClickHouse, error) {
	if isChild() {
		return nil, errors.New("start ClickHouse: main must call embedded.ServeChild first")
	}
	library, err := FindLibrary(o.Library)
	if err != nil {
		return nil, err
	}
	c := &ClickHouse{database: o.Database}
	if c.database == "" {
		c.database = "default"
	}
	if c.lock, err = lockClickHouse(ctx, o.Dir); err != nil {
		return nil, err
	}
	if err := c.start(ctx, o, library); err != nil {
		return nil, errors.Join(err, c.release())
	}
	return c, nil
}

func (c *ClickHouse) start(ctx context.Context, o ClickHouseOptions, library string) error {
	var err error
	if c.token, err = loadToken(filepath.Join(o.Dir, "token")); err != nil {
		return err
	}
	if c.listener, c.addr, err = listenClickHouse(ctx, o.Listen); err != nil {
		return err
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	c.engine = &engine{
		logger: o.Logger,
		files:  []*os.File{c.listener, c.lock},
		orders: orders{
			Dir: filepath.Join(o.Dir, "store"), Library: library, Token: c.token.Reveal(), Database: c.database,
		},
	}
	return c.engine.run(ctx)
}

// Addr is the address as host:port.
func (c *ClickHouse) Addr() string { return c.addr }

// Token is the password of the user "default". It stays the same over restarts.
func (c *ClickHouse) Token() config.Secret { return c.token }

// DSN is what pkg/store and clickhouse-go open: HTTP, with user, token and database.
func (c *ClickHouse) DSN() string {
	u := url.URL{
		Scheme: "http", User: url.UserPassword(clickhttp.User, c.token.Reveal()), Host: c.addr, Path: "/" + c.database,
	}
	return u.String()
}

// PID is the child's process id; it changes with a restart.
func (c *ClickHouse) PID() int { return c.engine.pid() }

// Close lets running requests end for some seconds and stops the child. Calls after
// the first do nothing.
func (c *ClickHouse) Close() error {
	var err error
	c.close.Do(func() {
		err = errors.Join(c.engine.stop(), c.release())
	})
	return err
}

func (c *ClickHouse) release() error {
	var errs []error
	for _, f := range []*os.File{c.listener, c.lock} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// listenClickHouse opens the port in this process, which keeps it while the
// child is being restarted. It refuses addresses that others can reach.
func listenClickHouse(ctx context.Context, address string) (*os.File, string, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, "", fmt.Errorf("embedded ClickHouse address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, "", fmt.Errorf("embedded ClickHouse address %q is not on loopback; "+
			"for other machines set clickhouse.dsn to a real ClickHouse", address)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, "", fmt.Errorf("embedded ClickHouse address %s: %w", address, ErrInUse)
	}
	if err != nil {
		return nil, "", fmt.Errorf("listen for ClickHouse: %w", err)
	}
	file, err := listener.(*net.TCPListener).File()
	if err = errors.Join(err, listener.Close()); err != nil {
		return nil, "", fmt.Errorf("listen for ClickHouse: %w", err)
	}
	return file, listener.Addr().String(), nil
}

// lockClickHouse creates dir and takes its lock. The child inherits the lock,
// so that it is free only when both processes are gone.
func lockClickHouse(ctx context.Context, dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create ClickHouse's folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "LOCK"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock ClickHouse's folder: %w", err)
	}
	for deadline := time.Now().Add(lockWait); ; {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock ClickHouse's folder %q: %w", dir, err), file.Close())
		}
		if time.Now().After(deadline) {
			return nil, errors.Join(fmt.Errorf("ClickHouse folder %q: %w", dir, ErrInUse), file.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), file.Close())
		case <-time.After(lockEvery):
		}
	}
}

// loadToken reads the token at path, or makes one that only the owner can read.
func loadToken(path string) (config.Secret, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		if token := strings.TrimSpace(string(text)); token != "" {
			return config.Secret(token), nil
		}
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read ClickHouse's token: %w", err)
	}
	token := rand.Text()
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("write ClickHouse's token: %w", err)
	}
	return config.Secret(token), nil
}
