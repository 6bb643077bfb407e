package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

const memo = `The board agreed on Tuesday to close the Leeds depot by the end of March. Two hundred and
eleven colleagues are affected; consultation starts on the ninth. Nothing of this may be told before.
About us: Hollin makes lamps. Visit our website for more information about our lamps and shades.`

// invented text of n words.
func invented(random *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		for range 2 + random.IntN(8) {
			b.WriteByte(byte('a' + random.IntN(26)))
		}
		b.WriteByte(" \n,."[random.IntN(4)])
	}
	return b.String()
}

func printsOf(s string) map[uint64]bool {
	out := map[uint64]bool{}
	for _, p := range newKeys(testKey).prints(pieces(s), nil) {
		out[p.hash] = true
	}
	return out
}

// TestGuarantee is the property of winnowing: a shared run of Guarantee letters and digits
// is always found, and texts that share no run of gram characters share nothing.
func TestGuarantee(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for i := range 300 {
		run := ""
		for len(pieces(run)) < Guarantee {
			run += invented(random, 1)
		}
		a := invented(random, 30) + run + invented(random, 30)
		b := invented(random, random.IntN(20)) + strings.ToUpper(strings.ReplaceAll(run, " ", " – ")) + invented(random, random.IntN(20))
		theirs := printsOf(b)
		shared := 0
		for h := range printsOf(a) {
			if theirs[h] {
				shared++
			}
		}
		require.Positive(t, shared, "case %d: run %q", i, run)
	}
	for range 100 {
		ours, theirs := printsOf(invented(random, 60)), printsOf(invented(random, 60))
		for h := range ours {
			require.False(t, theirs[h])
		}
	}
}

// TestShorterThanAGram holds that a run one character short of a gram is never found.
func TestShorterThanAGram(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		run := string([]byte(strings.Repeat("lantern", 3))[:gram-1])
		ours := printsOf(invented(random, 20) + "0" + run + "1" + invented(random, 20))
		theirs := printsOf(invented(random, 20) + "2" + run + "3" + invented(random, 20))
		for h := range ours {
			require.False(t, theirs[h])
		}
	}
}

// TestWinnow compares the running pick with the definition, window by window.
func TestWinnow(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		hashes := make([]uint64, random.IntN(120))
		for i := range hashes {
			hashes[i] = uint64(random.IntN(9)) // many equals
		}
		want := map[int]bool{}
		for lo := 0; lo+window <= len(hashes); lo++ {
			least := lo
			for k := lo; k < lo+window; k++ {
				if mix(hashes[k]) <= mix(hashes[least]) {
					least = k
				}
			}
			want[least] = true
		}
		got := map[int]bool{}
		winnow(hashes, func(i int) {
			require.False(t, got[i], "picked twice")
			got[i] = true
		})
		require.Equal(t, want, got)
	}
}

func TestDensity(t *testing.T) {
	text := invented(rand.New(rand.NewPCG(13, 14)), 20000)
	found := newKeys(testKey).prints(pieces(text), nil)
	require.InDelta(t, 2.0/(window+1), float64(len(found))/float64(len(pieces(text))), 0.004)
}

func TestRollingIsFromScratch(t *testing.T) {
	k := newKeys(testKey)
	runes := pieces("The board agreed on Tuesday, 港区で、 to close the depot")
	for i, h := range k.rolling(runes, nil) {
		want := k.rolling(runes[i:i+gram], nil)
		require.Equal(t, want, []uint64{h})
	}
}

func TestQuotes(t *testing.T) {
	d, err := NewDocuments(testKey, "memos", "roadmap")
	require.NoError(t, err)
	_, err = d.Add(Document{ID: "m1", Title: "Depot memo"}, memo)
	require.NoError(t, err)
	_, err = d.Add(Document{ID: "m2", Title: "Other"}, invented(rand.New(rand.NewPCG(15, 16)), 300))
	require.NoError(t, err)
	require.Positive(t, d.Public("ABOUT US: hollin makes lamps! Visit our website for more information about our lamps and shades"))
	x := open(t, d.Bytes)
	quote := "the board agreed on tuesday to CLOSE the Leeds depot by the end of March"
	for _, tc := range []struct {
		name, text, want string
	}{
		{"a sentence", "they say \"" + quote + "\" wow", quote},
		{"without its spaces", strings.ReplaceAll(quote, " ", ""), ""},
		{"in HTML", "<p>the board agreed on <b>Tuesday</b> to close the Leeds depot by the end of March</p>", "the board agreed on Tuesday to close the Leeds depot by the end of March"},
		{"boilerplate that is public", "Visit our website for more information about our lamps and shades", "-"},
		{"a few words of it", "the board agreed on", "-"},
		{"other words", "the directors have decided to shut the place in Leeds this spring, sadly", "-"},
		{"a sentence in a long text", strings.Repeat("some quite other words of my own here, number one two three. ", 1) + quote + ". and two hundred and eleven colleagues are affected", ""},
		{"nothing", "", "-"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var post text.Text
			post.Reset(tc.text)
			r := NewReading(testKey)
			r.Reset(&post)
			found := r.Quotes(x, nil)
			if tc.want == "-" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Equal(t, "Depot memo", x.Documents[found[0].Document].Title)
			span := found[0].Spans[0]
			require.Contains(t, tc.want+tc.text, string(post.Clean[span.Start:span.End]))
			require.GreaterOrEqual(t, span.End-span.Start, gram)
		})
	}
}

func TestDocumentsAreReplacedAndKept(t *testing.T) {
	d, err := NewDocuments(testKey, "memos", "roadmap")
	require.NoError(t, err)
	_, err = d.Add(Document{ID: "a", Title: "first"}, memo)
	require.NoError(t, err)
	again, err := Reopen(testKey, open(t, d.Bytes))
	require.NoError(t, err)
	n, err := again.Add(Document{ID: "a", Title: "second"}, "quite another text that is long enough to leave a fingerprint or two behind")
	require.NoError(t, err)
	documents, prints := again.Len()
	require.Equal(t, []int{1, n}, []int{documents, prints})
	_, err = again.Add(Document{ID: "b"}, "too short")
	require.ErrorContains(t, err, "document b")
	_, err = Reopen(testKey, build(t, people))
	require.ErrorContains(t, err, "table")
	empty, err := NewDocuments(testKey, "memos", "roadmap")
	require.NoError(t, err)
	_, err = empty.Bytes()
	require.Error(t, err)
}

// TestPiecesJoin holds that a long document has the fingerprints of one read at once.
func TestPiecesJoin(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 18))
	long := invented(random, 20000)
	require.Greater(t, len(long), text.MaxBytes)
	middle := len(long) / 2
	theirs := printsOf(long)
	for h := range printsOf(long[middle : middle+2000]) {
		require.True(t, theirs[h])
	}
	var runes []rune
	for _, r := range pieces(long) {
		runes = append(runes, r.c)
	}
	require.Equal(t, len(slices.DeleteFunc([]rune(long), func(c rune) bool { return !wordRune(c) })), len(runes))
}

func BenchmarkRows(b *testing.B) {
	random := rand.New(rand.NewPCG(19, 20))
	builder, err := NewBuilder(testKey, "customers", "customer", []Column{{Name: "name", Type: Name}, {Name: "mail", Type: Email}, {Name: "account", Type: ID, Unique: true}})
	require.NoError(b, err)
	for i := range 20000 {
		require.NoError(b, builder.Add([]string{invented(random, 1) + " " + invented(random, 1), fmt.Sprintf("u%d@mail.example", i), fmt.Sprintf("AC-%08d", i)}))
	}
	file, err := builder.Bytes()
	require.NoError(b, err)
	x, err := Open(testKey, file)
	require.NoError(b, err)
	d, err := NewDocuments(testKey, "memos", "roadmap")
	require.NoError(b, err)
	_, err = d.Add(Document{ID: "a"}, invented(random, 20000))
	require.NoError(b, err)
	made, err := d.Bytes()
	require.NoError(b, err)
	docs, err := Open(testKey, made)
	require.NoError(b, err)
	var post text.Text
	post.Reset(memo[:280])
	r := NewReading(testKey)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			r.Reset(&post)
		}
	})
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			r.Rows(x, nil)
		}
	})
	b.Run("quotes", func(b *testing.B) {
		for b.Loop() {
			r.Quotes(docs, nil)
		}
	})
}
