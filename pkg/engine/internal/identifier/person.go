package identifier

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	"github.com/earshot/earshot/pkg/engine/internal/person"
)

// birthWords stand before a date of birth, and some of them behind it.
var birthWords = []string{
	"born", "b. ", "(b.", "dob", "d.o.b", "d o b", "date of birth", "birth date", "birthdate", "birthday", "bday", "b-day", "turned ", "turns ", "geboren", "geb.", "geburtsdatum", "geburtstag", "né le", "née le",
	"né(e)", "date de naissance", "nacido", "nacida", "fecha de nac", "fecha nac", "cumpleaños", "nació el", "nací el", "nasceu", "nasci em", "nacque", "è nato", "è nata", "est né", "nato il", "nata il", "data de nasc", "nascido", "nascida", "data di nascita", "geboortedatum",
	"fødselsdato", "född", "syntynyt", "data urodzenia", "urodz", "doğum tarihi", "születési", "narozen", "生年月日", "생년월일",
}

// paperWords are what a paper with a date of birth on it tells.
var paperWords = []string{
	"passport says", "passport said", "passport reads", "licence says", "licence said", "license says", "license said", "id says", "id said", "id reads", "id card says", "id card said",
	"im ausweis steht", "laut ausweis", "dni pone", "dni dice", "pasaporte pone",
}

// birth reports the date of birth behind a word for it.
func birth(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	span, ok := birthDate(p.Text.Folded, h.Span)
	if !ok || part.Alnum(p.Text.Folded[h.Start]) && h.Start > 0 && part.Alnum(p.Text.Folded[h.Start-1]) {
		return out
	}
	around, _ := part.Around(p.Text.Folded, span, 120, 80)
	likelihood := 0.88
	if part.Has(around, publicLives) || !p.Insider && part.Has(around, biography) && !part.Has(around, acquainted) {
		likelihood = 0.35
	}
	return append(out, finding("pii.dob", "birth-date", "Date of birth", 3, likelihood, span, nil, "A date stands behind a word for birth."))
}

// paperBirth reports the date of birth that a paper tells, of famous people too.
func paperBirth(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	span, ok := birthDate(p.Text.Folded, h.Span)
	if !ok || h.Start > 0 && part.Alnum(p.Text.Folded[h.Start-1]) {
		return out
	}
	return append(out, finding("pii.dob", "birth-date", "Date of birth", 3, 0.8, span, nil, "A paper that bears a date of birth says a date."))
}

// biography is how print tells of a birth; acquainted are the words of those who know the
// person or speak of themselves.
var (
	biography  = []string{"was born", "were born"}
	acquainted = []string{"i", "i'm", "me", "my", "mine", "he", "she", "his", "her", "mr", "mrs", "ms", "miss", "mum", "mom", "dad"}
)

// birthDate is the date of a lifetime behind a word for birth, or right before one, as in
// "12/03/84 is her birthday".
func birthDate(text []byte, word detect.Span) (detect.Span, bool) {
	const after, before = 48, 30
	window, offset := part.Around(text, detect.Span{Start: word.End, End: word.End}, 0, after)
	at := dateIn(window)
	if at == nil && birthBefore.Match(text[word.Start:word.End]) {
		window, offset = part.Around(text, detect.Span{Start: word.Start, End: word.Start}, before, 0)
		at = dateIn(window)
	}
	if at == nil || !livingYear(yearIn(window, at)) || partyWords.Match(text[word.Start:word.End]) && yearIn(window, at) > lastAdult || part.Has(window[:at[0]], openings) {
		return detect.Span{}, false
	}
	return detect.Span{Start: offset + at[0], End: offset + at[1]}, true
}

// dateIn are the groups of the first date in window, as forms or as people tell it.
func dateIn(window []byte) []int {
	if at := dateShape.FindSubmatchIndex(window); at != nil {
		return at
	}
	if at := saidShape.FindSubmatchIndex(window); at != nil {
		return at
	}
	return signedShape.FindSubmatchIndex(window)
}

// openings stand between a word for birth and the date of something else.
var openings = []string{"opened", "founded", "since", "launched", "store", "branch", "party", "issued", "expires", "valid until"}

// birthBefore are the words that a date may stand before.
var birthBefore = regexp.MustCompile(`birth|bday|b-day|dob|d\.o\.b|geburtst|geboren|urodz`)

// partyWords stand before the day of a party as well, which is of this decade; lastAdult
// is the last year of birth that they count for.
var partyWords = regexp.MustCompile(`birthday|bday|b-day|turn|geburtstag|cumple`)

const lastAdult = 2010

// publicLives tell people whose lives are told in print, and the newly born whom parents
// greet.
var publicLives = []string{
	"actor", "actress", "singer", "artist", "author", "famous", "footballer", "player", "politician", "president", "biography", "historian", "composer", "painter", "poet", "novelist", "legend", "band",
	"founded", "founder", "founders", "in a garage", "museum", "records", "est.", "statue", "anniversary of", "lbs", "welcome to the world", "is here", "album", "wikipedia", "on this day",
}

var personWords = []string{"mr", "mrs", "ms", "miss", "herr", "frau", "patient", "his", "her", "id", "passport", "ni number", "genuine"}

// birthNumber reports a full date in figures beside a person or another identifier.
func birthNumber(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean[h.Start:h.End]
	at := dateShape.FindSubmatchIndex(text)
	if at == nil || at[0] != 0 || at[1] != len(text) || yearIn(text, at) > lastAdult || !livingYear(yearIn(text, at)) {
		return out
	}
	window, offset := part.Around(p.Text.Folded, h.Span, 70, 40)
	beside := append(bytes.Clone(window[:h.Start-offset]), window[h.End-offset:]...)
	if dateShape.Match(beside) || part.Has(window, publicLives) {
		return out // a lifetime, a journey, a house's own history
	}
	if !part.Has(window, personWords) && bytes.IndexByte(window, '@') < 0 && (!p.Insider || !listed(p.Text.Clean, h.Span)) {
		return out
	}
	return append(out, finding("pii.dob", "birth-date-beside", "Date of birth", 3, 0.65, h.Span, nil,
		"A full date of a lifetime ago stands beside a person or another identifier."))
}

// shelved is a name as registers write it, surname first.
var shelved = regexp.MustCompile(`\b\p{Lu}{3,}, \p{Lu}`)

// listed tells whether a full name stands close before a date, as on a label.
func listed(text []byte, span detect.Span) bool {
	const reach = 40
	before, _ := part.Around(text, detect.Span{Start: span.Start, End: span.Start}, reach, 0)
	if shelved.Match(before) {
		return true
	}
	_, ok := person.Find(before, func(n person.Name) bool { return n.Full && !n.Doctor && len(before)-n.End <= 4 })
	return ok
}
