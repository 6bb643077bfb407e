package identifier

import "regexp"

var (
	phoneWords = []string{
		"call", "calls", "ring", "text", "phone", "phones", "mobile", "cell", "tel", "telephone", "fax", "whatsapp", "signal", "number", "dial", "reach", "office", "sms",
		"telefon", "handy", "anrufen", "nummer", "téléphone", "tél", "appelez", "portable", "teléfono", "móvil", "llama", "telefone", "telemóvel", "ligue", "cellulare",
		"telefono", "telefoon", "bel", "電話", "携帯", "her number", "his number", "número", "numéro", "番号", "digits", "telepono", "mobil", "gsm", "cep", "numara", "numero", "celular", "fon",
		"landline", "fijo", "llamar", "llamadle", "llamadla", "llámale", "llámala", "llámame", "festnetz", "rufnummer", "anruf", "ruft", "ligne fixe", "le fixe", "appelle", "appeler", "rappeler", "fisso", "chiamate", "chiamare", "chiamami",
		"chiamatelo", "chiamatela", "fixo", "ligar", "liguem", "bellen", "belt u", "belt hem", "belt haar", "puhelin", "handynummer", "telefonnummer", "mobilnummer", "ruf mich", "rufen", "telefoonnummer", "wasap", "whats", "zap", "viber", "liga-me", "me liga", "liguem-me", "erreichbar", "mob", "contact no", "ph no", "hit me up", "a bell", "a buzz", "buzz me", "a shout", "contact me", "speak to me", "телефон", "звоните", "τηλ", "전화", "手机", "电话", "फोन", "फ़ोन", "कॉल", "मोबाइल", "โทร", "điện thoại", "هاتف", "اتصل",
	}
	freeStarts  = []string{"0800", "0808", "1800", "1888", "1877", "1866", "1855", "1844", "1833", "800", "888", "877", "866", "855", "0300", "0345", "0900"}
	famousLines = map[string]bool{"8675309": true, "5555555555": true, "1234567890": true, "0123456789": true}
)

// publicLines are called by everybody; privateLines are words for somebody's own, ownLines
// those that say it even beside an event.
var (
	publicLines = []string{
		"hotline", "helpline", "customer service", "customer services", "customer care", "switchboard", "reception", "main line", "support line", "payroll line", "hr line", "call the store", "ring the store", "call the shop", "ring the shop", "store number", "shop number", "branch number", "the store on", "the shop on", "the branch on", "the clinic on", "press office", "opening hours", "on hold", "your number", "your store", "your stores", "your shop", "office line", "engaged", "careers line", "recruitment line", "line is open", "lines are open", "the council on", "the police on", "the surgery on", "the gp on", "the bank on", "the school on", "the office on", "the hospital on", "your fax", "your line", "your lines", "the number on", "on your site", "on your website", "on the site", "on the website",
		"nobody picks up", "no one picks up", "nobody answers", "no one answers", "rings out", "ringing out", "engaged tone", "automated", "call centre", "call center",
		"kundenservice", "servicenummer", "zentrale", "service client", "numéro vert", "standard", "atención al cliente", "centralita", "servizio clienti", "numero verde", "centralino", "klantenservice", "apoio ao cliente", "central de atendimento", "infolinia", "代表番号",
	}
	privateLines = []string{
		"personal", "private", "own", "home", "mobile", "cell", "his", "her", "my", "call me", "ring me", "text me", "phone me", "reach me", "me on", "me at", "call us", "ring us", "privat", "handy", "perso", "portable", "móvil", "celular", "privado", "cellulare", "privato", "mobiel", "privé", "telemóvel", "pessoal", "携帯",
	}
	ownLines = []string{"personal mobile", "personal number", "personal cell", "private number", "private mobile", "own mobile", "own number", "home number", "home phone", "privatnummer", "private handynummer", "numéro perso", "número personal", "numero privato", "privénummer", "número pessoal"}
)

// callers stand before the number of somebody who called, fraud is what they tried.
var (
	callers = regexp.MustCompile(`\b(?:(?:from|by)(?: this| the)?(?: number)?:?|scam(?: call| text)?:) \z`)
	fraud   = []string{"scam", "scams", "scammer", "scammers", "spam", "fraud", "fraudsters", "phishing", "smishing", "cold call", "cold calls", "cold calling", "pretending to be", "claiming to be", "betrug", "estafa", "arnaque", "truffa", "oplichting", "golpe"}
)

// tales are where the numbers of a story stand.
var tales = []string{"in the show", "on the show", "in the film", "in the movie", "in the song", "in the book", "in the episode", "the lyrics", "in dem film", "en la película", "dans le film"}

// countedThings have numbers that look like those of telephones.
var countedThings = []string{
	"tracking", "order", "parcel", "imei", "isbn", "case number", "reason number", "confirmation number", "ticket number", "reference number", "booking number", "serial", "meter reading", "meter number", "barcode",
	"part no", "item no", "item number", "bag tag", "baggage tag", "luggage tag", "tag number", "batch number", "lot number", "part number", "model number",
}

// callWords say closer than phoneWords that a number is to be called.
var callWords = []string{
	"call", "call me", "phone", "mobile", "cell", "tel", "telephone", "fax", "whatsapp", "text", "ring", "dial", "sms", "office", "telefon", "handy", "anrufen", "téléphone", "tél", "appelez", "portable",
	"teléfono", "móvil", "telefone", "telemóvel", "ligue", "cellulare", "telefono", "telefoon", "電話", "携帯", "her number", "his number", "my number", "number is", "new number", "number:", "nummer", "número", "numéro", "番号", "digits", "hit me up", "a bell", "buzz me", "telepono", "gsm", "cep", "전화", "телефон", "手机", "电话", "मोबाइल", "कॉल",
}

// phoneLabels stand right before a number, as in a form.
var phoneLabels = []string{"phone: ", "tel: ", "tel.: ", "mobile: ", "cell: ", "fax: ", "telephone: ", "phone number: ", "telefon: ", "handy: ", "teléfono: ", "tél: "}
