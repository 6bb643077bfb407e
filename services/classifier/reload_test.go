package classifier

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// shared is a buffer that one goroutine writes and another reads.
type shared struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer.String()
}

// versions are those of the packs that judge a post now.
func versions(r *reloader) map[string]string {
	return r.Assess(event("1", "Acme Bank is nice"), time.Time{})[0].GetVersions().GetPacks()
}

func TestPacksAreLoadedAnewWithoutARestart(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "house.yaml")
	text, err := policy.New("house", time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	write(t, path, text)
	r, err := newReloader(Judging{
		Brands: []engine.Brand{{ID: "acme", Name: "Acme Bank"}}, Packs: Packs{Dirs: []string{dir}}, SecretKey: config.Secret("a key of these tests only"),
	})
	require.NoError(t, err)
	require.Equal(t, "0.1.0", versions(r)["house"])
	m, err := newMetrics()
	require.NoError(t, err)

	synctest.Test(t, func(t *testing.T) {
		log := &shared{}
		logger := slog.New(slog.NewTextHandler(log, nil))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.follow(ctx, logger, m) }()
		pass := func() {
			time.Sleep(lookEvery + time.Millisecond) // the bubble's clock
			synctest.Wait()
		}

		pass()
		require.Empty(t, log.String(), "nothing changed")

		write(t, path, strings.Replace(text, "0.1.0", "0.2.0", 1))
		pass()
		require.Equal(t, "0.2.0", versions(r)["house"])

		write(t, path, strings.Replace(text, "level: medium", "level: severe", 1))
		pass()
		pass()
		require.Equal(t, "0.2.0", versions(r)["house"], "broken packs change nothing")
		require.Equal(t, 1, strings.Count(log.String(), "packs refused"), "told once")
		require.Contains(t, log.String(), `house.yaml: rule \"h01\": level \"severe\"`)

		require.NoError(t, os.Remove(path))
		pass()
		require.NotContains(t, versions(r), "house")
		cancel()
		require.NoError(t, <-done)
	})
}

func TestNothingIsFollowedWithoutFolders(t *testing.T) {
	r, err := newReloader(Judging{SecretKey: config.Secret("a key of these tests only")})
	require.NoError(t, err)
	require.NoError(t, r.follow(t.Context(), slog.Default(), metrics{}))
}

func TestBrokenPacksEndTheStart(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "house.yaml"), "name: house\n")
	_, err := newReloader(Judging{Packs: Packs{Dirs: []string{dir}}, SecretKey: config.Secret("a key of these tests only")})
	require.ErrorContains(t, err, "read pack house.yaml")
}
