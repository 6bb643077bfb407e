package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// redaction is a byte range of the original that nobody may read.
type redaction struct{ start, end int }

// mask stands for each hidden code point, so that a mask is as long as what it hides and
// spans into the original hold in the redacted text too.
const mask = '*'

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
	return joined(out)
}

// joined sorts redactions and joins those that overlap.
func joined(out []redaction) []redaction {
	slices.SortFunc(out, func(a, b redaction) int { return a.start - b.start })
	kept := out[:0]
	for _, r := range out {
		if n := len(kept); n > 0 && r.start < kept[n-1].end {
			kept[n-1].end = max(kept[n-1].end, r.end)
			continue
		}
		kept = append(kept, r)
	}
	return kept
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
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(f.Kind))
	mac.Write([]byte{0})
	mac.Write(valueOf(t, f))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func valueOf(t *text.Text, f *detect.Finding) []byte {
	if f.Value != nil {
		return f.Value
	}
	return t.Clean[f.Spans[0].Start:f.Spans[0].End]
}

// disclosed is a value that was found and must not be read anywhere in the post.
type disclosed struct {
	value  string
	secret bool // a credential, not what identifies a person
}

// minRepeat is the least length, in bytes, of a value whose repeats are hidden too;
// maxRepeated bounds how many values are looked for, so that work stays linear.
const (
	minRepeat   = 6
	maxRepeated = 64
)

// disclosures appends what the findings ask to hide, as it was written.
func disclosures(t *text.Text, findings []detect.Finding, out []disclosed) []disclosed {
	for i := range findings {
		f := &findings[i]
		if !f.Redact {
			continue
		}
		for _, span := range f.Spans {
			if start, end := t.Bytes(span); end-start >= minRepeat && len(out) < maxRepeated {
				out = append(out, disclosed{t.Original[start:end], credential(f)})
			}
		}
	}
	return out
}

func credential(f *detect.Finding) bool { return f.Kind == "secret" || f.Kind == "credential" }

// repeats appends where the values stand once more: a password that is said a second
// time has no word for it beside it.
func repeats(text string, values []disclosed, secretsOnly bool, out []redaction) []redaction {
	for _, v := range values {
		if secretsOnly && !v.secret {
			continue
		}
		for at := 0; ; {
			i := strings.Index(text[at:], v.value)
			if i < 0 {
				break
			}
			at += i + len(v.value)
			if r := (redaction{at - len(v.value), at}); !covered(r, out) {
				out = append(out, r)
			}
		}
	}
	return joined(out)
}

// covered tells whether the value at r is masked already; what its mask leaves readable,
// at most half, stays so.
func covered(r redaction, by []redaction) bool {
	return slices.ContainsFunc(by, func(b redaction) bool {
		return r.start <= b.start && b.end <= r.end && 2*(b.end-b.start) >= r.end-r.start || b.start <= r.start && r.end <= b.end
	})
}
