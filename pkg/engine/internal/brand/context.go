package brand

// Words that speak for a company of an industry where a name could mean something else.
// They are of our own writing; each is one weak clue (domain guide 2.2 b).
var everyIndustry = []string{
	"customer", "customers", "customer service", "support", "refund", "refunded", "company", "ceo", "cfo", "employee", "employees", "app",
	"website", "login", "log in", "logged", "account", "accounts", "subscription", "order", "orders", "ordered", "delivery", "delivered", "store",
	"branch", "hotline", "helpline", "call centre", "call center", "shares", "stock", "earnings", "press release", "brand", "invoice",
	"cancelled my", "canceled my", "my bill", "phishing", "outage", "down again", "not working", "status page", "job offer", "recruiter",
	"kunde", "kunden", "konto", "filiale", "cliente", "clientes", "cuenta", "client", "compte", "conta", "conto", "klant", "rekening", //nolint:misspell // Spanish
}

var industries = map[string][]string{
	"finance": {
		"bank", "banking", "loan", "mortgage", "card", "credit", "debit", "money", "savings", "transfer", "payment", "iban", "atm",
		"overdraft", "fees", "fee", "interest", "invest", "investing", "fund", "portfolio", "advisor", "adviser", "broker", "banco", "banque", "banca",
	},
	"healthcare": {
		"hospital", "hospitals", "clinic", "doctor", "doctors", "nurse", "nurses", "patient", "patients", "ward", "appointment", "surgery",
		"waiting room", "klinik", "krankenhaus", "arzt", "médico", "médecin",
	},
	"airline": {
		"flight", "flights", "fly", "flew", "flying", "plane", "airport", "gate", "boarding", "luggage", "baggage", "bag", "bags", "crew", "pilot",
		"seat", "delay", "delayed", "cabin", "vuelo", "vol", "flug", "voo", "volo", "vlucht", "miles", "check-in", "landed",
	},
	"auto": {
		"car", "cars", "drive", "driving", "engine", "brake", "brakes", "dealer", "dealership", "recall", "battery", "ev", "charging", "steering", "auto", "coche",
		"voiture", "carro", "model",
	},
	"saas":     {"api", "dashboard", "integration", "cloud", "server", "servers", "deploy", "status page", "pricing", "plan", "license", "software", "data", "incident"},
	"pharma":   {"drug", "dose", "tablet", "tablets", "pill", "pills", "side effect", "side effects", "trial", "prescription", "medicine", "fda", "ema", "doctor", "injection"},
	"gambling": {"bet", "bets", "betting", "odds", "casino", "slots", "spins", "bonus", "withdraw", "withdrawal", "wager", "jackpot", "payout", "deposit"},
	"food":     {"snack", "flavour", "flavor", "recipe", "ingredients", "taste", "tastes", "packet", "allergy", "mould", "mold", "basket", "groceries", "supermarket", "slot", "driver"},
	"retail":   {"shop", "shopping", "checkout", "return", "returns", "dress", "shoes", "size", "basket", "sale", "discount", "voucher", "till", "parcel"},
	"alcohol":  {"gin", "vodka", "whisky", "whiskey", "rum", "bottle", "bottles", "drink", "cocktail", "spirits", "bar", "distillery"},
	"energy":   {"electricity", "gas", "power", "meter", "tariff", "kwh", "solar", "wind", "grid", "supplier", "outage", "heating"},
	"telecom":  {"signal", "network", "data", "roaming", "sim", "esim", "phone", "broadband", "coverage", "4g", "5g", "contract", "mast", "minutes"},
}
