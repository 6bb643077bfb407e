package embedded_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/testkit"
)

// childVariable makes the test binary a broker of its own, to be killed.
const childVariable = "EARSHOT_TEST_BROKER_CHILD"

func startBroker(t *testing.T, o embedded.BrokerOptions) (*embedded.Broker, bus.Config) {
	t.Helper()
	broker, err := embedded.StartBroker(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, broker.Close()) })
	return broker, configOf(t, broker.Addr())
}

func configOf(t *testing.T, address string) bus.Config {
	t.Helper()
	config := bus.DefaultConfig()
	config.Brokers = []string{address}
	require.NoError(t, bus.EnsureTopics(t.Context(), config))
	return config
}

func newWriter(t *testing.T, config bus.Config) *bus.Writer {
	t.Helper()
	writer, err := bus.NewWriter(config, "test")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, writer.Close()) })
	return writer
}

func values(t *testing.T, config bus.Config, topic string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	require.NoError(t, bus.ReadAll(t.Context(), config, topic, func(m bus.Message) error {
		out[string(m.Value)] = true
		return nil
	}))
	return out
}

func TestBrokerRestartsWithItsData(t *testing.T) {
	for name, sync := range map[string]bool{"cached": false, "synced": true} {
		t.Run(name, func(t *testing.T) {
			options := embedded.BrokerOptions{Dir: t.TempDir(), SyncWrites: sync}
			broker, config := startBroker(t, options)
			require.NoError(t, newWriter(t, config).Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("kept")}))
			require.NoError(t, broker.Close())
			require.NoError(t, broker.Close(), "twice is fine")
			_, config = startBroker(t, options)
			require.Equal(t, map[string]bool{"kept": true}, values(t, config, bus.TopicPosts))
		})
	}
}

func TestBrokerTellsWhatIsInUse(t *testing.T) {
	dir := t.TempDir()
	broker, _ := startBroker(t, embedded.BrokerOptions{Dir: dir, Listen: testkit.Address(t)})
	tests := map[string]embedded.BrokerOptions{
		"folder": {Dir: dir},
		"port":   {Dir: t.TempDir(), Listen: broker.Addr()},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := embedded.StartBroker(t.Context(), options)
			require.ErrorIs(t, err, embedded.ErrInUse)
			require.ErrorContains(t, err, map[string]string{"folder": dir, "port": broker.Addr()}[name])
		})
	}
	require.NoError(t, broker.Close())
	startBroker(t, embedded.BrokerOptions{Dir: dir, Listen: broker.Addr()})
}

func TestBrokerListensOnLoopbackOnly(t *testing.T) {
	tests := map[string]string{
		"everywhere":   "0.0.0.0:0",
		"other":        "192.0.2.1:0",
		"no host":      ":9092",
		"no port":      "127.0.0.1",
		"no such name": "example.com:9092",
	}
	for name, address := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := embedded.StartBroker(t.Context(), embedded.BrokerOptions{Listen: address})
			require.ErrorContains(t, err, address)
		})
	}
}

func TestBrokerRefusesAFolderItCannotUse(t *testing.T) {
	file := t.TempDir() + "/file"
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: file})
	require.ErrorContains(t, err, file)

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/meta.json", []byte("{broken"), 0o600))
	_, err = embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: dir})
	require.ErrorContains(t, err, dir)
	require.NoError(t, os.Remove(dir+"/meta.json"))
	startBroker(t, embedded.BrokerOptions{Dir: dir}) // the lock was given back
}

// TestBrokerChild is the broker that the next test kills.
func TestBrokerChild(t *testing.T) {
	dir := os.Getenv(childVariable)
	if dir == "" {
		t.Skip("run by TestBrokerSurvivesKill")
	}
	broker, err := embedded.StartBroker(t.Context(), embedded.BrokerOptions{Dir: dir})
	require.NoError(t, err)
	fmt.Println("listening on", broker.Addr())
	<-t.Context().Done()
}

func startChild(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBrokerChild$", "-test.timeout=5m")
	child.Env = append(os.Environ(), childVariable+"="+dir)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	t.Cleanup(func() {
		_ = child.Process.Kill() // it may be dead already
		_ = child.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			return child, address
		}
	}
	t.Fatal("the child does not listen")
	return nil, ""
}

// A broker that is killed while it is written to keeps every message it acknowledged,
// and drops what it had written in part.
func TestBrokerSurvivesKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for life := range 3 {
		child, address := startChild(t, dir)
		config := configOf(t, address)
		writer := newWriter(t, config)
		ctx, cancel := context.WithCancel(t.Context())
		for i := 0; ctx.Err() == nil; i++ {
			batch := make([]bus.Message, 200)
			for j := range batch {
				text := fmt.Appendf(nil, "%d/%d/%d/%s", life, i, j, strings.Repeat("x", 3000))
				batch[j] = bus.Message{Topic: bus.TopicPosts, Key: text[:10], Value: text}
			}
			if i == 5 {
				time.AfterFunc(2*time.Millisecond, func() { // in the middle of a write
					_ = child.Process.Kill()
					cancel()
				})
			}
			if writer.Write(ctx, batch...) == nil {
				for _, m := range batch {
					acknowledged[string(m.Value)] = true
				}
			}
		}
		cancel()
		_ = child.Wait()
	}
	require.NoError(t, appendGarbage(dir), "a record cut short by a power loss")
	_, config := startBroker(t, embedded.BrokerOptions{Dir: dir})
	got := values(t, config, bus.TopicPosts)
	require.NotEmpty(t, acknowledged)
	for value := range acknowledged {
		require.True(t, got[value], value[:20])
	}
	require.NoError(t, newWriter(t, config).Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("after")}))
	require.True(t, values(t, config, bus.TopicPosts)["after"])
}

// appendGarbage leaves half a batch at the end of every log file.
func appendGarbage(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(entry.Name()) != ".dat" {
			return err
		}
		file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = file.Write([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 7, 7, 7})
		return errors.Join(err, file.Close())
	})
}

// A full disk gives errors while it is full, loses nothing that was acknowledged, and
// is over when there is room again.
func TestBrokerOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, 0)) })
	broker, config := startBroker(t, embedded.BrokerOptions{Dir: dir})
	writer := newWriter(t, config)

	acknowledged := map[string]bool{}
	write := func(ctx context.Context, i int) error {
		text := make([]byte, 50_000) // does not compress
		_, err := rand.Read(text)
		require.NoError(t, err)
		err = writer.Write(ctx, bus.Message{Topic: bus.TopicPosts, Key: fmt.Append(nil, i), Value: text})
		if err == nil {
			acknowledged[string(text)] = true
		}
		return err
	}
	const refused = kafka.Unknown // as kfake answers what it cannot persist
	i := 0
	var err error
	for ; !errors.Is(err, refused) && i < 200; i++ { // a slow disk ends nothing
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		err = write(ctx, i)
		cancel()
	}
	require.ErrorIs(t, err, refused)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Greater(t, len(acknowledged), 10)
	require.Less(t, len(acknowledged), 100, "the disk is full before that")
	require.Subset(t, values(t, config, bus.TopicPosts), acknowledged)

	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	for range 20 {
		require.NoError(t, write(t.Context(), i))
		i++
	}
	require.NoError(t, broker.Close())
	_, config = startBroker(t, embedded.BrokerOptions{Dir: dir})
	require.Subset(t, values(t, config, bus.TopicPosts), acknowledged)
}

func TestBrokerStartsOnAFixedPort(t *testing.T) {
	address := testkit.Address(t)
	broker, config := startBroker(t, embedded.BrokerOptions{Listen: address})
	require.Equal(t, address, broker.Addr())
	require.Empty(t, values(t, config, bus.TopicPosts))
}
