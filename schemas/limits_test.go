package schemas

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// bounded is a text field: its name in errors, its greatest length in bytes, and how to
// fill it.
type bounded[M any] struct {
	field string
	limit int
	set   func(M, string)
}

// holdTo checks that each field takes a text of its limit, in bytes, and names itself
// where it is a byte longer or no UTF-8.
func holdTo[M proto.Message](t *testing.T, fresh func() M, validate func(M) error, fields []bounded[M]) {
	t.Helper()
	for _, f := range fields {
		t.Run(f.field, func(t *testing.T) {
			m := fresh()
			f.set(m, strings.Repeat("a", f.limit))
			require.NoError(t, validate(m), "the limit itself")
			f.set(m, strings.Repeat("a", f.limit-1)+"é")
			require.ErrorContains(t, validate(m), f.field+": ", "a byte more, in two-byte characters")
			f.set(m, "a\xff")
			require.EqualError(t, validate(m), f.field+": not valid UTF-8")
		})
	}
}

func TestPostTextsAreBounded(t *testing.T) {
	fresh := func() *earshotv1.PostEvent {
		return golden(t, events["post"], "testdata/post/v1/created.json").(*earshotv1.PostEvent)
	}
	holdTo(t, fresh, ValidatePostEvent, []bounded[*earshotv1.PostEvent]{
		{"post.text", 64 << 10, func(e *earshotv1.PostEvent, s string) { e.Post.Text = s }},
		{"post.lang", 64, func(e *earshotv1.PostEvent, s string) { e.Post.Lang = s }},
		{"post.url", 4096, func(e *earshotv1.PostEvent, s string) { e.Post.Url = s }},
		{"post.author.id", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Author.Id = s }},
		{"post.author.handle", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Author.Handle = s }},
		{"post.author.name", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Author.Name = s }},
		{"post.author.employee_id", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Author.EmployeeId = s }},
		{"post.author.role", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Author.Role = s }},
		{"post.thread.reply_to", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Thread.ReplyTo = s }},
		{"post.thread.quote_of", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Thread.QuoteOf = s }},
		{"post.thread.repost_of", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Thread.RepostOf = s }},
		{"post.thread.root", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Thread.Root = s }},
		{"post.labels.key", 512, func(e *earshotv1.PostEvent, s string) { e.Post.Labels = map[string]string{s: "v"} }},
		{"post.labels.value", 8192, func(e *earshotv1.PostEvent, s string) { e.Post.Labels = map[string]string{"k": s} }},
		{"post.collected_for.0.brand", 512, func(e *earshotv1.PostEvent, s string) { e.Post.CollectedFor = []string{s} }},
		{"post.native_id", 256, func(e *earshotv1.PostEvent, s string) {
			e.Post.NativeId, e.Post.Id = s, e.Post.Platform+":"+s
		}},
		{"provenance.source", 512, func(e *earshotv1.PostEvent, s string) { e.Provenance.Source = s }},
		{"provenance.source_type", 512, func(e *earshotv1.PostEvent, s string) { e.Provenance.SourceType = s }},
		{"provenance.position", 8192, func(e *earshotv1.PostEvent, s string) { e.Provenance.Position = s }},
	})
}

func TestAssessmentTextsAreBounded(t *testing.T) {
	fresh := func() *earshotv1.Assessment {
		return golden(t, events["assessment"], "testdata/assessment/v1/matched.json").(*earshotv1.Assessment)
	}
	finding := func(a *earshotv1.Assessment) *earshotv1.Finding { return a.Categories[1].Findings[0] }
	const at = "categories.1.findings.0."
	holdTo(t, fresh, ValidateAssessment, []bounded[*earshotv1.Assessment]{
		{"brand_id", 512, func(a *earshotv1.Assessment, s string) { a.BrandId = s }},
		{"post.text", 64 << 10, func(a *earshotv1.Assessment, s string) { a.Post.Text = s }},
		{"versions.engine", 512, func(a *earshotv1.Assessment, s string) { a.Versions.Engine = s }},
		{"versions.brand", 512, func(a *earshotv1.Assessment, s string) { a.Versions.Brand = s }},
		{"versions.packs.value", 8192, func(a *earshotv1.Assessment, s string) { a.Versions.Packs = map[string]string{"finra": s} }},
		{"match.reason", 512, func(a *earshotv1.Assessment, s string) { a.Match.Reason = s }},
		{at + "kind", 512, func(a *earshotv1.Assessment, s string) { finding(a).Kind = s }},
		{at + "rule", 512, func(a *earshotv1.Assessment, s string) { finding(a).Rule = s }},
		{at + "rule_version", 512, func(a *earshotv1.Assessment, s string) { finding(a).RuleVersion = s }},
		{at + "title", 8192, func(a *earshotv1.Assessment, s string) { finding(a).Title = s }},
		{at + "cite", 8192, func(a *earshotv1.Assessment, s string) { finding(a).Cite = s }},
		{at + "mitigate", 8192, func(a *earshotv1.Assessment, s string) { finding(a).Mitigate = s }},
		{at + "why", 8192, func(a *earshotv1.Assessment, s string) { finding(a).Why = s }},
		{at + "family", 512, func(a *earshotv1.Assessment, s string) { finding(a).Family = s }},
		{at + "masked", 8192, func(a *earshotv1.Assessment, s string) { finding(a).Masked = s }},
		{at + "fingerprint", 512, func(a *earshotv1.Assessment, s string) { finding(a).Fingerprint = s }},
		{"categories.2.guards.0.rule", 512, func(a *earshotv1.Assessment, s string) { a.Categories[2].Guards[0].Rule = s }},
	})
}

func TestReviewTextsAreBounded(t *testing.T) {
	fresh := func() *earshotv1.Review {
		return golden(t, events["review"], "testdata/review/v1/dismissed.json").(*earshotv1.Review)
	}
	validate := func(r *earshotv1.Review) error {
		r.Id = ReviewID(r)
		return ValidateReview(r)
	}
	holdTo(t, fresh, validate, []bounded[*earshotv1.Review]{
		{"brand_id", 512, func(r *earshotv1.Review, s string) { r.BrandId = s }},
		{"kind", 512, func(r *earshotv1.Review, s string) { r.Kind = s }},
		{"reviewer", 512, func(r *earshotv1.Review, s string) { r.Reviewer = s }},
		{"note", 8192, func(r *earshotv1.Review, s string) { r.Note = s }},
	})
}

func TestAlertTextsAreBounded(t *testing.T) {
	fresh := func() *earshotv1.Alert {
		return golden(t, events["alert"], "testdata/alert/v1/firing.json").(*earshotv1.Alert)
	}
	one := func(value string) map[string]string { return map[string]string{"k": value} }
	holdTo(t, fresh, ValidateAlert, []bounded[*earshotv1.Alert]{
		{"rule", 512, func(a *earshotv1.Alert, s string) { a.Rule = s }},
		{"rule_version", 512, func(a *earshotv1.Alert, s string) { a.RuleVersion = s }},
		{"brand_id", 512, func(a *earshotv1.Alert, s string) { a.BrandId = s }},
		{"group.value", 8192, func(a *earshotv1.Alert, s string) { a.Group = one(s) }},
		{"labels.value", 8192, func(a *earshotv1.Alert, s string) { a.Labels = one(s) }},
		{"annotations.value", 8192, func(a *earshotv1.Alert, s string) { a.Annotations = one(s) }},
		{"samples.0.post_id", 512, func(a *earshotv1.Alert, s string) { a.Samples[0].PostId = s }},
		{"samples.0.assessment_id", 512, func(a *earshotv1.Alert, s string) { a.Samples[0].AssessmentId = s }},
		{"samples.0.url", 4096, func(a *earshotv1.Alert, s string) { a.Samples[0].Url = s }},
		{"samples.0.excerpt", 8192, func(a *earshotv1.Alert, s string) { a.Samples[0].Excerpt = s }},
		{"samples.0.why", 8192, func(a *earshotv1.Alert, s string) { a.Samples[0].Why = s }},
		{"samples.0.author_handle", 512, func(a *earshotv1.Alert, s string) { a.Samples[0].AuthorHandle = s }},
	})
}

// TestNumbersAreBounded takes each number to both ends of its range and past them.
func TestNumbersAreBounded(t *testing.T) {
	tests := map[string]struct {
		high float64
		set  func(*earshotv1.Assessment, float64)
	}{
		"score":                              {100, func(a *earshotv1.Assessment, n float64) { a.Score = n }},
		"match.likelihood":                   {1, func(a *earshotv1.Assessment, n float64) { a.Match.Likelihood = n }},
		"sentiment.negative":                 {1, func(a *earshotv1.Assessment, n float64) { a.Sentiment.Negative = n }},
		"sentiment.neutral":                  {1, func(a *earshotv1.Assessment, n float64) { a.Sentiment.Neutral = n }},
		"sentiment.positive":                 {1, func(a *earshotv1.Assessment, n float64) { a.Sentiment.Positive = n }},
		"categories.0.likelihood":            {1, func(a *earshotv1.Assessment, n float64) { a.Categories[0].Likelihood = n }},
		"categories.0.impact":                {1, func(a *earshotv1.Assessment, n float64) { a.Categories[0].Impact = n }},
		"categories.2.score":                 {100, func(a *earshotv1.Assessment, n float64) { a.Categories[2].Score = n }},
		"categories.1.findings.0.likelihood": {1, func(a *earshotv1.Assessment, n float64) { a.Categories[1].Findings[0].Likelihood = n }},
		"categories.1.findings.0.impact":     {1, func(a *earshotv1.Assessment, n float64) { a.Categories[1].Findings[0].Impact = n }},
		"categories.2.guards.0.strength":     {1, func(a *earshotv1.Assessment, n float64) { a.Categories[2].Guards[0].Strength = n }},
	}
	for field, tt := range tests {
		t.Run(field, func(t *testing.T) {
			a := golden(t, events["assessment"], "testdata/assessment/v1/matched.json").(*earshotv1.Assessment)
			for _, good := range []float64{0, tt.high / 2, tt.high} {
				tt.set(a, good)
				require.NoError(t, ValidateAssessment(a))
			}
			for _, bad := range []float64{-1e-9, math.Nextafter(tt.high, 1000), math.Inf(1), math.Inf(-1), math.NaN()} {
				tt.set(a, bad)
				require.ErrorContains(t, ValidateAssessment(a), field+": ", "%v", bad)
			}
		})
	}
}

// TestTimesAreBounded takes a post's time to both ends of what is believed.
func TestTimesAreBounded(t *testing.T) {
	observed := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		at   time.Time
		want string
	}{
		"the first second of 2000": {time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), ""},
		"the last before":          {time.Date(1999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), "before the year 2000"},
		"a day ahead":              {observed.Add(24 * time.Hour), ""},
		"a second more":            {observed.Add(24*time.Hour + time.Second), "more than a day ahead"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, field := range []string{"created_at", "edited_at"} {
				e := golden(t, events["post"], "testdata/post/v1/created.json").(*earshotv1.PostEvent)
				e.Post.CreatedAt, e.Provenance.ObservedAt = timestamppb.New(observed), timestamppb.New(observed)
				if field == "created_at" {
					e.Post.CreatedAt = timestamppb.New(tt.at)
				} else {
					e.Post.EditedAt = timestamppb.New(tt.at)
				}
				err := ValidatePostEvent(e)
				if tt.want == "" {
					require.NoError(t, err)
					continue
				}
				require.ErrorContains(t, err, "post."+field+": "+tt.want)
			}
		})
	}
}

// TestADeletionNeedsItsIdentityAlone: what it took away is nobody's business any more.
func TestADeletionNeedsItsIdentityAlone(t *testing.T) {
	at := timestamppb.New(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	e := &earshotv1.PostEvent{
		Op:         earshotv1.PostOp_POST_OP_DELETED,
		Post:       &earshotv1.Post{Id: "x:1", Platform: "x", NativeId: "1", Kind: earshotv1.PostKind_POST_KIND_MENTION},
		Provenance: &earshotv1.Provenance{Source: "s", SourceType: "http", ObservedAt: at},
	}
	require.NoError(t, ValidatePostEvent(e))
	e.Post.Kind = 0
	require.ErrorContains(t, ValidatePostEvent(e), "post.kind")
}

// TestErrorsTellNoText: an error goes into logs and answers.
func TestErrorsTellNoText(t *testing.T) {
	e := golden(t, events["post"], "testdata/post/v1/created.json").(*earshotv1.PostEvent)
	e.Post.Text = strings.Repeat("hunter2", 64<<10)
	e.Post.Platform = "hunter2!"
	require.NotContains(t, ValidatePostEvent(e).Error(), "hunter2")
	e.Post.Platform, e.Post.Labels = "x", map[string]string{"hunter2": "\xff"}
	require.NotContains(t, ValidatePostEvent(e).Error(), "hunter2")
	a := golden(t, events["assessment"], "testdata/assessment/v1/matched.json").(*earshotv1.Assessment)
	a.Sentiment.Label = "hunter2"
	require.NotContains(t, ValidateAssessment(a).Error(), "hunter2")
}
