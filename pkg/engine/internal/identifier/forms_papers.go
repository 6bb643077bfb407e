package identifier

// documents are passports, identity cards and driving licences whose format tells the
// country; they have no check digits, so that a word or a post of nothing else is needed.
var documents = []form{
	{id: "de-passport", title: "German passport", words: []string{"pass-nr", "passnummer", "reisepass"}, shape: `[CFGHJKcfghjk][CFGHJKLMNPRTVWXYZ0-9cfghjklmnprtvwxyz]{7}\d`, check: mixed, least: 9, most: 9, whole: true, keepLast: 2},
	{id: "es-passport", title: "Spanish passport", words: []string{"pasaporte"}, shape: `[A-Za-z]{3}\d{6}`, least: 9, most: 9, whole: true, keepLast: 2},
	{id: "uk-passport", title: "Passport of two letters and seven digits", words: []string{"passport", "passports", "passaporto", "carta d'identità", "identity card"}, shape: `[A-Za-z]{2}\d{7}`, least: 9, most: 9, whole: true, keepLast: 2},
	{id: "kr-passport", title: "Korean passport", words: []string{"여권", "korean passport", "passport"}, shape: `[MSRODmsrod](?:\d{8}|\d{3}[A-Za-z]\d{4})`, least: 9, most: 9, whole: true, keepLast: 2},
	{id: "in-passport", title: "Indian passport", words: []string{"passport"}, shape: `[A-Za-z][1-9]\d{5}[1-9]`, least: 8, most: 8, whole: true, keepLast: 2},
	{id: "us-passport", title: "US passport", words: []string{"passport"}, shape: `[A-Za-z]\d{8}`, least: 9, most: 9, keepLast: 2},
	{id: "it-id-card", title: "Italian identity card", words: []string{"carta d'identità", "carta di identità", "carta identità", "cie"}, shape: `[A-Za-z]{2} ?\d{7}|\d{7}[A-Za-z]{2}|[A-Za-z]{2}\d{5}[A-Za-z]{2}`, least: 9, most: 9, whole: true, keepLast: 2},
	{id: "it-licence", title: "Italian driving licence", words: []string{"patente"}, shape: `[A-Za-z]{2}\d{7}[A-Za-z]|U1[A-Za-z0-9]{7}[A-Za-z]`, check: mixed, least: 10, most: 10, whole: true, keepLast: 2},
	{id: "de-licence", title: "German driving licence", words: []string{"führerschein", "fuehrerschein", "fahrerlaubnis"}, shape: `[A-Za-z]{2}\d{8}[0-9A-Za-z]|[A-Za-z]\d{2}[0-9A-Za-z]{6}\d[0-9A-Za-z]`, check: mixed, least: 11, most: 11, whole: true, keepLast: 2},
	{id: "uk-licence", title: "UK driving licence", words: []string{"driving licence", "licence number", "driver number", "dvla"}, shape: `[A-Za-z9]{5}\d[0156]\d[0-3]\d\d[A-Za-z9]{2}[0-9A-Za-z][A-Za-z]{2}`, least: 16, most: 16, bare: 0.7, keepLast: 3},
	{id: "us-licence", title: "US driver's licence", words: []string{"driver's license", "driver's lic", "drivers lic", "driving license", "drivers license", "driver license", "driver's licence", "license number", "dl#", "dl number", "dl no"}, shape: `[A-Za-z]\d{7,8}|[A-Za-z]\d{3}-?\d{4}-?\d{4}|[A-Za-z]\d{12}|\d{7,9}|[A-Za-z]{2}\d{6}[A-Za-z]?`, least: 7, most: 13, keepLast: 2},
}

// patients are numbers of people in health care; the words lead to them.
var patients = []form{
	{id: "medical-record", title: "Medical record number", words: []string{"mrn", "medical record", "record number", "hospital number", "patient id", "patient number", "patient no", "chart number"}, shape: `[A-Za-z]{0,4}-?\d[\d-]{3,11}`, check: varied, least: 5, most: 16, keepLast: 2},
	{id: "health-plan", title: "Health plan number", words: []string{"member id", "member number", "insurance id", "insurance number", "policy number", "health plan", "beneficiary"}, shape: `[A-Za-z]{0,4}-?\d[\d-]{4,13}`, check: varied, least: 6, most: 18, keepLast: 2},
}

// vehicles are plates, with a word or alone in a post, and chassis numbers.
var vehicles = []form{
	{id: "vin", title: "Vehicle identification number", words: []string{"vin", "chassis"}, shape: `[A-HJ-NPR-Za-hj-npr-z0-9]{17}`, check: vin, least: 17, most: 17, bare: 0.6, severity: 2, keepLast: 4},
	{id: "uk-plate", title: "UK number plate", words: plateWords, shape: `[A-HJ-PR-Ya-hj-pr-y][A-HJ-PR-Ya-hj-pr-y](?:0[2-9]|[1-2]\d|[5-7]\d)[ -]?[A-HJ-PR-Za-hj-pr-z]{3}|[A-HJ-NPR-TV-Ya-hj-npr-tv-y]\d{1,3} [A-Za-z]{3}|[A-Za-z]{3} \d{1,3}[A-HJ-NPR-TV-Ya-hj-npr-tv-y]`, least: 5, most: 7, whole: true, severity: 2},
	{id: "de-plate", title: "German number plate", words: plateWords, shape: `[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[1-9]\d{0,3}[EH]?`, least: 5, most: 10, whole: true, severity: 2},
	{id: "in-plate", title: "Indian number plate", words: plateWords, shape: `[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4}`, least: 8, most: 11, whole: true, severity: 2},
	{id: "ng-plate", title: "Nigerian number plate", words: plateWords, shape: `[A-Z]{3}-?\d{3}[A-Z]{2}`, least: 8, most: 8, whole: true, severity: 2},
	{id: "tr-plate", title: "Turkish number plate", words: plateWords, shape: `(?:0[1-9]|[1-7]\d|8[01]) ?(?:[A-Z] ?\d{2,5}|[A-Z]{2} ?\d{3,4}|[A-Z]{3} ?\d{2,4})`, least: 5, most: 9, whole: true, severity: 2},
	{id: "us-plate", title: "Number plate", words: []string{"license plate", "licence plate", "number plate", "plate number", "plates are", "plate is", "plate", "tag number"}, shape: `[A-Z]{3}[ -]?\d{3,4}|\d{3}[ -]?[A-Z]{3}|\d[A-Z]{3}\d{3}`, least: 6, most: 7, severity: 2},
}

var plateWords = []string{
	"number plate", "license plate", "licence plate", "plate number", "plate is", "car reg", "registration number", "reg number", "registration is", "reg", "rego", "my bike's", "vehicle", "vehicles",
	"kennzeichen", "nummernschild", "plaka", "plakası", "immatriculation", "matrícula", "targa", "kenteken",
}

// accounts are bank accounts but for IBANs, which the digits lead to.
var accounts = []form{
	{id: "bank-aba", title: "US bank routing number", words: []string{"routing", "aba"}, shape: `\d{4}-?\d{4}-?\d`, check: aba, least: 9, most: 9, whole: true, severity: 1, keepLast: 3},
	{id: "bank-account", title: "Bank account number", words: []string{"account number", "acct number", "account no", "acct no", "a/c no", "acct#", "acct", "a/c", "acc no", "acc number", "kontonummer", "numéro de compte", "número de cuenta"}, shape: `\d{8,17}`, check: varied, least: 8, most: 17, severity: 3, keepLast: 3},
	{id: "bank-account", title: "Account beside the code of a branch", words: []string{"sort code", "sort-code", "bsb"}, shape: `\d{8,9}|\d{4} \d{4}`, check: varied, least: 8, most: 9, severity: 3, keepLast: 3},
	{id: "bank-bsb", title: "Australian branch and account", words: []string{"bsb"}, shape: `\d{3}[ -]?\d{3}[ ,;:/&#.'A-Za-z]{1,20}\d[\d ]{4,9}\d`, least: 12, most: 40, severity: 3, keepLast: 3},
	{id: "bank-sort-code", title: "UK sort code and account", words: []string{"sort code", "sort-code", "sort", "sc"}, shape: `\d{2}[ -]?\d{2}[ -]?\d{2}[ ,;:/&#.'A-Za-z]{1,30}\d{4} ?\d{4}|\d{8}[ ,;:/&#.'A-Za-z]{1,20}\d{2}[ -]?\d{2}[ -]?\d{2}`, least: 14, most: 44, severity: 3, keepLast: 2},
}
