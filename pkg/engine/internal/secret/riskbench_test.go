package secret

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestTuningSet holds the detector to the labelled posts: which kinds it finds at 0.5 or
// more, and how many posts without a leak it leaves alone.
func TestTuningSet(t *testing.T) {
	score := parttest.Score(t, New(), []string{"secret", "credential"})
	require.GreaterOrEqual(t, score.Recall, 0.75)
	require.GreaterOrEqual(t, score.Precision, 0.9)
}
