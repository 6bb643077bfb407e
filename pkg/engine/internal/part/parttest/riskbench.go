package parttest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Case is one labelled post of the tuning set.
type Case struct {
	ID    string `json:"id"`
	Brand struct {
		Codenames []string `json:"codenames"`
	} `json:"brand"`
	Post struct {
		Kind      string    `json:"kind"`
		Text      string    `json:"text"`
		Lang      string    `json:"lang"`
		CreatedAt time.Time `json:"created_at"`
		Author    struct {
			Role string `json:"role"`
			Name string `json:"name"`
		} `json:"author"`
	} `json:"post"`
	Labels struct {
		Leakage struct {
			Risk  bool     `json:"risk"`
			Kinds []string `json:"kinds"`
		} `json:"leakage"`
	} `json:"labels"`
}

// Event is the post as the engine sees it.
func (c *Case) Event() *earshotv1.Post {
	kind := earshotv1.PostKind_POST_KIND_MENTION
	if c.Post.Kind == "employee" {
		kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	}
	return &earshotv1.Post{
		Id: c.ID, Kind: kind, Text: c.Post.Text, Lang: c.Post.Lang, CreatedAt: timestamppb.New(c.Post.CreatedAt),
		Author: &earshotv1.Author{Role: c.Post.Author.Role, Name: c.Post.Author.Name},
	}
}

// Quality is what a detector reached on the tuning set, 0 to 1. Recall counts (post,
// kind) pairs; an alarm is a finding of one of the kinds in a post without any leak.
type Quality struct{ Precision, Recall float64 }

// Cases are all posts of the tuning set.
func Cases(t *testing.T) []Case {
	t.Helper()
	var cases []Case
	for _, name := range []string{"leakage", "compliance", "reputation", "benign"} {
		cases = append(cases, Rows[Case](t, "riskbench/"+name+".jsonl")...)
	}
	return cases
}

// Sound holds a finding to what every one must carry: a name, a source, what to do, why,
// numbers in range, and no word of the value itself in what people read.
func Sound(t *testing.T, f Found) {
	t.Helper()
	require.Regexp(t, `^[a-z]+\.[a-z0-9-]+$`, f.Rule)
	for _, words := range []string{f.Kind, f.Title, f.Family, f.Cite, f.Mitigate, f.Why} {
		require.NotEmpty(t, words, f.Rule)
	}
	require.True(t, f.Severity >= 1 && f.Severity <= 5, f.Rule)
	require.True(t, f.Likelihood > 0 && f.Likelihood <= 1, f.Rule)
	require.NotEmpty(t, f.Text, f.Rule)
	if f.Redact {
		require.NotContains(t, f.Title+f.Why+f.Mitigate, f.Text, f.Rule)
	}
}

// Score measures kinds of d on the tuning set and logs every miss and alarm.
func Score(t *testing.T, d detect.Detector, kinds []string) Quality {
	t.Helper()
	runner := New(d)
	return ScoreBy(t, func(*Case) *Runner { return runner }, kinds)
}

// ScoreBy is Score with a runner chosen by case.
func ScoreBy(t *testing.T, runner func(*Case) *Runner, kinds []string) Quality {
	t.Helper()
	var hits, misses, alarms float64
	for _, c := range Cases(t) {
		found := map[string]string{}
		for _, f := range runner(&c).Run(c.Event()) {
			Sound(t, f)
			if f.Likelihood >= risk.Likely && slices.Contains(kinds, f.Kind) {
				found[f.Kind] = f.Rule + " " + f.Text
			}
		}
		for _, kind := range c.Labels.Leakage.Kinds {
			if _, ok := found[kind]; ok {
				hits++
			} else if slices.Contains(kinds, kind) {
				misses++
				t.Logf("miss %s %s: %.200q", kind, c.ID, c.Post.Text)
			}
		}
		if !c.Labels.Leakage.Risk && len(found) > 0 {
			alarms++
			t.Logf("alarm %v %s: %.200q", found, c.ID, c.Post.Text)
		}
	}
	q := Quality{Precision: hits / max(1, hits+alarms), Recall: hits / max(1, hits+misses)}
	t.Logf("precision %.3f recall %.3f (hits %.0f misses %.0f alarms %.0f)", q.Precision, q.Recall, hits, misses, alarms)
	return q
}
