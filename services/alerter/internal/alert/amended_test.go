package alert

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAnAmendedJudgementIsTheSameMention: a second opinion judges a post anew under the
// same id and revision. The newer judgement counts, once.
func TestAnAmendedJudgementIsTheSameMention(t *testing.T) {
	const mention = "measure: mention, filter: 'score >= 50.0', keep_firing_for: 10m"
	const three = "filter: 'score >= 50.0', measure: count, window: 1h, limit: 3"
	a, b := said{post: "a", score: 20}, said{post: "b", score: 60, after: time.Second}
	with := func(s said, score float64) said { s.score = score; return s }
	for name, tc := range map[string]struct {
		rule   string
		events []said
		want   []string
	}{
		"raised over the limit": {mention, []said{a, with(a, 80)}, []string{"+12:00:00 r0 1"}},
		"raised over the limit after others": {
			mention, []said{a, {post: "z", score: 1, after: 10 * time.Minute}, with(a, 80)}, []string{"+12:00:00 r0 1"},
		},
		"raised twice":               {mention, []said{a, with(a, 80), with(a, 80)}, []string{"+12:00:00 r0 1"}},
		"raised above the limit":     {mention, []said{b, with(b, 80)}, []string{"+12:00:01 r0 1"}},
		"raised below the limit":     {mention, []said{a, with(a, 30)}, nil},
		"lowered below the limit":    {mention, []said{b, with(b, 20)}, []string{"+12:00:01 r0 1", "-12:00:01 r0 1"}},
		"counted once":               {three, []said{b, with(b, 80), with(b, 90), {post: "c", score: 60, after: 2 * time.Second}}, nil},
		"counted anew":               {three, []said{a, b, {post: "c", score: 60, after: 2 * time.Second}, with(a, 80)}, []string{"+12:00:00 r0 3"}},
		"lowered, counted no longer": {three, []said{with(a, 60), with(a, 20), b, {post: "c", score: 60, after: 2 * time.Second}}, nil},
		"after its deletion":         {three, []said{b, {post: "b", gone: true, op: 3}, with(b, 80), {post: "c", score: 60}, {post: "d", score: 60}}, nil},
		"after its edit":             {three, []said{b, {post: "b", score: 70, revision: 1, after: time.Second}, with(b, 80), {post: "c", score: 60}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, play(New(options(t, tc.rule)), tc.events...))
		})
	}
}
