package brand

import (
	"fmt"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// Published is what everybody may know from a day on: a product, a deal, a code name that
// is one no more.
type Published struct {
	// Topic is how people call it, as words of a post.
	Topic string `yaml:"topic" json:"topic"`
	// Date is the day of publication, YYYY-MM-DD in UTC.
	Date string `yaml:"date" json:"date"`
}

// Blackout is a time before results in which nobody may speak of them.
type Blackout struct {
	// From and To are the first and the last day, YYYY-MM-DD in UTC.
	From string `yaml:"from" json:"from"`
	To   string `yaml:"to" json:"to"`
}

// Day is a time as calendars write it; empty for none. Days compare as text.
func Day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}

// PublishedBy is the topic that the folded text names, if one was published by a day, and
// its place.
func (b *Brand) PublishedBy(day string, folded []byte) (topic Published, at int, ok bool) {
	for _, p := range b.Published {
		if day == "" || day < p.Date {
			continue
		}
		if at := part.Index(folded, strings.ToLower(p.Topic)); at >= 0 {
			return p, at, true
		}
	}
	return Published{}, 0, false
}

// InBlackout tells whether a day falls into a blackout.
func (b *Brand) InBlackout(day string) (Blackout, bool) {
	for _, w := range b.Blackouts {
		if day != "" && w.From <= day && day <= w.To {
			return w, true
		}
	}
	return Blackout{}, false
}

// checkCalendar names the first entry that is wrong.
func (b *Brand) checkCalendar() error {
	for i, p := range b.Published {
		if strings.TrimSpace(p.Topic) == "" {
			return fmt.Errorf("published[%d].topic: missing", i)
		}
		if !isDay(p.Date) {
			return fmt.Errorf("published[%d].date: %q is no day such as 2026-05-14", i, p.Date)
		}
	}
	for i, w := range b.Blackouts {
		switch {
		case !isDay(w.From):
			return fmt.Errorf("blackouts[%d].from: %q is no day such as 2026-05-14", i, w.From)
		case !isDay(w.To):
			return fmt.Errorf("blackouts[%d].to: %q is no day such as 2026-05-14", i, w.To)
		case w.To < w.From:
			return fmt.Errorf("blackouts[%d]: to %s is before from %s", i, w.To, w.From)
		}
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
