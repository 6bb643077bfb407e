package identifier

import (
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// entities are the rules that answer for each entity of the published recognizer cases,
// without "pii."; what is not here is no leak of a person's: dates, links, postal codes
// alone, numbers of companies, practices and registers.
var entities = map[string][]string{
	"ABA_ROUTING_NUMBER": {"bank-aba"}, "AU_MEDICARE": {"au-medicare"}, "AU_TFN": {"au-tfn"}, "CA_SIN": {"ca-sin"}, "CREDIT_CARD": {"card"}, "CRYPTO": {"crypto-address"},
	"DE_FUEHRERSCHEIN": {"de-licence"}, "DE_HEALTH_INSURANCE": {"de-kvnr"}, "DE_ID_CARD": {"de-id-card", "de-passport"}, "DE_KFZ": {"de-plate"}, "DE_PASSPORT": {"de-passport", "de-id-card"},
	"DE_SOCIAL_SECURITY": {"de-svnr"}, "DE_TAX_ID": {"de-tax-id"}, "DE_TAX_NUMBER": {"de-tax-number"}, "EMAIL_ADDRESS": {"email"}, "ES_NIE": {"es-dni"}, "ES_NIF": {"es-dni"},
	"ES_PASSPORT": {"es-passport"}, "FI_PERSONAL_IDENTITY_CODE": {"fi-hetu"}, "IBAN_CODE": {"iban"}, "IN_AADHAAR": {"in-aadhaar"}, "IN_PAN": {"in-pan"}, "IN_PASSPORT": {"in-passport", "passport"},
	"IN_VEHICLE_REGISTRATION": {"in-plate"}, "IN_VOTER": {"in-voter"}, "IP_ADDRESS": {"ip-address"}, "IT_DRIVER_LICENSE": {"it-licence"}, "IT_FISCAL_CODE": {"it-codice-fiscale"},
	"IT_IDENTITY_CARD": {"it-id-card"}, "IT_PASSPORT": {"uk-passport"}, "KR_DRIVER_LICENSE": {"kr-licence"}, "KR_FRN": {"kr-frn"}, "KR_PASSPORT": {"kr-passport", "passport"}, "KR_RRN": {"kr-rrn"},
	"MAC_ADDRESS": {"mac-address"}, "NG_NIN": {"ng-nin"}, "NG_VEHICLE_REGISTRATION": {"ng-plate"}, "PHONE_NUMBER": {"phone"}, "PHONE_NUMBER,PHONE_NUMBER": {"phone"}, "PH_MOBILE_NUMBER": {"phone"},
	"PH_TIN": {"ph-tin"}, "PL_PESEL": {"pl-pesel"}, "SE_PERSONNUMMER": {"se-personnummer"}, "SG_NRIC_FIN": {"sg-nric"}, "TH_TNIN": {"th-id"}, "TR_LICENSE_PLATE": {"tr-plate"}, "TR_NATIONAL_ID": {"tr-id"},
	"TR_PHONE_NUMBER": {"phone"}, "UK_DRIVING_LICENCE": {"uk-licence"}, "UK_NHS": {"uk-nhs"}, "UK_NINO": {"uk-nino"}, "UK_PASSPORT": {"uk-passport", "passport"}, "UK_VEHICLE_REGISTRATION": {"uk-plate"},
	"US_DRIVER_LICENSE": {"us-licence"}, "US_ITIN": {"us-ssn"}, "US_MBI": {"us-mbi"}, "US_NPI": {"us-npi"}, "US_PASSPORT": {"us-passport", "passport"}, "US_SSN": {"us-ssn"}, "ZA_ID_NUMBER": {"za-id"},
}

// TestPublishedRecognizerCases measures the valid and invalid numbers of the published
// recognizers: a valid one must be found by any rule, an invalid one not by its own.
func TestPublishedRecognizerCases(t *testing.T) {
	type tally struct{ hit, valid, alarm, invalid int }
	runner := parttest.New(New())
	by := map[string]*tally{}
	var all tally
	for _, c := range parttest.Rows[struct{ Label, Entity, Text string }](t, "presidio_recognizer_cases/train.jsonl.gz") {
		rules, known := entities[c.Entity]
		if !known {
			continue
		}
		if by[c.Entity] == nil {
			by[c.Entity] = &tally{}
		}
		row, found, own := by[c.Entity], false, false
		for _, f := range runner.Insider("staff", c.Text) {
			found = found || f.Likelihood >= 0.5
			own = own || f.Likelihood >= 0.5 && slices.Contains(rules, strings.TrimPrefix(f.Rule, "pii."))
		}
		if c.Label == "pii" {
			row.valid++
			if found {
				row.hit++
			} else {
				t.Logf("miss %s %q", c.Entity, c.Text)
			}
			continue
		}
		row.invalid++
		if own {
			row.alarm++
			t.Logf("alarm %s %q", c.Entity, c.Text)
		}
	}
	names := make([]string, 0, len(by))
	for name, row := range by {
		names = append(names, name)
		all.hit, all.valid, all.alarm, all.invalid = all.hit+row.hit, all.valid+row.valid, all.alarm+row.alarm, all.invalid+row.invalid
	}
	sort.Strings(names)
	for _, name := range names {
		t.Logf("%s: %d of %d found, %d of %d false", name, by[name].hit, by[name].valid, by[name].alarm, by[name].invalid)
	}
	right := all.hit + all.invalid - all.alarm
	t.Logf("%d of %d right: %d of %d found, %d of %d false", right, all.valid+all.invalid, all.hit, all.valid, all.alarm, all.invalid)
	require.GreaterOrEqual(t, float64(right), 0.93*float64(all.valid+all.invalid))
}
