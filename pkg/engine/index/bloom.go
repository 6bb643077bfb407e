package index

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
)

// falsePositive is the chance that a Bloom filter lets a foreign value through.
const falsePositive = 1e-6

// probes is how many bits a value sets: m/n ln 2, the best for m = -n ln p/(ln 2)^2
// (Bloom 1970).
const probes = 20

// bloom is a filter over fast hashes; its bytes are words of 64 bits.
type bloom struct{ words []byte }

// bloomWords is how many words of 64 bits a filter of n values takes.
func bloomWords(n int) int {
	m := -float64(n) * math.Log(falsePositive) / (math.Ln2 * math.Ln2)
	return int(math.Ceil(m/64)) + 1
}

func openBloom(words []byte) (bloom, error) {
	if len(words) == 0 {
		return bloom{}, errors.New("body: no filter")
	}
	return bloom{words}, nil
}

// bit is where probe i of a value looks: enhanced double hashing, spread over the filter
// by multiplication.
func (f bloom) bit(a, b uint64, i int) (word, mask uint64) {
	h := a + uint64(i)*b + uint64(i*i*i-i)/6
	size := uint64(len(f.words)/8) * 64
	at, _ := bits.Mul64(h, size)
	return at / 64 * 8, 1 << (at % 64)
}

func (f bloom) add(a, b uint64) {
	for i := range probes {
		at, mask := f.bit(a, b, i)
		word := f.words[at:]
		binary.LittleEndian.PutUint64(word, binary.LittleEndian.Uint64(word)|mask)
	}
}

func (f bloom) has(a, b uint64) bool {
	for i := range probes {
		if at, mask := f.bit(a, b, i); binary.LittleEndian.Uint64(f.words[at:])&mask == 0 {
			return false
		}
	}
	return true
}

// search returns the range of items in a sorted list of 64-bit hashes that equal h. As
// hashes are spread evenly, the first guess is close.
func search(sorted []byte, h uint64) (from, to int) {
	n := len(sorted) / 8
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(sorted[i*8:]) }
	guess, _ := bits.Mul64(h, uint64(n))
	lo := lower(at, h, int(guess), n)
	if to = lo; to < n && at(to) == h {
		if h == math.MaxUint64 {
			return lo, n
		}
		to = lower(at, h+1, lo, n)
	}
	return lo, to
}

// lower is the index of the first of n sorted items that is not below h, looked for from
// guess on in growing steps.
func lower(at func(int) uint64, h uint64, guess, n int) int {
	lo, hi := guess, guess
	for step := 8; lo > 0 && at(lo-1) >= h; step *= 2 {
		lo = max(0, lo-step)
	}
	for step := 8; hi < n && at(hi) < h; step *= 2 {
		hi = min(n, hi+step)
	}
	for lo < hi {
		if mid := (lo + hi) / 2; at(mid) < h {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
