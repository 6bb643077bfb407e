package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// dwellings are homes that have a name or a place instead of a number.
var dwellings = []string{"cottage", "farm", "farmhouse", "bungalow", "vicarage", "rectory", "croft", "barn", "lodge", "houseboat", "caravan", "house", "forge", "granary", "schoolhouse", "toll house", "gatehouse"}

// dwelling is a home by its name, or by where it stands.
var dwelling = regexp.MustCompile(`\b(?:(?:[Tt]he )?[Ll]ast|[Ff]irst|[Ee]nd|[Oo]nly|[Cc]orner|[Nn]ext|\p{Lu}\p{L}+(?:'s)?)(?: \p{Lu}\p{L}+)? (?i:cottage|farm|farmhouse|bungalow|vicarage|rectory|croft|barn|lodge|houseboat|caravan|house|forge|granary|schoolhouse|toll house|gatehouse)\b`)

// titled is a person by title and surname.
var titled = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Old Mr|Old Mrs)\.? (?:\p{Lu}\.? ){0,2}\p{Lu}\p{L}+`)

// workplaces tell a house where people work, eat or pray, folded.
var workplaces = []string{
	"farm shop", "farm visit", "farm manager", "works at", "teaches at", "wedding", "tour of", "auction", "opera house", "manor house", "white house", "town house", "custom house", "full house", "open house", "public house", "coffee house", "house wine", "house rules", "in house", "cottage cheese",
	"cottage pie", "wind farm", "solar farm", "dairy farm", "supplier", "suppliers", "grower", "growers", "milk from", "our house", "head office", "roast", "roasts", "sunday lunch", "menu", "pint", "tea room", "holiday let", "b&b", "book a table", "pub", "washington",
}

// namedHome reports a home without a number: where an insider tells whose it is, a titled
// person close before it, or where a town stands behind it and people come with parcels.
func namedHome(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const before, after = 70, 30
	if part.Official(p) || !p.Text.Word(h.Span) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, before, after)
	from := 0
	if person := titled.FindIndex(window); p.Insider && person != nil {
		from = person[1]
	}
	around, _ := part.Around(p.Text.Folded, h.Span, before, before)
	if from == 0 && (!townTail.Match(window[h.End-offset:]) || !dwelt(p, h.Span, around)) {
		return out
	}
	at := lastBefore(dwelling.FindAllIndex(window[from:], 3), h.End-offset-from)
	if at == nil || part.Has(around, workplaces) || open(p.Text.Folded, h.Span) {
		return out
	}
	start := offset + from
	return append(out, finding("pii.address", "named-home", "Home of a named person", 3, 0.6, detect.Span{Start: start + at[0], End: start + at[1]}, nil,
		"A home that neighbors find by its name or its place stands beside a person, or a town and who delivers there."))
}

// lastBefore is the last of the places that end at byte end; nil for none.
func lastBefore(places [][]int, end int) []int {
	for _, at := range places {
		if at[1] == end {
			return at
		}
	}
	return nil
}

// houseShape is the name of a house, a street and a town without a number: "Elm Bank,
// Station Road, Corfe".
var houseShape = regexp.MustCompile(`((?:\p{Lu}[\p{L}'’]+ ){0,2}\p{Lu}[\p{L}'’]+, (?:\p{Lu}[\p{L}'’]+ ){1,2}(?:Road|Lane|Street|Hill|Green)), \p{Lu}\p{Ll}+`)

// houseOnStreet reports a house that has a name and stands on a street, where the words say
// that somebody lives there.
func houseOnStreet(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const before, after = 70, 20
	window, offset := part.Around(p.Text.Clean, h.Span, before, after)
	at := houseShape.FindSubmatchIndex(window)
	if at == nil {
		return out
	}
	span := detect.Span{Start: offset + at[2], End: offset + at[3]}
	if head, _ := part.Around(p.Text.Folded, detect.Span{Start: span.Start, End: span.Start}, 60, 0); !part.Has(head, homeWords) && !dwelt(p, span, head) {
		return out
	}
	return addAddress(p, span, 0.6, out)
}

// dwelt tells whether somebody comes to the home at span, or an insider has it from a file
// that near speaks of.
func dwelt(p *detect.Post, span detect.Span, near []byte) bool {
	return come(p, span) || p.Insider && part.Has(near, fileWords)
}

// fileWords tell where an insider has an address from.
var fileWords = []string{"our system", "in the system", "on file", "on the order", "on the form", "on record", "her account", "his account", "customer", "unlisted"}

// residentShape is a first name and a surname that an address follows: "Ada Finch of ".
var residentShape = regexp.MustCompile(`\b\p{Lu}\p{Ll}+ (?:\p{Lu}\p{Ll}+[ -])?\p{Lu}[\p{L}'’]+,? (?:of|from) \z`)

// resident tells whether an insider names right before an address who lives there: then
// the shop that the post speaks of is another place. A shop's own name is none.
func resident(p *detect.Post, span detect.Span) bool {
	const reach = 50
	if !p.Insider || promoted(beside(p.Text.Folded, span)) {
		return false
	}
	before, offset := part.Around(p.Text.Clean, detect.Span{Start: span.Start, End: span.Start}, reach, 0)
	at := residentShape.FindIndex(before)
	if at == nil {
		return false
	}
	name := p.Text.Folded[offset+at[0] : offset+at[1]]
	return !part.Has(name, publicPlaces)
}
