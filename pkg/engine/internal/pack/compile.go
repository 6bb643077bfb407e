package pack

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"

	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Rules are the compiled rules of several packs. They are immutable and safe for
// concurrent use.
type Rules struct {
	list       []Compiled
	selections []selection
	uses       [][]use // by literal number of the set
}

// Compiled is one rule ready to run.
type Compiled struct {
	*Rule
	// Name is "<pack>.<id>"; Version is the pack's.
	Name, Version string
	Pack          string
	Risk          earshotv1.Category
	Severity      int // 1 to 5; 0 for a guard
	// Shadow is true for a rule that is tried without effect.
	Shadow bool

	number     int32 // place among the rules
	condition  condition
	bits       map[string]int
	global     []int32 // selection number by bit
	open       uint64  // selections that no literal announces
	exemptions []exemption
}

type exemption struct {
	*Exemption
	when condition
	own  int32 // its own selection, -1 with When
}

// selection is a set of words shared by all rules that name the same ones.
type selection struct {
	pattern *regexp.Regexp
	told    bool // by literals that the pattern may be there
	rules   []member
}

type member struct {
	rule int32
	bit  uint64
}

// use ties a literal to a selection.
type use struct {
	selection int32
	how       manner
}

type manner uint8

const (
	wholeWord manner = iota
	wordStart
	trigger // announces a regular expression
)

// Compile compiles the rules of packs; their literals go into set. The error names file, rule and field.
func Compile(packs []*Pack, set *match.Set) (*Rules, error) {
	env, err := environment()
	if err != nil {
		return nil, fmt.Errorf("build the language of conditions: %w", err)
	}
	c := compiler{rules: &Rules{}, set: set, env: env, known: map[string]int32{}}
	names := map[string]string{}
	for _, p := range packs {
		if other, ok := names[p.Name]; ok {
			return nil, fmt.Errorf("pack %s: name %q is taken by %s", p.File, p.Name, other)
		}
		names[p.Name] = p.File
		for i := range p.Rules {
			if err := c.rule(p, &p.Rules[i]); err != nil {
				return nil, fmt.Errorf("pack %s: rule %q: %w", p.File, p.Rules[i].ID, err)
			}
		}
	}
	return c.rules, nil
}

type compiler struct {
	rules *Rules
	set   *match.Set
	env   *cel.Env
	known map[string]int32 // selection by its content
	text  text.Text
}

func (c *compiler) rule(p *Pack, r *Rule) error {
	out := Compiled{
		Rule: r, Pack: p.Name, Name: p.Name + "." + r.ID, Version: p.Version,
		Risk: Categories[r.Category], Severity: Severities[r.Level], Shadow: p.Shadow || r.Status == "shadow", bits: map[string]int{},
	}
	if err := c.detection(p, r, &out); err != nil {
		return err
	}
	var err error
	if out.condition, err = compileCondition(c.env, r.Condition, out.bits); err != nil {
		return fmt.Errorf("condition: %w", err)
	}
	if !out.announced() {
		return errors.New("condition: can hold without any literal, so it would run on every post")
	}
	for i := range r.Exemptions {
		e, err := c.exemption(p, &r.Exemptions[i], out.bits)
		if err != nil {
			return fmt.Errorf("exemptions %q: %w", r.Exemptions[i].ID, err)
		}
		out.exemptions = append(out.exemptions, e)
	}
	c.add(out)
	return nil
}

// detection numbers the rule's selections in the order of their names.
func (c *compiler) detection(p *Pack, r *Rule, out *Compiled) error {
	names := make([]string, 0, len(r.Detection))
	for name := range r.Detection {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 64 {
		return errors.New("detection: more than 64 selections")
	}
	for bit, name := range names {
		if name == brandSelection {
			return fmt.Errorf("detection.%s: this name means the brand", name)
		}
		if slices.Contains(facts, name) {
			return fmt.Errorf("detection.%s: this name means a fact of the post", name)
		}
		s := r.Detection[name]
		id, err := c.selection(p, &s)
		if err != nil {
			return fmt.Errorf("detection.%s: %w", name, err)
		}
		out.bits[name] = bit
		out.global = append(out.global, id)
		if s.Regex != "" && len(s.Literals) == 0 {
			out.open |= 1 << bit
		}
	}
	return nil
}

// announced tells whether some clause needs a literal.
func (c *Compiled) announced() bool {
	return slices.ContainsFunc(c.condition.clauses, func(clause uint64) bool { return clause&c.open == 0 })
}

func (c *compiler) add(r Compiled) {
	r.number = int32(len(c.rules.list))
	c.rules.list = append(c.rules.list, r)
	for bit, id := range r.global {
		s := &c.rules.selections[id]
		s.rules = append(s.rules, member{r.number, 1 << bit})
	}
}

func (c *compiler) exemption(p *Pack, e *Exemption, bits map[string]int) (exemption, error) {
	if e.When != "" {
		when, err := compileCondition(c.env, e.When, bits)
		return exemption{e, when, -1}, err
	}
	own, err := c.selection(p, &e.Selection)
	return exemption{Exemption: e, own: own}, err
}

// selection returns the number of s, which it makes if no rule has had it yet.
func (c *compiler) selection(p *Pack, s *Selection) (int32, error) {
	words := s.Words
	if s.List != "" {
		words = p.Lists[s.List]
	}
	key := strings.Join(slices.Concat([]string{s.Regex}, words, s.Literals), "\x00")
	if id, ok := c.known[key]; ok {
		return id, nil
	}
	id := int32(len(c.rules.selections))
	compiled := selection{told: len(s.Literals) > 0}
	if s.Regex != "" {
		var err error
		if compiled.pattern, err = regexp.Compile(s.Regex); err != nil {
			return 0, fmt.Errorf("regex: %w", err)
		}
	}
	for _, w := range words {
		how := wholeWord
		if prefix, ok := strings.CutSuffix(w, "*"); ok {
			w, how = prefix, wordStart
		}
		if err := c.literal(w, use{id, how}); err != nil {
			return 0, err
		}
	}
	for _, l := range s.Literals {
		if err := c.literal(l, use{id, trigger}); err != nil {
			return 0, err
		}
	}
	c.known[key] = id
	c.rules.selections = append(c.rules.selections, compiled)
	return id, nil
}

func (c *compiler) literal(word string, u use) error {
	c.text.Reset(word)
	if len(c.text.Folded) == 0 {
		return fmt.Errorf("word %q: empty", word)
	}
	id := c.set.Add(string(c.text.Folded))
	for len(c.rules.uses) <= int(id) {
		c.rules.uses = append(c.rules.uses, nil)
	}
	if !slices.Contains(c.rules.uses[id], u) {
		c.rules.uses[id] = append(c.rules.uses[id], u)
	}
	return nil
}
