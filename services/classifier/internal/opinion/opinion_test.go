package opinion_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/services/classifier/internal/opinion"
)

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name   string
		scores opinion.Scores
		want   string
	}{
		{"nothing", nil, ""},
		{"both ends", opinion.Scores{"advice": 0, "roadmap": 1}, ""},
		{"below", opinion.Scores{"advice": -0.01, "roadmap": 1}, `likelihood of "advice": -0.01 is not between 0 and 1`},
		{"above", opinion.Scores{"advice": 1, "roadmap": 1.01}, `likelihood of "roadmap": 1.01 is not between 0 and 1`},
		{"no number", opinion.Scores{"advice": math.NaN()}, `likelihood of "advice": NaN is not between 0 and 1`},
		{"the first by name", opinion.Scores{"b": 2, "a": math.Inf(1)}, `likelihood of "a": +Inf is not between 0 and 1`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.want == "" {
				require.NoError(t, tc.scores.Check())
				return
			}
			require.EqualError(t, tc.scores.Check(), tc.want)
		})
	}
}
