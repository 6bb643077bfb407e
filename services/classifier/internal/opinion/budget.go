package opinion

import (
	"sync"
	"time"
)

// Budget is how often a model may be asked, attempts that failed included: what is paid
// is paid. 0 is no limit. A new process starts with a new budget.
type Budget struct {
	PerMinute int `yaml:"per_minute"`
	// PerDay counts from midnight UTC.
	PerDay int `yaml:"per_day"`
}

// purse holds what is left of a budget. Safe for concurrent use.
type purse struct {
	mu          sync.Mutex
	minute, day window
}

func newPurse(b Budget) *purse {
	return &purse{minute: window{length: time.Minute, limit: b.PerMinute}, day: window{length: 24 * time.Hour, limit: b.PerDay}}
}

// spend takes one ask at time now. It is false where there is none left, and takes none.
func (p *purse) spend(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.minute.has(now) || !p.day.has(now) {
		return false
	}
	p.minute.used++
	p.day.used++
	return true
}

// window is a count that begins anew with each full length of time.
type window struct {
	length      time.Duration
	limit, used int
	start       time.Time
}

func (w *window) has(now time.Time) bool {
	if start := now.UTC().Truncate(w.length); !start.Equal(w.start) {
		w.start, w.used = start, 0
	}
	return w.limit == 0 || w.used < w.limit
}
