// Package policy holds the tools of those who write packs: what is wrong with one, whether
// its rules survive disguise, why a rule speaks, and which clauses nobody decides.
//
// It reads packs and judges texts with the engine; it keeps nothing, prints nothing and
// knows no clock: the day is handed in.
package policy

import (
	"fmt"
	"time"
)

// Severity of a problem.
type Severity string

const (
	// Fault is what must be mended before a pack is used.
	Fault Severity = "error"
	// Doubt is what its owner should look at.
	Doubt Severity = "warning"
)

// Problem is something about a rule that its owner should know.
type Problem struct {
	Severity Severity
	// File, Rule and Field say where; Rule is empty for what is the whole pack's.
	File, Rule, Field string
	// Text says what, and what would be right.
	Text string
}

// String is one line: file, rule, field, severity, text.
func (p Problem) String() string {
	where := p.File
	if p.Rule != "" {
		where += fmt.Sprintf(": rule %q", p.Rule)
	}
	return fmt.Sprintf("%s: %s: %s: %s", where, p.Field, p.Severity, p.Text)
}

// ReviewEvery is how long a check of the citations holds (domain guide 4.16).
const ReviewEvery = 180 * 24 * time.Hour

// stale tells since when a check made on a day, YYYY-MM-DD, no longer holds at now.
func stale(day string, now time.Time) (since time.Time, is bool) {
	reviewed, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, true
	}
	since = reviewed.Add(ReviewEvery)
	return since, now.After(since)
}
