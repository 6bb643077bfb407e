// Package decode finds runs of a text that are text in an encoding: percent, base64 and
// hex (domain guide 3.5, step 7), and turns ROT13 around.
//
// It tells what such a run says and where it stands; it does not judge. What decodes to
// bytes that nobody would read is left alone. Guarantee: any input takes linear time, and
// a text without a long run costs one look at every few bytes.
package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"unicode"
	"unicode/utf8"
)

// The bounds of domain guide 3.5: bytes of a run, the least and the most that are read,
// and the least share of decoded characters that can be printed.
const (
	minRun    = 20
	maxRun    = 4 << 10
	printable = .85
)

// minEscapes is how many percent escapes make a run more than an address with a blank in it.
const minEscapes = 3

// Run is an encoded stretch [Start, End) of a text, in bytes.
type Run struct {
	Start, End int
	// How is "percent", "base64" or "hex".
	How string
	// Text is what it says, valid UTF-8.
	Text string
}

// Find appends to out at most limit runs of s, in order for each encoding. skip,
// unless nil, tells the stretches that are known already and need no second look.
func Find(s []byte, limit int, skip func(start, end int) bool, out []Run) []Run {
	f := finder{s: s, most: len(out) + limit, skip: skip, out: out}
	f.percents()
	f.blocks()
	return f.out
}

type finder struct {
	s    []byte
	most int
	skip func(start, end int) bool
	out  []Run
	buf  []byte
}

func (f *finder) full() bool { return len(f.out) >= f.most }

func (f *finder) known(start, end int) bool { return f.skip != nil && f.skip(start, end) }

// add keeps a run whose decoded bytes, in f.buf, are text.
func (f *finder) add(start, end int, how string) bool {
	if !readable(f.buf) {
		return false
	}
	f.out = append(f.out, Run{start, end, how, string(f.buf)})
	return true
}

// readable tells decoded bytes that a person would read.
func readable(b []byte) bool {
	if len(b) == 0 || !utf8.Valid(b) {
		return false
	}
	all, plain := 0, 0
	for _, r := range string(b) {
		all++
		if unicode.IsPrint(r) || r == '\n' || r == '\t' || r == '\r' {
			plain++
		}
	}
	return float64(plain) >= printable*float64(all)
}

// blocks looks for base64 and hex. A run has no blank in it, so the scan looks at the
// byte where a run that starts here would reach its least length, and goes back from
// there: text with short words is skipped over.
func (f *finder) blocks() {
	for i := 0; i+minRun <= len(f.s) && !f.full(); {
		k := i + minRun - 1
		for k >= i && alphabet[f.s[k]] {
			k--
		}
		if k >= i {
			i = k + 1
			continue
		}
		end := f.runEnd(i + minRun)
		if all := f.wrapped(i, end); all == end || !f.base64(i, all) {
			f.block(i, end)
			i = end + 1
		} else {
			i = all + 1
		}
	}
}

// wrapped is the end of the lines that go on with a run of base64 that was wrapped: all
// but the last are as long as the first.
func (f *finder) wrapped(start, end int) int {
	line := end - start
	if line < minLine || f.known(start, end) {
		return end
	}
	for last := start; end < len(f.s) && f.s[end] == '\n' && end-last == line; {
		next := f.runEnd(end + 1)
		if next == end+1 || next-end-1 > line {
			break
		}
		last, end = end+1, next
	}
	return end
}

// minLine is the least length of a line at which base64 is wrapped: 64 in PEM (RFC 7468),
// 76 in MIME (RFC 2045).
const minLine = 64

func (f *finder) runEnd(i int) int {
	for i < len(f.s) && alphabet[f.s[i]] {
		i++
	}
	return i
}

var alphabet = func() (table [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
		table[c] = true
	}
	return table
}()

// block decodes the run [start, end), or else the parts of the path that it is.
func (f *finder) block(start, end int) {
	if f.decode(start, end) || bytes.IndexByte(f.s[start:end], '/') < 0 {
		return
	}
	for start < end && !f.full() {
		n := bytes.IndexByte(f.s[start:end], '/')
		if n < 0 {
			n = end - start
		}
		if n >= minRun {
			f.decode(start, start+n)
		}
		start += n + 1
	}
}

func (f *finder) decode(start, end int) bool {
	if f.known(start, end) {
		return true
	}
	return f.hex(start, end) || f.base64(start, end)
}

func (f *finder) hex(start, end int) bool {
	run := f.s[start:min(end, start+maxRun)]
	if run[0] == '0' && run[1]|0x20 == 'x' {
		run = run[2:]
	}
	if len(run)%2 != 0 {
		return false
	}
	var err error
	f.buf, err = hex.AppendDecode(f.buf[:0], run)
	return err == nil && f.add(start, end, "hex")
}

// base64 decodes either alphabet, with or without padding.
func (f *finder) base64(start, end int) bool {
	run := f.s[start:min(end, start+maxRun)]
	if bytes.IndexByte(run, '\n') >= 0 {
		run = bytes.ReplaceAll(run, []byte("\n"), nil)
	}
	if end-start > maxRun {
		run = run[:len(run)/4*4]
	}
	if len(run)%4 == 1 || !mixed(run) {
		return false
	}
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(run, "-_") {
		encoding = base64.RawURLEncoding
	}
	var err error
	if f.buf, err = encoding.AppendDecode(f.buf[:0], run); err != nil {
		return false
	}
	for pad := (4 - len(run)%4) % 4; pad > 0 && end < len(f.s) && f.s[end] == '='; pad-- {
		end++
	}
	return f.add(start, end, "base64")
}

// mixed tells a run that is more than words: a capital behind a small letter, or a figure.
func mixed(run []byte) bool {
	for i, c := range run {
		if c >= '0' && c <= '9' || i > 0 && c >= 'A' && c <= 'Z' && run[i-1] >= 'a' && run[i-1] <= 'z' {
			return true
		}
	}
	return false
}

// percents looks for runs with percent escapes.
func (f *finder) percents() {
	for last := 0; last < len(f.s) && !f.full(); {
		i := bytes.IndexByte(f.s[last:], '%')
		if i < 0 {
			return
		}
		start, end := last+i, last+i
		for start > last && inAddress[f.s[start-1]] {
			start--
		}
		for end < len(f.s) && inAddress[f.s[end]] {
			end++
		}
		if !f.known(start, end) {
			f.percent(start, end)
		}
		last = end
	}
}

// inAddress are the bytes that stand in an address or an escaped text.
var inAddress = func() (table [256]bool) {
	for c := range table {
		table[c] = c > ' ' && c < utf8.RuneSelf && c != '"' && c != '\'' && c != '<' && c != '>' && c != '`'
	}
	return table
}()

func (f *finder) percent(start, end int) {
	escapes := 0
	f.buf = f.buf[:0]
	run := f.s[start:min(end, start+maxRun)]
	for i := 0; i < len(run); i++ {
		if run[i] == '%' && i+2 < len(run) && nibble(run[i+1]) >= 0 && nibble(run[i+2]) >= 0 {
			f.buf = append(f.buf, byte(nibble(run[i+1])<<4|nibble(run[i+2])))
			escapes++
			i += 2
			continue
		}
		f.buf = append(f.buf, run[i])
	}
	if escapes >= minEscapes {
		f.add(start, end, "percent")
	}
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// RotatedSigns are folded literals of which a text of more than a few words in ROT13 holds
// at least MinRotatedSigns: the commonest English words turned around, with their blank.
var RotatedSigns = []string{"gur ", " naq ", " vf ", " jr ", " lbh ", " sbe ", " abg ", " guvf ", " gung "}

// MinRotatedSigns keeps names and abbreviations apart from ROT13.
const MinRotatedSigns = 2

// Rotated returns s with its ASCII letters turned around by 13.
func Rotated(s []byte) string {
	out := bytes.Clone(s)
	for i, c := range out {
		if lower := c | 0x20; lower >= 'a' && lower <= 'z' {
			out[i] = c&0x20 | ((c&^0x20-'A'+13)%26 + 'A')
		}
	}
	return string(out)
}
