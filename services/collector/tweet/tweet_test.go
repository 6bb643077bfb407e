package tweet

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const author = `"user": {"id_str": "9", "screen_name": "lou", "name": "Lou", "followers_count": 12, "verified": true}`

func TestDecode(t *testing.T) {
	const stamp = `"created_at": "Tue Feb 17 08:00:00 +0000 2015"`
	const signed = `"author": {"id": "9", "handle": "@lou", "name": "Lou", "followers": 12, "verified": true}, "url": "https://x.com/lou/status/1",
		"visibility": "VISIBILITY_PUBLIC", "createdAt": "2015-02-17T08:00:00Z"`
	tests := map[string]struct{ line, want string }{
		"a tweet": {
			`{"id": 1, "id_str": "1", "text": "AT&amp;T &lt;3", "lang": "en", "favorite_count": 3, "retweet_count": 2, "reply_count": 1, ` + stamp + `, ` + author + `}`,
			`{"op": 1, "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": 1, "text": "AT&T <3", "lang": "en",
			  "engagement": {"likes": 3, "reposts": 2, "replies": 1}, ` + signed + `}}`,
		},
		"the whole of a long tweet": {
			`{"id": 1, "text": "begin…", "truncated": true, "lang": "und", "extended_tweet": {"full_text": "begin and end"}, ` + stamp + `, ` + author + `}`,
			`{"op": 1, "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": 1, "text": "begin and end", ` + signed + `}}`,
		},
		"extended mode, a reply that quotes": {
			`{"id_str": "1", "full_text": "no", "in_reply_to_status_id_str": "5", "quoted_status_id": 6, ` + stamp + `, ` + author + `}`,
			`{"op": 1, "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": 1, "text": "no", "thread": {"replyTo": "x:5", "quoteOf": "x:6"}, ` + signed + `}}`,
		},
		"a retweet in full": {
			`{"id_str": "1", "text": "RT @kim: beg…", "retweeted_status": {"id_str": "4", "full_text": "begin and end", "user": {"screen_name": "kim"}}, ` + stamp + `, ` + author + `}`,
			`{"op": 1, "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": 1, "text": "RT @kim: begin and end", "thread": {"repostOf": "x:4"}, ` + signed + `}}`,
		},
		"a protected account, negative counts": {
			`{"id_str": "1", "text": "a", "favorite_count": -1, ` + stamp + `, "user": {"protected": true, "id": 9}}`,
			`{"op": 1, "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": 1, "text": "a", "author": {"id": "9"},
			  "visibility": "VISIBILITY_GROUP", "createdAt": "2015-02-17T08:00:00Z"}}`,
		},
		"a deletion": {
			`{"delete": {"status": {"id": 1, "user_id": 3}, "timestamp_ms": "1"}}`,
			`{"op": 3, "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": 1}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			want := &earshotv1.PostEvent{}
			require.NoError(t, protojson.Unmarshal([]byte(tt.want), want))
			got, err := Decode([]byte(tt.line))
			require.NoError(t, err)
			require.True(t, proto.Equal(want, got), "got %v, want %v", got, want)
		})
	}
}

func TestDecodeLeavesOtherNoticesOut(t *testing.T) {
	for _, line := range []string{
		`{"limit": {"track": 10}}`, `{"scrub_geo": {"up_to_status_id": 20}}`,
		`{"warning": {"code": "FALLING_BEHIND"}}`, `{"delete": {}}`,
	} {
		e, err := Decode([]byte(line))
		require.NoError(t, err)
		require.Nil(t, e, line)
	}
}

func TestDecodeNamesTheFieldAndNeverTheText(t *testing.T) {
	tests := map[string]struct{ line, field, reason string }{
		"broken":       {`{"text": "hunter2`, "tweet", "broken JSON"},
		"not a tweet":  {`["hunter2"]`, "tweet", "not a tweet"},
		"other type":   {`{"id_str": "1", "text": 4}`, "text", "want a value of type string"},
		"not UTF-8":    {"{\"id_str\": \"1\", \"text\": \"hunter2\xff\"}", "tweet", "not valid UTF-8"},
		"no time":      {`{"id_str": "1", "text": "hunter2"}`, "created_at", "want a time like"},
		"v2 time":      {`{"id_str": "1", "created_at": "2015-02-17T08:00:00Z"}`, "created_at", "want a time like"},
		"ancient time": {`{"id_str": "1", "created_at": "Tue Feb 17 08:00:00 +0000 1970"}`, "created_at", "before the year 2000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Decode([]byte(tt.line))
			var field *schemas.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, tt.field, field.Field)
			require.Contains(t, field.Reason, tt.reason)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id_str": "1", "text": "a", "created_at": "Tue Feb 17 08:00:00 +0000 2015", ` + author + `}`))
	f.Add([]byte(`{"delete": {"status": {"id": 1}}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := Decode(line)
		if err == nil && e != nil {
			require.NoError(t, schemas.ValidatePost(e.GetPost(), e.GetOp()))
		}
	})
}
