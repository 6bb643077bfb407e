package file

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/services/collector/rows"
	"github.com/earshot/earshot/services/collector/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// seen gathers what a source emits.
type seen struct {
	ids, places, bad []string
	cursor           source.Cursor
	batches          int
	err              error
}

func (s *seen) emit(_ context.Context, b source.Batch) error {
	if s.err != nil {
		return s.err
	}
	for _, e := range b.Events {
		s.ids = append(s.ids, e.GetPost().GetId())
		s.places = append(s.places, e.GetProvenance().GetPosition())
	}
	for _, bad := range b.Bad {
		s.bad = append(s.bad, bad.Position+": "+bad.Err.Error())
	}
	s.cursor, s.batches = b.Next, s.batches+1
	return nil
}

func line(id int) string {
	return fmt.Sprintf(`{"id": "%d", "platform": "x", "text": "post %d"}`+"\n", id, id)
}

func lines(from, to int) string {
	var out strings.Builder
	for i := from; i <= to; i++ {
		out.WriteString(line(i))
	}
	return out.String()
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	data := []byte(content)
	if strings.HasSuffix(name, ".gz") {
		data = zipped(t, content)
	}
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func zipped(t *testing.T, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func read(t *testing.T, c Config, from source.Cursor) *seen {
	t.Helper()
	s, err := New(c)
	require.NoError(t, err)
	got := &seen{}
	require.NoError(t, s.Run(t.Context(), from, got.emit))
	return got
}

func TestBadLinesCostNoOthers(t *testing.T) {
	content := line(1) + "broken\n" + "\n" + line(2) +
		`{"id": "3", "platform": "x", "text": "` + strings.Repeat("a", 2<<20) + `"}` + "\n" +
		line(4) + "{\"id\": \"5\", \"platform\": \"x\", \"text\": \"\xff\"}\n" + line(6) +
		`{"id": "7", "text": "` + strings.Repeat("a", 5<<20) + `"}` + "\r\n" + strings.TrimSpace(line(8))
	for _, name := range []string{"posts.jsonl", "posts.ndjson.gz"} {
		t.Run(name, func(t *testing.T) {
			got := read(t, Config{Path: write(t, name, content)}, nil)
			require.Equal(t, []string{"x:1", "x:2", "x:4", "x:6", "x:8"}, got.ids)
			require.Equal(t, []string{"line 1", "line 4", "line 6", "line 8", "line 10"}, got.places)
			require.Equal(t, []string{
				"line 2: post: broken JSON at byte 1",
				"line 5: text: 2097152 bytes, at most 65536",
				"line 7: text: not valid UTF-8 at byte 39",
				"line 9: line: over 4 MiB",
			}, got.bad)
		})
	}
}

func TestResumeGoesOnBehindTheCursor(t *testing.T) {
	for _, name := range []string{"posts.jsonl", "posts.jsonl.gz"} {
		t.Run(name, func(t *testing.T) {
			path := write(t, name, lines(1, 30))
			first := read(t, Config{Path: path}, nil)
			require.Len(t, first.ids, 30)
			content := []byte(lines(1, 40))
			if compressed(name) {
				content = zipped(t, string(content))
			}
			require.NoError(t, os.WriteFile(path, content, 0o600))

			second := read(t, Config{Path: path}, first.cursor)
			require.Equal(t, "x:31", second.ids[0])
			require.Equal(t, "line 31", second.places[0])
			require.Len(t, second.ids, 10)
			require.Empty(t, read(t, Config{Path: path}, second.cursor).ids)
		})
	}
}

func TestResumeReadsAnotherFileFromItsBeginning(t *testing.T) {
	path := write(t, "posts.jsonl", lines(1, 30))
	cursor := read(t, Config{Path: path}, nil).cursor
	tests := map[string]struct {
		content string
		want    int
	}{
		"shorter":              {lines(50, 51), 2},
		"longer":               {lines(50, 99), 50},
		"as long, but not one": {strings.Replace(lines(1, 30), "post 1", "p0st 1", 1), 30},
		"empty":                {"", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, []byte(tt.content), 0o600))
			require.Len(t, read(t, Config{Path: path}, cursor).ids, tt.want)
		})
	}
}

func TestManyLinesComeInBatches(t *testing.T) {
	got := read(t, Config{Path: write(t, "posts.jsonl", lines(1, 2*batchRecords+1))}, nil)
	require.Len(t, got.ids, 2*batchRecords+1)
	require.Equal(t, 3, got.batches)
}

func TestRowsWithMapping(t *testing.T) {
	m := &rows.Mapping{
		Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text"}, RowID: "r",
		Time: rows.Time{Start: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Step: time.Second},
	}
	tests := map[string]struct {
		name, content string
		ids, bad      []string
	}{
		"a quotation mark is ordinary in TSV": {"a.tsv.gz", "text\tn\na \"b\t1\nc\n\nd\t2", []string{"x:r1", "x:r3"}, []string{"line 3: row: 1 columns, want 2"}},
		"a cell over two lines in CSV":        {"a.csv", "text,n\n\"a\nb\",1\nc,2\n", []string{"x:r1", "x:r2"}, nil},
		"a mark that is never closed":         {"a.csv", "text,n\n\"a,1\nb,2\nc,3", []string{"x:r2", "x:r3"}, []string{"line 2: line: a quotation mark is never closed"}},
		"a mark that is closed far away": {
			"a.csv", "text,n\n\"a,1\n" + strings.Repeat("b,2\n", maxQuoted/4) + "\"c\",3\n", nil,
			[]string{"line 2: line: a quotation mark is never closed"},
		},
		"only a header": {"a.csv", "text,n\n", nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := read(t, Config{Path: write(t, tt.name, tt.content), Mapping: m}, nil)
			if tt.ids != nil {
				require.Equal(t, tt.ids, got.ids)
			}
			require.Equal(t, tt.bad, got.bad)
		})
	}
}

func TestRowNumbersGoOnAfterAResume(t *testing.T) {
	m := &rows.Mapping{Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text"}, RowID: "r"}
	path := write(t, "a.csv", "text\na\nb\n")
	first := read(t, Config{Path: path, Mapping: m}, nil)
	require.NoError(t, os.WriteFile(path, []byte("text\na\nb\nc\n"), 0o600))
	require.Equal(t, []string{"x:r3"}, read(t, Config{Path: path, Mapping: m}, first.cursor).ids)
}

// TestRowNumbersNeverRepeatOverFiles: ids are made of them.
func TestRowNumbersNeverRepeatOverFiles(t *testing.T) {
	m := &rows.Mapping{Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text"}, RowID: "r"}
	path := write(t, "a.csv", "text\na\nb\n")
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{Path: path, Mapping: m, Follow: true, Interval: time.Second})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		got, done := &seen{}, make(chan error)
		go func() { done <- s.Run(ctx, nil, got.emit) }()
		synctest.Wait()
		require.Equal(t, []string{"x:r1", "x:r2"}, got.ids)
		appendTo(t, path, "c\nd") // not read before the rotation, the last one without an end
		require.NoError(t, os.Rename(path, path+".1"))
		require.NoError(t, os.WriteFile(path, []byte("text\ne\n"), 0o600))
		time.Sleep(2 * time.Second) // of the bubble's clock
		synctest.Wait()
		require.Equal(t, []string{"x:r1", "x:r2", "x:r3", "x:r4", "x:r5"}, got.ids)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}

func TestTweets(t *testing.T) {
	content := `{"id_str": "1", "text": "a", "created_at": "Tue Feb 17 08:00:00 +0000 2015"}` + "\n" + `{"limit": {}}` + "\n" + `{"delete": {"status": {"id": 1}}}` + "\n"
	got := read(t, Config{Path: write(t, "tweets.jsonl", content), Format: FormatTweets}, nil)
	require.Equal(t, []string{"x:1", "x:1"}, got.ids)
	require.Empty(t, got.bad)
}

func TestFollowReadsWhatIsAddedAndSeesRotationAndTruncation(t *testing.T) {
	path := write(t, "posts.jsonl", lines(1, 2))
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{Path: path, Follow: true, Interval: time.Second})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		got, done := &seen{}, make(chan error)
		go func() { done <- s.Run(ctx, nil, got.emit) }()
		step := func(want ...string) {
			t.Helper()
			time.Sleep(2 * time.Second) // of the bubble's clock
			synctest.Wait()
			require.Equal(t, want, got.ids)
			got.ids = nil
		}
		step("x:1", "x:2")

		added := line(3)
		appendTo(t, path, added[:9])
		step()
		appendTo(t, path, added[9:]+strings.TrimSpace(line(4)))
		step("x:3")

		require.NoError(t, os.Rename(path, path+".1"))
		step()
		appendTo(t, path+".1", "\n"+line(5))
		require.NoError(t, os.WriteFile(path, []byte(line(6)), 0o600))
		step("x:4", "x:5", "x:6")

		require.NoError(t, os.Truncate(path, 0))
		step()
		appendTo(t, path, line(7))
		step("x:7")

		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		require.Empty(t, got.bad)
	})
}

func appendTo(t *testing.T, path, content string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(content)
	require.NoError(t, errors.Join(err, f.Close()))
}

func TestRunErrors(t *testing.T) {
	m := &rows.Mapping{Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text"}, RowID: "r"}
	absent := filepath.Join(t.TempDir(), "absent.jsonl")
	notZip := write(t, "a.jsonl", "")
	require.NoError(t, os.Rename(notZip, notZip+".gz"))
	tests := map[string]struct {
		config    Config
		from      string
		want      string
		permanent bool
	}{
		"no file":         {Config{Path: absent}, "", "no such file", false},
		"not compressed":  {Config{Path: notZip + ".gz"}, "", "decompress", false},
		"no header yet":   {Config{Path: write(t, "a.csv", ""), Mapping: m}, "", "the header line is missing", false},
		"no such column":  {Config{Path: write(t, "a.csv", "a,b\n"), Mapping: m}, "", `the file has no column "text"`, true},
		"broken cursor":   {Config{Path: notZip, Format: FormatJSONL}, "{", "read cursor", true},
		"cursor in limbo": {Config{Path: notZip, Format: FormatJSONL}, `{"offset": -1}`, "out of range", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := New(tt.config)
			require.NoError(t, err)
			err = s.Run(t.Context(), source.Cursor(tt.from), (&seen{}).emit)
			require.ErrorContains(t, err, tt.want)
			require.Equal(t, tt.permanent, retry.IsPermanent(err))
		})
	}
	s, err := New(Config{Path: write(t, "posts.jsonl", line(1))})
	require.NoError(t, err)
	require.ErrorIs(t, s.Run(t.Context(), nil, (&seen{err: os.ErrClosed}).emit), os.ErrClosed)
}

func TestNewNamesTheKey(t *testing.T) {
	m := &rows.Mapping{}
	tests := map[string]struct {
		config Config
		want   string
	}{
		"no path":             {Config{}, "path: missing"},
		"unknown name":        {Config{Path: "a.xlsx"}, `format: "xlsx" is not jsonl, csv, tsv or twitter-v1.1`},
		"followed gzip":       {Config{Path: "a.jsonl.gz", Follow: true}, "follow: a compressed file cannot be followed"},
		"CSV without mapping": {Config{Path: "a.csv"}, `mapping: format "csv" needs one`},
		"JSON with mapping":   {Config{Path: "a.jsonl", Mapping: m}, `mapping: format "jsonl" has none`},
		"bad mapping":         {Config{Path: "a.csv", Mapping: m}, "mapping: fields.id, row_id"},
		"two mappings":        {Config{Path: "a.csv", Mapping: m, MappingFile: "m.yaml"}, "set one of them"},
		"absent mapping file": {Config{Path: "a.csv", MappingFile: "/absent.yaml"}, "mapping_file: read mapping"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(tt.config)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestMappingFileDecidesTheFormat(t *testing.T) {
	mapping := write(t, "m.yaml", "{format: tsv, constants: {platform: x}, fields: {text: t}, row_id: r}")
	got := read(t, Config{Path: write(t, "a.txt", "t\tu\na,b\t1\n"), MappingFile: mapping}, nil)
	require.Equal(t, []string{"x:r1"}, got.ids)
}

// TestRealRows reads the airline posts beside the repository, where they are.
func TestRealRows(t *testing.T) {
	path := "../../../../shared/data/us_airline/train.tsv.gz"
	if _, err := os.Stat(path); err != nil {
		t.Skip("the airline posts of ../shared/data/us_airline are not here")
	}
	m := &rows.Mapping{
		Constants: map[string]string{"platform": "x"}, Fields: map[string]string{"text": "text", "collected_for": "target"}, RowID: "airline-",
		Labels: map[string]string{"sentiment": "label", "reason": "negative_reason"},
		Time:   rows.Time{Start: time.Date(2015, 2, 17, 0, 0, 0, 0, time.UTC), Step: time.Minute},
	}
	got := read(t, Config{Path: path, Mapping: m}, nil)
	require.Len(t, got.ids, 9880)
	require.Empty(t, got.bad)
}

// FuzzSplitter checks that no byte is lost or counted twice, whatever the input.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("a\n\"b\nc\"\nd"), true)
	f.Add([]byte("\"\n\"\"\n\r\n"), true)
	f.Add([]byte("a\n\nb"), false)
	f.Fuzz(func(t *testing.T, data []byte, quoted bool) {
		s := newSplitter(bytes.NewReader(data), quoted)
		for calls := 0; ; calls++ {
			require.LessOrEqual(t, calls, len(data)+1)
			_, err := s.next()
			if err != nil && s.ahead() == int64(len(data)) && !errors.Is(err, errQuote) && !errors.Is(err, errLong) {
				if _, err = s.last(); err != nil && !errors.Is(err, errQuote) && !errors.Is(err, errLong) {
					break
				}
			}
		}
		require.Equal(t, int64(len(data)), s.offset)
	})
}
