package marking

import (
	"bytes"
	"net/netip"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// hostEnds are top-level names that resolve inside a company only.
var hostEnds = []string{".internal", ".corp", ".intranet", ".intra", ".lan", ".local", ".corp.", ".internal."}

var hostHead = regexp.MustCompile(`(?:https?://)?[A-Za-z0-9](?:[A-Za-z0-9-]*\.)*[A-Za-z0-9-]*\z`)

var hostTail = regexp.MustCompile(`\A(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)?(?::\d{2,5})?(?:/[\w./-]*)?`)

// host reports the name of a machine or service inside the company.
func host(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	before, offset := part.Around(text, detect.Span{Start: h.Start, End: h.Start}, 90, 0)
	at := hostHead.FindIndex(before)
	if at == nil {
		return out
	}
	inner := text[h.End-1] == '.'
	tail := hostTail.FindIndex(text[h.End:min(len(text), h.End+120)])
	if !inner && h.End < len(text) && (part.Alnum(text[h.End]) || bytes.IndexByte([]byte("-_("), text[h.End]) >= 0) || inner && tail[1] == 0 {
		return out
	}
	end := h.End
	if inner || end < len(text) && (text[end] == ':' || text[end] == '/') {
		end += tail[1]
	}
	name := before[at[0]:]
	machine := bytes.ContainsAny(name, "-0123456789/") || bytes.IndexByte(name, '.') >= 0
	likelihood := 0.3
	switch {
	case machine && p.Insider:
		likelihood = 0.88
	case machine || p.Insider:
		likelihood = 0.55
	}
	if part.Official(p) {
		likelihood *= 0.5
	}
	return append(out, finding("infrastructure", "internal-host", "Internal host name", 3, likelihood, detect.Span{Start: offset + at[0], End: end}, markCite,
		"A host name that exists inside the company only: a map for intruders."))
}

var addressShape = regexp.MustCompile(`\A\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`)

var machineWords = []string{
	"ssh", "server", "host", "vpn", "jump", "port", "db", "database", "staging", "prod", "firewall", "switch", "router", "box", "gateway", "session", "sits at", "login",
	"password", "passwords", "rdp", "vault", "cluster", "node", "admin", "subnet", "vlan", "plc", "scada", "rig", "proxy", "api",
}

var lessonWords = []string{"tutorial", "example", "documentation", "docs", "course", "lesson", "home", "your browser", "your router", "lab at home", "homelab"}

// privateAddress reports an RFC 1918 address that an insider gives beside words for
// machines. Home routers and whole networks of a lesson are no leak.
func privateAddress(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Folded
	at := addressShape.FindIndex(text[h.Start:min(len(text), h.Start+15)])
	if at == nil || !p.Insider || h.Start > 0 && (part.Alnum(text[h.Start-1]) || text[h.Start-1] == '.') {
		return out
	}
	span := detect.Span{Start: h.Start, End: h.Start + at[1]}
	address, err := netip.ParseAddr(string(text[span.Start:span.End]))
	if err != nil || !address.IsPrivate() || homeNetwork(address) {
		return out
	}
	window, _ := part.Around(text, span, 120, 60)
	likelihood := 0.5
	if part.Has(window, machineWords) || h.Start > 0 && text[h.Start-1] == '@' {
		likelihood = 0.8
	}
	if part.Has(window, lessonWords) || part.Official(p) || span.End < len(text) && text[span.End] == '/' {
		likelihood *= 0.4
	}
	return append(out, finding("infrastructure", "private-address", "Private network address", 3, likelihood, span, markCite,
		"An address inside the company's network, with what stands there."))
}

// homeNetwork tells the networks that home routers come with.
func homeNetwork(a netip.Addr) bool {
	b := a.As4()
	return b[0] == 192 && b[2] <= 2 || b == [4]byte{10, 0, 0, 1} || b == [4]byte{10, 0, 0, 0}
}

// wikiLinks are addresses of places where companies write for themselves.
var wikiLinks = []string{"//wiki.", "//confluence.", "//jira.", "//intranet.", "//gitlab.", "//jenkins.", "//vpn.", ".atlassian.net/browse/", ".atlassian.net/wiki/", ".sharepoint.com/sites/", ".slack.com/archives/"}

// wikiLink reports an insider's link to one of them.
func wikiLink(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Insider || part.Official(p) {
		return out
	}
	text := p.Text.Clean
	span := h.Span
	for span.Start > 0 && text[span.Start-1] > ' ' && h.Start-span.Start < 80 {
		span.Start--
	}
	for span.End < len(text) && text[span.End] > ' ' && text[span.End] != ',' && span.End-h.End < 200 {
		span.End++
	}
	return append(out, finding("infrastructure", "internal-link", "Link to internal pages", 2, 0.6, span, markCite,
		"A link to pages that the company keeps for its own people."))
}
