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
	likelihood float64
	why        string
}

const day = `(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?\b|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b` +
	`|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])\b|\d{4}-\d{2}-\d{2}\b)`

const care = `(?:seen|saw|treated|visited|visits?|admitted|diagnosed|operated|discharged|examined|present(?:ed|ing)|checked in|came (?:in|to)|appointment|scheduled|reviewed|evaluated|assessed|` +
	`carried out|underwent|performed|consulted|consultation|referred|discussed|hospitali[sz]ed|tx'd|dx'd|dx|attended|conducted|started|monitored|managed|follow(?:ed|ing)? up|surgery|procedure|results?|notes|last visit)`

const facility = `(?:hospital|clinic|med(?:ical)?\.? (?:cent(?:er|re)|ctr)|health (?:cent(?:er|re)|system)|practice|surgery|office|infirmary|hospice|nursing home|care home|er|icu|a&e|general|` +
	`(?:mt\.?|mount|cedars?) sinai|cedars?-sinai|mayo|johns hopkins|langone|kaiser|ucla|ucsf|mass general|memorial|st\.? \w+'?s?)`

const people = `(?:man|woman|guy|lady|girl|boy|kid|gentleman|gent|bloke|chap|fella|dude|teen|teenager|couple|mayor|councill?or|council(?:man|woman)|senator|minister|mp|actor|actress|singer|` +
	`anchor|newsreader|presenter|teacher|headteacher|headmaster|principal|coach|vicar|priest|pastor|imam|rabbi|baker|florist|butcher|postman|barista|landlord|landlady|neighbou?r|sheriff|` +
	`quarterback|goalkeeper|striker|footballer|player|influencer|youtuber|celebrity|weather(?:man|girl)|footy player|olympian|bride|groom|widow|lawyer|judge|realtor|barber|hairdresser|librarian|ceo|cfo)`

// relations tell somebody whom the author knows.
var relations = regexp.MustCompile(`\b(?:coworker|co-worker|colleague|neighbou?r|boss|manager|classmate|ex|roommate|flatmate|landlord|teacher|teammate|supervisor|sister-in-law|brother-in-law|cousin|friend) [A-Z][a-z]+` +
	`|\b[A-Z][a-z]+ (?:from|in|at) (?:the )?(?:[a-z]+|HR|IT|QA|PR) (?:isn't|is|was|has|had|got|went|just)\b`)

var signs = []sign{
	{regexp.MustCompile(`\b(?:Mr|MR|Mrs|MRS|Ms|MS|Miss|Mx|Mme|Mlle|Herrn?|Frau|Sra?|Srta|Sig|Signora|Señora?|Mevrouw|Meneer|Pani?)\.? \p{Lu}`), true, 0.72, "a title with a name"},
	{relations, true, 0.72, "somebody whom the author knows"},
	{regexp.MustCompile(`\b(?:mrn|nhs (?:no|number)|medical record|record (?:number|no)|chart (?:number|no|#)|hospital number|patient (?:id|number|no)|member (?:id|number|no)|` +
		`(?:insurance|ins|insur|policy|plan|hmo|medicare|medicaid|beneficiary|account|ref(?:erence)?|case|id|ssn)\.? ?(?:id|number|no|policy|code|#)?\.?,?(?: is| as|:| #|#)? ?\(?#?(?:[a-z]{1,4}-?)?\d[\d-]{3,})`), false, 0.72, "a number of a record or a plan"},
	{regexp.MustCompile(`[a-z0-9._%+-]+@[a-z0-9-]+\.[a-z]{2,}|\b(?:phone|contact|fax|cell|tel|call(?:ed)?|number)\b[^.?!]{0,20}\d{3}[-. ]\d{3,4}`), false, 0.66, "a way to reach the person"},
	{regexp.MustCompile(`\b(?:bay|bed|room|ward|cubicle|zimmer|chambre|habitación|stanza|kamer) ?#?\d+|\bin \d{1,3}[a-d]\b`), false, 0.66, "a bed or a room"}, //nolint:misspell // French
	{regexp.MustCompile(`\b` + care + `\b.{0,80}\b` + day + `|` + day + `.{0,60}\b` + care + `\b|\b` + facility + `\b.{0,30}` + day), false, 0.62, "the day of a visit"},
	{regexp.MustCompile(`\bdr\.? [a-z]+.{0,40}\b(?:at|from|of|in)\b.{0,30}\b` + facility + `\b|\b` + care + `\b.{0,30}\bdr\.? [a-z]+|\bunder the care of\b|\bmanaged by dr\b`), false, 0.55, "a doctor with the place"},
	{regexp.MustCompile(`\b(?:the|that|this|local|our|my old|your old) (?:[a-z]+ ){0,2}` + people + `,? (?:who|from|that|on|at|next door|down the|across the|upstairs|you know|of)\b`), false, 0.66, "somebody whom people know"},
	{regexp.MustCompile(`\b(?:` + people + `|coworker|co-worker|colleague|boss|manager|ceo|[a-z]{3,})'s (?:daughter|son|wife|husband|kid|mother|father|mum|mom|dad|sister|brother|girlfriend|boyfriend|partner|baby)\b`), false, 0.66, "somebody's family"},
	{regexp.MustCompile(`\bguess who\b|\byou(?:'d| would)? (?:all |both )?know (?:him|her|them|who|exactly who)\b|\bwon't (?:say|name)(?: any)? (?:who|names?)\b|\bcan't say who\b|\bno names\b.{0,30}\bbut\b|\bhousehold name\b|` +
		`\b(?:a )?certain (?:someone|` + people + `)\b|\bfrom (?:the )?(?:telly|tv|news|council|radio)\b`), false, 0.6, "a hint that people understand"},
	{regexp.MustCompile(`\b[A-Z]\.[A-Z]\.,|\b[A-Z]{4,}, [A-Z]\.`), true, 0.72, "initials or a name in capitals"},
	{regexp.MustCompile(`\b(?:my|our) (?:[a-z]+ ){0,2}(?:patient|client|resident|little (?:guy|one)|gentleman|lady|regular)\b.{0,60}(?:\b(?:today|tonight|yesterday|this (?:morning|afternoon|evening|week)|last night|just)\b|\b\d{1,3}[ -]?(?:yo|years?|year-old)\b|\bwho (?:runs|owns|works|teaches|plays|lives)\b)`), false, 0.55, "one patient of the day"},
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

// find returns the surest sign of a person in the window around a health matter.
func find(p *detect.Post, h detect.Span) (who, bool) {
	const reach = 200
	window, offset := part.Around(p.Text.Clean, h, reach, reach)
	if !p.Insider {
		return public(window, offset)
	}
	folded, _ := part.Around(p.Text.Folded, h, reach, reach)
	best := who{}
	for i := range signs {
		s := &signs[i]
		if s.likelihood <= best.likelihood {
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
	if n, ok := named(window, folded); ok && best.likelihood < nameLikelihood {
		best = who{detect.Span{Start: offset + n.Start, End: offset + n.End}, nameLikelihood, "a name"}
	}
	return best, best.likelihood > 0
}

const nameLikelihood = 0.72

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

// public is what somebody outside tells of a person whom the author knows.
func public(window []byte, offset int) (who, bool) {
	for _, word := range relationWords {
		if bytes.Contains(window, word) {
			if at := relations.FindIndex(window); at != nil {
				return who{detect.Span{Start: offset + at[0], End: offset + at[1]}, 0.55, "somebody whom the author knows"}, true
			}
			break
		}
	}
	return who{}, false
}
