package opinion

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRestAfterFailuresInARow(t *testing.T) {
	var r rest
	now := time.Unix(1_790_000_000, 0)
	require.Zero(t, r.failed(now, 0))
	require.Zero(t, r.failed(now, 0))
	require.False(t, r.succeeded(), "there was no pause")
	require.Zero(t, r.failed(now, 0), "a success ends the row")
	require.Zero(t, r.failed(now, 0))
	require.True(t, r.over(now))
	require.Equal(t, firstRest, r.failed(now, 0))
	require.False(t, r.over(now.Add(firstRest-1)))
	require.Zero(t, r.failed(now.Add(time.Second), 0), "it was asked before the pause")

	now = now.Add(firstRest)
	require.True(t, r.over(now), "one may try")
	require.False(t, r.over(now), "and nobody else meanwhile")
	require.Equal(t, 2*firstRest, r.failed(now, 0))
	require.False(t, r.over(now.Add(2*firstRest-1)))

	now = now.Add(2 * firstRest)
	require.True(t, r.over(now))
	require.True(t, r.over(now.Add(2*firstRest)), "another may try where nothing is heard of the first")
	require.True(t, r.succeeded())
	require.True(t, r.over(now))
	require.True(t, r.over(now))
}

func TestRestIsBounded(t *testing.T) {
	var r rest
	now := time.Unix(1_790_000_000, 0)
	for range 20 {
		for !r.over(now) {
			now = now.Add(firstRest)
		}
		r.failed(now, 0)
	}
	require.Equal(t, longestRest, r.pause)
}

func TestRestWhenTheModelAsksForIt(t *testing.T) {
	var r rest
	now := time.Unix(1_790_000_000, 0)
	require.Equal(t, firstRest, r.failed(now, time.Second), "at least as long as after failures")
	require.True(t, r.over(now.Add(firstRest)))
	require.True(t, r.succeeded())
	require.Equal(t, time.Minute, r.failed(now, time.Minute))
	require.False(t, r.over(now.Add(time.Minute-1)))
	require.True(t, r.succeeded())
	require.Equal(t, longestRest, r.failed(now, 1<<62), "but not for ever")
}
