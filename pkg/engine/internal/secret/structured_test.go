package secret

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// token builds a JSON Web Token with a made-up signature.
func token(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + "t420etWxfEh1U_9PaNOYR_hR90xDDc9X"
}

const signed = `{"alg":"HS256","typ":"JWT"}`

func TestSignedToken(t *testing.T) {
	posted := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tests := []struct {
		name, text string
		rule       bool
		severity   int
	}{
		{"no expiry", "Bearer " + token(signed, `{"sub":"crew-1187"}`), true, 4},
		{"still good", token(signed, fmt.Sprintf(`{"sub":"a","exp":%d}`, posted.Unix()+60)), true, 4},
		{"expired", token(signed, fmt.Sprintf(`{"sub":"a","exp":%d}`, posted.Unix()-60)), true, 2},
		{"encoded again", base64.StdEncoding.EncodeToString([]byte(token(signed, `{"sub":"crew-1187"}`))), true, 4},
		{"header without algorithm", token(`{"typ":"JWT"}`, `{"sub":"crew-1187"}`), false, 0},
		{"header that is no JSON", token(`{"alg":HS256!`, `{"sub":"crew-1187"}`), false, 0},
		{"two fields", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjcmV3In0", false, 0},
	}
	runner := parttest.New(New())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			severity := 0
			for _, f := range runner.Run(&earshotv1.Post{Text: "here: " + test.text, CreatedAt: timestamppb.New(posted)}) {
				if f.Rule == "secret.json-web-token" {
					severity = f.Severity
					require.True(t, f.Redact)
				}
			}
			require.Equal(t, test.severity, severity)
		})
	}
}

func TestPrivateKey(t *testing.T) {
	body := strings.Repeat("MIIEow2xPsNaSLIXUV1gp5XSF17ZcjE6q0p4\n", 4)
	pem := func(kind, body string) string {
		return "-----BEGIN " + kind + "-----\n" + body + "-----END " + kind + "-----"
	}
	rsa := "RSA PRIVATE" + " KEY"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "RSA", Text: "why?\n" + pem(rsa, body), Rule: "secret.private-key", Value: pem(rsa, body)},
		{Name: "OpenSSH", Text: pem("OPENSSH PRIVATE"+" KEY", body), Rule: "secret.private-key"},
		{Name: "PKCS 8", Text: pem("PRIVATE"+" KEY", body), Rule: "secret.private-key"},
		{Name: "PGP block", Text: pem("PGP PRIVATE"+" KEY BLOCK", body), Rule: "secret.private-key"},
		{Name: "under a passphrase", Text: pem("ENCRYPTED PRIVATE"+" KEY", body), Rule: "secret.private-key"},
		{Name: "end is missing", Text: "-----BEGIN " + rsa + "-----\n" + body, Rule: "secret.private-key"},
		{Name: "public key", Text: pem("PUBLIC"+" KEY", body)},
		{Name: "certificate", Text: pem("CERTIFICATE", body)},
		{Name: "no body", Text: pem(rsa, "anything\n")},
		{Name: "cut by dots", Text: pem(rsa, "MIIE...\n"+body)},
		{Name: "talk about keys", Text: "never paste your private key----- anywhere"},
		{Name: "public ssh key", Text: "new key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI5LHsQj6TthG9OY5qveLQ+s7V fen@workbench"},
		{Name: "PuTTY", Text: "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 14\n" + body, Rule: "secret.putty-key"},
		{Name: "PuTTY without private part", Text: "PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 6\n" + body},
	})
}

func TestPrivateKeyFloor(t *testing.T) {
	runner := parttest.New(New())
	text := "-----BEGIN PRIVATE" + " KEY-----\n" + strings.Repeat("MIIEow2xPsNaSLIXUV1gp5XSF17ZcjE6q0p4\n", 4)
	require.InDelta(t, 0.85, runner.Insider("engineer", text)[0].Floor, 1e-9)
	require.Zero(t, runner.Public(text)[0].Floor)
}

func TestAWSSecret(t *testing.T) {
	id, secret := "AK"+"IADOUAHDSD7JLB5SPM", "JSNRhDGwDMg3dVHdQeC+r/"+"hX8/NZG8vPCJC3iJBS"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "beside its id", Text: id + " goes in ACCESS_KEY and " + secret + " is the secret", Rule: "secret.aws-secret-access-key", Value: secret},
		{Name: "the id too", Text: id + " goes in ACCESS_KEY and " + secret + " is the secret", Rule: "secret.aws-access-key-id", Value: id},
		{Name: "before its id", Text: secret + " with " + id, Rule: "secret.aws-secret-access-key", Value: secret},
		{Name: "named", Text: "aws_secret_access_key = " + secret, Rule: "secret.aws-secret-access-key", Value: secret},
		{Name: "documentation pair", Text: "AKIAIOSFODNN7" + "EXAMPLE and wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"},
		{Name: "commit hash", Text: "bisected: 9fceb02d0ae598e95dc970b74767f19372d61af8 broke it"},
		{Name: "id masked", Text: "a key starting AKIA**** was echoed"},
		{Name: "inside a word", Text: "TODAYINASIAASACKOFRICEFELLOVER"},
	})
}

func TestConnection(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "postgres", Text: "hangs: postgresql://reporting:vK7mortar-91@10.20.4.17:5432/p", Rule: "secret.connection-string", Value: "vK7mortar-91"},
		{Name: "mongodb+srv", Text: "mongodb+srv://app:Zk39dkQp@cluster0.ab1cd.mongodb.net/test", Rule: "secret.connection-string", Value: "Zk39dkQp"},
		{Name: "redis without user", Text: "redis://:p4ssw0Rd9@cache.prod:6379", Rule: "secret.connection-string", Value: "p4ssw0Rd9"},
		{Name: "key for a user", Text: "curl https://q8Zt0LwP4rXn2VbK9sJd:x@api.acme.io/v1/me", Rule: "secret.connection-key", Value: "q8Zt0LwP4rXn2VbK9sJd"},
		{Name: "key for a user, alone", Text: "git remote add up https://q8Zt0LwP4rXn2VbK9sJd@git.acme.io/x.git", Rule: "secret.connection-key", Value: "q8Zt0LwP4rXn2VbK9sJd"},
		{Name: "mail address for a user", Text: "smtps://alerts@acme.io:vK7mortar-91@smtp.acme.io:465", Rule: "secret.connection-string", Value: "vK7mortar-91"},
		{Name: "basic auth in a link", Text: "https://deploy:8dk2-ss91@git.acme.io/x.git", Rule: "secret.connection-string", Value: "8dk2-ss91"},
		{Name: "localhost", Text: "postgres://dev:devpass1@localhost:5432/dev"},
		{Name: "manual's host", Text: "mysql://root:s3cretpw@db.example.com/x"},
		{Name: "manual's login", Text: "amqp://user:password@rabbit.acme.io"},
		{Name: "user as password", Text: "ftp://guest01:guest01@files.acme.io"},
		{Name: "template", Text: "postgres://app:${DB_PASSWORD}@db.acme.io/x"},
		{Name: "variable", Text: "postgres://app:$PASSWORD@db.acme.io/x"},
		{Name: "link with a port", Text: "see https://acme.io:8443/a@b"},
		{Name: "link with an at sign", Text: "https://mastodon.social/@acme"},
	})
}

func TestCurlUser(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "short option", Text: `curl -u "svc:Gq82nd0sPq" https://api.acme.io`, Rule: "secret.curl-login", Value: "Gq82nd0sPq"},
		{Name: "long option", Text: "curl https://a.io --user c28wlsos:qgsnai0xokrw4j1 --data x", Rule: "secret.curl-login", Value: "qgsnai0xokrw4j1"},
		{Name: "variables", Text: `curl --user "$GITHUB_USERNAME:$GITHUB_PASSWORD" "$URL"`},
		{Name: "no curl", Text: "sudo -u www:data run"},
	})
}

func TestDecodeBase64(t *testing.T) {
	tests := []struct {
		name, in, want string
		ok             bool
	}{
		{"padded", "aGk=", "hi", true},
		{"not padded", "aGk", "hi", true},
		{"for links", "-_8", "\xfb\xff", true},
		{"no base64", "a b", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw, ok := decodeBase64([]byte(test.in))
			require.Equal(t, test.ok, ok)
			require.Equal(t, test.want, string(raw))
		})
	}
}

// TestTokenTellsItsIssuer shows host and expiry of a token, and nothing of a person.
func TestTokenTellsItsIssuer(t *testing.T) {
	runner := parttest.New(New())
	for _, test := range []struct{ name, claims, want string }{
		{"address and expiry", `{"iss":"https://auth.acme.io/realms/staff","exp":1772440200,"sub":"dana.k"}`, " Issued by auth.acme.io. Valid until 2026-03-02 08:30 UTC."},
		{"a service", `{"iss":"billing-service","sub":"dana.k"}`, " Issued by billing-service."},
		{"a person", `{"iss":"Dana K <dana.k@acme.io>"}`, ""},
		{"none", `{"sub":"dana.k"}`, ""},
		{"expiry beyond sense", `{"exp":1e300}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := runner.Public("here: " + token(signed, test.claims))
			require.NotEmpty(t, found)
			require.True(t, strings.HasSuffix(found[0].Why, "in."+test.want), found[0].Why)
			require.NotContains(t, strings.ToLower(found[0].Why), "dana")
		})
	}
}
