package testkit

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
)

func TestMain(m *testing.M) { Main(m) }

// memory is the smallest room that keeps the contract: its effect is a map by id.
type memory struct {
	mu   sync.Mutex
	seen map[string]int
}

func (m *memory) handle(faults Faults) bus.Handler {
	return func(_ context.Context, batch []bus.Message) ([]bus.Reject, error) {
		if err := faults.Before(); err != nil {
			return nil, err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		var rejects []bus.Reject
		for i, message := range batch {
			if message.Value[0] == 0xff {
				rejects = append(rejects, bus.Reject{Index: i, Reason: "decode"})
				continue
			}
			m.seen[string(message.Value)] = 1
		}
		faults.After()
		return rejects, nil
	}
}

func TestDeliveryAcceptsARoomThatKeepsTheContract(t *testing.T) {
	Delivery(t, Room{
		Topic: bus.TopicPosts, Group: "memory",
		Message: func(id string) bus.Message { return bus.Message{Key: []byte(id), Value: []byte(id)} },
		Open: func(_ *testing.T, config bus.Config) Instance {
			room := &memory{seen: map[string]int{}}
			return Instance{
				Run: func(ctx context.Context, faults Faults) error {
					return bus.Consume(ctx, bus.ConsumeOptions{
						Config: config, Topics: []string{bus.TopicPosts}, Group: "memory", Service: "memory",
						BatchMessages: 7, BatchDelay: 10 * time.Millisecond, Handler: room.handle(faults),
					})
				},
				Effects: func(*testing.T) map[string]int { return room.seen },
			}
		},
	})
}

func TestAccountNamesWhatIsWrong(t *testing.T) {
	valid, broken := map[string]bool{"a": true}, map[string]bool{"x": true}
	tests := map[string]struct {
		effects, letters map[string]int
		want             string
	}{
		"lost":                       {map[string]int{}, map[string]int{"x": 1}, "message a: 0 effects"},
		"twice":                      {map[string]int{"a": 2}, map[string]int{"x": 1}, "message a: 2 effects"},
		"valid and dead":             {map[string]int{"a": 1}, map[string]int{"a": 1, "x": 1}, "message a: dead-lettered"},
		"broken with an effect":      {map[string]int{"a": 1, "x": 1}, map[string]int{"x": 1}, "broken message x: has an effect"},
		"broken and lost":            {map[string]int{"a": 1}, map[string]int{}, "broken message x: lost"},
		"never sent":                 {map[string]int{"a": 1, "z": 1}, map[string]int{"x": 1}, "message z: has an effect"},
		"right":                      {map[string]int{"a": 1}, map[string]int{"x": 1}, ""},
		"right, dead letter repeats": {map[string]int{"a": 1}, map[string]int{"x": 3}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := account(valid, broken, tt.effects, tt.letters)
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.want)
			}
		})
	}
}

func TestGoldenWritesAndCompares(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv(updateVariable, "1")
	Golden(t, "deep/a.json", []byte("{}"))
	got, err := os.ReadFile(filepath.Join("testdata", "deep", "a.json"))
	require.NoError(t, err)
	require.Equal(t, "{}", string(got))
	t.Setenv(updateVariable, "")
	Golden(t, "deep/a.json", []byte("{}"))
}

func TestClickHouseGivesEachTestItsDatabase(t *testing.T) {
	first, second := ClickHouse(t), ClickHouse(t)
	require.NotEqual(t, first, second)
	database := func(dsn string) string {
		u, err := url.Parse(dsn)
		require.NoError(t, err)
		return strings.TrimPrefix(u.Path, "/")
	}
	require.NoError(t, execute(t.Context(), first, "CREATE TABLE "+database(first)+".t (a UInt8) ENGINE = MergeTree ORDER BY a"))
	require.NoError(t, execute(t.Context(), second, "CREATE TABLE "+database(second)+".t (a UInt8) ENGINE = MergeTree ORDER BY a"))
	require.ErrorContains(t, execute(t.Context(), first, "SELECT no_such_function()"), "UNKNOWN_FUNCTION")
}
