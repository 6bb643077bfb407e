package drawn

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBitsOfWrittenText(t *testing.T) {
	for name, s := range map[string]string{
		"camel case": "getAccessTokenFromCache", "dashes": "structure-can-be-combined", "constant": "HTTPServerTransportConfig2", "words run together": "correcthorsebatterystaple",
		"German": "Donaudampfschifffahrt", "resource": "arn:aws:iam::123456789012:role", "version": "version-1.2.3-beta",
	} {
		t.Run(name, func(t *testing.T) { require.Less(t, Bits([]byte(s)), 2.0) })
	}
}

// TestBitsOfDrawnStrings draws strings of several alphabets and lengths: nearly all
// are above what written text reaches, and more so the longer they are.
func TestBitsOfDrawnStrings(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	for _, test := range []struct {
		name  string
		bytes int
		write func([]byte) string
		least float64 // mean bits
	}{
		{"base64 of 12 bytes", 12, base64.RawURLEncoding.EncodeToString, 30},
		{"base64 of 24 bytes", 24, base64.RawURLEncoding.EncodeToString, 60},
		{"hexadecimal of 16 bytes", 16, hex.EncodeToString, 38},
		{"hexadecimal of 32 bytes", 32, hex.EncodeToString, 75},
		{"letters", 20, letters, 35},
	} {
		t.Run(test.name, func(t *testing.T) {
			sum, low := 0.0, 0
			raw := make([]byte, test.bytes)
			for range 1000 {
				for i := range raw {
					raw[i] = byte(random.IntN(256))
				}
				bits := Bits([]byte(test.write(raw)))
				sum += bits
				if bits < 10 {
					low++
				}
			}
			require.Greater(t, sum/1000, test.least)
			require.Less(t, low, 20)
		})
	}
}

func letters(raw []byte) string {
	out := make([]byte, len(raw))
	for i, b := range raw {
		out[i] = 'a' + b%26
	}
	return string(out)
}

func TestSymbolAndCase(t *testing.T) {
	require.Equal(t, []int{0, 25, Digit, Joint, Other, Other}, []int{Symbol('A'), Symbol('z'), Symbol('7'), Symbol('-'), Symbol('!'), Symbol(0xc3)})
	require.Equal(t, []int{LowerLower, LowerUpper, UpperLower, UpperUpper}, []int{Case('a', 'b'), Case('a', 'B'), Case('A', 'b'), Case('A', 'B')})
}

func TestEdges(t *testing.T) {
	require.Zero(t, Bits(nil))
	require.Less(t, Bits([]byte("the")), Bits([]byte("xqz")))
}

func FuzzBits(f *testing.F) {
	f.Add([]byte("\xff\x00 ü A"))
	f.Fuzz(func(t *testing.T, s []byte) {
		bits := Bits(s)
		require.True(t, bits > -20*float64(len(s)+1) && bits < 40*float64(len(s)+1), bits)
	})
}
