package index

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math/bits"
)

// prime is 2^61-1: a word of bytes is a polynomial over its field.
const prime = 1<<61 - 1

// keys are what is derived from the secret key; they hold scratch and are for one
// goroutine.
//
// A value is asked for twice. First by a hash that costs nanoseconds: its polynomial at a
// secret point, encrypted by AES (Carter and Wegman 1981: a universal hash under a
// pseudo-random function). Only what a Bloom filter of those lets through is asked for by
// HMAC-SHA-256, cut to 64 bits.
type keys struct {
	point uint64 // at which polynomials are read
	// powers are those of the point.
	powers [maxValue]uint64
	block  cipher.Block
	mac    hash.Hash
	in     [aes.BlockSize]byte
	out    [sha256.Size]byte
	// hashes are those of a text's grams.
	hashes []uint64
}

// derive is a key of its own for each purpose.
func derive(key []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("earshot index 1 " + purpose))
	return mac.Sum(nil)
}

func newKeys(key []byte) *keys {
	fast := derive(key, "fast")
	block, err := aes.NewCipher(fast[:16])
	if err != nil {
		panic(err) // 16 bytes are a key of AES
	}
	k := &keys{
		point: binary.LittleEndian.Uint64(fast[16:])%(prime-256) + 256,
		block: block, mac: hmac.New(sha256.New, derive(key, "exact")),
	}
	k.powers[0] = 1
	for i := 1; i < len(k.powers); i++ {
		k.powers[i] = mul(k.powers[i-1], k.point)
	}
	return k
}

// power is point^n.
func (k *keys) power(n int) uint64 {
	p := uint64(1)
	for ; n >= len(k.powers); n -= len(k.powers) - 1 {
		p = mul(p, k.powers[len(k.powers)-1])
	}
	return mul(p, k.powers[n])
}

// mul is a*b modulo prime, for a and b below it.
func mul(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return reduce(lo&prime + (lo>>61 | hi<<3))
}

func reduce(a uint64) uint64 {
	if a = a&prime + a>>61; a >= prime {
		a -= prime
	}
	return a
}

// next is the polynomial h with c put behind it.
func (k *keys) next(h uint64, c uint64) uint64 { return reduce(mul(h, k.point) + c + 1) }

// fast is the hash of a polynomial under a tag, as two words.
func (k *keys) fast(tag byte, polynomial uint64) (a, b uint64) {
	binary.LittleEndian.PutUint64(k.in[:], polynomial)
	k.in[8] = tag
	k.block.Encrypt(k.out[:aes.BlockSize], k.in[:])
	return binary.LittleEndian.Uint64(k.out[:]), binary.LittleEndian.Uint64(k.out[8:])
}

// exact is HMAC-SHA-256(key, tag || value) cut to 64 bits.
func (k *keys) exact(tag byte, value []byte) uint64 {
	k.mac.Reset()
	k.in[15] = tag
	k.mac.Write(k.in[15:])
	k.in[15] = 0
	k.mac.Write(value)
	return binary.LittleEndian.Uint64(k.mac.Sum(k.out[:0]))
}
