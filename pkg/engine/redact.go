package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// redaction is a byte range of the original that nobody may read.
type redaction struct{ start, end int }

// mask stands for each hidden code point, so that a mask is as long as what it hides and
// spans into the original hold in the redacted text too.
const mask = '*'

// redact returns the post with every secret and identifier masked, in its text, its
// URL and its labels; what is behind text.MaxBytes was not read and is cut off. Where there is none it is the post itself.
func (e *Engine) redact(s *scratch, post *earshotv1.Post, insider bool) *earshotv1.Post {
	s.redacted = redactions(&s.text, s.detected, s.redacted[:0])
	cleanText := masked(s.text.Original, s.redacted)
	url := e.redactField(s, post, post.GetUrl(), insider)
	var labels map[string]string
	for name, value := range post.GetLabels() {
		if clean := e.redactField(s, post, value, insider); clean != value {
			if labels == nil {
				labels = maps.Clone(post.GetLabels())
			}
			labels[name] = clean
		}
	}
	if cleanText == post.GetText() && url == post.GetUrl() && labels == nil {
		return post
	}
	out := proto.CloneOf(post)
	out.Text, out.Url = cleanText, url
	if labels != nil {
		out.Labels = labels
	}
	return out
}

// redactField masks what the detectors find in a field beside the text.
func (e *Engine) redactField(s *scratch, post *earshotv1.Post, value string, insider bool) string {
	if value == "" {
		return value
	}
	s.field.Reset(value)
	s.hits = e.machine.Find(s.field.Folded, s.hits[:0])
	findings := e.detect(s, &s.field, post, insider, nil)
	return masked(s.field.Original, redactions(&s.field, findings, nil))
}

// redactions appends what the findings ask to hide, in order, without overlap.
func redactions(t *text.Text, findings []detect.Finding, out []redaction) []redaction {
	for i := range findings {
		f := &findings[i]
		if !f.Redact {
			continue
		}
		for _, span := range f.Spans {
			out = append(out, hidden(t, span, f.KeepFirst, f.KeepLast))
		}
	}
	slices.SortFunc(out, func(a, b redaction) int { return a.start - b.start })
	joined := out[:0]
	for _, r := range out {
		if n := len(joined); n > 0 && r.start < joined[n-1].end {
			joined[n-1].end = max(joined[n-1].end, r.end)
			continue
		}
		joined = append(joined, r)
	}
	return joined
}

// hidden is span without the first and last code points that may stay readable; all of
// it where that would show more than half.
func hidden(t *text.Text, span text.Span, first, last int) redaction {
	start, end := t.Bytes(span)
	value := t.Original[start:end]
	if 2*(first+last) > utf8.RuneCountInString(value) {
		return redaction{start, end}
	}
	for range first {
		_, n := utf8.DecodeRuneInString(t.Original[start:])
		start += n
	}
	for range last {
		_, n := utf8.DecodeLastRuneInString(t.Original[:end])
		end -= n
	}
	return redaction{start, end}
}

// masked writes value with its redactions.
func masked(value string, redactions []redaction) string {
	if len(redactions) == 0 {
		return value
	}
	var b strings.Builder
	at := 0
	for _, r := range redactions {
		b.WriteString(value[at:r.start])
		for range utf8.RuneCountInString(value[r.start:r.end]) {
			b.WriteByte(mask)
		}
		at = r.end
	}
	b.WriteString(value[at:])
	return b.String()
}

// maskOf returns the masked form of a finding's value.
func maskOf(t *text.Text, f *detect.Finding) string {
	start, end := t.Bytes(f.Spans[0])
	h := hidden(t, f.Spans[0], f.KeepFirst, f.KeepLast)
	return masked(t.Original[start:end], []redaction{{h.start - start, h.end - start}})
}

// fingerprint is a keyed hash of a value, 128 bits in hex: the same value meets itself in
// other posts, and nobody without the key can try values (domain guide 3.6).
func (c *compiled) fingerprint(t *text.Text, f *detect.Finding) string {
	value := f.Value
	if value == nil {
		value = t.Clean[f.Spans[0].Start:f.Spans[0].End]
	}
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(f.Kind))
	mac.Write([]byte{0})
	mac.Write(value)
	return hex.EncodeToString(mac.Sum(nil)[:16])
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
