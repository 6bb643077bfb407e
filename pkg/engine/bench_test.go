package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// BenchmarkAssess judges generated posts of the length of tweets, one brand of two in
// each but every tenth.
func BenchmarkAssess(b *testing.B) {
	packs, err := engine.BuiltinPacks()
	require.NoError(b, err)
	e, err := engine.New(engine.Options{
		Brands: []engine.Brand{
			{ID: "acme", Name: "Acme Bank", Aliases: []string{"Acme", "@acmebank"}, Industry: "finance", CodeNames: []string{"Bluefinch"}},
			{ID: "globex", Name: "Globex Air", Aliases: []string{"@globexair"}, Industry: "airline"},
		},
		Packs: packs, Key: []byte("a key of these benchmarks"),
	})
	require.NoError(b, err)
	events := tweets(1000)
	b.ReportAllocs()
	mentions, i, began := 0, 0, cpu(b)
	for b.Loop() {
		mentions += len(e.Assess(events[i%len(events)], time.Time{}))
		i++
	}
	b.ReportMetric(float64(cpu(b)-began)/float64(i), "cpu-ns/post")
	b.ReportMetric(float64(mentions)/float64(i), "mentions/post")
}

// BenchmarkAssessInsider judges what employees post about their work: the posts on whose
// words the policies have most to say.
func BenchmarkAssessInsider(b *testing.B) {
	packs, err := engine.BuiltinPacks()
	require.NoError(b, err)
	e, err := engine.New(engine.Options{Packs: packs, Key: []byte("a key of these benchmarks")})
	require.NoError(b, err)
	e, err = e.ForBrand(engine.Brand{ID: "acme", Name: "Acme Bank", Aliases: []string{"@acmebank"}, Industry: "finance"}, true)
	require.NoError(b, err)
	data, err := os.ReadFile("testdata/protected.tsv")
	require.NoError(b, err)
	var events []*earshotv1.PostEvent
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		ev := byEmployee(fields[len(fields)-1])
		ev.Post.Kind = earshotv1.PostKind_POST_KIND_EMPLOYEE
		events = append(events, ev)
	}
	b.ReportAllocs()
	i, began := 0, cpu(b)
	for b.Loop() {
		e.Assess(events[i%len(events)], time.Time{})
		i++
	}
	b.ReportMetric(float64(cpu(b)-began)/float64(i), "cpu-ns/post")
}

// cpu is the processor time of this process so far: what counts where others share the
// machine.
func cpu(b *testing.B) int64 {
	b.Helper()
	var use syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return use.Utime.Nano() + use.Stime.Nano()
}

var tweetParts = [][]string{
	{"@acmebank", "@globexair", "So Acme Bank", "flew Globex Air today", "my card from @acmebank", "just another monday,", "Thanks @globexair", "hey @acmebank"},
	{"why is the app still down after 3 hours", "the crew was lovely and we landed early", "lost my bag again and nobody answers", "love the new branch downtown 😍", "can’t log in, keeps saying try later", "great service as always… NOT", "moved my savings there last week", "anyone else waiting for a refund?"},
	{"#fail", "thank you so much!", "I am never using you again", "call me at the office", "https://t.co/aB3dE9fGh1", "seriously, two hours on hold", "best team ever", "what a joke, worst airline", "see you in Denver ✈️"},
}

func tweets(n int) []*earshotv1.PostEvent {
	random := rand.New(rand.NewPCG(7, 7))
	out := make([]*earshotv1.PostEvent, n)
	for i := range out {
		text := ""
		for _, part := range tweetParts {
			text += part[random.IntN(len(part))] + " "
		}
		out[i] = &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: &earshotv1.Post{
			Id: fmt.Sprintf("x:%d", i), Platform: "x", NativeId: fmt.Sprint(i), Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: text, Lang: "en",
			Author: &earshotv1.Author{Handle: "@someone", Followers: uint64(random.IntN(5000))},
		}}
	}
	return out
}
