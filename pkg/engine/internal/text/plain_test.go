package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func plain(original string) (string, bool) {
	x, p := read(original), &text.Text{}
	ok := x.Plain(p)
	return string(p.Folded), ok
}

func TestPlainReadings(t *testing.T) {
	for _, tc := range []struct{ name, original, want string }{
		{"cyrillic in a latin word", "gu\u0430r\u0430nteed", "guaranteed"},
		{"greek in a latin word", "guarante\u03b5d prοfit", "guaranteed profit"},
		{"cyrillic capital", "\u0420romise", "promise"},
		{"small capitals", "ɢᴜᴀʀᴀɴᴛᴇᴇᴅ ᴘʀᴏꜰɪᴛ", "guaranteed profit"},
		{"armenian, cherokee and lisu", "pաsꮪwօrd", "pwssword"},
		{"letters in black squares", "🅿🅰🅨 me", "pay me"},
		{"phonetic letter in a word", "guɑrantee", "guarantee"},
		{"vietnamese stays", "tiếng việt", ""},
		{"emoji stays", "love😍 it", ""},
		{"spaced word", "the p a s s w o r d is", "the password is"},
		{"dashed word", "b-o-y-c-o-t-t them", "boycott them"},
		{"dotted word", "g.u.a.r.a.n.t.e.e", "guarantee"},
		{"starred word", "s*c*a*m now", "scam now"},
		{"spaced in capitals", "S C A M", "scam"},
		{"figures among letters apart", "r a 1 d them, pr: s-c-4-m", "raid them, pr: scam"},
		{"more figures than letters", "a 1 b 1 c 1 d 1", ""},
		{"a figure behind letters apart", "a b c d 1", "abcd 1"},
		{"a sign ends letters apart", "s c a m !", "scam !"},
		{"letters apart behind an apostrophe", "he's b a r r e d", "he's barred"},
		{"letters apart with an apostrophe", "c o u l d n ' t say", "couldn't say"},
		{"letters with marks apart", "f u n d a c i ó n", "fundación"},
		{"syllables apart stay", "가 나 다 라 마", ""},
		{"mostly figures", "r3v13w5 and m1553d and b17c01n", "reviews and missed and bitcoin"},
		{"a figure first", "0nc0l0gist, 1nvest0r", "oncologist, investor"},
		{"a number with a letter stays", "b4111 a11111b 8k 10k 401k", ""},
		{"picture between words", "risk \U0001F525 free money", "risk free money"},
		{"pictures between words", "risk \U0001F525\U0001F600 free", "risk free"},
		{"picture at the end stays", "risk free \U0001F525", ""},
		{"picture before a sign stays", "risk \U0001F525 - free", ""},
		{"whole words in other letters", "wrote \u0430 \u0441\u043e\u0440\u0443 of it", "wrote a copy of it"},
		{"russian among latin stays", "the word \u0441\u043e\u0440\u0443 and \u0434\u0430", ""},
		{"two separators are not one word", "a b-c d", "a b-c d"},
		{"dollar and at", "ca$h gu@rantee", "cash guarantee"},
		{"digits inside", "pr0m1se", "promise"},
		{"exclamation inside", "prof!t", "profit"},
		{"sign at the end stays", "profit!", ""},
		{"digit at the end stays", "covid19 is here", ""},
		{"long runs", "guaraaaaanteed", "guaraanteed"},
		{"link stays", "see https://a.example/r1sk/t0k3n", ""},
		{"greek word stays", "καλημέρα", ""},
		{"mixed words apart stay", "да and нет", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, changed := plain(tc.original)
			if !changed || got == string(read(tc.original).Folded) {
				got = ""
			}
			want := tc.want
			if want == string(read(tc.original).Folded) {
				want = ""
			}
			require.Equal(t, want, got)
		})
	}
}

// TestPlainKeepsOrdinaryPosts holds the second reading to what needs it: in posts of
// every day it changes nothing.
func TestPlainKeepsOrdinaryPosts(t *testing.T) {
	for _, original := range []string{
		"My flight was 2 hours late and gate B12 had no crew",
		"Order 4471-A arrived; 3 of 5 boxes were fine",
		"we're in Zürich für 2 Tage",
		"Привет, как дела в банке?",
		"日本の銀行アプリが落ちた",
		"call 07700 900219 before 5pm",
		"C4 and A380, the 737s and a B-52",
	} {
		t.Run(original, func(t *testing.T) {
			got, changed := plain(original)
			require.True(t, !changed || got == string(read(original).Folded), "%q", got)
		})
	}
}

// TestPlainSpansEndInTheOriginal reads a disguised word and cuts it out of the original
// by code points, through both maps.
func TestPlainSpansEndInTheOriginal(t *testing.T) {
	for _, tc := range []struct{ name, original, word, want string }{
		{"spaced", "é the p a s s w o r d is", "password", "p a s s w o r d"},
		{"look-alikes", "👍🏽 gu\u0430rantee!", "guarantee", "gu\u0430rantee"},
		{"figures", "my gu4r4nt33 here", "guarantee", "gu4r4nt33"},
		{"repeats", "so gooooood", "good", "gooooood"},
		{"hidden characters too", "gu4r\u200b4ntee", "guarantee", "gu4r\u200b4ntee"},
		{"undisguised beside", "plain and gu4rantee", "plain", "plain"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x, p := read(tc.original), &text.Text{}
			require.True(t, x.Plain(p))
			s := find(t, p, tc.word)
			s.Start, s.End = p.Bytes(s)
			start, end := x.Points(s)
			require.Equal(t, tc.want, string([]rune(tc.original)[start:end]))
		})
	}
}

// TestPlainKeepsCapitals holds what detectors ask: whether a word stands in capitals.
func TestPlainKeepsCapitals(t *testing.T) {
	for _, tc := range []struct{ name, original, want string }{
		{"apart", "S C A M now", "SCAM now"},
		{"look-alikes", "ВluеFinch", "BlueFinch"},
		{"figures", "BL4CK f1sh", "BLaCK fish"},
		{"small capitals", "ɢᴏ ʜᴏᴍᴇ", "go home"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := &text.Text{}
			require.True(t, read(tc.original).Plain(p))
			require.Equal(t, tc.want, string(p.Clean))
		})
	}
}

func TestDisguised(t *testing.T) {
	for _, tc := range []struct {
		name, written, plain string
		want                 bool
	}{
		{"the same", "risk free", "risk free", false},
		{"drawn out", "riiiisk", "riisk", false},
		{"figures", "r1sk", "risk", true},
		{"apart", "r i s k", "risk", true},
		{"look-alikes", "r\u0456sk", "risk", true},
		{"a picture between words", "risk \U0001F525 free", "risk free", false},
		{"letters in squares", "\U0001F17F\U0001F170\U0001F188", "pay", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, text.Disguised([]byte(tc.written), []byte(tc.plain)))
		})
	}
}

func TestConcealed(t *testing.T) {
	for _, tc := range []struct {
		name, original, word string
		want                 bool
	}{
		{"nothing", "secret", "secret", false},
		{"zero width inside", "sec\u200bret", "secret", true},
		{"several inside", "s\u200b\u2060ec\u200bret", "secret", true},
		{"bidi control inside", "sec\u202eret", "secret", true},
		{"tag character inside", "sec\U000E0041ret", "secret", true},
		{"zero width outside", "a\u200bb secret", "secret", false},
		{"zero width around", "\u200bsecret\u200b", "secret", false},
		{"soft hyphen inside", "sec\u00adret", "secret", false},
		{"selector of an emoji", "ok 4\ufe0f\u20e3 1 now", "4 1 now", false},
		{"joiner of another script", "می\u200cخواهم", "میخواهم", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.want, x.Concealed(find(t, x, tc.word)))
		})
	}
}

// TestLookalikesPassForOneLetter holds the table: each entry is a folded letter that NFKC
// keeps and that stands for one letter.
func TestLookalikesPassForOneLetter(t *testing.T) {
	p := &text.Text{}
	for _, r := range "аеорсухіԁɡʜᴍꓮꭰᎠօᗞ" {
		require.True(t, read("zz"+string(r)+"zz").Plain(p), "%c", r)
		require.Regexp(t, "^zz[a-z]zz$", string(p.Folded), "%c", r)
	}
}

func TestPlainForgets(t *testing.T) {
	p := &text.Text{}
	require.True(t, read("gu4rantee").Plain(p))
	require.False(t, read("nothing here").Plain(p))
	require.Empty(t, p.Folded)
}

// FuzzPlain holds the second reading to its map: every span of it lies in the first,
// and a text without letters is never changed.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"p a s s w o r d", "gu4r4nt33d", "Тrоvе", "a.b.c.d.e", "ooooo", "1 2 3 4", "\xffa\xffb"} {
		f.Add(s)
	}
	x, p := &text.Text{}, &text.Text{}
	f.Fuzz(func(t *testing.T, s string) {
		x.Reset(s)
		changed := x.Plain(p)
		require.Len(t, p.Clean, len(p.Folded))
		if !strings.ContainsFunc(string(x.Folded), func(r rune) bool { return r >= 'a' && r <= 'z' }) && changed {
			require.Equal(t, string(x.Folded), string(p.Folded))
		}
		last := 0
		for i := range p.Folded {
			start, end := p.Bytes(text.Span{Start: i, End: i + 1})
			require.LessOrEqual(t, last, start)
			require.Less(t, start, end)
			require.LessOrEqual(t, end, len(x.Folded))
			last = start
		}
	})
}
