package engine_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// riskbench is the folder of labelled posts beside the repository; its SPEC.md tells
// the format.
const riskbench = "../../../shared/data/riskbench"

// packedLines reads a packed file of another set beside it, or skips the test where it is
// not on this machine.
func packedLines(t *testing.T, set, file string) *bufio.Scanner {
	t.Helper()
	f, err := os.Open(filepath.Join(riskbench, "..", set, file))
	if err != nil {
		t.Skipf("%s is not on this machine: %v", set, err)
	}
	t.Cleanup(func() { _ = f.Close() })
	zr, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	return lines
}

// labelledPost is one line of it.
type labelledPost struct {
	ID    string
	Brand engine.Brand
	Post  struct {
		Text, Kind, Lang, Platform string
		Author                     struct {
			Role      string
			Followers uint64
		}
	}
	Labels map[string]struct {
		Risk  bool
		Kinds []string
	}
}

func (p *labelledPost) event() *earshotv1.PostEvent {
	kind := earshotv1.PostKind_POST_KIND_MENTION
	if p.Post.Kind == "employee" {
		kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
	}
	return &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "riskbench:" + p.ID, Platform: p.Post.Platform, Kind: kind, Text: p.Post.Text, Lang: p.Post.Lang,
		Author: &earshotv1.Author{Role: p.Post.Author.Role, Followers: p.Post.Author.Followers},
	}}
}

func readLabelled(t *testing.T, folder string) []labelledPost {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("labelled posts are not on this machine: " + folder)
	}
	var posts []labelledPost
	for _, file := range files {
		f, err := os.Open(file)
		require.NoError(t, err)
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var p labelledPost
			require.NoError(t, json.Unmarshal(lines.Bytes(), &p))
			posts = append(posts, p)
		}
		require.NoError(t, f.Close())
	}
	return posts
}

// tally counts decisions of one category or kind.
type tally struct{ right, wrong, missed int }

func (n *tally) count(is, said bool) {
	switch {
	case is && said:
		n.right++
	case said:
		n.wrong++
	case is:
		n.missed++
	}
}

func (n *tally) precision() float64 { return float64(n.right) / float64(max(1, n.right+n.wrong)) }
func (n *tally) recall() float64    { return float64(n.right) / float64(max(1, n.right+n.missed)) }

// said is what an assessment says of a category: whether a reviewer should look, the
// kinds at 0.5 or more, and every finding for the log.
func said(a *earshotv1.Assessment, category earshotv1.Category) (risk bool, kinds map[string]bool, log string) {
	kinds = map[string]bool{}
	for _, c := range a.GetCategories() {
		if c.GetCategory() != category {
			continue
		}
		risk = c.GetLikelihood() >= 0.5
		for _, f := range c.GetFindings() {
			log += fmt.Sprintf(" %s=%.2f", f.GetRule(), f.GetLikelihood())
			if f.GetLikelihood() >= 0.5 {
				kinds[f.GetKind()] = true
			}
		}
	}
	return risk, kinds, log
}

// TestRiskbench holds precision and recall of the packs on the tuning posts at
// likelihood 0.5. Run it with -v for the table by kind; EARSHOT_RISKBENCH_SHOW names
// a category whose mistakes are listed.
func TestRiskbench(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	shared, err := engine.New(engine.Options{Packs: packs, RulesOnly: true, Key: make([]byte, 32)})
	require.NoError(t, err)
	posts := readLabelled(t, riskbench)
	// Floors stand under what the packs reach, to notice a rule that breaks.
	for _, tc := range []struct {
		name              string
		category          earshotv1.Category
		precision, recall float64
	}{
		{"compliance", earshotv1.Category_CATEGORY_COMPLIANCE, 0.90, 0.65},
		{"reputation", earshotv1.Category_CATEGORY_REPUTATION, 0.74, 0.68},
	} {
		t.Run(tc.name, func(t *testing.T) {
			all := measure(t, shared, posts, true, tc.name, tc.category)
			require.GreaterOrEqual(t, all.precision(), tc.precision)
			require.GreaterOrEqual(t, all.recall(), tc.recall)
		})
	}
}

// measure judges posts for their brands and counts the decisions of a category, which it
// logs by kind. A post that is taken to name no brand is no risk.
func measure(t *testing.T, shared *engine.Engine, posts []labelledPost, assume bool, name string, category earshotv1.Category) *tally {
	t.Helper()
	all, byKind := &tally{}, map[string]*tally{}
	for i := range posts {
		p := &posts[i]
		e, err := shared.ForBrand(p.Brand, assume)
		require.NoError(t, err)
		risk, kinds, log := false, map[string]bool{}, ""
		if judged := e.Assess(p.event(), time.Unix(0, 0)); len(judged) > 0 {
			risk, kinds, log = said(judged[0], category)
		}
		label := p.Labels[name]
		all.count(label.Risk, risk)
		if assume && label.Risk != risk && os.Getenv("EARSHOT_RISKBENCH_SHOW") == name {
			t.Logf("%s want %v %v, %s %s: %q:%s", p.ID, label.Risk, label.Kinds, p.Post.Kind, p.Post.Author.Role, p.Post.Text, log)
		}
		countKinds(byKind, label.Kinds, kinds)
	}
	t.Logf("%-26s precision %.3f recall %.3f", name, all.precision(), all.recall())
	logKinds(t, byKind)
	return all
}

func countKinds(byKind map[string]*tally, want []string, got map[string]bool) {
	names := maps.Clone(got)
	for _, k := range want {
		names[k] = true
	}
	for k := range names {
		if byKind[k] == nil {
			byKind[k] = &tally{}
		}
		byKind[k].count(slices.Contains(want, k), got[k])
	}
}

func logKinds(t *testing.T, byKind map[string]*tally) {
	t.Helper()
	names := slices.SortedFunc(maps.Keys(byKind), cmp.Compare)
	for _, k := range names {
		n := byKind[k]
		t.Logf("  %-24s precision %.2f recall %.2f (%d right, %d wrong, %d missed)", k, n.precision(), n.recall(), n.right, n.wrong, n.missed)
	}
}

// TestPublicIsNotJudgedForCompliance scans real public tweets: outsiders cannot break a
// company's rules, so compliance must stay silent.
func TestPublicIsNotJudgedForCompliance(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	base, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	e, err := base.ForBrand(engine.Brand{ID: "air", Name: "Air", Industry: "airline"}, true)
	require.NoError(t, err)
	for _, set := range []string{"us_airline", "tweeteval_sentiment"} {
		t.Run(set, func(t *testing.T) {
			tweets := readTweets(t, set)
			found := 0
			for i, text := range tweets {
				p := labelledPost{ID: fmt.Sprint(i)}
				p.Post.Kind, p.Post.Text, p.Post.Lang = "mention", text, "en"
				if risk, _, log := said(e.Assess(p.event(), time.Unix(0, 0))[0], earshotv1.Category_CATEGORY_COMPLIANCE); risk {
					found++
					t.Logf("%q:%s", text, log)
				}
			}
			require.LessOrEqual(t, found, len(tweets)/500, "findings in %d tweets", len(tweets))
		})
	}
}

// readTweets returns the texts of a set's validation part.
func readTweets(t *testing.T, set string) []string {
	t.Helper()
	lines := packedLines(t, set, "val.tsv.gz")
	lines.Scan()
	column := slices.Index(strings.Split(lines.Text(), "\t"), "text")
	var out []string
	for lines.Scan() {
		out = append(out, strings.Split(lines.Text(), "\t")[column])
	}
	return out
}
