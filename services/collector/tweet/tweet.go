// Package tweet reads posts of X (Twitter) in the form of its API v1.1, which archives
// and many tools still write: tweets, retweets, replies, quotes and deletion notices.
// It only reads what it is given and talks to nobody.
package tweet

import (
	"encoding/json"
	"html"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/dghubble/go-twitter/twitter" //nolint:staticcheck // deprecated with API v1.1 itself; the format lives on in archives

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// platform is the name of X in post ids.
const platform = "x"

// message is a line of a v1.1 stream: a tweet, or a notice about one. Notices other than
// deletions (limits, withheld places, warnings) have no id and no delete.
type message struct {
	twitter.Tweet
	Delete *struct {
		Status *twitter.StatusDeletion `json:"status"`
	} `json:"delete"`
}

// Decode reads one JSON object. A notice that says nothing about a post gives nil. The
// error is a [schemas.FieldError] without any text of the tweet.
func Decode(line []byte) (*earshotv1.PostEvent, error) {
	if !utf8.Valid(line) { // encoding/json would put U+FFFD instead
		return nil, &schemas.FieldError{Field: "tweet", Reason: "not valid UTF-8"}
	}
	var m message
	if err := json.Unmarshal(line, &m); err != nil {
		return nil, explain(err)
	}
	if m.Delete != nil && m.Delete.Status != nil {
		d := &post.Document{Platform: platform, Op: "deleted", ID: id(m.Delete.Status.IDStr, m.Delete.Status.ID)}
		return d.Event()
	}
	if m.ID == 0 && m.IDStr == "" {
		return nil, nil
	}
	d, err := document(&m.Tweet)
	if err != nil {
		return nil, err
	}
	return d.Event()
}

// id prefers the text form: JSON numbers of this size lose digits in some tools.
func id(text string, number int64) string {
	if text != "" || number == 0 {
		return text
	}
	return strconv.FormatInt(number, 10)
}

func document(t *twitter.Tweet) (*post.Document, error) {
	at, err := t.CreatedAtTime()
	if err != nil {
		return nil, &schemas.FieldError{Field: "created_at", Reason: "want a time like " + time.RubyDate}
	}
	d := &post.Document{
		ID: id(t.IDStr, t.ID), Platform: platform, Text: text(t), Lang: t.Lang,
		CreatedAt: at.UTC().Format(time.RFC3339), Visibility: "public",
		Engagement: post.Engagement{Likes: natural(t.FavoriteCount), Reposts: natural(t.RetweetCount), Replies: natural(t.ReplyCount)},
		Thread:     post.Thread{ReplyTo: id(t.InReplyToStatusIDStr, t.InReplyToStatusID), QuoteOf: id(t.QuotedStatusIDStr, t.QuotedStatusID)},
	}
	if t.Lang == "und" { // X's word for a language it could not tell
		d.Lang = ""
	}
	if t.RetweetedStatus != nil {
		d.Thread.RepostOf = id(t.RetweetedStatus.IDStr, t.RetweetedStatus.ID)
	}
	if t.User != nil {
		sign(d, t.User)
	}
	return d, nil
}

func sign(d *post.Document, u *twitter.User) {
	d.Author = post.Author{ID: id(u.IDStr, u.ID), Name: u.Name, Followers: natural(u.FollowersCount), Verified: u.Verified}
	if u.ScreenName != "" {
		d.Author.Handle = "@" + u.ScreenName
		d.URL = "https://x.com/" + u.ScreenName + "/status/" + d.ID
	}
	if u.Protected {
		d.Visibility = "group"
	}
}

// text is the whole text, also of a tweet that carries only its beginning in field text.
// v1.1 escapes &, < and > in it.
func text(t *twitter.Tweet) string {
	if r := t.RetweetedStatus; r != nil && r.User != nil {
		return "RT @" + r.User.ScreenName + ": " + text(r)
	}
	switch {
	case t.ExtendedTweet != nil && t.ExtendedTweet.FullText != "":
		return html.UnescapeString(t.ExtendedTweet.FullText)
	case t.FullText != "":
		return html.UnescapeString(t.FullText)
	}
	return html.UnescapeString(t.Text)
}

func natural(n int) uint64 { return uint64(max(n, 0)) }
