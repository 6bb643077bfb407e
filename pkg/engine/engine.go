// Package engine judges posts: whom they concern, what they give away, break or
// stir up, how likely a reviewer would agree and how bad it would be.
//
// It is one door to a tree of small packages: New compiles brands and packs, Assess
// judges one post event. It does no I/O, keeps no state between posts and never gives
// a secret or an identifier out in clear. Guarantee: the same event, brands, packs and
// engine version give the same assessments, byte for byte, but for the time given.
package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/earshot/earshot/pkg/engine/index"
	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/decode"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/marking"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Version is part of every assessment's identity; it changes with every change that
// can change a judgement.
const Version = "0.3.0"

// Likely is the likelihood, 0 to 1, from which a reviewer should see a finding or a
// category.
const Likely = risk.Likely

// The shape of a brand in configuration.
type (
	// Brand is whom we listen for.
	Brand = brand.Brand
	// Employee is one account of a brand's opt-in register.
	Employee = brand.Employee
	// Tolerance holds a brand's limits by category.
	Tolerance = brand.Tolerance
	// Published is what is public from a day on.
	Published = brand.Published
	// Blackout is a time before results in which nobody may speak of them.
	Blackout = brand.Blackout
	// Limits are the three cut points of a category, scores from 0 to 100.
	Limits = risk.Limits
)

// Options are what an engine judges by.
type Options struct {
	Brands []Brand
	// Packs are the policy packs; see BuiltinPacks and LoadPacks.
	Packs []Pack
	// Terms are what the sources' terms forbid, by platform; none forbids nothing.
	Terms map[string]Terms
	// Key keys the fingerprints of secrets and identifiers. Keep it secret and the same:
	// fingerprints of different keys never meet. At least 16 bytes.
	Key []byte
	// Indexes hold what the brands must not see in public; made with Key.
	Indexes []Index
	// RulesOnly leaves out the trained stage, as to measure what it adds.
	RulesOnly bool
}

// Engine judges posts. It is immutable and safe for concurrent use.
type Engine struct {
	*compiled

	matcher  *brand.Matcher
	codes    []detect.Detector   // by brand: of its code names
	packs    []map[string]bool   // by brand: the packs that apply, nil for all
	versions []map[string]string // by brand: of those packs, the detectors and the indexes
	served   [][]*index.Index    // by brand: the indexes to ask
	belief   brand.Belief
}

// compiled is what engines with different brands share.
type compiled struct {
	key       []byte
	machine   *match.Machine
	rules     *pack.Rules
	names     map[string]string // version by pack and detector
	isPack    map[string]bool
	terms     map[string]Terms // by platform
	detectors []detect.Detector
	uses      [][]detectorUse // by literal
	// announced tells by literal what it is a sign of, 0 for nothing.
	announced []uint8
	numbers   bool // some detector wants numbers
	sentiment *sentiment.Analyzer
	indexes   []openIndex
	model     *paraphrase.Model // nil where rules alone judge
	scratch   sync.Pool
}

type detectorUse struct {
	detector, literal int32
}

// New compiles an engine. An error names the brand, or the pack's file, rule and field;
// the start-up should end with it.
func New(o Options) (*Engine, error) {
	if len(o.Key) < 16 {
		return nil, errors.New("engine: key for fingerprints: at least 16 bytes")
	}
	if err := checkTerms(o.Terms); err != nil {
		return nil, err
	}
	c, err := compile(o.Packs, slices.Clone(o.Key))
	if err != nil {
		return nil, err
	}
	if c.terms = maps.Clone(o.Terms); len(c.terms) > 0 {
		c.names["terms"] = termsVersion(c.terms)
	}
	if err := c.openIndexes(o.Indexes); err != nil {
		return nil, err
	}
	if !o.RulesOnly {
		if err := c.addModel(); err != nil {
			return nil, err
		}
	}
	e, err := c.engine(o.Brands, brand.BeliefNone)
	if err != nil {
		return nil, err
	}
	return e, e.checkIndustries(o.Packs)
}

// ForBrand returns an engine for posts that were collected for one brand, by the same
// packs and key. A post that does not name the brand counts as meant for it; one that
// does is weighed, as its name may mean something else, unless assumeMatch says that
// there is no doubt. Nothing is compiled but the names of the brand, in a tenth of a
// millisecond.
func (e *Engine) ForBrand(b Brand, assumeMatch bool) (*Engine, error) {
	belief := brand.BeliefCollected
	if assumeMatch {
		belief = brand.BeliefAssumed
	}
	return e.engine([]Brand{b}, belief)
}

// Brands returns the ids of the brands in the order of the configuration.
func (e *Engine) Brands() []string {
	var ids []string
	for _, b := range e.matcher.Brands() {
		ids = append(ids, b.ID)
	}
	return ids
}

func (c *compiled) engine(brands []Brand, belief brand.Belief) (*Engine, error) {
	e := &Engine{compiled: c, belief: belief, codes: make([]detect.Detector, len(brands))}
	matcher, err := brand.New(brands, func(i int, b *Brand) []string {
		e.codes[i] = marking.NewCodenames(b.CodeNames)
		return e.codes[i].Literals
	})
	if err != nil {
		return nil, err
	}
	e.matcher = matcher
	for _, b := range matcher.Brands() {
		applied, versions, err := c.applied(b.Packs)
		if err != nil {
			return nil, fmt.Errorf("brand %q: %w", b.ID, err)
		}
		e.packs = append(e.packs, applied)
		e.versions = append(e.versions, versions)
		e.served = append(e.served, c.indexesOf(b.ID))
	}
	return e, nil
}

// applied returns the packs of a brand as a set, nil for all, and their versions.
func (c *compiled) applied(names []string) (map[string]bool, map[string]string, error) {
	if len(names) == 0 {
		return nil, c.names, nil
	}
	set, versions := map[string]bool{}, map[string]string{}
	for _, name := range names {
		if !c.isPack[name] {
			return nil, nil, fmt.Errorf("packs: no pack %q", name)
		}
		set[name] = true
	}
	for _, name := range alwaysOn {
		set[name] = true
	}
	for name, version := range c.names {
		if set[name] || !c.isPack[name] {
			versions[name] = version
		}
	}
	return set, versions, nil
}

// alwaysOn are the packs that no brand can leave out: what protects people, and what
// hears the public.
var alwaysOn = []string{"protect", "reputation"}

func compile(packs []Pack, key []byte) (*compiled, error) {
	c := &compiled{key: key, detectors: detectors(), names: map[string]string{calibrationName: calibrationVersion}, isPack: map[string]bool{}}
	var err error
	if c.sentiment, err = sentiment.New(); err != nil {
		return nil, err
	}
	var set match.Set
	parsed := make([]*pack.Pack, len(packs))
	for i, p := range packs {
		parsed[i] = p.parsed
		c.names[p.parsed.Name], c.isPack[p.parsed.Name] = p.parsed.Version, true
	}
	if c.rules, err = pack.Compile(parsed, &set); err != nil {
		return nil, err
	}
	for d := range c.detectors {
		c.numbers = c.numbers || c.detectors[d].Number != nil
		for l, literal := range c.detectors[d].Literals {
			id := int(set.Add(literal))
			for len(c.uses) <= id {
				c.uses = append(c.uses, nil)
			}
			c.uses[id] = append(c.uses[id], detectorUse{int32(d), int32(l)})
		}
		c.names[c.detectors[d].Name] = c.detectors[d].Version
	}
	c.sign(&set, text.FangSigns, fangSign)
	c.sign(&set, text.DigitSigns, digitSign)
	c.sign(&set, decode.RotatedSigns, rotatedSign)
	c.sign(&set, paraphrase.Lures, lureSign)
	c.machine = set.Compile()
	c.scratch.New = func() any { return &scratch{} }
	return c, nil
}

// sign adds literals that announce another reading, or a swindle.
func (c *compiled) sign(set *match.Set, literals []string, kind uint8) {
	for _, literal := range literals {
		id := int(set.Add(literal))
		for len(c.announced) <= id {
			c.announced = append(c.announced, 0)
		}
		c.announced[id] = kind
	}
}
