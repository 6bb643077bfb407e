package identifier

import (
	"net/netip"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// networkWords stand beside the address of somebody's machine.
var (
	ipWords  = []string{"ip", "ips", "ip address", "ipv4", "ipv6", "subnet", "gateway", "loopback", "server", "connect", "connecting", "prefix", "src", "dst", "nat64", "ping", "ssh", "broadcast", "multicast", "tunnel"}
	macWords = []string{"mac", "macs", "physical address", "ethernet", "hardware address", "bssid", "wifi"}
	macShape = regexp.MustCompile(`\A(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})\z`)
)

var prefixLength = regexp.MustCompile(`\A/\d{1,3}\b`)

// networkAddress reports the address of a machine that an insider gives: of a network
// card, or of the Internet beside a word for it. Machines are told from people by nobody
// but the reader, so that it ranks low.
func networkAddress(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	if !p.Insider || part.Official(p) {
		return out
	}
	text := p.Text.Clean[span.Start:span.End]
	span.End += len(prefixLength.Find(p.Text.Clean[span.End:min(len(p.Text.Clean), span.End+4)]))
	whole := nothingElse(p.Text.Clean, span)
	window, _ := part.Around(p.Text.Folded, span, 60, 30)
	if macShape.Match(text) {
		return addNetwork(span, "mac-address", "Address of a network card", whole || part.Has(window, macWords), out)
	}
	address, err := netip.ParseAddr(string(text))
	if err != nil || same(part.Digits(nil, text)) && len(text) < 4 {
		return out
	}
	address = address.Unmap()
	if !whole && everybodys(address) {
		return out
	}
	ours := address.IsLoopback() || address.IsUnspecified() || address.IsPrivate()
	return addNetwork(span, "ip-address", "Internet address", whole || !ours && (address.Is6() || part.Has(window, ipWords)), out)
}

// documentation are the networks of manuals (RFC 5737).
var documentation = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")}

// everybodys tells addresses that are no machine's: of manuals, or the same on every link.
func everybodys(a netip.Addr) bool {
	for _, network := range documentation {
		if network.Contains(a) {
			return true
		}
	}
	return a.Is4() && a.IsLinkLocalUnicast()
}

func addNetwork(span detect.Span, rule, title string, told bool, out []detect.Finding) []detect.Finding {
	likelihood := 0.3
	if told {
		likelihood = pasted
	}
	return append(out, finding("infrastructure", rule, title, 2, likelihood, span, nil, "It has the form of a machine's address."))
}

// addressToken is the run of characters of a network address around byte i.
func addressToken(text []byte, i int) detect.Span {
	const most = 46 // bytes of the longest address
	inside := func(c byte) bool {
		return part.Digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' || c == ':' || c == '.' || c == '-'
	}
	start, end := i, i
	for start > 0 && i-start < most && inside(text[start-1]) {
		start--
	}
	for end < len(text) && end-i < most && inside(text[end]) {
		end++
	}
	for end > i && text[end-1] == '.' {
		end--
	}
	return detect.Span{Start: start, End: end}
}
