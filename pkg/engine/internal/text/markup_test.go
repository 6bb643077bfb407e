package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func TestMarkupIsRead(t *testing.T) {
	for _, tc := range []struct{ name, original, clean string }{
		{"paragraphs", "<p>one</p><p>two</p>", "\none\n\ntwo\n"},
		{"line break", "one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"},
		{"word in parts", `gua<b>ran</b>teed <em class="x">now</em>`, "guaranteed now"},
		{"link of a fediverse post", `<a href="https://a.example/verylong" rel="nofollow"><span class="invisible">https://</span><span class="ellipsis">a.example/very</span><span class="invisible">long</span></a>`, " https://a.example/verylong"},
		{"mention of a fediverse post", `<span class="h-card" translate="no"><a href="https://m.example/@acme" class="u-url mention">@<span>acme</span></a></span> hi`, " @acme hi"},
		{"references", "Marks &amp; Co&#39;s &#x201C;deal&#8221; &lt;b&gt;", `Marks & Co's "deal" <b>`},
		{"references are not read twice", "&amp;amp; &amp;lt;p&gt;", "&amp; &lt;p>"},
		{"look-alike by reference", "s&#1077;cret", "sеcret"},
		{"zero width by reference", "se&#8203;cret", "secret"},
		{"no reference without its end", "AT&T ?a=1&copy=2 R&D; &copying;", "AT&T ?a=1&copy=2 R&D; &copying;"},
		{"no tag", "x <y and z> 3 <3 List<String> a<b", "x <y and z> 3 <3 List<String> a<b"},
		{"not closed", "<p class=", "<p class="},
		{"words are no attributes", "is x <p or y> z", "is x <p or y> z"},
		{"code is no attribute", "if a <b == c> d", "if a <b == c> d"},
		{"code keeps its word", "<script>key = 1</script>", "key = 1"},
		{"invalid bytes", "<p>\xff</p>", "\n\ufffd\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			require.Equal(t, tc.clean, string(x.Clean))
			require.Equal(t, strings.ReplaceAll(strings.ToLower(tc.clean), "\n", " "), string(x.Folded))
			require.Equal(t, tc.clean != tc.original && tc.name != "not closed", x.HTML())
		})
	}
}

// TestMarkupSpansPointIntoTheOriginal cuts words of HTML out of the HTML.
func TestMarkupSpansPointIntoTheOriginal(t *testing.T) {
	for _, tc := range []struct{ name, original, word, want string }{
		{"in a paragraph", "<p>é my secret</p>", "secret", "secret"},
		{"in parts", "<p>a se<b>cr</b>et b</p>", "secret", "se<b>cr</b>et"},
		{"reference inside", "Q&amp;A", "q&a", "Q&amp;A"},
		{"reference at its end", "<i>caf&eacute;</i>!", "café", "caf&eacute;"},
		{"joined by a mark behind", "cafe&#x301;!", "café", "cafe&#x301;"},
		{"behind a link", `<a href="https://x.example">y</a> word`, "word", "word"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := read(tc.original)
			start, end := x.Points(find(t, x, tc.word))
			require.Equal(t, tc.want, string([]rune(tc.original)[start:end]))
		})
	}
}

func TestTags(t *testing.T) {
	original := `<p>see <a href="https://x.example/k" class="mention">here</a> <b class="x">now</b><img alt="A1"></p>`
	x := read(original)
	tags := x.Tags(nil)
	require.Len(t, tags, 2)
	for i, want := range []struct{ held, tag string }{
		{` href="https://x.example/k" class="mention"`, `<a href="https://x.example/k" class="mention">`},
		{` alt="A1"`, `<img alt="A1">`},
	} {
		require.Equal(t, want.held, tags[i].Held)
		start, end := x.Bytes(tags[i].At)
		require.Equal(t, want.tag, original[start:end])
	}
	require.Empty(t, read("no tags").Tags(nil))
}

func TestLinks(t *testing.T) {
	for _, tc := range []struct {
		name, original string
		want           int
	}{
		{"none", "no link", 0},
		{"plain", "https://a.example and http://b.example", 2},
		{"behind a word", `<a href="https://a.example">here</a>`, 1},
		{"shown and behind", `<a href="https://a.example">https://a.example</a>`, 1},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, read(tc.original).Links()) })
	}
}

// FuzzMarkup holds HTML of any shape to its map: every span lies in the original, they
// run forward, and each tag's content lies where the tag stands.
func FuzzMarkup(f *testing.F) {
	for _, s := range []string{
		"<p>a&amp;b</p>", "<a href='x'>", "&#x0;&#1114112;", "<<<p>>>", "<p", "&", "<br\n/>", "e&#769;", `<b a="\xff">é`, "&nGt;&NotEqualTilde;",
	} {
		f.Add(s)
	}
	x := &text.Text{}
	f.Fuzz(func(t *testing.T, s string) {
		x.Reset(s)
		require.Len(t, x.Clean, len(x.Folded))
		last := 0
		for i := range x.Folded {
			start, end := x.Bytes(text.Span{Start: i, End: i + 1})
			require.True(t, last <= start && start < end && end <= len(x.Original))
			last = start
		}
		for _, tag := range x.Tags(nil) {
			start, end := x.Bytes(tag.At)
			require.Contains(t, x.Original[start:end], tag.Held)
		}
		checkReadings(t, x)
	})
}
