// Package post reads the JSON form of a post, the one that Earshot takes from people and
// programs: over HTTP, from JSON Lines files, and on the command line.
//
// It is strict: a name it does not know is an error, not a loss. An error names the
// field and what is allowed and never quotes the post.
package post

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// document is the JSON form. Only id and platform must be there.
type document struct {
	ID       string `json:"id"`
	Platform string `json:"platform"`
	// Op is "created", "edited" or "deleted"; without it a revision over 0 is an edit.
	Op       string `json:"op"`
	Revision uint32 `json:"revision"`
	// Kind is "mention" or "employee"; without it author.employee decides.
	Kind         string            `json:"kind"`
	Text         string            `json:"text"`
	Lang         string            `json:"lang"`
	URL          string            `json:"url"`
	CreatedAt    string            `json:"created_at"`
	EditedAt     string            `json:"edited_at"`
	Author       author            `json:"author"`
	Engagement   engagement        `json:"engagement"`
	Thread       thread            `json:"thread"`
	Visibility   string            `json:"visibility"`
	PaidLabel    bool              `json:"paid_label"`
	CollectedFor []string          `json:"collected_for"`
	Labels       map[string]string `json:"labels"`
}

type author struct {
	ID         string `json:"id"`
	Handle     string `json:"handle"`
	Name       string `json:"name"`
	Followers  uint64 `json:"followers"`
	Verified   bool   `json:"verified"`
	Employee   bool   `json:"employee"`
	EmployeeID string `json:"employee_id"`
	Role       string `json:"role"`
}

type engagement struct {
	Likes   uint64 `json:"likes"`
	Reposts uint64 `json:"reposts"`
	Replies uint64 `json:"replies"`
	Views   uint64 `json:"views"`
}

type thread struct {
	ReplyTo  string `json:"reply_to"`
	QuoteOf  string `json:"quote_of"`
	RepostOf string `json:"repost_of"`
	Root     string `json:"root"`
}

// parts is everything that most posts consist of, for one allocation instead of six.
type parts struct {
	event      earshotv1.PostEvent
	post       earshotv1.Post
	author     earshotv1.Author
	engagement earshotv1.Engagement
	created    timestamppb.Timestamp
}

// strict makes a name that [document] does not have an error.
var strict = json.RejectUnknownMembers(true)

// Decode reads one post from one JSON object of valid UTF-8. The event has no
// provenance, and a time of publication only where the JSON gives one. The error is a
// [schemas.FieldError] without any of the post's text. Decode keeps nothing of line.
func Decode(line []byte) (*earshotv1.PostEvent, error) {
	var d document
	if err := json.Unmarshal(line, &d, strict); err != nil {
		return nil, explain(err)
	}
	p := &parts{}
	p.event.Post = &p.post
	if err := d.identify(&p.event); err != nil {
		return nil, err
	}
	if p.event.GetOp() != earshotv1.PostOp_POST_OP_DELETED {
		if err := d.fill(p); err != nil {
			return nil, err
		}
	}
	return &p.event, Validate(&p.event)
}

// Validate checks an event that has no provenance yet and names its fields as the JSON
// form does.
func Validate(e *earshotv1.PostEvent) error {
	err := schemas.ValidatePost(e.GetPost(), e.GetOp())
	if err == nil {
		return nil
	}
	return rename(err)
}

// identify sets what also a deletion has.
func (d *document) identify(e *earshotv1.PostEvent) error {
	kind := d.Kind
	if kind == "" && (d.Author.Employee || d.Author.EmployeeID != "") {
		kind = "employee"
	}
	op := d.Op
	if op == "" && d.Revision > 0 {
		op = "edited"
	}
	var ok bool
	if e.Post.Kind, ok = schemas.ParseKind(orElse(kind, "mention")); !ok {
		return fault("kind", "want mention or employee")
	}
	if e.Op, ok = schemas.ParseOp(orElse(op, "created")); !ok {
		return fault("op", "want created, edited or deleted")
	}
	if e.Op == earshotv1.PostOp_POST_OP_EDITED && d.Revision == 0 {
		return fault("revision", "want 1 or more for an edit")
	}
	if e.Op == earshotv1.PostOp_POST_OP_CREATED && d.Revision != 0 {
		return fault("revision", "want 0 for a post as first published")
	}
	Identify(e.Post, d.Platform, d.ID)
	e.Post.Revision = d.Revision
	return nil
}

// Identify sets platform, native id and the id made of both.
func Identify(p *earshotv1.Post, platform, nativeID string) {
	p.Platform, p.NativeId = platform, nativeID
	if nativeID != "" {
		p.Id = platform + ":" + nativeID
	}
}

func (d *document) fill(p *parts) error {
	post := &p.post
	post.Text, post.Lang, post.Url = d.Text, d.Lang, d.URL
	post.PaidLabel, post.CollectedFor, post.Labels = d.PaidLabel, d.CollectedFor, d.Labels
	if d.Visibility != "" {
		var ok bool
		if post.Visibility, ok = schemas.ParseVisibility(d.Visibility); !ok {
			return fault("visibility", "want public, forum, group or direct")
		}
	}
	if d.Author != (author{}) {
		post.Author = &p.author
		p.author.Id, p.author.Handle, p.author.Name = d.Author.ID, d.Author.Handle, d.Author.Name
		p.author.Followers, p.author.Verified = d.Author.Followers, d.Author.Verified
		p.author.EmployeeId, p.author.Role = d.Author.EmployeeID, d.Author.Role
	}
	if d.Engagement != (engagement{}) {
		post.Engagement = &p.engagement
		p.engagement.Likes, p.engagement.Reposts = d.Engagement.Likes, d.Engagement.Reposts
		p.engagement.Replies, p.engagement.Views = d.Engagement.Replies, d.Engagement.Views
	}
	if d.Thread != (thread{}) {
		post.Thread = &earshotv1.Thread{
			ReplyTo: Reference(d.Platform, d.Thread.ReplyTo), QuoteOf: Reference(d.Platform, d.Thread.QuoteOf),
			RepostOf: Reference(d.Platform, d.Thread.RepostOf), Root: Reference(d.Platform, d.Thread.Root),
		}
	}
	return d.date(p)
}

func (d *document) date(p *parts) error {
	if d.CreatedAt != "" {
		at, err := parseTime("created_at", d.CreatedAt)
		if err != nil {
			return err
		}
		p.created.Seconds, p.created.Nanos = at.Unix(), int32(at.Nanosecond())
		p.post.CreatedAt = &p.created
	}
	if d.EditedAt != "" {
		at, err := parseTime("edited_at", d.EditedAt)
		if err != nil {
			return err
		}
		p.post.EditedAt = timestamppb.New(at)
	}
	return nil
}

func parseTime(field, value string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return at, fault(field, "want a time like 2026-03-02T09:14:00Z")
	}
	return at, nil
}

// Reference makes a post id of a native id of the same platform; a post id and nothing
// stay what they are.
func Reference(platform, id string) string {
	if id == "" || strings.HasPrefix(id, platform+":") {
		return id
	}
	return platform + ":" + id
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
