package testkit

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/retry"
)

// roomVariable names the faulty room that a test binary of its own runs.
const roomVariable = "EARSHOT_TEST_FAULTY_ROOM"

// faultyRooms break the contract, each in one way.
var faultyRooms = map[string]struct {
	handle func(m *memory, faults Faults) bus.Handler
	in     string // the case of the suite that finds it
	want   string // what it says
}{
	"forgets one": {func(m *memory, faults Faults) bus.Handler {
		right := m.handle(faults)
		return func(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
			var kept []bus.Message
			for _, message := range batch {
				if string(message.Value) != "delivery:7" {
					kept = append(kept, message)
				}
			}
			if len(kept) < len(batch) {
				return nil, nil
			}
			return right(ctx, kept)
		}
	}, "success", "message delivery:7: 0 effects, want 1"},
	"counts repeats": {func(m *memory, faults Faults) bus.Handler {
		return func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
			if err := faults.Before(); err != nil {
				return nil, err
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			for _, message := range batch {
				m.seen[string(message.Value)]++
			}
			faults.After()
			return nil, nil
		}
	}, "redelivery", "2 effects, want 1"},
	"swallows an error": {func(m *memory, faults Faults) bus.Handler {
		right := m.handle(faults)
		return func(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
			rejects, _ := right(ctx, batch)
			return rejects, nil
		}
	}, "transient_errors", "0 effects, want 1"},
	"drops the broken": {func(m *memory, faults Faults) bus.Handler {
		right := m.handle(faults)
		return func(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
			_, err := right(ctx, batch)
			return nil, err
		}
	}, "permanent_errors", "lost, no dead letter"},
	"rejects the valid": {func(*memory, Faults) bus.Handler {
		return func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
			rejects := make([]bus.Reject, len(batch))
			for i := range batch {
				rejects[i] = bus.Reject{Index: i, Reason: "all"}
			}
			return rejects, nil
		}
	}, "success", "dead-lettered, and it is valid"},
}

func faultyRoom(handle func(*memory, Faults) bus.Handler) Room {
	return Room{
		Topic: bus.TopicPosts, Group: "faulty",
		Message: func(id string) bus.Message { return bus.Message{Key: []byte(id), Value: []byte(id)} },
		Open: func(_ *testing.T, config bus.Config) Instance {
			room := &memory{seen: map[string]int{}}
			return Instance{
				Run: func(ctx context.Context, faults Faults) error {
					return bus.Consume(ctx, bus.ConsumeOptions{
						Config: config, Topics: []string{bus.TopicPosts}, Group: "faulty", Service: "faulty",
						BatchMessages: 7, BatchDelay: 10 * time.Millisecond, Handler: handle(room, faults),
					})
				},
				Effects: func(*testing.T) map[string]int { return room.seen },
			}
		},
	}
}

// TestFaultyRoom is the suite over a room that must not pass.
func TestFaultyRoom(t *testing.T) {
	room, ok := faultyRooms[os.Getenv(roomVariable)]
	if !ok {
		t.Skip("run by TestDeliveryFailsARoomThatBreaksTheContract")
	}
	Delivery(t, faultyRoom(room.handle))
}

func TestDeliveryFailsARoomThatBreaksTheContract(t *testing.T) {
	var running sync.WaitGroup
	for name, room := range faultyRooms {
		running.Go(func() {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFaultyRoom$/^"+room.in+"$", "-test.timeout=5m")
			child.Env = append(os.Environ(), roomVariable+"="+name)
			out, err := child.CombinedOutput()
			if err == nil {
				t.Errorf("a room that %s passes", name)
			}
			if !strings.Contains(string(out), room.want) {
				t.Errorf("of a room that %s it says:\n%.3000s", name, out)
			}
		})
	}
	running.Wait()
}

func TestBrokersAreApart(t *testing.T) {
	first, second := Broker(t), Broker(t)
	writer, err := bus.NewWriter(first, "test")
	require.NoError(t, err)
	require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("mine")}))
	require.NoError(t, writer.Close())
	count := func(c bus.Config) (n int) {
		require.NoError(t, bus.ReadAll(t.Context(), c, bus.TopicPosts, func(bus.Message) error { n++; return nil }))
		return n
	}
	require.Equal(t, 1, count(first))
	require.Zero(t, count(second))
}

func TestBrokerOfTheEnvironmentHasAPrefixForEachTest(t *testing.T) {
	shared := Broker(t)
	t.Setenv(kafkaVariable, strings.Join(shared.Brokers, ","))
	first, second := Broker(t), Broker(t)
	require.Equal(t, shared.Brokers, first.Brokers)
	require.Regexp(t, `^test-[a-z0-9]{10}\.$`, first.Prefix)
	require.NotEqual(t, first.Prefix, second.Prefix)
	writer, err := bus.NewWriter(first, "test")
	require.NoError(t, err)
	require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicPosts, Value: []byte("mine")}))
	require.NoError(t, writer.Close())
	require.NoError(t, bus.ReadAll(t.Context(), second, bus.TopicPosts, func(bus.Message) error { return errInjected }), "not another test's")
}

func TestFaults(t *testing.T) {
	require.NoError(t, noFaults().Before())
	noFaults().After()
	faults, failed := transientFaults(), 0
	require.ErrorIs(t, faults.Before(), errInjected, "no run without one, however few its batches")
	for range 300 {
		if err := faults.Before(); err != nil {
			require.ErrorIs(t, err, errInjected)
			require.False(t, retry.IsPermanent(err))
			failed++
		}
	}
	require.Positive(t, failed)
	require.Less(t, failed, 300)
	faults.After()
	require.NoError(t, ignoreCanceled(context.Canceled))
	require.ErrorIs(t, ignoreCanceled(errInjected), errInjected)
}

func TestWithIDKeepsTheMessage(t *testing.T) {
	m := withID(bus.Message{Key: []byte("k"), Headers: []bus.Header{{Key: "a", Value: "b"}}}, bus.TopicPosts, "7")
	require.Equal(t, bus.TopicPosts, m.Topic)
	require.Equal(t, "7", m.Header(headerID))
	require.Equal(t, "b", m.Header("a"))
	require.Equal(t, []byte("k"), m.Key)
}
