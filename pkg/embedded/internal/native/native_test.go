package native

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/stretchr/testify/require"
)

// columns are of every layout that ch-go can write by itself.
func columns(rows int) (int, []proto.InputColumn) {
	texts, low := new(proto.ColStr), new(proto.ColStr).LowCardinality()
	numbers := new(proto.ColUInt32)
	maybe := new(proto.ColStr).Nullable()
	deep := proto.NewArray(proto.NewArray[string](new(proto.ColStr).LowCardinality()))
	counts := proto.NewMap[string, uint8](new(proto.ColStr), new(proto.ColUInt8))
	for i := range rows {
		texts.Append(strings.Repeat("x", i%300))
		low.Append(strings.Repeat("l", i%7))
		numbers.Append(uint32(i))
		maybe.Append(proto.Nullable[string]{Set: i%2 == 0, Value: "v"})
		deep.Append([][]string{{"a", "b"}, {}, {strings.Repeat("d", i%3)}}[:i%4])
		counts.Append(map[string]uint8{"k": uint8(i)})
	}
	return rows, []proto.InputColumn{
		{Name: "texts", Data: texts},
		{Name: "low", Data: low},
		{Name: "numbers", Data: numbers},
		{Name: "maybe", Data: maybe},
		{Name: "deep", Data: deep},
		{Name: "counts", Data: counts},
	}
}

// blocks writes blocks of so many rows each, at a revision.
func blocks(t testing.TB, revision int, rows ...int) []byte {
	t.Helper()
	var buf proto.Buffer
	for _, n := range rows {
		count, input := columns(n)
		b := proto.Block{Columns: len(input), Rows: count, Info: proto.BlockInfo{BucketNum: -1}}
		require.NoError(t, b.EncodeBlock(&buf, revision, input))
	}
	return buf.Buf
}

func TestConvert(t *testing.T) {
	for _, tc := range []struct {
		name     string
		revision int
		rows     []int
	}{
		{"no block", 54460, nil},
		{"no rows", 54460, []int{0}},
		{"one row", 54460, []int{1}},
		{"several blocks", 54460, []int{3, 0, 1000, 70000}},
		{"before custom serialization", 54453, []int{100}},
		{"unchanged", 0, []int{100, 5}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got bytes.Buffer
			src := iotest.HalfReader(bytes.NewReader(blocks(t, 0, tc.rows...)))
			require.NoError(t, Convert(&got, src, uint64(tc.revision)))
			require.True(t, bytes.Equal(blocks(t, tc.revision, tc.rows...), got.Bytes()))
		})
	}
}

func TestConvertFails(t *testing.T) {
	whole := blocks(t, 0, 50)
	for cut := 1; cut < len(whole); cut += 7 {
		require.ErrorIs(t, Convert(io.Discard, bytes.NewReader(whole[:cut]), 54460), io.ErrUnexpectedEOF, cut)
	}
	broken := errors.New("broken")
	require.ErrorIs(t, Convert(io.Discard, iotest.ErrReader(broken), 54460), broken)
	require.ErrorIs(t, Convert(failing{broken}, bytes.NewReader(blocks(t, 0, 70000)), 54460), broken)
	unknown := append([]byte{1, 1, 1, 'a', 4}, "JSON\x00"...)
	require.ErrorIs(t, Convert(io.Discard, bytes.NewReader(unknown), 54460), ErrType)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestParse(t *testing.T) {
	one := func(size int) layout { return layout{shape: fixed, size: size} }
	str := layout{shape: text}
	of := func(s shape, inner ...layout) layout { return layout{shape: s, inner: inner} }
	for name, want := range map[string]layout{
		"UInt8": one(1), "Enum16('a(, ' = 1, 'it\\'s' = 2)": one(2), "DateTime('Asia/Tokyo')": one(4),
		"DateTime64(3, 'UTC')": one(8), "Decimal(9, 2)": one(4), "Decimal(18, 4)": one(8), "Decimal(38, 4)": one(16),
		"Decimal(76, 4)": one(32), "FixedString(5)": one(5), "IntervalDay": one(8), "Nothing": one(1), "Tuple()": one(1),
		"Nullable(String)":                         of(nullable, str),
		"LowCardinality(String)":                   of(lowCardinality, str),
		"LowCardinality(Nullable(FixedString(4)))": of(lowCardinality, one(4)),
		"LowCardinality(FixedString(4))":           of(lowCardinality, one(4)),
		"Array(Array(UInt16))":                     of(array, of(array, one(2))),
		"Tuple(a UInt8, `b, c` Nullable(String))":  of(tuple, one(1), of(nullable, str)),
		"Tuple(UInt8, Tuple(x String))":            of(tuple, one(1), of(tuple, str)),
		"Map(LowCardinality(String), UInt64)":      of(array, of(tuple, of(lowCardinality, str), one(8))),
		"Nested(a String, b Decimal(9, 1))":        of(array, of(tuple, str, one(4))),
		"SimpleAggregateFunction(sum, UInt64)":     one(8),
		"Point":                                    of(tuple, one(8), one(8)),
	} {
		got, err := parse(name)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"JSON", "Dynamic", "Variant(String)", "AggregateFunction(sum, UInt8)", "Array(JSON)", "Decimal(99, 1)", "Decimal(x)", "FixedString(x)", "FixedString(-1)", ""} {
		_, err := parse(name)
		require.ErrorIs(t, err, ErrType, name)
	}
}

// A conversion to the same revision changes nothing but lengths in more bytes than they
// need, which the engine does not write.
func FuzzConvert(f *testing.F) {
	f.Add(blocks(f, 0, 3))
	f.Add(blocks(f, 0, 0, 1))
	f.Add(binary.AppendUvarint([]byte{1}, 1<<62))
	f.Add([]byte("\x80\x000")) // 0 in two bytes
	f.Fuzz(func(t *testing.T, data []byte) {
		var once, twice bytes.Buffer
		if Convert(&once, bytes.NewReader(data), 0) != nil {
			return
		}
		if once.Len() > len(data) || bytes.Equal(data, once.Bytes()) != (once.Len() == len(data)) {
			t.Fatalf("%q became %q", data, once.Bytes())
		}
		if err := Convert(&twice, bytes.NewReader(once.Bytes()), 0); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("%q became %q: %v", once.Bytes(), twice.Bytes(), err)
		}
		if err := Convert(io.Discard, bytes.NewReader(once.Bytes()), 54460); err != nil {
			t.Fatalf("at another revision: %v", err)
		}
	})
}

// Whatever a type is called, its layout is found or refused; it is never guessed.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"Tuple(a UInt8, `b, c` Nullable(String))", "Enum8('a(, ' = 1)", "Decimal(9", "FixedString(-1)", "Array(", "LowCardinality(Nullable(", "Map(String)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		l, err := parse(name)
		if err == nil {
			checkLayout(t, name, l)
		}
	})
}

func checkLayout(t *testing.T, name string, l layout) {
	if l.shape == fixed && l.size < 0 {
		t.Fatalf("%q has values of %d bytes", name, l.size)
	}
	if inner := map[shape]int{nullable: 1, array: 1, lowCardinality: 1}[l.shape]; inner > 0 && len(l.inner) < inner {
		t.Fatalf("%q has nothing inside", name)
	}
	for _, inner := range l.inner {
		checkLayout(t, name, inner)
	}
}

// block is one column of one block at revision 0.
func block(name string, rows uint64, values ...byte) []byte {
	out := append([]byte{1}, binary.AppendUvarint(nil, rows)...)
	out = append(append(out, 1, 'a'), binary.AppendUvarint(nil, uint64(len(name)))...)
	return append(append(out, name...), values...)
}

func TestConvertRefusesWhatCannotBe(t *testing.T) {
	version := make([]byte, 8)
	number := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"a name of 4 GiB":           {append([]byte{1, 1}, binary.AppendUvarint(nil, 1<<32)...), "name of 4294967296 bytes"},
		"a length without an end":   {bytes.Repeat([]byte{0xff}, 11), "overflow"},
		"a shared dictionary":       {block("LowCardinality(String)", 1, append(version, number(sharedDictionary)...)...), "shared dictionary"},
		"an empty run":              {block("LowCardinality(String)", 1, bytes.Join([][]byte{version, number(0), number(0)}, nil)...), "dictionary of 0 rows where 1 remain"},
		"a run longer than a block": {block("LowCardinality(String)", 1, bytes.Join([][]byte{version, number(0), number(9)}, nil)...), "dictionary of 9 rows where 1 remain"},
		"an unknown type":           {block("Variant(String)", 1, 0), "Variant(String)"},
		"more rows than bytes":      {block("UInt64", 1<<40, 1, 2, 3), "unexpected EOF"},
		"arrays beyond the end":     {block("Array(UInt8)", 1, number(1<<50)...), "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, Convert(io.Discard, bytes.NewReader(test.data), 54460), test.want)
		})
	}
	require.NoError(t, Convert(io.Discard, bytes.NewReader(block("JSON", 0)), 54460), "a header needs no layout")
}

// What stands around a value by revision.
func TestConvertFramesColumns(t *testing.T) {
	in := block("UInt8", 2, 7, 9)
	for name, test := range map[string]struct {
		revision uint64
		want     string
	}{
		"as it is":                       {0, "\x01\x02\x01a\x05UInt8\x07\x09"},
		"with the block's info":          {1, string(blockInfo) + "\x01\x02\x01a\x05UInt8\x07\x09"},
		"before custom serialization":    {customSerialization - 1, string(blockInfo) + "\x01\x02\x01a\x05UInt8\x07\x09"},
		"since there is one: it is none": {customSerialization, string(blockInfo) + "\x01\x02\x01a\x05UInt8\x00\x07\x09"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, Convert(&out, bytes.NewReader(in), test.revision))
			require.Equal(t, test.want, out.String())
		})
	}
}

func TestSplit(t *testing.T) {
	for list, want := range map[string][]string{
		"":                          {""},
		"String":                    {"String"},
		"UInt8, String":             {"UInt8", "String"},
		"Array(Tuple(a, b)), c":     {"Array(Tuple(a, b))", "c"},
		"'a,b' = 1, 'it\\'s, ' = 2": {"'a,b' = 1", "'it\\'s, ' = 2"},
		"`a, b` String, c UInt8":    {"`a, b` String", "c UInt8"},
		"'without end, ":            {"'without end,"},
	} {
		require.Equal(t, want, split(list), list)
	}
}

func TestElementType(t *testing.T) {
	for element, want := range map[string]string{
		"UInt8": "UInt8", "a UInt8": "UInt8", "`a b` String": "String", "a Tuple(b UInt8, c String)": "Tuple(b UInt8, c String)",
		"Enum8('a b' = 1)": "Enum8('a b' = 1)", "e Enum8('a b' = 1)": "Enum8('a b' = 1)",
	} {
		require.Equal(t, want, elementType(element), element)
	}
}
