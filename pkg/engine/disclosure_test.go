package engine_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// described is a description of a video or pin whose links may pay its author.
type described struct {
	Doc       int
	Platform  string
	Label     string
	Confident bool
	Sentences []struct{ Text string }
}

func (d *described) text() string {
	out := make([]string, len(d.Sentences))
	for i, s := range d.Sentences {
		out[i] = s.Text
	}
	return strings.Join(out, " ")
}

// readDescribed returns the rows whose label agrees with a list of phrases. The set is
// for measuring only: it has no licence that allows more.
func readDescribed(t *testing.T) []described {
	t.Helper()
	lines := packedLines(t, "affiliate_disclosures", "train.jsonl.gz")
	var out []described
	for lines.Scan() {
		var d described
		require.NoError(t, json.Unmarshal(lines.Bytes(), &d))
		if d.Confident {
			out = append(out, d)
		}
	}
	require.NoError(t, lines.Err())
	return out
}

// pays knows links that pay by sale: shortened shop links, known networks and tracking
// parameters. The labels say what a text discloses, not which links it holds.
var pays = regexp.MustCompile(`(?i)amzn\.to|[?&](?:tag|ref|aff|affid|aff_id|affiliate|partner|subid|a_aid)=|rstyle\.me|linksynergy|shareasale|shrsl|awin1|anrdoezrs|jdoqocy|magik\.ly|liketoknow`)

// TestAffiliateDisclosures measures on real descriptions, read as a paid voice's: what
// discloses its links must pass, what shows a paying link and says nothing should be
// found.
func TestAffiliateDisclosures(t *testing.T) {
	rows := readDescribed(t)
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	e, err := engine.New(engine.Options{Packs: packs, Key: make([]byte, 32)})
	require.NoError(t, err)
	e, err = e.ForBrand(engine.Brand{ID: "shop", Name: "Zzyx"}, true)
	require.NoError(t, err)
	all, linked := &tally{}, &tally{}
	for i := range rows {
		text, hidden := rows[i].text(), rows[i].Label == "not_disclosed"
		link := pays.MatchString(text)
		if hidden && !link && i%10 != 0 {
			continue // most rows hold no link; a tenth of them shows what is found by mistake
		}
		found := hides(e, fmt.Sprint(i), text)
		all.count(hidden, found)
		if !hidden || link {
			linked.count(hidden, found)
		}
	}
	t.Logf("%d found, %d of those disclosed; with a paying link precision %.3f recall %.3f",
		all.right+all.wrong, all.wrong, linked.precision(), linked.recall())
	// Floors under what was measured, to notice a rule that breaks.
	require.GreaterOrEqual(t, linked.precision(), 0.95)
	require.GreaterOrEqual(t, linked.recall(), 0.95)
}

// hides tells whether an influencer's text is found to hide who pays.
func hides(e *engine.Engine, id, text string) bool {
	_, kinds, _ := said(e.Assess(&earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "described:" + id, Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: text, Lang: "en", Author: &earshotv1.Author{Role: "influencer"},
	}}, time.Unix(0, 0))[0], earshotv1.Category_CATEGORY_COMPLIANCE)
	return kinds["undisclosed_relationship"]
}
