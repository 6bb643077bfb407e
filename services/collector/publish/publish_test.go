package publish

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

var (
	origin = Origin{Name: "press", Type: "feed"}
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

type kept struct {
	messages []bus.Message
	err      error
}

func (k *kept) Write(_ context.Context, messages ...bus.Message) error {
	k.messages = append(k.messages, messages...)
	return k.err
}

func event(op earshotv1.PostOp, revision uint32) *earshotv1.PostEvent {
	return &earshotv1.PostEvent{Op: op, Post: &earshotv1.Post{
		Id: "news:1", Platform: "news", NativeId: "1", Revision: revision, Kind: earshotv1.PostKind_POST_KIND_MENTION,
	}}
}

func TestStampCompletesAnEvent(t *testing.T) {
	e := event(earshotv1.PostOp_POST_OP_CREATED, 0)
	e.Provenance = &earshotv1.Provenance{Position: "line 3"}
	require.NoError(t, origin.Stamp(e, noon))
	require.Equal(t, "press/feed/line 3", e.GetProvenance().GetSource()+"/"+e.GetProvenance().GetSourceType()+"/"+e.GetProvenance().GetPosition())
	require.Equal(t, noon, e.GetProvenance().GetObservedAt().AsTime())
	require.Equal(t, noon, e.GetPost().GetCreatedAt().AsTime(), "a source without a time says when it was seen")
}

func TestStampKeepsWhatTheSourceKnows(t *testing.T) {
	e := event(earshotv1.PostOp_POST_OP_CREATED, 0)
	e.Post.CreatedAt = timestamppb.New(noon.Add(-time.Hour))
	require.NoError(t, origin.Stamp(e, noon))
	require.Equal(t, noon.Add(-time.Hour), e.GetPost().GetCreatedAt().AsTime())

	gone := event(earshotv1.PostOp_POST_OP_DELETED, 2)
	require.NoError(t, origin.Stamp(gone, noon))
	require.Nil(t, gone.GetPost().GetCreatedAt())
}

func TestStampRefusesWhatIsNotValid(t *testing.T) {
	tests := map[string]struct {
		spoil func(*earshotv1.PostEvent)
		want  string
	}{
		"no post":   {func(e *earshotv1.PostEvent) { e.Post = nil }, "post: missing"},
		"no id":     {func(e *earshotv1.PostEvent) { e.Post.NativeId = "" }, "id: missing"},
		"far ahead": {func(e *earshotv1.PostEvent) { e.Post.CreatedAt = timestamppb.New(noon.AddDate(0, 0, 2)) }, "created_at: more than a day ahead"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := event(earshotv1.PostOp_POST_OP_CREATED, 0)
			tt.spoil(e)
			err := origin.Stamp(e, noon)
			require.ErrorContains(t, err, tt.want)
			var field *schemas.FieldError
			require.ErrorAs(t, err, &field)
		})
	}
}

func TestPublishWritesEventsWithTheirHeaders(t *testing.T) {
	trace1 := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	ctx := trace.ContextWithSpanContext(t.Context(), trace1)
	edited := event(earshotv1.PostOp_POST_OP_EDITED, 2)
	edited.Post.EditedAt = timestamppb.New(noon.Add(-time.Minute))
	events := []*earshotv1.PostEvent{event(earshotv1.PostOp_POST_OP_CREATED, 0), edited, event(earshotv1.PostOp_POST_OP_DELETED, 2)}
	events[0].Post.CreatedAt = timestamppb.New(noon.Add(-time.Hour))
	for _, e := range events {
		require.NoError(t, origin.Stamp(e, noon))
	}
	w := &kept{}
	p, err := New(w)
	require.NoError(t, err)
	require.NoError(t, p.Publish(ctx, origin, events))
	require.Len(t, w.messages, 3)
	wants := []struct{ id, time string }{
		{"news:1@0/created", "2026-03-02T11:00:00Z"},
		{"news:1@2/edited", "2026-03-02T11:59:00Z"},
		{"news:1@2/deleted", "2026-03-02T12:00:00Z"},
	}
	for i, want := range wants {
		m := w.messages[i]
		require.Equal(t, bus.TopicPosts, m.Topic)
		require.Equal(t, "news:1", string(m.Key), "events of one post stay in order")
		require.Equal(t, want.id, m.Header("ce_id"))
		require.Equal(t, want.time, m.Header("ce_time"))
		require.Equal(t, "earshot.post.v1", m.Header("ce_type"))
		require.Equal(t, "earshot/collector/press", m.Header("ce_source"))
		require.Equal(t, "00-01000000000000000000000000000000-0200000000000000-01", m.Header("traceparent"))
		var e earshotv1.PostEvent
		require.NoError(t, e.UnmarshalVT(m.Value))
		require.NoError(t, schemas.ValidatePostEvent(&e))
	}
}

func TestPublishReturnsTheWritersError(t *testing.T) {
	down := errors.New("down")
	p, err := New(&kept{err: down})
	require.NoError(t, err)
	require.ErrorIs(t, p.Publish(t.Context(), origin, []*earshotv1.PostEvent{event(earshotv1.PostOp_POST_OP_DELETED, 0)}), down)
}
