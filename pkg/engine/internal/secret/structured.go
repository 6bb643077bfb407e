package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"time"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

var awsWords = []string{"akia", "asia", "aws_secret", "secret_access_key", "secretaccesskey", "aws secret", "secret access key"}

var forty = regexp.MustCompile(`[A-Za-z0-9/+]{40}`)

// awsSecret reports the forty characters of an AWS secret that stand within 80 bytes of
// its key id or name (domain guide 3.1).
func awsSecret(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 80
	if !part.Alnum(p.Text.Folded[h.End-1]) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, reach+40, reach+60)
	for _, at := range forty.FindAllIndex(window, -1) {
		span := detect.Span{Start: offset + at[0], End: offset + at[1]}
		value := window[at[0]:at[1]]
		lower, upper, digit, _ := classes(value)
		if lower > 0 && upper > 0 && digit > 0 && standsAlone(p.Text.Clean, span) && !placeholder(value) && entropy(value) >= 4 {
			out = append(out, finding(p, "secret", "aws-secret-access-key", "AWS secret access key", 5, 0.93, span,
				"Forty random characters beside an AWS key id or its name."))
		}
	}
	return out
}

var jwtShape = regexp.MustCompile(`\AeyJ[\w-]{8,}\.eyJ[\w-]{4,}\.(?:[\w-]{10,}={0,2})?`)

var wrappedShape = regexp.MustCompile(`\AZXlK[\w+/-]{40,}={0,2}`)

// signedToken reports a JSON Web Token (RFC 7519), also one that was base64-encoded again.
func signedToken(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[h.Start:min(len(p.Text.Clean), h.Start+4096)]
	token := jwtShape.Find(text)
	length := len(token)
	if token == nil {
		wrapped := wrappedShape.Find(text)
		if wrapped == nil {
			return out
		}
		inner, _ := decodeBase64(wrapped)
		token, length = jwtShape.Find(inner), len(wrapped)
	}
	span := detect.Span{Start: h.Start, End: h.Start + length}
	if token == nil || !standsAlone(p.Text.Clean, span) || placeholder(token) {
		return out
	}
	fields := bytes.SplitN(token, []byte("."), 3)
	var header struct {
		Alg string `json:"alg"`
	}
	const readable = 120 // bytes of a token that counts although its header cannot be read
	if !decodeJSON(fields[0], &header) && len(token) < readable || len(fields[2]) == 0 && header.Alg != "none" || header.Alg == "" && len(token) < readable {
		return out
	}
	severity, likelihood, why := 4, 0.93, "A signed token with an algorithm in its header; it signs its reader in."
	switch {
	case header.Alg == "":
		severity, likelihood, why = 3, 0.6, "It has the three parts of a signed token, but its header cannot be read."
	case header.Alg == "none":
		severity, likelihood, why = 2, 0.6, "A token without a signature; a careless service takes it."
	case expired(p, fields[1]):
		severity, likelihood, why = 2, 0.6, "A signed token that had expired when it was posted."
	}
	why += provenance(fields[1])
	return append(out, finding(p, "secret", "json-web-token", "JSON Web Token", severity, likelihood, span, why))
}

// issuerShape is a host or a service's name: nothing that names a person.
var issuerShape = regexp.MustCompile(`\A(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+){0,5})(?:[:/][\w./-]*)?\z`)

// provenance says who issued the claims and until when they hold, as far as they say so. Of
// the issuer only the host is told.
func provenance(claims []byte) string {
	var c struct {
		Issuer string  `json:"iss"`
		Expiry float64 `json:"exp"`
	}
	if !decodeJSON(claims, &c) {
		return ""
	}
	said := ""
	if m := issuerShape.FindStringSubmatch(c.Issuer); m != nil && len(m[1]) <= 60 {
		said = " Issued by " + m[1] + "."
	}
	if c.Expiry > 0 && c.Expiry < 1<<35 {
		said += " Valid until " + time.Unix(int64(c.Expiry), 0).UTC().Format("2006-01-02 15:04") + " UTC."
	}
	return said
}

// expired tells whether the claims have an expiry before the time of the post.
func expired(p *detect.Post, claims []byte) bool {
	var c struct {
		Expiry float64 `json:"exp"`
	}
	at := p.Event.GetCreatedAt().GetSeconds()
	return decodeJSON(claims, &c) && c.Expiry > 0 && at > 0 && c.Expiry < float64(at)
}

func decodeJSON(field []byte, into any) bool {
	raw, ok := decodeBase64(field)
	return ok && json.Unmarshal(raw, into) == nil
}

// decodeBase64 reads base64 in either alphabet, padded or not. What is read before an
// error comes back with ok false.
func decodeBase64(s []byte) (raw []byte, ok bool) {
	s = bytes.TrimRight(s, "=")
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(s, "-_") {
		encoding = base64.RawURLEncoding
	}
	raw = make([]byte, encoding.DecodedLen(len(s)))
	n, err := encoding.Decode(raw, s)
	return raw[:n], err == nil
}

var keyHead = regexp.MustCompile(`-----(?:BEGIN|END) (?:[A-Z0-9]+ )*\z`)

// privateKey reports a PEM or PGP private key with a body of at least 64 characters.
func privateKey(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const minBody, maxBody = 64, 16 << 10
	head, offset := part.Around(p.Text.Clean, detect.Span{Start: h.Start, End: h.Start}, 40, 0)
	at := keyHead.FindIndex(head)
	if at == nil {
		return out
	}
	span := detect.Span{Start: offset + at[0], End: h.End}
	rest := p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+maxBody)]
	stop := bytes.Index(rest, []byte("-----END"))
	if stop < 0 {
		stop = len(rest)
	}
	if keyBody(rest[:stop]) < minBody || bytes.Contains(rest[:stop], []byte("...")) || !bytes.Contains(head, []byte("BEGIN")) {
		return keyEdge(p, span, out)
	}
	span.End += stop
	if last := bytes.Index(rest[stop:], []byte("KEY")); last >= 0 && last < 60 {
		span.End += min(len(rest)-stop, last+len("KEY-----"))
	}
	if bytes.Contains(head, []byte("ENCRYPTED")) || bytes.Contains(rest[:stop], []byte("ENCRYPTED")) {
		return append(out, finding(p, "secret", "private-key", "Private key under a passphrase", 4, 0.8, span,
			"A private key in full; only its passphrase protects it now."))
	}
	return append(out, finding(p, "secret", "private-key", "Private key", 5, 0.98, span,
		"A private key in full: whoever reads the post can act as its owner."))
}

// keyBody counts the base64 characters of a key's body.
func keyBody(body []byte) int {
	n := 0
	for _, c := range body {
		if part.Alnum(c) || c == '+' || c == '/' {
			n++
		}
	}
	return n
}

// puttyKey reports a PuTTY key file with its private lines.
func puttyKey(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	rest := p.Text.Folded[h.Start:]
	i := bytes.Index(rest, []byte("private-lines:"))
	if i < 0 || keyBody(rest[i:]) < 64 {
		return out
	}
	span := detect.Span{Start: h.Start, End: len(p.Text.Folded)}
	return append(out, finding(p, "secret", "putty-key", "PuTTY private key", 5, 0.97, span, "A PuTTY key file with its private part."))
}

var userInfo = regexp.MustCompile(`\A://([^\s:/@"'<>]{0,80}(?:@[\w.-]{4,60})?):([^\s/@"'<>]{3,160})@([^\s/:?#"'<>,;]+)`)

// userKey is a long user name and its host; its password says nothing or is missing.
var userKey = regexp.MustCompile(`\A://([^\s:/@"'<>]{16,200})(?::(?:x|_|X|x-oauth-basic|api_token|token|password)?)?@([^\s/:?#"'<>,;]+)`)

// connection reports the password of scheme://user:password@host, or the user where a key
// stands in its place.
func connection(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if h.Start == 0 || !part.Alnum(p.Text.Clean[h.Start-1]) {
		return out
	}
	rest := p.Text.Clean[h.Start:min(len(p.Text.Clean), h.Start+maxToken)]
	if at := userKey.FindSubmatchIndex(rest); at != nil && randomLooking(rest[at[2]:at[3]], weakSign, true) && !bytes.Contains(rest[at[4]:at[5]], []byte("sentry")) {
		span := detect.Span{Start: h.Start + at[2], End: h.Start + at[3]}
		return append(out, finding(p, "secret", "connection-key", "Key in an address", 4, 0.85, span,
			"An address with a key in the place of the user name: it opens the service for anyone."))
	}
	at := userInfo.FindSubmatchIndex(rest)
	if at == nil {
		return out
	}
	user, secret, host := rest[at[2]:at[3]], rest[at[4]:at[5]], bytes.ToLower(rest[at[6]:at[7]])
	if placeholder(secret) || sampleLogin(user, secret) || sampleHost(host) {
		return out
	}
	span := detect.Span{Start: h.Start + at[4], End: h.Start + at[5]}
	return append(out, finding(p, "credential", "connection-string", "Connection string with a password", 5, 0.93, span,
		"An address with user name and password: it opens the system for anyone who can reach it."))
}

// sampleHost tells the hosts that manuals use (RFC 2606) and the reader's own machine.
func sampleHost(host []byte) bool {
	for _, name := range []string{"localhost", "127.0.0.1", "0.0.0.0", "host", "hostname", "server", "example.com", "example.org", "example.net"} {
		if string(host) == name || bytes.HasSuffix(host, []byte("."+name)) {
			return true
		}
	}
	return false
}

// sampleLogin tells the user names and passwords that manuals use.
func sampleLogin(user, secret []byte) bool {
	folded := string(bytes.ToLower(secret))
	switch folded {
	case "password", "passwd", "pass", "pwd", "secret", "token", "pw", "admin", "guest", "root", "test", "user", "x-oauth-basic", "postgres", "hunter2", "correcthorsebatterystaple":
		return true
	}
	return bytes.EqualFold(user, secret) || bytes.ContainsAny(secret, "{}[]()") || bytes.HasPrefix(user, []byte("$"))
}
