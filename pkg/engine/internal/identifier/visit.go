package identifier

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// visitWords are those of whoever comes to a home, waits there for a parcel or tells who
// lives there.
var visitWords = []string{
	"deliver", "delivered", "delivering", "delivery", "deliveries", "parcel", "parcels", "package", "packages", "courier", "driver", "rider", "postie", "postman", "round", "knock", "knocked", "doorbell", "top bell", "buzzer", "intercom",
	"gate code", "neighbour", "neighbours", "neighbor", "neighbors", "meter", "letterbox", "doorstep", "front door", "side gate", "porch", "leave it", "leave with", "left it", "drop it", "swore at me", "house number", "lives", "i live", "we live", "moved in", "next door",
	"livreur", "colis", "paket", "bote", "paquete", "repartidor", "pacco", "corriere", "pakket", "bezorger", "encomenda", "estafeta",
}

// visitReach is how many bytes from an address those words may stand.
const visitReach = 80

var (
	// placeHead is what leads to an address in a sentence, townTail a town behind one.
	placeHead = regexp.MustCompile(`\b(?:at|of|from|near|outside|opposite) \z`)
	townTail  = regexp.MustCompile(`\A(?:,|\n) ?\p{Lu}\p{Ll}+`)
)

// come tells whether the words around an address are of people who know it as a home.
func come(p *detect.Post, span detect.Span) bool {
	before, _ := part.Around(p.Text.Folded, detect.Span{Start: span.Start, End: span.Start}, visitReach, 0)
	after, _ := part.Around(p.Text.Folded, detect.Span{Start: span.End, End: span.End}, 0, visitReach)
	return part.Has(before, visitWords) || part.Has(after, visitWords)
}

// visited tells whether a house number and a name are a home by who comes there, or by the
// town or the person beside them. A doubtful word for a street needs a word that leads to
// it as well: "bought 3 Garden Path lights, quick delivery".
func visited(p *detect.Post, span detect.Span, doubtful bool) bool {
	clean := p.Text.Clean
	before, _ := part.Around(clean, detect.Span{Start: span.Start, End: span.Start}, visitReach, 0)
	led, town := placeHead.Match(before), townTail.Match(clean[span.End:min(len(clean), span.End+40)])
	switch {
	case come(p, span):
		return led || !doubtful
	case !doubtful && (town || led && p.Insider):
		return true
	}
	return led && (town || titled.Match(before))
}
