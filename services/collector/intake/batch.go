package intake

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// Fault is one post that was not taken.
type Fault struct {
	// Line is where it begins in the body, from 1.
	Line int `json:"line"`
	// Index is its place in an array, from 0; absent elsewhere.
	Index *int `json:"index,omitempty"`
	// Field is a path in the post's JSON: "author.followers".
	Field string `json:"field"`
	// Error says what is allowed.
	Error string `json:"error"`
}

// batch gathers the posts of one body.
type batch struct {
	limit  int
	now    time.Time
	events []*earshotv1.PostEvent
	faults []Fault
	count  int
	over   bool // there were more than limit
}

func (b *batch) read(body []byte, f form) {
	switch {
	case f == formLines || looksLikeLines(body):
		b.lines(body)
	default:
		b.document(body)
	}
}

// looksLikeLines recognizes lines that are sent as application/json: an object that ends
// on the first line, with something behind it.
func looksLikeLines(body []byte) bool {
	first, rest, found := bytes.Cut(bytes.TrimSpace(body), []byte("\n"))
	first = bytes.TrimSpace(first)
	return found && len(rest) > 0 && bytes.HasPrefix(first, []byte("{")) && bytes.HasSuffix(first, []byte("}"))
}

func (b *batch) lines(body []byte) {
	number := 0
	for line := range bytes.Lines(body) {
		number++
		if line = bytes.TrimSpace(line); len(line) > 0 && !b.over {
			b.add(line, number, nil)
		}
	}
}

// document reads one post or an array. Where the JSON itself is broken, what stands
// before is taken and the rest cannot be told apart.
func (b *batch) document(body []byte) {
	// Faults inside a post are found, and named, when the post is decoded.
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != '[' {
		if value := bytes.TrimSpace(body); len(value) > 0 {
			b.add(value, 1+bytes.Count(body[:bytes.IndexByte(body, value[0])], []byte("\n")), nil)
		}
		return
	}
	_, err := dec.ReadToken()
	line, counted := 1, int64(0)
	for index := 0; err == nil && dec.PeekKind() != ']' && !b.over; index++ {
		var value jsontext.Value
		if value, err = dec.ReadValue(); err == nil {
			begin := dec.InputOffset() - int64(len(value))
			line += bytes.Count(body[counted:begin], []byte("\n"))
			counted = begin
			b.add(value, line, &index)
		}
	}
	if b.over {
		return
	}
	if err == nil {
		_, err = dec.ReadToken()
	}
	behind := body[dec.InputOffset():]
	switch rest := bytes.TrimLeft(behind, " \t\r\n"); {
	case err != nil:
		b.broken(body, err)
	case len(rest) > 0:
		b.broken(body, &jsontext.SyntacticError{ByteOffset: int64(len(body) - len(rest))})
	}
}

func (b *batch) broken(body []byte, err error) {
	at := int64(len(body))
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at = min(at, syntax.ByteOffset)
	}
	index := b.count
	b.count++
	b.faults = append(b.faults, Fault{
		Line: 1 + bytes.Count(body[:at], []byte("\n")), Index: &index, Field: "post",
		Error: fmt.Sprintf("broken JSON at byte %d; nothing from here on was read", at+1),
	})
}

func (b *batch) add(value []byte, line int, index *int) {
	b.count++
	if b.over = b.count > b.limit; b.over {
		return
	}
	e, err := post.Decode(value)
	if err == nil {
		err = Origin.Stamp(e, b.now)
	}
	if err == nil {
		b.events = append(b.events, e)
		return
	}
	f := Fault{Line: line, Index: index, Field: "post", Error: err.Error()}
	if field, ok := errors.AsType[*schemas.FieldError](err); ok {
		f.Field, f.Error = field.Field, field.Reason
	}
	b.faults = append(b.faults, f)
}
