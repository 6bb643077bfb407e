package cli

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/earshot/earshot/pkg/engine"
	earshot "github.com/earshot/earshot/services/earshot"
)

// maxBrands bounds the inline brands of one run that are kept compiled.
const maxBrands = 10_000

// scorer judges posts for the brands of the configuration, or for one that comes along.
type scorer struct {
	configured *engine.Engine
	keyed      bool // fingerprints mean something
	brands     []engine.Brand
	mu         sync.Mutex
	inline     map[string]*engine.Engine
}

func newScorer(c *earshot.Config) (*scorer, error) {
	o, keyed, err := c.Judging()
	if err != nil {
		return nil, usageError{err}
	}
	e, err := engine.New(o)
	if err != nil {
		return nil, usageError{err}
	}
	return &scorer{configured: e, keyed: keyed, brands: o.Brands, inline: map[string]*engine.Engine{}}, nil
}

// forBrand returns an engine for the brand that text, JSON, describes.
func (s *scorer) forBrand(text json.RawMessage, assumeMatch bool) (*engine.Engine, error) {
	key := fmt.Sprint(assumeMatch, string(text))
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.inline[key]; ok {
		return e, nil
	}
	var b engine.Brand
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	e, err := s.configured.ForBrand(b, assumeMatch)
	if err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	if len(s.inline) == maxBrands {
		clear(s.inline)
	}
	s.inline[key] = e
	return e, nil
}

// forDraft returns an engine that takes a draft as being about one brand: the named one,
// the only one of the configuration, or a neutral one.
func (s *scorer) forDraft(id string) (*engine.Engine, error) {
	if id == "" && len(s.brands) == 1 {
		return s.configured.ForBrand(s.brands[0], true)
	}
	if id == "" {
		return s.configured.ForBrand(engine.Brand{ID: "draft", Name: "the company"}, true)
	}
	for _, b := range s.brands {
		if b.ID == id {
			return s.configured.ForBrand(b, true)
		}
	}
	return nil, usagef("--brand: %q is not a brand of the configuration", id)
}
