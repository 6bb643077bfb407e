package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func TestPostsTellAWeekInOrder(t *testing.T) {
	posts, err := Posts(monday)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(posts), 2000)
	texts := map[string]bool{}
	for i, p := range posts {
		at := when(p)
		id, text := p.GetPost().GetId(), p.GetPost().GetText()
		require.False(t, at.Before(monday), id)
		require.True(t, at.Before(monday.Add(Week)), id)
		if i > 0 {
			require.False(t, at.Before(when(posts[i-1])), id)
		}
		require.NotContains(t, text, "{")
		texts[text] = true
		require.NoError(t, post.Validate(p), id)
	}
	require.Greater(t, len(texts), len(posts)*3/5, "posts are varied")
}

func TestPostsAreTheSameForTheSameStart(t *testing.T) {
	first, err := Posts(monday)
	require.NoError(t, err)
	again, err := Posts(monday)
	require.NoError(t, err)
	require.Len(t, again, len(first))
	for i := range first {
		require.True(t, proto.Equal(first[i], again[i]), first[i].GetPost().GetId())
	}
}

func TestIDsRepeatOnlyInRevisions(t *testing.T) {
	posts, err := Posts(monday)
	require.NoError(t, err)
	type revision struct {
		id string
		n  uint32
	}
	seen := map[revision]bool{}
	for _, p := range posts {
		key := revision{p.GetPost().GetId(), p.GetPost().GetRevision()}
		require.False(t, seen[key], "%v", key)
		seen[key] = true
	}
}

func TestPlantedEventsAreThere(t *testing.T) {
	posts, err := Posts(monday)
	require.NoError(t, err)
	count := func(match func(*earshotv1.PostEvent) bool) (n int) {
		for _, p := range posts {
			if match(p) {
				n++
			}
		}
		return n
	}
	has := func(words string) func(*earshotv1.PostEvent) bool {
		return func(p *earshotv1.PostEvent) bool {
			return strings.Contains(strings.ToLower(p.GetPost().GetText()), words)
		}
	}
	require.Equal(t, 1, count(func(p *earshotv1.PostEvent) bool {
		return p.GetOp() == earshotv1.PostOp_POST_OP_CREATED && has("aws_secret_access_key")(p)
	}))
	require.Equal(t, 1, count(has("guaranteed 12%")))
	require.Equal(t, 1, count(has("epilepsy")))
	require.Greater(t, count(has("boycott")), 60)
	require.Greater(t, count(has("log in")), 30)
	op := func(want earshotv1.PostOp) func(*earshotv1.PostEvent) bool {
		return func(p *earshotv1.PostEvent) bool { return p.GetOp() == want }
	}
	require.Equal(t, 1, count(op(earshotv1.PostOp_POST_OP_EDITED)))
	require.Equal(t, 1, count(op(earshotv1.PostOp_POST_OP_DELETED)))
}
