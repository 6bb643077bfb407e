package backtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Query reads the posts after a time in Unix milliseconds, each once, oldest first. What the store
// holds of a post is enough for the same judgement but for what was redacted.
const Query = `SELECT post_id, platform, native_id, toString(kind) AS kind, text, lang, paid_label, collected_for, labels,
  toFloat64(toUnixTimestamp64Milli(created_at)) AS created, toString(visibility) AS visibility,
  author_id, author_handle, author_name, toFloat64(author_followers) AS followers, author_verified, author_employee_id, author_role,
  reply_to, quote_of, repost_of, thread_root
FROM mentions WHERE created_at > fromUnixTimestamp64Milli(toInt64(%d))
ORDER BY created_at, post_id LIMIT 1 BY post_id`

// row is a line of Query's answer.
type row struct {
	PostID       string            `json:"post_id"`
	Platform     string            `json:"platform"`
	NativeID     string            `json:"native_id"`
	Kind         string            `json:"kind"`
	Text         string            `json:"text"`
	Lang         string            `json:"lang"`
	PaidLabel    bool              `json:"paid_label"`
	CollectedFor []string          `json:"collected_for"`
	Labels       map[string]string `json:"labels"`
	Created      float64           `json:"created"`
	Visibility   string            `json:"visibility"`
	AuthorID     string            `json:"author_id"`
	Handle       string            `json:"author_handle"`
	Name         string            `json:"author_name"`
	Followers    float64           `json:"followers"`
	Verified     bool              `json:"author_verified"`
	EmployeeID   string            `json:"author_employee_id"`
	Role         string            `json:"author_role"`
	ReplyTo      string            `json:"reply_to"`
	QuoteOf      string            `json:"quote_of"`
	RepostOf     string            `json:"repost_of"`
	ThreadRoot   string            `json:"thread_root"`
}

// maxRow bounds a line, bytes: a post of 64 KiB with every character escaped, and more.
const maxRow = 1 << 20

// Read calls take for each post of Query's answer, one JSON object a line.
func Read(in io.Reader, take func(*earshotv1.PostEvent)) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxRow)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("read stored post: %w", err)
		}
		take(r.event())
	}
	return lines.Err()
}

func (r *row) event() *earshotv1.PostEvent {
	kind, _ := schemas.ParseKind(r.Kind)
	visibility, _ := schemas.ParseVisibility(r.Visibility)
	return &earshotv1.PostEvent{
		Op: earshotv1.PostOp_POST_OP_CREATED,
		Post: &earshotv1.Post{
			Id: r.PostID, Platform: r.Platform, NativeId: r.NativeID, Kind: kind, Text: r.Text, Lang: r.Lang, PaidLabel: r.PaidLabel,
			CollectedFor: r.CollectedFor, Labels: r.Labels, CreatedAt: timestamppb.New(time.UnixMilli(int64(r.Created))), Visibility: visibility,
			Author: &earshotv1.Author{
				Id: r.AuthorID, Handle: r.Handle, Name: r.Name, Followers: uint64(r.Followers), Verified: r.Verified, EmployeeId: r.EmployeeID, Role: r.Role,
			},
			Thread: &earshotv1.Thread{ReplyTo: r.ReplyTo, QuoteOf: r.QuoteOf, RepostOf: r.RepostOf, Root: r.ThreadRoot},
		},
	}
}
