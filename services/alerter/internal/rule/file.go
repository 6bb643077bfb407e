package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// The bounds of a rule's times. A window of a minute slides in steps of a second.
const (
	minWindow            = time.Minute
	maxWindow            = 7 * 24 * time.Hour
	defaultMentionFiring = time.Hour
)

// written is a rule as it stands in a file; the JSON Schema has checked names and types.
type written struct {
	Name          string            `yaml:"name"`
	Filter        string            `yaml:"filter"`
	Measure       Measure           `yaml:"measure"`
	Value         string            `yaml:"value"`
	Of            string            `yaml:"of"`
	MinCount      int               `yaml:"min_count"`
	Window        time.Duration     `yaml:"window"`
	Limit         float64           `yaml:"limit"`
	Op            string            `yaml:"op"`
	GroupBy       []string          `yaml:"group_by"`
	For           time.Duration     `yaml:"for"`
	KeepFiringFor time.Duration     `yaml:"keep_firing_for"`
	Severity      string            `yaml:"severity"`
	Labels        map[string]string `yaml:"labels"`
	Annotations   map[string]string `yaml:"annotations"`
}

// fault is an error that knows its field.
type fault struct {
	field string
	err   error
}

// Source is the content of one rules file.
type Source struct {
	// Name stands for the file in errors.
	Name string
	Data []byte
}

// Parse reads rules files in order. An error names file, line, rule and field; all
// faults of a file are reported together. Rule names are unique over all files.
func Parse(sources ...Source) ([]*Rule, error) {
	env, err := newEnv()
	if err != nil {
		return nil, err
	}
	var rules []*Rule
	var faults []error
	seen := map[string]bool{}
	for _, source := range sources {
		more, err := parseFile(env, source, seen)
		rules, faults = append(rules, more...), append(faults, err)
	}
	return rules, errors.Join(faults...)
}

func parseFile(env *cel.Env, source Source, seen map[string]bool) ([]*Rule, error) {
	if _, err := config.Parse(source.Name, source.Data, nil, schemas.AlertRulesSchema); err != nil {
		return nil, err
	}
	var document struct {
		Rules []yaml.Node `yaml:"rules"`
	}
	if err := yaml.Unmarshal(source.Data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	var rules []*Rule
	var errs []error
	for i := range document.Rules {
		node := &document.Rules[i]
		r, name, faults := parseRule(env, node)
		if seen[name] {
			faults = append(faults, fault{"name", errors.New("is used by another rule")})
		}
		seen[name] = true
		for _, f := range faults {
			errs = append(errs, fmt.Errorf("%s:%d: rule %q: %s: %w", source.Name, line(node, f.field), name, f.field, f.err))
		}
		rules = append(rules, r)
	}
	return rules, errors.Join(errs...)
}

func parseRule(env *cel.Env, node *yaml.Node) (*Rule, string, []fault) {
	w := written{Op: ">="}
	if err := node.Decode(&w); err != nil {
		return nil, w.Name, []fault{{"rule", err}}
	}
	if w.Measure == Mention && w.KeepFiringFor == 0 {
		w.KeepFiringFor = defaultMentionFiring
	}
	faults := w.check()
	r, more := w.compile(env)
	canonical, err := yaml.Marshal(node)
	if err != nil {
		more = append(more, fault{"rule", err})
	}
	hash := sha256.Sum256(canonical)
	r.Version = hex.EncodeToString(hash[:8])
	return r, w.Name, append(faults, more...)
}

// check finds fields that contradict the measure or each other.
func (w written) check() []fault {
	var faults []fault
	refuse := func(bad bool, field, why string) {
		if bad {
			faults = append(faults, fault{field, errors.New(why)})
		}
	}
	mention := w.Measure == Mention
	refuse(mention && w.Window != 0, "window", "measure mention has none: each post alerts on its own")
	refuse(mention && w.Limit != 0, "limit", "measure mention has none: each post alerts on its own")
	refuse(mention && len(w.GroupBy) > 0, "group_by", "measure mention has none: use count with limit 1 for one alert a group")
	refuse(mention && w.For != 0, "for", "measure mention has none: each post alerts on its own")
	refuse(!mention && (w.Window < minWindow || w.Window > maxWindow), "window",
		fmt.Sprintf("%s is not between %s and %s", w.Window, minWindow, maxWindow))
	refuse(!mention && w.Limit <= 0, "limit", "must be above 0")
	refuse(w.Measure == Share && w.Limit > 1, "limit", "is a share and at most 1")
	refuse(w.For < 0 || w.For > w.Window, "for", "must be between 0 and the window")
	refuse(w.KeepFiringFor < 0, "keep_firing_for", "must not be below 0")
	refuse((w.Measure == Sum) != (w.Value != ""), "value", "goes with measure sum, and sum needs it")
	refuse((w.Measure == Share) != (w.Of != ""), "of", "goes with measure share, and share needs it")
	refuse(w.Measure != Share && w.MinCount != 0, "min_count", "goes with measure share")
	for _, name := range w.GroupBy {
		refuse(fieldByName[name].text == nil, "group_by", fmt.Sprintf("%q is not a text field", name))
	}
	return faults
}

func (w written) compile(env *cel.Env) (*Rule, []fault) {
	var faults []fault
	note := func(field string, err error) {
		if err != nil {
			faults = append(faults, fault{field, err})
		}
	}
	r := &Rule{
		Name: w.Name, Measure: w.Measure, Window: w.Window, Limit: w.Limit, Above: w.Op == ">", MinCount: max(w.MinCount, 1),
		GroupBy: groupBy(w), For: w.For, KeepFiringFor: w.KeepFiringFor, Severity: w.Severity, Labels: w.Labels,
	}
	if w.Measure == Mention {
		r.Window, r.Limit = Steps*time.Second, 1
	}
	var err error
	r.filter, err = compileFilter(env, w.Filter)
	note("filter", err)
	if w.Of != "" {
		r.of, err = compileFilter(env, w.Of)
		note("of", err)
	}
	if w.Value != "" {
		r.value, err = compileExpression(env, w.Value)
		note("value", err)
	}
	for _, name := range slices.Sorted(maps.Keys(w.Annotations)) {
		t, err := compileText(name, w.Annotations[name])
		if err == nil {
			_, err = t.render(r.specimen())
		}
		note("annotations", err)
		r.texts = append(r.texts, t)
	}
	return r, faults
}

// groupBy puts the brand, and for mentions the post, in front of what the file says.
func groupBy(w written) []string {
	group := []string{"brand"}
	if w.Measure == Mention {
		group = append(group, "post.id")
	}
	for _, name := range w.GroupBy {
		if !slices.Contains(group, name) {
			group = append(group, name)
		}
	}
	return group
}

// specimen are facts with which each template must render at load.
func (r *Rule) specimen() Facts {
	f := Facts{
		Rule: r.Name, Brand: "brand", Measure: r.Measure, Limit: r.Limit, Window: r.Window, Labels: r.Labels,
		Group: map[string]string{}, Samples: []*earshotv1.AlertSample{{}},
	}
	for _, name := range r.GroupBy {
		f.Group[name] = name
	}
	return f
}

// line is where a rule's field stands, or the rule where it does not have the field.
func line(node *yaml.Node, field string) int {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == field {
			return node.Content[i].Line
		}
	}
	return node.Line
}
