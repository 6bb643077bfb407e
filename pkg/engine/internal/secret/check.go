package secret

import (
	"bytes"
	"math"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// minTokenEntropy is the least entropy, in bits a character, of the tail of a provider
// token. Random tokens have over 3; runs and counted-up samples have less.
const minTokenEntropy = 2.5

// minTailBits is the least bits a character of a long tail. Random ones have over 1, tails
// made of words less than 0.
const minTailBits = 0.3

// entropy is Shannon's entropy of the bytes of s in bits a byte, 0 to 8.
func entropy(s []byte) float64 {
	var count [256]int
	for _, c := range s {
		count[c]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			f := float64(n) / float64(len(s))
			bits -= f * math.Log2(f)
		}
	}
	return bits
}

// sampleWords stand in values that are published as samples, folded.
var sampleWords = []string{
	"example", "placeholder", "changeme", "change-me", "change_me", "your-", "your_", "yourkey", "yourtoken", "yourapi", "insert", "replace",
	"dummy", "redacted", "xxxx", "****", "....", "<", "${", "{{", "$(", "foobar", "lorem", "todo", "…", "-here", "_here", "notreal",
	"1234567890", "0123456789", "abcdefgh", "deadbeef", "randomstring", "mysecret", "my-secret", "fakesig",
}

// placeholder tells values that only stand for a secret: samples, masks, templates.
func placeholder(value []byte) bool { return sample(value) || repeats(value) }

// sample tells values that say of themselves that they are none, and those of fewer than
// four different characters.
func sample(value []byte) bool {
	folded := bytes.ToLower(value)
	for _, word := range sampleWords {
		if bytes.Contains(folded, []byte(word)) {
			return true
		}
	}
	kinds := map[byte]struct{}{}
	for _, c := range folded {
		kinds[c] = struct{}{}
	}
	return len(kinds) < 4 || bytes.HasPrefix(value, []byte("$")) || bytes.HasPrefix(value, []byte("%"))
}

// repeats tells values in which one character stands six times in a row; base64 may have
// a run of A.
func repeats(value []byte) bool {
	run := 1
	for i := 1; i < len(value); i++ {
		if value[i]|0x20 != value[i-1]|0x20 || value[i]|0x20 == 'a' {
			run = 1
		} else if run++; run >= 6 {
			return true
		}
	}
	return false
}

// countedUp tells values in which six characters follow each other as in the alphabet
// or among the numbers, up or down: abcdef, 765432.
func countedUp(value []byte) bool {
	run, step := 1, 0
	for i := 1; i < len(value); i++ {
		next := int(value[i]) - int(value[i-1])
		switch {
		case next != 1 && next != -1:
			run = 1
		case next == step:
			run++
		default:
			run = 2
		}
		if step = next; run >= 6 {
			return true
		}
	}
	return false
}

// standsAlone tells whether no letter, digit or underscore goes on at either end of
// span. The n of a written-out line break ("\nAKIA…") does not count.
func standsAlone(text []byte, span detect.Span) bool {
	if i := span.End; i < len(text) && (part.Alnum(text[i]) || text[i] == '_') {
		return false
	}
	return begins(text, span.Start)
}

// begins tells whether no letter, digit or underscore stands before the one at start.
func begins(text []byte, start int) bool {
	i := start - 1
	if i < 0 || !part.Alnum(text[i]) && text[i] != '_' || !part.Alnum(text[start]) {
		return true
	}
	return i > 0 && text[i-1] == '\\' && (text[i] == 'n' || text[i] == 't' || text[i] == 'r')
}

// publicID tells whether an address names a key id on purpose: links of shops and signed
// addresses do.
func publicID(before []byte) bool {
	for _, name := range []string{"subscriptionid=", "awsaccesskeyid=", "x-amz-credential="} {
		if bytes.HasSuffix(before, []byte(name)) {
			return true
		}
	}
	return false
}

// sampleTalk is how people speak of a key that is printed in a manual, folded.
var sampleTalk = []string{"docs", "documentation", "manual", "tutorial", "sandbox", "example", "sample", "test key", "test mode", "dummy"}

// spokenOf tells whether the words around span call it a sample.
func spokenOf(folded []byte, span detect.Span) bool {
	window, _ := part.Around(folded, span, 80, 160)
	return part.Has(window, sampleTalk)
}

// classes counts the kinds of characters of value: lower case, capitals, digits, signs.
func classes(value []byte) (lower, upper, digit, sign int) {
	for _, c := range value {
		switch {
		case c >= 'a' && c <= 'z' || c >= 0x80:
			lower++
		case c >= 'A' && c <= 'Z':
			upper++
		case part.Digit(c):
			digit++
		default:
			sign++
		}
	}
	return lower, upper, digit, sign
}
