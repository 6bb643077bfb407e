package rows

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/collector/post"
)

// setter puts a cell into a document. The error is a reason without the cell's text.
type setter func(d *post.Document, cell string) string

// setters are the fields that a mapping can fill.
var setters = map[string]setter{
	"id":                 text(func(d *post.Document) *string { return &d.ID }),
	"platform":           text(func(d *post.Document) *string { return &d.Platform }),
	"op":                 text(func(d *post.Document) *string { return &d.Op }),
	"revision":           revision,
	"kind":               text(func(d *post.Document) *string { return &d.Kind }),
	"text":               text(func(d *post.Document) *string { return &d.Text }),
	"lang":               text(func(d *post.Document) *string { return &d.Lang }),
	"url":                text(func(d *post.Document) *string { return &d.URL }),
	"created_at":         text(func(d *post.Document) *string { return &d.CreatedAt }),
	"edited_at":          text(func(d *post.Document) *string { return &d.EditedAt }),
	"visibility":         text(func(d *post.Document) *string { return &d.Visibility }),
	"author.id":          text(func(d *post.Document) *string { return &d.Author.ID }),
	"author.handle":      text(func(d *post.Document) *string { return &d.Author.Handle }),
	"author.name":        text(func(d *post.Document) *string { return &d.Author.Name }),
	"author.role":        text(func(d *post.Document) *string { return &d.Author.Role }),
	"author.employee_id": text(func(d *post.Document) *string { return &d.Author.EmployeeID }),
	"author.verified":    truth(func(d *post.Document) *bool { return &d.Author.Verified }),
	"author.employee":    truth(func(d *post.Document) *bool { return &d.Author.Employee }),
	"author.followers":   count(func(d *post.Document) *uint64 { return &d.Author.Followers }),
	"engagement.likes":   count(func(d *post.Document) *uint64 { return &d.Engagement.Likes }),
	"engagement.reposts": count(func(d *post.Document) *uint64 { return &d.Engagement.Reposts }),
	"engagement.replies": count(func(d *post.Document) *uint64 { return &d.Engagement.Replies }),
	"engagement.views":   count(func(d *post.Document) *uint64 { return &d.Engagement.Views }),
	"thread.reply_to":    text(func(d *post.Document) *string { return &d.Thread.ReplyTo }),
	"thread.quote_of":    text(func(d *post.Document) *string { return &d.Thread.QuoteOf }),
	"thread.repost_of":   text(func(d *post.Document) *string { return &d.Thread.RepostOf }),
	"thread.root":        text(func(d *post.Document) *string { return &d.Thread.Root }),
	"paid_label":         truth(func(d *post.Document) *bool { return &d.PaidLabel }),
	"collected_for": func(d *post.Document, cell string) string {
		d.CollectedFor = append(d.CollectedFor, cell)
		return ""
	},
}

// FieldNames are the fields that a mapping can fill, sorted.
func FieldNames() []string { return slices.Sorted(maps.Keys(setters)) }

func text(field func(*post.Document) *string) setter {
	return func(d *post.Document, cell string) string {
		*field(d) = cell
		return ""
	}
}

func truth(field func(*post.Document) *bool) setter {
	return func(d *post.Document, cell string) string {
		value, err := strconv.ParseBool(cell)
		if err != nil {
			return "want true or false"
		}
		*field(d) = value
		return ""
	}
}

func count(field func(*post.Document) *uint64) setter {
	return func(d *post.Document, cell string) string {
		value, err := strconv.ParseUint(cell, 10, 64)
		if err != nil {
			return "want a whole number from 0"
		}
		*field(d) = value
		return ""
	}
}

func revision(d *post.Document, cell string) string {
	value, err := strconv.ParseUint(cell, 10, 32)
	if err != nil {
		return "want a whole number from 0"
	}
	d.Revision = uint32(value)
	return ""
}

// rewrite turns the times of a document into RFC 3339.
func (t Time) rewrite(d *post.Document) error {
	if t.Format == "" || t.Format == "rfc3339" {
		return nil
	}
	for field, value := range map[string]*string{"created_at": &d.CreatedAt, "edited_at": &d.EditedAt} {
		if *value == "" {
			continue
		}
		at, err := t.parse(*value)
		if err != nil {
			return &schemas.FieldError{Field: field, Reason: "want a time in the format " + t.Format}
		}
		*value = at.UTC().Format(time.RFC3339Nano)
	}
	return nil
}

func (t Time) parse(value string) (time.Time, error) {
	switch t.Format {
	case "unix":
		seconds, err := strconv.ParseInt(value, 10, 64)
		return time.Unix(seconds, 0), err
	case "unix_ms":
		milliseconds, err := strconv.ParseInt(value, 10, 64)
		return time.UnixMilli(milliseconds), err
	}
	return time.Parse(t.Format, value)
}
