package identifier

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestChecksOfTheWorld takes the samples that authorities and python-stdnum print; of
// their neighbors by one digit few may pass: one in eleven where 10 is folded into 0.
func TestChecksOfTheWorld(t *testing.T) {
	for _, tc := range []struct {
		name    string
		check   func([]byte) bool
		samples string
	}{
		{"utr", utr, "1955839661"},
		{"svnr", svnr, "15070649C103"},
		{"kvnr", kvnr, "A123456780"},
		{"belgian", belgianID, "85073003328"},
		{"portuguese", portugueseNIF, "501964843"},
		{"austrian", austrianID, "1237010180"},
		{"pps", pps, "6433435F 6433435OA"},
		{"personnummer", personnummer, "8803200016"},
		{"hetu", hetu, "131052308T"},
		{"norwegian", norwegianID, "15108695088"},
		{"czech", czechID, "7103192745"},
		{"romanian", romanianID, "1630615123457"},
		{"bulgarian", bulgarianID, "7523169263"},
		{"croatian", mod1110, "33392005961"},
		{"greek", greekAFM, "094259216"},
		{"npi", npi, "1234567893"},
		{"aba", aba, "111000025"},
		{"curp", curp, "BOXW310820HNERXN09"},
		{"cnpj", cnpj, "16727230000197"},
		{"cuit", cuit, "20055361682"},
		{"rut", chileanRUT, "125319092"},
		{"chinese", chineseID, "11010519491231002X"},
		{"taiwanese", taiwanID, "A123456789"},
		{"hong kong", hongKongID, "A1234563 G123456A"},
		{"turkish", turkishID, "17291716060"},
		{"south african", southAfricanID, "7503305044089"},
		{"nigerian", nigerianNIN, verhoeffDigit("2341234123")},
		{"medicare", australianMedicare, "2123456701"},
		{"abn", abn, "51824753556"},
		{"acn", acn, "004085616"},
		{"vin", vin, "1M8GDM9AXKP042788"},
		{"philippine", philippineTIN, "000123456"},
		{"thai", thaiID, "1101700230708"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for sample := range strings.FieldsSeq(tc.samples) {
				require.True(t, tc.check([]byte(sample)), sample)
				passed, tried := 0, 0
				for i := range sample {
					for d := byte('0'); d <= '9' && sample[i] <= '9'; d++ {
						if d != sample[i] {
							tried++
							if tc.check([]byte(sample[:i] + string(d) + sample[i+1:])) {
								passed++
							}
						}
					}
				}
				require.LessOrEqual(t, passed*8, tried)
			}
		})
	}
}

// verhoeffDigit is s with its check digit.
func verhoeffDigit(s string) string {
	for d := byte('0'); d <= '9'; d++ {
		if verhoeff([]byte(s + string(d))) {
			return s + string(d)
		}
	}
	return s
}

func TestCalendar(t *testing.T) {
	for _, tc := range []struct {
		name             string
		year, month, day int
		want             bool
	}{
		{"new year", 0, 1, 1, true},
		{"no month", 0, 0, 1, false},
		{"month 13", 0, 13, 1, false},
		{"no day", 0, 1, 0, false},
		{"leap day", 24, 2, 29, true},
		{"no leap day", 23, 2, 29, false},
		{"short month", 23, 4, 31, false},
		{"long month", 23, 5, 31, true},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, calendar(tc.year, tc.month, tc.day)) })
	}
}

// TestEveryForm holds each row to what the code relies on: shapes compile alone, words are
// folded, and a form that counts without a word has a check or a strict shape.
func TestEveryForm(t *testing.T) {
	for i := range forms {
		f := &forms[i]
		t.Run(f.id, func(t *testing.T) {
			_, err := regexp.Compile(f.shape)
			require.NoError(t, err)
			require.True(t, 0 < f.least && f.least <= f.most && f.title != "")
			require.True(t, len(f.words) > 0 || f.bare > 0 || f.whole, "nothing leads to it")
			require.Less(t, f.bare, worded)
			for _, w := range f.words {
				require.Equal(t, strings.ToLower(w), w)
			}
		})
	}
	require.Greater(t, countries(), 30)
}

// countries counts the countries that the forms serve, by the start of their ids.
func countries() int {
	seen := map[string]bool{}
	for i := range forms {
		if id := forms[i].id; id[2] == '-' {
			seen[id[:2]] = true
		}
	}
	return len(seen)
}

func TestBareCodes(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "speaks for itself", Role: "clerk", Text: "who left BOXW310820HNERXN09 on the printer", Rule: "pii.mx-curp", Value: "BOXW310820HNERXN09"},
		{Name: "needs a word", Role: "clerk", Text: "who left 501964843 on the printer"},
		{Name: "with its word", Role: "clerk", Text: "o NIF dele 501964843 ficou na impressora", Rule: "pii.pt-nif"},
		{Name: "pasted alone", Role: "clerk", Text: "  876543210\n", Rule: "pii.au-tfn", Value: "876543210"},
		{Name: "pasted with words", Role: "clerk", Text: "876543210 hits already"},
		{Name: "wrong check digit", Role: "clerk", Text: "54362315A"},
		{Name: "part number", Role: "clerk", Text: "the part is AB123456B, order it"},
		{Name: "in a link", Role: "clerk", Text: "see https://x.example/BOXW310820HNERXN09"},
		{Name: "in a longer code", Role: "clerk", Text: "who left BOXW310820HNERXN09X on the printer"},
		{Name: "plate with a word", Role: "guard", Text: "his number plate is LN14 HGT, watch the gate", Rule: "pii.uk-plate", Value: "LN14 HGT"},
		{Name: "plate without", Role: "guard", Text: "the LN14 HGT thing again"},
		{Name: "chassis", Role: "dealer", Text: "sold her 1M8GDM9AXKP042788 today", Rule: "pii.vin"},
		{Name: "routing number", Role: "teller", Text: "his routing number is 111000025", Rule: "pii.bank-aba"},
		{Name: "account number", Role: "teller", Text: "account number 4471203355 is hers", Rule: "pii.bank-account"},
		{Name: "sort code", Role: "teller", Text: "sort code 20-11-43 account 44712033", Rule: "pii.bank-sort-code"},
		{Name: "licence", Role: "clerk", Text: "her driver's license D4471203 is on the desk", Rule: "pii.us-licence"},
		{Name: "medicare", Role: "clerk", Text: "for 1EG4-TE5-MK73 please", Rule: "pii.us-mbi"},
		{Name: "mixed separators", Role: "clerk", Text: "see 693-09.4444 below"},
		{Name: "a version", Role: "clerk", Text: "v2.10.3-rc1 is out"},
		{Name: "a score", Role: "clerk", Text: "we won 3-2"},
	})
}

func TestNetworkAddresses(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "four bytes with a word", Role: "clerk", Text: "his IP is 81.2.69.142 lol", Rule: "pii.ip-address", Value: "81.2.69.142"},
		{Name: "six", Role: "clerk", Text: "I saw 2a02:8070:a1::5 again", Rule: "pii.ip-address"},
		{Name: "card", Role: "clerk", Text: "her MAC is 0a:23:f5:67:89:ac", Rule: "pii.mac-address"},
		{Name: "this machine", Role: "clerk", Text: "there is no place like ip 127.0.0.1"},
		{Name: "at home", Role: "clerk", Text: "the ip of my printer is 192.168.1.5"},
		{Name: "version", Role: "clerk", Text: "upgrade to 81.2.69.142 now"},
		{Name: "time", Role: "clerk", Text: "at 10:30:15 sharp"},
		{Name: "code", Role: "clerk", Text: "std::cout << 4"},
		{Name: "out of range", Role: "clerk", Text: "ip 81.2.69.342"},
		{Name: "told by the public", Text: "his IP is 81.2.69.142 lol"},
	})
}

func TestWallets(t *testing.T) {
	const rule = "pii.crypto-address"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "base58", Role: "clerk", Text: "pays into 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Rule: rule},
		{Name: "base58, changed", Role: "clerk", Text: "pays into 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"},
		{Name: "bech32", Role: "clerk", Text: "pays into bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", Rule: rule},
		{Name: "bech32, changed", Role: "clerk", Text: "pays into bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"},
		{Name: "ether with a word", Role: "clerk", Text: "her wallet: 0x52908400098527886E0F7030069857D2E4169EE7", Rule: rule},
		{Name: "ether with the capitals of EIP-55", Role: "clerk", Text: "pays into 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", Rule: rule},
		{Name: "ether, one capital changed", Role: "clerk", Text: "her wallet: 0xFB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"},
		{Name: "ether in lower case, without a word", Role: "clerk", Text: "commit 0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"},
		{Name: "a hash", Role: "clerk", Text: "commit 0x52908400098527886E0F7030069857D2E4169EE7"},
		{Name: "donations", Role: "clerk", Text: "donate to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		{Name: "bait of a stranger", Text: "send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
	})
}
