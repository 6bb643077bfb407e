// Package drawn tells strings that a generator drew from strings that a person wrote:
// keys and tokens from words, identifiers, paths and dates.
//
// It weighs two stories of how a string came about. In the first each character was
// drawn from its alphabet with equal chances; in the second the string was written, so
// that each letter follows the one before as it does in program text (the table of
// this package, made by the command in train). It knows nothing of secrets: a checksum
// is drawn as well as a key.
package drawn

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

//go:embed costs.tsv
var table string

// Symbols are the rows and columns of the table: the letters without their case, then
// digits, separators and all other characters.
const (
	Symbols = 29
	Digit   = 26
	Joint   = 27 // _ - . / : + = and the start of a string
	Other   = 28
)

// Cases are what the case of a letter does after the letter before it.
const (
	LowerLower = iota
	LowerUpper
	UpperLower
	UpperUpper
	Cases
)

// costs are in bits: of a symbol after a symbol, and of a case after a case.
var (
	costs     [Symbols][Symbols]float64
	caseCosts [Cases]float64
)

func init() {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for i, line := range lines {
		for j, field := range strings.Split(line, "\t") {
			tenths, err := strconv.Atoi(field)
			if err != nil {
				panic("drawn: costs.tsv: " + err.Error())
			}
			if i < Symbols {
				costs[i][j] = float64(tenths) / 10
			} else {
				caseCosts[j] = float64(tenths) / 10
			}
		}
	}
}

// Symbol is the row of c in the table.
func Symbol(c byte) int {
	switch folded := c | 0x20; {
	case folded >= 'a' && folded <= 'z':
		return int(folded - 'a')
	case c >= '0' && c <= '9':
		return Digit
	case strings.IndexByte("_-./:+=", c) >= 0:
		return Joint
	}
	return Other
}

// Case is what happens to the case between two letters.
func Case(before, c byte) int {
	n := 0
	if before < 'a' {
		n = UpperLower
	}
	if c < 'a' {
		n++
	}
	return n
}

// Bits is how much better s is told by a draw than by writing: the logarithm to base 2
// of the ratio of both chances. Above 0 it was more likely drawn; twenty random letters
// and digits have about 50, an identifier of twenty letters about -30. Time is linear
// in s.
func Bits(s []byte) float64 {
	var written float64
	last, lastByte := Joint, byte(0)
	for _, c := range s {
		symbol := Symbol(c)
		written += costs[last][symbol] + inside[symbol]
		if symbol < Digit && last < Digit {
			written += caseCosts[Case(lastByte, c)]
		}
		last, lastByte = symbol, c
	}
	return written - float64(len(s))*math.Log2(alphabet(s))
}

// inside is the cost in bits of one character among those of its symbol.
var inside = [Symbols]float64{Digit: math.Log2(10), Joint: 2, Other: 4}

// alphabet is the count of characters that s was drawn from, by the kinds that occur.
func alphabet(s []byte) float64 {
	var lower, upper, digit, beyondHex bool
	var signs uint64
	for _, c := range s {
		switch {
		case c >= 'a' && c <= 'z':
			lower, beyondHex = true, beyondHex || c > 'f'
		case c >= 'A' && c <= 'Z':
			upper, beyondHex = true, beyondHex || c > 'F'
		case c >= '0' && c <= '9':
			digit = true
		default:
			signs |= 1 << (c & 63)
		}
	}
	letters := 26.0
	if !beyondHex && digit {
		letters = 6
	}
	n := 1.0
	for _, kind := range []struct {
		present bool
		size    float64
	}{{lower, letters}, {upper, letters}, {digit, 10}} {
		if kind.present {
			n += kind.size
		}
	}
	for ; signs != 0; signs &= signs - 1 {
		n++
	}
	return max(n-1, 2)
}
