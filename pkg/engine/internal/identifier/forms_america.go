package identifier

const sep = `[ .-]?`

// american are the numbers of North and South America.
var american = []form{
	{id: "us-ssn", title: "US social security number", words: []string{"ssn", "social security", "social is", "social:", "her social", "his social", "my social", "soc sec", "sosh", "ss#", "ss number", "social number", "itin", "taxpayer id"}, shape: `\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|\d{3}\.\d{2}\.\d{4}|\d{9}`, check: ssn, least: 9, most: 9, whole: true, keepLast: 4},
	{id: "us-ssn", title: "US social security number", shape: `\d{3}-\d{2}-\d{4}`, check: ssn, least: 9, most: 9, bare: 0.65, keepLast: 4},
	{id: "us-ssn", title: "US social security number", shape: `\d{3} \d{2} \d{4}|\d{3}\.\d{2}\.\d{4}`, check: ssn, least: 9, most: 9, bare: 0.5, keepLast: 4},
	{id: "us-mbi", title: "US Medicare number", words: []string{"mbi", "medicare"}, shape: `[1-9][AC-HJKMNP-RT-Yac-hjkmnp-rt-y][0-9AC-HJKMNP-RT-Yac-hjkmnp-rt-y]\d-?[AC-HJKMNP-RT-Yac-hjkmnp-rt-y][0-9AC-HJKMNP-RT-Yac-hjkmnp-rt-y]\d-?[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]{2}\d{2}`, least: 11, most: 11, bare: 0.7, keepLast: 2},
	{id: "us-npi", title: "US provider number", words: []string{"npi"}, shape: `[12]\d{3}-?\d{3}-?\d{3}`, check: npi, least: 10, most: 10, whole: true, severity: 1, keepLast: 3},
	{id: "ca-sin", title: "Canadian social insurance number", words: []string{"social insurance", "sin is", "sin:", "sin #", "sin number", "sin no", "sin on", "my sin", "his sin", "her sin", "the sin", "nas:", "nas est", "assurance sociale"}, shape: `\d{3}[ -]?\d{3}[ -]?\d{3}`, check: sin, least: 9, most: 9, whole: true, keepLast: 3},
	{id: "mx-curp", title: "Mexican CURP", words: []string{"curp"}, shape: `[A-Za-z]{4}\d{6}[HMXhmx][A-Za-z]{5}[0-9A-Za-z]\d`, check: curp, least: 18, most: 18, bare: 0.85, keepLast: 2},
	{id: "mx-rfc", title: "Mexican tax number", words: []string{"rfc"}, shape: `[A-ZÑa-zñ&]{3,4}\d{6}[0-9A-Za-z]{3}`, check: rfc, least: 12, most: 13, keepLast: 2},
	{id: "br-cpf", title: "Brazilian CPF", words: []string{"cpf"}, shape: `\d{3}` + sep + `\d{3}` + sep + `\d{3}` + sep + `\d{2}`, check: cpf, least: 11, most: 11, whole: true, keepLast: 2},
	{id: "br-cpf", title: "Brazilian CPF", shape: `\d{3}\.\d{3}\.\d{3}-\d{2}`, check: cpf, least: 11, most: 11, bare: 0.85, keepLast: 2},
	{id: "br-pis", title: "Brazilian PIS or NIS", words: []string{"pis", "pasep", "pis/pasep", "nis"}, shape: `\d{3}\.?\d{5}\.?\d{2}-?\d`, check: brazilianPIS, least: 11, most: 11, keepLast: 2},
	{id: "mx-nss", title: "Mexican social security number", words: []string{"imss", "nss"}, shape: `\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{4}[ -]?\d`, check: luhn, least: 11, most: 11, keepLast: 2},
	{id: "br-cnpj", title: "Brazilian company number", words: []string{"cnpj"}, shape: `\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}`, check: cnpj, least: 14, most: 14, severity: 1, keepLast: 2},
	{id: "ar-cuit", title: "Argentine CUIL or CUIT", words: []string{"cuil", "cuit"}, shape: `(?:20|23|24|27)-?\d{8}-?\d`, check: cuit, least: 11, most: 11, whole: true, keepLast: 1},
	{id: "cl-rut", title: "Chilean RUT", words: []string{"rut", "run"}, shape: `\d{1,2}\.?\d{3}\.?\d{3}-[\dKk]`, check: chileanRUT, least: 8, most: 9, keepLast: 1},
	{id: "co-nit", title: "Colombian cédula", words: []string{"cédula", "cedula de ciudadan"}, shape: `\d{1,3}\.\d{3}\.\d{3}|\d{8,10}`, least: 7, most: 10, keepLast: 2},
}
