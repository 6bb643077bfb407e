package tweet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// whole is a tweet with what a test adds.
func whole(more string) string {
	return `{"id": 850007368138018817, "id_str": "850007368138018817", "created_at": "Thu Apr 06 15:28:43 +0000 2017", ` + more + `}`
}

// TestForms are those of https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/tweet
// and of the stream's messages.
func TestForms(t *testing.T) {
	tests := map[string]struct {
		line string
		want string // op id text reply/quote/repost visibility
	}{
		"compatibility mode": {
			whole(`"text": "begin… https://t.co/x", "truncated": true, "display_text_range": [0, 140], "extended_tweet": {"full_text": "begin and the end", "display_text_range": [0, 200]}`),
			`created x:850007368138018817 "begin and the end" // PUBLIC`,
		},
		"extended mode":             {whole(`"full_text": "begin and the end", "display_text_range": [0, 17]`), `created x:850007368138018817 "begin and the end" // PUBLIC`},
		"an empty extended text":    {whole(`"text": "short", "extended_tweet": {"full_text": ""}`), `created x:850007368138018817 "short" // PUBLIC`},
		"escaped marks, once":       {whole(`"text": "a &amp;lt; b &gt; c &quot;"`), `created x:850007368138018817 "a &lt; b > c \"" // PUBLIC`},
		"a retweet, beginning only": {whole(`"text": "RT @kim: beg…", "retweeted_status": {"id_str": "4", "text": "begin…", "extended_tweet": {"full_text": "begin and end"}, "user": {"screen_name": "kim"}}`), `created x:850007368138018817 "RT @kim: begin and end" //x:4 PUBLIC`},
		"a retweet without author":  {whole(`"text": "RT @kim: beg…", "retweeted_status": {"id": 4, "text": "begin and end"}`), `created x:850007368138018817 "RT @kim: beg…" //x:4 PUBLIC`},
		"a quote":                   {whole(`"text": "see", "is_quote_status": true, "quoted_status_id": 6, "quoted_status_id_str": "6", "quoted_status": {"id_str": "6", "text": "quoted", "user": {"screen_name": "kim"}}`), `created x:850007368138018817 "see" /x:6/ PUBLIC`},
		"a quote that is gone":      {whole(`"text": "see", "is_quote_status": true, "quoted_status_id_str": "6"`), `created x:850007368138018817 "see" /x:6/ PUBLIC`},
		"a retweet of a quote": {
			whole(`"text": "RT @kim: see", "quoted_status_id_str": "6", "retweeted_status": {"id_str": "5", "text": "see", "quoted_status_id_str": "6", "user": {"screen_name": "kim"}}`),
			`created x:850007368138018817 "RT @kim: see" /x:6/x:5 PUBLIC`,
		},
		"a reply to a person alone":       {whole(`"text": "@kim hi", "in_reply_to_status_id": null, "in_reply_to_status_id_str": null, "in_reply_to_screen_name": "kim"`), `created x:850007368138018817 "@kim hi" // PUBLIC`},
		"a reply":                         {whole(`"text": "no", "in_reply_to_status_id": 12, "in_reply_to_status_id_str": "12"`), `created x:850007368138018817 "no" x:12// PUBLIC`},
		"withheld in places":              {whole(`"text": "a", "withheld_copyright": true, "withheld_in_countries": ["DE"], "withheld_scope": "status"`), `created x:850007368138018817 "a" // PUBLIC`},
		"of a protected account":          {whole(`"text": "a", "user": {"id_str": "9", "screen_name": "lou", "protected": true}`), `created x:850007368138018817 "a" // GROUP`},
		"without any text":                {whole(`"text": ""`), `created x:850007368138018817 "" // PUBLIC`},
		"with places and entities":        {whole(`"text": "a", "coordinates": null, "place": null, "entities": {"hashtags": [], "urls": [{"url": "https://t.co/x", "indices": [0, 1]}]}, "lang": "und"`), `created x:850007368138018817 "a" // PUBLIC`},
		"a deletion, both ids":            {`{"delete": {"status": {"id": 12, "id_str": "12", "user_id": 3, "user_id_str": "3"}, "timestamp_ms": "1"}}`, `deleted x:12 "" // UNSPECIFIED`},
		"a number that floats lose":       {`{"id": 850007368138018817, "text": "a", "created_at": "Thu Apr 06 15:28:43 +0000 2017"}`, `created x:850007368138018817 "a" // PUBLIC`},
		"the text's id where they differ": {`{"id": 850007368138018800, "id_str": "850007368138018817", "text": "a", "created_at": "Thu Apr 06 15:28:43 +0000 2017"}`, `created x:850007368138018817 "a" // PUBLIC`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := Decode([]byte(tt.line))
			require.NoError(t, err)
			p := e.GetPost()
			require.Equal(t, tt.want, fmt.Sprintf("%s %s %q %s/%s/%s %s", schemas.OpName(e.GetOp()), p.GetId(), p.GetText(),
				p.GetThread().GetReplyTo(), p.GetThread().GetQuoteOf(), p.GetThread().GetRepostOf(), strings.TrimPrefix(p.GetVisibility().String(), "VISIBILITY_")))
			require.Equal(t, earshotv1.PostKind_POST_KIND_MENTION, p.GetKind())
			require.Empty(t, p.GetLang())
		})
	}
}

// TestNoticesOfTheStream tell of no post,
// https://developer.x.com/en/docs/x-api/v1/tweets/filter-realtime/guides/streaming-message-types.
func TestNoticesOfTheStream(t *testing.T) {
	for _, line := range []string{
		`{"status_withheld": {"id": 1234567890, "user_id": 123456, "withheld_in_countries": ["DE", "AR"]}}`,
		`{"user_withheld": {"id": 123456, "withheld_in_countries": ["DE", "AR"]}}`,
		`{"disconnect": {"code": 4, "stream_name": "s", "reason": "r"}}`,
		`{"friends": [1, 2, 3]}`, `{"event": "follow", "created_at": "Thu Apr 06 15:28:43 +0000 2017"}`, `{}`, `null`,
	} {
		e, err := Decode([]byte(line))
		require.NoError(t, err, line)
		require.Nil(t, e, line)
	}
}

// TestAnEndlessNestIsNoHarm: retweets of retweets do not happen, and are refused or read.
func TestAnEndlessNestIsNoHarm(t *testing.T) {
	const depth = 5000
	line := strings.Repeat(`{"id_str": "1", "text": "a", "created_at": "Thu Apr 06 15:28:43 +0000 2017", "user": {"screen_name": "kim"}, "retweeted_status": `, depth) + "null" + strings.Repeat("}", depth)
	e, err := Decode([]byte(line))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(e.GetPost().GetText(), "RT @kim: RT @kim: "))
	_, err = Decode([]byte(line[:len(line)-1]))
	require.Error(t, err)
}
