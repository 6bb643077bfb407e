package schemas

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestValidateReviewNamesTheField(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*earshotv1.Review)
		want  string
	}{
		"no id":              {func(r *earshotv1.Review) { r.Id = "" }, "id: 0 characters"},
		"another id":         {func(r *earshotv1.Review) { r.Id = strings.Repeat("0", 32) }, "id: not the hash"},
		"no assessment":      {func(r *earshotv1.Review) { r.AssessmentId = "" }, "assessment_id: 0 characters"},
		"no post":            {func(r *earshotv1.Review) { r.PostId = "" }, "post_id: missing"},
		"post of nowhere":    {func(r *earshotv1.Review) { r.PostId = "7301" }, "post_id: want platform:native_id"},
		"no brand":           {func(r *earshotv1.Review) { r.BrandId = "" }, "brand_id: missing"},
		"no category":        {func(r *earshotv1.Review) { r.Category = 0 }, "category: 0 is not one of 1 to 3"},
		"no decision":        {func(r *earshotv1.Review) { r.Decision = 0 }, "decision: 0 is not one of 1 to 3"},
		"unknown decision":   {func(r *earshotv1.Review) { r.Decision = 9 }, "decision: 9"},
		"nobody":             {func(r *earshotv1.Review) { r.Reviewer = "" }, "reviewer: missing"},
		"no time":            {func(r *earshotv1.Review) { r.DecidedAt = nil }, "decided_at: missing"},
		"long before":        {func(r *earshotv1.Review) { r.DecidedAt = timestamppb.New(time.Unix(1, 0)) }, "decided_at: before the year 2000"},
		"a long explanation": {func(r *earshotv1.Review) { r.Note = strings.Repeat("n", 8193) }, "note: 8193 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			r := golden(t, events["review"], "testdata/review/v1/dismissed.json").(*earshotv1.Review)
			tt.spoil(r)
			err := ValidateReview(r)
			require.ErrorContains(t, err, tt.want)
			var field *FieldError
			require.ErrorAs(t, err, &field)
			require.NotContains(t, err.Error(), "nnn")
		})
	}
}

// TestReviewIDTellsDecisionsApart changes what the id names, one at a time, and what it
// does not.
func TestReviewIDTellsDecisionsApart(t *testing.T) {
	fresh := func() *earshotv1.Review {
		return golden(t, events["review"], "testdata/review/v1/dismissed.json").(*earshotv1.Review)
	}
	id := ReviewID(fresh())
	for name, tt := range map[string]struct {
		change func(*earshotv1.Review)
		same   bool
	}{
		"nothing":        {func(*earshotv1.Review) {}, true},
		"note":           {func(r *earshotv1.Review) { r.Note = "again" }, true},
		"a microsecond":  {func(r *earshotv1.Review) { r.DecidedAt.Nanos += 1000 }, true},
		"assessment":     {func(r *earshotv1.Review) { r.AssessmentId = strings.Repeat("1", 32) }, false},
		"category":       {func(r *earshotv1.Review) { r.Category = earshotv1.Category_CATEGORY_LEAKAGE }, false},
		"kind":           {func(r *earshotv1.Review) { r.Kind = "" }, false},
		"reviewer":       {func(r *earshotv1.Review) { r.Reviewer = "ola" }, false},
		"a second later": {func(r *earshotv1.Review) { r.DecidedAt.Seconds++ }, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := fresh()
			tt.change(r)
			require.Equal(t, tt.same, ReviewID(r) == id)
		})
	}
}
