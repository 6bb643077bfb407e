package backtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/earshot/internal/backtest"
)

// judged is an assessment of a brand's mention with the likelihoods of leakage and
// compliance.
func judged(post, brand string, leakage, compliance float64) *earshotv1.Assessment {
	return &earshotv1.Assessment{BrandId: brand, Post: &earshotv1.Post{Id: post}, Categories: []*earshotv1.CategoryAssessment{
		{Category: earshotv1.Category_CATEGORY_LEAKAGE, Likelihood: leakage},
		{Category: earshotv1.Category_CATEGORY_COMPLIANCE, Likelihood: compliance},
	}}
}

// reviews reads decisions written "post brand category decision".
func reviews(t *testing.T, lines ...string) backtest.Reviews {
	t.Helper()
	var in strings.Builder
	for _, line := range lines {
		f := strings.Fields(line)
		_, _ = fmt.Fprintf(&in, `{"post_id":%q,"brand_id":%q,"category":%q,"decision":%q}`+"\n", f[0], f[1], f[2], f[3])
	}
	out, err := backtest.ReadReviews(strings.NewReader(in.String()))
	require.NoError(t, err)
	return out
}

func TestPrecision(t *testing.T) {
	posts := []*earshotv1.Assessment{
		judged("x:1", "acme", 0.2, 0.9), judged("x:2", "acme", 0.2, 0.5), judged("x:3", "acme", 0.8, 0.49), judged("x:1", "gull", 0.1, 0.9),
	}
	for name, tt := range map[string]struct {
		reviews             []string
		leakage, compliance backtest.Precision
	}{
		"nobody reviewed": {nil, backtest.Precision{Flagged: 1}, backtest.Precision{Flagged: 3}},
		"both ways": {
			[]string{"x:1 acme compliance confirmed", "x:2 acme compliance dismissed"},
			backtest.Precision{Flagged: 1},
			backtest.Precision{Flagged: 3, Reviewed: 2, Confirmed: 1},
		},
		"of another brand":    {[]string{"x:3 gull leakage confirmed"}, backtest.Precision{Flagged: 1}, backtest.Precision{Flagged: 3}},
		"of another category": {[]string{"x:1 acme leakage confirmed"}, backtest.Precision{Flagged: 1}, backtest.Precision{Flagged: 3}},
		"of what is not flagged": {
			[]string{"x:3 acme compliance dismissed", "x:3 acme leakage confirmed"},
			backtest.Precision{Flagged: 1, Reviewed: 1, Confirmed: 1},
			backtest.Precision{Flagged: 3},
		},
		"unsure decides nothing": {[]string{"x:1 acme compliance unsure"}, backtest.Precision{Flagged: 1}, backtest.Precision{Flagged: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			got := reviews(t, tt.reviews...).Precision(posts)
			require.Equal(t, map[string]backtest.Precision{"leakage": tt.leakage, "compliance": tt.compliance}, got)
		})
	}
}

func TestShare(t *testing.T) {
	_, ok := backtest.Precision{Flagged: 5}.Share()
	require.False(t, ok)
	share, ok := backtest.Precision{Flagged: 5, Reviewed: 4, Confirmed: 3}.Share()
	require.True(t, ok)
	require.InDelta(t, 0.75, share, 1e-12)
}

func TestReadReviewsNamesWhatIsNoRow(t *testing.T) {
	_, err := backtest.ReadReviews(strings.NewReader("nonsense\n"))
	require.ErrorContains(t, err, "read stored review")
}
