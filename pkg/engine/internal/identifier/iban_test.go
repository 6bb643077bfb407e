package identifier

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// ibanOf builds an account of a country with random digits and letters where they belong,
// and its check digits.
func ibanOf(random *rand.Rand, country string) string {
	var body []byte
	eachField(ibanForms[country], func(n int, kind byte) bool {
		for range n {
			c := byte('0' + random.IntN(10))
			if kind == 'a' {
				c = byte('A' + random.IntN(26))
			}
			body = append(body, c)
		}
		return true
	})
	check := 98 - mod97([]byte(string(body)+country+"00"))
	return country + string([]byte{byte('0' + check/10), byte('0' + check%10)}) + string(body)
}

// TestAccountsHaveTheirForm swaps digits for letters where a country has no letters.
func TestAccountsHaveTheirForm(t *testing.T) {
	for name, tc := range map[string]struct {
		iban string
		want bool
	}{
		"digits": {"DE89370400440532013000", true}, "letter among digits": {"DE8937040044053201300A", false}, "letters first": {"GB82WEST12345698765432", true},
		"digit among letters": {"GB82WES112345698765432", false}, "either": {"FR1420041010050500013M02606", true}, "letter in the key": {"FR1420041010050500013M0260A", false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tc.want, formed([]byte(tc.iban))) })
	}
}

// TestEveryCountrysAccount finds a drawn account of each country in a sentence, in one
// piece and in groups of four.
func TestEveryCountrysAccount(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	runner := parttest.New(New())
	for country := range ibanLengths {
		t.Run(country, func(t *testing.T) {
			account := ibanOf(random, country)
			require.Equal(t, []string{"pii.iban"}, rulesOf(runner.Public("pay to "+account+", thanks")), account)
			require.Contains(t, rulesOf(runner.Public("pay to "+inGroups(account, 4)+", thanks")), "pii.iban", account)
			require.NotContains(t, rulesOf(runner.Public("pay to "+account[:len(account)-1]+" now")), "pii.iban", "cut: %s", account)
			require.NotContains(t, rulesOf(runner.Public("pay to X"+account+" now")), "pii.iban", "inside a word: %s", account)
		})
	}
}

func inGroups(s string, n int) string {
	var groups []string
	for len(s) > n {
		groups, s = append(groups, s[:n]), s[n:]
	}
	return strings.Join(append(groups, s), " ")
}
