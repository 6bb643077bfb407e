package identifier

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChecks uses the published samples of the domain guide and of the authorities, and
// each with one character changed.
func TestChecks(t *testing.T) {
	tests := []struct {
		name  string
		check func([]byte) bool
		good  []string
		bad   []string
	}{
		{"luhn", luhn, []string{"4111111111111111", "378282246310005", "046454286"}, []string{"4111111111111112", "378282246310006", "4111111111111101"}},
		{"aadhaar", aadhaar, []string{"234123412346"}, []string{"234123412347", "134123412346", "243123412346"}},
		{"steuer-id", steuerID, []string{"86095742719", "65929970489"}, []string{"86095742718", "12345678903", "06095742719"}},
		{"nhs", nhs, []string{"9434765919"}, []string{"9434765918", "9434756919"}},
		{"nino", nino, []string{"AB123456C", "LM218235D"}, []string{"BG123456C", "QQ123456C", "AO123456C", "ZZ123456A"}},
		{"ssn", ssn, []string{"372452094", "912703456"}, []string{"000452094", "666452094", "372002094", "372450000", "078051120", "219099999", "912493456"}},
		{"sin", sin, []string{"193456787"}, []string{"046454286", "193456788", "893456787"}},
		{"nir", nir, []string{"255081416802538"}, []string{"255081416802539", "255081416802528"}},
		{"dni", dni, []string{"12345678Z", "X1234567L", "39939784P"}, []string{"12345678A", "X1234567M", "1234567AZ"}},
		{"codice fiscale", codiceFiscale, []string{"RSSMRA85T10A562S", "FRRGLI48M12H501N"}, []string{"RSSMRA85T10A562T", "RSSMRA85T10A526S"}},
		{"bsn", bsn, []string{"111222333"}, []string{"111222334", "011222333"}},
		{"pesel", pesel, []string{"44051401359"}, []string{"44051401358", "44131401359"}},
		{"cpf", cpf, []string{"52998224725"}, []string{"52998224724", "11111111111"}},
		{"tfn", tfn, []string{"123456782"}, []string{"123456783", "000000000"}},
		{"my number", myNumber, []string{"782121581106"}, []string{"782121581107"}},
		{"ahv", ahv, []string{"7569217076985"}, []string{"7569217076984"}},
		{"nric", nric, []string{"S1234567D", "T1234567J", "F1234567N", "G1234567X"}, []string{"S1234567E", "T1234567D"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, s := range test.good {
				require.True(t, test.check([]byte(s)), s)
			}
			for _, s := range test.bad {
				require.False(t, test.check([]byte(s)), s)
			}
		})
	}
}

func TestMod97(t *testing.T) {
	require.Equal(t, 1, mod97([]byte("WEST12345698765432GB82")))
	require.NotEqual(t, 1, mod97([]byte("WEST12345698765432GB83")))
}

func TestCorsica(t *testing.T) {
	number := []byte("18303" + "2A" + "123456" + "00")
	body := []byte("1830319123456")
	key := 97 - mod97(body)
	number[13], number[14] = byte('0'+key/10), byte('0'+key%10)
	require.True(t, nir(number))
}
