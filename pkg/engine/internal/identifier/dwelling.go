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
