package policy

import (
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
)

// Lint returns what is doubtful about a pack at the day now, in the order of its rules.
// What Parse and Compile refuse is not repeated here; a pack that does not compile is an
// error.
func Lint(p engine.Pack, now time.Time) ([]Problem, error) {
	trial, err := engine.NewTrial(p)
	if err != nil {
		return nil, err
	}
	bare, err := trial.Bare()
	if err != nil {
		return nil, err
	}
	l := linter{source: p.Source(), trial: trial, bare: bare}
	l.whole(now)
	for i := range l.source.Rules {
		l.rule(&l.source.Rules[i])
	}
	return l.problems, l.examples()
}

type linter struct {
	source   *pack.Pack
	trial    *engine.Trial
	bare     *engine.Trial
	current  string
	problems []Problem
}

func (l *linter) say(severity Severity, field, format string, args ...any) {
	l.problems = append(l.problems, Problem{severity, l.source.File, l.current, field, fmt.Sprintf(format, args...)})
}

// whole looks at what is the pack's and no rule's.
func (l *linter) whole(now time.Time) {
	if day, err := time.Parse(time.DateOnly, l.source.Reviewed); err == nil && day.After(now) {
		l.say(Fault, "reviewed", "%s is still to come", l.source.Reviewed)
	}
	if since, is := stale(l.source.Reviewed, now); is {
		if since.IsZero() {
			l.say(Fault, "reviewed", "the day of the last check of the citations is missing: YYYY-MM-DD")
		} else {
			l.say(Doubt, "reviewed", "the citations wait for a check since %s", since.Format(time.DateOnly))
		}
	}
	used := map[string]bool{}
	for i := range l.source.Rules {
		for _, s := range l.selections(&l.source.Rules[i]) {
			used[s.List] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.source.Lists)) {
		if !used[name] {
			l.say(Doubt, "lists."+name, "no rule uses it")
		}
		l.words("lists."+name, l.source.Lists[name])
	}
}

// selections are all of a rule, by the name of their field.
func (l *linter) selections(r *pack.Rule) map[string]pack.Selection {
	out := map[string]pack.Selection{}
	for name, s := range r.Detection {
		out["detection."+name] = s
	}
	for _, e := range r.Exemptions {
		out["exemptions."+e.ID] = e.Selection
	}
	return out
}

func (l *linter) rule(r *pack.Rule) {
	l.current = r.ID
	defer func() { l.current = "" }()
	guard := r.Strength > 0
	switch {
	case r.Cite == "" && r.Category == "compliance":
		l.say(Fault, "cite", "missing: a compliance rule names the law or the policy it rests on")
	case r.Cite != "" && r.Evidence == "":
		l.say(Doubt, "evidence", "missing: V, S or K says how the citation was checked")
	}
	if r.Mitigate == "" && !guard {
		l.say(Fault, "mitigate", "missing: whoever gets the finding must know what to do")
	}
	if len(r.FalsePositives) == 0 && !guard {
		l.say(Doubt, "falsepositives", "none named: what innocent post comes near?")
	}
	l.unused(r)
	for _, field := range slices.Sorted(maps.Keys(l.selections(r))) {
		s := l.selections(r)[field]
		l.words(field, s.Words)
		l.pattern(field, s)
	}
}

// unused finds selections that neither the condition nor an exemption names.
func (l *linter) unused(r *pack.Rule) {
	for _, name := range slices.Sorted(maps.Keys(r.Detection)) {
		used := mentions(r.Condition, name)
		for _, e := range r.Exemptions {
			used = used || mentions(e.When, name) || e.Near != nil && e.Near.To == name
		}
		if !used {
			l.say(Fault, "detection."+name, "the condition never asks for it")
		}
	}
}

// mentions tells whether a condition names a selection.
func mentions(condition, name string) bool {
	return slices.Contains(strings.FieldsFunc(condition, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}), name)
}

// words finds entries that stand twice or behind a shorter one with a trailing star.
func (l *linter) words(field string, words []string) {
	seen := map[string]bool{}
	var stems []string
	for _, w := range words {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			stems = append(stems, strings.ToLower(stem))
		}
	}
	for _, w := range words {
		if star := strings.IndexByte(w, '*'); star >= 0 && star < len(w)-1 {
			l.say(Doubt, field, "%q: a star within a word is a star, and no end of it", w)
		}
		folded := strings.ToLower(w)
		if seen[folded] {
			l.say(Doubt, field, "%q stands there twice", w)
		}
		seen[folded] = true
		bare := strings.TrimSuffix(folded, "*")
		for _, stem := range stems {
			if bare != stem && strings.HasPrefix(bare, stem) && !strings.Contains(bare[len(stem):], " ") {
				l.say(Doubt, field, "%q is shadowed by %q", w, stem+"*")
			}
		}
	}
}

// longestRun is the most characters that one repetition of an expression may take in: a
// longer one joins words that have nothing to do with each other.
const longestRun = 100

// pattern finds expressions that run away over a post.
func (l *linter) pattern(field string, s pack.Selection) {
	if s.Regex == "" {
		return
	}
	parsed, err := syntax.Parse(s.Regex, syntax.Perl)
	if err == nil && runsAway(parsed) {
		l.say(Fault, field, "the expression runs away: bound what ., a negated class or a group of words repeats, as in .{0,40}")
	}
	if len(s.Literals) == 0 {
		l.say(Doubt, field, "without literals the expression runs wherever the rule's other words stand")
	}
}

// runsAway tells whether an expression repeats a wide class, or words, without a bound.
func runsAway(e *syntax.Regexp) bool {
	if unbounded(e) && (wide(e.Sub[0]) || repeats(e.Sub[0])) {
		return true
	}
	return slices.ContainsFunc(e.Sub, runsAway)
}

func unbounded(e *syntax.Regexp) bool {
	return e.Op == syntax.OpStar || e.Op == syntax.OpPlus || e.Op == syntax.OpRepeat && (e.Max < 0 || e.Max > longestRun)
}

// repeats tells whether an expression repeats letters without a bound.
func repeats(e *syntax.Regexp) bool {
	return unbounded(e) && e.Sub[0].Op == syntax.OpCharClass && holds(e.Sub[0].Rune, 'a') || slices.ContainsFunc(e.Sub, repeats)
}

// holds tells whether a class, as pairs of first and last, has a character.
func holds(class []rune, c rune) bool {
	for pair := range slices.Chunk(class, 2) {
		if pair[0] <= c && c <= pair[1] {
			return true
		}
	}
	return false
}

// wide tells whether an expression matches nearly every character.
func wide(e *syntax.Regexp) bool {
	switch e.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpCharClass:
		return holds(e.Rune, ' ') && holds(e.Rune, unicode.MaxRune)
	case syntax.OpCapture, syntax.OpConcat, syntax.OpAlternate:
		return slices.ContainsFunc(e.Sub, wide)
	}
	return false
}
