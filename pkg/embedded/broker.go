// Package embedded runs what Earshot needs of others inside one machine: a broker that
// speaks Kafka's protocol, in this process, and the ClickHouse engine, in a child
// process. Both keep their data on disk and listen on loopback only.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// ErrInUse tells that a port or a folder belongs to another process.
var ErrInUse = errors.New("in use by another process")

// BrokerOptions say where a broker keeps its log and where it listens.
type BrokerOptions struct {
	// Dir holds the log; it is created. Empty keeps the log in memory: for tests.
	Dir string
	// Listen is a loopback address; port 0 takes a free one. Empty is "127.0.0.1:0".
	Listen string
	// SyncWrites makes every write survive a power loss, at the price of a disk sync
	// per request. Without it the log survives the death of the process.
	SyncWrites bool
	// Logger takes the broker's warnings, such as a full disk; nil is slog's default.
	Logger *slog.Logger
}

// Broker is a running in-process broker.
type Broker struct {
	cluster *kfake.Cluster
	lock    *os.File
	dir     string
	addr    string
	logger  *slog.Logger
	close   sync.Once
	// compacting refuses writes.
	compacting atomic.Bool
	// stop ends the upkeep, whose end upkept waits for.
	stop   context.CancelFunc
	upkept sync.WaitGroup
}

// StartBroker starts a broker on the log that Dir holds. It gives [ErrInUse] when
// another process has the folder or the port. Topics are made by whoever uses them.
//
// A write that the disk refuses is answered with an error, never acknowledged.
func StartBroker(ctx context.Context, o BrokerOptions) (*Broker, error) {
	listener, err := listenLoopback(ctx, o.Listen)
	if err != nil {
		return nil, err
	}
	lock, err := lockDir(o.Dir)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := putBack(o.Dir); err != nil {
		return nil, errors.Join(fmt.Errorf("start broker on %q: %w", o.Dir, err), listener.Close(), unlock(lock))
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	options := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return listener, nil }),
		kfake.WithLogger(&brokerLog{logger: o.Logger}),
		kfake.ClusterID("earshot-embedded"),
		kfake.BrokerConfigs(map[string]string{"log.cleaner.backoff.ms": neverMillis}),
	}
	if o.Dir != "" {
		options = append(options, kfake.DataDir(o.Dir))
	}
	if o.SyncWrites {
		options = append(options, kfake.SyncWrites())
	}
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start broker on %q: %w", o.Dir, err), listener.Close(), unlock(lock))
	}
	b := &Broker{cluster: cluster, lock: lock, dir: o.Dir, addr: listener.Addr().String(), logger: o.Logger}
	b.refuseWrites()
	if err := b.resumeCompaction(ctx); err != nil {
		cluster.Close()
		return nil, errors.Join(fmt.Errorf("start broker on %q: %w", o.Dir, err), unlock(lock))
	}
	// the upkeep lives as long as the broker: until Close
	lifetime, stop := context.WithCancel(context.WithoutCancel(ctx))
	b.stop = stop
	b.upkept.Go(func() { b.upkeep(lifetime) })
	return b, nil
}

// Addr is the broker's address as host:port.
func (b *Broker) Addr() string { return b.addr }

// Close writes what restarts need and ends the broker. Calls after the first do nothing.
func (b *Broker) Close() error {
	var err error
	b.close.Do(func() {
		b.stop()
		b.upkept.Wait()
		b.cluster.Close()
		err = unlock(b.lock)
	})
	return err
}

// listenLoopback refuses other addresses: the broker asks nobody for a password.
func listenLoopback(ctx context.Context, address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("broker address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("broker address %q is not on loopback; other machines need a real Kafka", address)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("broker address %s: %w", address, ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("listen for the broker: %w", err)
	}
	return listener, nil
}

// lockDir creates dir and takes its lock, which the kernel frees when the process dies.
func lockDir(dir string) (*os.File, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("create the broker's folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "LOCK"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the broker's folder: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(fmt.Errorf("broker folder %q: %w", dir, ErrInUse), file.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the broker's folder %q: %w", dir, err), file.Close())
	}
	return file, nil
}

func unlock(lock *os.File) error {
	if lock == nil {
		return nil
	}
	return lock.Close()
}

// brokerLog passes the broker's warnings and errors on, those of one kind once a minute:
// a full disk would say the same for every request.
type brokerLog struct {
	logger *slog.Logger
	mu     sync.Mutex
	said   map[string]time.Time // by the kind of the message
}

const sayAgain = time.Minute

// Logf implements kfake.Logger.
func (l *brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	if level > kfake.LogLevelWarn || !l.due(format) {
		return
	}
	to := slog.LevelWarn
	if level == kfake.LogLevelError {
		to = slog.LevelError
	}
	l.logger.Log(context.Background(), to, "broker", "detail", fmt.Sprintf(format, args...))
}

func (l *brokerLog) due(kind string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Sub(l.said[kind]) < sayAgain {
		return false
	}
	if l.said == nil {
		l.said = map[string]time.Time{}
	}
	l.said[kind] = now
	return true
}
