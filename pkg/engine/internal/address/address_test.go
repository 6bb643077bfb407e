package address

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// first is the first address that a number of text belongs to.
func first(text string, loose bool) (Place, bool) {
	for i := range len(text) {
		if digit(text[i]) && (i == 0 || !digit(text[i-1])) {
			if p, ok := At([]byte(text), i, loose); ok {
				return p, true
			}
		}
	}
	return Place{}, false
}

func TestForms(t *testing.T) {
	for _, tc := range []struct {
		name, text, want string
		strength         Strength
		loose            bool
	}{
		{"English", "at 14 Larch Close, go", "14 Larch Close", Strong, false},
		{"English, abbreviated", "at 14 Larch St. and", "14 Larch St", Strong, false},
		{"English, ordinal name", "at 2914 184th Street now", "2914 184th Street", Strong, false},
		{"English, two numbers", "at 704 1436 Sorrel Drive now", "704 1436 Sorrel Drive", Strong, false},
		{"English, doubtful word", "at 5 Miller Park now", "5 Miller Park", Weak, false},
		{"English, homes of a name", "at 5 Miller Barns now", "5 Miller Barns", Homely, false},
		{"English, homes that are praised", "in 5 Luxury Barns now", "5 Luxury Barns", Unnamed, false},
		{"English, the end of a sentence", "at 14 Larch Lane. Bramble sent it", "14 Larch Lane", Strong, false},
		{"English, number told before a comma", "Number 14, Larch Lane, they", "14, Larch Lane", Strong, false},
		{"German, number told before a comma", "in Nr. 14, Birkenweg, die", "14, Birkenweg", Strong, false},
		{"flat before", "Flat 9, 114 Tannery Row", "Flat 9, 114 Tannery Row", Strong, false},
		{"flat behind", "114 Tannery Row, Apt. 12 now", "114 Tannery Row, Apt. 12", Strong, false},
		{"letter at the number", "221c Tannery Row", "221c Tannery Row", Strong, false},
		{"range of numbers", "12-14 Tannery Row", "12-14 Tannery Row", Strong, false},
		{"American code", "114 Tannery Row\nBellport, NY 11713\nsoon", "114 Tannery Row\nBellport, NY 11713", Strong, false},
		{"British code", "114 Tannery Row, Bellport, BP4 7QT soon", "114 Tannery Row, Bellport, BP4 7QT", Strong, false},
		{"Portuguese", "na Rua das Flores 212", "Rua das Flores 212", Strong, false},
		{"French, bis", "au 20 bis rue Pierre Loti", "20 bis rue Pierre Loti", Strong, false},
		{"French, number alone", "au 20 rue Pierre Loti", "20 rue Pierre Loti", Strong, false},
		{"Spanish, comma", "en Calle Mayor, 7", "Calle Mayor, 7", Strong, false},
		{"German, one word", "in der Birkenstraße 4", "Birkenstraße 4", Strong, false},
		{"German, two words", "in Obere Birkengasse 4", "Obere Birkengasse 4", Strong, false},
		{"Dutch", "op Wilgenlaan 8", "Wilgenlaan 8", Strong, false},
		{"Danish", "på Birkevej 8", "Birkevej 8", Strong, false},
		{"Finnish", "osoite Koivukatu 8", "Koivukatu 8", Strong, false},
		{"Polish", "przy ul. Lipowa 8", "ul. Lipowa 8", Strong, false},
		{"Hungarian", "a Lomb utca 8", "Lomb utca 8", Strong, false},
		{"Greek", "στην Λεωφ. Κηφισίας 8", "Λεωφ. Κηφισίας 8", Strong, false},
		{"no word for street, two numbers", "641 Lipová 688", "641 Lipová 688", Unnamed, false},
		{"English, number told behind", "at the Hendersons', Larch Pound Lane, number 14, they", "Larch Pound Lane, number 14", Strong, false},
		{"English, no.", "above the shop on Larch Street, no. 27, top bell", "Larch Street, no. 27", Strong, false},
		{"German, Nr.", "Obere Birkengasse Nr. 4", "Obere Birkengasse Nr. 4", Strong, false},
		{"Italian, small word", "a Elisa, via Lipari 48, grazie", "via Lipari 48", Strong, false},
		{"Italian, particle", "in via dei Tigli 48", "via dei Tigli 48", Strong, false},
		{"Dutch, floor", "oma op Wilgenlaan 42-III, altijd", "Wilgenlaan 42-III", Strong, false},
		{"Turkish", "adresim Lale Sokak No: 12 hâlâ", "Lale Sokak No: 12", Strong, false},
		{"Russian", "на ул. Лесная, д. 14 ждёт", "ул. Лесная, д. 14", Strong, false},
		{"letter and comma", "to 27B, Larch Rise, second bell", "27B, Larch Rise", Strong, false},
		{"flat of a building", "to Flat 3, Larch Court, Bellport", "Flat 3, Larch Court", Strong, false},
		{"flat of a house", "to Flat 3, Larch House", "Flat 3, Larch House", Weak, false},
		{"English, a yard behind a flat", "flat 5, 38 Saddler's Yard, knock", "flat 5, 38 Saddler's Yard", Homely, false},
		{"English, a row of cottages", "at 7 Larch Cottages now", "7 Larch Cottages", Homely, false},
		{"Scottish, wynd", "at 12 Larch Wynd now", "12 Larch Wynd", Strong, false},
		{"English, causeway", "at 12 Larch Causeway now", "12 Larch Causeway", Strong, false},
		{"small letters", "255 birkevej 18, oslo", "255 birkevej 18", Strong, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, ok := first(tc.text, tc.loose)
			require.Equal(t, tc.want != "", ok && p.Street >= tc.strength)
			if tc.want != "" {
				require.Equal(t, tc.want, tc.text[p.Start:p.End])
				require.Equal(t, tc.strength, p.Street)
			}
		})
	}
}

// TestNoStreet leaves alone the numbers that posts are full of.
func TestNoStreet(t *testing.T) {
	for name, text := range map[string]string{
		"amount": "$14 Larch Close", "time": "at 10:30 Larch Close", "share": "14% Larch Close", "decimal": "1.5 Larch Close", "hour": "10pm Larch Close",
		"small letters": "it took 2 days on the road", "month": "on May 12", "hashtag": "#4 Larch Close", "six digits": "123456 Larch Close", "two years": "2014 Fall Winter Street 2016",
		"function word": "14 But Close", "place without a name": "14 Street", "measure": "61 yards of Larch rope", "via": "2014 via Lipova", "a way": "home via Lipova 3 times", "a bus": "on Larch Lane until noon, number 9 bus", "a flight": "flight 14 to Larch Bay", "name on another line": "14\nLarch Close",
	} {
		t.Run(name, func(t *testing.T) {
			p, ok := first(text, false)
			require.False(t, ok && p.Street == Strong, "%+v", p)
		})
	}
}

func TestParts(t *testing.T) {
	p, ok := first("5570 Koivukatu 32 Apt. 353 Suite 387, Sandvik, 87967 tomorrow", false)
	require.True(t, ok)
	require.Equal(t, Place{Start: 0, End: 52, Street: Strong, Before: true, After: true, Unit: true, Code: true}, p)
}

// TestWorkIsBounded reads a long text of numbers and names: each number looks at a bounded
// stretch around it, so twice the text is about twice the pieces.
func TestWorkIsBounded(t *testing.T) {
	text := []byte(strings.Repeat("4 Aa ", 20000))
	found := 0
	for i := range text {
		if digit(text[i]) {
			if p, ok := At(text, i, true); ok {
				require.Less(t, p.End-p.Start, 400)
				found++
			}
		}
	}
	require.Positive(t, found)
}

func FuzzAt(f *testing.F) {
	for _, s := range []string{"Flat 9, 114 Tannery Row\nBellport, NY 11713", "ul. Lipowa 8 Λεωφ. 5 \xff 4 Rua d'", "1 A\u0301 2 .. 3-4/5 ''"} {
		f.Add(s, 0, true)
	}
	f.Fuzz(func(t *testing.T, s string, i int, loose bool) {
		if i < 0 || i >= len(s) || !digit(s[i]) {
			return
		}
		if p, ok := At([]byte(s), i, loose); ok {
			require.True(t, 0 <= p.Start && p.Start < p.End && p.End <= len(s), "%+v", p)
			require.True(t, p.Before || p.After)
		}
	})
}
