package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/index"
	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Index is an index file (package index) and whom it serves.
type Index struct {
	// File names it in errors. Data is what it holds; the engine keeps it.
	File string
	Data []byte
	// Brands are ids; none means all brands.
	Brands []string
}

// openIndex is an index that opened, and its brands, nil for all.
type openIndex struct {
	*index.Index
	brands []string
}

func (c *compiled) openIndexes(all []Index) error {
	for _, in := range all {
		x, err := index.Open(c.key, in.Data)
		if err != nil {
			return fmt.Errorf("index %s: %w", in.File, err)
		}
		name := "index." + x.Name
		if c.names[name] != "" {
			return fmt.Errorf("index %s: there are two of the name %s", in.File, x.Name)
		}
		c.names[name] = x.Sum
		c.indexes = append(c.indexes, openIndex{x, in.Brands})
	}
	return nil
}

// indexesOf are the indexes that serve a brand.
func (c *compiled) indexesOf(id string) []*index.Index {
	var out []*index.Index
	for _, x := range c.indexes {
		if len(x.brands) == 0 || slices.Contains(x.brands, id) {
			out = append(out, x.Index)
		}
	}
	return out
}

// revealed is what an index found, for the mention of that number.
type revealed struct {
	mention int
	finding detect.Finding
}

// reveal asks the indexes of the mentioned brands. A post is read for them once, whoever
// wrote it: what is stolen or leaked is mostly posted by others.
func (e *Engine) reveal(s *scratch, mentions []brand.Mention) {
	s.revealed = s.revealed[:0]
	if len(e.indexes) == 0 {
		return
	}
	if s.asked == nil {
		s.asked = index.NewReading(e.key)
	}
	read := false
	for i := range mentions {
		for _, x := range e.served[mentions[i].Brand] {
			if !read {
				s.asked.Reset(&s.text)
				read = true
			}
			s.matches = s.asked.Quotes(x, s.asked.Rows(x, s.matches[:0]))
			for k := range s.matches {
				s.revealed = append(s.revealed, revealed{i, exposure(x, &s.matches[k])})
			}
		}
	}
}

// concealed are the findings whose spans are masked: of the detectors and the indexes.
func (s *scratch) concealed() []detect.Finding {
	if len(s.revealed) == 0 {
		return s.detected
	}
	out := slices.Clone(s.detected)
	for i := range s.revealed {
		out = append(out, s.revealed[i].finding)
	}
	return out
}

// exposure is the finding of a row or a document that a post gives away.
func exposure(x *index.Index, m *index.Match) detect.Finding {
	f := detect.Finding{
		Kind: x.Kind, Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: "leak.index", Spans: m.Spans, Severity: 4, Version: x.Sum,
		Cite:     "Directive (EU) 2016/943; GDPR art. 5(1)(f)",
		Mitigate: "Ask for the post to be taken down and tell the owner of the data; find out where it came from.",
	}
	if strings.HasPrefix(x.Kind, "secret") || x.Kind == "credential" || x.Kind == "phi" {
		f.Severity = 5
	}
	if m.Columns == nil {
		quoted(x, m, &f)
		return f
	}
	columns := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		columns[i] = x.Columns[c].Name
	}
	f.Rule, f.Title, f.Redact = "edm."+x.Name, "Row of "+x.Name, true
	f.Why = "Values of one row of the company's own data stand here: " + strings.Join(columns, ", ") + "."
	// Priors: two values of one row meet by chance where both are common.
	if f.Likelihood = 0.9; len(columns) != 2 {
		f.Likelihood = 0.97
	}
	return f
}

// quoted says which document a post quotes. Short posts share a phrase by chance.
func quoted(x *index.Index, m *index.Match, f *detect.Finding) {
	doc := x.Documents[m.Document]
	f.Rule, f.Title = "document."+x.Name, "Quoted from "+x.Name
	f.Why = fmt.Sprintf("It holds %d fingerprints of the document %q, %.0f %% of its own.", m.Shared, doc.Title, 100*m.Share)
	switch {
	case m.Shared >= 3:
		f.Likelihood = 0.92
	case m.Shared == 2:
		f.Likelihood = 0.75
	default:
		f.Likelihood = 0.55
	}
}
