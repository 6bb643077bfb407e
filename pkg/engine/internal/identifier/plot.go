package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// plots lead to a home that is told by the number of each part of a town, as in South Asia,
// Africa and the Gulf.
var plots = []string{"house ", "h.no", "h no", "h. no", "flat ", "villa ", "plot ", "door no", "stand ", "erf ", "blk ", "block "}

// plotShape is the home with its number and at most two words behind, then a part of a town
// with its own: "House 14, Road 7", "H.No. 4-7-112, 2nd Floor", "Plot 22 Block C".
var plotShape = regexp.MustCompile(`(?i)\A(?:h\.? ?no|house|flat|villa|plot|door|stand|erf|blk|block)\.?(?: no\.?| number)?:? ?#?\d[\w/-]{0,9}(?:,| ,)? (?:(?:[\p{L}.]{1,16} ){0,2}[\p{L}.]{1,16}, )?` +
	`(?:(?:road|rd|street|sector|block|phase|lane|cross|main|tower|wing|galli|extension|section|unit|zone)\.?(?: no\.?)? ?(?:\d{1,4}|[A-Z])\b|\d{1,2}(?:st|nd|rd|th) (?:floor|cross|main|street)\b|[A-Z] (?:wing|block)\b|#\d{2}-\d{2,4}|(?:\p{L}{2,16} ){1,2}(?:nagar|colony|layout|enclave|estate)\b)`)

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
