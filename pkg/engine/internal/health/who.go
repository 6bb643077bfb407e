package health

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	"github.com/earshot/earshot/pkg/engine/internal/person"
)

// who is the person of a disclosure: where, how likely a reviewer agrees that the person
// can be recognized (a prior, from the tuning sets), and in which words.
type who struct {
	span       detect.Span
	likelihood float64
	why        string
}

// sign is a way to tell one person. An insider's word suffices; of the public, only what
// is said of somebody whom the author knows.
type sign struct {
	shape      *regexp.Regexp
	cased      bool // capitals count
	someone    bool // a word for one person must stand in the window too
	likelihood float64
	why        string
}

const day = `(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?\b|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b` +
	`|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])\b|\d{4}-\d{2}-\d{2}\b)`

const care = `(?:seen|saw|treated|visited|visits?|admitted|diagnosed|operated|discharged|examined|present(?:ed|ing)|checked in|came (?:in|to)|appointment|scheduled|reviewed|evaluated|assessed|` +
	`carried out|underwent|performed|consulted|consultation|referred|discussed|hospitali[sz]ed|tx'd|dx'd|dx|attended|conducted|started|monitored|managed|follow(?:ed|ing)? up|surgery|procedure|results?|notes|last visit)`

const facility = `(?:hospital|clinic|med(?:ical)?\.? (?:cent(?:er|re)|ctr)|health (?:cent(?:er|re)|system)|practice|surgery|office|infirmary|hospice|nursing home|care home|er|icu|a&e|general|` +
	`(?:mt\.?|mount|cedars?) sinai|cedars?-sinai|mayo|johns hopkins|langone|kaiser|ucla|ucsf|mass general|memorial|st\.? \w+'?s?)`

const people = `(?:man|woman|guy|lady|girl|boy|kid|gentleman|gent|bloke|chap|fella|dude|lad|teen|teenager|couple|mum|mom|mother|dad|father|gran|nan|mayor|councill?or|council(?:man|woman)|senator|minister|mp|actor|actress|singer|` +
	`signing|winger|defender|keeper|comedian|politician|governor|chef|golfer|cyclist|swimmer|streamer|vlogger|anchor|newsreader|(?:weather )?presenter|teacher|headteacher|headmaster|headmistress|deputy head|head boy|head girl|principal|coach|vicar|priest|pastor|imam|rabbi|bishop|baker|florist|butcher|postman|postmaster|publican|shopkeeper|barista|` +
	`landlord|landlady|neighbou?r|sheriff|quarterback|goalkeeper|striker|footballer|midfielder|player|drummer|rapper|dj|jockey|boxer|model|influencer|youtuber|celebrity|weather(?:man|girl)|olympian|hiker|bride|groom|widow|lawyer|solicitor|judge|` +
	`realtor|barber|hairdresser|librarian|bus driver|lollipop lady|plumber|accountant|ceo|cfo|coo|cto|chairman|director|vp|postmistress|scoutmaster|sergeant)`

// one is a word for somebody who is no colleague.
const one = `(?:man|woman|guy|lady|girl|gentleman|bloke|chap|fella|lad|lass|couple|family|mum|mom|dad|patient|client|one)`

// someone is a word for one person.
var someone = regexp.MustCompile(`\b(?:patient|pt|client|resident|\d{1,3} ?(?:yo|y/o|[mf])|years?[ -]old|year-old|male|female|she|he|she's|he's|her|his|him|hers|who|baby|infant|child|newborn|` + people + `)\b`)

// relations tell somebody whom the author knows.
var relations = regexp.MustCompile(`\b(?:coworker|co-worker|colleague|neighbou?r|boss|manager|classmate|ex|roommate|flatmate|landlord|teacher|teammate|supervisor|sister-in-law|brother-in-law|cousin|friend) [A-Z][a-z]+` +
	`|\b[A-Z][a-z]+ (?:from|in|at) (?:the )?(?:[a-z]+|HR|IT|QA|PR) (?:isn't|is|was|has|had|got|went|just)\b`)

const number = `(?:insurance|ins|insur|policy|plan|hmo|medicare|medicaid|beneficiary|account|ref(?:erence)?|case|id|ssn)\.? ?(?:id|number|no|policy|code|#)?\.?,?(?: is| as|:| #|#)? ?\(?#?(?:[a-z]{1,4}-?)?\d[\d-]{3,}`

// The likelihoods of a person told by name or number, by place or people, and by a hint:
// priors, from the tuning sets.
const (
	byName  = 0.72
	byPlace = 0.66
	byHint  = 0.62
	byDay   = 0.56
	bySight = 0.6 // whom somebody outside saw at a place of care
)

var signs = []sign{
	{shape: regexp.MustCompile(`\b(?:Mr|MR|Mrs|MRS|Ms|MS|Miss|Mx|Mme|Mlle|Monsieur|Madame|Herrn?|Frau|Sra?|Srta|Sig|Signora?|Señora?|Mevrouw|Meneer|Pani?|Captain|Capt|Reverend|Rev|Pastor|Councillor|Cllr|Constable|Sergeant)\.? \p{Lu}`), cased: true, likelihood: byName, why: "a title with a name"},
	{shape: relations, cased: true, likelihood: byName, why: "somebody whom the author knows"},
	{shape: regexp.MustCompile(`\b[A-Z]\.[A-Z]\.,|\b[A-Z]{4,}, [A-Z]\.|\b[Ii]nitials (?:are )?[A-Z]\.?[A-Z]\b`), cased: true, likelihood: byName, why: "initials or a name in capitals"},
	{shape: regexp.MustCompile(`\b(?:mrn|nhs (?:no|number)|medical record|record (?:number|no)|chart (?:number|no|#)|hospital number|patient (?:id|number|no)|member (?:id|number|no)|` + number + `)`), likelihood: byName, why: "a number of a record or a plan"},
	{shape: regexp.MustCompile(`\bI (?:just |once )?(?:processed|treated|delivered|scanned|dispensed|filled|nursed|operated on|wrote up|looked after|assisted with) \p{Lu}\pL+`), cased: true, likelihood: byName, why: "somebody whom the author cared for"},
	{shape: regexp.MustCompile(`[a-z0-9._%+-]+@[a-z0-9-]+\.[a-z]{2,}|\b(?:phone|contact|fax|cell|tel|call(?:ed)?|number)\b[^.?!]{0,20}\d{3}[-. ]\d{3,4}`), likelihood: byPlace, why: "a way to reach the person"},
	{shape: regexp.MustCompile(`\b(?:bay|bed|cubicle|zimmer|chambre|habitación|cama|letto|lit|stanza|kamer) ?#?\d+|\b(?:patient|resident|client|lady|gentleman|man|woman|lad) in (?:room )?\d+|\bin \d{1,3}[a-d]\b`), likelihood: byPlace, why: "a bed or a room"}, //nolint:misspell // French
	{shape: regexp.MustCompile(`\b(?:room|ward) ?#?\d+(?:[:,]| (?:is|was|has|had|just|came|died|passed|got|won't|keeps|needs|refus\pL+|threw|pulled|coded|again)\b)`), likelihood: byPlace, why: "a bed or a room"},
	{shape: regexp.MustCompile(`\b(?:room|ward) ?#?\d+\b`), someone: true, likelihood: byPlace, why: "a bed or a room"},
	{shape: regexp.MustCompile(`\b(?:the|that|this|local|our|my old|your old|a certain|a local|(?:my|our|your) (?:kids?|sons?|daughters?|mums?|moms?|exs?)'?s?'?)(?: [a-z]+){0,2} ` + people + `(?:'s|,)? (?:who|from|that|on|at|next door|down the|across the|upstairs|you know|of|was|is|has|had|with|came|got|relapsed|collect|this|absence|leave|again|died)`), likelihood: byPlace, why: "somebody whom people know"},
	{shape: regexp.MustCompile(`\b(?:` + people + `|coworker|co-worker|colleague|boss|manager|ex|[a-z]{3,})'s (?:new |old |late |poor )?(?:daughter|son|wife|husband|kid|mother|father|mum|mom|dad|sister|brother|girlfriend|boyfriend|partner|baby)\b`), likelihood: byPlace, why: "somebody's family"},
	{shape: regexp.MustCompile(`\b` + one + ` (?:who|that) (?:reads|presents|sings|plays|teaches|coaches|runs|owns|drives) |\b` + one + ` (?:off|from|in|on) (?:the|those|that|them) (?:[a-z]+ ){0,3}(?:adverts?|ads|commercials?|show|series|soap|programme|sitcom|band)\b|\bguess (?:who|whose)\b|\bguess which (?:[a-z]+ )?` + people + `\b|\byou(?:'d| would)?(?: all| both)? know (?:him|her|them|who|exactly who)\b|\bwon't (?:say|name)(?: any)? (?:who|names?)\b|\bcan't say who\b|\bno names\b.{0,30}\bbut\b|\bhousehold name\b|` +
		`\b(?:a )?certain (?:someone|` + people + `)\b|\bfrom (?:the )?(?:telly|tv|news|council|radio)\b|\bstarts with an? [a-z]\b|\bsmall town\b`), likelihood: byHint, why: "a hint that people understand"},
	{shape: regexp.MustCompile(`\b(?:works|worked) (?:at|in|for|on)\b|\b(?:runs|owns|manages) (?:the|a)\b|\bplays for\b|\bteaches (?:at|in|my|our)\b|\bdrives the\b|\b(?:dad|mum|mom|father|mother|husband|wife)(?:'s| is) (?:on|in|at|a|the)\b|\bwon the\b|\bthe one who\b|` +
		`\bthe missing [a-z]+\b|\bthat (?:crash|fire|accident|stabbing|shooting)\b|\bfrom the [a-z ]{0,20}(?:crash|fire|accident|paper|shop)\b|\blives (?:on|at|next|opposite)\b|\bone of our regulars\b|\bat the (?:co-op|bakery|school|bank|garage|pub|church|airport|council)\b`), someone: true, likelihood: byHint, why: "work, family or an event that people know"},
	{shape: regexp.MustCompile(`\b\d{1,3} ?(?:yo|y/o|[MFmf])\b,? (?:\pL+ ){0,2}from \p{Lu}`), cased: true, likelihood: byHint, why: "an age with the place"},
	{shape: regexp.MustCompile(`\b(?:seen|treated|admitted|discharged|diagnosed|operated|examined|tested)\b.{0,80}\b` + day), likelihood: byHint, why: "the day of a visit"},
	{shape: regexp.MustCompile(`\b` + care + `\b.{0,80}\b` + day + `|` + day + `.{0,60}\b` + care + `\b|\b` + facility + `\b.{0,30}` + day), someone: true, likelihood: byHint, why: "the day of a visit"},
	{shape: regexp.MustCompile(`\bdr\.? [a-z]+.{0,40}\b(?:at|from|of|in)\b.{0,30}\b` + facility + `\b|\b` + care + `\b.{0,30}\bdr\.? [a-z]+|\bunder the care of\b|\bmanaged by dr\b`), someone: true, likelihood: byDay, why: "a doctor with the place"},
	{shape: regexp.MustCompile(`\b(?:my|our|new) (?:[a-z]+ ){0,2}(?:patient|client|resident|little (?:guy|one)|gentleman|lady|regular)\b.{0,60}(?:\b(?:today|tonight|yesterday|this (?:morning|afternoon|evening|week)|last night|just)\b|\b\d{1,3}[ -]?(?:yo|years?|year-old|[mf]\b)|\bwho (?:runs|owns|works|teaches|plays|lives)\b)|` +
		`\bswallowed\b|\brefus(?:es|ing|ed) (?:his|her|their|the|to|insulin|food|meds|medication|treatment|blood|surgery)\b`), someone: true, likelihood: byDay, why: "one patient of the day"},
}

var relationWords = [][]byte{
	[]byte("worker "), []byte("colleague "), []byte("neighbo"), []byte("boss "), []byte("manager "), []byte("mate "), []byte("ex "), []byte("landlord "), []byte("teacher "), []byte("supervisor "),
	[]byte("-in-law "), []byte("cousin "), []byte("friend "), []byte(" from "),
}

// links are words that tie a name to a health matter beside it: of a patient, not of a
// speaker or an author.
var links = []string{
	"patient", "patients", "pt", "pts", "yo", "year-old", "year old", "years old", "male", "female", "woman", "man", "has", "had", "got", "diagnosed", "admitted", "treated", "seen", "visited", "visit", "came in",
	"came to", "refused", "refuses", "named", "name", "battling", "recovering", "recovered", "relapsed", "overdosed", "suffers", "suffering", "tested", "results", "scan", "operated", "surgery", "discharged",
	"due to", "because of", "isn't", "off sick", "out with", "in rehab", "in hospital", "her", "his", "your", "chart", "notes", "file", "case", "hx", "tx", "insurance", "appointment", "is pregnant", "died", "ist", "hat",
	"est", "está", "tiene", "è", "ha", "heeft",
}

// works are words of people who speak of health for a living, or in honor of somebody.
var works = []string{
	"talk by", "keynote", "speaker", "lecture", "professor", "prof", "joins", "joining us", "head of", "director", "chief", "researcher", "research by", "author", "paper", "published", "podcast", "webinar",
	"interview", "award", "congrats", "congratulations", "welcome", "meet our", "our team", "awareness", "fundraiser", "fundraising", "marathon", "charity", "donate", "foundation", "in memory", "in honor", "in honour",
	"book", "biography", "discovered", "invented", "century", "film", "actor plays", "starring", "speaks", "speaking", "conference", "congress",
}

// titled is a title with a name, capitals counting.
const titled = `\b(?:Mr|Mrs|Ms|Miss|Mx|Mme|Mlle|Herrn?|Frau|Sra?|Srta|Señora?|Signora?|Mevrouw|Meneer)\.? \p{Lu}\p{L}+`

// sightings tell somebody with a title whom the author saw near a place of care.
var sightings = regexp.MustCompile(`\b(?i:saw|seen|spotted|clocked|bumped into|ran into|(?:stood|sat|queued|queuing|waited) (?:behind|beside|next to|opposite|with)|guess who|watched|noticed) [^.!?\n]{0,24}` + titled +
	`|` + titled + `(?:[^.!?\n]{0,40}?)\b(?:walk(?:s|ed|ing)|com(?:es|ing) (?:in|out)|came (?:in|out)|go(?:es|ing) in|went in|sneak(?:s|ed|ing)|slip(?:s|ped|ping)|leaving|was leaving|sitting|sat|waiting|in the (?:queue|waiting room|line)|pick(?:s|ed|ing) up|check(?:s|ed|ing) in|turn(?:s|ed|ing) up)\b`)

// cared tells that whom the author saw cared for the author.
var cared = regexp.MustCompile(`(?i)\b(?:about|for|with|to|told|gave|helped|treated|fixed|removed) (?:me|my)\b|\bmy (?:[a-z]+ ){0,2}(?:surgery|op|operation|scan|appointment|results?|bloods?|treatment|check-?up|consultant|surgeon|prescription)\b|\bi (?:had|came in|was in) (?:for )?(?:my|a|an)\b`)

// find returns the surest sign of a person in the window around a health matter.
func find(p *detect.Post, h detect.Span) (who, bool) {
	const reach = 200
	window, offset := part.Around(p.Text.Clean, h, reach, reach)
	if !p.Insider {
		return public(window, offset)
	}
	folded, _ := part.Around(p.Text.Folded, h, reach, reach)
	best, one := who{}, someone.Match(folded)
	for i := range signs {
		s := &signs[i]
		if s.likelihood <= best.likelihood || s.someone && !one {
			continue
		}
		text := folded
		if s.cased {
			text = window
		}
		if at := s.shape.FindIndex(text); at != nil {
			best = who{detect.Span{Start: offset + at[0], End: offset + at[1]}, s.likelihood, s.why}
		}
	}
	if n, ok := named(window, folded); ok && best.likelihood < byName {
		best = who{detect.Span{Start: offset + n.Start, End: offset + n.End}, byName, "a name"}
	}
	return best, best.likelihood > 0
}

// named is the first name in the window of somebody who is no doctor, where a word ties
// it to the matter. A given name alone must be tied by its own neighbors.
func named(window, folded []byte) (person.Name, bool) {
	if !part.Has(folded, links) {
		return person.Name{}, false
	}
	return person.Find(window, func(n person.Name) bool {
		if n.Doctor {
			return false
		}
		if n.Full {
			return true
		}
		around, _ := part.Around(folded, detect.Span{Start: n.Start, End: n.End}, 24, 30)
		return part.Has(around, links)
	})
}

// public is what somebody outside tells of a person whom the author knows or saw.
func public(window []byte, offset int) (who, bool) {
	for _, word := range relationWords {
		if bytes.Contains(window, word) {
			if at := relations.FindIndex(window); at != nil {
				return who{detect.Span{Start: offset + at[0], End: offset + at[1]}, 0.55, "somebody whom the author knows"}, true
			}
			break
		}
	}
	if at := sightings.FindIndex(window); at != nil && !cared.Match(window) {
		return who{detect.Span{Start: offset + at[0], End: offset + at[1]}, bySight, "a title with a name"}, true
	}
	return who{}, false
}
