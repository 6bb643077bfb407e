package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// plots lead to a home that is told by the number of each part of a town, as in South Asia,
// Africa and the Gulf.
var plots = []string{"house ", "h.no", "h no", "h. no", "flat ", "villa ", "plot ", "door no", "stand ", "erf ", "blk ", "block ", "casa ", "apto ", "depto ", "manzana ", "mz ", "quadra "}

// plotShape is the home with its number and at most two words behind, then a part of a town
// with its own: "House 14, Road 7", "H.No. 4-7-112, 2nd Floor", "Plot 22 Block C".
var plotShape = regexp.MustCompile(`(?i)\A(?:h\.? ?no|house|flat|villa|plot|door|stand|erf|blk|block|casa|apto|depto|manzana|mz|quadra)\.?(?: no\.?| number)?:? ?#?\d[\w/-]{0,9}(?:,| ,)? (?:(?:[\p{L}.]{1,16} ){0,2}[\p{L}.]{1,16}, )?` +
	`(?:(?:road|rd|street|sector|block|phase|lane|cross|main|tower|wing|galli|extension|section|unit|zone)\.?(?: no\.?)? ?(?:\d{1,4}|[A-Z])\b|\d{1,2}(?:st|nd|rd|th) (?:floor|cross|main|street)\b|[A-Z] (?:wing|block)\b|#\d{2}-\d{2,4}|(?:\p{L}{2,16} ){1,2}(?:nagar|colony|layout|enclave|estate)\b|(?:condominio|condomínio|conjunto|urbanización|fraccionamiento|colonia) \p{Lu}\p{L}+)`)

// plot reports a home by the numbers of its parts of a town.
func plot(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const longest = 90
	text := p.Text.Clean
	if h.Start > 0 && part.Alnum(text[h.Start-1]) {
		return out
	}
	at := plotShape.FindIndex(text[h.Start:min(len(text), h.Start+longest)])
	if at == nil {
		return out
	}
	return addAddress(p, detect.Span{Start: h.Start, End: h.Start + at[1]}, 0.65, out)
}

// quarters end the names of parts of Indian towns.
var quarters = []string{" nagar", " vihar", " colony", " enclave", " puram"}

// quarterShape is a house by a letter and a number, at most one part between, and the part
// of the town: "C-42, Second Floor, Lajpat Nagar".
var quarterShape = regexp.MustCompile(`(?i)\b[A-Z]-?\d{1,4}(?:/\d{1,4})?, (?:[\p{L}\d ]{2,20}, )?(?:\p{L}+ ){1,2}(?:nagar|vihar|colony|enclave|puram)\z`)

// quarter reports a home by its letter, its number and its part of an Indian town.
func quarter(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const longest = 64
	window, offset := part.Around(p.Text.Clean, detect.Span{Start: h.End, End: h.End}, longest, 0)
	at := quarterShape.FindIndex(window)
	if at == nil {
		return out
	}
	return addAddress(p, detect.Span{Start: offset + at[0], End: h.End}, 0.65, out)
}
