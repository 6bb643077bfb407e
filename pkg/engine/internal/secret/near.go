package secret

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

const (
	leastDigits          = 1      // in a post that may hold a drawn value
	minNearSecret        = 16     // bytes of a value that nothing joins to its name
	nearReach            = 70     // bytes from the name to the value, or back
	strongNear, weakNear = 28, 38 // least bits: a prior, from the tuning half of the published sets
)

// otherDraws say that a drawn value is a checksum or an address, folded.
var otherDraws = []string{
	"commit", "sha", "sha1", "sha256", "sha512", "hash", "md5", "checksum", "digest", "integrity", "etag", "tx", "txid", "transaction", "block", "address", "wallet", "contract",
	"uuid", "guid", "id", "ids", "build", "image", "tag", "version", "revision", "rev", "fingerprint", "public", "thumbprint", "signature", "cid", "ipfs", "donate", "ca", "mint", "0x", "ssh-rsa", "ssh-ed25519", "boundary",
	"md5sum", "shasum", "sha256sum", "trace_id", "trace", "span", "event", "refund", "charge", "payment", "invoice", "order", "job", "run", "device", "peer", "segment", "message", "thread", "video", "photo",
	"merged", "fixed", "reverts", "reverted", "enc[aes",
}

// handovers are the words before a value by which people hand it over, folded.
var handovers = []string{"is", "use", "using", "with", "key", "token", "secret", "now", "still", "as", "value", "was", "ist", "es", "est", "login", "auth"}

// commit is the name of a commit in full, which only a strong name makes a secret.
var commit = regexp.MustCompile(`\A[0-9a-f]{40}\z`)

// around is a value that stands in the words behind a name of a secret ("our key for
// staging is …") or just before it ("… is our key"), and the bits it needs.
func around(p *detect.Post, h detect.Hit, strong bool) (v value, least float64, ok bool) {
	text := p.Text.Clean
	if p.Text.Digits < leastDigits || h.Start > 0 && part.Alnum(text[h.Start-1]) && text[h.Start] >= 'a' {
		return v, 0, false // hardly a drawn value in it, or a part of another word
	}
	if least = weakNear; strong {
		least = strongNear
	}
	if v.Span, ok = near(text, h.End); ok {
		ok = !part.Has(p.Text.Folded[h.Start:v.Start], otherDraws) && !otherLabel(text[:v.Start]) && (strong || !commit.Match(text[v.Start:v.End])) && !bytes.Contains(text[h.Start:v.Start], []byte("----"))
	} else {
		v.Span, ok = before(text, h.Start)
		ok = ok && !otherDraw(p, h.Start, v.Start)
	}
	return v, least, ok
}

// joints stand between a value and what names it afterwards.
var joints = [][]byte{[]byte(" is "), []byte(" as "), []byte(" ("), []byte(" // "), []byte(" # "), []byte(" - "), []byte(" <- "), []byte(" ← "), []byte(" – ")}

// before is the word of at least minNearSecret bytes that a joint joins to a name at i.
func before(text []byte, i int) (detect.Span, bool) {
	from, joint := max(0, i-nearReach), -1
	for _, j := range joints {
		joint = max(joint, bytes.LastIndex(text[from:i], j))
	}
	if joint < 0 {
		return detect.Span{}, false
	}
	end := from + joint
	for end > 0 && bytes.IndexByte([]byte("\"'`;,)"), text[end-1]) >= 0 {
		end--
	}
	start := end
	for start > 0 && end-start < maxSecret && tokenByte(text[start-1]) {
		start--
	}
	return detect.Span{Start: start, End: end}, end-start >= minNearSecret
}

func tokenByte(c byte) bool { return nameByte(c) || bytes.IndexByte([]byte("+/=~:?%"), c) >= 0 }

// otherDraw tells whether the words from before the name to the value, or the value's own
// label, call it something else than a secret.
func otherDraw(p *detect.Post, name, value int) bool {
	folded := p.Text.Folded[max(0, min(name, value)-24):max(name, value)]
	return part.Has(folded, otherDraws) || otherLabel(p.Text.Clean[:value])
}

// otherLabel tells whether the name that an operator joins to the value behind before is
// that of an id, a page or a checksum: "clientId: ".
func otherLabel(before []byte) bool {
	name := bytes.TrimRight(before, " \"'`:=>(")
	if len(name) == len(before) {
		return false
	}
	i := len(name)
	for i > 0 && len(name)-i < maxName && nameByte(name[i-1]) {
		i--
	}
	folded := bytes.ToLower(name[i:])
	return endsOther(name[i:]) || slices.ContainsFunc(otherOwners, func(word string) bool { return bytes.Contains(folded, []byte(word+"_")) })
}

// entity tells a UUID that a noun goes before: "segment …". between are the words from the
// name of the service to it; who gives a key away says "is", "use" or nothing.
func entity(between, value []byte) bool {
	words := bytes.TrimRight(between, " ")
	if len(words) == 0 || len(words) == len(between) || !part.Alnum(words[len(words)-1]) || !uuid.Match(value) {
		return false
	}
	return !slices.Contains(handovers, string(bytes.ToLower(lastWord(words))))
}

// near is the first word of at least minNearSecret bytes within reach of i. The word at i
// itself belongs to the name, as the rest of an address does.
func near(text []byte, i int) (detect.Span, bool) {
	stop := min(len(text), i+nearReach)
	for i < stop && text[i] > ' ' && text[i] != ',' && text[i] != '|' {
		i++
	}
	for i < stop {
		start := i
		for i < len(text) && tokenByte(text[i]) {
			i++
		}
		end := start + len(bytes.TrimRight(text[start:i], ".:?=-"))
		if label := bytes.IndexAny(text[start:end], "=:"); label > 0 && label < minNearSecret {
			start += label + 1
		}
		if end-start >= minNearSecret && end-start <= maxSecret {
			return detect.Span{Start: start, End: end}, bytes.IndexByte(text[start:end], '?') < 0
		}
		i++
	}
	return detect.Span{}, false
}
