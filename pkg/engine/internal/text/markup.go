package text

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// source is what a reader of HTML sees: the original without tags and with its
// character references resolved. Byte i stands for original bytes [from[i], to[i]).
type source struct {
	text     []byte
	from, to []uint32
	tags     []Span // of the original: what the tags held beside their names
}

// unmark fills t.bare where the original holds markup, and returns false where it holds
// none: then the original is read as it is.
func (t *Text) unmark() bool {
	if strings.IndexByte(t.Original, '<') < 0 && strings.IndexByte(t.Original, '&') < 0 {
		return false
	}
	b := &t.bare
	b.text, b.from, b.to, b.tags = b.text[:0], b.from[:0], b.to[:0], b.tags[:0]
	s, changed := t.Original, false
	for i := 0; i < len(s); {
		n := 0
		switch s[i] {
		case '<':
			n = b.tag(s, i)
		case '&':
			n = b.reference(s, i)
		}
		if n == 0 {
			b.put(s[i:i+1], i, i+1)
			i++
			continue
		}
		i, changed = i+n, true
	}
	return changed
}

func (b *source) put(s string, start, end int) {
	b.text = append(b.text, s...)
	for range len(s) {
		b.from, b.to = append(b.from, uint32(start)), append(b.to, uint32(end))
	}
}

// maxReference bounds the name of a character reference; HTML's longest has 33 bytes.
const maxReference = 34

// reference reads the character reference at s[i] and returns its length; 0 where there
// is none. One without its semicolon is none: "AT&T", "?a=1&copy=2".
func (b *source) reference(s string, i int) int {
	n := strings.IndexByte(s[i:min(len(s), i+maxReference)], ';')
	if n < 2 {
		return 0
	}
	written := s[i : i+n+1]
	resolved := html.UnescapeString(written)
	if resolved == written || resolved[len(resolved)-1] == ';' && len(resolved) > 1 {
		return 0 // none, or "&copying;", which starts like one
	}
	b.put(resolved, i, i+n+1)
	return n + 1
}

// blocks are the elements that start a line; inlines are the others that a post may
// hold. What looks like a tag and is neither stays: "List<String>", "x <y".
var (
	blocks = names("p br div li ul ol tr table tbody thead blockquote pre hr h1 h2 h3 h4 h5 h6 section article header footer" +
		" figure figcaption summary details dl dt dd")
	inlines = names("a span b i u s em strong code small sub sup del ins mark q cite abbr time font img video audio source iframe" +
		" td th ruby rt rp bdi bdo wbr kbd samp var label button input form script style")
)

func names(list string) map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(list) {
		out[name] = true
	}
	return out
}

// tag reads the tag at s[i] and returns its length; 0 where there is none. A tag ends at
// its ">" and holds no "<", so that no byte is read more than twice. One that may hold
// more than looks leaves a blank that stands for it.
func (b *source) tag(s string, i int) int {
	start := i + 1
	if start < len(s) && s[start] == '/' {
		start++
	}
	end := start
	for end < len(s) && end-start < 12 && wordByte[s[end]] {
		end++
	}
	name := strings.ToLower(s[start:end])
	block := blocks[name]
	n := strings.IndexAny(s[end:], "<>")
	if !block && !inlines[name] || n < 0 || s[end+n] != '>' || !attributes.MatchString(s[end:end+n]) {
		return 0
	}
	held := Span{end, end + n}
	telling := !quiet.MatchString(s[held.Start:held.End])
	if telling {
		b.tags = append(b.tags, held)
	}
	switch {
	case block:
		b.put("\n", i, held.End+1)
	case telling:
		b.put(" ", i, held.End+1)
	}
	return held.End + 1 - i
}

var (
	attributes = regexp.MustCompile(`\A(?:\s+[A-Za-z][\w:-]*=|\s*/?\z)`)
	// quiet are attributes that hold no more than looks.
	quiet = regexp.MustCompile(`\A(?:\s+(?:class|rel|translate|target|lang|dir)=["']?[a-z _-]*["']?)*\s*/?\z`)
)

// remap makes the readings of t.bare readings of the original.
func (t *Text) remap() {
	for i := range t.from {
		t.from[i], t.to[i] = t.bare.from[t.from[i]], t.bare.to[t.to[i]-1]
	}
}

// Tag is what an HTML tag of the original held beside its name, such as the target of a
// link. At is where the tag stands in the readings.
type Tag struct {
	At   Span
	Held string
}

// Tags appends to out what the tags of the original held, where it may be more than looks.
func (t *Text) Tags(out []Tag) []Tag {
	at := 0
	for _, held := range t.bare.tags {
		for at < len(t.from) && int(t.to[at]) <= held.Start {
			at++
		}
		if at < len(t.from) {
			out = append(out, Tag{Span{at, at + 1}, t.Original[held.Start:held.End]})
		}
	}
	return out
}

// Links counts the addresses that a reader can follow, shown or behind a word.
func (t *Text) Links() int {
	shown := bytes.Count(t.Clean, []byte("://"))
	behind := 0
	for _, held := range t.bare.tags {
		behind += strings.Count(t.Original[held.Start:held.End], "://")
	}
	return max(shown, behind)
}
