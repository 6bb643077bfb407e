package secret

import (
	"encoding/hex"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestChecksum uses the sample whose checksum GitHub explains, in two halves.
func TestChecksum(t *testing.T) {
	sample := "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"
	tests := []struct {
		name, token string
		want        bool
	}{
		{"right", sample, true},
		{"one character changed", strings.Replace(sample, "Q", "R", 1), false},
		{"checksum changed", sample[:len(sample)-1] + "8", false},
		{"cut", sample[:len(sample)-1], false},
		{"no body", "ghp_", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, checksum(test.token))
		})
	}
}

func TestGrafanaChecksum(t *testing.T) {
	body := "glsa_" + chosen(rand.New(rand.NewPCG(1, 3)), base62, 32)
	sum := crc32.ChecksumIEEE([]byte(body))
	good := body + "_" + hex.EncodeToString([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
	require.True(t, grafanaChecksum(good))
	require.False(t, grafanaChecksum(strings.Replace(good, body[9:10], "!", 1)))
	require.False(t, grafanaChecksum(body))
	require.False(t, grafanaChecksum("glsa"))
}

// TestBech32Checksum uses the first valid strings of BIP 173.
func TestBech32Checksum(t *testing.T) {
	for _, good := range []string{"A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"} {
		require.True(t, bech32Checksum(good), good)
		require.False(t, bech32Checksum(good[:len(good)-1]+"q"), good)
	}
	for _, bad := range []string{"", "1", "abc", "a1!!!!!!", "AGE-SECRET-KEY-1" + strings.Repeat("Q", 58)} {
		require.False(t, bech32Checksum(bad), bad)
	}
}

// TestAWSAccount uses the pair that the discoverers of the encoding published.
func TestAWSAccount(t *testing.T) {
	require.Equal(t, " It belongs to the AWS account that ends in 5308.", awsAccount("ASIA"+"Y34FZKBOKMUTVV7A"))
	require.Empty(t, awsAccount("AKIA"+"IOSFODNN7EXAMPLE"), "an id of the old kind")
	require.Empty(t, awsAccount("AKIA18"))
}

func TestKeyIDInAnAddress(t *testing.T) {
	id := "AKIA" + "Q4ZT7MXW2KJB5RNH"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "alone", Text: "key " + id, Rule: "secret.aws-access-key-id", Value: id},
		{Name: "link of a shop", Text: "https://shop.example/item?psc=1&SubscriptionId=" + id + "&tag=x-20"},
		{Name: "signed address", Text: "https://b.example/o?AWSAccessKeyId=" + id + "&Expires=1"},
	})
}
