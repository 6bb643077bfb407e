package schemas

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestValidatePostEventNamesTheField(t *testing.T) {
	tests := map[string]struct {
		spoil func(*earshotv1.PostEvent)
		want  string
	}{
		"no op":              {func(e *earshotv1.PostEvent) { e.Op = 0 }, "op: 0 is not one of 1 to 3"},
		"unknown op":         {func(e *earshotv1.PostEvent) { e.Op = 9 }, "op: 9"},
		"no post":            {func(e *earshotv1.PostEvent) { e.Post = nil }, "post: missing"},
		"no platform":        {func(e *earshotv1.PostEvent) { e.Post.Platform = "" }, "post.platform: missing"},
		"upper-case":         {func(e *earshotv1.PostEvent) { e.Post.Platform = "X" }, "post.platform: only a-z, 0-9 and _"},
		"long platform":      {func(e *earshotv1.PostEvent) { e.Post.Platform = strings.Repeat("x", 33) }, "at most 32"},
		"no native id":       {func(e *earshotv1.PostEvent) { e.Post.NativeId = "" }, "post.native_id: missing"},
		"long native id":     {func(e *earshotv1.PostEvent) { e.Post.NativeId = strings.Repeat("1", 257) }, "257 bytes, at most 256"},
		"id of another":      {func(e *earshotv1.PostEvent) { e.Post.Id = "linkedin:other" }, "post.id: want platform:native_id"},
		"id without colon":   {func(e *earshotv1.PostEvent) { e.Post.Id = "urn-7301" }, "post.id: want platform:native_id"},
		"no kind":            {func(e *earshotv1.PostEvent) { e.Post.Kind = 0 }, "post.kind"},
		"text too long":      {func(e *earshotv1.PostEvent) { e.Post.Text = strings.Repeat("a", 64<<10+1) }, "post.text: 65537 bytes, at most 65536"},
		"text not UTF-8":     {func(e *earshotv1.PostEvent) { e.Post.Text = "a\xffb" }, "post.text: not valid UTF-8"},
		"handle not UTF-8":   {func(e *earshotv1.PostEvent) { e.Post.Author.Handle = "\xc3" }, "post.author.handle: not valid UTF-8"},
		"long URL":           {func(e *earshotv1.PostEvent) { e.Post.Url = strings.Repeat("u", 4097) }, "post.url"},
		"no creation":        {func(e *earshotv1.PostEvent) { e.Post.CreatedAt = nil }, "post.created_at: missing"},
		"ancient":            {func(e *earshotv1.PostEvent) { e.Post.CreatedAt.Seconds = 0 }, "post.created_at: before the year 2000"},
		"tomorrow and more":  {func(e *earshotv1.PostEvent) { e.Post.CreatedAt.Seconds += 90000 }, "post.created_at: more than a day ahead"},
		"after year 9999":    {func(e *earshotv1.PostEvent) { e.Post.CreatedAt.Seconds = math.MaxInt64 }, "after the year 9999"},
		"wrong nanoseconds":  {func(e *earshotv1.PostEvent) { e.Post.CreatedAt.Nanos = -1 }, "post.created_at: -1 nanoseconds"},
		"edit far ahead":     {func(e *earshotv1.PostEvent) { e.Post.EditedAt = timestamppb.New(time.Unix(1e10, 0)) }, "post.edited_at"},
		"unknown visibility": {func(e *earshotv1.PostEvent) { e.Post.Visibility = 7 }, "post.visibility"},
		"empty brand":        {func(e *earshotv1.PostEvent) { e.Post.CollectedFor = []string{"a", ""} }, "post.collected_for.1.brand: missing"},
		"many brands":        {func(e *earshotv1.PostEvent) { e.Post.CollectedFor = make([]string, 65) }, "65 entries, at most 64"},
		"many labels":        {func(e *earshotv1.PostEvent) { e.Post.Labels = numbered(33) }, "post.labels: 33 entries, at most 32"},
		"label without name": {func(e *earshotv1.PostEvent) { e.Post.Labels = map[string]string{"": "v"} }, "post.labels.key: missing"},
		"label not UTF-8":    {func(e *earshotv1.PostEvent) { e.Post.Labels = map[string]string{"k": "\xff"} }, "post.labels.value: not valid UTF-8"},
		"long thread id":     {func(e *earshotv1.PostEvent) { e.Post.Thread.Root = strings.Repeat("r", 513) }, "post.thread.root"},
		"no provenance":      {func(e *earshotv1.PostEvent) { e.Provenance = nil }, "provenance.source: missing"},
		"no observation":     {func(e *earshotv1.PostEvent) { e.Provenance.ObservedAt = nil }, "provenance.observed_at: missing"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := golden(t, events["post"], "testdata/post/v1/created.json").(*earshotv1.PostEvent)
			tt.spoil(e)
			err := ValidatePostEvent(e)
			require.ErrorContains(t, err, tt.want)
			var field *FieldError
			require.ErrorAs(t, err, &field)
		})
	}
	require.ErrorContains(t, ValidatePostEvent(nil), "op: 0")
}

func numbered(n int) map[string]string {
	out := map[string]string{}
	for i := range n {
		out[strings.Repeat("k", i+1)] = "v"
	}
	return out
}

func TestValidatePostAllowsWhatACollectorStampsLater(t *testing.T) {
	p := &earshotv1.Post{Id: "x:1", Platform: "x", NativeId: "1", Kind: earshotv1.PostKind_POST_KIND_MENTION}
	require.NoError(t, ValidatePost(p, earshotv1.PostOp_POST_OP_CREATED))
	require.ErrorContains(t, ValidatePost(p, 0), "op")
	require.ErrorContains(t, ValidatePost(nil, earshotv1.PostOp_POST_OP_CREATED), "post: missing")
}

func TestNativeIDMayHoldColons(t *testing.T) {
	p := &earshotv1.Post{Id: "bluesky:at://did:plc:1/3k", Platform: "bluesky", NativeId: "at://did:plc:1/3k", Kind: 1}
	require.NoError(t, ValidatePost(p, earshotv1.PostOp_POST_OP_CREATED))
}

func TestValidateAssessmentNamesTheField(t *testing.T) {
	tests := map[string]struct {
		spoil func(*earshotv1.Assessment)
		want  string
	}{
		"short id":          {func(a *earshotv1.Assessment) { a.Id = "ab" }, "id: 2 characters, want 32"},
		"upper-case id":     {func(a *earshotv1.Assessment) { a.Id = strings.Repeat("A", 32) }, "id: want 32 lower-case"},
		"no brand":          {func(a *earshotv1.Assessment) { a.BrandId = "" }, "brand_id: missing"},
		"no engine":         {func(a *earshotv1.Assessment) { a.Versions = nil }, "versions.engine: missing"},
		"no post":           {func(a *earshotv1.Assessment) { a.Post = nil }, "post: missing"},
		"score over 100":    {func(a *earshotv1.Assessment) { a.Score = 100.1 }, "score: 100.1 is not between 0 and 100"},
		"score not number":  {func(a *earshotv1.Assessment) { a.Score = math.NaN() }, "score: NaN"},
		"no level":          {func(a *earshotv1.Assessment) { a.Level = 0 }, "level"},
		"two categories":    {func(a *earshotv1.Assessment) { a.Categories = a.Categories[:2] }, "categories: 2 entries"},
		"wrong order":       {func(a *earshotv1.Assessment) { a.Categories[0].Category = 3 }, "categories.0.category"},
		"likelihood over 1": {func(a *earshotv1.Assessment) { a.Categories[1].Likelihood = 1.1 }, "categories.1.likelihood"},
		"finding no rule":   {func(a *earshotv1.Assessment) { a.Categories[1].Findings[0].Rule = "" }, "categories.1.findings.0.rule: missing"},
		"span backwards": {
			func(a *earshotv1.Assessment) { a.Categories[1].Findings[0].Spans[0].End = 3 },
			"categories.1.findings.0.spans.0.end: 3 is not between 30 and 65536",
		},
		"guard too strong":     {func(a *earshotv1.Assessment) { a.Categories[2].Guards[0].Strength = 2 }, "categories.2.guards.0.strength"},
		"other sentiment":      {func(a *earshotv1.Assessment) { a.Sentiment.Label = "angry" }, "sentiment.label: want one of"},
		"match over 1":         {func(a *earshotv1.Assessment) { a.Match.Likelihood = 3 }, "match.likelihood"},
		"unmatched with score": {func(a *earshotv1.Assessment) { a.Matched = false }, "categories: 3 entries, at most 0"},
		"never assessed":       {func(a *earshotv1.Assessment) { a.AssessedAt = nil }, "assessed_at: missing"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := golden(t, events["assessment"], "testdata/assessment/v1/matched.json").(*earshotv1.Assessment)
			tt.spoil(a)
			require.ErrorContains(t, ValidateAssessment(a), tt.want)
		})
	}
	require.Error(t, ValidateAssessment(nil))
}

func TestValidateAlertNamesTheField(t *testing.T) {
	tests := map[string]struct {
		spoil func(*earshotv1.Alert)
		want  string
	}{
		"no id":             {func(a *earshotv1.Alert) { a.Id = "" }, "id: 0 characters"},
		"no rule":           {func(a *earshotv1.Alert) { a.Rule = "" }, "rule: missing"},
		"no state":          {func(a *earshotv1.Alert) { a.State = 0 }, "state"},
		"other severity":    {func(a *earshotv1.Alert) { a.Severity = "page" }, `severity: want one of ["info" "warning" "critical"]`},
		"other measure":     {func(a *earshotv1.Alert) { a.Measure = "median" }, "measure: want one of"},
		"endless":           {func(a *earshotv1.Alert) { a.Observed = math.Inf(1) }, "observed: +Inf"},
		"window backwards":  {func(a *earshotv1.Alert) { a.WindowEnd.Seconds -= 3600 }, "window_end: before window_start"},
		"ends before start": {func(a *earshotv1.Alert) { a.EndsAt = a.WindowStart }, "ends_at: before starts_at"},
		"no start":          {func(a *earshotv1.Alert) { a.StartsAt = nil }, "starts_at: missing"},
		"six samples":       {func(a *earshotv1.Alert) { a.Samples = make([]*earshotv1.AlertSample, 6) }, "samples: 6 entries, at most 5"},
		"sample of nothing": {func(a *earshotv1.Alert) { a.Samples[0].PostId = "" }, "samples.0.post_id: missing"},
		"group not UTF-8":   {func(a *earshotv1.Alert) { a.Group["brand"] = "\xff" }, "group.value: not valid UTF-8"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := golden(t, events["alert"], "testdata/alert/v1/firing.json").(*earshotv1.Alert)
			tt.spoil(a)
			require.ErrorContains(t, ValidateAlert(a), tt.want)
		})
	}
	require.Error(t, ValidateAlert(nil))
}

func TestValidEventsCostNoAllocation(t *testing.T) {
	post := golden(t, events["post"], "testdata/post/v1/created.json")
	assessment := golden(t, events["assessment"], "testdata/assessment/v1/matched.json")
	alert := golden(t, events["alert"], "testdata/alert/v1/firing.json")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_ = ValidatePostEvent(post.(*earshotv1.PostEvent))
		_ = ValidateAssessment(assessment.(*earshotv1.Assessment))
		_ = ValidateAlert(alert.(*earshotv1.Alert))
	}))
}

func BenchmarkValidatePostEvent(b *testing.B) {
	data, err := os.ReadFile("testdata/post/v1/created.binpb")
	require.NoError(b, err)
	e := &earshotv1.PostEvent{}
	require.NoError(b, e.UnmarshalVT(data))
	b.ReportAllocs()
	for b.Loop() {
		_ = ValidatePostEvent(e)
	}
}

func FuzzValidate(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{8, 1, 18, 0})
	f.Fuzz(func(_ *testing.T, data []byte) {
		var (
			post       earshotv1.PostEvent
			assessment earshotv1.Assessment
			alert      earshotv1.Alert
		)
		if post.UnmarshalVT(data) == nil {
			_ = ValidatePostEvent(&post)
		}
		if assessment.UnmarshalVT(data) == nil {
			_ = ValidateAssessment(&assessment)
		}
		if alert.UnmarshalVT(data) == nil {
			_ = ValidateAlert(&alert)
		}
	})
}
