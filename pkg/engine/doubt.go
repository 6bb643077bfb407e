package engine

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	"github.com/earshot/earshot/pkg/engine/internal/voice"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Doubt is a mention that the engine is unsure of, as a second opinion may read it. It
// holds no secret, no identifier, and nobody's account or address.
type Doubt struct {
	BrandID string
	// Text is the redacted post without markup, with "@user" for each account but the
	// brand's, and for the author's name, and "http" for each address of a page.
	Text string
	// Who speaks: "own", "exec", "rep", "emp" or "paid" (domain guide 4).
	Who string
	// Industry is the brand's, empty where the configuration does not say.
	Industry string
	// Kinds are what may be asked, those of [OpinionKinds] that belong to a category in doubt
	// and that the source's terms do not forbid; at least one.
	Kinds []string
}

// termOpinion stands in terms for asking a second opinion at all.
const termOpinion = "second_opinion"

// OpinionKinds are the kinds that a second opinion can be asked about: what a text says,
// and not what a checksum or a list knows better.
func OpinionKinds() []string {
	var names []string
	for _, h := range paraphrase.Insiders {
		for _, k := range paraphrase.Kinds[h.From:h.To] {
			names = append(names, k.Name)
		}
	}
	return names
}

// Doubts returns the mentions of an event whose likelihood of leakage or compliance lies
// from from to to, both 0 to 1; judged is what Assess made of ev. There is none about the
// public, who cannot break a company's rules, about protected matter, for a brand that
// leaves the trained stage out, and where the source's terms name "second_opinion".
func (e *Engine) Doubts(ev *earshotv1.PostEvent, judged []*earshotv1.Assessment, from, to float64) []Doubt {
	var out []Doubt
	for _, a := range judged {
		heads := unsure(a, from, to)
		if len(heads) == 0 {
			continue
		}
		i := slices.IndexFunc(e.matcher.Brands(), func(b brand.Known) bool { return b.ID == a.GetBrandId() })
		if i < 0 || !e.modelled(i) || withheld(a) {
			continue
		}
		if d := e.doubt(ev.GetPost(), a.GetPost().GetText(), i, heads); d.Text != "" && len(d.Kinds) > 0 {
			out = append(out, d)
		}
	}
	return out
}

// unsure are the families of kinds whose category is in doubt.
func unsure(a *earshotv1.Assessment, from, to float64) []*paraphrase.Head {
	var heads []*paraphrase.Head
	for _, c := range a.GetCategories() {
		if l := c.GetLikelihood(); !(from <= l && l <= to) {
			continue
		}
		for h := range paraphrase.Insiders {
			if head := &paraphrase.Insiders[h]; head.Category == c.GetCategory() {
				heads = append(heads, head)
			}
		}
	}
	return heads
}

// withheld tells whether an assessment keeps something of its post back.
func withheld(a *earshotv1.Assessment) bool {
	return slices.ContainsFunc(a.GetCategories(), func(c *earshotv1.CategoryAssessment) bool {
		return slices.Contains(c.GetLevelReasons(), concealedReason)
	})
}

// doubt reads a post, whose redacted text it is given, for brand i. It has neither text
// nor kinds where nobody may be asked.
func (e *Engine) doubt(post *earshotv1.Post, redacted string, i int, heads []*paraphrase.Head) Doubt {
	known, terms := e.matcher.Brands()[i], e.terms[post.GetPlatform()]
	insider, _, who := e.speaker(post, e.person(post, i))
	d := Doubt{BrandID: known.ID, Who: who, Industry: known.Industry}
	if who == "pub" || terms.forbidden(termOpinion, !insider) {
		return d
	}
	d.Text = anonymous(plainly(redacted), post.GetAuthor(), known.Brand)
	for _, head := range heads {
		for _, k := range paraphrase.Kinds[head.From:head.To] {
			if !terms.forbidden(k.Name, !insider) {
				d.Kinds = append(d.Kinds, k.Name)
			}
		}
	}
	return d
}

// person is the author's entry in the register of brand i, nil where there is none.
func (e *Engine) person(post *earshotv1.Post, i int) *brand.Person {
	var people [2]brand.Person
	for _, p := range e.matcher.People(post, people[:0]) {
		if p.Brand == i {
			return &p
		}
	}
	return nil
}

// speaker tells from the author's entry in the register of a brand, nil where there is
// none, who speaks as far as the brand is concerned: whether one of its own, in what role
// and in whose voice.
func (e *Engine) speaker(post *earshotv1.Post, person *brand.Person) (insider bool, role, who string) {
	role = post.GetAuthor().GetRole()
	// Somebody else's employee is one of the public for this brand.
	insider = person != nil || post.GetKind() == earshotv1.PostKind_POST_KIND_EMPLOYEE && !e.registered(post)
	if person != nil && person.Role != "" {
		role = person.Role
	}
	return insider, role, voice.Of(insider, role, post.GetPaidLabel())
}

// plainly is a text without markup and invisible characters, in compatible letters, with
// one blank between words.
func plainly(s string) string {
	var read text.Text
	read.Reset(s)
	return strings.Join(strings.Fields(string(read.Clean)), " ")
}

var (
	anyAccount = regexp.MustCompile(`@[\p{L}\p{N}_][\p{L}\p{N}_.@-]*`)
	anyAddress = regexp.MustCompile(`(?i)\bhttps?://\S+`)
)

// Placeholders as models of tweets know them
// (https://huggingface.co/cardiffnlp/twitter-roberta-base-sentiment).
const (
	someUser    = "@user"
	someAddress = "http"
)

// anonymous returns a redacted text without the accounts of people, the author's name and
// addresses of pages.
func anonymous(s string, author *earshotv1.Author, of *brand.Brand) string {
	s = anyAddress.ReplaceAllLiteralString(s, someAddress)
	s = anyAccount.ReplaceAllStringFunc(s, func(handle string) string {
		own := func(h string) bool {
			return strings.EqualFold(strings.TrimPrefix(h, "@"), strings.Trim(handle, "@.-"))
		}
		if slices.ContainsFunc(of.Handles, own) || slices.ContainsFunc(of.Aliases, own) {
			return handle
		}
		return someUser
	})
	for _, name := range []string{author.GetName(), strings.TrimPrefix(author.GetHandle(), "@")} {
		s = withoutName(s, name)
	}
	return s
}

// minNameRunes is the length from which an author's name is looked for; shorter ones are
// parts of words.
const minNameRunes = 3

func withoutName(s, name string) string {
	// An expression of what is no UTF-8 would not compile.
	name = plainly(strings.ToValidUTF8(name, ""))
	if utf8.RuneCountInString(name) < minNameRunes || strings.EqualFold(name, "user") {
		return s
	}
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(name)).ReplaceAllLiteralString(s, someUser)
}
