package secret

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestAssignment(t *testing.T) {
	tests := []struct {
		name, text string // the name ends at the first "|", which is taken out
		want       string
		sign       bool
	}{
		{"equals", "key|=abc", "abc", true},
		{"rest of the name", "api|_KEY = abc", "abc", true},
		{"colon and quotes", `"token|": "abc def"`, "abc def", true},
		{"hash rocket", `'token|' => 'abc'`, "abc", true},
		{"walrus", "token| := `abc`", "abc", true},
		{"element", "<token|>\n  abc\n</token>", "abc", true},
		{"call", `set("X_TOKEN|", "abc")`, "abc", true},
		{"typed", `var token| string = "abc"`, "abc", true},
		{"copula", "password| is abc, so", "abc", false},
		{"two copulas", "password| is now abc.", "abc", false},
		{"only a blank", "password| abc", "abc", false},
		{"nothing", "token|", "", false},
		{"end of text behind the operator", "token|=", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before, after, _ := cut(test.text)
			v, ok := assignment([]byte(before+after), len(before))
			require.Equal(t, test.want != "", ok)
			if ok {
				require.Equal(t, test.want, (before + after)[v.Start:v.End])
				require.Equal(t, test.sign, v.sign)
			}
		})
	}
}

func cut(s string) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == '|' {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func TestGenericAssignment(t *testing.T) {
	const random = "Zf3D0LXCM3EIMb" + "gJpUNnkRtOfOueHznB"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "token in code", Text: `String genericToken = "` + random + `";`, Rule: "secret.generic-assignment", Value: random},
		{Name: "exported", Text: "export ACME_API_KEY=" + random, Rule: "secret.generic-assignment", Value: random},
		{Name: "in a sentence", Text: "the api key is " + random + ", don't lose it", Rule: "secret.generic-assignment", Value: random},
		{Name: "header", Text: "curl -H 'Authorization: Bearer " + random + "'", Rule: "secret.authorization-header", Value: random},
		{Name: "hexadecimal", Text: "secret: 1ba2c0fa31210ebfd15fe9fab2c9c2a1", Rule: "secret.generic-assignment"},
		{Name: "public key", Text: "public_key = " + random},
		{Name: "foreign key", Text: "foreignKey=" + random},
		{Name: "address of a token", Text: "access_token_url='https://github.com/login/oauth/access_token1'"},
		{Name: "name of a vault", Text: `"key_vault_name": "web21prqodx24021"`},
		{Name: "constant", Text: "keyPressed = kVK_Return.u16"},
		{Name: "template", Text: "THIMBLE_API_KEY=<your-key-here>"},
		{Name: "words", Text: "key: structure-can-be-combined"},
		{Name: "keyboard", Text: "keyboard: " + random},
		{Name: "hash of a file", Text: "sha256 of the tarball is 848e2ed88fba213b961f4a313656a6c44899d70c0c006828fdbce17e23da40fc"},
		{Name: "order number", Text: "Order 3f1c9a52-77d0-4c1e-9b0e-5de1f3a0c9d4 arrived early"},
		{Name: "talk", Text: "Sport is the key to a healthy life: 30 minutes a day"},
	})
}

// TestProviderBeforeGeneric keeps a provider's token from being told twice.
func TestProviderBeforeGeneric(t *testing.T) {
	rules := rulesIn(parttest.New(New()).Public("github_token = gh" + "p_ovj4ax3e3l0t9kwqg4hlj99yy3dv18urpt4o"))
	require.Equal(t, []string{"secret.github-token"}, rules)
}

func FuzzVerify(f *testing.F) {
	f.Add("password is now \xff\xfe é")
	f.Add("AKIA key=\"' token,((( ://a:b@c eyJ.eyJ. -----BEGIN PRIVATE KEY-----")
	runner := parttest.New(New())
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range runner.Insider("engineer", text) {
			require.Less(t, found.Spans[0].Start, found.Spans[0].End)
			require.True(t, found.Likelihood > 0 && found.Likelihood <= 1)
		}
	})
}
