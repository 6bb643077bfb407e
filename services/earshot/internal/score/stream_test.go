package score

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// chunks cuts input into chunks.
func chunks(t *testing.T, in io.Reader) []*chunk {
	t.Helper()
	var out []*chunk
	require.NoError(t, readChunks(in, func(c *chunk) error {
		out = append(out, c)
		return nil
	}))
	return out
}

func TestReadLine(t *testing.T) {
	full := strings.Repeat("a", maxLine)
	tests := map[string]struct {
		in   string
		text string
		err  error
		end  bool
	}{
		"a line":                    {"abc\ndef", "abc", nil, false},
		"the last line":             {"abc", "abc", nil, true},
		"a Windows line":            {"abc\r\n", "abc", nil, false},
		"white space around":        {" \tabc \n", "abc", nil, false},
		"an empty line":             {"\n", "", nil, false},
		"nothing":                   {"", "", nil, true},
		"over the reader's buffer":  {strings.Repeat("b", 100_000) + "\n", strings.Repeat("b", 100_000), nil, false},
		"as long as may be":         {full[1:] + "\n", full[1:], nil, false},
		"a byte too long":           {full + "\n", "", errTooLong, false},
		"far too long":              {full + full + full + "\nabc", "", errTooLong, false},
		"too long, without an end":  {full + full, "", errTooLong, true},
		"too long by its end alone": {full[2:] + "\r\n\n", full[2:], nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l, err := readLine(bufio.NewReader(strings.NewReader(test.in)))
			if test.end {
				require.ErrorIs(t, err, io.EOF)
			} else {
				require.NoError(t, err)
			}
			require.ErrorIs(t, l.err, test.err)
			require.Equal(t, test.text, string(l.text))
		})
	}
}

func TestReadChunksAreBounded(t *testing.T) {
	tests := map[string]struct {
		line  string
		lines int
	}{
		"short lines":  {"abc", 1000},
		"blank lines":  {"", 1000},
		"long lines":   {strings.Repeat("a", 50_000), 50},
		"longer ones":  {strings.Repeat("a", 900_000), 5},
		"a single one": {"abc", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			next := 1
			for _, c := range chunks(t, strings.NewReader(strings.Repeat(test.line+"\n", test.lines))) {
				require.LessOrEqual(t, len(c.lines), chunkLines)
				require.Less(t, c.bytes, chunkBytes+maxLine)
				for _, l := range c.lines {
					require.Equal(t, next, l.number)
					require.Equal(t, test.line, string(l.text))
					next++
				}
			}
			if test.line != "" {
				require.Equal(t, test.lines+1, next)
			}
		})
	}
}

func TestReadChunksEndsWithItsReceiver(t *testing.T) {
	enough := errors.New("enough")
	err := readChunks(strings.NewReader(strings.Repeat("a\n", 1000)), func(*chunk) error { return enough })
	require.ErrorIs(t, err, enough)
}

func TestReadChunksHandsOutWhatCameBeforeAFault(t *testing.T) {
	broken := errors.New("broken")
	var got []string
	err := readChunks(io.MultiReader(strings.NewReader("a\nb\n"), iotest.ErrReader(broken)), func(c *chunk) error {
		for _, l := range c.lines {
			got = append(got, string(l.text))
		}
		return nil
	})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "read posts")
	require.Equal(t, []string{"a", "b"}, got)
}

// FuzzReadChunks compares with the standard library's scanner, line by line.
func FuzzReadChunks(f *testing.F) {
	for _, seed := range []string{"", "a", "a\n", "\n\n a \r\nb", "\ufeffa\nb", "\ufeff a", "a\x00\nb\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		want := map[int]string{}
		scanner := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(input, byteOrderMark)))
		scanner.Buffer(nil, maxLine)
		for number := 1; scanner.Scan(); number++ {
			if text := bytes.TrimSpace(scanner.Bytes()); len(text) > 0 {
				want[number] = string(text)
			}
		}
		got := map[int]string{}
		for _, c := range chunks(t, bytes.NewReader(input)) {
			for _, l := range c.lines {
				got[l.number] = string(l.text)
			}
		}
		require.Equal(t, want, got)
	})
}
