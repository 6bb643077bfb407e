package match_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/match"
)

func machine(literals ...string) *match.Machine {
	var set match.Set
	for _, l := range literals {
		set.Add(l)
	}
	return set.Compile()
}

// TestFindOverlaps holds every way in which literals can share bytes.
func TestFindOverlaps(t *testing.T) {
	for _, tc := range []struct {
		name     string
		literals []string
		text     string
		want     []match.Hit
	}{
		{"prefix of another", []string{"ab", "abc"}, "abc", []match.Hit{{0, 0, 2}, {1, 0, 3}}},
		{"suffix of another", []string{"bc", "abc"}, "abc", []match.Hit{{1, 0, 3}, {0, 1, 3}}},
		{"middle of another", []string{"b", "abc"}, "abc", []match.Hit{{0, 1, 2}, {1, 0, 3}}},
		{"with itself", []string{"aa"}, "aaaa", []match.Hit{{0, 0, 2}, {0, 1, 3}, {0, 2, 4}}},
		{"three that end together", []string{"c", "bc", "abc"}, "abc", []match.Hit{{2, 0, 3}, {1, 1, 3}, {0, 2, 3}}},
		{"one after the other", []string{"ab", "cd"}, "abcd", []match.Hit{{0, 0, 2}, {1, 2, 4}}},
		{"longer than the text", []string{"abcd"}, "abc", nil},
		{"the whole text", []string{"abc"}, "abc", []match.Hit{{0, 0, 3}}},
		{"zero bytes", []string{"\x00"}, "a\x00b", []match.Hit{{0, 1, 2}}},
		{"highest byte", []string{"\xff\xff"}, "\xff\xff\xff", []match.Hit{{0, 0, 2}, {0, 1, 3}}},
		{"case counts", []string{"abc"}, "ABC", nil},
		{"bytes that no literal has", []string{"abc"}, "ab-c ab c", nil},
		{"false start of a deep literal", []string{"abcdef", "cdx"}, "abcdx", []match.Hit{{1, 2, 5}}},
		{"suffix chain over several states", []string{"abcd", "bce", "cf"}, "abcf", []match.Hit{{2, 2, 4}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, machine(tc.literals...).Find([]byte(tc.text), nil))
		})
	}
}

func TestFindAppends(t *testing.T) {
	before := []match.Hit{{7, 8, 9}}
	require.Equal(t, []match.Hit{{7, 8, 9}, {0, 0, 1}}, machine("a").Find([]byte("a"), before))
}

func TestFindDoesNotAllocate(t *testing.T) {
	m, text, hits := machine("acme", "bank", "acme bank"), []byte(strings.Repeat("acme bank ", 50)), make([]match.Hit, 0, 512)
	require.Zero(t, testing.AllocsPerRun(50, func() { hits = m.Find(text, hits[:0]) }))
}

// TestMachineIsShared searches from many goroutines at once.
func TestMachineIsShared(t *testing.T) {
	m, text := machine("acme", "bank", "nk ac"), []byte(strings.Repeat("acme bank ", 200))
	want := m.Find(text, nil)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			if got := m.Find(text, nil); len(got) != len(want) || got[len(got)-1] != want[len(want)-1] {
				t.Error("searches disturb each other")
			}
		})
	}
	workers.Wait()
}

func TestAddOfMany(t *testing.T) {
	var set match.Set
	for i := range 5000 {
		require.Equal(t, int32(i), set.Add(strings.Repeat("x", i%7)+string(rune('a'+i%26))+string(rune(0x4e00+i))))
	}
	require.Equal(t, 5000, set.Len())
	require.Empty(t, set.Compile().Find([]byte("nothing of it"), nil))
}
