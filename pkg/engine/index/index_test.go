package index

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

var testKey = []byte("a key of these tests, 32 bytes!!")

// people are invented customers.
var people = [][]string{
	{"Ana Ruiz Peña", "ana.ruiz@mail.example", "+34 612 345 678", "ES91 2100 0418 4502 0005 1332", "Calle Mayor 4"},
	{"O'Brien, Liam", "liam@obrien.example", "(0)20 7946 0018", "AC-99812-X", "12 Harbour Road"},
	{"佐藤花子", "hanako@mail.example", "", "JP-000777", "港区 1-2-3"},
	{"Kim Lee", "kim.lee@mail.example", "030 901820", "AC-55501-Q", "5 Elm Street"},
	{"Kim Lee", "kim2@mail.example", "040 901821", "AC-55502-Q", "9 Oak Street"},
}

var columns = []Column{{Name: "name", Type: Name}, {Name: "mail", Type: Email}, {Name: "phone", Type: Phone}, {Name: "account", Type: ID, Unique: true}, {Name: "street", Type: Text}}

func build(t *testing.T, rows [][]string) *Index {
	t.Helper()
	b, err := NewBuilder(testKey, "customers", "customer", columns)
	require.NoError(t, err)
	for _, row := range rows {
		require.NoError(t, b.Add(row))
	}
	return open(t, b.Bytes)
}

func open(t *testing.T, made func() ([]byte, error)) *Index {
	t.Helper()
	file, err := made()
	require.NoError(t, err)
	x, err := Open(testKey, file)
	require.NoError(t, err)
	return x
}

// ask returns, for each row found, its columns and the texts of its spans.
func ask(x *Index, s string) []string {
	var post text.Text
	post.Reset(s)
	r := NewReading(testKey)
	r.Reset(&post)
	var out []string
	for _, m := range r.Rows(x, nil) {
		line := ""
		for _, c := range m.Columns {
			line += x.Columns[c].Name + " "
		}
		for _, span := range m.Spans {
			line += "[" + string(post.Clean[span.Start:span.End]) + "]"
		}
		out = append(out, line)
	}
	return out
}

func TestRows(t *testing.T) {
	x := build(t, people)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"two columns", "Ana Ruiz Peña, write to ana.ruiz@mail.example", []string{"name mail [Ana Ruiz Peña][ana.ruiz@mail.example]"}},
		{"in any order of the name, without accents", "RUIZ PENA ANA (tel 612 345 678)", []string{"name phone [RUIZ PENA ANA][612 345 678]"}},
		{"a name alone", "Ana Ruiz Peña was here", nil},
		{"a mailbox alone", "ana.ruiz@mail.example", nil},
		{"a unique column alone", "pay to ES9121000418450200051332 today", []string{"account [ES9121000418450200051332]"}},
		{"grouped otherwise", "pay to ES91-2100 0418 4502 0005 1332.", []string{"account [ES91-2100 0418 4502 0005 1332]"}},
		{"values of two rows", "Ana Ruiz Peña and liam@obrien.example", nil},
		{"apostrophe and comma", "Liam O’Brien lives at 12 Harbour Road", []string{"name street [Liam O'Brien][12 Harbour Road]"}},
		{"international phone", "liam@obrien.example +44 20 7946 0018", []string{"mail phone [liam@obrien.example][44 20 7946 0018]"}},
		{"Japanese", "顧客の佐藤花子さんは hanako@mail.example です", []string{"name mail [佐藤花子][hanako@mail.example]"}},
		{"one of two of the name", "Kim Lee, 9 Oak Street", []string{"name street [Kim Lee][9 Oak Street]"}},
		{"too far apart", "Ana Ruiz Peña" + strings.Repeat(" bla", 80) + " ana.ruiz@mail.example", nil},
		{"far but not too far", "Ana Ruiz Peña" + strings.Repeat(" bla", 60) + " ana.ruiz@mail.example", []string{"name mail [Ana Ruiz Peña][ana.ruiz@mail.example]"}},
		{"part of a longer word", "xES9121000418450200051332", nil},
		{"nothing", "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, ask(x, tc.text)) })
	}
}

// TestCommonValuesLeadNowhere holds that what many rows share does not name one by itself,
// and does beside a rarer value of the row.
func TestCommonValuesLeadNowhere(t *testing.T) {
	var rows [][]string
	for i := range commonest + 10 {
		rows = append(rows, []string{"Sam Common", "", "", fmt.Sprintf("AB-%05d-Z", i), "1 Same Street"})
	}
	x := build(t, rows)
	require.Empty(t, ask(x, "Sam Common, 1 Same Street"))
	require.Equal(t, []string{"name account street [AB-00007-Z][Sam Common][1 Same Street]"}, ask(x, "AB-00007-Z Sam Common, 1 Same Street"))
}

// TestFileHoldsNoValue looks for the values, and their plain hashes' absence follows from
// the key: two keys give files that share nothing but the header.
func TestFileHoldsNoValue(t *testing.T) {
	made := map[string][]byte{}
	for _, key := range []string{string(testKey), "another key of these tests 32 b!"} {
		b, err := NewBuilder([]byte(key), "customers", "customer", columns)
		require.NoError(t, err)
		for _, row := range people {
			require.NoError(t, b.Add(row))
		}
		file, err := b.Bytes()
		require.NoError(t, err)
		for _, row := range people {
			for _, value := range row {
				require.False(t, value != "" && strings.Contains(string(file), value), value)
			}
		}
		made[key] = file
	}
	a, b := build(t, people), made["another key of these tests 32 b!"]
	for i := range len(a.table.exact) / 8 {
		require.NotContains(t, string(b), string(a.table.exact[i*8:i*8+8]))
	}
}

func TestOpenRefuses(t *testing.T) {
	b, err := NewBuilder(testKey, "customers", "customer", columns)
	require.NoError(t, err)
	require.NoError(t, b.Add(people[0]))
	file, err := b.Bytes()
	require.NoError(t, err)
	_, err = Open([]byte("another key of these tests 32 b!"), file)
	require.ErrorIs(t, err, ErrKey)
	for name, tc := range map[string]struct {
		change func(f []byte) []byte
		want   string
	}{
		"nothing":       {func([]byte) []byte { return nil }, "not an index"},
		"another file":  {func(f []byte) []byte { f[0] = 'x'; return f }, "not an index"},
		"later version": {func(f []byte) []byte { f[8] = 9; return f }, "format version 9"},
		"cut short":     {func(f []byte) []byte { return f[:40] }, "cut short"},
		"cut at end":    {func(f []byte) []byte { return f[:len(f)-1] }, "damaged"},
		"one bit":       {func(f []byte) []byte { f[len(f)-50] ^= 1; return f }, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(testKey, tc.change(slices.Clone(file)))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestBuilderRefuses(t *testing.T) {
	for _, tc := range []struct {
		name, index, kind string
		columns           []Column
		want              string
	}{
		{"name", "Our Customers", "customer", columns, "name"},
		{"kind", "a", "complaint", columns, "kind"},
		{"type", "a", "customer", []Column{{Name: "x", Type: "date"}, columns[0]}, `type "date"`},
		{"no column", "a", "customer", nil, "columns"},
		{"one common column", "a", "customer", columns[:1], "unique"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := NewBuilder(testKey, tc.index, tc.kind, tc.columns)
			require.ErrorContains(t, err, tc.want)
		})
	}
	b, err := NewBuilder(testKey, "a", "customer", columns)
	require.NoError(t, err)
	require.ErrorContains(t, b.Add([]string{"one"}), "row 1")
	_, err = b.Bytes()
	require.Error(t, err)
	require.NoError(t, b.Add([]string{"X", "not a mailbox", "12", "A1", "short"}))
	require.Equal(t, 5, b.Skipped())
	require.Zero(t, b.Values())
}

// TestPolynomialOfPosts holds that a value has one hash, in its cell and in a post.
func TestPolynomialOfPosts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		value := make([]byte, 5+random.IntN(30))
		for i := range value {
			value[i] = "abcdefghij0123456789   -"[random.IntN(24)]
		}
		for _, of := range []Type{ID, Text, Name} {
			cell, post := NewReading(testKey), NewReading(testKey)
			normal, polynomial, n, ok := cell.whole(of, string(value))
			if !ok {
				continue
			}
			var t1 text.Text
			t1.Reset("xx, " + string(value) + ", yy")
			post.Reset(&t1)
			require.Equal(t, polynomial, post.polynomial(of, 1, n), "%q", value)
			require.Equal(t, string(normal), string(post.sequence(nil, of, 1, n)))
		}
	}
}

func TestSearch(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	hashes := []uint64{0, 0, 1, 1 << 63, 1<<64 - 1, 1<<64 - 1}
	for range 500 {
		h := random.Uint64()
		hashes = append(hashes, h, h)
	}
	slices.Sort(hashes)
	var bytes []byte
	for _, h := range hashes {
		bytes = binary.LittleEndian.AppendUint64(bytes, h)
	}
	for _, h := range append(slices.Clone(hashes), 2, 1<<63+1, random.Uint64()) {
		from, to := search(bytes, h)
		want, _ := slices.BinarySearch(hashes, h)
		n := 0
		for _, o := range hashes {
			if o == h {
				n++
			}
		}
		require.Equal(t, n, to-from)
		require.True(t, n == 0 || from == want)
	}
	from, to := search(nil, 7)
	require.Equal(t, from, to)
}

func TestBloom(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	const n = 20000
	f := bloom{make([]byte, bloomWords(n)*8)}
	var in [n][2]uint64
	for i := range in {
		in[i] = [2]uint64{random.Uint64(), random.Uint64()}
		f.add(in[i][0], in[i][1])
	}
	for _, h := range in {
		require.True(t, f.has(h[0], h[1]))
	}
	wrong := 0
	for range 1_000_000 {
		if f.has(random.Uint64(), random.Uint64()) {
			wrong++
		}
	}
	require.LessOrEqual(t, wrong, 12, "one in a million is the design")
	require.InDelta(t, 3.43*1024*1024, bloomWords(1_000_000)*8, 0.01*1024*1024, "domain guide 3.4")
}

func FuzzDecode(f *testing.F) {
	b, err := NewBuilder(testKey, "customers", "customer", columns)
	require.NoError(f, err)
	require.NoError(f, b.Add(people[0]))
	file, err := b.Bytes()
	require.NoError(f, err)
	n := int(binary.LittleEndian.Uint32(file[10:]))
	f.Add(file[headSize:headSize+n], file[headSize+n+keySize:len(file)-sumSize])
	d, err := NewDocuments(testKey, "memos", "marking")
	require.NoError(f, err)
	_, err = d.Add(Document{ID: "a"}, memo)
	require.NoError(f, err)
	x, err := json.Marshal(d.header)
	require.NoError(f, err)
	f.Add(x, []byte("\x01\x00\x00\x00\x00\x00\x00\x00abcdefgh\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, head, body []byte) {
		x, err := unpack(head, body)
		if err != nil {
			return
		}
		var post text.Text
		post.Reset("Ana Ruiz Peña ana.ruiz@mail.example 612 345 678 ES9121000418450200051332 " + memo)
		r := NewReading(testKey)
		r.Reset(&post)
		for _, m := range r.Quotes(x, r.Rows(x, nil)) {
			require.NotEmpty(t, m.Spans)
		}
	})
}

func FuzzOpen(f *testing.F) {
	b, err := NewBuilder(testKey, "customers", "customer", columns)
	require.NoError(f, err)
	require.NoError(f, b.Add(people[0]))
	file, err := b.Bytes()
	require.NoError(f, err)
	f.Add(file)
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := Open(testKey, data)
		require.Equal(t, err == nil, x != nil)
	})
}

func FuzzRows(f *testing.F) {
	b, err := NewBuilder(testKey, "customers", "customer", columns)
	require.NoError(f, err)
	for _, row := range people {
		require.NoError(f, b.Add(row))
	}
	file, err := b.Bytes()
	require.NoError(f, err)
	x, err := Open(testKey, file)
	require.NoError(f, err)
	f.Add("Ana Ruiz Peña ana.ruiz@mail.example @@ a@b. \xff 030 901820 5 Elm Street")
	r := NewReading(testKey)
	f.Fuzz(func(t *testing.T, s string) {
		var post text.Text
		post.Reset(s)
		r.Reset(&post)
		for _, m := range r.Rows(x, nil) {
			require.NotEmpty(t, m.Columns)
			for _, span := range m.Spans {
				require.True(t, 0 <= span.Start && span.Start < span.End && span.End <= len(post.Folded))
			}
		}
	})
}
