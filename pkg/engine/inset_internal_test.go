package engine

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// TestInsetsAreBounded counts the bytes that insets make the engine read, in the worst
// texts found so far: encoded runs are twenty at most, of 4 KiB each, and tags hold no
// more than the text.
func TestInsetsAreBounded(t *testing.T) {
	line := base64.StdEncoding.EncodeToString([]byte("a line that a person would read, if only it were not encoded"))
	deep := line
	for range 5 {
		deep = base64.StdEncoding.EncodeToString([]byte(deep))
	}
	for _, tc := range []struct {
		name, piece string
		most        int // insets
	}{
		{"encoded runs", line + " ", 20},
		{"encoded runs in encoded runs", deep + " ", 20},
		{"one long run", strings.Repeat("41", 100), 1},
		{"percent", "%41%42%43%20 ", 20},
		{"tags", `<a b="C">`, text.MaxBytes / 9},
		{"tags with encoded runs", `<a b="` + line + `">`, text.MaxBytes/80 + 20},
		{"open tags", "<a b=", 20},
		{"references", "&#65;", 20},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := &text.Text{}
			x.Reset(strings.Repeat(tc.piece, text.MaxBytes/len(tc.piece)))
			var n insets
			n.find(x, nil, true)
			read := 0
			for _, in := range n.list {
				read += len(in.text.Folded)
				require.LessOrEqual(t, in.level, maxLevels)
			}
			require.LessOrEqual(t, len(n.list), tc.most+1, "and the text turned around")
			require.LessOrEqual(t, read, 2*text.MaxBytes+maxDecoded*(4<<10))
		})
	}
}

// TestInsetsAreUsedAgain finds insets of one text after the other: none stays.
func TestInsetsAreUsedAgain(t *testing.T) {
	x, n := &text.Text{}, insets{}
	x.Reset(`<a href="https://A.example">here</a> and <img alt="B">`)
	n.find(x, nil, false)
	require.Len(t, n.list, 2)
	x.Reset("nothing here")
	n.find(x, nil, false)
	require.Empty(t, n.list)
	require.Len(t, n.free, 2)
	x.Reset(`<img alt="C">`)
	n.find(x, nil, false)
	require.Len(t, n.list, 1)
	require.Equal(t, ` alt="C"`, string(n.list[0].text.Clean))
}
