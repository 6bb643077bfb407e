package row

import (
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// golden reads a golden assessment of the schemas.
func golden(t testing.TB, name string) *earshotv1.Assessment {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../../../schemas/testdata/assessment/v1", name))
	require.NoError(t, err)
	a := new(earshotv1.Assessment)
	require.NoError(t, protojson.Unmarshal(data, a))
	require.NoError(t, schemas.ValidateAssessment(a))
	return a
}

// values are the block's columns by name.
func values(b store.Block) map[string]any {
	out := make(map[string]any, len(b.Columns))
	for _, c := range b.Columns {
		out[c.Name] = c.Values
	}
	return out
}

func TestMatchedAssessmentKeepsEverything(t *testing.T) {
	b := NewAssessments().Block([]*earshotv1.Assessment{golden(t, "matched.json")}, "token")
	require.Equal(t, "assessments", b.Table)
	require.Equal(t, "token", b.Token)
	got := values(b)
	require.Len(t, got, len(b.Columns), "no column twice")
	for name, want := range map[string]any{
		"brand_id":              []string{"tidewell"},
		"op":                    []int8{1},
		"matched":               []bool{true},
		"platform":              []string{"linkedin"},
		"native_id":             []string{"urn-7301"},
		"revision":              []uint32{0},
		"kind":                  []int8{2},
		"text":                  []string{"Guaranteed 12 % a year, card ****************"},
		"created_at":            []int64{time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC).UnixMilli()},
		"edited_at":             []int64{0},
		"observed_at":           []int64{time.Date(2026, 3, 2, 9, 14, 2, 0, time.UTC).UnixMilli()},
		"author_handle":         []string{"@dana.kerr"},
		"author_employee_id":    []string{"tb-014"},
		"match_starts":          [][]uint32{{0}},
		"match_ends":            [][]uint32{{10}},
		"score":                 []float32{69.3},
		"level":                 []int8{5},
		"reputation_score":      []float32{1.5},
		"leakage_outcome":       []int8{4},
		"compliance_level":      []int8{4},
		"sentiment":             []string{"neutral"},
		"sentiment_negative":    []float32{0.1},
		"packs":                 []string{"finra=1.0.0"},
		"findings.category":     [][]int8{{2, 3}},
		"findings.kind":         [][]string{{"pii.card", "promissory"}},
		"findings.starts":       [][][]uint32{{{29}, {0}}},
		"findings.ends":         [][][]uint32{{{45}, {22}}},
		"findings.masked":       [][]string{{"4111********1111", ""}},
		"contributions.target":  [][]int8{{2, 1}},
		"contributions.factor":  [][]string{{"severity", "promissory_phrase"}},
		"contributions.share":   [][]float32{{0.375, 1}},
		"guards.strength":       [][]float32{{0.1}},
		"reasons.text":          [][]string{{"tail guard"}},
		"counterfactuals.level": [][]int8{{1}},
	} {
		require.Equal(t, want, got[name], name)
	}
	id, err := hex.DecodeString("0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	require.NoError(t, err)
	require.Equal(t, [][]byte{id}, got["id"])
}

func TestWithdrawnAssessmentKeepsNoTextAndNoAuthor(t *testing.T) {
	tests := map[string]struct {
		op      earshotv1.PostOp
		created int64
	}{
		"an edit that no longer concerns the brand": {earshotv1.PostOp_POST_OP_EDITED, time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC).UnixMilli()},
		"a deletion, at no time of its own":         {earshotv1.PostOp_POST_OP_DELETED, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := golden(t, "matched.json")
			a.Matched, a.Op, a.Categories = false, test.op, nil
			got := values(NewAssessments().Block([]*earshotv1.Assessment{a}, ""))
			require.Equal(t, []string{"urn-7301"}, got["native_id"])
			require.Equal(t, []int64{test.created}, got["created_at"])
			for _, column := range []string{"text", "url_pattern", "author_id", "author_handle", "author_name", "author_role"} {
				require.Equal(t, []string{""}, got[column], column)
			}
		})
	}
}

func TestEveryColumnHasARowForEachEvent(t *testing.T) {
	rows := NewAssessments()
	batch := []*earshotv1.Assessment{golden(t, "matched.json"), golden(t, "taken_back.json"), golden(t, "matched.json")}
	for _, n := range []int{3, 1, 2} { // a smaller batch must not show the rest of a larger one
		for _, c := range rows.Block(batch[:n], "").Columns {
			require.Len(t, c.Values, n, c.Name)
		}
	}
}

func TestAlert(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	alert := &earshotv1.Alert{
		Id: "0f1e2d3c4b5a69788796a5b4c3d2e1f0", Rule: "boycott", State: earshotv1.AlertState_ALERT_STATE_FIRING,
		Group: map[string]string{"brand": "tidewell"}, Limit: 20, Observed: 31.5, WindowStart: timestamppb.New(at),
		Samples: []*earshotv1.AlertSample{{PostId: "x:1", Score: 12.5, Level: earshotv1.Level_LEVEL_LOW}, {PostId: "x:2"}},
	}
	b := NewAlerts().Block([]Alert{{alert, at.Add(time.Minute)}}, "token")
	got := values(b)
	require.Equal(t, "alerts", b.Table)
	require.Equal(t, []string{alert.GetId()}, got["id"])
	require.Equal(t, []int8{1}, got["state"])
	require.Equal(t, []map[string]string{{"brand": "tidewell"}}, got["group_by"])
	require.Equal(t, []float64{20}, got["threshold"])
	require.Equal(t, []int64{at.UnixMilli()}, got["window_start"])
	require.Equal(t, []int64{0}, got["ends_at"])
	require.Equal(t, []int64{at.Add(time.Minute).UnixMilli()}, got["updated_at"])
	require.Equal(t, [][]string{{"x:1", "x:2"}}, got["samples.post_id"])
	require.Equal(t, [][]float32{{12.5, 0}}, got["samples.score"])
	require.Equal(t, [][]int8{{2, 0}}, got["samples.level"])
}

func TestReview(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 30, 0, 5e6, time.UTC)
	review := &earshotv1.Review{
		Id: "0f1e2d3c4b5a69788796a5b4c3d2e1f0", PostId: "x:1", Revision: 2, Category: earshotv1.Category_CATEGORY_COMPLIANCE,
		Decision: earshotv1.Decision_DECISION_DISMISSED, DecidedAt: timestamppb.New(at), Note: "a quotation",
	}
	b := NewReviews().Block([]*earshotv1.Review{review}, "token")
	got := values(b)
	require.Equal(t, []string{"reviews", "token"}, []string{b.Table, b.Token})
	require.Len(t, got, 11)
	require.Equal(t, []int8{3}, got["category"])
	require.Equal(t, []int8{2}, got["decision"])
	require.Equal(t, []uint32{2}, got["revision"])
	require.Equal(t, []int64{at.UnixMilli()}, got["decided_at"])
	require.Equal(t, []string{"a quotation"}, got["note"])
}

func TestPattern(t *testing.T) {
	tests := map[string]struct{ url, native, handle, want string }{
		"id and handle":           {"https://x.com/dana/status/1893", "1893", "@dana", "https://x.com/{handle}/status/{id}"},
		"id alone":                {"https://news.example/1893", "1893", "", "https://news.example/{id}"},
		"neither":                 {"https://news.example/a", "1893", "@dana", "https://news.example/a"},
		"no address":              {"", "1893", "@dana", ""},
		"id is the whole address": {"https://news.example/a", "https://news.example/a", "", "{id}"},
		"a mark in the address":   {"https://e.org/{id}/1893", "1893", "", "https://e.org/{id}/1893"},
		"handle that is a mark":   {"https://e.org/id/7", "7", "@id", "https://e.org/{handle}/{id}"},
		"id within the handle":    {"https://e.org/dana7/9", "7", "@dana", "https://e.org/{handle}{id}/9"},
		"id is a part of a mark":  {"https://e.org/dana", "handle", "@dana", "https://e.org/{{id}}"},
		"handle with several at":  {"https://e.org/dana", "7", "@@dana", "https://e.org/{handle}"},
		"id occurs twice":         {"https://e.org/7/7", "7", "", "https://e.org/{id}/7"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			post := &earshotv1.Post{Url: test.url, NativeId: test.native, Author: &earshotv1.Author{Handle: test.handle}}
			require.Equal(t, test.want, pattern(post))
		})
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("https://x.com/dana/status/1893", "1893", "dana")
	f.Add("{id}{handle}", "handle", "id")
	f.Fuzz(func(t *testing.T, url, native, handle string) {
		if handle != "" && handle[0] == '@' {
			t.Skip()
		}
		stored := pattern(&earshotv1.Post{Url: url, NativeId: native, Author: &earshotv1.Author{Handle: handle}})
		if stored != url {
			require.Equal(t, url, expand(stored, native, handle))
		}
	})
}

func TestRound(t *testing.T) {
	for name, test := range map[string]struct {
		in   float64
		want float32
	}{
		"four decimals": {0.123449, 0.1234},
		"up":            {0.12345001, 0.1235},
		"one decimal":   {83.2, 83.2},
		"zero":          {0, 0},
		"one":           {math.Nextafter(1, 0), 1},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, round(test.in)) })
	}
}

func TestPackList(t *testing.T) {
	list := packList()
	require.Empty(t, list(nil))
	require.Equal(t, "finra=1.0.0,ftc=1.2.0", list(map[string]string{"ftc": "1.2.0", "finra": "1.0.0"}))
	require.Equal(t, "finra=1.0.0,ftc=1.2.0", list(map[string]string{"ftc": "1.2.0", "finra": "1.0.0"}))
	require.Equal(t, "finra=1.0.1", list(map[string]string{"finra": "1.0.1"}))
}

func TestMillis(t *testing.T) {
	require.Zero(t, millis(nil), "a time that is not set is 1970")
	require.Equal(t, int64(1234), millis(&timestamppb.Timestamp{Seconds: 1, Nanos: 234_999_999}))
}

func BenchmarkAssessments(b *testing.B) {
	rows := NewAssessments()
	batch := make([]*earshotv1.Assessment, 1000)
	for i := range batch {
		batch[i] = golden(b, "matched.json")
	}
	for b.Loop() {
		rows.Block(batch, "")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch)), "ns/row")
}
