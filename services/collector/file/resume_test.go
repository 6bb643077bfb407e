package file

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/services/collector/rows"
	"github.com/earshot/earshot/services/collector/source"
)

// noted is an emitted post and the cursor behind it.
type noted struct {
	id     string
	cursor source.Cursor
}

// TestResumeAtEveryRecord stops behind each record in turn and goes on: every record
// comes once, whatever the format.
func TestResumeAtEveryRecord(t *testing.T) {
	m := &rows.Mapping{Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text"}, RowID: "r"}
	tests := map[string]struct {
		name, content string
		mapping       *rows.Mapping
		want          []string
	}{
		"lines":              {"a.jsonl", lines(1, 4) + "\n\n" + line(5), nil, []string{"x:1", "x:2", "x:3", "x:4", "x:5"}},
		"Windows line ends":  {"a.jsonl", strings.ReplaceAll(lines(1, 3), "\n", "\r\n"), nil, []string{"x:1", "x:2", "x:3"}},
		"compressed":         {"a.jsonl.gz", lines(1, 4), nil, []string{"x:1", "x:2", "x:3", "x:4"}},
		"no last line end":   {"a.jsonl", strings.TrimSpace(lines(1, 3)), nil, []string{"x:1", "x:2", "x:3"}},
		"rows":               {"a.csv", "text,n\na,1\n\"b\nb\",2\n\nc,3\n", m, []string{"x:r1", "x:r2", "x:r3"}},
		"rows of tabs":       {"a.tsv", "text\tn\na\t1\n\"b\t2\nc\t3", m, []string{"x:r1", "x:r2", "x:r3"}},
		"compressed rows":    {"a.csv.gz", "text,n\na,1\n\"b\nb\",2\nc,3\n", m, []string{"x:r1", "x:r2", "x:r3"}},
		"a byte order mark":  {"a.csv", "\ufefftext,n\na,1\nb,2\n", m, []string{"x:r1", "x:r2"}},
		"and of lines":       {"a.jsonl", "\ufeff" + lines(1, 3), nil, []string{"x:1", "x:2", "x:3"}},
		"quotes in the head": {"a.csv", "\"text\",\"a\nname\"\na,1\nb,2\n", m, []string{"x:r1", "x:r2"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := Config{Path: write(t, tt.name, tt.content), Mapping: tt.mapping}
			all := eachRecord(t, c, nil)
			var ids []string
			for i, n := range all {
				ids = append(ids, n.id)
				rest := read(t, c, n.cursor)
				require.Equal(t, len(tt.want)-i-1, len(rest.ids), "behind record %d", i)
				if len(rest.ids) > 0 {
					require.Equal(t, tt.want[i+1:], rest.ids)
				}
				require.Empty(t, rest.bad)
			}
			require.Equal(t, tt.want, ids)
		})
	}
}

// eachRecord reads record by record, so that each has its cursor.
func eachRecord(t *testing.T, c Config, from source.Cursor) []noted {
	t.Helper()
	s, err := New(c)
	require.NoError(t, err)
	f, err := open(c.Path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var all []noted
	at, err := parseCursor(from)
	require.NoError(t, err)
	r := &run{Source: s, file: f, row: at.Row, decode: s.decode, emit: func(_ context.Context, b source.Batch) error {
		for _, e := range b.Events {
			all = append(all, noted{e.GetPost().GetId(), b.Next})
		}
		return nil
	}}
	require.NoError(t, r.begin(at))
	for {
		record, err := r.splitter.next()
		if err != nil {
			require.NoError(t, r.rest(t.Context()))
			return all
		}
		require.NoError(t, r.take(t.Context(), record, nil))
		require.NoError(t, r.flush(t.Context()))
	}
}

// TestAFileThatGrowsByBytes is cut at every byte and completed: no record is lost, none
// comes twice, as long as only whole lines are taken for records while it grows.
func TestAFileThatGrowsByBytes(t *testing.T) {
	content := line(1) + `{"id": "2", "platform": "x", "text": "é\"\\"}` + "\r\n\n" + line(3)
	for cut := range len(content) + 1 {
		path := write(t, "a.jsonl", content[:cut])
		whole := content[:strings.LastIndex(content[:cut], "\n")+1]
		first := eachWhole(t, path, nil)
		require.Len(t, first.ids, strings.Count(whole, `"id"`), "cut at %d", cut)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		second := read(t, Config{Path: path}, first.cursor)
		require.Equal(t, []string{"x:1", "x:2", "x:3"}, append(first.ids, second.ids...), "cut at %d", cut)
		require.Empty(t, append(first.bad, second.bad...))
	}
}

// eachWhole reads what is whole now, as the follower does.
func eachWhole(t *testing.T, path string, from source.Cursor) *seen {
	t.Helper()
	s, err := New(Config{Path: path, Follow: true})
	require.NoError(t, err)
	f, err := open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	got := &seen{}
	at, err := parseCursor(from)
	require.NoError(t, err)
	r := &run{Source: s, file: f, emit: got.emit, row: at.Row, decode: s.decode}
	require.NoError(t, r.begin(at))
	require.NoError(t, r.toEnd(t.Context()))
	return got
}

// TestCutCompressedFile: an archive that is still being written is read up to where it
// breaks off, again from there when it is whole.
func TestCutCompressedFile(t *testing.T) {
	whole := zipped(t, lines(1, 5000))
	path := write(t, "a.jsonl", "")
	require.NoError(t, os.Rename(path, path+".gz"))
	path += ".gz"
	for _, cut := range []int{0, 5, 10, len(whole) / 2, len(whole) - 1} {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, whole[:cut], 0o600))
			s, err := New(Config{Path: path})
			require.NoError(t, err)
			first := &seen{}
			require.ErrorContains(t, s.Run(t.Context(), nil, first.emit), "EOF")
			require.NoError(t, os.WriteFile(path, whole, 0o600))
			second := read(t, Config{Path: path}, first.cursor)
			require.Len(t, append(first.ids, second.ids...), 5000)
			require.Empty(t, append(first.bad, second.bad...))
		})
	}
}

func TestCursorHoldsNoTextOfAPost(t *testing.T) {
	cursor := read(t, Config{Path: write(t, "a.jsonl", `{"id": "1", "platform": "x", "text": "hunter2"}`+"\n")}, nil).cursor
	require.NotContains(t, string(cursor), "hunter2")
	var fields map[string]any
	require.NoError(t, json.Unmarshal(cursor, &fields))
	require.EqualValues(t, 48, fields["offset"])
	require.EqualValues(t, 1, fields["row"])
}

// TestCSVOddities: what spreadsheets and people make of RFC 4180.
func TestCSVOddities(t *testing.T) {
	m := &rows.Mapping{Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text"}, RowID: "r"}
	tests := map[string]struct {
		content string
		ids     []string
		bad     []string
	}{
		"a mark inside a bare cell":   {"text,n\na \"b\" c,1\nd,2\n", []string{"x:r2"}, []string{"line 2: row: a quotation mark is out of place"}},
		"a bare mark opens no cell":   {"text,n\n5\" pipe,1\n6\" pipe,2\nd,3\n", []string{"x:r2"}, []string{"line 3: row: a quotation mark is out of place"}},
		"doubled marks":               {"text,n\n\"say \"\"hi\"\"\",1\n", []string{"x:r1"}, nil},
		"a separator in a cell":       {"text,n\n\"a,b\",1\n", []string{"x:r1"}, nil},
		"a carriage return in a cell": {"text,n\r\n\"a\r\nb\",1\r\n", []string{"x:r1"}, nil},
		"text behind a closing mark":  {"text,n\n\"a\"b,1\nc,2\n", []string{"x:r2"}, []string{"line 2: row: a quotation mark is out of place"}},
		"an empty quoted cell":        {"text,n\n\"\",\"\"\n", []string{"x:r1"}, nil},
		"a cell too many":             {"text,n\na,1,2\nb,2\n", []string{"x:r2"}, []string{"line 2: row: 3 columns, want 2"}},
		"blank lines between":         {"text,n\n\n \na,1\n\n", []string{"x:r1"}, nil},
		"a header with a line break":  {"\"text\",\"n\nm\"\na,1\n", []string{"x:r1"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := read(t, Config{Path: write(t, "a.csv", tt.content), Mapping: m}, nil)
			require.Equal(t, tt.ids, got.ids)
			require.Equal(t, tt.bad, got.bad)
		})
	}
}
