package identifier

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"regexp"
	"strings"

	"golang.org/x/crypto/sha3"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58check tells a Bitcoin-like address: a version byte, 20 bytes and four of a double
// SHA-256.
func base58check(s []byte) bool {
	n, radix := new(big.Int), big.NewInt(58)
	for _, c := range s {
		v := strings.IndexByte(base58, c)
		if v < 0 {
			return false
		}
		n.Mul(n, radix).Add(n, big.NewInt(int64(v)))
	}
	var raw [25]byte
	if n.BitLen() > 8*len(raw) {
		return false
	}
	n.FillBytes(raw[:])
	first := sha256.Sum256(raw[:21])
	second := sha256.Sum256(first[:])
	return bytes.Equal(second[:4], raw[21:])
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 tells an address of BIP 173 (constant 1) or BIP 350 (0x2bc830a3) of the given
// human-readable part.
func bech32(s []byte, readable string) bool {
	s = bytes.ToLower(s)
	if !bytes.HasPrefix(s, []byte(readable+"1")) || len(s) < len(readable)+7 {
		return false
	}
	sum := uint32(1)
	for _, c := range readable {
		sum = polymod(sum) ^ uint32(c)>>5
	}
	sum = polymod(sum)
	for _, c := range readable {
		sum = polymod(sum) ^ uint32(c)&31
	}
	for _, c := range s[len(readable)+1:] {
		v := strings.IndexByte(bech32Letters, c)
		if v < 0 {
			return false
		}
		sum = polymod(sum) ^ uint32(v)
	}
	return sum == 1 || sum == 0x2bc830a3
}

func polymod(sum uint32) uint32 {
	top := sum >> 25
	sum = sum & 0x1ffffff << 5
	for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			sum ^= g
		}
	}
	return sum
}

var etherShape = regexp.MustCompile(`\A0x[0-9a-fA-F]{40}\z`)

// eip55 tells how an Ethereum address stands to the checksum in its capitals: mixed is
// false where it has none, right where capitals are as the Keccak-256 of its lower case
// asks (EIP-55, https://eips.ethereum.org/EIPS/eip-55).
func eip55(address []byte) (mixed, right bool) {
	digits := address[len("0x"):]
	lower := bytes.ToLower(digits)
	if bytes.Equal(digits, lower) || bytes.Equal(digits, bytes.ToUpper(digits)) {
		return false, false
	}
	hash := sha3.NewLegacyKeccak256()
	_, _ = hash.Write(lower)
	sum := hash.Sum(nil)
	for i, c := range lower {
		nibble := sum[i/2] >> (4 * (1 - i%2)) & 15
		if letter := c >= 'a'; letter && (digits[i] != c) != (nibble >= 8) {
			return true, false
		}
	}
	return true, true
}

var walletWords = []string{"wallet", "eth", "ethereum", "erc20", "usdt", "0x address", "metamask", "ledger", "my address"}

// wallet reports an insider's address of a crypto currency: whoever knows it sees every
// payment. What strangers post is bait, which other rules judge.
func wallet(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[span.Start:span.End]
	likelihood := 0.5
	switch {
	case base58start(text[0]) && len(text) <= 35 && base58check(text), bech32(text, "bc"), bech32(text, "ltc"):
	case etherShape.Match(text):
		mixed, right := eip55(text)
		if mixed && !right {
			return out
		}
		window, _ := part.Around(p.Text.Folded, span, 80, 40)
		if !mixed && !part.Has(window, walletWords) {
			likelihood = 0.3
		}
	default:
		return out
	}
	window, _ := part.Around(p.Text.Folded, span, 160, 120)
	if !p.Insider || part.Official(p) || part.Has(window, donationWords) || part.Has(window, sampleWords) {
		likelihood = 0.2
	}
	f := finding("pii.iban", "crypto-address", "Crypto currency address", 1, likelihood, span, nil, "Its checksum or its form is that of an address of a crypto currency.")
	f.KeepFirst, f.KeepLast = 4, 4
	return append(out, f)
}

func base58start(c byte) bool { return c == '1' || c == '3' || c == 'L' || c == 'M' || c == 'D' }
