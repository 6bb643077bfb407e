package paraphrase_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// read takes the features of a post in which "Acme" is the brand.
func read(post string) (*paraphrase.Reader, *text.Text) {
	t, r := &text.Text{}, &paraphrase.Reader{}
	t.Reset(post)
	r.Read(paraphrasePost(t))
	return r, t
}

func paraphrasePost(t *text.Text) *paraphrase.Post {
	p := &paraphrase.Post{Text: t, Voice: "emp", Industry: "retail"}
	if i := strings.Index(string(t.Folded), "acme"); i >= 0 {
		p.Brand = []text.Span{{Start: i, End: i + len("acme")}}
	}
	return p
}

// buckets are the buckets of a post's features.
func buckets(post string) map[uint32]bool {
	r, _ := read(post)
	out := map[uint32]bool{}
	for _, f := range r.Features {
		out[f.Bucket] = true
	}
	return out
}

func TestTokens(t *testing.T) {
	for _, tc := range []struct {
		name, post string
		want       []string
	}{
		{"words and marks", "Buy now, pay never!", []string{"buy", "now", ",", "pay", "never", "!"}},
		{"apostrophes inside words", "don’t 'quote'", []string{"don't", "'", "quote", "'"}},
		{"numbers with points", "up 1,234.5 in 2024.", []string{"up", "1,234.5", "in", "2024", "."}},
		{"tags and handles", "#ad by @kim", []string{"#ad", "by", "@kim"}},
		{"links are one", "see https://a.example/b?c now", []string{"see", "https://a.example/b?c", "now"}},
		{"emoji", "up 🚀🚀", []string{"up", "🚀", "🚀"}},
		{"wide letters", "絶対に儲かる。", []string{"絶対に儲かる", "。"}},
		{"nothing", "", []string{}},
		{"blanks", " \n\t", []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, in := read(tc.post)
			got := make([]string, 0, len(r.Tokens))
			for _, s := range r.Tokens {
				got = append(got, string(in.Folded[s.Start:s.End]))
			}
			require.Equal(t, tc.want, got)
			require.Len(t, r.Spoken, len(r.Tokens))
		})
	}
}

func TestWhatMakesNoDifference(t *testing.T) {
	for _, tc := range []struct{ name, a, b string }{
		{"capitals", "Never Lose", "never lose"},
		{"the figure, where it has as many digits", "up 31 percent", "up 84 percent"},
		{"who is addressed", "ask @kim", "ask @lee"},
		{"where a link leads", "see https://a.example", "see https://b.example/x"},
		{"hidden letters", "ne\u200bver lose", "never lose"},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, buckets(tc.a), buckets(tc.b)) })
	}
	require.NotEqual(t, buckets("up 31 percent"), buckets("up 8 percent"))
	require.NotEqual(t, buckets("ad by kim"), buckets("#ad by kim"))
}

func TestBrandTellsNothing(t *testing.T) {
	with, in := read("I love Acme so much")
	for i, s := range with.Tokens {
		require.Equal(t, string(in.Folded[s.Start:s.End]) != "acme", with.Spoken[i], "the brand explains nothing")
	}
	other := &text.Text{}
	other.Reset("I love Zeta so much")
	r := &paraphrase.Reader{}
	r.Read(&paraphrase.Post{Text: other, Voice: "emp", Industry: "retail", Brand: []text.Span{{Start: 7, End: 11}}})
	require.Equal(t, with.Features, r.Features)
}

func TestBrandOfSeveralWordsIsOneToken(t *testing.T) {
	in, r := &text.Text{}, &paraphrase.Reader{}
	in.Reset("at Acme Bank today")
	r.Read(&paraphrase.Post{Text: in, Brand: []text.Span{{Start: 3, End: 12}}})
	require.Equal(t, []text.Span{{Start: 0, End: 2}, {Start: 3, End: 12}, {Start: 13, End: 18}}, r.Tokens)
}

func TestPlainReadingKeepsPlaces(t *testing.T) {
	in, plain, r := &text.Text{}, &text.Text{}, &paraphrase.Reader{}
	in.Reset("this is gu4r4nteed money")
	require.True(t, in.Plain(plain))
	r.Read(&paraphrase.Post{Text: plain, Plain: true})
	require.Equal(t, text.Span{Start: 8, End: 18}, r.Tokens[2])
}

func TestWorkIsBounded(t *testing.T) {
	r, _ := read(strings.Repeat("word ", 5000) + strings.Repeat("x", 50_000))
	require.Len(t, r.Tokens, 400)
	long, _ := read(strings.Repeat("x", 50_000))
	require.Less(t, len(long.Features), 200)
}

func FuzzRead(f *testing.F) {
	for _, post := range []string{"", "Buy now!", "#", "@", "1.", "a'", "http://", "ａ\xffb", "絶対", "é́́"} {
		f.Add(post)
	}
	m, err := paraphrase.New()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, post string) {
		r, in := read(post)
		for _, s := range r.Tokens {
			require.True(t, 0 <= s.Start && s.Start < s.End && s.End <= len(in.Folded))
		}
		for _, v := range m.Judge(r, paraphrasePost(in), nil) {
			require.True(t, v.Likelihood >= 0 && v.Likelihood <= 1)
			require.True(t, len(m.Telling(r, &v)) == 0 || v.Likelihood >= paraphrase.Least)
		}
	})
}

func TestToneIsToldOfThePublicAlone(t *testing.T) {
	in := &text.Text{}
	in.Reset("day nine")
	features := func(voice string, tone float64) []paraphrase.Feature {
		r := &paraphrase.Reader{}
		r.Read(&paraphrase.Post{Text: in, Voice: voice, Tone: tone})
		return r.Features
	}
	require.Equal(t, features("emp", -0.9), features("emp", 0.9))
	require.NotEqual(t, features("pub", -0.9), features("pub", 0.9))
	require.Equal(t, features("pub", 0.61), features("pub", 0.62))
	require.Len(t, features("pub", 1), len(features("emp", 1))+1)
}
