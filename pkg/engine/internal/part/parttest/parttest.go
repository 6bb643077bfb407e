// Package parttest runs one detector over one post, as the engine does: its
// literals by the engine's automaton, its numbers by a plain scan. For tests only.
package parttest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os" //nolint:depguard // reads shared data sets, for tests only
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Runner runs one detector; build it once, it compiles an automaton.
type Runner struct {
	detector detect.Detector
	machine  *match.Machine
}

// New makes a runner for d.
func New(d detect.Detector) *Runner {
	var set match.Set
	for _, literal := range d.Literals {
		set.Add(literal)
	}
	return &Runner{d, set.Compile()}
}

// Found is a finding and the text of its first span.
type Found struct {
	detect.Finding
	Text string
}

// Public finds in a post of somebody outside.
func (r *Runner) Public(text string) []Found {
	return r.Run(&earshotv1.Post{Text: text, Kind: earshotv1.PostKind_POST_KIND_MENTION})
}

// Insider finds in a post of an employee with a role.
func (r *Runner) Insider(role, text string) []Found {
	return r.Run(&earshotv1.Post{Text: text, Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Author: &earshotv1.Author{Role: role}})
}

// Run finds in a post; repeats of a rule on the same first span are dropped.
func (r *Runner) Run(event *earshotv1.Post) []Found {
	var t text.Text
	t.Reset(event.GetText())
	p := &detect.Post{Text: &t, Event: event, Insider: event.GetKind() == earshotv1.PostKind_POST_KIND_EMPLOYEE}
	var out []detect.Finding
	for _, h := range r.machine.Find(t.Folded, nil) {
		hit := detect.Hit{Literal: int(h.Literal), Span: detect.Span{Start: int(h.Start), End: int(h.End)}}
		out = r.detector.Verify(p, hit, out)
	}
	if r.detector.Number != nil {
		for _, s := range numbers(t.Folded) {
			out = r.detector.Number(p, s, out)
		}
	}
	if r.detector.Digits != nil && t.Digits > 0 {
		out = r.detector.Digits(p, out)
	}
	if r.detector.Post != nil {
		out = r.detector.Post(p, out)
	}
	return distinct(&t, out)
}

func distinct(t *text.Text, all []detect.Finding) []Found {
	type key struct {
		rule string
		span detect.Span
	}
	seen := map[key]bool{}
	var out []Found
	for _, f := range all {
		k := key{f.Rule, f.Spans[0]}
		if !seen[k] {
			seen[k] = true
			out = append(out, Found{f, string(t.Clean[f.Spans[0].Start:f.Spans[0].End])})
		}
	}
	return out
}

// numbers finds the runs of at least detect.MinDigits digits with one separator, or two
// blanks, between them.
func numbers(folded []byte) []detect.Span {
	var spans []detect.Span
	for i := 0; i < len(folded); i++ {
		if !digit(folded[i]) {
			continue
		}
		start, end, count := i, i, 0
		for j := i; j < len(folded); {
			if digit(folded[j]) {
				count++
				j++
				end = j
				continue
			}
			gap := separator(folded[j:])
			if gap == 0 || j+gap >= len(folded) || !digit(folded[j+gap]) {
				break
			}
			j += gap
		}
		if count >= detect.MinDigits {
			spans = append(spans, detect.Span{Start: start, End: end})
		}
		i = end
	}
	return spans
}

func separator(s []byte) int {
	switch {
	case len(s) > 1 && s[0] == ' ' && s[1] == ' ':
		return 2
	case strings.IndexByte(" .-/", s[0]) >= 0:
		return 1
	}
	return 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// Rows reads a shared data set, JSON Lines, gzipped where the name ends in .gz. The test
// is skipped where the folder is absent.
func Rows[T any](t *testing.T, name string) []T {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "..", "shared", "data", filepath.FromSlash(name))
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("data set %s is not here", name)
	}
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	var reader io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		reader, err = gzip.NewReader(file)
		require.NoError(t, err)
	}
	var rows []T
	lines := bufio.NewScanner(reader)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		rows = append(rows, row)
	}
	require.NoError(t, lines.Err())
	return rows
}
