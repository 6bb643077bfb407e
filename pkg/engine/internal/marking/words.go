package marking

// marks are markings that stand on documents and are seldom said otherwise, folded.
//
//nolint:misspell // several languages
var marks = []string{
	"internal use only", "for internal use", "internal only", "internal use", "internal distribution", "company internal", "internal document", "for internal distribution", "internal circulation", "internal memo only", "staff only", "employees only",
	"not for distribution", "not for further distribution", "not for redistribution", "do not distribute", "do not forward", "do not share", "do not circulate", "do not copy", "do not reproduce", "do not disclose", "do not publish", "do not release",
	"company confidential", "strictly confidential", "highly confidential", "commercial confidential", "business confidential", "client confidential", "commercial-in-confidence", "commercial in confidence", "confidential information", "confidential draft", "confidential - ",
	"strictly private", "private and confidential", "private & confidential", "personal and confidential", "board only", "board confidential", "eyes only", "executive committee only", "leadership only", "management only", "deal team only", "restricted circulation", "limited distribution", "restricted distribution",
	"commercially sensitive", "market sensitive", "price sensitive", "inside information", "material non-public", "material nonpublic", "attorney-client privileged", "attorney client privileged", "attorney-client privilege", "attorney work product", "work product", "legally privileged", "legal privilege",
	"privileged and confidential", "privileged & confidential", "prepared at the request of counsel", "prepared in anticipation of litigation", "without prejudice", "subject to nda", "under nda", "nda required", "covered by nda", "embargoed until", "under embargo until", "embargo until", "strictly embargoed",
	"not for public release", "not for publication", "not for onward", "onward circulation", "not for circulation", "not for external", "external distribution", "not for release", "not for public", "not for stores", "named recipients only", "intended recipients only", "need-to-know", "need to know basis", "trade secret", "company proprietary", "proprietary and confidential", "confidential and proprietary",
	"not for customers", "not for clients", "not customer-facing", "not customer facing", "colleagues only", "team members only", "store teams only", "not for onward sharing", "do not screenshot", "do not repost", "keep internal", "not for external use", "not to be shared", "not to leave the building",
	"official-sensitive", "official sensitive", "for official use only", "law enforcement sensitive", "controlled unclassified", "classified by", "cosmic top secret", "nato restricted", "nato confidential", "restreint ue", "eu restricted", "cui//", "//noforn", "secret//", "itar controlled", "export controlled",
	"nur für den internen gebrauch", "nur fuer den internen gebrauch", "nur für internen gebrauch", "nur zum internen gebrauch", "nur für interne zwecke", "nur für den dienstgebrauch", "nur intern", "vs-nfd", "streng vertraulich", "vertrauliche information", "nicht zur weitergabe", "weitergabe nicht gestattet", "nicht weiterleiten", "nicht zur veröffentlichung", "nicht für externe", "nicht für den externen gebrauch", "nicht für kunden", "nicht teilen", "firmengeheim", "betriebsgeheimnis", "geschäftsgeheimnis", "sperrfrist",
	"diffusion restreinte", "usage interne", "à usage interne", "document interne", "strictement confidentiel", "ne pas diffuser", "ne pas transférer", "ne pas communiquer", "document confidentiel", "diffusion interdite", "pas de diffusion externe", "usage externe interdit", "ne pas partager", "ne pas communiquer aux clients", "réservé à un usage interne", "secret des affaires", "sous embargo jusqu",
	"uso interno", "solo uso interno", "de uso interno", "estrictamente confidencial", "documento confidencial", "información confidencial", "no distribuir", "no difundir", "prohibida su difusión", "prohibida su distribución", "no divulgar", "no compartir", "no apto para clientes", "no para clientes", "prohibido compartir", "secreto comercial", "uso restringido", "confidencial y", "embargado hasta",
	"uso exclusivamente interno", "uso exclusivo interno", "apenas para uso interno", "somente uso interno", "estritamente confidencial", "informação confidencial", "não distribuir", "não divulgar", "não compartilhar", "não repassar", "não para clientes", "segredo comercial",
	"strettamente riservato", "strettamente confidenziale", "riservato e confidenziale", "solo per uso interno", "ad uso interno", "non divulgare", "non diffondere", "non condividere", "non inoltrare", "non per uso esterno", "documento riservato", "segreto industriale",
	"strikt vertrouwelijk", "alleen voor intern gebruik", "uitsluitend voor intern gebruik", "voor intern gebruik", "intern gebruik", "niet verspreiden", "niet doorsturen", "niet delen", "niet voor extern gebruik", "niet voor klanten", "bedrijfsgeheim", "bedrijfsvertrouwelijk",
	"ściśle poufne", "poufne", "do użytku wewnętrznego", "tylko do użytku wewnętrznego", "tajemnica przedsiębiorstwa", "strängt konfidentiellt", "endast för internt bruk", "kun til intern brug", "strengt fortrolig", "kun til intern bruk", "luottamuksellinen", "vain sisäiseen käyttöön",
	"для служебного пользования", "строго конфиденциально", "конфиденциально", "коммерческая тайна", "не для распространения", "цілком таємно", "gizlidir", "hizmete özel", "şirket içi", "سري للغاية", "سري", "للاستخدام الداخلي",
	"社外秘", "部外秘", "関係者限り", "関係者外秘", "取扱注意", "極秘", "マル秘", "機密", "厳秘", "転送禁止", "持出禁止", "持ち出し禁止", "社内限定", "社内限り", "机密", "绝密", "内部资料", "内部文件", "仅供内部使用", "注意保密", "商业秘密", "機密文件", "僅供內部", "대외비", "사내용", "기밀",
}

// looseMarks are also everyday words: they count in capitals, or quoted below a header.
//
//nolint:misspell // several languages
var looseMarks = []string{
	"confidential", "proprietary", "restricted", "classified", "privileged", "embargoed", "sensitive", "top secret", "noforn", "draft - ", "internal.", "internal:", "for official use",
	"vertraulich", "geheim", "confidentiel", "secret", "confidencial", "reservado", "confidenziale", "riservato", "vertrouwelijk", "geheim", "konfidentiellt", "fortrolig",
}

// everyday are loose marks that people also write in capitals to shout.
var everyday = map[string]bool{
	"secret": true, "sensitive": true, "classified": true, "restricted": true, "privileged": true, "geheim": true, "reservado": true, "riservato": true, "embargoed": true,
	"top secret": true, "draft - ": true, "internal.": true, "internal:": true,
}

// pleas ask to keep what is marked.
var pleas = []string{"this is", "please don't", "don't repost", "don't share", "do not repost", "so don't", "bitte nicht", "ne partagez pas", "no compartas", "não compartilhe", "non condividere", "niet delen"}

// defiances go before what is told although it is marked; silences tell that nothing is.
var (
	defiances = []string{"but", "anyway", "oh well", "here it is", "here you go", "here goes", "whatever", "posting", "aber", "egal", "trotzdem", "mais", "tant pis", "pero", "igual", "mas", "ma", "tanto", "maar", "toch", "けど", "でも"}
	silences  = []string{"can't", "cannot", "won't", "no comment", "wait", "nothing", "kann nichts", "rien", "nada", "niente", "niks", "so i", "who knows", "watch this space"}
)

// headers are where a marking stands; beside one, the words are those of a document.
//
//nolint:misspell // several languages
var headers = []string{
	"header", "heading", "slide", "deck", "cover", "cover page", "cover sheet", "page", "stamp", "stamped", "watermark", "watermarked", "marked", "labelled", "labeled", "banner", "memo", "subject line", "letterhead", "pdf", "document", "documents", "title page", "folder", "binder", "printout", "paragraph", "it literally says", "in red letters", "in bold", "plan", "planner", "doc", "file", "title", "the top of", "rota", "spreadsheet", "report", "pack", "across the top", "top of each", "top of every", "every page", "in alto", "in cima", "bovenaan", "en lo alto", "en rouge", "in rot", "in rood", "in rosso", "betreff", "asunto", "objet", "oggetto", "onderwerp",
	"deckblatt", "folie", "präsentation", "kopfzeile", "stempel", "dokument", "unterlagen", "aktenvermerk", "page de garde", "couverture", "note", "en-tête", "dossier", "tampon", "diapo", "le document", "portada", "cabecera", "sello", "el documento", "diapositiva", "capa", "cabeçalho", "carimbo", "o documento", "copertina", "intestazione", "timbro", "il documento", "voorblad", "koptekst", "stempel", "het document",
	"表紙", "資料", "文書", "書類", "スライド", "ヘッダー", "头条", "文件", "封面", "표지", "문서",
}

// harmless words tell that a marking only sounds so.
//
//nolint:misspell // several languages
var harmless = []string{
	"recipe", "footer", "disclaimer", "signature", "mail server", "helpline", "joke", "joking", "movie", "film", "popcorn", "episode", "series", "novel", "trailer", "la confidential", "court", "judge", "unseals", "sauce", "ingredient",
	"unsealed", "lawsuit", "filing shows", "foia", "declassified", "honey", "means", "mean", "hotline", "glossary", "training", "course", "workshop", "webinar", "lesson", "in today's class", "fridge", "kettle", "yoghurt", "yogurt", "sandwich", "leftovers", "lunch", "menus", "biscuit", "biscuits", "shortbread", "toilet", "on the door", "door sign", "car park", "drinks", "envelope", "junk mail", "how to mark", "explained", "what does", "tip", "diary", "museum", "on display", "anonymous",
	"confidentiality notice", "every mail", "every email", "grandma", "grandmother", "my crush", "surprise party", "birthday", "training tip", "policy says", "classification levels", "our policy", "iso 27001",
	"rezept", "schulung", "film", "recette", "formation", "receta", "película", "curso", "receita", "filme", "ricetta", "corso", "recept", "cursus", "研修", "映画", "レシピ", "意味",
}
