// Package source is the one contract that everything Earshot reads keeps, and the loop
// around it: resume, back-off, rate limit, counting. A source only turns its site's or
// file's form into events; it stores nothing, retries nothing and counts nothing itself.
package source

import (
	"context"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Cursor is how far a source was read, as JSON in the source's own words. Nil is the
// beginning.
type Cursor []byte

// Batch is what a source read in one go.
type Batch struct {
	// Events are creations, edits and deletions in the order in which they happened. A
	// source sets provenance.position at most; the rest is stamped.
	Events []*earshotv1.PostEvent
	// Bad is what could not become an event.
	Bad []Bad
	// Next is the cursor behind this batch. It is kept only after the events are safe.
	Next Cursor
}

// Bad is a piece of a source that no repetition can mend.
type Bad struct {
	// Position is where it stands in the source: "line 17". It holds no text of a post.
	Position string
	// Err names the field and what is allowed, without text of a post.
	Err error
}

// Emit hands a batch over. When it returns nil all in-sync replicas have the events; an
// error means that ctx ended or that the source must stop, and is returned as it is.
type Emit func(ctx context.Context, b Batch) error

// Source reads one place.
type Source interface {
	// Run reads on from a cursor that it once gave with a batch, or nil, and emits
	// batches one at a time. It returns nil when there is nothing more to come. Any other
	// error is retried from the newest cursor, unless it is marked permanent with package
	// retry, which ends the service. Run holds nothing when it has returned.
	Run(ctx context.Context, from Cursor, emit Emit) error
}
