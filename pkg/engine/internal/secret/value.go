package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/drawn"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

const minSecret, maxSecret = 8, 200 // bytes of a secret of nobody in particular

// randomLooking tells values that were drawn, not chosen: least bits or more speak for a
// draw, and nothing for an expression, an address or a sample.
func randomLooking(secret []byte, least float64, quoted bool) bool {
	if len(secret) > maxSecret || !mixed(secret) || !ascii(secret) || codeLike(secret, quoted) || placeholder(secret) || countedUp(secret) {
		return false
	}
	if _, _, digit, _ := classes(secret); digit == len(secret) {
		return least <= weakSign
	}
	return !dated(secret) && !versioned.Match(secret) && surprise(secret) >= least || least <= strongSign && productKey.Match(secret)
}

// mixed is a first look: long enough, and of letters and digits, of both cases, or of
// digits only where there are many.
func mixed(s []byte) bool {
	if len(s) < minSecret {
		return false
	}
	lower, upper, digit, _ := classes(s)
	switch {
	case digit == len(s):
		return len(s) >= minNumber
	case digit == 0:
		return lower > 0 && upper > 0 && len(s) >= 16 || len(s) >= minLetters || productKey.Match(s)
	}
	return lower+upper >= 2
}

// minNumber is the digits of a secret that has nothing else, minLetters the letters of one
// in one case.
const minNumber, minLetters = 15, 24

// productKey is how makers of software write an activation key.
var productKey = regexp.MustCompile(`\A[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){3,7}\z`)

// hexBonus is the bits added where 24 or more characters in a row are hexadecimal: words
// cannot do that, and the table cannot know. shortHexBonus is that of 16. Priors.
const hexBonus, shortHexBonus = 15, 8

// surprise is the bits of s or of its longest part, whichever are more.
func surprise(s []byte) float64 {
	key := longest(s)
	bits := max(drawn.Bits(s), drawn.Bits(key))
	switch run := hexRun(key); {
	case run >= 24:
		bits += hexBonus
	case run >= 16:
		bits += shortHexBonus
	}
	return bits
}

func hexOnly(s []byte) bool { return hexRun(s) == len(s) }

// hexRun is the bytes of the longest hexadecimal run in s.
func hexRun(s []byte) int {
	run, longest := 0, 0
	for _, c := range s {
		if !part.Digit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func ascii(s []byte) bool {
	for _, c := range s {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// longest is the longest part of s between separators: a key behind its mark, as in
// "live_pub_…".
func longest(s []byte) []byte {
	best, from := s[:0], 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && part.Alnum(s[i]) {
			continue
		}
		if i-from > len(best) {
			best = s[from:i]
		}
		from = i + 1
	}
	return best
}

// dated tells times and versions: four digits or fewer between separators.
func dated(s []byte) bool {
	letters, run, most := 0, 0, 0
	for _, c := range s {
		switch {
		case part.Digit(c):
			run++
			most = max(most, run)
			continue
		case part.Alnum(c):
			letters++
		}
		run = 0
	}
	return letters <= 2 && most <= 4
}

// versioned is the end of the name of a package or a file.
var versioned = regexp.MustCompile(`[-@_]v?\d{1,3}\.\d{1,3}(?:\.\d{1,3})*\z|\.(?:py|go|js|ts|rb|md|sh|png|jpg|svg|pem|pub|json|ya?ml|toml|txt|log|zip|tgz|gz|tar|jar|whl|exe|html?|css|conf|cfg|ini|csv|pdf|mp4)\z`)

// pathLike tells paths of files.
func pathLike(s []byte) bool {
	slashes := bytes.Count(s, []byte("/"))
	return s[0] == '/' && slashes > 1 || slashes > 3
}

var address = regexp.MustCompile(`\A(?:[\w.+-]{1,16}@)?(?:[a-zA-Z][\w-]*\.)+[a-z]{2,6}(?:[/?#]|:\d)`)

// codeLike tells expressions and addresses.
func codeLike(s []byte, quoted bool) bool {
	if bytes.Contains(s, []byte("://")) || bytes.ContainsAny(s, "\\ …<>") || bytes.IndexByte([]byte("@#[({"), s[0]) >= 0 || bytes.HasPrefix(s, []byte("//")) {
		return true
	}
	if address.Match(s) || bytes.Count(s, []byte(":")) > 2 || bytes.IndexByte(s, '?') >= 0 && bytes.IndexByte(s, '=') >= 0 {
		return true // a host, an IPv6 address or a query
	}
	for _, mark := range []string{"::", "->", "ssh-", "ecdsa-", "${", "{{", "()", "['", "[\"", "data:image", "sha1-", "sha256:", "sha256-", "sha384-", "sha512:", "sha512-", "%20", "%2F", "%3A", "&#", "&amp;"} {
		if bytes.Contains(s, []byte(mark)) {
			return true
		}
	}
	return !quoted && bytes.ContainsAny(s, "(){}[]*")
}
