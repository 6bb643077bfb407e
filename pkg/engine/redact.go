package engine

import (
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// redact returns the post with every secret and identifier masked, in its text and in
// every field beside it but its own id; what is behind text.MaxBytes was not read and is
// cut off. Where there is none it is the post itself.
func (e *Engine) redact(s *scratch, post *earshotv1.Post, insider bool) *earshotv1.Post {
	if post == nil {
		return nil
	}
	found := s.concealed()
	s.redacted = redactions(&s.text, found, s.redacted[:0])
	s.disclosed = disclosures(&s.text, found, s.disclosed[:0])
	if len(s.disclosed) > 0 {
		s.redacted = repeats(s.text.Original, s.disclosed, false, s.redacted)
	}
	r := redactor{engine: e, scratch: s, post: post, out: post, insider: insider}
	if clean := masked(s.text.Original, s.redacted); clean != post.GetText() {
		r.changed().Text = clean
	}
	for i := range beside {
		f := &beside[i]
		if value := f.of(post); value != nil {
			if clean := r.field(*value, f.identity); clean != *value {
				*f.of(r.changed()) = clean
			}
		}
	}
	r.labels()
	return r.out
}

// beside are the texts of a post beside its text. Of an identity, which other posts
// point to, only secrets are masked: a number or an address in it is a name.
var beside = [...]struct {
	of       func(p *earshotv1.Post) *string
	identity bool
}{
	{func(p *earshotv1.Post) *string { return &p.Url }, false},
	{ofAuthor(func(a *earshotv1.Author) *string { return &a.Name }), false},
	{ofAuthor(func(a *earshotv1.Author) *string { return &a.Role }), false},
	{ofAuthor(func(a *earshotv1.Author) *string { return &a.Id }), true},
	{ofAuthor(func(a *earshotv1.Author) *string { return &a.Handle }), true},
	{ofThread(func(t *earshotv1.Thread) *string { return &t.ReplyTo }), true},
	{ofThread(func(t *earshotv1.Thread) *string { return &t.QuoteOf }), true},
	{ofThread(func(t *earshotv1.Thread) *string { return &t.RepostOf }), true},
	{ofThread(func(t *earshotv1.Thread) *string { return &t.Root }), true},
}

func ofAuthor(of func(a *earshotv1.Author) *string) func(p *earshotv1.Post) *string {
	return func(p *earshotv1.Post) *string {
		if p.Author == nil {
			return nil
		}
		return of(p.Author)
	}
}

func ofThread(of func(t *earshotv1.Thread) *string) func(p *earshotv1.Post) *string {
	return func(p *earshotv1.Post) *string {
		if p.Thread == nil {
			return nil
		}
		return of(p.Thread)
	}
}

// redactor masks the fields of one post; out is the post itself until one changes.
type redactor struct {
	engine    *Engine
	scratch   *scratch
	post, out *earshotv1.Post
	insider   bool
}

func (r *redactor) changed() *earshotv1.Post {
	if r.out == r.post {
		r.out = proto.CloneOf(r.post)
	}
	return r.out
}

// The shortest values, in bytes, that a field can hide: a password or a number, and a
// token of a provider.
const (
	minValue = 6
	minToken = 16
)

// field masks what the detectors find in a field beside the text, and what the text
// disclosed.
func (r *redactor) field(value string, identity bool) string {
	if len(value) < minValue || identity && len(value) < minToken {
		return value
	}
	s := r.scratch
	s.field.Reset(value)
	s.hits = r.engine.machine.Find(s.field.Folded, s.hits[:0])
	findings := r.engine.detect(s, &s.field, r.post, r.insider, nil)
	s.fieldInsets.find(&s.field, findings, false)
	findings = r.engine.inside(s, &s.fieldInsets, &s.field, r.post, r.insider, findings)
	if identity {
		for i := range findings {
			findings[i].Redact = findings[i].Redact && credential(&findings[i])
		}
	}
	hide := redactions(&s.field, findings, nil)
	if len(s.disclosed) > 0 {
		hide = repeats(s.field.Original, s.disclosed, identity, hide)
	}
	return masked(s.field.Original, hide)
}

// labels masks the names and the values of the labels.
func (r *redactor) labels() {
	for name, value := range r.post.GetLabels() {
		cleanName, cleanValue := r.field(name, true), r.field(value, false)
		if cleanName == name && cleanValue == value {
			continue
		}
		labels := r.changed().Labels
		delete(labels, name)
		labels[cleanName] = cleanValue
	}
}

// attributed returns post with what the brand's register knows of its author.
func attributed(post *earshotv1.Post, person *brand.Person) *earshotv1.Post {
	if person == nil {
		return post
	}
	out := proto.CloneOf(post)
	out.Kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	if out.Author == nil {
		out.Author = &earshotv1.Author{}
	}
	out.Author.EmployeeId, out.Author.Role = person.ID, person.Role
	return out
}
