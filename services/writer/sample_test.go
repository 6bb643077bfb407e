package writer

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// sampler makes assessments as they are in life, for measurements: real texts, authors
// who post more than once, ids and addresses in the platforms' own forms.
type sampler struct {
	random  *rand.Rand
	texts   []string
	authors *rand.Zipf
	at      time.Time
}

// newSampler reads texts of tab-separated files; column is the text's.
func newSampler(t testing.TB, column int, files ...string) *sampler {
	t.Helper()
	s := &sampler{random: rand.New(rand.NewPCG(1, 2)), at: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	for _, name := range files {
		f, err := os.Open(name)
		if os.IsNotExist(err) {
			t.Skipf("needs the shared data: %v", err)
		}
		require.NoError(t, err)
		defer func() { require.NoError(t, f.Close()) }()
		unzipped, err := gzip.NewReader(f)
		require.NoError(t, err)
		lines := bufio.NewScanner(unzipped)
		for lines.Scan() {
			if fields := strings.Split(lines.Text(), "\t"); len(fields) > column {
				s.texts = append(s.texts, fields[column])
			}
		}
		require.NoError(t, lines.Err())
	}
	s.authors = rand.NewZipf(s.random, 1.2, 50, 400_000)
	return s
}

// text joins the halves of two posts, so that no text comes twice.
func (s *sampler) text() string {
	a, b := s.texts[s.random.IntN(len(s.texts))], s.texts[s.random.IntN(len(s.texts))]
	cut := strings.LastIndexByte(a[:len(a)/2+1], ' ') + 1
	rest := strings.IndexByte(b[len(b)/2:], ' ') + 1 + len(b)/2
	return strings.ToValidUTF8(a[:cut]+b[rest:], "")
}

// next makes the mention that comes after the last one, some milliseconds later.
func (s *sampler) next() *earshotv1.Assessment {
	s.at = s.at.Add(time.Duration(s.random.ExpFloat64() * float64(120*time.Millisecond)))
	id := make([]byte, 16)
	for i := range id {
		id[i] = byte(s.random.Uint32())
	}
	seen := s.at.Add(time.Duration(s.random.ExpFloat64() * float64(3*time.Second)))
	a := &earshotv1.Assessment{
		Id: hex.EncodeToString(id), BrandId: "brand" + strconv.Itoa(s.random.IntN(6)),
		Op: earshotv1.PostOp_POST_OP_CREATED, Post: s.post(), Matched: true,
		Match: &earshotv1.BrandMatch{Likelihood: 0.97, Reason: "name", Spans: []*earshotv1.Span{{Start: s.random.Uint32N(40), End: 40 + s.random.Uint32N(20)}}},
		Versions: &earshotv1.Versions{Engine: "1.0.0", Brand: "5f3c9a", Packs: map[string]string{
			"finra": "1.0.0", "ftc": "1.0.0", "hipaa": "1.0.0", "eeo": "1.0.0", "reputation": "1.0.0",
		}},
		Provenance: &earshotv1.Provenance{Source: "stream", SourceType: "stream", ObservedAt: timestamppb.New(seen)},
		AssessedAt: timestamppb.New(seen.Add(time.Duration(20+s.random.IntN(400)) * time.Millisecond)),
	}
	s.judge(a)
	return a
}

func (s *sampler) post() *earshotv1.Post {
	author := s.authors.Uint64()
	same := rand.New(rand.NewPCG(author, 7)) // an author is always the same
	handle := fmt.Sprintf("%s%s%d", names[same.IntN(len(names))], words[same.IntN(len(words))], same.IntN(9999))
	p := &earshotv1.Post{
		Kind: earshotv1.PostKind_POST_KIND_MENTION, Text: s.text(), Lang: "en", CreatedAt: timestamppb.New(s.at),
		Visibility: earshotv1.Visibility_VISIBILITY_PUBLIC,
		Author: &earshotv1.Author{
			Id: strconv.FormatUint(same.Uint64()>>(1+same.IntN(30)), 10), Handle: "@" + handle,
			Name:      strings.ToUpper(handle[:1]) + handle[1:4] + " " + words[same.IntN(len(words))],
			Followers: uint64(math.Exp(5 + 2*same.NormFloat64())), Verified: same.IntN(10) == 0,
		},
		Engagement: &earshotv1.Engagement{Likes: s.count(0.5), Reposts: s.count(-1), Replies: s.count(-0.5), Views: s.count(4)},
	}
	millis := uint64(s.at.UnixMilli())
	switch n := s.random.IntN(20); {
	case n < 13:
		p.Platform, p.NativeId = "x", strconv.FormatUint((millis-1288834974657)<<22|s.random.Uint64N(1<<22), 10)
		p.Url = "https://x.com/" + handle + "/status/" + p.NativeId
	case n < 16:
		p.Platform, p.NativeId = "reddit", strconv.FormatUint(millis*7+s.random.Uint64N(7), 36)
		p.Url = "https://www.reddit.com/r/" + words[s.random.IntN(len(words))] + "/comments/" + p.NativeId
	case n < 18:
		p.Platform, p.NativeId = "mastodon", strconv.FormatUint(millis<<16|s.random.Uint64N(1<<16), 10)
		p.Url = "https://mastodon.social/@" + handle + "/" + p.NativeId
	default:
		p.Platform, p.NativeId = "news", strconv.FormatUint(s.random.Uint64(), 36)
		p.Url = "https://www." + words[s.random.IntN(len(words))] + ".example/story/" + p.NativeId
	}
	p.Id = p.Platform + ":" + p.NativeId
	if s.random.IntN(4) == 0 {
		p.Thread = &earshotv1.Thread{ReplyTo: p.Platform + ":" + strconv.FormatUint((millis-s.random.Uint64N(3_600_000)-1288834974657)<<22|s.random.Uint64N(1<<22), 10)}
	}
	return p
}

// count is log-normal and mostly small, as reactions are.
func (s *sampler) count(mean float64) uint64 {
	return uint64(math.Exp(mean + 1.5*s.random.NormFloat64()))
}

func (s *sampler) judge(a *earshotv1.Assessment) {
	negative := s.random.Float64()
	positive := (1 - negative) * s.random.Float64()
	a.Sentiment = &earshotv1.Sentiment{Label: "neutral", Negative: negative, Positive: positive, Neutral: 1 - negative - positive}
	if negative > 0.5 {
		a.Sentiment.Label = "negative"
	} else if positive > 0.5 {
		a.Sentiment.Label = "positive"
	}
	reach := math.Max(0, (math.Log10(1+float64(a.GetPost().GetAuthor().GetFollowers()))-2)/4.5)
	for i := range 3 {
		c := &earshotv1.CategoryAssessment{Category: earshotv1.Category(i + 1), Likelihood: 0.01, Level: earshotv1.Level_LEVEL_INFO, Outcome: earshotv1.Outcome_OUTCOME_ACCEPT}
		if i == 0 && negative > 0.5 || s.random.IntN(50) == 0 {
			s.find(c, reach)
		}
		a.Categories = append(a.Categories, c)
		a.Score, a.Level = max(a.GetScore(), c.GetScore()), max(a.GetLevel(), c.GetLevel())
	}
}

// find gives a category a finding and all that explains it.
func (s *sampler) find(c *earshotv1.CategoryAssessment, reach float64) {
	rule := rules[s.random.IntN(len(rules))]
	severity := []float64{0.1, 0.3, 0.5, 0.75, 1}[s.random.IntN(5)]
	c.Likelihood = 0.3 + 0.6*s.random.Float64()
	c.Impact = 0.4*severity + 0.2*reach + 0.1*0.1 + 0.1*0.8
	c.Score = math.Round(1000*c.GetLikelihood()*c.GetImpact()) / 10
	c.Level = earshotv1.Level(1 + min(4, int(c.GetScore()/15)))
	c.Outcome = earshotv1.Outcome_OUTCOME_MONITOR
	start := s.random.Uint32N(60)
	c.Findings = []*earshotv1.Finding{{
		Kind: rule, Rule: "reputation." + rule, RuleVersion: "1.0.0", Title: "A customer tells of " + rule,
		Spans: []*earshotv1.Span{{Start: start, End: start + 4 + s.random.Uint32N(12)}}, Likelihood: c.GetLikelihood(), Impact: severity,
		Mitigate: "Answer within a day and take it to a private channel.", Family: rule,
		Why: fmt.Sprintf("The post says %q, which is how customers tell of %s.", words[s.random.IntN(len(words))], rule),
	}}
	c.LikelihoodContributions = []*earshotv1.Contribution{{Factor: rule, Value: c.GetLikelihood(), Share: 0.99}, {Factor: "leak", Value: 0.01, Share: 0.01}}
	for _, d := range []*earshotv1.Contribution{
		{Factor: "severity", Value: severity, Weight: 0.4},
		{Factor: "reach", Value: reach, Weight: 0.2},
		{Factor: "velocity", Weight: 0.2},
		{Factor: "author role", Value: 0.1, Weight: 0.1},
		{Factor: "channel", Value: 0.8, Weight: 0.1},
	} {
		d.Share = d.GetValue() * d.GetWeight()
		c.ImpactContributions = append(c.ImpactContributions, d)
	}
	c.Counterfactuals = []*earshotv1.Counterfactual{{Without: rule, Score: 0.4, Level: earshotv1.Level_LEVEL_INFO}}
}

var (
	rules = []string{"complaint", "outage", "boycott", "fraud claim", "abuse", "safety", "price", "service"}
	names = []string{"dana", "mika", "tomas", "lee", "ines", "yusuf", "ana", "joris", "priya", "olu", "sam", "chen", "maria", "ivan", "kofi", "noor"}
	words = []string{
		"river", "stone", "maple", "orbit", "candle", "falcon", "meadow", "copper", "violet", "harbor", "signal", "winter", "pepper",
		"marble", "saddle", "thunder", "velvet", "walnut", "zephyr", "anchor", "breeze", "cobalt", "dune", "ember", "fjord", "glacier",
	}
)
