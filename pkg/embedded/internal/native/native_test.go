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
	for _, name := range []string{"JSON", "Dynamic", "Variant(String)", "AggregateFunction(sum, UInt8)", "Array(JSON)", "Decimal(99, 1)", "Decimal(x)", ""} {
		_, err := parse(name)
		require.ErrorIs(t, err, ErrType, name)
	}
	_, err := parse("FixedString(x)")
	require.Error(t, err)
}

func FuzzConvert(f *testing.F) {
	f.Add(blocks(f, 0, 3))
	f.Add(blocks(f, 0, 0, 1))
	f.Add(binary.AppendUvarint([]byte{1}, 1<<62))
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		if Convert(&out, bytes.NewReader(data), 0) == nil && !bytes.Equal(data, out.Bytes()) {
			t.Fatal("a conversion to the same revision changes the bytes")
		}
	})
}
