package engine_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestRedactsWhereverASecretStands puts a key into one field after the other: no byte of
// any assessment may show it, and no field may change its length.
func TestRedactsWhereverASecretStands(t *testing.T) {
	e := newEngine(t, acme(), globex())
	for _, tc := range []struct {
		name string
		put  func(p *earshotv1.Post, secret string)
	}{
		{"text", func(p *earshotv1.Post, s string) { p.Text += " " + s }},
		{"start of the text", func(p *earshotv1.Post, s string) { p.Text = s + " " + p.Text }},
		{"address", func(p *earshotv1.Post, s string) { p.Url = "https://x.example/s?token=" + s }},
		{"value of a label", func(p *earshotv1.Post, s string) { p.Labels = map[string]string{"note": "see " + s} }},
		{"name of a label", func(p *earshotv1.Post, s string) { p.Labels = map[string]string{s: "note", "topic": "banks"} }},
		{"display name", func(p *earshotv1.Post, s string) { p.Author.Name = "Dana " + s }},
		{"handle", func(p *earshotv1.Post, s string) { p.Author.Handle = "@" + s }},
		{"id of the author", func(p *earshotv1.Post, s string) { p.Author.Id = s }},
		{"role", func(p *earshotv1.Post, s string) { p.Author.Role = "nurse, key " + s }},
		{"reply", func(p *earshotv1.Post, s string) { p.Thread = &earshotv1.Thread{ReplyTo: "x:" + s} }},
		{"quotation", func(p *earshotv1.Post, s string) { p.Thread = &earshotv1.Thread{QuoteOf: "x:" + s} }},
		{"repost", func(p *earshotv1.Post, s string) { p.Thread = &earshotv1.Thread{RepostOf: "x:" + s} }},
		{"root", func(p *earshotv1.Post, s string) { p.Thread = &earshotv1.Thread{Root: "x:" + s} }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := created("@acmebank and Globex Air")
			tc.put(ev.GetPost(), awsKey)
			original := proto.CloneOf(ev)
			all := e.Assess(ev, judgedAt)
			require.Len(t, all, 2)
			require.True(t, proto.Equal(original, ev), "the event itself is not touched")
			for _, a := range all {
				data, err := proto.Marshal(a)
				require.NoError(t, err)
				require.NotContains(t, string(data), awsKey)
				require.NotContains(t, string(data), awsKey[6:])
				require.Equal(t, lengths(ev.GetPost()), lengths(a.GetPost()))
			}
		})
	}
}

// lengths are the code points of every text of a post, in a fixed order.
func lengths(p *earshotv1.Post) []int {
	texts := []string{
		p.GetText(), p.GetUrl(), p.GetAuthor().GetName(), p.GetAuthor().GetHandle(), p.GetAuthor().GetId(), p.GetAuthor().GetRole(),
		p.GetThread().GetReplyTo(), p.GetThread().GetQuoteOf(), p.GetThread().GetRepostOf(), p.GetThread().GetRoot(),
	}
	var labels []string
	for name, value := range p.GetLabels() {
		labels = append(labels, strings.Repeat("n", utf8.RuneCountInString(name))+" "+strings.Repeat("v", utf8.RuneCountInString(value)))
	}
	slices.Sort(labels)
	out := make([]int, 0, len(texts)+len(labels))
	for _, s := range append(texts, labels...) {
		out = append(out, utf8.RuneCountInString(s))
	}
	return out
}

// TestRedactionLeavesNamesAlone holds what is no secret: who wrote, where, about what.
func TestRedactionLeavesNamesAlone(t *testing.T) {
	e := newEngine(t, acme())
	ev := created("@acmebank my key is " + awsKey)
	ev.Post.Url = "https://x.example/status/1580661436132757506"
	ev.Post.Author = &earshotv1.Author{Id: "4539148803436467", Handle: "someone@mastodon.example", Name: "Dana Whitlock", Role: "journalist"}
	ev.Post.Thread = &earshotv1.Thread{ReplyTo: "x:4539148803436467", Root: "mastodon:someone@mastodon.example/1"}
	ev.Post.Labels = map[string]string{"topic": "banks", "query": "acme OR globex"}
	got := judge(t, e, ev).GetPost()
	require.True(t, proto.Equal(ev.GetPost().GetAuthor(), got.GetAuthor()))
	require.True(t, proto.Equal(ev.GetPost().GetThread(), got.GetThread()))
	require.Equal(t, ev.GetPost().GetUrl(), got.GetUrl())
	require.Equal(t, ev.GetPost().GetLabels(), got.GetLabels())
	require.Equal(t, ev.GetPost().GetId(), got.GetId())
}

// disclosures are texts and the value in each that nobody may read behind the engine.
var disclosures = []struct{ name, text, value string }{
	{"cloud key", "key " + awsKey + " there", awsKey},
	{"cloud key at both ends", awsKey, awsKey},
	{"card in groups", "my card " + card + ", ok", "1488 0343"},
	{"card in one piece", "my card 4539148803436467", "45391488034364"},
	{"card, full width", "my card ４５３９ １４８８ ０３４３ ６４６７", "１４８８"},
	{"card behind emoji", "👨‍👩‍👧‍👦 🇩🇪 my card " + card, "1488 0343"},
	{"card behind joined marks", "Cafe\u0301 e\u0301 my card " + card, "1488 0343"},
	{"card with zero width characters", "my card 4539\u200b1488\u200b0343\u200b6467", "1488"},
	{"key with zero width characters", "key " + awsKey[:8] + "\u200b" + awsKey[8:] + " there", awsKey[8:]},
	{"bank account", "IBAN GB83 NBRK 5646 9282 5463 62 thanks", "5646 9282"},
	{"password", "the wifi password is Sunny!Beach42 for tonight", "Beach"},
	{"password in a connection string", "postgres://app:vK7mortar-91@db.acme.io/x", "mortar"},
	{"mailbox", "write to judith.arkwright@pellmail.example", "arkwright@pellmail"},
	{"telephone", "call me on +44 7911 123456", "7911 1234"},
	{"social security number", "my social security number is 372-45-2094", "372-45"},
	{"passport", "Passport X14686351, it's Aoibhe", "146863"},
	{"birth date", "Margit, born 19 Aug 1978", "19 Aug 1978"},
	{"private key", "-----BEGIN PRIVATE" + " KEY-----\n" + strings.Repeat("MIIEow2xPsNaSLIXUV1gp5XSF17ZcjE6q0p4\n", 4) + "-----END PRIVATE" + " KEY-----", "XSF17Zcj"},
	{"signed token", "use " + signedToken(), signedToken()[40:]},
}

func signedToken() string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode([]byte(`{"sub":"dana","admin":true}`)) + ".t420etWxfEh1U_9PaNOYR_hR90xDDc9X"
}

func TestRedactionOfTexts(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range disclosures {
		t.Run(tc.name, func(t *testing.T) {
			require.Contains(t, tc.text, tc.value)
			a := judge(t, e, created("@acmebank "+tc.text))
			data, err := proto.Marshal(a)
			require.NoError(t, err)
			require.NotContains(t, string(data), tc.value)
			require.Equal(t, utf8.RuneCountInString("@acmebank "+tc.text), utf8.RuneCountInString(a.GetPost().GetText()))
			require.NotEmpty(t, a.GetCategories()[leakage].GetFindings())
		})
	}
}

// TestRedactionHidesRepeats tells a value that stands once more where no word announces
// it, in the text or beside it.
func TestRedactionHidesRepeats(t *testing.T) {
	e := newEngine(t, acme())
	const password = "Sunny!Beach42"
	for _, tc := range []struct {
		name string
		put  func(p *earshotv1.Post)
	}{
		{"later in the text", func(p *earshotv1.Post) { p.Text += ". Really, just type " + password + " and enter" }},
		{"twice without a blank", func(p *earshotv1.Post) { p.Text += " #" + password + password }},
		{"address", func(p *earshotv1.Post) { p.Url = "https://x.example/?q=" + password }},
		{"label", func(p *earshotv1.Post) { p.Labels = map[string]string{"title": "We type " + password} }},
		{"name of a label", func(p *earshotv1.Post) { p.Labels = map[string]string{"title-of-" + password: "a"} }},
		{"display name", func(p *earshotv1.Post) { p.Author.Name = password }},
		{"handle", func(p *earshotv1.Post) { p.Author.Handle = "@dana_" + password }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := created("@acmebank the password is " + password)
			tc.put(ev.GetPost())
			a := judge(t, e, ev)
			data, err := proto.Marshal(a)
			require.NoError(t, err)
			require.NotContains(t, string(data), password)
			require.Equal(t, lengths(ev.GetPost()), lengths(a.GetPost()))
		})
	}
}

// TestRedactionIsIdempotent judges what was redacted again: nothing more is masked, so a
// replay of stored posts changes no text.
func TestRedactionIsIdempotent(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range disclosures {
		t.Run(tc.name, func(t *testing.T) {
			once := judge(t, e, created("@acmebank "+tc.text)).GetPost()
			twice := judge(t, e, created(once.GetText())).GetPost()
			require.Equal(t, once.GetText(), twice.GetText())
		})
	}
}

// TestRedactionKeepsSpans cuts each finding's first span out of the redacted text: it is
// the finding's mask.
func TestRedactionKeepsSpans(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range disclosures {
		t.Run(tc.name, func(t *testing.T) {
			a := judge(t, e, created("é👍🏽 @acmebank "+tc.text))
			runes := []rune(a.GetPost().GetText())
			masks := 0
			for _, f := range a.GetCategories()[leakage].GetFindings() {
				if f.GetFingerprint() == "" {
					continue
				}
				masks++
				s := f.GetSpans()[0]
				require.Len(t, f.GetFingerprint(), 32)
				require.Equal(t, int(s.GetEnd()-s.GetStart()), utf8.RuneCountInString(f.GetMasked()))
				require.Contains(t, string(runes[s.GetStart():s.GetEnd()]), "***")
			}
			require.Positive(t, masks)
		})
	}
}

func TestMasks(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range []struct{ name, text, want string }{
		{"key keeps four and two", "key " + awsKey, "AKIA**************NH"},
		{"card keeps the last four", "card " + card, "***************6467"},
		{"password keeps nothing", "the password is Sunny!Beach42", "*************"},
		{"social security number keeps the last four", "my social security number is 372-45-2094", "*******2094"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var masks []string
			for _, f := range judge(t, e, created("@acmebank "+tc.text)).GetCategories()[leakage].GetFindings() {
				masks = append(masks, f.GetMasked())
			}
			require.Contains(t, masks, tc.want)
		})
	}
}

// TestFingerprintsMeet tells that one value written in two ways has one fingerprint, and
// two values have two.
func TestFingerprintsMeet(t *testing.T) {
	e := newEngine(t, acme())
	printOf := func(text string) string {
		for _, f := range judge(t, e, created("@acmebank "+text)).GetCategories()[leakage].GetFindings() {
			if f.GetFingerprint() != "" {
				return f.GetFingerprint()
			}
		}
		return ""
	}
	for _, tc := range []struct {
		name, a, b string
		same       bool
	}{
		{"card with and without blanks", "card " + card, "my card 4539148803436467", true},
		{"card with dashes", "card " + card, "card 4539-1488-0343-6467", true},
		{"card in full width", "card " + card, "card ４５３９ １４８８ ０３４３ ６４６７", true},
		{"account with and without blanks", "IBAN GB83 NBRK 5646 9282 5463 62", "IBAN GB83NBRK56469282546362", true},
		{"key with a zero width character", "key " + awsKey, "key " + awsKey[:9] + "\u200b" + awsKey[9:], true},
		{"mailbox in capitals", "mail judith.arkwright@pellmail.example", "mail Judith.Arkwright@pellmail.example", true},
		{"two cards", "card " + card, "card 4819 0967 4468 5992", false},
		{"two keys", "key " + awsKey, "key " + awsKey[:19] + "J", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, b := printOf(tc.a), printOf(tc.b)
			require.NotEmpty(t, a)
			require.NotEmpty(t, b)
			require.Equal(t, tc.same, a == b)
		})
	}
}

// TestNoAssessmentWithoutABrand tells that a post of nobody goes no further at all.
func TestNoAssessmentWithoutABrand(t *testing.T) {
	require.Empty(t, newEngine(t, acme()).Assess(created("key "+awsKey), judgedAt))
}

func TestAssessOfNothing(t *testing.T) {
	e := newEngine(t, acme())
	one, err := e.ForBrand(globex(), true)
	require.NoError(t, err)
	for _, tc := range []struct {
		name   string
		engine *engine.Engine
		event  *earshotv1.PostEvent
		want   int
	}{
		{"no event", e, nil, 0},
		{"no post", e, &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED}, 0},
		{"no post, deleted", e, &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_DELETED}, 1},
		{"no post, brand assumed", one, &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED}, 1},
		{"no author", one, &earshotv1.PostEvent{Post: &earshotv1.Post{Text: "key " + awsKey}}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Len(t, tc.engine.Assess(tc.event, judgedAt), tc.want)
		})
	}
}

func FuzzRedact(f *testing.F) {
	for _, tc := range disclosures {
		f.Add(tc.text, "Dana", "https://x.example/1")
	}
	f.Add("\xff\xfe password is \u200bSunny!Beach42", awsKey, card)
	e := newEngine(f, acme())
	f.Fuzz(func(t *testing.T, text, name, url string) {
		ev := byEmployee(text + "\n" + awsKey)
		ev.Post.Author.Name, ev.Post.Url = name, url+" "+awsKey
		all := e.Assess(ev, judgedAt)
		require.Len(t, all, 1)
		got := all[0].GetPost()
		require.NotContains(t, got.GetUrl(), awsKey)
		require.Equal(t, lengths(ev.GetPost())[:6][:3], lengths(got)[:3])
		for i, r := range []rune(got.GetText()) {
			if was := []rune(ev.GetPost().GetText())[i]; r != was {
				require.Equal(t, '*', r, "a mask replaces, nothing else changes")
			}
		}
	})
}
