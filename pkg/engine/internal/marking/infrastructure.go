package marking

import (
	"bytes"
	"net/netip"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// hostEnds are top-level names that resolve inside a company only.
var hostEnds = []string{".internal", ".corp", ".intranet", ".intra", ".lan", ".local", ".corp.", ".internal.", ".int.", ".intern.", ".intra.", ".mgmt.", "-internal.", "-intern."}

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
	if window, _ := part.Around(text, h.Span, 120, 120); part.Official(p) || part.Has(bytes.ToLower(window), homeWords) {
		likelihood *= 0.4
	}
	return append(out, finding("infrastructure", "internal-host", "Internal host name", 3, likelihood, detect.Span{Start: offset + at[0], End: end}, markCite,
		"A host name that exists inside the company only: a map for intruders."))
}

var addressShape = regexp.MustCompile(`\A\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`)

var machineWords = []string{
	"ssh", "server", "host", "vpn", "jump", "port", "db", "database", "staging", "prod", "firewall", "switch", "router", "box", "gateway", "session", "sits at", "login",
	"password", "passwords", "rdp", "vault", "cluster", "node", "admin", "subnet", "vlan", "plc", "scada", "rig", "proxy", "api",
}

var lessonWords = []string{
	"tutorial", "example", "documentation", "docs", "course", "lesson", "exercise", "explained", "home", "your browser", "your router", "your printer", "lab at home", "homelab", "home lab", "virtualbox",
	"workshop", "my own laptop", "rfc 1918", "rfc1918", "textbook", "cisco exam", "ccna", "comptia",
}

// homeWords tell the names that machines at home give themselves.
var homeWords = []string{
	"macbook", "imac", "mac-mini", "macbook-pro", "macbook-air", "iphone", "ipad", "raspberrypi", "raspberry", "homeassistant", "octopi", "my mac", "my laptop", "home network", "homelab", "home lab", "at home",
	"my printer", "bonjour", "mdns", "localhost", "tutorial", "example", "minikube", "docker-compose", "svc.cluster.local", "kubernetes.docker.internal", "host.docker.internal", "metadata.google.internal",
}

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
	likelihood, network := 0.5, span.End < len(text) && text[span.End] == '/'
	if part.Has(window, machineWords) || h.Start > 0 && text[h.Start-1] == '@' {
		likelihood = 0.8
	}
	lesson := part.Has(window, lessonWords) || part.Official(p)
	if lesson && network {
		return out // the whole of it is in every manual
	}
	if lesson || network {
		likelihood *= 0.4
	}
	return append(out, finding("infrastructure", "private-address", "Private network address", 3, likelihood, span, markCite,
		"An address inside the company's network, with what stands there."))
}

// homeNetwork tells the networks that home routers, containers and virtual machines come
// with.
func homeNetwork(a netip.Addr) bool {
	b := a.As4()
	return b[0] == 10 && b[1] == 0 && b[2] == 2 || b[0] == 192 && (b[2] <= 2 || toolNetworks[b[2]]) || b[0] == 172 && b[1] == 17 && b[2] == 0 || b == [4]byte{10, 0, 0, 1} || b == [4]byte{10, 0, 0, 0}
}

// toolNetworks are the third figures of 192.168.x that tools come with: minikube,
// VirtualBox, docker-machine and libvirt.
var toolNetworks = map[byte]bool{49: true, 56: true, 99: true, 122: true}

// wikiLinks are addresses of places where companies write for themselves.
var wikiLinks = []string{
	"//wiki.", "//confluence.", "//jira.", "//intranet.", "//intra.", "//sharepoint.", "//gitlab.", "//jenkins.", "//grafana.", "//kibana.", "//splunk.", "//sonarqube.", "//artifactory.", "//nexus.", "//vault.",
	"//vpn.", "//remote.", "//citrix.", "//servicenow.", "//helpdesk.", "//staging.", "//admin.", "//internal.", ".atlassian.net/", ".sharepoint.com/", ".slack.com/archives/", ".service-now.com/", ".visualstudio.com/",
	"dev.azure.com/", "docs.google.com/", "drive.google.com/", "notion.so/", "miro.com/app/board", "figma.com/file/", "app.asana.com/", "trello.com/c/",
	"dropbox.com/s", "loom.com/share/", "wetransfer.com/downloads/", "//we.tl/", "//1drv.ms/", "onedrive.live.com/", ".box.com/s/", "airtable.com/shr", ".zoom.us/rec/", "//monday.com/boards/", "//linear.app/", "//app.clickup.com/", "//coda.io/d/",
	"dropbox.com/s", "loom.com/share/", "wetransfer.com/downloads/", "//we.tl/", "//1drv.ms/", "onedrive.live.com/", ".box.com/s/", "airtable.com/shr", ".zoom.us/rec/", "//monday.com/boards/", "//linear.app/", "//app.clickup.com/", "//coda.io/d/",
}

// openWords tell that a link is for everybody.
var openWords = []string{
	"open source", "open-source", "public", "slides from my talk", "talk at", "sign up", "register", "survey", "form", "petition", "volunteer", "spreadsheet of", "recipe", "wikipedia", "wikimedia", "apply", "everyone can", "free to",
}

// sharedHosts also serve what is public; an insider's link to them is weaker evidence.
var sharedHosts = []string{
	"docs.google.com", "drive.google.com", "notion.so", "miro.com", "figma.com", "trello.com", "//gitlab.com", "//helpdesk.", "//remote.", "//staging.", "//admin.",
	"dropbox.com", "loom.com", "wetransfer.com", "we.tl", "1drv.ms", "onedrive.live.com", "box.com", "airtable.com", "coda.io",
}

// privy words beside such a link tell that what it opens is the company's own, folded.
//
//nolint:misspell // several languages
var privy = []string{
	"salary", "salaries", "payroll", "customers", "customer list", "raw", "export", "confidential", "internal", "board", "budget", "forecast", "roadmap", "contracts", "pricing", "layoffs", "layoff", "reorg", "dump", "patients", "staff list", "console", "superuser", "back office", "no auth", "no login",
	"sprint", "standup", "all-hands", "all hands", "post-mortem", "postmortem", "redundancies", "gehälter", "kundenliste", "salaires", "sueldos", "salários", "stipendi",
}

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
	likelihood, link := 0.6, p.Text.Folded[span.Start:span.End]
	for _, host := range sharedHosts {
		if bytes.Contains(link, []byte(host)) {
			likelihood = 0.4
		}
	}
	if around, _ := part.Around(p.Text.Folded, span, 80, 80); likelihood < 0.5 && part.Has(around, privy) {
		likelihood = 0.6
	}
	if window, _ := part.Around(p.Text.Folded, span, 120, 120); part.Has(window, openWords) || part.Has(window, lessonWords[:2]) {
		likelihood *= 0.5
	}
	return append(out, finding("infrastructure", "internal-link", "Link to internal pages", 2, likelihood, span, markCite,
		"A link to pages that the company keeps for its own people."))
}

// gateways start the names of such doors.
var gateways = []string{"vpn", "remote.", "citrix", "bastion", "rdp", "sslvpn", "anyconnect", "webvpn"}

var gateway = regexp.MustCompile(`\A(?:vpn|remote|citrix|gateway|gw|jump|bastion|rdp|sslvpn|anyconnect|webvpn|owa|ctx)[a-z0-9-]{0,12}\.[a-z0-9.-]+\.[a-z]{2,}`)

// accessHost reports the gateway through which the company's people come in.
func accessHost(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Folded
	if !p.Insider || part.Official(p) || h.Start > 0 && (part.Alnum(text[h.Start-1]) || bytes.IndexByte([]byte("-/@"), text[h.Start-1]) >= 0) {
		return out
	}
	at := gateway.FindIndex(text[h.Start:min(len(text), h.Start+90)])
	if at == nil {
		return out
	}
	span := detect.Span{Start: h.Start, End: h.Start + at[1]}
	likelihood := 0.55
	if window, _ := part.Around(text, span, 120, 120); part.Has(window, lessonWords[:2]) {
		likelihood *= 0.4
	}
	return append(out, finding("infrastructure", "access-gateway", "Gateway into the company's network", 3, likelihood, span, markCite,
		"The name of a door into the company's network."))
}

// ticketWords stand beside the number of a ticket; the shape alone is also a flight, a
// standard or a part.
var ticketWords = []string{"jira", "ticket", "tickets", "incident", "filed as", "filed under", "tracked as", "tracked in", "tracking in", "backlog", "epic", "bug", "postmortem", "sev1", "sev2", "p1", "change request"}

var ticketShape = regexp.MustCompile(`\b[A-Z][A-Z0-9]{1,9}-\d{2,6}\b`)

// standards look like tickets and are none.
var standards = regexp.MustCompile(`\A(?:CVE|CWE|ISO|UTF|RFC|COVID|GPT|SHA|AES|MD|BA|LH|AF|KL|ABC|XYZ|TEST|A|B|F|PEP|JEP|KB|MS|IEC|EN|DIN|ANSI|TLS|WW|SARS|H|K)-`)

// ticket reports the number of a ticket that an insider names as one.
func ticket(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Insider || part.Official(p) || !p.Text.Word(h.Span) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, 50, 50)
	at := ticketShape.FindIndex(window)
	around := p.Text.Folded[offset : offset+len(window)]
	if at == nil || standards.Match(window[at[0]:]) || part.Has(around, lessonWords[:2]) || part.Has(around, openWords[:3]) {
		return out
	}
	return append(out, finding("infrastructure", "ticket", "Number of an internal ticket", 2, 0.55, detect.Span{Start: offset + at[0], End: offset + at[1]}, markCite,
		"A number of the company's own tickets, which others can ask for."))
}
