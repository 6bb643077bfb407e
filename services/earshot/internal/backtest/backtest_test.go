package backtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/earshot/internal/backtest"
)

// house compiles the template of a pack with some of its text replaced.
func house(t *testing.T, replace ...string) *engine.Engine {
	t.Helper()
	text, err := policy.New("house", time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	for i := 0; i < len(replace); i += 2 {
		require.Contains(t, text, replace[i])
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	p, err := engine.ParsePack("house.yaml", []byte(text))
	require.NoError(t, err)
	e, err := engine.New(engine.Options{
		Brands: []engine.Brand{{ID: "acme", Name: "Acme"}}, Packs: []engine.Pack{p}, Key: []byte("a key of these tests only"),
		RulesOnly: true, // the test is about packs; the trained stage changes with its examples
	})
	require.NoError(t, err)
	return e
}

const rows = `{"post_id":"x:1","platform":"x","native_id":"1","kind":"employee","text":"Acme: the new model ships in May","lang":"en","paid_label":false,"collected_for":[],"labels":{},"created":1772442840000,"visibility":"public","author_id":"u1","author_handle":"@u1","author_name":"U","followers":10,"author_verified":false,"author_employee_id":"e1","author_role":"engineer","reply_to":"","quote_of":"","repost_of":"","thread_root":""}
{"post_id":"x:2","platform":"x","native_id":"2","kind":"employee","text":"Acme lunch was nice","lang":"en","paid_label":false,"collected_for":[],"labels":{},"created":1772442841000,"visibility":"public","author_id":"u1","author_handle":"@u1","author_name":"U","followers":10,"author_verified":false,"author_employee_id":"e1","author_role":"engineer","reply_to":"","quote_of":"","repost_of":"","thread_root":""}
`

func run(t *testing.T, before, after *engine.Engine) *backtest.Report {
	t.Helper()
	r := &backtest.Report{}
	require.NoError(t, backtest.Read(strings.NewReader(rows), func(ev *earshotv1.PostEvent) { r.Add(before, after, ev) }))
	require.Equal(t, 2, r.Posts)
	require.Equal(t, 2, r.Mentions)
	return r
}

func TestNothingChangesByTheSamePacks(t *testing.T) {
	require.Empty(t, run(t, house(t), house(t)).Changes)
}

func TestChangesAreToldApart(t *testing.T) {
	silent := []string{"words: [prototype, model, version,", "words: [prototype, version,"}
	r := run(t, house(t, silent...), house(t))
	require.Len(t, r.Changes, 1)
	c := r.Changes[0]
	require.Equal(t, backtest.Appears, c.How)
	require.Equal(t, []string{"x:1", "acme", "compliance"}, []string{c.Post, c.Brand, c.Category})
	require.Equal(t, []string{"house.h01"}, c.Rules)
	require.Less(t, c.BeforeScore, c.AfterScore)

	require.Equal(t, 1, run(t, house(t), house(t, silent...)).Count(backtest.Vanishes))

	r = run(t, house(t), house(t, "level: medium", "level: critical"))
	require.Equal(t, 1, r.Count(backtest.Moves))
	require.Equal(t, []string{"house.h01"}, r.Changes[0].Rules)
}

func TestReadNamesWhatIsNoRow(t *testing.T) {
	require.ErrorContains(t, backtest.Read(strings.NewReader("nonsense\n"), nil), "read stored post")
}

func TestCompareAlerts(t *testing.T) {
	list := func(ids ...string) (out []*earshotv1.Alert) {
		for _, id := range ids {
			out = append(out, &earshotv1.Alert{Id: id})
		}
		return out
	}
	got := backtest.CompareAlerts(list("a", "b"), list("b", "c", "c"))
	require.Len(t, got.Appear, 1)
	require.Equal(t, "c", got.Appear[0].GetId())
	require.Len(t, got.Vanish, 1)
	require.Equal(t, "a", got.Vanish[0].GetId())
}
