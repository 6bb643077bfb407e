package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

var userPair = regexp.MustCompile(`\A(?:--user|-u)\s+["']?([^\s"':]{1,80}):([^\s"']{0,160})`)

// curlUser reports the login in a curl command.
func curlUser(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	before, _ := part.Around(p.Text.Folded, h.Span, 300, 0)
	at := userPair.FindSubmatchIndex(p.Text.Clean[h.Start:min(len(p.Text.Clean), h.Start+maxToken)])
	if at == nil || !bytes.Contains(before, []byte("curl")) {
		return out
	}
	user, secret := p.Text.Clean[h.Start+at[2]:h.Start+at[3]], p.Text.Clean[h.Start+at[4]:h.Start+at[5]]
	span := detect.Span{Start: h.Start + at[4], End: h.Start + at[5]}
	switch {
	case len(secret) == 0 && randomLooking(user, strongSign, true): // a key in the place of the user
		span = detect.Span{Start: h.Start + at[2], End: h.Start + at[3]}
	case len(secret) < 3 || placeholder(secret) || sampleLogin(user, secret) || entropy(secret) < 2:
		return out
	}
	return append(out, finding(p, "credential", "curl-login", "Login in a command line", 4, 0.85, span,
		"A command with user name and password that anyone can run."))
}

var basicShape = regexp.MustCompile(`\A[A-Za-z0-9+/]{8,400}={0,2}`)

// basicLogin reports the login in an Authorization header: base64 of "user:password"
// (RFC 7617).
func basicLogin(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	token := basicShape.Find(p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+maxToken)])
	raw, ok := decodeBase64(token)
	user, secret, pair := bytes.Cut(raw, []byte(":"))
	if !ok || !pair || len(user) == 0 || !ascii(raw) || placeholder(raw) || sampleLogin(user, secret) || len(user)+len(secret) < 7 {
		return out
	}
	span := detect.Span{Start: h.End, End: h.End + len(token)}
	return append(out, finding(p, "credential", "basic-login", "Login in an Authorization header", 4, 0.85, span,
		"A header with user name and password in base64, which hides nothing from a reader."))
}

var headerShape = regexp.MustCompile(`\A["']?\s*[:=,]\s*["']?(?:[A-Za-z][A-Za-z-]{1,20}(?:\s+(?:token\s?=\s?)?|=)["']?)?([^\s"',]{8,200})`)

// authorization reports the token of an Authorization header with any scheme word before
// it.
func authorization(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	at := headerShape.FindSubmatchIndex(p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+maxToken)])
	if at == nil {
		return out
	}
	span := detect.Span{Start: h.End + at[2], End: h.End + at[3]}
	if !randomLooking(p.Text.Clean[span.Start:span.End], strongSign, true) || told(out, span) || bytes.HasPrefix(p.Text.Folded[span.Start:], []byte("eyj")) || bytes.Contains(p.Text.Folded[h.End:span.Start], []byte("basic")) {
		return out
	}
	return append(out, finding(p, "secret", "authorization-header", "Token in an Authorization header", 4, 0.8, span,
		"A header that signs its sender in, with its token."))
}

var jwkSecret = regexp.MustCompile(`["'](?:d|k|p|q|dp|dq|qi)["']\s*:\s*["']([\w+/=-]{20,})["']`)

// webKey reports the private part of a JSON Web Key (RFC 7517): d, or k of a symmetric
// one.
func webKey(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 2000
	window, offset := part.Around(p.Text.Clean, h.Span, reach, reach)
	at := jwkSecret.FindSubmatchIndex(window)
	if at == nil || placeholder(window[at[2]:at[3]]) {
		return out
	}
	span := detect.Span{Start: offset + at[2], End: offset + at[3]}
	return append(out, finding(p, "secret", "json-web-key", "Private JSON Web Key", 5, 0.93, span,
		"A key in JSON with its private part: whoever reads the post can sign or decrypt with it."))
}

var (
	clusterData  = regexp.MustCompile(`(?m)^\s*(?:data|stringData):\s*$`)
	clusterValue = regexp.MustCompile(`(?m)^\s+[\w.-]+:[ \t]*(?:[>|]-?\s+)?["']?([A-Za-z0-9+/]{12,}={0,2})["']?\s*$`)
)

// clusterSecret reports the first value of a Kubernetes manifest of kind Secret: base64
// that decodes to text.
func clusterSecret(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Clean, h.Span, 2000, 4000)
	data := clusterData.FindIndex(window)
	if data == nil {
		return out
	}
	for _, at := range clusterValue.FindAllSubmatchIndex(window[data[1]:], 8) {
		value := window[data[1]+at[2] : data[1]+at[3]]
		if raw, ok := decodeBase64(value); !ok || len(raw) < 8 || placeholder(value) {
			continue
		}
		start := offset + data[1] + at[2]
		return append(out, finding(p, "secret", "cluster-secret", "Secret of a cluster's manifest", 4, 0.8, detect.Span{Start: start, End: start + len(value)},
			"A Kubernetes secret with its data in base64, which hides nothing from a reader."))
	}
	return out
}
