package score

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
)

// drafts are requests of every example of the shipped packs, and of the posts of the
// tuning set where it is at hand.
func drafts(t *testing.T, packs []engine.Pack) []string {
	t.Helper()
	var out []string
	add := func(text, role, industry, lang string) {
		brand, err := json.Marshal(engine.Brand{ID: "acme", Name: "Acme", Industry: industry})
		require.NoError(t, err)
		request, err := json.Marshal(Draft{Text: text, Role: role, Lang: lang, Brand: brand})
		require.NoError(t, err)
		out = append(out, string(request))
	}
	for _, p := range packs {
		for _, r := range p.Source().Rules {
			for _, x := range append(r.MustMatch, r.MustPass...) {
				add(x.Text, "financial advisor", x.Industry, x.Lang)
			}
		}
	}
	files, err := filepath.Glob("../../../../../shared/data/riskbench/*.jsonl")
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(data)) {
			var c struct {
				Brand struct{ Industry string }
				Post  struct {
					Text, Lang string
					Author     struct{ Role string }
				}
			}
			require.NoError(t, json.Unmarshal([]byte(line), &c))
			add(c.Post.Text, c.Post.Author.Role, c.Brand.Industry, c.Post.Lang)
		}
	}
	return out
}

// The engine in a browser answers every draft as the server does, to the byte.
func TestWebAssemblyAnswersAsTheServer(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), err.Error())
		t.Skipf("no Node.js: %v", err)
	}
	wasm := filepath.Join(t.TempDir(), "earshot.wasm")
	build := exec.Command("go", "build", "-o", wasm, "../../cmd/wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)

	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	server, err := New(engine.Options{Packs: packs, Key: []byte("a key of this test only")}, false)
	require.NoError(t, err)
	requests := append(drafts(t, packs), `{"text":""}`, `{"text":"hello","nope":1}`, `{"text":"hello","brand":7}`, `{`)

	run := exec.Command(node, "testdata/answer.cjs", filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js"), wasm)
	run.Stdin = strings.NewReader(strings.Join(requests, "\n") + "\n")
	var answers, complaints bytes.Buffer
	run.Stdout, run.Stderr = &answers, &complaints
	require.NoError(t, run.Run(), complaints.String())

	lines := bufio.NewScanner(&answers)
	lines.Buffer(nil, 1<<20)
	for i, request := range requests {
		require.True(t, lines.Scan(), "answer %d of %d", i, len(requests))
		want, err := server.Check([]byte(request), time.Now())
		if err != nil {
			want, err = json.Marshal(map[string]string{"error": err.Error()})
			require.NoError(t, err)
		}
		require.Equal(t, string(want), lines.Text(), request)
	}
	require.False(t, lines.Scan())
}
