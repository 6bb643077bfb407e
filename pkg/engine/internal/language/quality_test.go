package language_test

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/language"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// validation is the validation part of UMSAB: posts in eight languages.
const validation = "../../../../../shared/data/umsab/val.tsv.gz"

// TestQuality measures on posts of eight languages how often an answer is given and how
// often it is right. Hindi stands there mostly in Latin letters.
func TestQuality(t *testing.T) {
	file, err := os.Open(validation)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no validation data")
	}
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	type tally struct{ all, told, right int }
	by, sum := map[string]*tally{}, &tally{}
	wrong := map[string]int{}
	lines := bufio.NewScanner(unzipped)
	lines.Scan() // the header
	x := &text.Text{}
	for lines.Scan() {
		column := strings.Split(lines.Text(), "\t")
		x.Reset(column[1])
		got, want := language.Of(x.Folded), column[2]
		if by[want] == nil {
			by[want] = &tally{}
		}
		for _, c := range []*tally{by[want], sum} {
			c.all++
			if got != language.Unknown {
				c.told++
			}
			if got == want {
				c.right++
			}
		}
		if got != want {
			wrong[want+">"+got]++
		}
	}
	require.NoError(t, lines.Err())
	for name, c := range by {
		t.Logf("%s: told %.3f, right where told %.3f", name, share(c.told, c.all), share(c.right, c.told))
	}
	t.Logf("all %d: told %.3f, right where told %.3f, right of all %.3f", sum.all, share(sum.told, sum.all), share(sum.right, sum.told), share(sum.right, sum.all))
	t.Log(wrong)
	require.Greater(t, share(sum.right, sum.told), 0.9)
	require.Greater(t, share(sum.right, sum.all), 0.8)
}

func share(part, of int) float64 { return float64(part) / float64(max(of, 1)) }
