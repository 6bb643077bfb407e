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

// Document is the JSON form. Only ID and Platform must be there. Other formats become a
// Document first, so that all are judged alike.
type Document struct {
	ID       string `json:"id"`
	Platform string `json:"platform"`
	// Op is "created", "edited" or "deleted"; without it a revision over 0 is an edit.
	Op       string `json:"op"`
	Revision uint32 `json:"revision"`
	// Kind is "mention" or "employee"; without it author.employee decides.
	Kind string `json:"kind"`
	Text string `json:"text"`
	Lang string `json:"lang"`
	URL  string `json:"url"`
	// CreatedAt and EditedAt are RFC 3339.
	CreatedAt    string            `json:"created_at"`
	EditedAt     string            `json:"edited_at"`
	Author       Author            `json:"author"`
	Engagement   Engagement        `json:"engagement"`
	Thread       Thread            `json:"thread"`
	Visibility   string            `json:"visibility"`
	PaidLabel    bool              `json:"paid_label"`
	CollectedFor []string          `json:"collected_for"`
	Labels       map[string]string `json:"labels"`
}

// Author is who wrote the post. Employee marks one of the company's own people.
type Author struct {
	ID         string `json:"id"`
	Handle     string `json:"handle"`
	Name       string `json:"name"`
	Followers  uint64 `json:"followers"`
	Verified   bool   `json:"verified"`
	Employee   bool   `json:"employee"`
	EmployeeID string `json:"employee_id"`
	Role       string `json:"role"`
}

// Engagement counts reactions.
type Engagement struct {
	Likes   uint64 `json:"likes"`
	Reposts uint64 `json:"reposts"`
	Replies uint64 `json:"replies"`
	Views   uint64 `json:"views"`
}

// Thread ties the post to others by their native ids or post ids.
type Thread struct {
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

// strict makes a name that [Document] does not have an error.
var strict = json.RejectUnknownMembers(true)

// Decode reads one post from one JSON object of valid UTF-8. The event has no
// provenance, and a time of publication only where the JSON gives one. The error is a
// [schemas.FieldError] without any of the post's text. Decode keeps nothing of line.
func Decode(line []byte) (*earshotv1.PostEvent, error) {
	var d Document
	if err := json.Unmarshal(line, &d, strict); err != nil {
		return nil, explain(err)
	}
	return d.Event()
}

// Event is the event that the document tells of, as [Decode] returns it.
func (d *Document) Event() (*earshotv1.PostEvent, error) {
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
	if err := Validate(&p.event); err != nil {
		return nil, err
	}
	return &p.event, nil
}

// Validate checks an event that has no provenance yet and names its fields as the JSON
// form does.
func Validate(e *earshotv1.PostEvent) error {
	return Rename(schemas.ValidatePost(e.GetPost(), e.GetOp()))
}

// identify sets what also a deletion has.
func (d *Document) identify(e *earshotv1.PostEvent) error {
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
	p.Platform, p.NativeId, p.Id = platform, nativeID, platform+":"+nativeID
}

func (d *Document) fill(p *parts) error {
	post := &p.post
	post.Text, post.Lang, post.Url = d.Text, d.Lang, d.URL
	post.PaidLabel, post.CollectedFor, post.Labels = d.PaidLabel, d.CollectedFor, d.Labels
	if d.Visibility != "" {
		var ok bool
		if post.Visibility, ok = schemas.ParseVisibility(d.Visibility); !ok {
			return fault("visibility", "want public, forum, group or direct")
		}
	}
	if d.Author != (Author{}) {
		post.Author = &p.author
		p.author.Id, p.author.Handle, p.author.Name = d.Author.ID, d.Author.Handle, d.Author.Name
		p.author.Followers, p.author.Verified = d.Author.Followers, d.Author.Verified
		p.author.EmployeeId, p.author.Role = d.Author.EmployeeID, d.Author.Role
	}
	if d.Engagement != (Engagement{}) {
		post.Engagement = &p.engagement
		p.engagement.Likes, p.engagement.Reposts = d.Engagement.Likes, d.Engagement.Reposts
		p.engagement.Replies, p.engagement.Views = d.Engagement.Replies, d.Engagement.Views
	}
	if d.Thread != (Thread{}) {
		post.Thread = &earshotv1.Thread{
			ReplyTo: d.reference(d.Thread.ReplyTo), QuoteOf: d.reference(d.Thread.QuoteOf),
			RepostOf: d.reference(d.Thread.RepostOf), Root: d.reference(d.Thread.Root),
		}
	}
	return d.date(p)
}

func (d *Document) date(p *parts) error {
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

// reference makes a post id of a native id of the same platform; a post id and nothing
// stay what they are.
func (d *Document) reference(id string) string {
	if id == "" || strings.HasPrefix(id, d.Platform+":") {
		return id
	}
	return d.Platform + ":" + id
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
