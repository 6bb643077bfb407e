package ort_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx/ort"
)

const (
	tiny = "../testdata/tiny/model.onnx"
	slow = "../testdata/slow.onnx"
)

// library is where make test puts it, seen from this folder.
func library(t testing.TB) string {
	t.Helper()
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	path := filepath.Join("../../../../../../deploy/onnxruntime/node_modules/onnxruntime-node/bin/napi-v6", runtime.GOOS, arch, "libonnxruntime.so.1")
	if _, err := os.Stat(path); err != nil && os.Getenv("CI") == "" {
		t.Skip("ONNX Runtime is missing: make test brings it")
	}
	return path
}

func open(t testing.TB, model string) *ort.Session {
	t.Helper()
	s, err := ort.Open(ort.Options{Library: library(t), Model: model, Threads: 1})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func TestRun(t *testing.T) {
	s := open(t, tiny)
	require.Regexp(t, `^1\.\d+\.\d+$`, s.Version())
	require.Equal(t, []string{"input_ids", "attention_mask", "token_type_ids"}, s.Inputs())

	nothing := []int64{2, 3}
	row, err := s.Run(t.Context(), [][]int64{nothing, {1, 1}, {0, 0}})
	require.NoError(t, err)
	require.Equal(t, []float32{3, 0, 0}, row, "the bias alone")

	_, err = s.Run(t.Context(), [][]int64{{2, 1_000_000, 3}, {1, 1, 1}, {0, 0, 0}})
	require.ErrorContains(t, err, "out of data bounds", "a number that the model has not")
	_, err = s.Run(t.Context(), [][]int64{nothing, {1, 1}})
	require.EqualError(t, err, `2 rows for the 3 inputs ["input_ids" "attention_mask" "token_type_ids"]`)

	again, err := s.Run(t.Context(), [][]int64{nothing, {1, 1}, {0, 0}})
	require.NoError(t, err, "an error leaves the session usable")
	require.Equal(t, row, again)
	s.Close()
	s.Close()
}

func TestRunAtOnce(t *testing.T) {
	s := open(t, tiny)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			ids, mask, types := []int64{2, 3}, []int64{1, 1}, []int64{0, 0}
			for range n {
				ids, mask, types = append(ids, 3), append(mask, 1), append(types, 0)
			}
			for range 50 {
				row, err := s.Run(context.Background(), [][]int64{ids, mask, types})
				if err != nil || len(row) != 3 || row[0] != 3 {
					t.Errorf("%d: %v, %v", n, row, err)
				}
			}
		})
	}
	group.Wait()
}

func TestRunStopsWithItsContext(t *testing.T) {
	s := open(t, slow)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Run(ended, [][]int64{{1}})
	require.ErrorIs(t, err, context.Canceled)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = s.Run(ctx, [][]int64{{1}})
	require.ErrorIs(t, err, context.DeadlineExceeded, "the model by itself does not end")
}

func TestOpenRefuses(t *testing.T) {
	whole, err := os.ReadFile(tiny)
	require.NoError(t, err)
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	for _, tc := range []struct{ name, model, want string }{
		{"no file", filepath.Join(t.TempDir(), "none.onnx"), "none.onnx"},
		{"an empty file", write("empty.onnx", ""), "empty.onnx: "},
		{"another file", write("text.onnx", strings.Repeat("not a model\n", 100)), "text.onnx: "},
		{"half a file", write("half.onnx", string(whole[:len(whole)/2])), "half.onnx: "},
		{"numbers of another type", "../testdata/int32.onnx", `int32.onnx: input "input_ids" is not a tensor of int64`},
		{"figures of another type", "../testdata/int64.onnx", `int64.onnx: output "logits" is not a tensor of float32`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ort.Open(ort.Options{Library: library(t), Model: tc.model, Threads: 1})
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// TestOpenSurvivesAnyByte breaks the model at each place in turn: Open answers with an
// error, or with a model that runs or says why not.
func TestOpenSurvivesAnyByte(t *testing.T) {
	whole, err := os.ReadFile(tiny)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "broken.onnx")
	refused := 0
	for at := 0; at < len(whole); at += 3 {
		broken := append([]byte(nil), whole...)
		broken[at] ^= 0x55
		require.NoError(t, os.WriteFile(path, broken, 0o600))
		s, err := ort.Open(ort.Options{Library: library(t), Model: path, Threads: 1})
		if err != nil {
			refused++
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		rows := make([][]int64, len(s.Inputs()))
		for i := range rows {
			rows[i] = []int64{1, 1}
		}
		_, err = s.Run(ctx, rows)
		require.False(t, errors.Is(err, context.DeadlineExceeded), "byte %d", at)
		cancel()
		s.Close()
	}
	require.NotZero(t, refused)
}

func TestOpenNeedsTheLibrary(t *testing.T) {
	_, err := ort.Open(ort.Options{Library: "/nowhere/libonnxruntime.so", Model: tiny, Threads: 1})
	require.ErrorContains(t, err, `load ONNX Runtime: `)
	require.ErrorContains(t, err, `/nowhere/libonnxruntime.so`)
	_, err = ort.Open(ort.Options{Library: "libc.so.6", Model: tiny, Threads: 1})
	require.ErrorContains(t, err, "OrtGetApiBase", "another library")
}
