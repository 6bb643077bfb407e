package secret

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

// constructs are the ends of calls that make a client of a service or sign it in, with the
// bracket before their first argument, folded.
var constructs = []string{"client(", ".init(", ".configure(", ".setup(", ".connect(", ".login(", ".auth(", ".authenticate(", "::new(", "')('", `")("`}

// constructed reports a drawn value that is the first argument of such a call: with nothing
// else said, it is the key. UUIDs are ids of apps as often.
func constructed(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const least = 24
	text := p.Text.Clean
	start := h.End
	if start < len(text) && text[start-1] == '(' {
		start++
	}
	if start >= len(text) || text[start-1] != '"' && text[start-1] != '\'' {
		return out
	}
	end := bytes.IndexByte(text[start:min(len(text), start+maxSecret)], text[start-1])
	if end < minNearSecret {
		return out
	}
	span := detect.Span{Start: start, End: start + end}
	if value := text[span.Start:span.End]; uuid.Match(value) || !randomLooking(value, least, true) || overlaps(out, span) {
		return out
	}
	return append(out, finding(p, "secret", "client-key", "Key of a client in code", 3, 0.6, span,
		"The first argument of a call that makes a client of a service looks random."))
}
