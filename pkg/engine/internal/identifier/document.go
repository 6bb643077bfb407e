package identifier

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// documentWords are what bears a person's name and date of birth, in the languages of the
// desk.
var documentWords = []string{
	"licence", "license", "passport", "badge", "id card", "identity card", "wristband", "lanyard", "boarding pass", "record", "chart", "file", "form", "label", "register", "booking", "check-in",
	"ausweis", "führerschein", "reisepass", "personalausweis", "akte", "armband", "permis", "carte d'identité", "passeport", "dossier", "bracelet", "carnet", "dni", "pasaporte", "pulsera", "historial", "ficha",
	"patente", "carta d'identità", "passaporto", "cartella", "braccialetto", "rijbewijs", "paspoort", "identiteitskaart", "polsbandje", "carteira", "cartão", "passaporte", "bilhete", "dowód", "prawo jazdy", "körkort", "免許証", "身分証", "診察券",
}

// holderWords are the person who shows a paper of their own, identityPapers those that every
// till and gate asks for.
var (
	holderWords    = []string{"he", "she", "him", "her", "his", "guy", "bloke", "lad", "lady", "woman", "man", "gentleman", "customer", "kunde", "kundin", "cliente", "client", "klant"}
	identityPapers = []string{"licence", "license", "passport", "id", "i.d.", "ausweis", "führerschein", "reisepass", "permis", "passeport", "dni", "pasaporte", "patente", "passaporto", "rijbewijs", "paspoort"}
)

// past tells of people and days in history.
var past = []string{
	"died", "battle", "fought", "archive", "archives", "portrait", "photo from", "wedding", "anniversary", "opened", "opening day", "first day", "flew", "concert", "match", "championship", "issued", "expires", "valid until", "valid from", "since", "historic", "history", "war",
	"gestorben", "archiv", "gültig bis", "mort", "valable", "murió", "válido", "caduca", "morto", "valida", "overleden", "geldig",
}

// nameBefore is a name and a surname right before a date; nameBehind right behind one.
var (
	nameBefore = regexp.MustCompile(`\p{Lu}[\p{L}'’-]+ (?:\p{Lu}\.? |van |von |de |da |la |del ){0,2}\p{Lu}[\p{L}'’-]+(?:[,;:]? |[,;:]? ?[(–—-] ?)\z`)
	nameBehind = regexp.MustCompile(`\A[,;:]? (?:[(–—-] ?)?\p{Lu}[\p{L}'’-]+ (?:\p{Lu}\.? |van |von |de |da |la |del ){0,2}\p{Lu}[\p{L}'’-]+`)
)

// documentBirth reports a date of a lifetime ago beside a full name, where the post speaks
// of a document that bears both, or beside a paper that an insider was shown. The year starts at byte i and has four digits.
func documentBirth(p *detect.Post, i int, out []detect.Finding) []detect.Finding {
	const reach, name = 34, 48
	text := p.Text.Clean
	year := 100*pair(text[i:]) + pair(text[i+2:])
	if year > lastAdult || !livingYear(year) {
		return out
	}
	window, offset := part.Around(p.Text.Folded, detect.Span{Start: i, End: i + 4}, reach, 0)
	at := dateShape.FindIndex(window)
	if at == nil || at[1] != len(window) || offset+at[0] > i {
		return out
	}
	span := detect.Span{Start: offset + at[0], End: i + 4}
	before, _ := part.Around(text, detect.Span{Start: span.Start, End: span.Start}, name, 0)
	after, _ := part.Around(text, detect.Span{Start: span.End, End: span.End}, 0, name)
	around, _ := part.Around(p.Text.Folded, span, 140, 100)
	named := (nameBefore.Match(before) || nameBehind.Match(after)) && part.Has(around, documentWords)
	shown := p.Insider && part.Has(around, identityPapers) && part.Has(around, holderWords)
	if !named && !shown || part.Has(around, past) || !shown && part.Has(around, publicLives) || bytes.Contains(around, []byte("copyright")) {
		return out
	}
	return append(out, finding("pii.dob", "birth-date-document", "Date of birth from a document", 3, 0.7, span, nil,
		"A full date of a lifetime ago stands beside a person, and a document that bears it is named."))
}

// pair is the number of two digits at the start of s.
func pair(s []byte) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// fours looks at each four figures of a post: the year of a birth that no word leads to, or
// the first group of a card; and at figures beside a letter that stands for one.
func fours(p *detect.Post, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	for i := 0; i < len(text) && p.Text.Digits >= 4; i++ {
		start := i
		for i < len(text) && part.Digit(text[i]) {
			i++
		}
		if i > start && i < len(text) && (text[i]|0x20 == 'o' || text[i] == '*') {
			out = lettered(p, start, out)
		}
		if i-start == 4 && (start == 0 || !part.Alnum(text[start-1])) {
			out = brokenNumber(p, start, out)
		}
		if i-start == 4 && start > 5 && (text[start] == '1' && text[start+1] == '9' || text[start] == '2' && text[start+1] == '0') {
			out = documentBirth(p, start, out)
		}
	}
	return out
}
