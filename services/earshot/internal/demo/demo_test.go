package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func TestPostsTellAWeekInOrder(t *testing.T) {
	posts, err := Posts(monday)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(posts), 2000)
	texts := map[string]bool{}
	for i, p := range posts {
		at := when(p)
		require.False(t, at.Before(monday), p.ID)
		require.True(t, at.Before(monday.Add(Week)), p.ID)
		if i > 0 {
			require.False(t, at.Before(when(posts[i-1])), p.ID)
		}
		require.NotContains(t, p.Text, "{")
		texts[p.Text] = true
	}
	require.Greater(t, len(texts), len(posts)*3/5, "posts are varied")
}

func TestPostsAreTheSameForTheSameStart(t *testing.T) {
	first, err := Posts(monday)
	require.NoError(t, err)
	again, err := Posts(monday)
	require.NoError(t, err)
	require.Equal(t, first, again)
}

func TestIDsRepeatOnlyInRevisions(t *testing.T) {
	posts, err := Posts(monday)
	require.NoError(t, err)
	type revision struct {
		id string
		n  int
	}
	seen := map[revision]bool{}
	for _, p := range posts {
		key := revision{p.Platform + p.ID, p.Revision}
		require.False(t, seen[key], "%v", key)
		seen[key] = true
	}
}

func TestPlantedEventsAreThere(t *testing.T) {
	posts, err := Posts(monday)
	require.NoError(t, err)
	count := func(match func(Post) bool) (n int) {
		for _, p := range posts {
			if match(p) {
				n++
			}
		}
		return n
	}
	has := func(words string) func(Post) bool {
		return func(p Post) bool { return strings.Contains(strings.ToLower(p.Text), words) }
	}
	require.Equal(t, 1, count(has("aws_secret_access_key")))
	require.Equal(t, 1, count(has("guaranteed 12%")))
	require.Equal(t, 1, count(has("epilepsy")))
	require.Greater(t, count(has("boycott")), 60)
	require.Greater(t, count(has("log in")), 30)
	require.Equal(t, 1, count(func(p Post) bool { return p.Op == "edited" }))
	require.Equal(t, 1, count(func(p Post) bool { return p.Op == "deleted" }))
}
