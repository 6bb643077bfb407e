package classifier

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// lookEvery is how often the folders of packs are read: often enough for whoever waits for
// a changed rule, seldom enough to cost nothing.
const lookEvery = 5 * time.Second

// PackFollower notices when the packs in folders change. For one goroutine.
type PackFollower struct {
	dirs []string
	seen [sha256.Size]byte
}

// NewPackFollower takes the packs as they are now for seen.
func NewPackFollower(dirs []string) (*PackFollower, error) {
	seen, err := contents(dirs)
	return &PackFollower{dirs: dirs, seen: seen}, err
}

// Follow looks at the folders until ctx ends. It calls build when the packs in them have
// changed, once for each change, and told with its error or nil; also with an error where
// the folders cannot be read.
func (f *PackFollower) Follow(ctx context.Context, build func() error, told func(error)) {
	if len(f.dirs) == 0 {
		return
	}
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			f.look(build, told)
		}
	}
}

func (f *PackFollower) look(build func() error, told func(error)) {
	seen, err := contents(f.dirs)
	if err == nil && seen == f.seen {
		return
	}
	if err == nil {
		f.seen = seen
		err = build()
	}
	told(err)
}

// reloader judges by an engine that follows the folders of packs. A post is judged by one
// engine from start to end; every assessment names its packs' versions.
type reloader struct {
	current atomic.Pointer[engine.Engine]
	judging Judging
	packs   *PackFollower
}

// newReloader builds the first engine; its error should end the start-up.
func newReloader(j Judging) (*reloader, error) {
	packs, err := NewPackFollower(j.Packs.Dirs)
	if err != nil {
		return nil, err
	}
	r := &reloader{judging: j, packs: packs}
	return r, r.build()
}

// Assess judges by the newest packs.
func (r *reloader) Assess(ev *earshotv1.PostEvent, at time.Time) []*earshotv1.Assessment {
	return r.current.Load().Assess(ev, at)
}

// Doubts says what to ask, by the newest packs.
func (r *reloader) Doubts(ev *earshotv1.PostEvent, judged []*earshotv1.Assessment, from, to float64) []engine.Doubt {
	return r.current.Load().Doubts(ev, judged, from, to)
}

// AssessWith judges anew with second opinions, by the newest packs.
func (r *reloader) AssessWith(ev *earshotv1.PostEvent, at time.Time, opinions map[string]engine.Opinion) []*earshotv1.Assessment {
	return r.current.Load().AssessWith(ev, at, opinions)
}

func (r *reloader) build() error {
	options, err := r.judging.Options()
	if err != nil {
		return err
	}
	e, err := engine.New(options)
	if err != nil {
		return err
	}
	r.current.Store(e)
	return nil
}

// follow keeps the engine up to date until ctx ends. Packs that do not load are told once
// and change nothing: the ones before stay in use.
func (r *reloader) follow(ctx context.Context, logger *slog.Logger, m metrics) error {
	r.packs.Follow(ctx, r.build, func(err error) {
		if err != nil {
			logger.ErrorContext(ctx, "packs refused, those before stay in use", "error", err)
			m.reload(ctx, "refused")
			return
		}
		logger.InfoContext(ctx, "packs loaded anew", "dirs", r.judging.Packs.Dirs)
		m.reload(ctx, "loaded")
	})
	return nil
}

func (m metrics) reload(ctx context.Context, result string) {
	m.reloads.Add(ctx, 1, metric.WithAttributes(attribute.String("result", result)))
}

// contents is a hash over the names and the bytes of all packs in dirs.
func contents(dirs []string) (sum [sha256.Size]byte, err error) {
	hash := sha256.New()
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil {
			return sum, fmt.Errorf("packs.dirs: %w", err)
		}
		slices.Sort(files)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return sum, fmt.Errorf("packs.dirs: %w", err)
			}
			_, _ = fmt.Fprintf(hash, "%s %d\n", file, len(data))
			_, _ = hash.Write(data)
		}
	}
	hash.Sum(sum[:0])
	return sum, nil
}
