package engine

import (
	"fmt"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// The bundle rule (domain guide 3.2): identifiers within linkReach code points of each
// other are taken to be of one person, and each further kind of them makes all of them
// graver by one; identifiers of one kind of crowd people or more are a list.
const (
	linkReach    = 200
	crowd        = 5
	gravest      = 5
	maxBundle    = 64 // findings that are compared with each other
	bundledWords = " %d more kinds of identifiers stand close by."
	listedWords  = " The post lists such identifiers of %d people."
)

// bundle raises the severity of identifiers of people that stand together.
func bundle(t *text.Text, findings []detect.Finding) {
	var at [maxBundle]int
	n := 0
	for i := range findings {
		if f := &findings[i]; n < maxBundle && f.Likelihood >= Likely && personal(f.Kind) {
			at[n] = i
			n++
		}
	}
	if n < 2 {
		return
	}
	kinds := people(t, findings, at[:n])
	for _, i := range at[:n] {
		f := &findings[i]
		if people := len(kinds[f.Kind]); people >= crowd {
			f.Severity = gravest
			f.Why += fmt.Sprintf(listedWords, people)
		} else if more := linked(t, findings, at[:n], i); more > 0 {
			f.Severity = min(gravest, f.Severity+more)
			f.Why += fmt.Sprintf(bundledWords, more)
		}
	}
}

// people are the different values of each kind.
func people(t *text.Text, findings []detect.Finding, at []int) map[string]map[string]bool {
	values := map[string]map[string]bool{}
	for _, i := range at {
		f := &findings[i]
		if values[f.Kind] == nil {
			values[f.Kind] = map[string]bool{}
		}
		values[f.Kind][string(t.Folded[f.Spans[0].Start:f.Spans[0].End])] = true
	}
	return values
}

// linked counts the other kinds within reach of a finding.
func linked(t *text.Text, findings []detect.Finding, at []int, i int) int {
	seen := map[string]bool{findings[i].Kind: true}
	start, end := t.Points(findings[i].Spans[0])
	for _, k := range at {
		from, to := t.Points(findings[k].Spans[0])
		if from-end <= linkReach && start-to <= linkReach {
			seen[findings[k].Kind] = true
		}
	}
	return len(seen) - 1
}

func personal(kind string) bool { return strings.HasPrefix(kind, "pii.") }
