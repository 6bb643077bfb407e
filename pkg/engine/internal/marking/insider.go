package marking

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// secrecyWords are what people say when they know that they should not say it.
var secrecyWords = []string{
	"shhh", "shh ", "can't say", "cant say", "can't tell you yet", "can't name", "not supposed to", "shouldn't say", "shouldn't be saying", "shouldn't be posting", "said too much",
	"get fired", "don't tell", "dont tell", "keep it quiet", "keep this quiet", "between us", "between you and me", "under embargo", "embargoed", "before the announcement",
	"hasn't been announced", "not announced", "not on the wire", "announce it on", "lo annunciano", "wird erst noch", "unannounced", "not public yet", "isn't public yet", "before it's public", "allowed to say", "lawyers say", "sit on it",
	"press day", "before the press release", "discreción", "no se lo digas", "nobody has told", "no idea yet", "borro esto", "delete this", "screenshot this",
	"when their lawyers", "what you will", "didn't hear it from me", "didn't hear this from me", "off the record", "rich on paper", "friend at head office", "my cousin is in",
	"not out yet", "psst", "niet doorvertellen", "noch nicht öffentlich", "pas encore annoncé", "ancora segreto", "ainda não foi anunciado", "anunciarlo", "内緒", "まだ言えない",
}

// topic is what an insider may tell: a kind of finding and how it is talked about.
type topic struct {
	kind, rule, title string
	severity          int
	shape             *regexp.Regexp
	cite              string
}

var topics = []topic{
	{
		"financials", "unpublished-figures", "Unpublished results or deal", 5,
		regexp.MustCompile(`\b(?:quarter|q[1-4]|earnings|revenue|margin|profit|provision|guided|guidance|term sheet|ink is|acqui\w+|merger|takeover|due diligence|per share|a share|valuation|funding round|quartal|trimestre|umsatz)\b`),
		marketCite,
	},
	{
		"customer", "unannounced-customer", "Customer or partner not yet public", 4,
		regexp.MustCompile(`\b(?:signed|onboarded|firmamos|firmado|signé|unterschrieben|client|cliente|customer|kunde|contract|moving (?:its|their)|logo goes|licensing team|wants \d+|partnership|won the|pitch)\b`),
		lawCite,
	},
	{
		"roadmap", "unannounced-plan", "Unannounced product, price or date", 4,
		regexp.MustCompile(`\b(?:launch\w*|out (?:in|the first|on)|release\w*|prototype|proofs|version|reveal|price|pricing|opens|cutover|slips|\d+% (?:off|from)|from \d|from (?:january|february|march|april|june|july|august|september|october|november|december)|spring|next (?:month|week|year)|new (?:model|app|site|range|store|flavour)|filing)\b`),
		lawCite,
	},
}

// publicWords tell what everybody may know already.
var publicWords = []string{
	"results are out", "investor page", "investor relations", "press release below", "published", "it's official", "announced today", "as announced", "public filing", "case study",
	"household", "my model", "street is", "on the website", "open today", "nobody leaked",
}

// told reports what an insider tells with a word for secrecy, or what somebody outside
// tells from inside.
func told(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if part.Official(p) || !p.Insider && !secondHand(p.Text.Folded[h.Start:h.End]) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, h.Span, 400, 300)
	if part.Has(window, publicWords) {
		return out
	}
	for i := range topics {
		if t := &topics[i]; t.shape.Match(window) {
			out = append(out, finding(t.kind, t.rule, t.title, t.severity, 0.65, h.Span, t.cite,
				"The author says that it must not be told, and tells it."))
		}
	}
	return out
}

// under reports what a post quotes from below a marking.
func under(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Folded, detect.Span{Start: span.End, End: span.End}, 0, 240)
	for i := range topics {
		t := &topics[i]
		if at := t.shape.FindIndex(window); at != nil {
			out = append(out, finding(t.kind, t.rule, t.title, t.severity, 0.6, detect.Span{Start: offset + at[0], End: offset + at[1]}, t.cite,
				"It is quoted from below a confidentiality marking."))
		}
	}
	return out
}

func secondHand(words []byte) bool {
	return string(words) == "my cousin is in" || string(words) == "friend at head office" || string(words) == "what you will"
}

var resultShape = regexp.MustCompile(`\b(?:under|below|over|above|missed|miss|beat|ahead of|short of|behind|down|up)\b[^.!?]{0,30}\b(?:plan|target|guidance|forecast|budget|expectations|quota|consensus)\b`)

// results reports an insider's word on how a period went against its plan.
func results(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Insider || part.Official(p) {
		return out
	}
	window, _ := part.Around(p.Text.Folded, h.Span, 160, 160)
	if !resultShape.Match(window) || part.Has(window, publicWords) {
		return out
	}
	return append(out, finding("financials", "period-against-plan", "Results before they are published", 5, 0.7, h.Span, marketCite,
		"An insider says how the period went against its plan."))
}
