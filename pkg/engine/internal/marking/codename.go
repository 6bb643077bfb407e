package marking

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/insider"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// workWords stand beside a code name and seldom beside the everyday word that it also is.
var workWords = []string{
	"launch", "launches", "launching", "rollout", "roll out", "go live", "go-live", "goes live", "cutover", "ship", "ships", "shipping", "release", "releases", "deadline",
	"milestone", "green light", "greenlit", "budget", "sprint", "deck", "pricing", "price", "lands", "opens", "project", "build", "uploader", "pipeline", "migration",
	"branch", "branches", "beta", "pilot", "filing", "phase", "reveal", "routes", "route", "deal", "merger", "acquisition", "they said yes", "a share", "board", "team",
	"roadmap", "prototype", "spec", "record system", "system", "platform", "stakeholders", "kick-off", "kickoff", "signed off", "customers", "rename",
	"something called", "codenamed", "internally", "standup", "stand-up", "demo", "retro", "steerco", "steering committee", "go/no-go", "workstream", "backlog", "playtest", "dress rehearsal", "launch day",
}

// gatherings stand right behind the name of a project and seldom behind a thing.
var gatherings = []string{
	"standup", "stand-up", "demo", "demos", "sync", "retro", "review", "kickoff", "kick-off", "steerco", "steering", "go/no-go", "cutover", "go-live", "rollout", "roll-out", "sprint", "backlog", "workstream",
	"migration", "prototype", "spec", "deck", "launch", "playtest", "build", "beta", "milestone", "deadline", "meeting", "offsite", "crunch", "pilot", "war", "release", "budget", "folks", "team",
}

// toil is what a project takes from those who work on it.
var toil = []string{"weekend", "weekends", "my life", "evenings", "sleep", "hours", "overtime", "all-nighter", "all nighter", "another week", "more weeks", "months late", "weeks late"}

// everydayWords stand beside the everyday word.
var everydayWords = []string{
	"bought", "garden", "gardens", "painted", "painting", "hike", "hiked", "trail", "walk", "walked", "climbed", "beach", "lake", "bird", "birds", "flower", "flowers", "season", "cooked", "recipe", "baked", "gloves", "dog", "dogs",
	"kids", "song", "album", "band", "novel", "film", "movie", "episode", "game night", "chess", "museum", "pub", "restaurant", "holiday", "holidays", "zoo", "farm", "fabric", "sewing", "perfume", "paint", "sofa", "yarn", "beer", "wine", "cheese",
}

// planBias is the log-odds that a code name adds to what is told beside it; a prior.
const planBias = 1.2

// NewCodenames builds the detector for a brand's code names. Names with a blank, figure
// or hyphen speak for themselves; a single word must stand as a name does. The brand's own
// people also call "Project Heron" Heron.
func NewCodenames(names []string) detect.Detector {
	var parts []part.Part
	for _, name := range names {
		if name == "" {
			continue
		}
		for _, spelling := range spellings(name) {
			parts = append(parts, newCodename(spelling, "").part())
		}
		if prefix, rest, ok := strings.Cut(name, " "); ok && len(rest) >= minShort && slices.Contains(prefixes, strings.ToLower(prefix)) {
			parts = append(parts, newCodename(rest, strings.ToLower(prefix)+" ").part())
		}
	}
	return part.Join("codename", Version, parts)
}

// spellings are the name and, where it is letters and a figure, the ways in which people
// join them: "ZV-118", "zv 118", "ZV118".
func spellings(name string) []string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == ' ' })
	if len(words) != 2 || len(words[0])+len(words[1]) < minShort-1 || !strings.ContainsAny(words[1], "0123456789") {
		return []string{name}
	}
	return []string{words[0] + "-" + words[1], words[0] + " " + words[1], words[0] + words[1]}
}

// prefixes tell that a name is a project's; people leave them out.
var prefixes = []string{"project", "operation", "programme", "program", "projekt", "projet", "proyecto", "projeto", "progetto"}

// minShort is the length, in bytes, from which a name is looked for without its prefix.
const minShort = 4

// codename is a name of the brand's list. A distinct one is no single word; one of words
// only may also be said of things, where it has small letters. prefix, with its blank, is
// what a short form leaves out.
type codename struct {
	name, prefix    string
	distinct, words bool
}

func newCodename(name, prefix string) codename {
	return codename{name: name, prefix: prefix, distinct: strings.ContainsAny(name, " -0123456789"), words: wordsOnly(strings.ToLower(name))}
}

func (c codename) part() part.Part {
	return part.Part{Literals: []string{strings.ToLower(c.name)}, Verify: c.verify}
}

// wordsOnly tells a folded name of several words that nothing marks as a project's.
func wordsOnly(folded string) bool {
	return !strings.ContainsAny(folded, "0123456789") && !strings.Contains(folded, "project") && !strings.Contains(folded, "operation")
}

func (c codename) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	if !p.Text.Word(h.Span) || part.Official(p) {
		return out
	}
	if c.prefix != "" {
		return c.short(p, h.Span, out)
	}
	if p.Plain {
		return c.report(p, h.Span, disguisedName, out)
	}
	return c.report(p, h.Span, c.likelihood(p, h.Span), out)
}

// short reports a name without its prefix where one of the brand's own people uses it as a
// name.
func (c codename) short(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	if !p.Insider || bytes.HasSuffix(p.Text.Folded[:span.Start], []byte(c.prefix)) {
		return out
	}
	if l := c.likelihood(p, span); l >= 0.5 {
		return c.report(p, span, l, out)
	}
	return out
}

// disguisedName is the likelihood of a name that was written in disguise: nobody writes
// the everyday word so. A prior, from the tuning set.
const disguisedName = 0.85

// likelihood is that of a name; an everyday use of the word stays below 0.5.
func (c codename) likelihood(p *detect.Post, span detect.Span) float64 {
	text, rest := p.Text.Clean, p.Text.Folded[span.End:]
	window, _ := part.Around(p.Text.Folded, span, 160, 160)
	work, everyday := part.Has(window, workWords), part.Has(window, everydayWords)
	small := bytes.Equal(text[span.Start:span.End], p.Text.Folded[span.Start:span.End])
	switch {
	case c.distinct && c.words && small && !c.written(text, span):
		return smallName(work && p.Insider && !everyday)
	case c.distinct && p.Insider:
		return 0.93
	case c.distinct && work, !p.Insider && c.written(text, span) && called(p.Text.Folded[:span.Start]):
		return 0.7
	case c.distinct:
		return 0.5
	case small && p.Insider && !everyday && (gathering(rest) || (work || part.Has(window, toil)) && actor(rest) && sentenceStart(text, span.Start)):
		return 0.6
	case !c.written(text, span) || otherName(text[span.End:]):
		return 0.2
	case p.Insider && work:
		return 0.88
	case everyday:
		return 0.3
	case p.Insider && (!sentenceStart(text, span.Start) || actor(rest) || gathering(rest)):
		return 0.7
	case work && !sentenceStart(text, span.Start):
		return 0.5
	}
	return 0.25
}

// called tells whether what stands before a name calls it a project.
func called(before []byte) bool {
	before = bytes.TrimRight(before, " \"'")
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return bytes.HasSuffix(before, []byte(prefix)) })
}

// written tells whether the name stands as on the list, or in capitals among small letters.
func (c codename) written(text []byte, span detect.Span) bool {
	name := string(text[span.Start:span.End])
	if name == c.name {
		return true
	}
	around, _ := part.Around(text, span, 24, 24)
	return name == strings.ToUpper(c.name) && bytes.ContainsFunc(around, unicode.IsLower)
}

// smallName is the likelihood of a name of several words in small letters. Priors.
func smallName(work bool) float64 {
	if work {
		return 0.7
	}
	return 0.3
}

func (c codename) report(p *detect.Post, span detect.Span, likelihood float64, out []detect.Finding) []detect.Finding {
	out = append(out, finding("codename", "codename", "Internal code name", 4, likelihood, span, lawCite,
		"A name from the brand's list of internal projects, used as a name."))
	if p.Insider && likelihood >= 0.7 {
		out = c.plan(p, span, out)
	}
	return out
}

// plan reports what is told beside a code name: a claim, or else that a time is named.
func (c codename) plan(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	before := len(out)
	out = insider.Beside(p, span, planBias, out)
	if at, ok := insider.Planned(p, span); ok && len(out) == before {
		out = append(out, finding("roadmap", "codename-plan", "Plan for an unannounced project", 4, 0.65, at, lawCite,
			"An insider says when or how a project will come out that bears an internal name."))
	}
	for i := before; i < len(out); i++ {
		out[i].Spans = append(out[i].Spans, span)
	}
	return out
}

// sentenceStart tells whether the word at i starts a sentence, where any word has a
// capital.
func sentenceStart(text []byte, i int) bool {
	before := bytes.TrimRight(text[:i], " \"'(")
	return len(before) == 0 || bytes.IndexByte([]byte(".!?:\n"), before[len(before)-1]) >= 0
}

// verbs are what a name without an article does or is; an everyday thing would have one.
var verbs = []string{
	"is", "was", "has", "had", "will", "won't", "isn't", "hasn't", "wasn't", "does", "doesn't", "goes", "went", "got", "gets", "just", "finally", "needs", "needed", "slips", "slipped",
	"moves", "moved", "starts", "started", "stays", "looks", "may", "might", "can", "can't", "cannot", "should", "would", "comes", "came", "makes", "made", "kills", "killed", "dies",
	"died", "replaces", "replaced", "brings", "lands", "landed", "launches", "ships", "opens", "ends", "begins", "saves", "cuts", "doubles", "runs", "works", "covers", "arrives", "leaves", "gives", "adds", "becomes", "costs", "eats", "ate", "beats", "passes", "passed", "fails", "failed", "hits", "misses", "missed", "keeps", "kept", "stops", "stopped", "takes", "took", "means", "meant", "feels", "felt", "ist", "wird", "kommt", "es", "va", "est", "sera", "wordt",
}

// actor tells whether a verb follows.
func actor(rest []byte) bool {
	if len(rest) > 2 && rest[0] == '\'' && rest[1] == 's' {
		return true
	}
	next, _, _ := bytes.Cut(bytes.TrimPrefix(rest, []byte(" ")), []byte(" "))
	return len(rest) > 0 && rest[0] == ' ' && slices.Contains(verbs, string(next))
}

// gathering tells whether a word of [gatherings] follows.
func gathering(rest []byte) bool {
	next, found := bytes.CutPrefix(rest, []byte(" "))
	word, _, _ := bytes.Cut(next, []byte(" "))
	return found && slices.Contains(gatherings, strings.TrimRight(string(word), ".,:;!?"))
}

// otherName tells whether another capitalized word follows: "Ochre Dusk" is a paint.
func otherName(rest []byte) bool {
	return len(rest) > 2 && rest[0] == ' ' && rest[1] >= 'A' && rest[1] <= 'Z' && rest[2] >= 'a' && rest[2] <= 'z'
}
