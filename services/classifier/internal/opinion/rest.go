package opinion

import (
	"sync"
	"time"
)

// A model that failed so often in a row is left alone, first for a while and then twice
// as long each time, until one try succeeds. A prior.
const (
	failuresBeforeRest = 3
	firstRest          = 30 * time.Second
	longestRest        = 30 * time.Minute
)

// rest remembers whether a model is left alone. Safe for concurrent use.
type rest struct {
	mu       sync.Mutex
	failures int
	pause    time.Duration // the last one, 0 while all is well
	until    time.Time
	trying   bool // one caller tries after a pause
	unusable int  // answers in a row
	told     time.Time
}

// over tells whether the model may be asked at time now. After a pause one caller may try,
// and the others wait for what becomes of it, at most for as long again.
func (r *rest) over(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.until) {
		return false
	}
	if r.pause > 0 {
		r.until, r.trying = now.Add(r.pause), true
	}
	return true
}

// failed counts a failure; later is how long the model itself wants to be left alone, or
// 0. It returns the pause that begins, or 0: whoever asked before a pause began and fails
// in it begins none.
func (r *rest) failed(now time.Time, later time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.until) && !r.trying {
		return 0
	}
	r.failures++
	if r.failures < failuresBeforeRest && r.pause == 0 && later <= 0 {
		return 0
	}
	r.pause = min(max(2*r.pause, firstRest, later), longestRest)
	r.until, r.trying = now.Add(r.pause), false
	return r.pause
}

// useless counts an answer that says nothing. It is true where that must be told: at so
// many in a row that the posts can hardly be to blame, and then once in the longest pause.
func (r *rest) useless(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unusable++
	if r.unusable < failuresBeforeRest || now.Sub(r.told) < longestRest {
		return false
	}
	r.told = now
	return true
}

// succeeded ends all pauses and streaks, and tells whether there was one that was told.
func (r *rest) succeeded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rested := r.pause > 0 || r.unusable > 0 && !r.told.IsZero()
	r.failures, r.pause, r.until, r.trying = 0, 0, time.Time{}, false
	r.unusable, r.told = 0, time.Time{}
	return rested
}
