package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// leakageOn judges a post of an employee on a day and returns its leakage.
func leakageOn(t *testing.T, b engine.Brand, day, text string) *earshotv1.CategoryAssessment {
	t.Helper()
	e, err := engine.New(engine.Options{Brands: []engine.Brand{b}, Key: make([]byte, 32)})
	require.NoError(t, err)
	at, err := time.Parse(time.DateOnly, day)
	require.NoError(t, err)
	return e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "x:1", Platform: "x", Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: text, CreatedAt: timestamppb.New(at), Author: &earshotv1.Author{Role: "engineer"},
	}}, time.Time{})[0].GetCategories()[1]
}

func TestPublishedTopics(t *testing.T) {
	b := engine.Brand{
		ID: "hollin", Name: "Hollin", CodeNames: []string{"Project Ironbark"},
		Published: []engine.Published{{Topic: "Project Ironbark", Date: "2026-05-14"}},
	}
	const text = "Project Ironbark ships in June, not announced yet"
	before, after := leakageOn(t, b, "2026-05-13", text), leakageOn(t, b, "2026-05-14", text)
	require.Greater(t, before.GetLikelihood(), 0.8)
	require.Empty(t, before.GetGuards())
	require.Less(t, after.GetLikelihood(), 0.5)
	require.Equal(t, "calendar.published", after.GetGuards()[0].GetRule())
	require.Equal(t, "Public since 2026-05-14: Project Ironbark", after.GetGuards()[0].GetTitle())
	span := after.GetGuards()[0].GetSpans()[0]
	require.Equal(t, "Project Ironbark", text[span.GetStart():span.GetEnd()])
	for _, f := range after.GetFindings() {
		require.Less(t, f.GetLikelihood(), 0.5, f.GetRule())
	}
	require.Equal(t, before.GetLikelihood(), leakageOn(t, engine.Brand{ID: "hollin", Name: "Hollin", CodeNames: b.CodeNames}, "2026-05-14", text).GetLikelihood())
}

func TestBlackout(t *testing.T) {
	b := engine.Brand{ID: "hollin", Name: "Hollin", Blackouts: []engine.Blackout{{From: "2026-04-01", To: "2026-04-28"}}}
	const text = "the quarter is way below plan"
	inside, outside := leakageOn(t, b, "2026-04-28", text), leakageOn(t, b, "2026-04-29", text)
	require.Greater(t, inside.GetLikelihood(), outside.GetLikelihood()+0.1)
	require.Contains(t, inside.GetFindings()[0].GetWhy(), "blackout from 2026-04-01 to 2026-04-28")
	require.NotContains(t, outside.GetFindings()[0].GetWhy(), "blackout")
	const plan = "the foldable version ships in October, don't tell anyone"
	require.Equal(t, leakageOn(t, b, "2026-04-29", plan).GetLikelihood(), leakageOn(t, b, "2026-04-28", plan).GetLikelihood(), "plans are no figures")
}
