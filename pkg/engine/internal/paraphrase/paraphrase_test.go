package paraphrase_test

import (
	"bytes"
	"compress/gzip"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// taught returns a model that knows the words of posts only, each with the weight given
// for its kind.
func taught(weights map[string]float64) *paraphrase.Trained {
	t := &paraphrase.Trained{Weights: make([]float64, len(paraphrase.Kinds)<<paraphrase.Bits)}
	for h := range t.Slope {
		t.Slope[h] = 1
	}
	for k := range t.Bias {
		t.Bias[k] = -6
	}
	empty := buckets("")
	for word, w := range weights {
		kind, post, _ := strings.Cut(word, ":")
		for b := range buckets(post) {
			if !empty[b] {
				t.Weights[int(b)*len(paraphrase.Kinds)+paraphrase.Index(kind)] += w
			}
		}
	}
	return t
}

// told is a verdict that is likely enough to be told, with the words that tell it.
type told struct {
	paraphrase.Verdict
	words []string
}

func judge(m *paraphrase.Model, post string) []told { return judgeAs(m, post, "emp") }

func judgeAs(m *paraphrase.Model, post, voice string) (out []told) {
	in := &text.Text{}
	in.Reset(post)
	p := paraphrasePost(in)
	p.Voice = voice
	r := &paraphrase.Reader{}
	for _, v := range m.Judge(r, p, nil) {
		var words []string
		for _, s := range m.Telling(r, &v) {
			words = append(words, string(in.Folded[s.Start:s.End]))
		}
		if len(words) > 0 {
			out = append(out, told{v, words})
		}
	}
	return out
}

func TestJudgeExplainsItself(t *testing.T) {
	m := taught(map[string]float64{"advice:zibble": 4, "advice:wobble": 3, "roadmap:wobble": -1, "advice:table": -2}).Model("1")
	got := judge(m, "you should zibble at the table before a wobble")
	require.Len(t, got, 1)
	require.Equal(t, "advice", got[0].Name)
	require.Equal(t, earshotv1.Category_CATEGORY_COMPLIANCE, got[0].Head.Category)
	require.Equal(t, []string{"zibble", "wobble"}, got[0].words, "words that speak against it explain nothing")
}

func TestEachHeadJudgesItsCategory(t *testing.T) {
	m := taught(map[string]float64{"advice:zibble": 9, "roadmap:zibble": 9}).Model("1")
	got := judge(m, "zibble")
	require.Len(t, got, 2)
	require.Equal(t, "advice", got[0].Name)
	require.Equal(t, "roadmap", got[1].Name)
	require.Equal(t, earshotv1.Category_CATEGORY_LEAKAGE, got[1].Head.Category)
	got = judge(m, "nothing of the kind")
	require.Empty(t, got)
}

func TestPublicHeadsJudgeThePublicAlone(t *testing.T) {
	m := taught(map[string]float64{"advice:zibble": 9, "impersonation:zibble": 9}).Model("1")
	for voice, want := range map[string]string{"pub": "impersonation", "rep": "advice", "paid": "advice"} {
		got := judgeAs(m, "zibble", voice)
		require.Len(t, got, 1, voice)
		require.Equal(t, want, got[0].Name)
		require.Equal(t, voice == "pub", got[0].Head.Public)
	}
}

func TestCalibrationMovesLikelihoodsOnly(t *testing.T) {
	trained := taught(map[string]float64{"advice:zibble": 5})
	plain := judge(trained.Model("1"), "zibble")
	trained.Intercept[0] = 1
	moved := judge(trained.Model("1"), "zibble")
	require.Greater(t, moved[0].Likelihood, plain[0].Likelihood)
	odds := func(p float64) float64 { return math.Log(p / (1 - p)) }
	require.InDelta(t, 1, odds(moved[0].Likelihood)-odds(plain[0].Likelihood), 1e-6)
	require.Equal(t, plain[0].words, moved[0].words)
}

func TestAnyIsSoftmaxAgainstNone(t *testing.T) {
	var z paraphrase.Sums
	z[3], z[5] = math.Log(2), math.Log(3)
	h := &paraphrase.Head{From: 3, To: 6}
	logOdds, kind := z.Any(h)
	require.Equal(t, 5, kind)
	require.InDelta(t, math.Log(2+1+3), logOdds, 1e-12)
}

func TestKindsAreComplete(t *testing.T) {
	for i, k := range paraphrase.Kinds {
		require.Equal(t, i, paraphrase.Index(k.Name))
		require.NotEmpty(t, k.Title)
		require.NotEmpty(t, k.Why)
		require.NotEmpty(t, k.Cite)
		require.NotEmpty(t, k.Mitigate)
		require.True(t, k.Severity >= 1 && k.Severity <= 5, k.Name)
		heads := 0
		for h := range paraphrase.Heads {
			if paraphrase.Heads[h].Has(i) {
				heads++
			}
		}
		require.Equal(t, 1, heads, k.Name)
	}
	require.Equal(t, -1, paraphrase.Index("praise"))
}

func TestEncodeDecode(t *testing.T) {
	trained := taught(map[string]float64{"advice:zibble": 4, "sanctions:wobble": 8})
	trained.Slope[1], trained.Intercept[0], trained.Data = 0.5, -0.25, [8]byte{1, 2}
	trained.Weighing = paraphrase.Weighing{Reading: 0.5, Hearing: 2, Bias: -1}
	var first, second bytes.Buffer
	require.NoError(t, trained.Encode(&first, "1.2.3"))
	require.NoError(t, trained.Encode(&second, "1.2.3"))
	require.Equal(t, first.Bytes(), second.Bytes())
	m, err := paraphrase.Decode(first.Bytes())
	require.NoError(t, err)
	require.Equal(t, trained.Model("1.2.3"), m)
	slope, intercept, weighing := m.Calibration()
	require.Equal(t, trained.Weighing, weighing)
	require.Equal(t, trained.Slope, slope)
	require.Equal(t, trained.Intercept, intercept)
}

func TestDecodeRefuses(t *testing.T) {
	var good bytes.Buffer
	require.NoError(t, taught(nil).Encode(&good, "1"))
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "EOF"},
		{"no archive", []byte("these are no weights at all"), "invalid header"},
		{"something else", packed(t, strings.Repeat("x", 99)), "not weights"},
		{"another number of kinds", packed(t, "earshot paraphrase 4\n"+strings.Repeat("\x01", 999)), "kinds"},
		{"cut off", good.Bytes()[:good.Len()/2], "unexpected EOF"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := paraphrase.Decode(tc.data)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func packed(t *testing.T, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	_, err := zw.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, zw.Close())
	return out.Bytes()
}

// TestShipped shows the shipped model posts that nobody trained it on.
func TestShipped(t *testing.T) {
	m, err := paraphrase.New()
	require.NoError(t, err)
	require.NotEmpty(t, m.Version)
	for _, tc := range []struct{ name, voice, industry, post, want string }{
		{"promise", "rep", "finance", "With me your money only ever grows, I promise you will never lose a cent of it", "promissory"},
		{"way around sanctions", "emp", "auto", "We ship the parts to Moscow through a friend in Dubai and just write another country on the invoice", "sanctions"},
		{"reviews to order", "emp", "retail", "Everybody on the team please write five stars for us from your private account tonight", "fake_review"},
		{"everyday post", "emp", "retail", "Lovely walk with the dog this morning, now coffee", ""},
		{"warning by an adviser", "rep", "finance", "Nobody can promise you a return. If somebody does, walk away.", ""},
		{"pay talk", "emp", "retail", "we should all ask for better pay for the night shift together", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := &text.Text{}
			in.Reset(tc.post)
			got := ""
			for _, v := range m.Judge(&paraphrase.Reader{}, &paraphrase.Post{Text: in, Voice: tc.voice, Industry: tc.industry}, nil) {
				if v.Likelihood >= 0.5 && v.Head == &paraphrase.Heads[0] {
					got = v.Name
				}
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestJudgeIsDeterministic(t *testing.T) {
	m, err := paraphrase.New()
	require.NoError(t, err)
	const post = "I promise your savings will double, no risk at all, ask me on my private number"
	first := judge(m, post)
	require.NotEmpty(t, first)
	for range 3 {
		again := judge(m, post)
		require.Equal(t, first, again)
	}
}

func BenchmarkJudge(b *testing.B) {
	m, err := paraphrase.New()
	require.NoError(b, err)
	in, r := &text.Text{}, &paraphrase.Reader{}
	in.Reset("So proud of the whole crew for getting everybody home before the storm, and now we all need a very long nap ✈️")
	p := paraphrasePost(in)
	var out []paraphrase.Verdict
	b.ReportAllocs()
	for b.Loop() {
		out = m.Judge(r, p, out[:0])
	}
}
