package engine_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func finding(c *earshotv1.CategoryAssessment, kind string) *earshotv1.Finding {
	for _, f := range c.GetFindings() {
		if f.GetKind() == kind {
			return f
		}
	}
	return nil
}

// cut returns what a finding's first span underlines.
func cut(ev *earshotv1.PostEvent, f *earshotv1.Finding) string {
	s := f.GetSpans()[0]
	return string([]rune(ev.GetPost().GetText())[s.GetStart():s.GetEnd()])
}

// TestAssessReadsEncodings hides a key, a card number and a marking in every encoding: the
// finding names it, underlines the encoded run, and the run is masked where it must be.
func TestAssessReadsEncodings(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range []struct {
		name, said, kind string
		hidden           bool
	}{
		{"key", "the key is " + awsKey, "secret", true},
		{"card", "my card number is " + card + " thanks", "pii.card", true},
		{"marking", "STRICTLY CONFIDENTIAL: board only", "marking", false},
		{"code name", "we ship Project Bluefinch in May", "codename", false},
	} {
		for how, encoded := range map[string]string{
			"base64": base64Of(tc.said), "hex": hex.EncodeToString([]byte(tc.said)), "percent": url.PathEscape(tc.said),
			"base64,hex": base64Of(hex.EncodeToString([]byte(tc.said))),
		} {
			t.Run(tc.name+" in "+how, func(t *testing.T) {
				ev := byEmployee("é look: " + encoded + " ok")
				a := judge(t, e, ev)
				f := finding(a.GetCategories()[leakage], tc.kind)
				require.NotNil(t, f, "%v", kinds(a.GetCategories()[leakage]))
				require.Contains(t, f.GetWhy(), "decoded:"+how)
				require.Equal(t, encoded, cut(ev, f))
				if tc.hidden {
					require.Equal(t, "é look: "+strings.Repeat("*", len(encoded))+" ok", a.GetPost().GetText())
					require.Equal(t, strings.Repeat("*", len(encoded)), f.GetMasked())
				}
			})
		}
	}
}

func TestAssessReadsRulesInEncodings(t *testing.T) {
	said := "Guaranteed 12% return on this note, zero risk. DM me."
	ev := byEmployee("decode this " + base64Of(said))
	c := judge(t, newEngine(t, acme()), ev).GetCategories()[compliance]
	f := finding(c, "promissory")
	require.NotNil(t, f)
	require.Contains(t, f.GetWhy(), "decoded:base64")
	require.Equal(t, base64Of(said), cut(ev, f))
	open := finding(judge(t, newEngine(t, acme()), byEmployee(said)).GetCategories()[compliance], "promissory")
	require.NotContains(t, open.GetWhy(), "decoded")
	require.Greater(t, f.GetLikelihood(), open.GetLikelihood(), "who hides a promise means it")

	public := created("Acme Bank " + base64Of("we all boycott acme bank, it is a scam and a fraud"))
	for _, f := range judge(t, newEngine(t, acme()), public).GetCategories()[compliance].GetFindings() {
		require.NotContains(t, f.GetWhy(), "decoded", "the public breaks no rule")
	}
}

// TestAssessCountsOnceWhatIsEncodedItself holds tokens that are base64: one finding each.
func TestAssessCountsOnceWhatIsEncodedItself(t *testing.T) {
	e := newEngine(t, acme())
	for _, text := range []string{
		"token " + signedToken(), "twice " + base64Of("the key is "+awsKey) + " " + base64Of("the key is "+awsKey), awsKey + " or " + base64Of("key "+awsKey),
	} {
		a := judge(t, e, byEmployee(text))
		require.Equal(t, []string{"secret"}, kinds(a.GetCategories()[leakage]), text)
		require.NotContains(t, a.GetPost().GetText(), base64Of("the key is " + awsKey)[:20])
		require.NotContains(t, a.GetPost().GetText(), base64Of("key " + awsKey)[6:])
	}
}

// TestRedactsEncodedSecretsInFields encodes a key in the fields beside the text.
func TestRedactsEncodedSecretsInFields(t *testing.T) {
	e := newEngine(t, acme())
	encoded := base64Of("the key is " + awsKey)
	ev := created("@acmebank hi")
	ev.Post.Url = "https://x.example/s?note=" + encoded
	ev.Post.Labels = map[string]string{"note": encoded}
	ev.Post.Author.Name = encoded
	for _, a := range e.Assess(ev, judgedAt) {
		data, err := proto.Marshal(a)
		require.NoError(t, err)
		require.NotContains(t, string(data), encoded[8:])
	}
}

// TestAssessReadsHTML judges a post as the fediverse and feeds deliver it.
func TestAssessReadsHTML(t *testing.T) {
	e := newEngine(t, acme())
	ev := byEmployee(`<p>Guaran<b>teed</b> 12&#37; return on this note, zero&nbsp;risk.</p><p>key <code>` + awsKey + `</code></p>`)
	a := judge(t, e, ev)
	require.Equal(t, "finra.f01", finding(a.GetCategories()[compliance], "promissory").GetRule())
	require.Equal(t, awsKey, cut(ev, finding(a.GetCategories()[leakage], "secret")))
	require.NotContains(t, a.GetPost().GetText(), awsKey[4:18])
	require.Contains(t, a.GetPost().GetText(), "<p>Guaran<b>teed</b>")
}

func TestAssessReadsTags(t *testing.T) {
	e := newEngine(t, acme())
	ev := byEmployee(`<p>all you need is <a href="https://x.example/?key=` + awsKey + `">here</a></p>`)
	a := judge(t, e, ev)
	f := finding(a.GetCategories()[leakage], "secret")
	require.Contains(t, f.GetWhy(), "markup")
	require.Equal(t, `<a href="https://x.example/?key=`+awsKey+`">`, cut(ev, f))
	require.NotContains(t, a.GetPost().GetText(), awsKey[4:])

	shown := judge(t, e, byEmployee(`<a href="https://x.example/?key=`+awsKey+`">https://x.example/?key=`+awsKey+`</a>`))
	require.Equal(t, []string{"secret"}, kinds(shown.GetCategories()[leakage]), "one key, written twice")
	require.NotContains(t, shown.GetPost().GetText(), awsKey[4:])
}

// TestAssessHTMLReadsLikeText compares a post with the same post as HTML: all but the
// places is the same.
func TestAssessHTMLReadsLikeText(t *testing.T) {
	e := newEngine(t, acme())
	for _, text := range []string{
		"Acme Bank lost my card again & nobody answers, worst bank ever", "love the new branch of Acme Bank <3", "is Acme Bank down? 'again'",
	} {
		plain := judge(t, e, created(text))
		marked := judge(t, e, created("<p>"+strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&#39;").Replace(text)+"</p>"))
		require.Equal(t, plain.GetSentiment(), marked.GetSentiment())
		require.Equal(t, plain.GetScore(), marked.GetScore())
		require.Equal(t, plain.GetMatch().GetLikelihood(), marked.GetMatch().GetLikelihood())
	}
}

// rotated turns letters around by 13.
func rotated(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, s)
}

// TestAssessReadsROT13 holds ROT13 to words: no number and no key is read in it.
func TestAssessReadsROT13(t *testing.T) {
	e := newEngine(t, acme())
	promise := "this is for you and the family: guaranteed 12% return on the note, zero risk"
	f := finding(judge(t, e, byEmployee(rotated(promise))).GetCategories()[compliance], "promissory")
	require.NotNil(t, f)
	require.Contains(t, f.GetWhy(), "decoded:rot13")

	name := judge(t, e, byEmployee(rotated("you know this is the date for Project Bluefinch, we launch in May")))
	require.NotNil(t, finding(name.GetCategories()[leakage], "codename"))

	key := judge(t, e, byEmployee(rotated("this is the key for you and the team: "+awsKey)))
	require.Nil(t, finding(key.GetCategories()[leakage], "secret"))
}
