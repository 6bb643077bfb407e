package engine_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// reviewed is a likelihood and whether the label agrees.
type reviewed struct {
	brand      string
	likelihood float64
	is         bool
}

// slopes stretch log-odds below and above one half.
type slopes struct{ below, above float64 }

// TestCalibration fits the slopes of docs/models/calibration.md again, on four of five
// brands at a time, and measures them on the fifth. Run it with -v for the figures.
func TestCalibration(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	shared, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	posts := readLabelled(t, "testdata/blind")
	for _, tc := range []struct {
		category earshotv1.Category
		name     string
		shipped  slopes
	}{
		{earshotv1.Category_CATEGORY_REPUTATION, "reputation", slopes{1, 1}},
		{earshotv1.Category_CATEGORY_LEAKAGE, "leakage", slopes{1.8, 2.1}},
		{earshotv1.Category_CATEGORY_COMPLIANCE, "compliance", slopes{1.8, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			shipped := reviews(t, shared, posts, tc.name, tc.category)
			plain := stretched(shipped, slopes{1 / tc.shipped.below, 1 / tc.shipped.above})
			t.Logf("fit %v, shipped %v; ECE uncalibrated %.3f, shipped %.3f, fitted without the brand %.3f",
				fitted(plain), tc.shipped, calibrationError(plain), calibrationError(shipped), calibrationError(heldOut(plain)))
			require.LessOrEqual(t, logLoss(shipped), logLoss(plain), "the shipped slopes tell more than none")
			require.Less(t, calibrationError(shipped), 0.08)
		})
	}
}

func reviews(t *testing.T, shared *engine.Engine, posts []labelledPost, name string, category earshotv1.Category) []reviewed {
	t.Helper()
	var out []reviewed
	for i := range posts {
		p := &posts[i]
		e, err := shared.ForBrand(p.Brand, false)
		require.NoError(t, err)
		r := reviewed{brand: p.Brand.ID, is: p.Labels[name].Risk}
		if judged := e.Assess(p.event(), time.Unix(0, 0)); len(judged) > 0 {
			for _, c := range judged[0].GetCategories() {
				if c.GetCategory() == category {
					r.likelihood = c.GetLikelihood()
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// stretched multiplies the log-odds of what lies above the leak.
func stretched(posts []reviewed, s slopes) []reviewed {
	out := slices.Clone(posts)
	for i := range out {
		slope := s.below
		if out[i].likelihood > .5 {
			slope = s.above
		}
		if l := out[i].likelihood; l > .02 && l < 1 {
			odds := math.Pow(l/(1-l), slope)
			out[i].likelihood = odds / (1 + odds)
		}
	}
	return out
}

// fitted searches the slopes with the least log loss.
func fitted(posts []reviewed) slopes {
	best, least := slopes{1, 1}, math.Inf(1)
	for below := .5; below <= 4; below += .1 {
		if loss := logLoss(stretched(posts, slopes{below, best.above})); loss < least {
			best.below, least = below, loss
		}
	}
	least = math.Inf(1)
	for above := .5; above <= 4; above += .1 {
		if loss := logLoss(stretched(posts, slopes{best.below, above})); loss < least {
			best.above, least = above, loss
		}
	}
	return best
}

func (s slopes) String() string { return fmt.Sprintf("%.1f/%.1f", s.below, s.above) }

// heldOut stretches the posts of every brand by what the posts of four fifths of the other
// brands say.
func heldOut(posts []reviewed) []reviewed {
	var brands []string
	for _, p := range posts {
		brands = append(brands, p.brand)
	}
	slices.Sort(brands)
	brands = slices.Compact(brands)
	fold := func(p reviewed) int { return slices.Index(brands, p.brand) % 5 }
	var out []reviewed
	for n := range 5 {
		inFold := func(p reviewed) bool { return fold(p) == n }
		test := slices.DeleteFunc(slices.Clone(posts), func(p reviewed) bool { return !inFold(p) })
		out = append(out, stretched(test, fitted(slices.DeleteFunc(slices.Clone(posts), inFold)))...)
	}
	return out
}

func logLoss(posts []reviewed) float64 {
	sum := 0.0
	for _, p := range posts {
		l := min(max(p.likelihood, 1e-3), 1-1e-3)
		if !p.is {
			l = 1 - l
		}
		sum -= math.Log(l)
	}
	return sum / float64(len(posts))
}

// calibrationError is the expected calibration error over ten bins of equal mass.
func calibrationError(posts []reviewed) float64 {
	posts = slices.SortedStableFunc(slices.Values(posts), func(a, b reviewed) int { return cmp.Compare(a.likelihood, b.likelihood) })
	total := 0.0
	for bin := range 10 {
		gap := 0.0
		for _, p := range posts[bin*len(posts)/10 : (bin+1)*len(posts)/10] {
			gap += p.likelihood
			if p.is {
				gap--
			}
		}
		total += math.Abs(gap) / float64(len(posts))
	}
	return total
}
