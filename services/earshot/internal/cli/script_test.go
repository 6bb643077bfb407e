package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/pkg/testkit"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/demo"
)

func TestMain(m *testing.M) {
	embedded.ServeChild()
	testscript.Main(m, map[string]func(){
		"earshot": func() { os.Exit(Main(os.Args[1:], "1.2.3")) },
	})
}

// TestScript runs what a user types, without a pipeline.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: prepare, Cmds: commands})
}

// TestPipelineScript runs what a user types, with a pipeline of its own for each script.
func TestPipelineScript(t *testing.T) {
	library, err := embedded.FindLibrary("")
	if err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), err.Error())
		t.Skipf("no ClickHouse engine: %v", err)
	}
	library, err = filepath.Abs(library)
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/pipeline", Cmds: commands,
		Setup: func(e *testscript.Env) error {
			e.Setenv("EARSHOT_LIBCHDB", library)
			for _, key := range []string{"KAFKA__EMBEDDED_LISTEN", "CLICKHOUSE__EMBEDDED_LISTEN", "COLLECTOR__LISTEN", "ADMIN_LISTEN"} {
				e.Setenv("EARSHOT__"+key, testkit.Address(t))
			}
			return prepare(e)
		},
	})
}

// prepare puts the configuration of the demo beside a script.
func prepare(e *testscript.Env) error {
	return os.WriteFile(filepath.Join(e.WorkDir, "demo.yaml"), demo.Config, 0o600)
}

var commands = map[string]func(*testscript.TestScript, bool, []string){
	"jsonl":   jsonLines,
	"lines":   makeLines,
	"await":   await,
	"produce": produce,
	"review":  review,
}

// jsonLines is "jsonl FILE PATH VALUE…": the values at a dotted path of each JSON line,
// "-" where there is none.
func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	var got []string
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var v any
		ts.Check(json.Unmarshal([]byte(line), &v))
		got = append(got, at(v, args[1]))
	}
	if want := args[2:]; strings.Join(got, "\n") == strings.Join(want, "\n") == neg {
		ts.Fatalf("%s of %s is %q", args[1], args[0], got)
	}
}

func at(v any, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok || object[name] == nil {
			return "-"
		}
		v = object[name]
	}
	if text, ok := v.(string); ok {
		return text
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// makeLines is "lines FILE COUNT BYTES TEMPLATE": a file of COUNT lines, in which % is the
// number of the line and @ stands for BYTES letters.
func makeLines(ts *testscript.TestScript, _ bool, args []string) {
	var count, size int
	ts.Check(json.Unmarshal([]byte(args[1]), &count))
	ts.Check(json.Unmarshal([]byte(args[2]), &size))
	template := strings.ReplaceAll(args[3], "@", strings.Repeat("a", size))
	var text bytes.Buffer
	for n := range count {
		number, _ := json.Marshal(n + 1)
		text.WriteString(strings.ReplaceAll(template, "%", string(number)) + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text.Bytes(), 0o600))
}

// A wait in vain ends the script, which then shows what its pipeline said.
const (
	awaitLimit = 10 * time.Minute
	awaitPause = 100 * time.Millisecond
)

// await is "await REGEXP earshot ARG…": it runs the command until it exits with 0 and its
// output matches.
func await(ts *testscript.TestScript, _ bool, args []string) {
	want := regexp.MustCompile(args[0])
	for limit := time.Now().Add(awaitLimit); ; time.Sleep(awaitPause) {
		err := ts.Exec(args[1], args[2:]...)
		if err == nil && want.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(limit) {
			ts.Fatalf("no %q within %s: %v: %s", args[0], awaitLimit, err, ts.ReadFile("stderr"))
		}
	}
}

// review is "review FILE CATEGORY DECISION": a review, decided now, of each mention that a
// JSON line of FILE names, as the console will send it.
func review(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var of struct {
			Assessment string `json:"assessment_id"`
			Post       string `json:"post_id"`
			Revision   uint32 `json:"revision"`
			Brand      string `json:"brand_id"`
		}
		ts.Check(json.Unmarshal([]byte(line), &of))
		r := &earshotv1.Review{
			AssessmentId: of.Assessment, PostId: of.Post, Revision: of.Revision, BrandId: of.Brand,
			Category: earshotv1.Category(earshotv1.Category_value["CATEGORY_"+strings.ToUpper(args[1])]),
			Decision: earshotv1.Decision(earshotv1.Decision_value["DECISION_"+strings.ToUpper(args[2])]),
			Reviewer: "mara", DecidedAt: timestamppb.Now(),
		}
		r.Id = schemas.ReviewID(r)
		ts.Check(schemas.ValidateReview(r))
		value, err := r.MarshalVT()
		ts.Check(err)
		produce(ts, false, []string{bus.TopicReviews, r.GetPostId(), string(value)})
	}
}

// produce is "produce TOPIC KEY VALUE": a message straight onto the bus of the pipeline.
func produce(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(filepath.Join(earshot.DataDir, "endpoints.json"))
	var e earshot.Endpoints
	ts.Check(json.Unmarshal([]byte(text), &e))
	c := bus.DefaultConfig()
	c.Brokers = []string{e.Kafka}
	w, err := bus.NewWriter(c, "test")
	ts.Check(err)
	ts.Check(w.Write(context.Background(), bus.Message{Topic: args[0], Key: []byte(args[1]), Value: []byte(args[2])}))
	ts.Check(w.Close())
}
