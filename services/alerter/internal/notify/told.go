package notify

import (
	"hash/fnv"
	"slices"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// maxTold bounds the memory of who was told. Repeats come from a crash between the
// publication of alerts and the checkpoint behind it, so they follow each other within
// the alerts of one batch of assessments; 8 bytes each.
const maxTold = 4096

// Verdict says whether to tell a receiver, and why not.
type Verdict string

// The verdicts of [Told.Judge].
const (
	Send       Verdict = "send"
	Repeat     Verdict = "repeat"     // it was told this state of this alert, since the same time
	Unwanted   Verdict = "unwanted"   // it wants no resolved alerts
	Incomplete Verdict = "incomplete" // neither firing nor resolved
)

// Told remembers the newest notifications of one receiver and partition. The zero value
// has told nothing. It is not safe for concurrent use.
type Told struct {
	order []uint64 // oldest first
	known map[uint64]struct{}
}

// NewTold remembers keys that [Told.Keys] gave before.
func NewTold(keys []uint64) *Told {
	t := &Told{}
	for _, key := range keys {
		t.add(key)
	}
	return t
}

// Judge decides about one alert without remembering it.
func (t *Told) Judge(a *earshotv1.Alert, resolved bool) Verdict {
	switch a.GetState() {
	case earshotv1.AlertState_ALERT_STATE_FIRING:
	case earshotv1.AlertState_ALERT_STATE_RESOLVED:
		if !resolved {
			return Unwanted
		}
	default:
		return Incomplete
	}
	if _, ok := t.known[toldKey(a)]; ok {
		return Repeat
	}
	return Send
}

// Add remembers that the receiver was told, and forgets the oldest beyond the bound.
func (t *Told) Add(a *earshotv1.Alert) { t.add(toldKey(a)) }

func (t *Told) add(key uint64) {
	if _, ok := t.known[key]; ok {
		return
	}
	if t.known == nil {
		t.known = map[uint64]struct{}{}
	}
	t.known[key] = struct{}{}
	t.order = append(t.order, key)
	if len(t.order) > maxTold {
		delete(t.known, t.order[0])
		t.order = slices.Delete(t.order, 0, 1)
	}
}

// Keys are the remembered notifications, oldest first, as hashes.
func (t *Told) Keys() []uint64 { return slices.Clone(t.order) }

func toldKey(a *earshotv1.Alert) uint64 {
	h := fnv.New64a()
	h.Write([]byte(Key(a)))
	return h.Sum64()
}
