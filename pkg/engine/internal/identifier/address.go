package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/address"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// homeWords say that somebody lives there or gets mail there; placeWords that somebody is
// to be found there.
var (
	homeWords = []string{
		"lives at", "live at", "lives above", "live above", "lives on", "living at", "lives in", "lived in", "lived at", "live in", "address", "addresses", "addr", "moved to", "deliver to", "return to",
		"ship to", "send to", "mail to", "home is", "resides at", "residing at", "residence", "house is", "her house", "his house", "their house", "my house", "my place",
		"her place", "his place", "moro na", "moro no", "wohnt", "wohne", "wohnhaft", "adresse", "anschrift", "habite", "domicilio", "dirección", "direccion", "vive en", "vivo en",
		"abita", "abito", "indirizzo", "woont", "woon op", "woon aan", "wonen", "adres", "endereço", "mieszka", "bor på", "bor i", "asuu", "livrez", "zuhause", //nolint:misspell // Dutch
	}
	placeWords = []string{
		"meet me at", "meet you at", "meeting at", "meet at", "we'll meet", "located at", "office is at", "corner of", "stop at", "come to", "come over to", "enter on",
		"find him at", "find her at", "find me at", "i'm at", "been at", "we're at", "i am at", "we are at", "find them at", "visit me at", "pick me up at", "pick up at", "works at", "is at", "was at", "staying at", "stay at", "street:",
		"mailing", "billing", "postal", "zip", "postcode", "street.", "st.", "fax", "mobile", "home phone",
	}
)

// homeLiterals lead to the addresses that are written in small letters.
var homeLiterals = []string{
	"lives at ", "lives on ", "live at ", "living at ", "lived in ", "lived at ", "address", "moved to ", "deliver to ", "return to ", "home is ", "meet me at ", "meet you at ",
	"we'll meet", "located at ", "office is at ", "corner of ", "stop at ", "enter on ", " apt. ", " apt ", " suite ", " flat ", " appartement ",
}

// publicPlaces tell an address that people are asked to come to.
var publicPlaces = []string{
	"doors open", "store", "shop", "branch", "opening", "open saturday", "visit us", "find us", "headquarters", "museum", "restaurant", "showroom", "venue", "pub",
	"come and say hi", "event", "conference", "station", "parade", "protest", "the march", "march starts", "march from", "march through", "theatre", "theater", "cinema", "gallery", "church", "library", "stadium", "gym", "salon",
	"studio", "spa", "cafe", "café", "bakery", "brewery", "free admission", "see you there", "join us", "our office", "our offices", "new office", "all welcome", "everyone welcome", "jumble sale", "our hall", "meeting point", "treffpunkt", "stadtführung", "museo", "musée", "entrada gratis", "rendez-vous", "workshop", "fundraiser", "meetup", "regal", "plaza",
	"hotel", "clinic", "legion", "lounge", "nightclub", "festival", "listing", "for sale", "sq ft", "bedroom", "open house", "city hall", "appointment", "returns", "registered office", "head office", "hq", "our address", "we've moved", "we have moved", "write to us",
	"magasin", "boutique", "tienda", "negozio", "filiale", "geschäft", "winkel", "loja", "sklep", "ristorante", "restaurante", "succursale", "sucursal", "film", "movie", "novel", "song",
	"warehouse", "depot", "campus", "polling station", "community centre", "community center", "town hall", "grand opening", "opens", "come along", "drop in", "exhibition", "pop-up", "food truck", "market stall", "auction", "auctioned",
	"crown court", "county court", "inquest", "trial", "planning application", "planning permission", "fictional", "sitcom", "episode", "sherlock",
}

// famous addresses are told of in films, songs and news.
var famous = map[string]bool{
	"10 downing street": true, "11 downing street": true, "1600 pennsylvania avenue": true, "1600 pennsylvania ave": true, "221b baker street": true, "21 jump street": true,
	"24 sussex drive": true, "4 privet drive": true, "742 evergreen terrace": true, "12 grimmauld place": true, "1 infinite loop": true, "1 hacker way": true, "8 mile road": true,
	"42nd street": true, "34th street": true, "10 cloverfield lane": true, "11 wall street": true, "1 police plaza": true,
}

// addresses reports the addresses of a post that has digits: each number is tried as the
// first or the last house number of one.
func addresses(p *detect.Post, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	for i := 0; i < len(text); i++ {
		if !part.Digit(text[i]) {
			continue
		}
		start := i
		for i < len(text) && part.Digit(text[i]) {
			i++
		}
		if i-start > 5 || !besideName(text, start, i) {
			continue
		}
		if place, ok := address.At(text, start, false); ok {
			out = addPlace(p, place, out)
			i = max(i, place.End)
		}
	}
	return out
}

// besideName is a quick look: a capital stands behind the number, or a letter before it.
func besideName(text []byte, start, end int) bool {
	for end < len(text) && (text[end] == ' ' || text[end] == ',' || part.Alnum(text[end]) && text[end-1] != ' ') {
		end++
	}
	if end < len(text) && (capital(text[end]) || text[end] >= 0x80) && text[end-1] == ' ' {
		return true
	}
	if end < len(text) && end-start < 10 && text[end-1] == ' ' && (part.Digit(text[end]) || text[end] == 'r' || text[end] == 'c' || text[end] == 'b' || text[end] == 'u') {
		return true // a second number, or rue, calle, boulevard, ul.
	}
	return start > 1 && text[start-1] == ' ' && text[start-2] > ' '
}

// near reports the address behind words for a home or before a flat, in small letters too:
// the numbers around the hit are tried.
func near(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	for i := max(0, h.Start-70); i < min(len(text), h.End+40); i++ {
		if !part.Digit(text[i]) || i > 0 && part.Digit(text[i-1]) {
			continue
		}
		if place, ok := address.At(text, i, true); ok && place.End > h.Start {
			if before := len(out); place.Small || place.Street != address.Strong {
				if out = addPlace(p, place, out); len(out) > before {
					return out
				}
			}
		}
	}
	return out
}

// addPlace reports a place that looks enough like somebody's address.
func addPlace(p *detect.Post, place address.Place, out []detect.Finding) []detect.Finding {
	span := detect.Span{Start: place.Start, End: place.End}
	if famous[string(p.Text.Folded[span.Start:span.End])] {
		return out
	}
	likelihood := likeness(&place, func(words []string, reach int) bool {
		before, _ := part.Around(p.Text.Folded, detect.Span{Start: span.Start, End: span.Start}, reach, 0)
		return part.Has(before, words)
	}, func() bool { return visited(p, span, place.Street < address.Homely) })
	if likelihood == 0 {
		return out
	}
	return addAddress(p, span, likelihood, out)
}

// likeness is the likelihood of a place by its own looks and, where they do not suffice,
// by the words before it, or by those of whoever goes there. Priors, from the tuning sets.
func likeness(place *address.Place, before func(words []string, reach int) bool, visited func() bool) float64 {
	const close, far = 14, 60
	both := place.Before && place.After
	switch {
	case place.Street == address.Strong && !place.Small:
		return 0.75
	case place.Unit && (both || place.Street > address.Unnamed || place.Code && !place.Small):
		return 0.7
	case place.Unit && place.Before && !place.Small:
		return 0.65
	case both && place.Code:
		return 0.65
	case (both || place.Street > address.Unnamed) && (before(homeWords, far) || before(placeWords, far)):
		return 0.7
	case both && place.Street > address.Unnamed && !place.Small:
		return 0.6
	case (!place.Small || both) && before(homeWords, close):
		return 0.6
	case place.Street >= address.Weak && place.Before && !place.Small && visited():
		return 0.6
	}
	return 0
}

// blockShape is a Japanese address: town, district, block and house.
var blockShape = regexp.MustCompile(`(?:\p{Han}{1,12}\d{1,2}丁目\d{1,3}(?:番地?|[-の])(?:\d{1,3}号?)?|\d{1,2}[ -]?chome[ -]\d{1,3}[ -]\d{1,3}|\d{1,2}-\d{1,3}-\d{1,3},? \p{Lu}\p{L}+-?(?:cho|machi)\b)`)

// block reports an address that counts blocks.
func block(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Folded, h.Span, 48, 30)
	at := blockShape.FindIndex(window)
	if at == nil {
		return out
	}
	return addAddress(p, detect.Span{Start: offset + at[0], End: offset + at[1]}, 0.7, out)
}

var boxShape = regexp.MustCompile(`(?i)(\b\d{1,5} )?\z`)

var boxTail = regexp.MustCompile(`(?i)\A\.? ?\d{1,6}\b(?: \p{L}+){0,3}[,\s>]{0,6}(?:(?:apt|suite)\.? \d{1,5})?`)

// postBox reports a box at a post office with a house number, a flat or a word for a home
// around it; a box alone is a company's.
func postBox(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	tail := boxTail.FindIndex(text[h.End:min(len(text), h.End+80)])
	if tail == nil {
		return out
	}
	before, offset := part.Around(text, detect.Span{Start: h.Start, End: h.Start}, 7, 0)
	head := boxShape.FindIndex(before)
	context, _ := part.Around(p.Text.Folded, detect.Span{Start: h.Start, End: h.Start}, 14, 0)
	if head[0] == head[1] && !unitInside.Match(text[h.End:h.End+tail[1]]) && !part.Has(context, homeWords) {
		return out
	}
	return addAddress(p, detect.Span{Start: offset + head[0], End: h.End + tail[1]}, 0.7, out)
}

var unitInside = regexp.MustCompile(`(?i)\b(?:apt|suite)\b`)

var militaryBox = regexp.MustCompile(`(?i)(?:(?:psc|unit|cmr) \d{3,5},? box \d{1,5}|us(?:s|ns|nv|cgc) [\p{L}-]{2,24})\s+\z`)

var militaryCode = regexp.MustCompile(`\A[aep] \d{5}`)

// military reports the box of a post office of the forces.
func military(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	before, offset := part.Around(p.Text.Clean, detect.Span{Start: h.Start, End: h.Start}, 40, 0)
	at := militaryBox.FindIndex(before)
	if at == nil {
		return out
	}
	end := h.End
	if code := militaryCode.FindIndex(p.Text.Folded[end:min(len(p.Text.Folded), end+7)]); code != nil {
		end += code[1]
	}
	return addAddress(p, detect.Span{Start: offset + at[0], End: end}, 0.75, out)
}

var monthWord = regexp.MustCompile(`\b` + month + ` \d{1,2}\b`)

// addAddress reports an address; where people are asked to come it is nobody's home.
func addAddress(p *detect.Post, span detect.Span, likelihood float64, out []detect.Finding) []detect.Finding {
	if monthWord.Match(p.Text.Folded[span.Start:span.End]) {
		return out // "Irving Plaza July 21" is a concert
	}
	if part.Official(p) || open(p.Text.Folded, span) && !resident(p, span) {
		likelihood = 0.25
	}
	return append(out, finding("pii.address", "street-address", "Street address", 3, likelihood, span, nil,
		"A house number and a street stand in the post."))
}

// open tells whether the words around an address, not those of it, ask people to come or
// to write to a company there. Somebody's home stays one.
func open(text []byte, span detect.Span) bool {
	before, after := beside(text, span)
	if promoted(before, after) {
		return true
	}
	return (part.Has(before, publicPlaces) || part.Has(after, publicPlaces)) && !part.Has(before, livingWords) && !part.Has(after, livingWords)
}

// promoted tells whether the words around an address ask people to come.
func promoted(before, after []byte) bool {
	return part.Has(before, promotions) || part.Has(after, promotions)
}

// beside is what stands around an address, without it.
func beside(text []byte, span detect.Span) (before, after []byte) {
	before, _ = part.Around(text, detect.Span{Start: span.Start, End: span.Start}, 120, 0)
	after, _ = part.Around(text, detect.Span{Start: span.End, End: span.End}, 0, 100)
	return before, after
}

var livingWords = []string{"flat", "my ex", "her ex", "my nan", "my gran", "my mum", "my aunt", "my neighbour", "my neighbor", "deliver it", "meine oma", "ma tante", "mamie", "mi abuela", "mia nonna", "minha avó", "home", "lives", "live at", "living at", "house", "her address", "his address", "my address"}
