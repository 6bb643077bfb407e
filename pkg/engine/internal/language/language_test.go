package language_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/language"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func of(s string) string {
	x := &text.Text{}
	x.Reset(s)
	return language.Of(x.Folded)
}

func TestOf(t *testing.T) {
	for _, tc := range []struct{ want, text string }{
		{"en", "the queue at the branch was so long that we went home again"},
		{"en", "I can't log in and nobody answers"},
		{"de", "Die Schlange in der Filiale war so lang, dass wir wieder nach Hause sind"},
		{"de", "ich komme nicht mehr rein und keiner antwortet"},
		{"fr", "la file d'attente était si longue que nous sommes rentrés chez nous"},
		{"es", "la cola en la sucursal era tan larga que nos fuimos a casa"},
		{"pt", "a fila na agência estava tão grande que voltamos para casa"},
		{"it", "la coda in filiale era così lunga che siamo tornati a casa"},
		{"nl", "de rij in het kantoor was zo lang dat we weer naar huis zijn gegaan"},
		{"pl", "kolejka w oddziale była tak długa, że wróciliśmy do domu"},
		{"sv", "kön var så lång att vi gick hem igen och jag är trött"},
		{"no", "køen var så lang at vi gikk hjem igjen, og jeg vet ikke hva som skjer"},
		{"da", "køen var så lang at vi gik hjem igen, og jeg ved ikke hvad der sker nu"},
		{"fi", "jono oli niin pitkä että menin kotiin, mutta nyt se on ohi"},
		{"tr", "kuyruk çok uzun olduğu için eve döndük ama bugün daha iyi"},
		{"id", "antrian di cabang sangat panjang jadi kami pulang saja dan tidak kembali lagi"},
		{"hi", "यह बैंक बहुत खराब है"},
		{"hi", "yeh bank bahut kharab hai, koi jawab nahi deta"},
		{"ru", "очередь была такая длинная, что мы пошли домой, и это уже не первый раз"},
		{"uk", "черга була така довга, що ми пішли додому, і це вже не вперше"},
		{"bg", "опашката беше толкова дълга, че се прибрахме, и това не е за първи път"},
		{"ar", "كان الطابور طويلا جدا فعدنا إلى البيت"},
		{"fa", "صف خیلی طولانی بود، گفتیم برگردیم چون پول نداشتیم"},
		{"ur", "قطار بہت لمبی تھی، ہم گھر چلے گئے اور کوئی نہیں تھا"},
		{"el", "η ουρά ήταν πολύ μεγάλη"},
		{"he", "התור היה ארוך מאוד"},
		{"th", "แถวยาวมาก"},
		{"ja", "行列がとても長かった"},
		{"zh", "队伍太长了我们回家了"},
		{"ko", "줄이 너무 길어서 집에 갔어요"},
	} {
		t.Run(tc.want+" "+tc.text[:min(20, len(tc.text))], func(t *testing.T) { require.Equal(t, tc.want, of(tc.text)) })
	}
}

func TestUnknown(t *testing.T) {
	for _, tc := range []struct{ name, text string }{
		{"nothing", ""},
		{"figures and signs", "12:30 !!! 👍 https://the.example/and/you"},
		{"a name", "Quorlex"},
		{"handles and tags", "@the_and_you #theandyou #undderdie"},
		{"names only", "Zürich Genève Milano"},
		{"a word of two languages", "no"},
		{"half and half", "und und the the"},
		{"a script without a word", "Ѿ"},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, language.Unknown, of(tc.text)) })
	}
}

// TestMostOfIt reads texts of two languages: the greater part decides.
func TestMostOfIt(t *testing.T) {
	require.Equal(t, "en", of("the app is down again and I am so tired of this, c'est la vie"))
	require.Equal(t, "ja", of("Quorlex のアプリがまた落ちた"))
	require.Equal(t, "en", of("my favourite word in Japanese is 木漏れ日 and you should look it up"))
}

func TestOfReadsTheStart(t *testing.T) {
	long := strings.Repeat("the cat and the dog were here ", 100) + strings.Repeat("und der Hund ist nicht mehr da ", 5000)
	require.Equal(t, "en", of(long))
}

func TestOfDoesNotAllocate(t *testing.T) {
	folded := []byte("ich komme nicht mehr rein und keiner antwortet")
	require.Zero(t, testing.AllocsPerRun(20, func() { language.Of(folded) }))
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"the and", "\xff\xfe", "é\u0301", "'''", "@#/_", "日本"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := language.Of([]byte(s))
		require.Equal(t, got, language.Of([]byte(s)))
		require.Regexp(t, "^[a-z]{2,3}$", got)
	})
}

func BenchmarkOf(b *testing.B) {
	folded := []byte("my flight was two hours late and nobody at the gate knew anything, why do i still fly with you?")
	b.ReportAllocs()
	for b.Loop() {
		language.Of(folded)
	}
}
