package score

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	tidewell = engine.Brand{ID: "tidewell", Name: "Tidewell Bank", Aliases: []string{"Tidewell"}, Industry: "finance"}
	merrow   = engine.Brand{ID: "merrow", Name: "Merrow Air", Industry: "airline"}
)

func scorer(t testing.TB, keyed bool, brands ...engine.Brand) *Scorer {
	t.Helper()
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	s, err := New(engine.Options{Brands: brands, Packs: packs, Key: []byte("a key of the tests, 32 bytes long")}, keyed)
	require.NoError(t, err)
	return s
}

// run scores input and returns the lines of both outputs.
func run(t *testing.T, s *Scorer, input string) (out []map[string]any, errs []string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err = s.Run(t.Context(), strings.NewReader(input), &stdout, &stderr)
	for line := range strings.Lines(stdout.String()) {
		var r map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		out = append(out, r)
	}
	for line := range strings.Lines(stderr.String()) {
		errs = append(errs, strings.TrimSpace(line))
	}
	return out, errs, err
}

func document(id, text string) string {
	return fmt.Sprintf(`{"id":%q,"platform":"x","text":%q,"created_at":"2026-03-02T09:14:00Z"}`, id, text)
}

func ids(out []map[string]any) (ids []string) {
	for _, r := range out {
		ids = append(ids, r["id"].(string))
	}
	return ids
}

func TestRunJudgesForTheBrandsOfTheConfiguration(t *testing.T) {
	out, errs, err := run(t, scorer(t, true, tidewell, merrow), strings.Join([]string{
		document("both", "Tidewell Bank pays for my Merrow Air flight"),
		document("one", "Merrow Air lost my bag again, awful service"),
		document("none", "A quiet evening"),
	}, "\n"))
	require.NoError(t, err)
	require.Empty(t, errs)
	require.Equal(t, []string{"both", "both", "one", "none"}, ids(out))
	require.ElementsMatch(t, []any{"tidewell", "merrow"}, []any{out[0]["brand"], out[1]["brand"]})
	require.Equal(t, map[string]any{"id": "none", "matched": false}, out[3])
}

func TestRunTakesEnvelopes(t *testing.T) {
	const brand = `{"id":"delta","name":"Delta","exclusions":["river delta"],"codenames":["Project Heron"]}`
	envelope := func(text, rest string) string {
		return fmt.Sprintf(`{"id":"case-1","labels":{},"post":%s,"brand":%s%s}`, document("1", text), brand, rest)
	}
	tests := map[string]struct {
		line    string
		matched bool
	}{
		"the brand is mentioned":        {envelope("Delta lost my bag", ""), true},
		"a post collected for it":       {envelope("My bag is lost", ""), true},
		"something else is meant":       {envelope("The river delta floods", ""), false},
		"explicitly not to be assumed":  {envelope("The river delta floods", `,"assume_match":false`), false},
		"it is assumed":                 {envelope("The river delta floods", `,"assume_match":true`), true},
		"a post without a brand":        {`{"post":` + document("1", "Tidewell is down") + `}`, true},
		"an edit":                       {`{"id":"1","platform":"x","op":"edited","revision":2,"text":"Tidewell is down"}`, true},
		"a deletion concerns no brand":  {`{"id":"1","platform":"x","op":"deleted"}`, false},
		"a deletion in an envelope too": {`{"post":{"id":"1","platform":"x","op":"deleted"},"brand":` + brand + `,"assume_match":true}`, false},
	}
	s := scorer(t, true, tidewell)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, errs, err := run(t, s, test.line)
			require.NoError(t, err)
			require.Empty(t, errs)
			require.Len(t, out, 1)
			require.Equal(t, "1", out[0]["id"])
			require.Equal(t, test.matched, out[0]["matched"])
		})
	}
}

// keys are the names of an object's members.
func keys(t *testing.T, v any) (names []string) {
	t.Helper()
	object, ok := v.(map[string]any)
	require.True(t, ok, "%v is no object", v)
	for name := range object {
		names = append(names, name)
	}
	return names
}

func TestResultHasTheFieldsOfTheContract(t *testing.T) {
	const text = "Guaranteed 12% a year at Tidewell, zero risk & <no> fees. Card 4111 1111 1111 1111 😀"
	out, _, err := run(t, scorer(t, true, tidewell), document("7", text))
	require.NoError(t, err)
	require.Len(t, out, 1)
	r := out[0]
	require.ElementsMatch(t, []string{"id", "brand", "matched", "categories", "score", "level", "versions"}, keys(t, r))
	require.Equal(t, true, r["matched"])
	require.ElementsMatch(t, []string{"engine", "packs", "brand"}, keys(t, r["versions"]))
	categories := r["categories"].(map[string]any)
	require.ElementsMatch(t, []string{"reputation", "leakage", "compliance"}, keys(t, categories))
	for name, c := range categories {
		require.Subset(t, keys(t, c), []string{"likelihood", "impact", "score", "level", "outcome", "findings"}, name)
		require.NotNil(t, c.(map[string]any)["findings"], name)
	}
	reputation := categories["reputation"].(map[string]any)
	require.ElementsMatch(t, []string{"label", "negative", "neutral", "positive"}, keys(t, reputation["sentiment"]))
	require.NotContains(t, categories["leakage"], "sentiment")
	finding := categories["leakage"].(map[string]any)["findings"].([]any)[0].(map[string]any)
	require.Subset(t, keys(t, finding), []string{
		"kind", "rule", "title", "spans", "likelihood", "impact", "cite", "mitigate", "why", "masked", "fingerprint",
	})
	require.Equal(t, "pii.card", finding["kind"])
	require.NotContains(t, finding["masked"], "1111 1111 1111")
	span := finding["spans"].([]any)[0].([]any)
	require.Equal(t, "4111 1111 1111 1111", string([]rune(text)[int(span[0].(float64)):int(span[1].(float64))]), "spans count code points")
}

func TestFingerprintsAreShownOnlyWithAKeyThatStays(t *testing.T) {
	line := document("1", "Tidewell card 4111 1111 1111 1111")
	for _, keyed := range []bool{true, false} {
		var out bytes.Buffer
		require.NoError(t, scorer(t, keyed, tidewell).Run(t.Context(), strings.NewReader(line), &out, io.Discard))
		require.Equal(t, keyed, strings.Contains(out.String(), `"fingerprint"`), "keyed: %v", keyed)
		require.NotContains(t, out.String(), "4111 1111")
	}
}

func TestRunNamesWhatIsNoPostAndGoesOn(t *testing.T) {
	good := document("good", "Tidewell")
	tests := map[string]struct{ line, want string }{
		"no JSON":                {`not json`, "broken JSON at byte 2"},
		"half a post":            {`{"id":"1","platform":"x","text":"Tide`, "broken JSON at byte"},
		"invalid UTF-8":          {"{\"id\":\"1\",\"platform\":\"x\",\"text\":\"a\xff\"}", "not valid UTF-8 at byte 35"},
		"a name twice":           {`{"post":{},"post":{}}`, "twice"},
		"a list":                 {`[1]`, "want an object, got a list"},
		"a string":               {`"x"`, "want an object, got a string"},
		"an unknown field":       {`{"id":"1","platform":"x","txt":"a"}`, "txt: unknown field"},
		"a field missing":        {`{"platform":"x"}`, "id: missing"},
		"a wrong type":           {`{"id":1,"platform":"x"}`, "id: want a string"},
		"a wrong kind":           {`{"id":"1","platform":"x","kind":"advert"}`, "kind: want mention or employee"},
		"a post of another type": {`{"post":"a"}`, "post: want an object"},
		"a brand without a post": {`{"brand":{"id":"a","name":"A"}}`, "post: missing"},
		"a brand without a name": {`{"post":` + good + `,"brand":{"id":"a"}}`, "name: missing"},
		"no brand at all":        {`{"post":` + good + `,"brand":null}`, "id: missing"},
		"a brand as a list":      {`{"post":` + good + `,"brand":[]}`, "brand: want an object"},
		"a wrong brand field":    {`{"post":` + good + `,"brand":{"id":"a","name":"A","aliases":"B"}}`, "aliases"},
		"an unknown pack":        {`{"post":` + good + `,"brand":{"id":"a","name":"A","packs":["nope"]}}`, "nope"},
		"a wrong flag":           {`{"post":` + good + `,"assume_match":"yes"}`, "assume_match: want true or false"},
		"a flag without a brand": {`{"post":` + good + `,"assume_match":true}`, "brand: missing"},
		"a long line":            {`{"id":"1","platform":"x","text":"` + strings.Repeat("a", 5<<20) + `"}`, "longer than 1048576 bytes"},
		"a long text":            {document("1", strings.Repeat("a", 70_000)), "text: "},
	}
	s := scorer(t, true, tidewell)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, errs, err := run(t, s, good+"\n\n"+test.line+"\r\n"+good+"\n")
			require.ErrorIs(t, err, ErrLeftOut)
			require.Len(t, errs, 1)
			require.Regexp(t, "^line 3: ", errs[0])
			require.Contains(t, errs[0], test.want)
			require.Less(t, len(errs[0]), 300, "the post is not quoted")
			require.NotContains(t, errs[0], "Go ")
			require.Equal(t, []string{"good", "good"}, ids(out))
		})
	}
}

func TestRunKeepsTheOrder(t *testing.T) {
	var input strings.Builder
	var want []string
	for n := range 5000 {
		id := fmt.Sprintf("p-%d", n)
		want = append(want, id)
		input.WriteString(document(id, strings.Repeat("Tidewell and more words. ", n%97)) + "\n")
	}
	out, _, err := run(t, scorer(t, true, tidewell), input.String())
	require.NoError(t, err)
	require.Equal(t, want, ids(out))
}

func TestRunReadsWhateverShapeTheInputHas(t *testing.T) {
	a, b := document("a", "1"), document("b", "2")
	tests := map[string]struct {
		in   io.Reader
		want []string
	}{
		"nothing":             {strings.NewReader(""), nil},
		"blank lines":         {strings.NewReader("\n \n\t\r\n"), nil},
		"no line end":         {strings.NewReader(a + "\n" + b), []string{"a", "b"}},
		"Windows line ends":   {strings.NewReader(a + "\r\n" + b + "\r\n"), []string{"a", "b"}},
		"a byte order mark":   {strings.NewReader("\ufeff" + a + "\n" + b), []string{"a", "b"}},
		"a byte at a time":    {iotest.OneByteReader(strings.NewReader(a + "\n" + b + "\n")), []string{"a", "b"}},
		"an end with data":    {iotest.DataErrReader(strings.NewReader(a + "\n" + b)), []string{"a", "b"}},
		"a line of 900 KiB":   {strings.NewReader(`{"id":"a","platform":"x","text":"` + strings.Repeat(" ", 10) + `"` + strings.Repeat(" ", 900<<10) + `}`), []string{"a"}},
		"many long lines":     {strings.NewReader(strings.Repeat(document("a", strings.Repeat("long ", 10_000))+"\n", 40)), strings.Split(strings.Repeat("a ", 39)+"a", " ")},
		"a full line to skip": {strings.NewReader(strings.Repeat(" ", 64<<10) + "\n" + b), []string{"b"}},
	}
	s := scorer(t, true)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, s.Run(t.Context(), test.in, &out, io.Discard))
			var got []string
			for line := range strings.Lines(out.String()) {
				var r struct{ ID string }
				require.NoError(t, json.Unmarshal([]byte(line), &r))
				got = append(got, r.ID)
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestRunAnswersALineBeforeTheNextOneComes(t *testing.T) {
	s := scorer(t, true)
	in, lines := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- s.Run(t.Context(), in, out, io.Discard)
		_ = out.Close()
	}()
	reader := json.NewDecoder(answers)
	for _, id := range []string{"a", "b", "c"} {
		_, err := io.WriteString(lines, document(id, "text")+"\n")
		require.NoError(t, err)
		var got unmatched
		require.NoError(t, reader.Decode(&got))
		require.Equal(t, id, got.ID)
	}
	require.NoError(t, lines.Close())
	require.NoError(t, <-done)
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestRunEndsWithItsReaderAndWriter(t *testing.T) {
	broken := errors.New("broken")
	s := scorer(t, true)
	many := strings.Repeat(document("a", "text")+"\n", 20_000)
	t.Run("reader", func(t *testing.T) {
		var out bytes.Buffer
		in := io.MultiReader(strings.NewReader(document("a", "text")+"\n"), iotest.ErrReader(broken))
		require.ErrorIs(t, s.Run(t.Context(), in, &out, io.Discard), broken)
	})
	t.Run("writer", func(t *testing.T) {
		require.ErrorIs(t, s.Run(t.Context(), strings.NewReader(many), brokenWriter{broken}, io.Discard), broken)
	})
	t.Run("context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, s.Run(ctx, strings.NewReader(many), io.Discard, io.Discard), context.Canceled)
	})
}

func TestInlineKeepsABoundedNumberOfBrands(t *testing.T) {
	s := scorer(t, true)
	for n := range maxBrands + 2 {
		brand := fmt.Appendf(nil, `{"id":"b%d","name":"Brand %d"}`, n, n)
		first, err := s.inline(brand, true)
		require.NoError(t, err)
		again, err := s.inline(brand, true)
		require.NoError(t, err)
		require.Same(t, first, again)
	}
	require.Len(t, s.assuming, 2)
	require.Empty(t, s.matching)
}

func TestDraftTakesThePostAsBeingAboutOneBrand(t *testing.T) {
	tests := map[string]struct {
		brands []engine.Brand
		id     string
		want   string
		err    error
	}{
		"no brand configured":      {nil, "", "draft", nil},
		"the only one":             {[]engine.Brand{merrow}, "", "merrow", nil},
		"several, none named":      {[]engine.Brand{merrow, tidewell}, "", "draft", nil},
		"several, one named":       {[]engine.Brand{merrow, tidewell}, "tidewell", "tidewell", nil},
		"one that is not there":    {[]engine.Brand{merrow}, "nope", "", ErrNoBrand},
		"one where there are none": {nil, "nope", "", ErrNoBrand},
	}
	at := time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC)
	draft := &earshotv1.PostEvent{
		Op: earshotv1.PostOp_POST_OP_CREATED,
		Post: &earshotv1.Post{
			Id: "x:1", Platform: "x", NativeId: "1", Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE,
			Text: "Our returns are guaranteed", CreatedAt: timestamppb.New(at),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := scorer(t, true, test.brands...).Draft(test.id, draft, at)
			require.ErrorIs(t, err, test.err)
			if test.err != nil {
				require.ErrorContains(t, err, test.id)
				return
			}
			require.Len(t, got, 1)
			require.True(t, got[0].GetMatched())
			require.Equal(t, test.want, got[0].GetBrandId())
		})
	}
}

func TestNewNamesABadBrand(t *testing.T) {
	packs, err := engine.BuiltinPacks()
	require.NoError(t, err)
	_, err = New(engine.Options{Brands: []engine.Brand{{ID: "a"}}, Packs: packs, Key: []byte("a key of the tests, 32 bytes long")}, true)
	require.ErrorContains(t, err, "name: missing")
}

// FuzzLine checks that any line is answered by JSON or by an error, and by nothing else.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{
		document("1", "Tidewell"), `{"post":{"id":"1","platform":"x"},"brand":{"id":"a","name":"A"},"assume_match":true}`,
		`{"post":null,"brand":null}`, `[]`, `{`, "\xff", `{"id":"1","platform":"x","op":"deleted"}`,
	} {
		f.Add([]byte(seed))
	}
	s := scorer(f, true, tidewell)
	f.Fuzz(func(t *testing.T, line []byte) {
		before := []byte("before\n")
		out, err := s.line(before, line)
		if err != nil {
			require.NotEmpty(t, err.Error())
			require.Equal(t, before, out)
			return
		}
		rest := bytes.TrimPrefix(out, before)
		for answer := range bytes.Lines(rest) {
			require.True(t, json.Valid(answer), "%s", answer)
		}
		require.NotEmpty(t, rest)
	})
}

func TestPostsWithoutAnyBrandAreTold(t *testing.T) {
	for name, tt := range map[string]struct {
		line string
		told bool
	}{
		"a bare post": {`{"id":"1","platform":"x","text":"hello"}`, true},
		"an envelope": {`{"brand":{"id":"a","name":"Acme"},"post":{"id":"1","platform":"x","text":"hello"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := New(engine.Options{Key: []byte("a key of 16 bytes or more")}, true)
			require.NoError(t, err)
			var out, errs bytes.Buffer
			require.NoError(t, s.Run(t.Context(), strings.NewReader(tt.line), &out, &errs))
			require.Equal(t, tt.told, strings.Contains(errs.String(), "no brands are configured"))
			require.Equal(t, 1, strings.Count(out.String(), "\n"))
		})
	}
}
