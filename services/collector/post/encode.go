package post

import (
	"time"

	"github.com/go-json-experiment/json"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Encode writes an event in the JSON form, for whoever sends posts to a collector.
// [Decode] of it gives the same event, without provenance.
func Encode(e *earshotv1.PostEvent) ([]byte, error) {
	p := e.GetPost()
	a, g, t := p.GetAuthor(), p.GetEngagement(), p.GetThread()
	d := Document{
		ID: p.GetNativeId(), Platform: p.GetPlatform(), Op: schemas.OpName(e.GetOp()), Revision: p.GetRevision(),
		Kind: schemas.KindName(p.GetKind()), Text: p.GetText(), Lang: p.GetLang(), URL: p.GetUrl(),
		CreatedAt: formatTime(p.GetCreatedAt()), EditedAt: formatTime(p.GetEditedAt()),
		Author: Author{
			ID: a.GetId(), Handle: a.GetHandle(), Name: a.GetName(), Followers: a.GetFollowers(),
			Verified: a.GetVerified(), EmployeeID: a.GetEmployeeId(), Role: a.GetRole(),
		},
		Engagement: Engagement{Likes: g.GetLikes(), Reposts: g.GetReposts(), Replies: g.GetReplies(), Views: g.GetViews()},
		Thread:     Thread{ReplyTo: t.GetReplyTo(), QuoteOf: t.GetQuoteOf(), RepostOf: t.GetRepostOf(), Root: t.GetRoot()},
		PaidLabel:  p.GetPaidLabel(), CollectedFor: p.GetCollectedFor(), Labels: p.GetLabels(),
	}
	if v := p.GetVisibility(); v != earshotv1.Visibility_VISIBILITY_UNSPECIFIED {
		d.Visibility = schemas.VisibilityName(v)
	}
	return json.Marshal(&d, json.OmitZeroStructFields(true), json.Deterministic(true))
}

func formatTime(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().Format(time.RFC3339Nano)
}
