package score

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func checker(t *testing.T, brands ...engine.Brand) *Scorer {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	s, err := New(engine.Options{Brands: brands, Packs: packs, Key: []byte("a key of this test only")}, false)
	require.NoError(t, err)
	return s
}

func checked(t *testing.T, s *Scorer, request string) scored {
	t.Helper()
	answer, err := s.Check([]byte(request), time.Now())
	require.NoError(t, err)
	var out scored
	require.NoError(t, json.Unmarshal(answer, &out))
	return out
}

func TestCheckSaysHowToMend(t *testing.T) {
	s := checker(t)
	out := checked(t, s, `{"text":"Guaranteed 12% a year, zero risk.","role":"financial advisor","brand":{"id":"a","name":"A","industry":"finance"}}`)
	require.NotEmpty(t, out.Categories.Compliance.Findings)
	f := out.Categories.Compliance.Findings[0]
	require.Equal(t, "promissory", f.Kind)
	require.Regexp(t, `^Change or take out “.*Guaranteed.*”`, f.Fix)

	out = checked(t, s, `{"text":"deploy with `+awsKey+` please"}`)
	require.Contains(t, out.Categories.Leakage.Findings[0].Fix, "Take out “")
	require.NotContains(t, out.Categories.Leakage.Findings[0].Fix, awsKey)

	require.Empty(t, checked(t, s, `{"text":"Lovely lunch today"}`).Categories.Compliance.Findings)
}

func TestCheckAdvisesWhoSpeaksOfProtectedMatters(t *testing.T) {
	s := checker(t)
	for text, protected := range map[string]bool{
		"My manager harassed me and I filed an EEOC complaint":     true,
		"We are on strike at the depot, join us on Friday":         true,
		"Our charger caught fire, exploded and burned my daughter": false,
	} {
		f := checked(t, s, `{"text":"`+text+`"}`).Categories.Reputation.Findings
		require.NotEmpty(t, f, text)
		require.Equal(t, protected, f[0].Mitigate == protectedAdvice, text)
		require.Equal(t, protected, f[0].Fix == protectedAdvice, text)
	}
}

const awsKey = "AKIA" + "Q4ZT7MXW2KJB5RNH"

func TestCheckTakesAConfiguredBrandByItsID(t *testing.T) {
	s := checker(t, engine.Brand{ID: "one", Name: "One", CodeNames: []string{"Bluefinch"}}, engine.Brand{ID: "two", Name: "Two"})
	require.NotEmpty(t, checked(t, s, `{"text":"Bluefinch ships Monday","brand":"one"}`).Categories.Leakage.Findings)
	require.Equal(t, "two", checked(t, s, `{"text":"Bluefinch ships Monday","brand":"two"}`).Brand)
	require.Equal(t, "draft", checked(t, s, `{"text":"Bluefinch ships Monday"}`).Brand)
}

func TestCheckNamesTheFieldThatIsWrong(t *testing.T) {
	s := checker(t)
	for name, tc := range map[string]struct{ request, want string }{
		"no text":          {`{}`, "there is no text to check"},
		"blank text":       {`{"text":"  "}`, "there is no text to check"},
		"unknown field":    {`{"text":"a","nope":1}`, "nope: not a field of a draft, or of the wrong type"},
		"wrong type":       {`{"text":5}`, "text: not a field of a draft, or of the wrong type"},
		"no JSON":          {`{"text":`, "broken JSON at byte 9"},
		"unknown brand":    {`{"text":"a","brand":"x"}`, `brand: "x": not a brand of the configuration`},
		"brand of a kind":  {`{"text":"a","brand":7}`, "brand: want an id or an object"},
		"inline brand":     {`{"text":"a","brand":{"aliases":"x"}}`, "brand.aliases: wrong type, got string"},
		"unknown platform": {`{"text":"a","platform":"No Such!"}`, "platform"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Check([]byte(tc.request), time.Now())
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestADraftIsAnEmployeesPost(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	d := Draft{Text: "text", Platform: "linkedin", Role: "pilot"}
	event, err := d.Event(at)
	require.NoError(t, err)
	require.Equal(t, earshotv1.PostKind_POST_KIND_EMPLOYEE, event.GetPost().GetKind())
	require.Equal(t, "linkedin:draft", event.GetPost().GetId())
	require.Equal(t, "pilot", event.GetPost().GetAuthor().GetRole())
	require.Equal(t, at, event.GetPost().GetCreatedAt().AsTime())
}
