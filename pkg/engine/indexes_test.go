package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/index"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

var indexKey = []byte("a key of these tests, 32 bytes!!")

// customersIndex holds one invented customer.
func customersIndex(t *testing.T, name string) []byte {
	t.Helper()
	b, err := index.NewBuilder(indexKey, name, "customer", []index.Column{{Name: "name", Type: index.Name}, {Name: "account", Type: index.ID}})
	require.NoError(t, err)
	require.NoError(t, b.Add([]string{"Ana Ruiz", "AC-99812-X"}))
	file, err := b.Bytes()
	require.NoError(t, err)
	return file
}

const indexedMemo = "The board agreed on Tuesday to close the Leeds depot by the end of March; nothing of this may be told before."

func memosIndex(t *testing.T) []byte {
	t.Helper()
	d, err := index.NewDocuments(indexKey, "memos", "roadmap")
	require.NoError(t, err)
	_, err = d.Add(index.Document{ID: "m1", Title: "Depot memo"}, indexedMemo)
	require.NoError(t, err)
	file, err := d.Bytes()
	require.NoError(t, err)
	return file
}

func indexed(t *testing.T, indexes ...engine.Index) (*engine.Engine, error) {
	t.Helper()
	return engine.New(engine.Options{
		Key: indexKey, Indexes: indexes,
		Brands: []engine.Brand{{ID: "hollin", Name: "Hollin"}, {ID: "other", Name: "Otherly"}},
	})
}

func post(text string) *earshotv1.PostEvent {
	return &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
		Id: "x:1", Platform: "x", Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: text, Url: "https://paste.example/AC-99812-X",
	}}
}

// found is the finding of a rule, if any, in the leakage of an assessment.
func found(a *earshotv1.Assessment, rule string) *earshotv1.Finding {
	for _, f := range a.GetCategories()[1].GetFindings() {
		if f.GetRule() == rule {
			return f
		}
	}
	return nil
}

func TestIndexOfRows(t *testing.T) {
	e, err := indexed(t, engine.Index{File: "c.idx", Data: customersIndex(t, "customers"), Brands: []string{"hollin"}})
	require.NoError(t, err)
	out := e.Assess(post("Hollin and Otherly customer dump: Ruiz, Ana / AC 99812 X"), time.Time{})
	require.Len(t, out, 2)
	f := found(out[0], "edm.customers")
	require.NotNil(t, f)
	require.Equal(t, "customer", f.GetKind())
	require.Contains(t, f.GetWhy(), "name, account")
	require.NotEmpty(t, f.GetFingerprint())
	require.GreaterOrEqual(t, out[0].GetCategories()[1].GetLikelihood(), 0.8)
	require.Nil(t, found(out[1], "edm.customers"), "an index of another brand")
	for _, a := range out {
		require.NotContains(t, a.String(), "Ruiz")
		require.NotContains(t, a.String(), "99812 X")
	}
	require.Equal(t, 16, len(out[0].GetVersions().GetPacks()["index.customers"]))
	require.Nil(t, found(e.Assess(post("Hollin thanks Ana Ruiz"), time.Time{})[0], "edm.customers"), "one value")
}

func TestIndexOfDocuments(t *testing.T) {
	e, err := indexed(t, engine.Index{File: "m.idx", Data: memosIndex(t)})
	require.NoError(t, err)
	text := "leaked from Hollin: \"the board agreed on tuesday to CLOSE the Leeds depot by the end of March\""
	a := e.Assess(post(text), time.Time{})[0]
	f := found(a, "document.memos")
	require.NotNil(t, f)
	require.Equal(t, "roadmap", f.GetKind())
	require.Contains(t, f.GetWhy(), "Depot memo")
	span := f.GetSpans()[0]
	require.Contains(t, strings.ToLower(text[span.GetStart():span.GetEnd()]), "leeds depot")
	require.Contains(t, a.GetPost().GetText(), "Leeds depot", "a quotation is not masked")
	require.Nil(t, found(e.Assess(post("Hollin has a depot in Leeds, says the board"), time.Time{})[0], "document.memos"))
}

// TestIndexForInlineBrands holds that a brand of its own envelope is served by the indexes
// of all brands only.
func TestIndexForInlineBrands(t *testing.T) {
	e, err := indexed(t, engine.Index{File: "m.idx", Data: memosIndex(t)}, engine.Index{File: "c.idx", Data: customersIndex(t, "customers"), Brands: []string{"hollin"}})
	require.NoError(t, err)
	for id, want := range map[string]bool{"hollin": true, "new": false} {
		own, err := e.ForBrand(engine.Brand{ID: id, Name: "Any"}, true)
		require.NoError(t, err)
		a := own.Assess(post(indexedMemo+" Ana Ruiz AC-99812-X"), time.Time{})[0]
		require.Equal(t, want, found(a, "edm.customers") != nil)
		require.NotNil(t, found(a, "document.memos"))
	}
}

func TestIndexRefused(t *testing.T) {
	_, err := engine.New(engine.Options{Key: []byte("another key of these tests 32 b!"), Indexes: []engine.Index{{File: "c.idx", Data: customersIndex(t, "customers")}}})
	require.ErrorIs(t, err, index.ErrKey)
	require.ErrorContains(t, err, "index c.idx")
	_, err = indexed(t, engine.Index{File: "a.idx", Data: customersIndex(t, "same")}, engine.Index{File: "b.idx", Data: customersIndex(t, "same")})
	require.ErrorContains(t, err, "index b.idx: there are two of the name same")
}
