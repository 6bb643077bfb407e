package secret

import (
	"encoding/base64"
	"math/rand/v2"
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func spanOf(s string) detect.Span { return detect.Span{Start: 0, End: len(s)} }

func encoded64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestBasicLogin(t *testing.T) {
	good := encoded64("svc-report:Gq82nd0sPq")
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "header", Text: "curl -H 'Authorization: Basic " + good + "' https://api.acme.io", Rule: "secret.basic-login", Value: good},
		{Name: "key without password", Text: "Authorization: Basic " + encoded64("browserkey:"), Rule: "secret.basic-login"},
		{Name: "a manual's login", Text: "Authorization: Basic " + encoded64("admin:password")},
		{Name: "to be filled in", Text: "Authorization: Basic <base64 of user:password>"},
		{Name: "no pair", Text: "the basic dGhlcmUgaXMgbm8gY29sb24 rules"},
		{Name: "talk", Text: "basic instructions: read the manual"},
	})
}

func TestAuthorization(t *testing.T) {
	key := chosen(rand.New(rand.NewPCG(2, 2)), base62, 36)
	const rule = "secret.authorization-header"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "no scheme", Text: "-H 'Authorization: " + key + "'", Rule: rule, Value: key},
		{Name: "own scheme", Text: `"Authorization": "GenieKey ` + key + `"`, Rule: rule, Value: key},
		{Name: "token and equals", Text: "Authorization: Token token=" + key, Rule: rule, Value: key},
		{Name: "a variable", Text: "Authorization: Bearer $ACCESS_TOKEN_OF_1A2B"},
		{Name: "talk", Text: "authorization: required-before-travel2024"},
	})
}

func TestWebKey(t *testing.T) {
	d := chosen(rand.New(rand.NewPCG(3, 2)), base62+"-_", 43)
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "private part", Text: `{"kty":"EC","crv":"P-256","x":"abc","d":"` + d + `"}`, Rule: "secret.json-web-key", Value: d},
		{Name: "symmetric, other order", Text: `{"k": "` + d + `", "kty": "oct"}`, Rule: "secret.json-web-key", Value: d},
		{Name: "public part only", Text: `{"kty":"EC","x":"` + d + `","y":"` + d + `"}`},
	})
}

func TestClusterSecret(t *testing.T) {
	value := encoded64("admin:Gq82nd0sPq")
	const head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: pull\n"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "data", Text: head + "data:\n  extra: " + value, Rule: "secret.cluster-secret", Value: value},
		{Name: "quoted, other order", Text: "data:\n  extra: \"" + value + "\"\nkind: \"Secret\"\n", Rule: "secret.cluster-secret", Value: value},
		{Name: "a block", Text: head + "data:\n  .dockercfg: >\n    " + value, Rule: "secret.cluster-secret", Value: value},
		{Name: "no data", Text: head + "type: Opaque\n"},
		{Name: "too short", Text: head + "data:\n  extra: YmFyCg==\n"},
		{Name: "another kind", Text: "kind: ConfigMap\ndata:\n  extra: " + value},
	})
}

func TestKeyInThePlaceOfTheUser(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "no password", Text: `curl -u "d7LkV78zLxq8Tt2w:" https://acme.io:9200`, Rule: "secret.curl-login", Value: "d7LkV78zLxq8Tt2w"},
		{Name: "a name", Text: `curl -u "administrator:" https://acme.io:9200`},
		{Name: "nothing", Text: `curl -u ":" https://acme.io:9200`},
	})
}
