package brand

import (
	"fmt"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Matcher finds brands in posts. It is immutable and safe for concurrent use.
type Matcher struct {
	brands   []Known
	machine  *match.Machine
	uses     [][]use // by literal
	register map[account][]Person
}

// Known is a brand with what was derived from it.
type Known struct {
	*Brand
	// Version is a hash of its configuration, hex.
	Version string

	industry int32 // index of its context words
}

// Person is one of a brand's own accounts.
type Person struct {
	Brand    int // index in Brands
	ID, Role string
}

// officialRole is the role of a brand's own accounts.
const officialRole = "official brand account"

type account struct{ platform, handle string }

type clue uint8

const (
	clueHandle clue = iota
	clueDomain
	clueName
	clueAlias
	clueProduct
	clueContext
	clueExclusion
	clueCode
	clueCount
)

// use ties a literal to a brand, or, as clueContext, to an industry.
type use struct {
	of     int32
	clue   clue
	detail int32 // words of a name, literal of a code name
}

// New checks the brands, fills their defaults and compiles their names. codes gives the
// literals that a brand's code names are to be looked for by; their hits are part of a
// mention. The error names brand and field.
func New(brands []Brand, codes func(i int, b *Brand) []string) (*Matcher, error) {
	m := &Matcher{register: map[account][]Person{}}
	b := builder{m: m, industries: map[string]int32{"": 0}}
	b.context(0, everyIndustry)
	ids := map[string]bool{}
	for i := range brands {
		known := brands[i]
		if err := known.prepare(); err != nil {
			return nil, err
		}
		if ids[known.ID] {
			return nil, fmt.Errorf("brand %q: id: used twice", known.ID)
		}
		ids[known.ID] = true
		version, err := known.version()
		if err != nil {
			return nil, err
		}
		m.brands = append(m.brands, Known{&known, version, b.industry(known.Industry)})
		b.brand(int32(i), &known)
		for literal, text := range codes(i, &known) {
			b.add(text, use{int32(i), clueCode, int32(literal)})
		}
	}
	m.machine = b.set.Compile()
	return m, nil
}

// Brands are the brands in the order of their configuration.
func (m *Matcher) Brands() []Known { return m.brands }

type builder struct {
	m          *Matcher
	set        match.Set
	text       text.Text
	industries map[string]int32
}

// industry returns the number of an industry's words, which it adds once; 0 are the
// words of all.
func (b *builder) industry(name string) int32 {
	words := industries[name]
	if len(words) == 0 {
		return 0
	}
	i, ok := b.industries[name]
	if !ok {
		i = int32(len(b.industries))
		b.industries[name] = i
		b.context(i, words)
	}
	return i
}

func (b *builder) context(industry int32, words []string) {
	for _, w := range words {
		b.add(w, use{of: industry, clue: clueContext})
	}
}

func (b *builder) brand(i int32, known *Brand) {
	b.names(i, clueName, []string{known.Name})
	b.names(i, clueAlias, known.Aliases)
	b.names(i, clueProduct, known.Products)
	b.names(i, clueExclusion, known.Exclusions)
	b.names(i, clueDomain, known.Domains)
	for _, h := range known.Handles {
		b.handle(i, h)
	}
	for _, e := range known.Employees {
		key := account{strings.ToLower(e.Platform), bare(e.Handle)}
		b.m.register[key] = append(b.m.register[key], Person{int(i), e.ID, e.Role})
	}
}

func (b *builder) names(i int32, c clue, names []string) {
	for _, name := range names {
		if strings.HasPrefix(name, "@") && (c == clueAlias || c == clueName) {
			b.handle(i, name)
			continue
		}
		b.add(name, use{i, c, int32(len(strings.Fields(name)))})
	}
}

// handle adds an account of the brand: what it writes is the brand's own.
func (b *builder) handle(i int32, handle string) {
	b.add("@"+bare(handle), use{i, clueHandle, 1})
	key := account{"", bare(handle)}
	b.m.register[key] = append(b.m.register[key], Person{Brand: int(i), Role: officialRole})
}

func (b *builder) add(literal string, u use) {
	b.text.Reset(literal)
	if len(b.text.Folded) == 0 {
		return
	}
	id := b.set.Add(string(b.text.Folded))
	if int(id) == len(b.m.uses) {
		b.m.uses = append(b.m.uses, nil)
	}
	b.m.uses[id] = append(b.m.uses[id], u)
}

// bare is a handle without its "@", in lower case.
func bare(handle string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
}
