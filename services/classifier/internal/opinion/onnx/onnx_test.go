package onnx_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx"
)

const tiny = "testdata/tiny"

// library is where make test puts it, seen from this folder.
func library(t testing.TB) string {
	t.Helper()
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	path := filepath.Join("../../../../../deploy/onnxruntime/node_modules/onnxruntime-node/bin/napi-v6", runtime.GOOS, arch, "libonnxruntime.so.1")
	if _, err := os.Stat(path); err != nil && os.Getenv("CI") == "" {
		t.Skip("ONNX Runtime is missing: make test brings it")
	}
	return path
}

func open(t testing.TB, dir string) *onnx.Model {
	t.Helper()
	m, err := onnx.Open(onnx.Config{Dir: dir, Library: library(t)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	return m
}

// folder copies the tiny model, with each old in a file made new.
func folder(t *testing.T, file, old, new string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(tiny)))
	if old == "" {
		return dir
	}
	path := filepath.Join(dir, file)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	changed := strings.ReplaceAll(string(data), old, new)
	require.NotEqual(t, string(data), changed)
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
	return dir
}

// TestJudgeLikeTheLibraries compares with what "tokenizers" and "onnxruntime" answer in
// Python; see testdata/make.py.
func TestJudgeLikeTheLibraries(t *testing.T) {
	m := open(t, tiny)
	data, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var cases []struct {
		Text        string
		Likelihoods map[string]float64
	}
	require.NoError(t, json.Unmarshal(data, &cases))
	for _, tc := range cases {
		scores, err := m.Judge(t.Context(), opinion.Question{Text: tc.Text})
		require.NoError(t, err)
		require.NoError(t, scores.Check())
		require.Len(t, scores, 2, "none is no kind")
		for kind, p := range scores {
			require.InDelta(t, tc.Likelihoods[kind], p, 1e-5, "%s of %.40q", kind, tc.Text)
		}
	}
}

func TestJudgeOfIndependentLabels(t *testing.T) {
	m := open(t, folder(t, "config.json", "single_label", "multi_label"))
	scores, err := m.Judge(t.Context(), opinion.Question{Text: "buy"})
	require.NoError(t, err)
	require.InDelta(t, 0.982014, scores["advice"], 1e-5, "1/(1+e^-4)")
	require.InDelta(t, 0.5, scores["promissory"], 1e-5)
}

func TestVersionIsOfTheContent(t *testing.T) {
	one, same := open(t, tiny), open(t, folder(t, "", "", ""))
	require.Regexp(t, `^onnx [0-9a-f]{12}, onnxruntime 1\.\d+\.\d+$`, one.Version())
	require.Equal(t, one.Version(), same.Version())
	require.NotEqual(t, one.Version(), open(t, folder(t, "config.json", "single_label", "multi_label")).Version())
}

func TestJudgeAtOnceUntilClosed(t *testing.T) {
	m := open(t, tiny)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				scores, err := m.Judge(context.Background(), opinion.Question{Text: "guaranteed"})
				if errors.Is(err, onnx.ErrClosed) {
					return
				}
				if err != nil || scores["promissory"] < 0.7 {
					t.Errorf("%v, %v", scores, err)
				}
			}
		})
	}
	require.NoError(t, m.Close())
	group.Wait()
	_, err := m.Judge(t.Context(), opinion.Question{Text: "guaranteed"})
	require.ErrorIs(t, err, onnx.ErrClosed)
	require.NoError(t, m.Close())
}

func TestJudgeKeepsToItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := open(t, tiny).Judge(ctx, opinion.Question{Text: "buy"})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, retry.IsPermanent(err))
}

// TestJudgeOfAWordTooMany holds that a tokenizer with more words than the model is no crash.
func TestJudgeOfAWordTooMany(t *testing.T) {
	m := open(t, folder(t, "tokenizer.json", `"guaranteed":`, `"guaranteed":1000000,"nothing":`))
	_, err := m.Judge(t.Context(), opinion.Question{Text: "Guaranteed to reach the moon."})
	require.ErrorContains(t, err, "out of data bounds")
	require.True(t, retry.IsPermanent(err))
	require.NotContains(t, err.Error(), "moon")
	_, err = m.Judge(t.Context(), opinion.Question{Text: "To the moon."})
	require.NoError(t, err)
}

func TestOpenRefuses(t *testing.T) {
	for _, tc := range []struct{ name, file, old, new, want string }{
		{"no JSON", "config.json", "{", "[", "config.json: "},
		{"no kind", "config.json", "promissory", "toxic", `config.json: id2label: "toxic" is no kind of finding that a second opinion is asked for; write the kind that the label stands for, or "none"`},
		{"a kind twice", "config.json", "promissory", "advice", `config.json: id2label: "advice" is there twice`},
		{"a number left out", "config.json", `"2"`, `"3"`, `config.json: id2label: has 3 labels, but no "2"`},
		{"no labels", "config.json", "id2label", "labels", "config.json: id2label: names no kind of finding"},
		{"another problem", "config.json", "single_label_classification", "regression", `config.json: problem_type: "regression" is not single_label_classification or multi_label_classification`},
		{"no length", "config.json", "max_position_embeddings", "n_positions", "config.json: max_position_embeddings: 0 is less than 8"},
		{"too long", "config.json", "32", "64", "model.onnx: a text of 64 tokens, as config.json: max_position_embeddings allows: "},
		{"a label more", "config.json", `"id2label": {`, `"id2label": {"3": "roadmap",`, "model.onnx: answers 3 figures, but config.json: id2label names 4 labels"},
		{"another tokenizer", "tokenizer.json", `"type":"WordPiece"`, `"type":"Unigram"`, `tokenizer.json: model.type: "Unigram" is not WordPiece or BPE`},
		{"another input", "model.onnx", "token_type_ids", "position_ids_x", `model.onnx: the input "position_ids_x" is not input_ids, attention_mask or token_type_ids`},
		{"a broken model", "model.onnx", "Gather", "Gathor", "model.onnx: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := folder(t, tc.file, tc.old, tc.new)
			_, err := onnx.Open(onnx.Config{Dir: dir, Library: library(t)})
			require.ErrorContains(t, err, filepath.Join(dir, tc.want))
		})
	}
}

func TestValidate(t *testing.T) {
	for _, tc := range []struct {
		name   string
		config onnx.Config
		want   string
	}{
		{"nothing", onnx.Config{}, "dir: names no folder with model.onnx, config.json and tokenizer.json"},
		{"no library", onnx.Config{Dir: tiny}, "library: names no file libonnxruntime"},
		{"fewer than no threads", onnx.Config{Dir: tiny, Library: "x", Threads: -1}, "threads: -1 is not between 0 and 64"},
		{"threads", onnx.Config{Dir: tiny, Library: "x", Threads: 65}, "threads: 65 is not between 0 and 64"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.EqualError(t, tc.config.Validate(), tc.want)
			_, err := onnx.Open(tc.config)
			require.EqualError(t, err, tc.want)
		})
	}
	require.NoError(t, onnx.Config{Dir: tiny, Library: "x", Threads: 64}.Validate())
}

// TestThreadsChangeNothing but the time.
func TestThreadsChangeNothing(t *testing.T) {
	m, err := onnx.Open(onnx.Config{Dir: tiny, Library: library(t), Threads: 4})
	require.NoError(t, err)
	defer func() { require.NoError(t, m.Close()) }()
	q := opinion.Question{Text: "Guaranteed returns: buy!"}
	many, err := m.Judge(t.Context(), q)
	require.NoError(t, err)
	one, err := open(t, tiny).Judge(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, one, many)
}

// TestDocsNameTheKinds that a label may name.
func TestDocsNameTheKinds(t *testing.T) {
	page, err := os.ReadFile("../../../../../docs/second-opinion.md")
	require.NoError(t, err)
	_, list, _ := strings.Cut(string(page), "The kinds are ")
	list, _, _ = strings.Cut(list, "; an error")
	var named []string
	for i, part := range strings.Split(list, "`") {
		if i%2 == 1 {
			named = append(named, part)
		}
	}
	require.Equal(t, engine.OpinionKinds(), named)
}

func TestOpenNeedsItsFiles(t *testing.T) {
	for _, file := range []string{"config.json", "tokenizer.json", "model.onnx"} {
		dir := folder(t, "", "", "")
		require.NoError(t, os.Remove(filepath.Join(dir, file)))
		_, err := onnx.Open(onnx.Config{Dir: dir, Library: library(t)})
		require.ErrorIs(t, err, os.ErrNotExist)
		require.ErrorContains(t, err, file)
	}
	dir := folder(t, "", "", "")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config.json"), make([]byte, 1<<20+1), 0o600))
	_, err := onnx.Open(onnx.Config{Dir: dir, Library: library(t)})
	require.ErrorContains(t, err, "config.json: is larger than 1048576 bytes")
}
