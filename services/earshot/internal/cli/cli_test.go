package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/demo"
)

func TestExitCode(t *testing.T) {
	tests := map[string]struct {
		err  error
		want int
		says string
	}{
		"fine":                {nil, 0, ""},
		"the answer is no":    {errNo, 1, ""},
		"a failure":           {errors.New("broken"), 1, "earshot: broken\n"},
		"bad usage":           {usagef("bad"), 2, "earshot: bad\n"},
		"bad input, wrapped":  {fmt.Errorf("more: %w", usagef("bad")), 2, "earshot: more: bad\n"},
		"bad input and more":  {errors.Join(usagef("bad"), errors.New("broken")), 2, "earshot: bad\nbroken\n"},
		"an interrupted call": {context.Canceled, 1, "earshot: context canceled\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.Equal(t, test.want, exitCode(test.err, &out))
			require.Equal(t, test.says, out.String())
		})
	}
}

func TestUsageKeepsTheCause(t *testing.T) {
	cause := errors.New("cause")
	require.ErrorIs(t, usage(cause), cause)
	require.NoError(t, usage(nil))
}

func TestParsePlace(t *testing.T) {
	tests := map[string]struct {
		text string
		want bus.Place
		bad  bool
	}{
		"the first":          {"0/0", bus.Place{}, false},
		"a later one":        {"3/91", bus.Place{Partition: 3, Offset: 91}, false},
		"a large offset":     {"0/9007199254740993", bus.Place{Offset: 9007199254740993}, false},
		"nothing":            {"", bus.Place{}, true},
		"no offset":          {"3", bus.Place{}, true},
		"an empty offset":    {"3/", bus.Place{}, true},
		"a topic":            {"earshot.dead.v1/0/1", bus.Place{}, true},
		"too many parts":     {"0/1/2", bus.Place{}, true},
		"negative offset":    {"0/-1", bus.Place{}, true},
		"negative partition": {"-1/1", bus.Place{}, true},
		"words":              {"a/b", bus.Place{}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := parsePlace(test.text)
			require.Equal(t, test.bad, err != nil)
			if test.bad {
				require.ErrorAs(t, err, new(usageError))
				require.ErrorContains(t, err, "PARTITION/OFFSET")
				return
			}
			require.Equal(t, test.want, got)
		})
	}
}

func FuzzParsePlace(f *testing.F) {
	f.Add("0/0")
	f.Add("3/91")
	f.Fuzz(func(t *testing.T, text string) {
		if place, err := parsePlace(text); err == nil {
			again, err := parsePlace(fmt.Sprintf("%d/%d", place.Partition, place.Offset))
			require.NoError(t, err)
			require.Equal(t, place, again)
		}
	})
}

func TestReadOnlyAddsToTheAddress(t *testing.T) {
	tests := map[string]struct{ dsn, want config.Secret }{
		"no parameters": {"http://u:p@host:1/db", "http://u:p@host:1/db?readonly=2"},
		"parameters":    {"http://host:1/db?max_threads=2", "http://host:1/db?max_threads=2&readonly=2"},
		"native":        {"clickhouse://host:9000", "clickhouse://host:9000?readonly=2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want.Reveal(), readOnly(test.dsn).Reveal()) })
	}
}

func TestBriefKeepsWhatAPersonNeeds(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"a syntax error": {
			"Code: 62. DB::Exception: Syntax error: failed at position 1 (SELEC): SELEC 1. Expected one of: Query, SELECT, WITH. (SYNTAX_ERROR) (version 26.7.2.1)",
			"Code: 62. DB::Exception: Syntax error: failed at position 1 (SELEC): SELEC 1. (SYNTAX_ERROR) (version 26.7.2.1)",
		},
		"another error": {
			"Code: 47. DB::Exception: Unknown expression identifier `nope`. (UNKNOWN_IDENTIFIER) (version 26.7.2.1)",
			"Code: 47. DB::Exception: Unknown expression identifier `nope`. (UNKNOWN_IDENTIFIER) (version 26.7.2.1)",
		},
		"a list without an end": {"x. Expected one of: a, b", "x. Expected one of: a, b"},
		"nothing":               {"", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, brief(test.text)) })
	}
}

func TestPrintMessageReadsEveryTopic(t *testing.T) {
	event := func(m proto.Message) []byte {
		value, err := proto.Marshal(m)
		require.NoError(t, err)
		return value
	}
	tests := map[string]struct {
		topic string
		value []byte
		want  string
	}{
		"a post":             {bus.TopicPosts, event(&earshotv1.PostEvent{Post: &earshotv1.Post{NativeId: "1", Text: "a <b> & c"}}), `{"post":{"native_id":"1","text":"a <b> & c"}}`},
		"an assessment":      {bus.TopicAssessments, event(&earshotv1.Assessment{BrandId: "acme"}), `{"brand_id":"acme"}`},
		"an alert":           {bus.TopicAlerts, event(&earshotv1.Alert{Rule: "surge"}), `{"rule":"surge"}`},
		"a review":           {bus.TopicReviews, event(&earshotv1.Review{Reviewer: "ola"}), `{"reviewer":"ola"}`},
		"a cursor":           {bus.TopicCursors, []byte(`{"offset":17}`), `{"offset":17}`},
		"a checkpoint":       {bus.TopicCheckpoints, []byte{0xff, 0}, `"/wA="`},
		"an unknown topic":   {"other", []byte("text"), `"dGV4dA=="`},
		"a broken post":      {bus.TopicPosts, []byte("garbage"), `"Z2FyYmFnZQ=="`},
		"a deletion's value": {bus.TopicAlerts, nil, `{}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := bus.Message{
				Topic: test.topic, Partition: 2, Offset: 5, Time: noon.In(time.FixedZone("CET", 3600)), Key: []byte("key"), Value: test.value,
				Headers: []bus.Header{{Key: "ce_type", Value: "t"}},
			}
			var out bytes.Buffer
			require.NoError(t, printMessage(&out, m, test.topic))
			require.Equal(t, 1, strings.Count(out.String(), "\n"), "a message a line")
			var got struct {
				Topic     string
				Partition int
				Offset    int64
				Time      string
				Key       string
				Headers   map[string]string
				Value     json.RawMessage
			}
			require.NoError(t, json.Unmarshal(out.Bytes(), &got))
			require.Equal(t, test.topic, got.Topic)
			require.Equal(t, "2026-03-02T12:00:00Z", got.Time)
			require.Equal(t, []any{2, int64(5), "key"}, []any{got.Partition, got.Offset, got.Key})
			require.Equal(t, map[string]string{"ce_type": "t"}, got.Headers)
			require.JSONEq(t, test.want, string(got.Value))
		})
	}
}

func TestExplainTellsWhatLowersAFinding(t *testing.T) {
	a := &earshotv1.Assessment{Categories: []*earshotv1.CategoryAssessment{
		{Category: earshotv1.Category_CATEGORY_REPUTATION},
		{
			Category: earshotv1.Category_CATEGORY_COMPLIANCE, Level: earshotv1.Level_LEVEL_LOW, Score: 12.34, Likelihood: 0.5, Impact: 0.25,
			Outcome:  earshotv1.Outcome_OUTCOME_ACCEPT,
			Findings: []*earshotv1.Finding{{Title: "A promise", Rule: "finra.f01", Why: "why so", Mitigate: " "}},
			Guards:   []*earshotv1.Guard{{Title: "Says that nothing is sure", Rule: "finra.g1", Strength: 0.95}},
		},
	}}
	var out bytes.Buffer
	require.False(t, explain(&out, a))
	require.Equal(t, `compliance: low, score 12.3 (likelihood 0.50, impact 0.25), accept
  A promise [finra.f01]
    why    why so
  lowered by 95 %: Says that nothing is sure (finra.g1)
nothing here needs a review
`, out.String())
	a.Categories[1].Outcome = earshotv1.Outcome_OUTCOME_REVIEW
	require.True(t, explain(&bytes.Buffer{}, a))
}

func TestNoteOfTheDemoStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.json")
	first, err := readNote(path)
	require.NoError(t, err)
	require.False(t, first.Done)
	require.Equal(t, first.Start.Truncate(24*time.Hour), first.Start, "the week begins at midnight")
	again, err := readNote(path)
	require.NoError(t, err)
	require.Equal(t, first, again, "a second start tells the same week")
	again.Done = true
	require.NoError(t, writeNote(path, again))
	done, err := readNote(path)
	require.NoError(t, err)
	require.True(t, done.Done)
}

func TestNoteOfTheDemoNamesItsFault(t *testing.T) {
	folder := t.TempDir()
	_, err := readNote(folder)
	require.ErrorContains(t, err, "the demo's note")
	require.ErrorContains(t, writeNote(filepath.Join(folder, "nowhere", "demo.json"), demoNote{}), "the demo's note")
}

func TestLoadUpBringsTheDemosBrandsOnlyWithTheDemo(t *testing.T) {
	t.Setenv("EARSHOT_CONFIG", "")
	for _, withDemo := range []bool{true, false} {
		c, err := loadUp(&global{dataDir: "d"}, withDemo)
		require.NoError(t, err)
		require.Equal(t, "d", c.DataDir)
		require.Equal(t, withDemo, c.File.Has("brands"))
	}
	_, err := loadUp(&global{configPath: "nowhere.yaml"}, true)
	require.ErrorContains(t, err, "nowhere.yaml", "a named file goes before the demo's")
}

// shown is a show that writes into a buffer.
func shown(t *testing.T, dataDir string) (*show, *bytes.Buffer) {
	t.Helper()
	c, err := earshot.Parse("demo", demo.Config, dataDir)
	require.NoError(t, err)
	var out bytes.Buffer
	return &show{out: &out, config: c}, &out
}

func TestShowTellsWhatIsGrave(t *testing.T) {
	assessment := &earshotv1.Assessment{
		BrandId: "acme", Level: earshotv1.Level_LEVEL_CRITICAL,
		Post: &earshotv1.Post{Platform: "x", CreatedAt: timestamppb.New(noon), Author: &earshotv1.Author{Handle: "@a"}},
		Categories: []*earshotv1.CategoryAssessment{
			{Level: earshotv1.Level_LEVEL_LOW, Findings: []*earshotv1.Finding{{Title: "Small", Rule: "r.1"}}},
			{Level: earshotv1.Level_LEVEL_CRITICAL, Findings: []*earshotv1.Finding{{Title: "Grave", Rule: "r.2", Why: "because"}}},
		},
	}
	value, err := proto.Marshal(assessment)
	require.NoError(t, err)
	s, out := shown(t, "")
	require.NoError(t, s.assessment(value))
	require.Equal(t, "Mon 12:00 CRITICAL: acme by @a on x\n  Grave [r.2]\n    why    because\n", out.String())

	out.Reset()
	assessment.Level = earshotv1.Level_LEVEL_MEDIUM
	value, err = proto.Marshal(assessment)
	require.NoError(t, err)
	require.NoError(t, s.assessment(value))
	require.Empty(t, out.String())
	require.ErrorContains(t, s.assessment([]byte{0xff}), "read assessment")
}

func TestShowGivesQueriesThatCanBePasted(t *testing.T) {
	tests := map[string]struct{ dataDir, want string }{
		"the usual folder": {"", " query \"SELECT"},
		"another folder":   {"/elsewhere", " query --data /elsewhere \"SELECT"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, out := shown(t, test.dataDir)
			s.queries()
			require.Equal(t, len(sampleQueries), strings.Count(out.String(), test.want))
		})
	}
}

func TestShowTellsTheAddresses(t *testing.T) {
	s, out := shown(t, "/somewhere")
	s.addresses(earshot.Endpoints{Kafka: "k:1", Collector: "c:2", Admin: "a:3"})
	for _, want := range []string{"data in /somewhere", "http://c:2/v1/posts", "/somewhere/collector.token", "k:1", "http://a:3/readyz", "Ctrl-C"} {
		require.Contains(t, out.String(), want)
	}
}
