// Package rule reads alert rules: YAML files, checked against their JSON Schema, whose
// conditions are CEL over an assessment. It decides whether one assessment concerns a
// rule; what many of them amount to is package alert's. It does no I/O and is
// deterministic.
package rule

import (
	"strconv"
	"strings"
	"time"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Measure is what a rule counts.
type Measure string

// The measures of a rule.
const (
	// Mention alerts for each post on its own.
	Mention Measure = "mention"
	// Count is the number of posts in the window.
	Count Measure = "count"
	// Sum adds up the rule's value over the posts in the window.
	Sum Measure = "sum"
	// DistinctAuthors is the number of different authors in the window.
	DistinctAuthors Measure = "distinct_authors"
	// Share is the part, 0 to 1, of the posts that pass Of which also pass the filter.
	Share Measure = "share"
)

// Steps is how many steps a window slides in: it is measured at the end of each
// sixtieth of its length.
const Steps = 60

// Rule is one alert rule, compiled. It is safe for concurrent use.
type Rule struct {
	Name string
	// Version is the hash of the rule's text, hex.
	Version  string
	Measure  Measure
	Window   time.Duration
	Limit    float64
	Above    bool // the limit itself does not cross
	MinCount int
	// GroupBy names fields; "brand" is always the first.
	GroupBy       []string
	For           time.Duration
	KeepFiringFor time.Duration
	Severity      string
	Labels        map[string]string

	filter *Filter
	of     *Filter
	value  *Expression
	texts  []text
}

// Part is what one assessment adds to a rule's window.
type Part struct {
	// Counts: the post passes the filter. Base: it belongs to the share's whole.
	Counts, Base bool
	Value        float64
}

// Part judges one assessment. The errors are those of [Filter.Match].
func (r *Rule) Part(a *earshotv1.Assessment) (Part, error) {
	if r.of != nil {
		base, err := r.of.Match(a)
		if !base || err != nil {
			return Part{}, err
		}
	}
	counts, err := r.filter.Match(a)
	if err != nil {
		return Part{}, err
	}
	p := Part{Counts: counts, Base: r.of != nil || counts}
	if counts && r.value != nil {
		p.Value, err = r.value.Number(a)
	}
	return p, err
}

// Crosses tells whether an observed value crosses the limit.
func (r *Rule) Crosses(observed float64) bool {
	if r.Above {
		return observed > r.Limit
	}
	return observed >= r.Limit
}

// Group gives the values of GroupBy for an assessment.
func (r *Rule) Group(a *earshotv1.Assessment) []string {
	values := make([]string, len(r.GroupBy))
	for i, name := range r.GroupBy {
		values[i] = fieldByName[name].text(a)
	}
	return values
}

// GroupKey is a group's values as one string, different for different groups.
func GroupKey(values []string) string {
	var key strings.Builder
	for _, v := range values {
		key.WriteString(strconv.Itoa(len(v)))
		key.WriteByte(':')
		key.WriteString(v)
	}
	return key.String()
}

// Step is the distance of two measurements, and the resolution of event time.
func (r *Rule) Step() time.Duration { return r.Window / Steps }
