package engine_test

import (
	_ "embed"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// confidences are posts of our own writing; the file's head tells its columns.
//
//go:embed testdata/confidences.tsv
var confidences string

// confidence is one of them: kinds expected, and the text with the spans that a reviewer
// would black out.
type confidence struct {
	kinds      []string
	role, text string
	spans      [][2]int // code points
}

func readConfidences(t *testing.T) []confidence {
	t.Helper()
	var out []confidence
	for line := range strings.Lines(confidences) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, cells, 3, line)
		c := confidence{role: strings.TrimPrefix(cells[1], "-")}
		if cells[0] != "-" {
			c.kinds = strings.Split(cells[0], ",")
		}
		c.text, c.spans = unmarked(cells[2])
		out = append(out, c)
	}
	return out
}

// unmarked takes the marks of spans out of a text.
func unmarked(marked string) (string, [][2]int) {
	var text []rune
	var spans [][2]int
	start := 0
	for _, r := range marked {
		switch r {
		case '⟦':
			start = len(text)
		case '⟧':
			spans = append(spans, [2]int{start, len(text)})
		default:
			text = append(text, r)
		}
	}
	return string(text), spans
}

// event is the post: an employee's, or about the brand by somebody outside.
func (c *confidence) event() *earshotv1.PostEvent {
	kind := earshotv1.PostKind_POST_KIND_EMPLOYEE
	if c.role == "" {
		kind = earshotv1.PostKind_POST_KIND_MENTION
	}
	return &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "own:1", Platform: "x", Kind: kind, Text: c.text, Author: &earshotv1.Author{Role: c.role},
	}}
}

// TestConfidences holds recall and precision on these posts. EARSHOT_CONFIDENCES_SHOW
// lists the mistakes. The floors stand a little below what was measured.
func TestConfidences(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	shared, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	e, err := shared.ForBrand(engine.Brand{ID: "hollin", Name: "Hollin", CodeNames: []string{"Marigold", "Saltmarsh", "Project Ironbark", "TQ-40"}}, true)
	require.NoError(t, err)
	var posts, spans tally
	byKind := map[string]*tally{}
	for _, c := range readConfidences(t) {
		a := e.Assess(c.event(), time.Time{})[0]
		risk, kinds, log := said(a, earshotv1.Category_CATEGORY_LEAKAGE)
		posts.count(len(c.kinds) > 0, risk)
		countKinds(byKind, c.kinds, kinds)
		c.overlap(a, &spans)
		if risk != (len(c.kinds) > 0) && os.Getenv("EARSHOT_CONFIDENCES_SHOW") != "" {
			t.Logf("want %v, %s: %s:%s", c.kinds, c.role, c.text, log)
		}
	}
	t.Logf("posts precision %.3f recall %.3f; spans precision %.3f recall %.3f", posts.precision(), posts.recall(), spans.precision(), spans.recall())
	logKinds(t, byKind)
	require.GreaterOrEqual(t, posts.precision(), 0.92)
	require.GreaterOrEqual(t, posts.recall(), 0.86)
}

// overlap counts spans of findings at 0.5 or more that touch an expected one, and those
// that do not, and the expected ones that none touches.
func (c *confidence) overlap(a *earshotv1.Assessment, n *tally) {
	touched := make([]bool, len(c.spans))
	for _, f := range a.GetCategories()[1].GetFindings() {
		for _, s := range f.GetSpans() {
			wrong := f.GetLikelihood() >= 0.5
			for i, want := range c.spans {
				if wrong && int(s.GetStart()) < want[1] && want[0] < int(s.GetEnd()) {
					touched[i], wrong = true, false
				}
			}
			n.count(false, wrong)
		}
	}
	for _, hit := range touched {
		n.count(true, hit)
	}
}
