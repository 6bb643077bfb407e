package language

import "strings"

// language is a place in codes.
type language uint8

const (
	english language = iota
	german
	french
	spanish
	portuguese
	italian
	dutch
	polish
	swedish
	danish
	norwegian
	finnish
	turkish
	romanian
	czech
	indonesian
	hindi
	russian
	ukrainian
	bulgarian
	persian
	urdu
	languageCount
)

var codes = [languageCount]string{"en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "no", "fi", "tr", "ro", "cs", "id", "hi", "ru", "uk", "bg", "fa", "ur"}

// latin and cyrillicNames are the languages told by their words.
var (
	latin = []language{
		english, german, french, spanish, portuguese, italian, dutch, polish, swedish, danish, norwegian, finnish, turkish, romanian, czech, indonesian, hindi,
	}
	cyrillicNames = []language{russian, ukrainian, bulgarian}
)

// use is what a word or a letter says for a language: 1 shared by all that have it.
type use struct {
	language language
	weight   float64
}

// smallWords are the words that sentences are built with, and what people write for them
// in posts. Of our own writing.
//
//nolint:misspell // several languages
var smallWords = [languageCount]string{
	english: `the and you that was for are with his they this have from not but what all were when your can said there use each which she how their will
		other about out many then them these some her would make like him into time has look more go see no way could people my than first been who its now find
		i'm it's don't can't that's you're i've didn't doesn't isn't won't just get got got don dont im u ur lol really because very still never why where
		am is if or we do so up did day good great today going think know want our it he be by i of to in on at as much too only again back over after
		off even tomorrow night here does being love best last new one two down may us had happy watch thing every`,
	german: `der die das und ist nicht ich ein eine zu den mit sich auf für dem es auch als an werden aus er hat dass sie nach wird bei einer um am sind noch wie
		einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei hatte kann gegen vom können schon wenn habe seine mein meine
		ihr ihre euch uns wir mir mich dich dir du bin bist mal heute jetzt immer wieder doch gibt ja nein sehr gut kein keine dann da warum weil was wer denn
		alles viel morgen hier muss will ihm ihn im von guten alle eure wo ob nix halt nichts hab`,
	french: `le la les des et est un une du en que qui dans pour pas sur ce il au avec plus ne se par je tu nous vous ils elle mais ou où son sa ses leur tout
		fait être sont cette ces aux même c'est j'ai qu'il n'est d'un d'une l'on très bien aussi comme donc quand mon ma mes ton ta tes moi toi lui si
		on ça va été avoir faire trop encore jamais rien merci suis ai es as ont sans sous après avant chez entre ya y'a quoi pourquoi toujours peut
		deux jour vie faut fais vais était j'aime t'es jsuis alors bonne bon`,
	spanish: `el la los las de que y en un una es no se por con para su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me
		hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro del si mi tu te
		está estoy son era fue ha he hoy ahora bien nada siempre gracias así tan hacer hace tengo tiene va voy ser soy eres mejor día buenos buenas mis cada
		quiero ver jaja jajaja q xq mucho alguien usted ustedes nunca solo sólo aunque después están estás hola vida`,
	portuguese: `o a os as de que e do da em um uma para com não no na se por mais dos das como mas foi ao ele ela seu sua ou ser quando muito há nos já está eu
		também só pelo pela até isso entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas meu às minha têm
		numa pelos vc pra pro tá tô vou vai tem tudo nada sempre nunca hoje agora bem bom boa obrigado obrigada amo gente cara q ne né te ti mim fazer quero
		dia são aqui porque ainda deus estou sou é meus minhas kkkk kkk hj mto todo toda todos cada pq ver`,
	italian: `il lo la i gli le di che e è a in un una per non con si del della dei delle da al alla sono come ma anche più ha se questo questa o mi ti ci
		nel nella sul sulla dal dalla io tu lui lei noi voi loro mio mia tuo suo sua ho hai abbiamo hanno essere fare tutto tutti molto sempre mai oggi ora
		perché quando chi cosa dove bene grazie così solo ancora poi già senza quello quella fa sei era stato c'è dopo ai agli ne ogni dell' all' l' un' po
		vuole governo buongiorno proprio niente nulla stasera domani quindi però qui degli`,
	dutch: `de het een en van ik te dat die in is niet zijn op aan met voor er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij
		uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan
		hun dus alles onder ja eens hier wie werd altijd wordt kunnen ons zelf tegen na reeds wil kon niets uw iemand geweest andere wel goed gaat weer vandaag`,
	polish: `i w na z do się nie to że jest o jak ale po co tak za od czy dla już tylko jego przez może tego przed być mnie ze są jeszcze jej go by było był
		mam też gdy bardzo mi sobie kiedy ten ta te czyli moje mój moja jestem dzisiaj dziś teraz zawsze nigdy tu tam dlaczego bo ma my wy oni nas was`,
	swedish: `och i att det som en på är av för med den till inte har de ett om man var jag så från kan när nu ska där vi efter vid än men hon han också alla
		bara mycket mig dig sig min mitt mina din vara hade skulle får gör bra idag aldrig alltid varför vad hur eller upp ut in här mer någon något`,
	danish: `og i at det er en på af for med den til ikke har de et om man var jeg så fra kan når nu skal der vi efter ved end men hun han også alle
		bare meget mig dig sig min mit mine din være havde skulle får gør godt dag aldrig altid hvorfor hvad hvordan eller op ud ind her mere nogen noget`,
	norwegian: `og i at det er en på av for med den til ikke har de et om man var jeg så fra kan når nå skal der vi etter ved enn men hun han også alle
		bare mye meg deg seg min mitt mine din være hadde skulle får gjør bra dag aldri alltid hvorfor hva hvordan eller opp ut inn her mer noen noe`,
	finnish: `ja on ei se että en oli hän mutta niin kun ovat myös kuin mitä nyt tai jos minä sinä me te he mikä tämä joka vain kaikki ole olen olet
		sitten kanssa ennen jälkeen miksi missä hyvä aina vielä enää paljon minun sinun siitä mun sun tänään koska vaan`,
	turkish: `ve bir bu da de için çok ne mi ile daha gibi ben sen o ama en var yok kadar olarak diye değil her şey ki bana sana beni seni biz siz onlar
		bugün şimdi sonra önce neden nasıl iyi güzel olan olsun benim senin hiç ya mı mu mü artık zaman`,
	romanian: `și în de la cu nu că o un pe este să mai din care pentru se sunt dar ce sau ca am ai are au fost dacă când foarte acum aici tot toate eu tu
		noi voi ei lui mea meu mine tine bine azi niciodată mereu până după fără`,
	czech: `a v se na je že to s z do o i ale jsem by si jak za ve pro po tak co už jen být jsou byl bylo když nebo mi mě tě ten ta který má není také
		ještě od při před kde proč dnes teď vždy nikdy velmi moje můj tady`,
	indonesian: `yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih sudah atau saat oleh
		aku kamu dia kita kami apa bukan jadi kalau banget gak nggak ga yg dgn sama lagi udah aja mau tapi hari`,
	hindi: `hai nahi nahin aur ki ka ke ko se mein kya yeh ye woh wo bhi hi tha thi kar raha rahe rahi ho hain hum tum aap mera meri mere kuch sab koi
		toh par lekin kyun kyu kaise jab tab apne unke iske iska unka karo karna gaya gayi liye bahut abhi agar sirf jo phir yaar bhai ji na wala wale sath
		desh modi jai sala nhi h k rha`,
	russian: `и в не на я что он с как это то по но все она так его за а вы из у же от бы мы меня мне еще ты нет для вот когда ещё был была было были есть
		если или очень уже только чтобы тоже сейчас сегодня почему где кто этот эта мой моя при до без во ее её их себя`,
	ukrainian: `і в не на я що він з як це то по але все вона так його за а ви із у же від би ми мене мені ще ти ні для ось коли був була було були є
		якщо або дуже вже тільки щоб теж зараз сьогодні чому де хто цей ця мій моя при до без її їх себе та й`,
	bulgarian: `и в не на аз че той с като това то по но всички тя така го за а вие от у вече би ние мен ми още ти няма за ето когато беше бяха има
		ако или много само да също сега днес защо къде кой този тази мой моя при до без й ги се си съм са е ще`,
}

// tellingLetters are letters that few languages have, and what one of them says.
var tellingLetters = [languageCount]string{
	german: "ßäöü", french: "çèêëîœùûôï", spanish: "ñ", portuguese: "ãõçâê", italian: "èìòù", dutch: "ë", polish: "łąęśćżźń", swedish: "åä", danish: "æøå",
	norwegian: "æøå", finnish: "ä", turkish: "ğşıçü", romanian: "țșăâţş", czech: "ěřůčšž",
	russian: "ыэё", ukrainian: "іїєґ", bulgarian: "ъ", persian: "پچژگ", urdu: "ٹڈےںھ",
}

// letterShare is what a telling letter says, beside 1 of a word. A prior.
const letterShare = 0.5

var words, letters = table()

// table makes the lookups: what several languages share says less for each.
func table() (map[string][]use, map[rune][]use) {
	words, letters := map[string][]use{}, map[rune][]use{}
	for l := range languageCount {
		seen := map[string]bool{}
		for word := range strings.FieldsSeq(smallWords[l]) {
			if !seen[word] {
				seen[word] = true
				words[word] = append(words[word], use{l, 1})
			}
		}
		for _, r := range tellingLetters[l] {
			letters[r] = append(letters[r], use{l, letterShare})
		}
	}
	for _, uses := range words {
		share(uses)
	}
	for _, uses := range letters {
		share(uses)
	}
	return words, letters
}

func share(uses []use) {
	for i := range uses {
		uses[i].weight /= float64(len(uses))
	}
}
