// Package alert turns a stream of assessments into alerts: windows of event time, one
// for each rule and group, which open alerts and resolve them.
//
// A [Machine] is a pure function of what it is given, in its order: it reads no clock and
// does no I/O, so the same assessments give the same alerts with the same ids, and a
// machine restored from a [Machine.Snapshot] goes on as if it had never stopped. Repeats,
// edits and deletions of a post change its one place in a window and are never counted
// twice. Memory is bounded: see [maxWeight].
package alert

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/services/alerter/internal/rule"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const (
	// maxWeight bounds a machine: a post weighs 1, a group seriesWeight. Above it the
	// machine lets go of the oldest tenth; see Machine.shed.
	maxWeight    = 200_000
	seriesWeight = 16
)

// Options are what a machine is built with.
type Options struct {
	Rules []*rule.Rule
	// Lateness is how far behind a brand's newest post, in event time, a post may come
	// and still be counted.
	Lateness time.Duration
	// Idle is how long a brand may be silent, in record time, before its event time
	// moves on with record time, so that alerts resolve.
	Idle time.Duration
}

// Stats count what a machine met since it was made.
type Stats struct {
	// Late posts came behind the allowed lateness and were left out of windows, each
	// counted once however many rules it would have counted for.
	Late int64
	// Dropped posts were let go early because the memory was full, counted once a rule.
	Dropped int64
	// Failed is how often an expression failed on an assessment.
	Failed int64
}

// Machine is the alert state of one partition. It is not safe for concurrent use.
type Machine struct {
	options  Options
	brands   map[string]*brand
	order    []*brand // by id, for a deterministic walk
	recorded int64
	checked  int64 // record time of the last look for silent brands
	weight   int
	late     bool // the assessment at hand was late for a rule
	stats    Stats
}

// brand is one brand's event time and windows. Times are Unix milliseconds.
type brand struct {
	id       string
	newest   int64
	clock    int64
	recorded int64
	trackers []*tracker
}

// New returns an empty machine.
func New(o Options) *Machine {
	return &Machine{options: o, brands: map[string]*brand{}}
}

// Stats returns the counts so far.
func (m *Machine) Stats() Stats { return m.stats }

// Apply takes one assessment, with the time its record got in the log, and returns the
// alerts that changed state, in a fixed order. The caller has validated the assessment
// (schemas.ValidateAssessment) and leaves it alone from then on.
func (m *Machine) Apply(a *earshotv1.Assessment, recorded time.Time) []*earshotv1.Alert {
	p := place(a)
	b := m.brand(a.GetBrandId())
	m.recorded = max(m.recorded, recorded.UnixMilli())
	b.recorded = max(b.recorded, recorded.UnixMilli())
	b.newest = max(b.newest, p.at)
	b.clock = max(b.clock, p.at)
	var out []*earshotv1.Alert
	m.late = false
	for _, t := range b.trackers {
		out = t.apply(out, p)
	}
	if m.late {
		m.stats.Late++
	}
	if m.weight > maxWeight {
		m.shed()
	}
	return m.passTime(out)
}

// Tick says that the log held nothing more at record time now: silent brands' event
// time moves on. It returns the alerts that changed state.
func (m *Machine) Tick(now time.Time) []*earshotv1.Alert {
	m.recorded = max(m.recorded, now.UnixMilli())
	return m.passTime(nil)
}

// passTime moves the event time of brands that were silent for longer than Idle. It
// looks at most once a second of record time.
func (m *Machine) passTime(out []*earshotv1.Alert) []*earshotv1.Alert {
	if m.recorded < m.checked+time.Second.Milliseconds() {
		return out
	}
	m.checked = m.recorded
	for _, b := range m.order {
		silent := m.recorded - b.recorded
		if silent <= m.options.Idle.Milliseconds() {
			continue
		}
		b.clock = max(b.clock, b.newest+silent)
		for _, t := range b.trackers {
			out = t.advance(out)
		}
	}
	return out
}

func (m *Machine) brand(id string) *brand {
	if b, ok := m.brands[id]; ok {
		return b
	}
	id = strings.Clone(id) // not the whole message
	b := &brand{id: id}
	for _, r := range m.options.Rules {
		b.trackers = append(b.trackers, newTracker(m, b, r))
	}
	m.brands[id] = b
	i, _ := slices.BinarySearchFunc(m.order, b, func(x, y *brand) int { return cmp.Compare(x.id, y.id) })
	m.order = slices.Insert(m.order, i, b)
	return b
}

// placed is an assessment with its place in event time.
type placed struct {
	assessment *earshotv1.Assessment
	hash       uint64
	// at is when the newest revision was made, first when the post was published.
	at, first int64
}

// place finds a post's event time: when its newest revision was made, yet never after
// Earshot saw it, so that a wrong clock at the source cannot run ahead. What takes a
// post back has no time of its own.
func place(a *earshotv1.Assessment) placed {
	p := placed{assessment: a, hash: hash(a.GetPost().GetId())}
	if !a.GetMatched() {
		return p
	}
	p.first = millis(a.GetPost().GetCreatedAt())
	p.at = max(p.first, millis(a.GetPost().GetEditedAt()))
	if seen := millis(a.GetProvenance().GetObservedAt()); seen > 0 {
		p.at, p.first = min(p.at, seen), min(p.first, seen)
	}
	return p
}

func millis(t *timestamppb.Timestamp) int64 {
	return t.GetSeconds()*1000 + int64(t.GetNanos())/1_000_000
}

// shed makes a tenth of the room free, oldest posts first. Posts of a full step stay
// counted and are only no longer known one by one; steps with few posts, and authors,
// leave their windows.
func (m *Machine) shed() {
	var all []*bucket
	for _, b := range m.order {
		for _, t := range b.trackers {
			for _, key := range t.keys() {
				all = append(all, t.groups[key].buckets...)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y *bucket) int { return cmp.Compare(x.end(), y.end()) })
	for _, b := range all {
		excess := m.weight - maxWeight*9/10
		if excess <= 0 {
			return
		}
		t := b.series.tracker
		if len(b.posts) > seriesWeight && t.rule.Measure != rule.DistinctAuthors {
			t.anonymize(b, min(excess, len(b.posts)))
			continue
		}
		m.stats.Dropped += int64(len(b.posts))
		t.floor = max(t.floor, min(b.end(), t.brand.newest))
		t.drop(b.series, b.end())
		t.forget(b.series)
	}
}

// hash is FNV-1a: 64 bits keep posts apart within a window (2^32 posts for an even
// chance of one collision).
func hash(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}
