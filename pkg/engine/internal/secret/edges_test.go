package secret

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// issued draws a token as GitHub and npm issue them: thirty characters and their CRC-32
// in base 62.
func issued(random *rand.Rand, prefix string) string {
	body := make([]byte, 30)
	for i := range body {
		body[i] = base62[random.IntN(len(base62))]
	}
	sum := crc32.ChecksumIEEE(body)
	check := make([]byte, 6)
	for i := 5; i >= 0; i-- {
		check[i] = base62[sum%62]
		sum /= 62
	}
	return prefix + string(body) + string(check)
}

// TestChecksumOfDrawnTokens accepts what is issued and refuses it with any one character
// changed: CRC-32 notices every such change.
func TestChecksumOfDrawnTokens(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 9))
	for _, prefix := range []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"} {
		t.Run(prefix, func(t *testing.T) {
			for range 20 {
				token := issued(random, prefix)
				require.True(t, checksum(token), token)
				for i := len(prefix); i < len(token); i++ {
					other := base62[(strings.IndexByte(base62, token[i])+1+random.IntN(61))%62]
					require.False(t, checksum(token[:i]+string(other)+token[i+1:]), "%d of %s", i, token)
				}
			}
		})
	}
}

func TestChecksumRaisesTheLikelihood(t *testing.T) {
	runner := parttest.New(New())
	token := issued(rand.New(rand.NewPCG(4, 2)), "ghp_")
	altered := token[:len(token)-1] + string(base62[(strings.IndexByte(base62, token[len(token)-1])+1)%62])
	for text, want := range map[string]float64{token: .99, altered: .8} {
		found := runner.Public("oops " + text)
		require.Len(t, found, 1)
		require.InDelta(t, want, found[0].Likelihood, 1e-9)
		require.Equal(t, text, found[0].Text)
	}
}

// TestTokenExpiry judges one token at the time of its post.
func TestTokenExpiry(t *testing.T) {
	posted := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return fmt.Sprintf(`{"exp":%d}`, posted.Add(d).Unix()) }
	runner := parttest.New(New())
	for _, tc := range []struct {
		name, claims string
		unknown      bool // the time of the post
		expired      bool
	}{
		{"valid for an hour", at(time.Hour), false, false},
		{"valid to this second", at(0), false, false},
		{"expired a second ago", at(-time.Second), false, true},
		{"expired years ago", `{"exp":1000000000}`, false, true},
		{"no expiry", `{"sub":"dana"}`, false, false},
		{"expiry of zero", `{"exp":0}`, false, false},
		{"expiry in words", `{"exp":"yesterday"}`, false, false},
		{"expiry with a fraction", `{"exp":1000000000.5}`, false, true},
		{"time of the post not known", at(-time.Hour), true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			post := &earshotv1.Post{Text: "use " + token(signed, tc.claims), CreatedAt: timestamppb.New(posted)}
			if tc.unknown {
				post.CreatedAt = nil
			}
			var found []parttest.Found
			for _, f := range runner.Run(post) {
				if f.Rule == "secret.json-web-token" {
					found = append(found, f)
				}
			}
			require.Len(t, found, 1)
			require.Equal(t, tc.expired, found[0].Severity == 2)
			require.Equal(t, tc.expired, found[0].Likelihood < .9)
			require.True(t, found[0].Redact, "an expired token still tells names")
		})
	}
}

func TestTokenShapes(t *testing.T) {
	good := token(signed, `{"sub":"dana"}`)
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "in a header", Text: "Authorization: Bearer " + good, Rule: "secret.json-web-token", Value: good},
		{Name: "in quotes", Text: `"` + good + `"`, Rule: "secret.json-web-token", Value: good},
		{Name: "in a link", Text: "https://a.example/?t=" + good, Rule: "secret.json-web-token", Value: good},
		{Name: "two parts", Text: "x " + good[:strings.LastIndexByte(good, '.')]},
		{Name: "no algorithm", Text: "x " + token(`{"typ":"JWT"}`, `{"sub":"dana"}`)},
		{Name: "no JSON", Text: "x eyJub3QganNvbg.eyJub3QganNvbg.t420etWxfEh1U"},
		{Name: "inside a word", Text: "x" + good},
	})
}

// keyLines is a made-up body of a key.
var keyLines = strings.Repeat("MIIEow2xPsNaSLIXUV1gp5XSF17ZcjE6q0p4\n", 4)

// TestPrivateKeyShapes holds keys as people paste them; the whole of each must be hidden.
func TestPrivateKeyShapes(t *testing.T) {
	begin, end := "-----BEGIN PRIVATE"+" KEY-----", "-----END PRIVATE"+" KEY-----"
	for _, tc := range []struct{ name, text, value string }{
		{"lines", begin + "\n" + keyLines + end, begin + "\n" + keyLines + end},
		{"lines of Windows", begin + "\r\n" + strings.ReplaceAll(keyLines, "\n", "\r\n") + end, begin + "\r\n" + strings.ReplaceAll(keyLines, "\n", "\r\n") + end},
		{"one line", begin + " " + strings.ReplaceAll(keyLines, "\n", " ") + end, begin + " " + strings.ReplaceAll(keyLines, "\n", " ") + end},
		{"written line breaks", begin + `\n` + strings.ReplaceAll(keyLines, "\n", `\n`) + end, begin + `\n` + strings.ReplaceAll(keyLines, "\n", `\n`) + end},
		{"indented", begin + "\n    " + strings.ReplaceAll(keyLines, "\n", "\n    ") + end, begin + "\n    " + strings.ReplaceAll(keyLines, "\n", "\n    ") + end},
		{"quoted in a mail", begin + "\n> " + strings.ReplaceAll(keyLines, "\n", "\n> ") + end, begin + "\n> " + strings.ReplaceAll(keyLines, "\n", "\n> ") + end},
		{"text around", "look: " + begin + "\n" + keyLines + end + " oops", begin + "\n" + keyLines + end},
		{"no end", "look: " + begin + "\n" + keyLines, begin + "\n" + keyLines},
	} {
		t.Run(tc.name, func(t *testing.T) {
			values := map[string]string{}
			for _, f := range parttest.New(New()).Public(tc.text) {
				values[f.Rule] = f.Text
			}
			require.Equal(t, tc.value, values["secret.private-key"])
		})
	}
}

func TestTwoPrivateKeys(t *testing.T) {
	one := "-----BEGIN PRIVATE" + " KEY-----\n" + keyLines + "-----END PRIVATE" + " KEY-----"
	found := parttest.New(New()).Public(one + "\nand\n" + one)
	require.Len(t, found, 2)
	for _, f := range found {
		require.Equal(t, one, f.Text)
	}
}

func TestPlaceholders(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		want        bool
	}{
		{"documentation", "AKIAIOSFODNN7" + "EXAMPLE", true},
		{"your key", "YOUR_API_KEY_123", true},
		{"template of Go", "{{ .Values.token }}", true},
		{"template of a shell", "${TOKEN}", true},
		{"command of a shell", "$(cat token)", true},
		{"variable of Windows", "%TOKEN%", true},
		{"angle brackets inside", "abc<token>def", true},
		{"dots", "ghp_....", true},
		{"one character", "aaaaaaaaaaaa", true},
		{"three characters", "abcabcabcabc", true},
		{"four characters", "abcdabcdabcd", false},
		{"run of five", "k7Gd11111mQz", false},
		{"run of six", "k7Gd111111mQz", true},
		{"run of a in base64", "k7GdAAAAAAAAAmQz", false},
		{"counted up inside", "x0123456789y", true},
		{"word for food inside", "myfoobarvalue", true},
		{"empty", "", true},
		{"drawn", "r8Kq2ZpLw0Xv", false},
		{"hexadecimal", "1ba2c0fa31210ebf", false},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, placeholder([]byte(tc.value))) })
	}
}

// TestRandomLooking draws values: what comes from a good source counts, words do not.
func TestRandomLooking(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	drawn := 0
	for range 500 {
		raw := make([]byte, 24)
		for i := range raw {
			raw[i] = byte(random.IntN(256))
		}
		if randomLooking([]byte(base64.RawStdEncoding.EncodeToString(raw)), strongSign, false) {
			drawn++
		}
	}
	require.Greater(t, drawn, 450)
	for _, value := range []string{
		"structure-can-be-combined", "correcthorsebatterystaple", "2026-03-02T09:15:00Z", "version-1.2.3-beta", "https://a.example/1x2y3z", "/usr/lib/python3.11/site",
		"aaaaaaaaaa1111111111", "short1A", "user.name.first2last3", "(a1b2c3d4e5f6g7)",
	} {
		require.False(t, randomLooking([]byte(value), strongSign, false), value)
	}
}

// TestPasswordsInLanguages gives the same password in the words of each language.
func TestPasswordsInLanguages(t *testing.T) {
	runner := parttest.New(New())
	for name, text := range map[string]string{
		"English": "the password is %s", "German": "das Passwort ist %s", "German, old word": "Kennwort: %s", "Spanish": "la contraseña es %s", "Spanish, key": "clave: %s",
		"French": "le mot de passe est %s", "Portuguese": "a senha é %s", "Italian": "la password è %s", "Dutch": "het wachtwoord is %s", "Polish": "hasło: %s",
		"Russian": "пароль: %s", "Japanese": "パスワード: %s", "Chinese": "密码: %s", "Korean": "비밀번호: %s",
	} {
		t.Run(name, func(t *testing.T) {
			var values []string
			for _, f := range runner.Insider("nurse", fmt.Sprintf(text, "Regen-77xQ")) {
				values = append(values, f.Text)
			}
			require.Contains(t, values, "Regen-77xQ")
		})
	}
}

// TestFindingsAreSound holds what every finding of the formats must carry.
func TestFindingsAreSound(t *testing.T) {
	runner := parttest.New(New())
	for _, text := range []string{
		"AK" + "IAQ4ZT7MXW2KJB5RNH", "postgres://app:vK7mortar-91@db.acme.io/x", "curl -u \"svc:Gq82nd0sPq\" https://api.acme.io", "password: Sunny!Beach42",
		"use " + token(signed, `{"sub":"dana"}`), "api_key = Zf3D0LXCM3EIMb" + "gJpUNnkRtOfOueHznB",
	} {
		found := runner.Insider("engineer", text)
		require.NotEmpty(t, found, text)
		for _, f := range found {
			parttest.Sound(t, f)
			require.True(t, f.Redact, "a credential is never shown")
		}
	}
}
