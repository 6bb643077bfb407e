package match_test

import (
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/match"
)

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		name     string
		literals []string
		text     string
		want     []match.Hit
	}{
		{"nothing to find", nil, "any text", nil},
		{"nothing to read", []string{"a"}, "", nil},
		{"empty literal", []string{"", "a"}, "ba", []match.Hit{{1, 1, 2}}},
		{"one of each", []string{"he", "she", "his", "hers"}, "ushers", []match.Hit{{1, 1, 4}, {0, 2, 4}, {3, 2, 6}}},
		{"inside another", []string{"abcd", "bc"}, "abce", []match.Hit{{1, 1, 3}}},
		{"after a long false start", []string{"aaaab", "aac"}, "aaaac", []match.Hit{{1, 2, 5}}},
		{"bytes of a wide character", []string{"銀行"}, "東銀行だ", []match.Hit{{0, 3, 9}}},
		{"same literal twice", []string{"x", "x"}, "x", []match.Hit{{0, 0, 1}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var set match.Set
			for _, l := range tc.literals {
				set.Add(l)
			}
			require.Equal(t, tc.want, set.Compile().Find([]byte(tc.text), nil))
		})
	}
}

func TestAddNumbersLiteralsOnce(t *testing.T) {
	var set match.Set
	require.Equal(t, int32(0), set.Add("one"))
	require.Equal(t, int32(1), set.Add("two"))
	require.Equal(t, int32(0), set.Add("one"))
	require.Equal(t, 2, set.Len())
}

func TestFindAllBytes(t *testing.T) {
	var set match.Set
	for c := range 256 {
		set.Add(string([]byte{byte(c), byte(255 - c)}))
	}
	hits := set.Compile().Find([]byte{7, 248, 7, 200, 55}, nil)
	require.Equal(t, []match.Hit{{7, 0, 2}, {248, 1, 3}, {200, 3, 5}}, hits)
}

func TestFindDeepStates(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var literals []string
	for range 3000 {
		literals = append(literals, word(random, "abcdefgh", 1+random.IntN(9)))
	}
	text := word(random, "abcdefgh", 4000)
	checkAgainstNaive(t, literals, text)
}

func FuzzFind(f *testing.F) {
	f.Add("he she his hers", "ushers")
	f.Add("a aa aaa", "aaaaaaa")
	f.Fuzz(func(t *testing.T, words, text string) {
		checkAgainstNaive(t, strings.Fields(words), text)
	})
}

func word(random *rand.Rand, letters string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	return string(b)
}

func checkAgainstNaive(t *testing.T, literals []string, text string) {
	t.Helper()
	var set match.Set
	unique := map[string]int32{}
	for _, l := range literals {
		unique[l] = set.Add(l)
	}
	want := naive(unique, text)
	got := set.Compile().Find([]byte(text), nil)
	order := func(hits []match.Hit) func(i, j int) bool {
		return func(i, j int) bool {
			if hits[i].End != hits[j].End {
				return hits[i].End < hits[j].End
			}
			return hits[i].Start < hits[j].Start
		}
	}
	require.True(t, sort.SliceIsSorted(got, order(got)), "ends ascending, longest first")
	sort.Slice(want, order(want))
	require.Equal(t, want, got)
}

func naive(literals map[string]int32, text string) []match.Hit {
	var hits []match.Hit
	for literal, id := range literals {
		for i := 0; i+len(literal) <= len(text); i++ {
			if literal != "" && text[i:i+len(literal)] == literal {
				hits = append(hits, match.Hit{Literal: id, Start: int32(i), End: int32(i + len(literal))})
			}
		}
	}
	return hits
}

func BenchmarkFind(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	var set match.Set
	for range 5000 {
		set.Add(word(random, "etaoinshrdlucmfwyp", 4+random.IntN(8)))
	}
	machine := set.Compile()
	text := []byte(word(random, "etaoin shrdlu cmfwyp", 140))
	hits := make([]match.Hit, 0, 64)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		hits = machine.Find(text, hits[:0])
	}
}
