// Package score judges posts without a pipeline: lines of JSON in, lines of JSON out, in
// the same order, on all cores and in constant memory.
//
// It decides nothing itself; the engine does. A line that is no post is named and left
// out, and the rest goes on.
package score

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// maxBrands bounds the inline brands that are kept compiled, some 100 KiB each.
const maxBrands = 1000

// Scorer judges posts for the brands of the configuration, or for one that comes along
// with the post. Its methods may be called from any goroutine.
type Scorer struct {
	configured *engine.Engine
	keyed      bool
	brands     []engine.Brand
	brandless  atomic.Bool // a bare post came and no brand is configured
	mu         sync.RWMutex
	matching   map[string]*engine.Engine // inline brands that must be mentioned, by their JSON
	assuming   map[string]*engine.Engine // inline brands that a post is taken to be about
}

// New compiles the engine. keyed says that fingerprints are made with a key that stays;
// others are not shown, for they would meet no second one.
func New(o engine.Options, keyed bool) (*Scorer, error) {
	e, err := engine.New(o)
	if err != nil {
		return nil, err
	}
	return &Scorer{
		configured: e, keyed: keyed, brands: o.Brands,
		matching: map[string]*engine.Engine{}, assuming: map[string]*engine.Engine{},
	}, nil
}

// ErrNoBrand tells that a draft names a brand that the configuration does not have.
var ErrNoBrand = errors.New("not a brand of the configuration")

// Draft judges a post as being about one brand: the one of that id, or for an empty id
// the only one of the configuration, or else a neutral one. It returns [ErrNoBrand] for
// another id.
func (s *Scorer) Draft(id string, draft *earshotv1.PostEvent, now time.Time) ([]*earshotv1.Assessment, error) {
	b, err := s.brand(id)
	if err != nil {
		return nil, err
	}
	judge, err := s.configured.ForBrand(b, true)
	if err != nil {
		return nil, err
	}
	judged := judge.Assess(draft, now)
	for _, a := range judged {
		advise(a)
	}
	return judged, nil
}

func (s *Scorer) brand(id string) (engine.Brand, error) {
	if id == "" && len(s.brands) == 1 {
		return s.brands[0], nil
	}
	if id == "" {
		return engine.Brand{ID: "draft", Name: "the company"}, nil
	}
	for _, b := range s.brands {
		if b.ID == id {
			return b, nil
		}
	}
	return engine.Brand{}, fmt.Errorf("%q: %w", id, ErrNoBrand)
}

// line judges one line of input and appends the answers to out.
func (s *Scorer) line(out, text []byte) ([]byte, error) {
	e, err := readEnvelope(text)
	if err != nil {
		return out, err
	}
	judge := s.configured
	if e.Brand == nil && len(s.brands) == 0 {
		s.brandless.Store(true)
	}
	if e.Brand != nil {
		if judge, err = s.inline(e.Brand, e.AssumeMatch); err != nil {
			return out, err
		}
	}
	event, err := post.Decode(e.Post)
	if err != nil {
		return out, err
	}
	return s.appendResults(out, event.GetPost().GetNativeId(), judge.Assess(event, time.Time{}))
}

// inline returns the engine for a brand given as JSON.
func (s *Scorer) inline(text []byte, assumeMatch bool) (*engine.Engine, error) {
	kept := s.matching
	if assumeMatch {
		kept = s.assuming
	}
	s.mu.RLock()
	e := kept[string(text)]
	s.mu.RUnlock()
	if e != nil {
		return e, nil
	}
	var b engine.Brand
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, explainBrand(err)
	}
	e, err := s.configured.ForBrand(b, assumeMatch)
	if err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(kept) >= maxBrands {
		clear(kept)
	}
	kept[string(text)] = e
	return e, nil
}
