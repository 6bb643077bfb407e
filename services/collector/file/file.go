// Package file reads posts from files: JSON Lines, CSV and TSV with a mapping, tweets of
// API v1.1; also compressed with gzip. It resumes where it stopped, follows a file that
// grows, and notices when it is rotated or truncated.
//
// A bad line is reported with its number and costs no other line.
package file

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/retry"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
	"github.com/earshot/earshot/services/collector/rows"
	"github.com/earshot/earshot/services/collector/source"
	"github.com/earshot/earshot/services/collector/tweet"
)

// The formats of a file.
const (
	FormatJSONL  = "jsonl"
	FormatCSV    = "csv"
	FormatTSV    = "tsv"
	FormatTweets = "twitter-v1.1"
)

// batchRecords is how many records go to the bus at once: as many as its writer sends
// in one request.
const batchRecords = 2000

// Config is one file to read.
type Config struct {
	// Path of the file; a name that ends in .gz is compressed with gzip.
	Path string `yaml:"path"`
	// Format is "jsonl", "csv", "tsv" or "twitter-v1.1". Empty means by the mapping or by
	// the name: .jsonl, .ndjson, .csv, .tsv.
	Format string `yaml:"format"`
	// Mapping, or MappingFile with the same in YAML, says what the columns of CSV and TSV
	// are. Other formats have none.
	Mapping     *rows.Mapping `yaml:"mapping,omitempty"`
	MappingFile string        `yaml:"mapping_file"`
	// Follow waits for more at the end of the file, and for the file itself.
	Follow bool `yaml:"follow"`
	// Interval is how often a followed file is looked at; 0 is a second.
	Interval time.Duration `yaml:"interval"`
}

// Source reads one file. It is a [source.Source].
type Source struct {
	path     string
	mapping  *rows.Mapping // of CSV and TSV
	decode   decode        // of the others
	follow   bool
	interval time.Duration
}

// decode makes an event of a record, or nil of one that tells of no post. number counts
// the records from 1.
type decode func(record []byte, number int64) (*earshotv1.PostEvent, error)

var _ source.Source = (*Source)(nil)

// New returns a source for a file that may not exist yet. It reads the mapping file.
func New(c Config) (*Source, error) {
	s := &Source{path: c.Path, follow: c.Follow, interval: c.Interval}
	if s.interval == 0 {
		s.interval = time.Second
	}
	if c.Path == "" {
		return nil, errors.New("path: missing")
	}
	if c.Follow && compressed(c.Path) {
		return nil, errors.New("follow: a compressed file cannot be followed")
	}
	if c.MappingFile != "" {
		if c.Mapping != nil {
			return nil, errors.New("mapping, mapping_file: set one of them")
		}
		m, err := rows.Load(c.MappingFile)
		if err != nil {
			return nil, fmt.Errorf("mapping_file: %w", err)
		}
		c.Mapping = &m
	}
	return s, s.choose(c.format(), c.Mapping)
}

func compressed(path string) bool { return strings.HasSuffix(path, ".gz") }

func (c Config) format() string {
	if c.Format != "" {
		return c.Format
	}
	if c.Mapping != nil && c.Mapping.Format != "" {
		return c.Mapping.Format
	}
	switch ext := filepath.Ext(strings.TrimSuffix(c.Path, ".gz")); ext {
	case ".ndjson", ".json":
		return FormatJSONL
	default:
		return strings.TrimPrefix(ext, ".")
	}
}

// choose sets how records are cut and decoded.
func (s *Source) choose(format string, m *rows.Mapping) error {
	if m != nil && format != FormatCSV && format != FormatTSV {
		return fmt.Errorf("mapping: format %q has none", format)
	}
	switch format {
	case FormatJSONL:
		s.decode = func(record []byte, _ int64) (*earshotv1.PostEvent, error) { return post.Decode(record) }
	case FormatTweets:
		s.decode = func(record []byte, _ int64) (*earshotv1.PostEvent, error) { return tweet.Decode(record) }
	case FormatCSV, FormatTSV:
		if m == nil {
			return fmt.Errorf("mapping: format %q needs one", format)
		}
		own := *m
		own.Format = format
		s.mapping = &own
		if err := own.Validate(); err != nil {
			return fmt.Errorf("mapping: %w", err)
		}
	default:
		return fmt.Errorf("format: %q is not jsonl, csv, tsv or twitter-v1.1", format)
	}
	return nil
}

// Run reads on from a cursor; see [source.Source]. It returns nil at the end of the
// file, or when ctx ends.
func (s *Source) Run(ctx context.Context, from source.Cursor, emit source.Emit) error {
	at, err := parseCursor(from)
	if err != nil {
		return retry.Permanent(fmt.Errorf("file %s: %w", s.path, err))
	}
	for ctx.Err() == nil {
		at, err = s.readOne(ctx, at, emit)
		if err != nil || !s.follow {
			return err
		}
	}
	return ctx.Err()
}
