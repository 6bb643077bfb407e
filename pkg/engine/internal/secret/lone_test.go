package secret

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestLoneTokens(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	line := base64.StdEncoding.EncodeToString(raw(random, 48))
	other := base64.StdEncoding.EncodeToString(raw(random, 48))
	const rule = "secret.lone-token"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a line of a key", Role: "engineer", Text: line, Rule: rule, Value: line},
		{Name: "indented", Role: "engineer", Text: "    " + line + "\n", Rule: rule, Value: line},
		{Name: "a string of a program", Role: "engineer", Text: `   + "` + line + `\n"`, Rule: rule, Value: line},
		{Name: "in a comment", Role: "engineer", Text: "  // " + line, Rule: rule, Value: line},
		{Name: "in a log", Role: "engineer", Text: "2026-04-26 12:36:01 " + line, Rule: rule, Value: line},
		{Name: "two lines", Role: "engineer", Text: line + "\n" + other, Rule: rule, Value: line + "\n" + other},
		{Name: "by the public", Text: line},
		{Name: "with words", Role: "engineer", Text: "look at this " + line},
		{Name: "a checksum", Role: "engineer", Text: hex.EncodeToString(raw(random, 32))},
		{Name: "encoded text", Role: "engineer", Text: base64.StdEncoding.EncodeToString([]byte("may your queries be fast and your days be calm, all of them"))},
		{Name: "a coin address", Role: "engineer", Text: "Gq7" + line[:40]},
		{Name: "letters of one kind", Role: "engineer", Text: strings.Repeat("structurecanbecombined", 3)},
		{Name: "an address", Role: "engineer", Text: "https://a.example/" + line},
	})
}

func TestKeyEdges(t *testing.T) {
	begin, end := "-----BEGIN RSA PRIVATE"+" KEY-----", "-----END RSA PRIVATE"+" KEY-----"
	const rule = "secret.private-key-edge"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "first line", Role: "engineer", Text: begin, Rule: rule, Value: begin},
		{Name: "last line", Role: "engineer", Text: "\n" + end, Rule: rule, Value: end},
		{Name: "in a program", Role: "engineer", Text: `key = "` + begin + `\n"`, Rule: rule, Value: begin},
		{Name: "in a sentence", Role: "engineer", Text: "Old keys begin with " + begin + ", new ones do not."},
		{Name: "nothing between", Role: "engineer", Text: begin + "\nanything\n" + end},
		{Name: "under a passphrase", Role: "engineer", Text: "-----BEGIN ENCRYPTED PRIVATE" + " KEY-----"},
		{Name: "no such kind", Role: "engineer", Text: "-----BEGIN FAKE PRIVATE" + " KEY-----"},
		{Name: "public key", Role: "engineer", Text: "-----BEGIN PUBLIC KEY-----"},
		{Name: "by the public", Text: begin},
	})
}

func TestBare(t *testing.T) {
	for text, want := range map[string]string{`"abc",`: "abc", `abc\n"`: "abc", `'abc\r\n');`: "abc", "abc": "abc", `"`: "", "": ""} {
		s := bare([]byte(text), spanOf(text))
		require.Equal(t, want, text[s.Start:s.End], text)
	}
}
