// Package feed reads RSS, Atom and JSON feeds. It asks only for what has changed, and
// tells entries that are new, edited and deleted apart by what it saw before.
//
// It fetches the feed and nothing that the feed points at.
package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/services/collector/source"
)

const (
	defaultInterval = 5 * time.Minute
	minInterval     = 10 * time.Second
	defaultMaxBytes = 8 << 20
	fetchTimeout    = 30 * time.Second
	// longestPause bounds what a server may ask for with Retry-After.
	longestPause = 24 * time.Hour
	// maxValidator bounds an ETag or a Last-Modified, bytes.
	maxValidator = 1024
	userAgent    = "earshot-collector (+https://github.com/earshot/earshot)"
)

// Config is one feed to read.
type Config struct {
	// URL of the feed, http or https.
	URL string `yaml:"url"`
	// Interval between two polls, from 10s; 0 is 5 minutes.
	Interval time.Duration `yaml:"interval"`
	// MaxBytes bounds the feed, decompressed; 0 is 8 MiB.
	MaxBytes int64 `yaml:"max_bytes"`
	// Platform of its posts; empty is "news".
	Platform string `yaml:"platform"`
	// CollectedFor names brands that every entry concerns.
	CollectedFor []string `yaml:"collected_for"`
}

// Source reads one feed. It is a [source.Source].
type Source struct {
	config Config
	client *http.Client
}

var _ source.Source = (*Source)(nil)

// New returns a source for a feed. It fetches nothing.
func New(c Config) (*Source, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("url: want an http or https address")
	}
	if c.Interval == 0 {
		c.Interval = defaultInterval
	}
	if c.Interval < minInterval {
		return nil, fmt.Errorf("interval: %v is under %v", c.Interval, minInterval)
	}
	if c.MaxBytes < 0 {
		return nil, fmt.Errorf("max_bytes: %d is negative", c.MaxBytes)
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = defaultMaxBytes
	}
	if c.Platform == "" {
		c.Platform = "news"
	}
	return &Source{config: c, client: &http.Client{Timeout: fetchTimeout}}, nil
}

// Run polls the feed until ctx ends, or for good when the server says 410 Gone; see
// [source.Source].
func (s *Source) Run(ctx context.Context, from source.Cursor, emit source.Emit) error {
	st, err := parseState(from)
	if err != nil {
		return retry.Permanent(fmt.Errorf("feed: %w", err))
	}
	for {
		a, err := s.fetch(ctx, st)
		if err != nil {
			return err
		}
		switch a.status {
		case http.StatusGone:
			return nil
		case http.StatusOK:
			b, err := s.batch(st, a)
			if err != nil {
				return err
			}
			if err := emit(ctx, b); err != nil {
				return err
			}
		}
		if err := sleep(ctx, max(s.config.Interval, a.pause)); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// answer is what the server said: a feed (200), nothing new (304), gone for good (410),
// or that it wants to be left alone for a while (429, 503).
type answer struct {
	status             int
	body               []byte
	etag, lastModified string
	pause              time.Duration
}

func (s *Source) fetch(ctx context.Context, st *state) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.config.URL, nil)
	if err != nil {
		return answer{}, errors.New("fetch feed: the address is broken")
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5")
	if st.ETag != "" {
		req.Header.Set("If-None-Match", st.ETag)
	}
	if st.LastModified != "" {
		req.Header.Set("If-Modified-Since", st.LastModified)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("fetch feed: %w", withoutAddress(err))
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode, etag: validator(resp, "ETag"), lastModified: validator(resp, "Last-Modified")}
	switch a.status {
	case http.StatusOK:
		a.body, err = s.readBody(resp.Body)
		return a, err
	case http.StatusNotModified, http.StatusGone:
		return a, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if a.pause = retryAfter(resp.Header.Get("Retry-After")); a.pause > 0 {
			return a, nil
		}
	}
	return answer{}, fmt.Errorf("fetch feed: the server answers %s", resp.Status)
}

// validator is what the next poll gives back to the server; one over maxValidator, which
// the cursor would carry, is none.
func validator(resp *http.Response, name string) string {
	if value := resp.Header.Get(name); len(value) <= maxValidator {
		return value
	}
	return ""
}

// retryAfter is the pause that a server asks for, in seconds or as the date of its end
// (RFC 9110 section 10.2.3), at most longestPause; 0 where it says neither.
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), int(longestPause/time.Second))) * time.Second
	}
	end, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(time.Until(end), 0), longestPause)
}

func (s *Source) readBody(in io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(in, s.config.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("fetch feed: %w", withoutAddress(err))
	}
	if int64(len(body)) > s.config.MaxBytes {
		return nil, fmt.Errorf("fetch feed: over %d bytes", s.config.MaxBytes)
	}
	return body, nil
}

// withoutAddress takes the address, which may hold a password, out of an error.
func withoutAddress(err error) error {
	if with, ok := errors.AsType[*url.Error](err); ok {
		return with.Err
	}
	return err
}
