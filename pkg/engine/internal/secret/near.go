package secret

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

const (
	leastDigits          = 2      // in a post that may hold a drawn value
	minNearSecret        = 18     // bytes of a value that nothing joins to its name
	nearReach            = 70     // bytes from the name to the value, or back
	strongNear, weakNear = 36, 46 // least bits: a prior, from the tuning half of the published sets
)

// otherDraws say that a drawn value is a checksum or an address, folded.
var otherDraws = []string{
	"commit", "sha", "sha1", "sha256", "sha512", "hash", "md5", "checksum", "digest", "integrity", "etag", "tx", "txid", "transaction", "block", "address", "wallet", "contract",
	"uuid", "guid", "id", "ids", "build", "image", "tag", "version", "revision", "rev", "fingerprint", "public", "thumbprint", "signature", "cid", "ipfs", "donate", "ca", "mint", "0x", "ssh-rsa", "ssh-ed25519", "boundary",
}

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
		ok = !part.Has(p.Text.Folded[h.Start:v.Start], otherDraws) && !bytes.Contains(text[h.Start:v.Start], []byte("----"))
	} else {
		v.Span, ok = before(text, h.Start)
	}
	return v, least, ok
}

// before is the word of at least minNearSecret bytes that " is " joins to a name at i.
func before(text []byte, i int) (detect.Span, bool) {
	from := max(0, i-nearReach)
	is := bytes.LastIndex(text[from:i], []byte(" is "))
	if is < 0 {
		return detect.Span{}, false
	}
	end := from + is
	for end > 0 && bytes.IndexByte([]byte("\"'`"), text[end-1]) >= 0 {
		end--
	}
	start := end
	for start > 0 && end-start < maxSecret && tokenByte(text[start-1]) {
		start--
	}
	return detect.Span{Start: start, End: end}, end-start >= minNearSecret
}

func tokenByte(c byte) bool { return nameByte(c) || bytes.IndexByte([]byte("+/=~:?%"), c) >= 0 }

// otherDraw tells whether the words from before the name to the value call it something
// else than a secret.
func otherDraw(folded []byte, name, value int) bool {
	return part.Has(folded[max(0, name-24):value], otherDraws)
}

// near is the first word of at least minNearSecret bytes within reach of i. The word at i
// itself belongs to the name, as the rest of an address does.
func near(text []byte, i int) (detect.Span, bool) {
	stop := min(len(text), i+nearReach)
	for i < stop && text[i] > ' ' {
		i++
	}
	for i < stop {
		start := i
		for i < len(text) && tokenByte(text[i]) {
			i++
		}
		if end := start + len(bytes.TrimRight(text[start:i], ".:?=-")); end-start >= minNearSecret && end-start <= maxSecret {
			return detect.Span{Start: start, End: end}, bytes.IndexByte(text[start:end], '?') < 0
		}
		i++
	}
	return detect.Span{}, false
}
