package schemas

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// FieldError says which field of an event or a line of input holds what it may not.
type FieldError struct {
	// Field is a path in the event's JSON names: "post.author.followers". It never
	// holds a value, so it is safe to log.
	Field string
	// Reason says what is allowed, without the text of a post.
	Reason string
}

// Error is "field: reason".
func (e *FieldError) Error() string { return e.Field + ": " + e.Reason }

func fault(field, format string, args ...any) error {
	return &FieldError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

const (
	// MaxText is the length of a post's text, in bytes.
	MaxText = 64 << 10
	// MaxID is the length of a post id, in bytes, its platform included.
	MaxID = 512
	// MaxNativeID is the length of the id that a platform gave, in bytes.
	MaxNativeID = 256
	// MaxPlatform is the length of a platform's name, in bytes.
	MaxPlatform = 32
	// MaxURL is the length of an address, in bytes; browsers and servers agree on
	// little more.
	MaxURL = 4096
	// MaxLabels is how many labels a post carries.
	MaxLabels = 32
	// MaxCollectedFor is how many brands a post names that it was collected for.
	MaxCollectedFor = 64
	// MaxList bounds every other list and map of an event.
	MaxList = 1024
	// maxName is the length of names, handles, roles and short identifiers, in bytes.
	maxName = 512
	// maxProse is the length of titles, reasons, label values and the like, in bytes.
	maxProse = 8192
	// maxAhead is how far an event may be dated past the moment it was observed, s.
	maxAhead = 24 * 60 * 60
	// earliest is 2000-01-01, before any of the platforms, in Unix seconds. Most times
	// before it are a zero or a wrong unit.
	earliest = 946684800
)

// text checks a string's length in bytes and its encoding.
func text(field, value string, limit int) error {
	if len(value) > limit {
		return fault(field, "%d bytes, at most %d", len(value), limit)
	}
	if !utf8.ValidString(value) {
		return fault(field, "not valid UTF-8")
	}
	return nil
}

// needed is [text] that may not be empty.
func needed(field, value string, limit int) error {
	if value == "" {
		return fault(field, "missing")
	}
	return text(field, value, limit)
}

// enum checks that a number other than zero has a name.
func enum(field string, number int32, names map[int32]string) error {
	if _, known := names[number]; !known || number == 0 {
		return fault(field, "%d is not one of 1 to %d", number, len(names)-1)
	}
	return nil
}

// between checks a number's range; NaN is in none.
func between(field string, value, low, high float64) error {
	if value >= low && value <= high {
		return nil
	}
	return fault(field, "%v is not between %v and %v", value, low, high)
}

func atMost(field string, count, limit int) error {
	if count > limit {
		return fault(field, "%d entries, at most %d", count, limit)
	}
	return nil
}

// moment checks a time that may be unset: not before 2000 and, where observed is set,
// not more than a day after it.
func moment(field string, t, observed *timestamppb.Timestamp) error {
	if t == nil {
		return nil
	}
	if t.GetNanos() < 0 || t.GetNanos() > 999_999_999 {
		return fault(field, "%d nanoseconds, want 0 to 999999999", t.GetNanos())
	}
	if t.GetSeconds() < earliest {
		return fault(field, "before the year 2000")
	}
	if t.GetSeconds() >= latest {
		return fault(field, "after the year 9999")
	}
	if observed != nil && t.GetSeconds() > observed.GetSeconds()+maxAhead {
		return fault(field, "more than a day ahead of the moment it was observed")
	}
	return nil
}

// latest is the first second of the year 10000, past what RFC 3339 can write.
const latest = 253402300800

// neededMoment is [moment] that must be set.
func neededMoment(field string, t, observed *timestamppb.Timestamp) error {
	if t == nil {
		return fault(field, "missing")
	}
	return moment(field, t, observed)
}

// texts checks the keys and values of a map.
func texts(field string, values map[string]string, limit int) error {
	if err := atMost(field, len(values), limit); err != nil {
		return err
	}
	for key, value := range values {
		if err := cmp.Or(needed("key", key, maxName), text("value", value, maxProse)); err != nil {
			return within(field, err)
		}
	}
	return nil
}

// hexID checks an id that is the hexadecimal form of a 128-bit hash.
func hexID(field, id string) error {
	if len(id) != 32 {
		return fault(field, "%d characters, want 32 hexadecimal digits", len(id))
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fault(field, "want 32 lower-case hexadecimal digits")
		}
	}
	return nil
}

// within puts the name of what a field belongs to before it; only errors pay for it.
func within(parent string, err error) error {
	if inner, ok := errors.AsType[*FieldError](err); ok {
		return &FieldError{Field: parent + "." + inner.Field, Reason: inner.Reason}
	}
	return err
}

// element is [within] for one of a list.
func element(list string, index int, err error) error {
	if err == nil {
		return nil
	}
	return within(list+"."+strconv.Itoa(index), err)
}
