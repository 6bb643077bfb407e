package secret

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// syntaxes are ways in which people write down a key of a service: %[1]s is the service
// as a word, %[2]s in capitals, %[3]s with a capital, %[4]s the key.
var syntaxes = map[string]string{
	"env file":             "%[2]s_API_KEY=%[4]s",
	"export":               "export %[2]s_TOKEN='%[4]s'",
	"yaml":                 "%[1]s:\n  api_key: %[4]s",
	"yaml, one name":       "%[1]s_secret: \"%[4]s\"",
	"json":                 `{"%[1]sApiKey": "%[4]s"}`,
	"json, nested":         `{"%[1]s": {"token": "%[4]s", "region": "eu"}}`,
	"json, name value":     `{"name": "%[2]s_KEY", "value": "%[4]s"}`,
	"code":                 `const %[1]sToken = "%[4]s";`,
	"code, typed":          `let %[1]sKey: string = '%[4]s'`,
	"code, call":           `client.set%[3]sApiKey("%[4]s")`,
	"code, default":        `key = os.getenv("%[2]s_KEY", "%[4]s")`,
	"header":               "curl https://api.%[1]s.com/v1/me -H 'X-%[3]s-Key: %[4]s'",
	"bearer":               "curl -H \"Authorization: Bearer %[4]s\" https://api.%[1]s.com/v2/users",
	"query":                "https://api.%[1]s.com/v1/latest?api_key=%[4]s&format=json",
	"option":               "%[1]s login --token %[4]s",
	"element":              "<%[1]sKey>%[4]s</%[1]sKey>",
	"attribute":            `<add key="%[3]sApiKey" value="%[4]s" />`,
	"properties":           "%[1]s.api.key = %[4]s",
	"sentence":             "our %[1]s key is %[4]s, please don't share",
	"sentence, colon":      "here is the %[3]s api key: %[4]s",
	"only the name":        "%[1]s = '%[4]s'",
	"log":                  "[INFO] connecting to %[1]s with token=%[4]s",
	"next line":            "%[3]s API key\n%[4]s",
	"arrow":                "%[1]s secret → %[4]s",
	"build server":         "<credentials>\n  <id>%[1]s</id>\n  <secret>{AQAAABAAA %[4]s}</secret>\n</credentials>",
	"log of lines":         "[INFO] sending request to the %[1]s API\n[DEBUG] Using Key=%[4]s\n[INFO] 200 OK",
	"header in code":       `req.Header.Set("Authorization", "Bearer %[4]s") // %[1]s`,
	"array":                `'%[1]s' => ['key' => env('%[2]s_KEY', '%[4]s')],`,
	"constructor":          `const client = new %[3]s({ apiKey: '%[4]s' });`,
	"constructor, one":     `client = %[3]s("%[4]s")`,
	"container":            "ENV %[2]s_SECRET_KEY %[4]s",
	"markdown":             "**%[3]s API key:** `%[4]s`",
	"table":                "| %[3]s | API key | %[4]s |",
	"escaped json":         `{\"%[1]s\":{\"apiKey\":\"%[4]s\"}}`,
	"infrastructure":       "resource \"%[1]s_account\" \"main\" {\n  api_token = \"%[4]s\"\n}",
	"sentence, for":        "the %[3]s API key for the staging account is %[4]s",
	"sentence, use":        "just use my %[1]s token %[4]s until Friday",
	"question":             "why does %[1]s reject my key? I use %[4]s",
	"assigned by call":     `os.environ["%[2]s_API_TOKEN"] = "%[4]s"`,
	"shell option":         "%[1]s --api-key=%[4]s deploy",
	"config, path":         "%[1]s.auth.credentials.private_key=%[4]s",
	"colon, no blank":      "%[1]s_key:%[4]s",
	"login":                "machine api.%[1]s.com login apikey password %[4]s",
	"at the end":           "%[4]s is our %[1]s api key",
	"secret, noun":         "%[3]s client secret: %[4]s",
	"yaml list":            "secrets:\n  - name: %[1]s-token\n    value: %[4]s",
	"comment":              "# %[1]s %[4]s",
	"constructor, path":    "let client = %[3]s::new(\"%[4]s\");",
	"client of a package":  "client := %[1]s.NewClient(\"%[4]s\")",
	"line of a list":       "%[1]s,production,%[4]s,2026-01-04",
	"key behind its value": "%[4]s (%[3]s api key)",
	"sentence, German":     "der %[3]s Schlüssel lautet %[4]s",
	"sentence, French":     "la clé %[3]s est %[4]s",
	"sentence, Portuguese": "a chave da %[3]s é %[4]s",
}

// nameOnly are the syntaxes that have no other cue than the name of the service.
var nameOnly = map[string]bool{"only the name": true, "constructor, one": true, "comment": true, "constructor, path": true, "client of a package": true, "line of a list": true}

// loose are the syntaxes in which other words stand between the name and its key.
var loose = map[string]bool{"sentence, for": true, "sentence, use": true, "question": true, "at the end": true, "build server": true, "comment": true}

// draws are kinds of keys.
var draws = map[string]func(*rand.Rand) string{
	"hex 32":         func(r *rand.Rand) string { return hex.EncodeToString(raw(r, 16)) },
	"hex 40":         func(r *rand.Rand) string { return hex.EncodeToString(raw(r, 20)) },
	"hex 64":         func(r *rand.Rand) string { return hex.EncodeToString(raw(r, 32)) },
	"base64 of 24":   func(r *rand.Rand) string { return base64.StdEncoding.EncodeToString(raw(r, 24)) },
	"letters 32":     func(r *rand.Rand) string { return chosen(r, base62, 32) },
	"letters 20":     func(r *rand.Rand) string { return chosen(r, base62, 20) },
	"lower case 36":  func(r *rand.Rand) string { return chosen(r, base62[:10]+base62[36:], 36) },
	"capitals 24":    func(r *rand.Rand) string { return chosen(r, base62[:36], 24) },
	"with lines 43":  func(r *rand.Rand) string { return chosen(r, base62+"-_", 43) },
	"uuid":           func(r *rand.Rand) string { return groups(hex.EncodeToString(raw(r, 16))) },
	"marked, hex 32": func(r *rand.Rand) string { return "prod_" + hex.EncodeToString(raw(r, 16)) },
}

func raw(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	return b
}

func chosen(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func groups(h string) string {
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// TestKeysOfVendors draws keys of every kind for the services of the list and for made-up
// ones, in every syntax: nearly all must be found, whatever the service.
func TestKeysOfVendors(t *testing.T) {
	runner := parttest.New(New())
	names := []string{"zorbify", "quellmate", "northlake"}
	for i, name := range vendorWords() {
		if i%40 == 0 && !strings.ContainsAny(name, " .-") {
			names = append(names, name)
		}
	}
	for syntax, format := range syntaxes {
		t.Run(syntax, func(t *testing.T) {
			random := rand.New(rand.NewPCG(8, uint64(len(format))))
			found, all := 0, 0
			for _, kind := range slices.Sorted(maps.Keys(draws)) {
				draw := draws[kind]
				for _, name := range names {
					key := draw(random)
					text := fmt.Sprintf(format, name, strings.ToUpper(name), strings.ToUpper(name[:1])+name[1:], key)
					if nameOnly[syntax] && slices.Contains(names[:3], name) {
						continue // nothing tells that the value is a secret
					}
					all++
					if best(runner.Insider("engineer", text)) >= 0.5 {
						found++
					} else if all-found < 8 {
						t.Logf("missed %s: %s", kind, text)
					}
				}
			}
			t.Logf("recall %.4f of %d", float64(found)/float64(all), all)
			least := 0.97
			if loose[syntax] {
				least = 0.93
			}
			require.Greater(t, float64(found)/float64(all), least)
		})
	}
}
