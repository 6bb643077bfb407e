package secret

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// vendorList holds the names of services that companies hold keys of, folded, separated
// by commas; lines that begin with # head a group.
//
//go:embed vendors.txt
var vendorList string

// vendorWords are the names with each way to join their words.
func vendorWords() []string {
	var words []string
	for line := range strings.Lines(vendorList) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for name := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			name = strings.TrimSpace(name)
			if name == "" {
				continue
			}
			words = append(words, name)
			if strings.Contains(name, " ") {
				words = append(words, strings.ReplaceAll(name, " ", ""), strings.ReplaceAll(name, " ", "_"), strings.ReplaceAll(name, " ", "-"))
			}
		}
	}
	return words
}

// A vendor's name without a word for secret beside it is a weaker cue: the value must
// look drawn beyond doubt. A prior, from the tuning half of the published sets.
const (
	vendorSign, vendorNear = 24, 50 // least bits behind an operator, and without one
	minVendorSecret        = 16     // bytes behind an operator
	minNearSecret          = 24     // bytes without one
	vendorReach            = 60     // bytes from the name to the value
)

// otherDraws say that a drawn value is a checksum or an address, folded.
var otherDraws = []string{
	"commit", "sha", "sha1", "sha256", "sha512", "hash", "md5", "checksum", "digest", "integrity", "etag", "tx", "txid", "transaction", "block", "address", "wallet", "contract",
	"uuid", "guid", "id", "ids", "build", "image", "tag", "version", "revision", "rev", "fingerprint", "public", "thumbprint", "signature", "cid", "ipfs", "donate", "ca", "mint", "0x",
}

// vendorToken reports a drawn value that stands beside the name of a service.
func (all formats) vendorToken(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	if h.Start > 0 && part.Alnum(text[h.Start-1]) || h.End < len(text) && text[h.End] >= 'a' && text[h.End] <= 'z' {
		return out
	}
	likelihood, least, why := 0.7, vendorSign, "A name with a service in it is set to a value that looks random."
	v, ok := assignment(text, h.End)
	if ok = ok && v.sign; ok {
		ok = v.End-v.Start >= minVendorSecret && !otherName(bytes.ToLower(v.name))
	} else {
		v.Span, ok = near(text, h.End)
		likelihood, least, why = 0.6, vendorNear, "A value that looks random stands beside the name of a service."
	}
	if !ok || !randomLooking(text[v.Start:v.End], float64(least), v.quoted) || otherDraw(p.Text.Folded, h.Start, v.Start) || told(out, v.Span) || all.owned(text, v.Start) {
		return out
	}
	return append(out, finding(p, "secret", "vendor-value", "Key of a named service", 3, likelihood, v.Span, why))
}

// otherDraw tells whether the words from before the name to the value call it something
// else than a secret.
func otherDraw(folded []byte, name, value int) bool {
	return part.Has(folded[max(0, name-24):value], otherDraws)
}

// near is the first word of at least minNearSecret bytes within reach of i. The word at i
// itself belongs to the name, as the rest of an address does.
func near(text []byte, i int) (detect.Span, bool) {
	stop := min(len(text), i+vendorReach)
	for i < stop && text[i] > ' ' {
		i++
	}
	for i < stop {
		start := i
		for i < len(text) && i-start < maxSecret && (nameByte(text[i]) || bytes.IndexByte([]byte("+/=~:?%"), text[i]) >= 0) {
			i++
		}
		if end := start + len(bytes.TrimRight(text[start:i], ".:?=-")); end-start >= minNearSecret {
			return detect.Span{Start: start, End: end}, bytes.IndexByte(text[start:end], '?') < 0
		}
		i++
	}
	return detect.Span{}, false
}
