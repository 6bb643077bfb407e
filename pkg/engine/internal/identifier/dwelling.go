package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// dwellings are homes that have a name or a place instead of a number.
var dwellings = []string{"cottage", "farm", "farmhouse", "bungalow", "vicarage", "rectory", "croft", "barn", "lodge", "houseboat", "caravan", "house"}

// dwelling is a home by its name, or by where it stands.
var dwelling = regexp.MustCompile(`\b(?:(?:[Tt]he )?[Ll]ast|[Ff]irst|[Ee]nd|[Oo]nly|[Cc]orner|[Nn]ext|\p{Lu}\p{L}+(?:'s)?)(?: \p{Lu}\p{L}+)? (?i:cottage|farm|farmhouse|bungalow|vicarage|rectory|croft|barn|lodge|houseboat|caravan|house)\b`)

// titled is a person by title and surname.
var titled = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Old Mr|Old Mrs)\.? (?:\p{Lu}\.? ){0,2}\p{Lu}\p{L}+`)

// workplaces tell a house where people work, eat or pray, folded.
var workplaces = []string{
	"farm shop", "farm visit", "farm manager", "works at", "teaches at", "wedding", "tour of", "auction", "opera house", "manor house", "white house", "town house", "custom house", "full house", "open house", "public house", "coffee house", "house wine", "house rules", "in house", "cottage cheese",
	"cottage pie", "wind farm", "solar farm", "dairy farm", "supplier", "suppliers", "grower", "growers", "milk from", "our house", "head office",
}

// namedHome reports a home without a number where an insider tells whose it is: a titled
// person stands close before it.
func namedHome(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const before, after = 70, 12
	if !p.Insider || part.Official(p) || !p.Text.Word(h.Span) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, before, after)
	person := titled.FindIndex(window)
	if person == nil {
		return out
	}
	at := dwelling.FindIndex(window[person[1]:])
	around, _ := part.Around(p.Text.Folded, h.Span, before, before)
	if at == nil || part.Has(around, workplaces) || open(p.Text.Folded, h.Span) {
		return out
	}
	start := offset + person[1]
	return append(out, finding("pii.address", "named-home", "Home of a named person", 3, 0.6, detect.Span{Start: start + at[0], End: start + at[1]}, nil,
		"A home that neighbors find by its name or its place stands beside a person's title and surname."))
}

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
