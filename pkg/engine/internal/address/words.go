package address

import "strings"

// form is how a language puts its words for street: behind the name as a word of its own
// ("Larch Close 4" is none, "4 Larch Close" is), before it ("Rua Augusta 4"), or behind it
// with the number last ("Kossuth utca 4", "Ringvej 4").
type form byte

const (
	formNone form = iota
	formLast
	formFirst
	formNumberLast
)

// typed is what a word says about the name it stands in.
type typed struct {
	form     form
	strength Strength
}

var streetWords = index(map[typed]string{
	{formLast, Strong}: "street st road rd avenue ave lane ln drive dr close court ct crescent cres rise row hill way place pl terrace tce gardens gdns square sq pde cct esp wlk " +
		"boulevard blvd parkway pkwy grove mews cl quay circle cir trail trl highway hwy bypass esplanade turnpike alley freeway expressway causeway wynd vennel straat laan rylaan",
	{formLast, Weak}: "gate green park view path plaza loop mall point ridge run bridge wharf walk hollow heights creek common parade broadway crossing crossroad " +
		"crossroads cliffs dam rapids spur station track valley village vista corner corners field fields glen harbor harbour island keys knoll knolls lake lakes " +
		"landing lodge manor meadow meadows mill mills mountain orchard oval pass pike pine pines plain plains port ranch shoal shoals shore shores spring springs " +
		"stream summit underpass well wells courts parks motorway branch fork forks forge garden gateway inlet isle mission mountains trace tunnel viaduct villages ville " +
		"cove bend bluff embankment promenade arcade precinct chase dene drove strand circus brow nook leas spinney orchards",
	{formLast, Homely}: "yard cottages villas steps almshouses bungalows tenements maltings mansions chambers barns stables croft fold garth brae loan paddock paddocks ginnel jitty opes",
	{formFirst, Strong}: "rua rúa rue calle c/ avenida avda av viale vicolo piazza ul ulica ulice ctra carretera carrera travessa travesía estrada rodovia alameda chemin " +
		"impasse camino paseo passeig carrer rambla praça plaça piazzale calea bulevardul λεωφ λεωφόρος οδός οδ jalan jl ulitsa prospekt aleja via avenue boulevard allée ул улица",
	{formFirst, Weak}: "place plaza quai cours route ronda strada largo corso r c λ al os trg nám villa barrio sector cra",
	{formNumberLast, Strong}: "strasse straße str gasse platz allee utca útca útja út tér tere krt körút rkp rakpart fasor vei veien vegen vej gatan vägen väg katu laan straat " +
		"plein gracht náměstí cesta třída tänav iela gatvė caddesi cad sokak sok bulvarı mahallesi",
	{formNumberLast, Weak}: "markt anger graben damm ring weg gade gata tie u köz sor kade singel hof dreef tee pst mnt g kuja polku raitti tn",
})

// endings are words for street that are written in one with the name, longest first.
var endings = []struct {
	text     string
	strength Strength
}{
	{"strasse", Strong},
	{"straße", Strong},
	{"gasse", Strong},
	{"platz", Strong},
	{"straat", Strong},
	{"gracht", Strong},
	{"stræde", Strong},
	{"gatan", Strong},
	{"vägen", Strong},
	{"gränd", Strong},
	{"veien", Strong},
	{"vegen", Strong},
	{"vejen", Strong},
	{"tänav", Strong},
	{"utca", Strong},
	{"laan", Strong},
	{"katu", Strong},
	{"kuja", Strong},
	{"plein", Strong},
	{"allee", Strong},
	{"puiestee", Strong},
	{"brücke", Weak},
	{"väg", Strong},
	{"weg", Strong},
	{"vej", Strong},
	{"str", Weak},
	{"vei", Strong},
	{"veg", Weak},
	{"gata", Weak},
	{"gade", Weak},
	{"gate", Weak},
	{"dreef", Weak},
	{"kade", Weak},
	{"polku", Weak},
	{"raitti", Weak},
	{"tie", Weak},
	{"tee", Weak},
	{"damm", Weak},
	{"ufer", Weak},
	{"ring", Weak},
	{"hof", Weak},
	{"baan", Weak},
	{"hove", Weak},
	{"allé", Weak},
	{"stien", Weak},
	{"bakken", Weak},
	{"svingen", Weak},
	{"steig", Weak},
	{"vænget", Weak},
	{"braut", Weak},
	{"vegur", Weak},
	{"stræti", Weak},
	{"straeti", Weak},
	{"väylä", Weak},
	{"ková", Weak},
	{"ská", Weak},
}

// particles stand inside the names of streets in small letters.
var particles = set("de la le les du des da do dos das del dell dei degli della delle di d' van der den het ter ten op im am zum zur von y e el los las nad na pod av og i an au aux " +
	"sous sur lès en und der's")

// functions are words that no name of a street goes on over, but for those of proper in
// capitals.
var functions = set("in on at the or to for with is are was were my your this that a you we it from by as but not no so up out all just about and if when then than they he she his " +
	"her their our us me be been has have had will would can could should who what which how why where there here more most some any one two three min mins minutes hours hour " +
	"days day weeks week months years year times people pm am new old first last next after before since until off only very too also still ever never via years' days'")

// proper are the functions that stand in names: "5 The Avenue".
var proper = set("the old new first last two three one all in up on")

// units are dwellings and boxes inside a house; a number follows.
var units = set("apt apartment apartments suite ste unit flat room rm floor fl appartement piso wohnung lägenhet lgh asunto appt box # depto dpto bldg building")

// months are no names of streets before a number.
var months = set("jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov november dec december januar februar märz mai juni juli " +
	"oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

// unabbreviated are short words for street that a dot behind ends the sentence of.
var unabbreviated = set("lane road close row hill way mews rise court place grove drive walk yard park fold green wharf steps")

// praises stand before the homes of an advertisement and the steps of a guide, which are no
// names: "3 Luxury Villas".
var praises = set("easy simple quick key basic luxury holiday detached terraced thatched self cosy lovely beautiful free more next final golden smart practical big exclusive affordable")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

func index(lists map[typed]string) map[string][]typed {
	out := map[string][]typed{}
	for t, words := range lists {
		for w := range strings.FieldsSeq(words) {
			out[w] = append(out[w], t)
		}
	}
	return out
}

// streetWord is what word, folded and without its dot, says in a form; Unnamed for nothing.
func streetWord(word []byte, f form) Strength {
	for _, t := range streetWords[string(word)] {
		if t.form == f {
			return t.strength
		}
	}
	return Unnamed
}

// ending is what the end of a folded word says.
func ending(word []byte) Strength {
	const least = 2 // bytes of a name before its ending
	for i := range endings {
		e := &endings[i]
		if n := len(word) - len(e.text); n >= least && string(word[n:]) == e.text {
			return e.strength
		}
	}
	return Unnamed
}
