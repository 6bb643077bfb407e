package classifier

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx"
)

// TestSecondOpinionOfAModelOnThisMachine asks the small model of the package onnx, to which
// "double" sounds like a promise.
func TestSecondOpinionOfAModelOnThisMachine(t *testing.T) {
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	library := filepath.Join("../../deploy/onnxruntime/node_modules/onnxruntime-node/bin/napi-v6", runtime.GOOS, arch, "libonnxruntime.so.1")
	if _, err := os.Stat(library); err != nil && os.Getenv("CI") == "" {
		t.Skip("ONNX Runtime is missing: make test brings it")
	}
	elsewhere := newModel(t, likely)
	r := newRoom(t)
	stop := r.run(elsewhere, func(s *SecondOpinion) {
		s.Endpoint, s.ONNX = nil, &onnx.Config{Dir: "internal/opinion/onnx/testdata/tiny", Library: library}
	})
	r.post(byEmployee("1", "Acme Bank coffee today: double, double, double"))
	all := r.wait(2)
	stop()
	first, second := all[0], all[1]
	require.Equal(t, first.GetId(), second.GetId())
	require.Regexp(t, `^onnx [0-9a-f]{12}, onnxruntime `, second.GetVersions().GetPacks()["second_opinion"])
	require.Greater(t, likelihood(second), likelihood(first))
	require.GreaterOrEqual(t, likelihood(second), 0.5)
	require.Empty(t, elsewhere.requests())
}

func likelihood(a *earshotv1.Assessment) (top float64) {
	for _, c := range a.GetCategories() {
		if c.GetCategory() == earshotv1.Category_CATEGORY_COMPLIANCE {
			top = c.GetLikelihood()
		}
	}
	return top
}

func TestOpenNeedsTheModelOnThisMachine(t *testing.T) {
	c := DefaultConfig()
	c.SecondOpinion.ONNX = &onnx.Config{Dir: t.TempDir(), Library: "/nowhere/libonnxruntime.so"}
	require.NoError(t, c.Validate())
	_, err := c.SecondOpinion.open()
	require.ErrorContains(t, err, "config.json")
	c.SecondOpinion.ONNX.Library = ""
	require.EqualError(t, c.Validate(), "classifier.second_opinion.onnx.library: names no file libonnxruntime")
}
