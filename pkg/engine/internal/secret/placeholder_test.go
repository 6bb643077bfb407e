package secret

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// standIns are what people write in the place of a secret.
var standIns = []string{
	"YOUR_API_KEY", "your-api-key-here", "<your-key>", "<API_TOKEN>", "xxxxxxxxxxxxxxxxxxxxxxxx", "XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX", "${TOKEN}", "$TOKEN", "${{ secrets.TOKEN }}", "{{ api_token }}",
	"process.env.ACME_TOKEN", "os.environ['ACME_KEY']", "env.ACME_API_KEY_2", "settings.ACME_KEY_V2", "var.api_token", "local.secrets.token_v2", "config.get('key')", "getToken()", "secrets.API_KEY",
	"************", "••••••••••••", "…", "sk_live_...", "abc...xyz", "changeme", "change_me_123", "REPLACE_ME", "insert_token_here", "EXAMPLEKEY12345678901234", "my-super-secret-key", "mysecrettoken",
	"null", "undefined", "None", "true", "TODO", "token", "redacted", "[REDACTED]", "dummy-token-1234", "test", "secret", "%TOKEN%", "%s", "$(cat token.txt)", "0000000000000000000000000000", "1234567890abcdef1234567890abcdef",
	"vault:secret/data/acme#key", "op://team/acme/credential", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/acme", "projects/acme/secrets/key/versions/latest", "/run/secrets/acme_key", "file:///etc/acme/key.pem",
	"https://acme.example/settings/tokens", "see-the-password-manager", "ask-me-on-monday", "AcmeConfigurationProvider", "2026-03-02T09:15:00Z", "structure-can-be-combined",
}

// TestStandIns writes each stand-in in every syntax: none is a secret.
func TestStandIns(t *testing.T) {
	runner := parttest.New(New())
	for _, syntax := range slices.Sorted(maps.Keys(syntaxes)) {
		t.Run(syntax, func(t *testing.T) {
			for _, value := range standIns {
				text := fmt.Sprintf(syntaxes[syntax], "acme", "ACME", "Acme", value)
				for _, f := range runner.Insider("engineer", text) {
					require.Less(t, f.Likelihood, 0.5, "%s: %s in %s", f.Rule, f.Text, text)
				}
			}
		})
	}
}

// TestDrawnButNoSecret holds what looks drawn and is published on purpose.
func TestDrawnButNoSecret(t *testing.T) {
	const hex40, hex64 = "9fceb02d0ae598e95dc970b74767f19372d61af8", "848e2ed88fba213b961f4a313656a6c44899d70c0c006828fdbce17e23da40fc"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "commit", Role: "engineer", Text: "the github commit " + hex40 + " broke it"},
		{Name: "commit behind a word for key", Role: "engineer", Text: "fixed the token refresh in commit " + hex40},
		{Name: "checksum", Role: "engineer", Text: "docker image sha256:" + hex64},
		{Name: "checksum of a key file", Role: "engineer", Text: "the sha256 checksum of the tarball is " + hex64},
		{Name: "link", Role: "engineer", Text: "my spotify list https://open.spotify.com/playlist/37i9dQZF1DX0XUsuxWHRQd?si=EuH8pSY9SEE7yBKV"},
		{Name: "video", Role: "engineer", Text: "The secret is out: youtube.com/watch?v=AcQ7b_BHzfA&feature=share"},
		{Name: "public ssh key", Role: "engineer", Text: "my github key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI5LHsQj6TthG9OY5qveLQ"},
		{Name: "coin address", Role: "engineer", Text: "kraken deposit address bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"},
		{Name: "id of an order", Role: "engineer", Text: "shopify order id 3f1c9a52-77d0-4c1e-9b0e-5de1f3a0c9d4"},
		{Name: "integrity of a script", Role: "engineer", Text: `integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"`},
		{Name: "digest behind an image", Role: "engineer", Text: "docker pull cockroachdb/api@sha256:" + hex64},
		{Name: "checksum of an export", Role: "engineer", Text: "md5sum of the stripe export: 3b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e"},
		{Name: "trace in a log", Role: "engineer", Text: "[sentry] trace_id=3b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e span_id=7a1c9e3b5d2f8a40"},
		{Name: "object of a service", Role: "engineer", Text: "amplitude segment 3f1c9a52-77d0-4c1e-9b0e-5de1f3a0c9d4 has no users"},
		{Name: "client in code", Role: "engineer", Text: `new Tidio({ clientId: "vtq8zvcc5hVpdbgCfWXcBTKkB1eCTQH7" })`},
		{Name: "next page", Role: "engineer", Text: "twilio next_page_token: gtcCjaJ1JQ0D0OfkyXOWIESNspvkztTPKi1p31ve2WE"},
		{Name: "address of version six", Role: "engineer", Text: "tailscale peer 2001:0db8:85a3:0000:0000:8a2e:0370:7334"},
		{Name: "commit far behind a key", Role: "engineer", Text: "the key change is in " + hex40},
		{Name: "credentials by their id", Role: "engineer", Text: "credentialsId: '3f1c9a52-77d0-4c1e-9b0e-5de1f3a0c9d4'"},
		{Name: "package with its version", Role: "engineer", Text: "notes = token io.zxcvbn:jqwt-jk9s0n-0.11.2"},
		{Name: "name of a place in a call", Role: "engineer", Text: `client := acme.NewClient("northlake-eu-west-1-prod")`},
		{Name: "app in a call", Role: "engineer", Text: `Acme.init("3f1c9a52-77d0-4c1e-9b0e-5de1f3a0c9d4")`},
		{Name: "user of an address", Role: "engineer", Text: "git clone https://dana-from-billing@git.acme.io/tools.git"},
		{Name: "machine and its system", Role: "engineer", Text: "10.4.2.19 running Ubuntu22.04-server"},
		{Name: "id of a public client", Role: "engineer", Text: "google client_id=\"1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d\""},
	})
}
