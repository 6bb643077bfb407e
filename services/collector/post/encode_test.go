package post

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestDecodeReadsWhatEncodeWrites(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 14, 0, 250e6, time.UTC)
	tests := map[string]*earshotv1.PostEvent{
		"everything": {
			Op: earshotv1.PostOp_POST_OP_EDITED,
			Post: &earshotv1.Post{
				Id: "x:17", Platform: "x", NativeId: "17", Revision: 2, Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE,
				Text: "line one\nline \"two\" é", Lang: "en", Url: "https://x.example/17",
				CreatedAt: timestamppb.New(at), EditedAt: timestamppb.New(at.Add(time.Hour)),
				Author:     &earshotv1.Author{Id: "u1", Handle: "@a", Name: "A", Followers: 7, Verified: true, EmployeeId: "e1", Role: "pilot"},
				Engagement: &earshotv1.Engagement{Likes: 1, Reposts: 2, Replies: 3, Views: 4},
				Thread:     &earshotv1.Thread{ReplyTo: "x:1", Root: "x:0"},
				Visibility: earshotv1.Visibility_VISIBILITY_FORUM, PaidLabel: true,
				CollectedFor: []string{"acme"}, Labels: map[string]string{"reason": "late", "a": "b"},
			},
		},
		"the least": {
			Op:   earshotv1.PostOp_POST_OP_CREATED,
			Post: &earshotv1.Post{Id: "x:1", Platform: "x", NativeId: "1", Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: "hi", CreatedAt: timestamppb.New(at)},
		},
		"a deletion": {
			Op:   earshotv1.PostOp_POST_OP_DELETED,
			Post: &earshotv1.Post{Id: "x:1", Platform: "x", NativeId: "1", Revision: 3, Kind: earshotv1.PostKind_POST_KIND_MENTION},
		},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			line, err := Encode(want)
			require.NoError(t, err)
			got, err := Decode(line)
			require.NoError(t, err)
			require.True(t, proto.Equal(want, got), "%s", line)
		})
	}
}
