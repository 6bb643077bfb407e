package paraphrase

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTableAddsAsOneByOne holds the lanes against plain addition, for more features than a
// lane carries and for the least and the greatest weights.
func TestTableAddsAsOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 8))
	weights := make([]int8, len(Kinds)<<Bits)
	for i := range weights {
		weights[i] = int8(random.IntN(256) - 128)
	}
	for k := range Kinds {
		weights[k], weights[len(Kinds)+k] = math.MaxInt8, math.MinInt8
	}
	for _, bounds := range [][2]int{{0, firstPublic}, {firstPublic, len(Kinds)}, {3, 4}, {0, len(Kinds)}} {
		table := newTable(weights, bounds[0], bounds[1])
		for _, n := range []int{0, 1, 255, 256, 257, 2000} {
			features := make([]Feature, n)
			for i := range features {
				features[i] = Feature{Bucket: uint32(random.IntN(1 << Bits)), Group: group(random.IntN(int(groups)))}
				if n == 2000 {
					features[i] = Feature{Bucket: uint32(i % 2), Group: words}
				}
			}
			var want [groups][len(Kinds)]int
			for _, f := range features {
				for k := bounds[0]; k < bounds[1]; k++ {
					w := int(weights[int(f.Bucket)*len(Kinds)+k])
					require.Equal(t, w, table.weight(f.Bucket, k))
					want[f.Group][k] += w
				}
			}
			require.Equal(t, want, table.sums(features))
		}
	}
}
