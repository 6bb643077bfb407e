package text

import "strings"

// digitWords are the figures in words, folded, by language: 0 to 9 in order.
//
//nolint:misspell // several languages
var digitWords = []string{
	"zero one two three four five six seven eight nine",
	"null eins zwei drei vier fünf sechs sieben acht neun",
	"zéro un deux trois quatre cinq six sept huit neuf",
	"cero uno dos tres cuatro cinco seis siete ocho nueve",
	"zero uno due tre quattro cinque sei sette otto nove",
	"zero um dois três quatro cinco seis sete oito nove",
	"nul een twee drie vier vijf zes zeven acht negen",
}

var digitOf = func() map[string]byte {
	out := map[string]byte{"oh": '0', "zwo": '2', "meia": '6'}
	for _, row := range digitWords {
		for i, word := range strings.Fields(row) {
			out[word] = '0' + byte(i)
		}
	}
	return out
}()

// repeated are the words that say the figure behind them more than once.
var repeated = map[string]int{"double": 2, "triple": 3}

// digitSigns are the words with the blank that stands before all but the first.
func digitSigns() []string {
	var out []string
	for word := range digitOf {
		out = append(out, " "+word)
	}
	for word := range repeated {
		out = append(out, " "+word)
	}
	return out
}

// The least figures of a number in words, and how many of them must be words.
const (
	minSpelled = 7
	minInWords = 4
	maxSpelled = 40
)

// figure is a digit and where it is written.
type figure struct {
	digit byte
	at    Span
}

// number adds the number in words that starts at byte i of from, as figures without
// anything between them, and returns its length; 0 where there is none. Counting up or
// down is none.
func (t *Text) number(from *Text, i int) int {
	if i > 0 && wordByte[from.Folded[i-1]] {
		return 0
	}
	var room [maxSpelled]figure
	figures, words, end := room[:0], 0, i
	for at := i; len(figures) < maxSpelled; {
		word, times, next := from.figures(at)
		if times == 0 || len(figures)+times > maxSpelled {
			break
		}
		if next.End-next.Start > 1 {
			words++
		}
		for range times {
			figures = append(figures, figure{word, next})
		}
		end, at = next.End, next.End
		for at < len(from.Folded) && at-end < 3 && strings.IndexByte(" ,.-/\"", from.Folded[at]) >= 0 {
			at++
		}
	}
	if len(figures) < minSpelled || words < minInWords || counting(figures) {
		return 0
	}
	for _, f := range figures {
		t.add(f.digit, f.digit, f.at)
		t.Digits++
	}
	return end - i
}

// figures reads one figure at byte i, as a digit, a word, or a word said several times,
// and how often it stands there; 0 where there is none.
func (t *Text) figures(i int) (digit byte, times int, at Span) {
	end := t.wordEnd(i)
	word := t.Folded[i:end]
	if len(word) == 1 && word[0] >= '0' && word[0] <= '9' {
		return word[0], 1, Span{i, end}
	}
	if d, ok := digitOf[string(word)]; ok {
		return d, 1, Span{i, end}
	}
	if n := repeated[string(word)]; n > 0 && end < len(t.Folded) && t.Folded[end] == ' ' {
		next := t.wordEnd(end + 1)
		if d, ok := digitOf[string(t.Folded[end+1:next])]; ok {
			return d, n, Span{i, next}
		}
	}
	return 0, 0, Span{}
}

// wordEnd is the end of the letters and digits at byte i, at most as many as the longest
// word of a figure has.
func (t *Text) wordEnd(i int) int {
	end := i
	for end < len(t.Folded) && end-i < 8 && (wordByte[t.Folded[end]] || t.Folded[end] >= 0x80) {
		end++
	}
	return end
}

// counting tells figures that go up or down one by one.
func counting(figures []figure) bool {
	up, down := true, true
	for i := 1; i < len(figures); i++ {
		up = up && figures[i].digit == figures[i-1].digit+1
		down = down && figures[i].digit == figures[i-1].digit-1
	}
	return up || down
}
