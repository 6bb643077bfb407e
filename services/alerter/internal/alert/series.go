package alert

import (
	"cmp"
	"slices"

	"github.com/earshot/earshot/services/alerter/internal/rule"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// series is one group of a rule: its posts by step, its alerts, its strongest posts.
type series struct {
	tracker  *tracker
	key      string
	values   []string
	buckets  []*bucket // by step, only steps with posts
	episodes []*episode
	samples  []sample
	measured int64
	watched  bool
}

// bucket is one step of a series.
type bucket struct {
	series *series
	step   int64
	posts  []*post // also those gone
	// base and counts are how many posts belong to the whole and pass the filter.
	base, counts int
	sum          float64
	authors      map[uint64]int
}

// post is one post's place in a tracker. It outlives its removal (gone), so that a
// repeat of an older revision is known.
type post struct {
	bucket   *bucket
	hash     uint64
	revision uint32
	author   uint64
	value    float64
	counts   bool
	gone     bool
}

// newerThan tells whether an event on the post is already superseded. A deletion is
// never: it has the last word on its revision and on all before.
func (p *post) newerThan(a *earshotv1.Assessment) bool {
	switch revision := a.GetPost().GetRevision(); {
	case a.GetOp() == earshotv1.PostOp_POST_OP_DELETED:
		return p.gone
	case revision != p.revision:
		return revision < p.revision
	default:
		return p.gone
	}
}

func (s *series) bucket(step int64) *bucket {
	i, found := slices.BinarySearchFunc(s.buckets, step, func(b *bucket, step int64) int { return cmp.Compare(b.step, step) })
	if !found {
		s.buckets = slices.Insert(s.buckets, i, &bucket{series: s, step: step})
	}
	return s.buckets[i]
}

// end is the event time at which the step ends.
func (b *bucket) end() int64 { return (b.step + 1) * b.series.tracker.step }

// forgotten are the posts that count and are no longer known one by one.
func (b *bucket) forgotten() (base, counts int) {
	base, counts = b.base, b.counts
	for _, p := range b.posts {
		if !p.gone {
			base--
			if p.counts {
				counts--
			}
		}
	}
	return base, counts
}

func (b *bucket) add(p placed, part rule.Part, m rule.Measure) *post {
	added := &post{bucket: b, hash: p.hash, revision: p.assessment.GetPost().GetRevision(), value: part.Value, counts: part.Counts}
	if m == rule.DistinctAuthors {
		added.author = author(p.assessment)
	}
	b.posts = append(b.posts, added)
	b.adjust(added, 1)
	return added
}

// author tells authors apart by id, or by handle, or else each post is its own.
func author(a *earshotv1.Assessment) uint64 {
	by := a.GetPost().GetAuthor()
	return hash(a.GetPost().GetPlatform() + "\x1f" + cmp.Or(by.GetId(), by.GetHandle(), a.GetPost().GetId()))
}

// adjust adds (sign 1) or takes away (sign -1) what a post amounts to.
func (b *bucket) adjust(p *post, sign int) {
	b.base += sign
	if !p.counts {
		return
	}
	b.counts += sign
	b.sum += float64(sign) * p.value
	if p.author == 0 {
		return
	}
	if b.authors == nil {
		b.authors = map[uint64]int{}
	}
	if b.authors[p.author] += sign; b.authors[p.author] == 0 {
		delete(b.authors, p.author)
	}
}

// window is the buckets of the window that ends with a step.
func (s *series) window(step int64) []*bucket {
	at := func(b *bucket, step int64) int { return cmp.Compare(b.step, step) }
	from, _ := slices.BinarySearchFunc(s.buckets, step-rule.Steps+1, at)
	to, _ := slices.BinarySearchFunc(s.buckets, step+1, at)
	return s.buckets[from:max(from, to)]
}

// observed is the rule's measure over the window that ends with a step.
func (s *series) observed(step int64) float64 {
	var base, counts int
	var sum float64
	window := s.window(step)
	for _, b := range window {
		base, counts, sum = base+b.base, counts+b.counts, sum+b.sum
	}
	switch s.tracker.rule.Measure {
	case rule.Sum:
		return sum
	case rule.DistinctAuthors:
		return float64(distinct(window))
	case rule.Share:
		if base < s.tracker.rule.MinCount {
			return 0
		}
		return float64(counts) / float64(base)
	}
	return float64(counts)
}

func distinct(window []*bucket) int {
	if len(window) == 1 {
		return len(window[0].authors)
	}
	seen := map[uint64]struct{}{}
	for _, b := range window {
		for id := range b.authors {
			seen[id] = struct{}{}
		}
	}
	return len(seen)
}

// empty tells whether every post of the series is gone.
func (s *series) empty() bool {
	return !slices.ContainsFunc(s.buckets, func(b *bucket) bool { return b.base > 0 })
}
