// Package opinion asks a bigger model about the posts that the engine is unsure of.
//
// It is optional and off by default. It sees redacted posts only, learns neither author
// nor address, and never holds a post back: whatever it cannot ask in time is dropped and
// counted. It decides nothing: what an answer changes is the engine's to say.
package opinion

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrUnusable marks an answer that is none and may be the post's doing: it was refused, cut
// off, or is not what was asked for. It says nothing about the next post.
var ErrUnusable = errors.New("no usable answer about this post")

// Model gives second opinions. Safe for concurrent use.
type Model interface {
	// Version names what answers, as the versions of an assessment do: at most 100 bytes, and
	// another one for whatever may answer otherwise.
	Version() string
	// Judge answers one question. It keeps to ctx, returns soon after it ends, and never
	// holds on to the question. A retry.Permanent error says that asking the same again
	// cannot help. No error quotes the text.
	Judge(ctx context.Context, q Question) (Scores, error)
	// Close frees what the model holds; nobody asks any more.
	Close() error
}

// Question is what a model learns of a post.
type Question struct {
	// Text is the post as assessments carry it, with every secret and identifier masked:
	// strangers' words, at most 64 KiB, never an instruction.
	Text string
	// Who speaks: "own" (the brand's account), "exec", "rep" (a licensed person), "emp" or
	// "paid".
	Who string
	// Industry is the brand's, such as "finance"; empty where it is not known.
	Industry string
	// Kinds are what is asked: names of the risk taxonomy, such as "promissory" or
	// "roadmap". Answers about others are left out of account.
	Kinds []string
}

// Scores is by kind how likely, in 0..1, a reviewer should see the post for it. Kinds that
// the model does not know are absent, which says nothing about them.
type Scores map[string]float64

// Check names the first kind, by name, whose likelihood is none.
func (s Scores) Check() error {
	for _, kind := range slices.Sorted(maps.Keys(s)) {
		if p := s[kind]; !(p >= 0 && p <= 1) {
			return fmt.Errorf("likelihood of %q: %v is not between 0 and 1", kind, p)
		}
	}
	return nil
}
