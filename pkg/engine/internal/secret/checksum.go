package secret

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"
)

// checksums tell, by rule, whether the part of a token that is computed from the rest is
// right: then its provider issued it.
var checksums = map[string]func(token string) bool{
	"github-token": checksum, "npm-token": checksum, "grafana-service-token": grafanaChecksum, "age-secret-key": bech32Checksum,
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// checksum tells whether the last six characters of a GitHub or npm token are the
// base-62 CRC-32 of the thirty before them, as both providers publish it.
func checksum(token string) bool {
	body := token[strings.IndexByte(token, '_')+1:]
	if len(body) != 36 {
		return false
	}
	sum := crc32.ChecksumIEEE([]byte(body[:30]))
	for i := 35; i >= 30; i-- {
		if body[i] != base62[sum%62] {
			return false
		}
		sum /= 62
	}
	return true
}

// grafanaChecksum tells whether the last eight characters of a Grafana service token are
// the CRC-32 of what stands before them, least byte first (grafana/grafana, satokengen).
func grafanaChecksum(token string) bool {
	i := strings.LastIndexByte(token, '_')
	sum, err := hex.DecodeString(token[i+1:])
	return i > 0 && err == nil && len(sum) == 4 && binary.LittleEndian.Uint32(sum) == crc32.ChecksumIEEE([]byte(token[:i]))
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32Checksum tells whether the last six characters of a key are the checksum of BIP
// 173, as those of age's secret keys.
func bech32Checksum(token string) bool {
	token = strings.ToLower(token)
	i := strings.LastIndexByte(token, '1')
	if i < 1 {
		return false
	}
	sum := uint32(1)
	for _, c := range []byte(token[:i]) {
		sum = polymod(sum, c>>5)
	}
	sum = polymod(sum, 0)
	for _, c := range []byte(token[:i]) {
		sum = polymod(sum, c&31)
	}
	for _, c := range []byte(token[i+1:]) {
		value := strings.IndexByte(bech32, c)
		if value < 0 {
			return false
		}
		sum = polymod(sum, byte(value))
	}
	return sum == 1
}

// polymod takes five bits into the checksum of BIP 173.
func polymod(sum uint32, value byte) uint32 {
	top := sum >> 25
	sum = (sum&0x1ffffff)<<5 ^ uint32(value)
	for i, factor := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			sum ^= factor
		}
	}
	return sum
}

// awsAccount names the account of an AWS key id by its last four digits; empty for ids of
// the old kind, which do not tell it. The account stands in bits 21 to 60 of the id
// (WithSecure, "A bitwise analysis of AWS access key identifiers").
func awsAccount(id string) string {
	raw, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil || len(raw) < 6 || raw[0]&0x80 == 0 {
		return ""
	}
	account := binary.BigEndian.Uint64(append(make([]byte, 2, 8), raw[:6]...)) & 0x7fffffffff80 >> 7
	if account >= 1e12 {
		return ""
	}
	return fmt.Sprintf(" It belongs to the AWS account that ends in %04d.", account%10000)
}
