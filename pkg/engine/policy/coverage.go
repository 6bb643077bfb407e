package policy

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/earshot/earshot/pkg/engine"
)

// Coverage is what a pack decides and what it leaves open.
type Coverage struct {
	Pack, Version string
	Rules         int
	// Elsewhere says by clause who decides what no post can show.
	Elsewhere map[string]string
	// Open are clauses of the pack's numbering with neither a rule nor a line in Elsewhere.
	Open []string
	// Shadow are rules that report nothing yet.
	Shadow []string
	// Silent are rules without a hit, where hits are known.
	Silent []string
	// ReviewDue is the day since which the citations wait for a check; zero where they do not.
	ReviewDue time.Time
}

// clause is an id in the numbering of the domain guide: a letter and two figures.
var clause = regexp.MustCompile(`^([a-z])(\d\d)$`)

// Cover describes a pack at the day now. hits counts findings by rule, <pack>.<id>; nil
// where nothing is known of them.
func Cover(p engine.Pack, hits map[string]int, now time.Time) Coverage {
	source := p.Source()
	out := Coverage{Pack: source.Name, Version: source.Version, Rules: len(source.Rules), Elsewhere: source.Elsewhere}
	decided := slices.Collect(maps.Keys(source.Elsewhere))
	for i := range source.Rules {
		r := &source.Rules[i]
		decided = append(decided, r.ID)
		if source.Shadow || r.Status == "shadow" {
			out.Shadow = append(out.Shadow, r.ID)
		}
		if hits != nil && hits[source.Name+"."+r.ID] == 0 {
			out.Silent = append(out.Silent, r.ID)
		}
	}
	out.Open = open(decided)
	if since, is := stale(source.Reviewed, now); is {
		out.ReviewDue = since
	}
	return out
}

// open are the numbers that a numbering skips.
func open(decided []string) []string {
	highest := map[string]int{}
	for _, id := range decided {
		if m := clause.FindStringSubmatch(id); m != nil {
			n, _ := strconv.Atoi(m[2])
			highest[m[1]] = max(highest[m[1]], n)
		}
	}
	var out []string
	for _, letter := range slices.Sorted(maps.Keys(highest)) {
		for n := 1; n <= highest[letter]; n++ {
			if id := letter + strconv.Itoa(100 + n)[1:]; !slices.Contains(decided, id) {
				out = append(out, id)
			}
		}
	}
	return out
}
