package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

const (
	minLone, maxLone = 48, 200 // bytes; coin addresses have up to 44, lines of keys 64 to 76
	maxLonePost      = 4096    // bytes of a post of such lines
	loneBits         = 40      // a prior, from the tuning half of the published sets
)

// lone reports an insider's post that is nothing but drawn tokens: lines of a key, or
// what was on the clipboard. Checksums are hexadecimal and do not count; neither do the
// marks of comments and the times of a log before a line.
func lone(p *detect.Post, out []detect.Finding) []detect.Finding {
	if !p.Insider || len(p.Text.Clean) < minLone || len(p.Text.Clean) > maxLonePost {
		return out
	}
	span, ok := loneLines(p.Text.Clean)
	if !ok || overlaps(out, span) {
		return out
	}
	return append(out, finding(p, "secret", "lone-token", "Post of random tokens only", 3, 0.55, span,
		"The post is nothing but a string that looks drawn at random, such as a line of a key or a token pasted by mistake."))
}

// overlaps tells whether a finding before hides a part of span.
func overlaps(out []detect.Finding, span detect.Span) bool {
	for _, f := range out {
		if f.Redact && f.Spans[0].Start < span.End && span.Start < f.Spans[0].End {
			return true
		}
	}
	return false
}

// loneLines is the place of the tokens where text has no other word with a letter.
func loneLines(text []byte) (span detect.Span, ok bool) {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && text[i] > ' ' {
			i++
		}
		word := bare(text, detect.Span{Start: start, End: i})
		switch {
		case !lettered(text[word.Start:word.End]):
		case !ok && !loneToken(text[word.Start:word.End]), ok && !base64Only(text[word.Start:word.End]):
			return span, false
		case !ok:
			span, ok = word, true
		default:
			span.End = word.End
		}
		i++
	}
	return span, ok
}

func lettered(s []byte) bool {
	lower, upper, _, _ := classes(s)
	return lower+upper > 0
}

func loneToken(s []byte) bool {
	return len(s) >= minLone && len(s) <= maxLone && base64Only(s) && !hexOnly(s) && !encodedText(s) && randomLooking(s, loneBits, false)
}

// bare takes quotes, operators and written line breaks off the ends of a word.
func bare(text []byte, s detect.Span) detect.Span {
	for s.End > s.Start && bytes.IndexByte([]byte("\"'`,;)"), text[s.End-1]) >= 0 {
		s.End--
	}
	for s.End-s.Start > 1 && text[s.End-2] == '\\' {
		s.End -= 2
	}
	for s.Start < s.End && bytes.IndexByte([]byte("\"'`(>"), text[s.Start]) >= 0 {
		s.Start++
	}
	return s
}

func base64Only(s []byte) bool {
	for _, c := range bytes.TrimRight(s, "=") {
		if !part.Alnum(c) && c != '+' && c != '/' {
			return false
		}
	}
	return true
}

// encodedText tells base64 of text: nine in ten of its bytes are printable.
func encodedText(token []byte) bool {
	raw, _ := decodeBase64(token)
	printable := 0
	for _, c := range raw {
		if c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t' {
			printable++
		}
	}
	return printable*10 >= len(raw)*9
}

// realEdge is the line of a key that no passphrase protects.
var realEdge = regexp.MustCompile(`^-----(?:BEGIN|END) (?:(?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY|PGP PRIVATE KEY BLOCK)-----$`)

// keyEdge reports an insider's post that holds only the first or last line of a private
// key, as where a key is spread over several posts. head is the span of the line.
func keyEdge(p *detect.Post, head detect.Span, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	before, rest := bytes.TrimRight(text[:head.Start], " \t"), text[head.End:min(len(text), head.End+40)]
	opened := !lettered(before) || bytes.IndexByte([]byte("\"'`="), before[len(before)-1]) >= 0
	if !p.Insider || !opened || !realEdge.Match(text[head.Start:head.End]) || bytes.Contains(before, []byte("-----BEGIN")) {
		return out
	}
	if lettered(bytes.ReplaceAll(rest, []byte(`\n`), nil)) {
		return out
	}
	return append(out, finding(p, "secret", "private-key-edge", "First or last line of a private key", 4, 0.5, head,
		"The line in which a private key begins or ends; the key may stand in the posts around it."))
}
