package identifier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestBirth(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "born", Role: "agent", Text: "Margit Halloran, born 19 Aug 1978. RT", Rule: "pii.birth-date", Value: "19 Aug 1978"},
		{Name: "short year in brackets", Role: "rep", Text: "Wee Mr Abernethy (b. 4/1/58) felt his leg", Rule: "pii.birth-date", Value: "4/1/58"},
		{Name: "DOB", Role: "clerk", Text: "DOB: 12/06/1951", Rule: "pii.birth-date"},
		{Name: "passport says", Role: "crew", Text: "Her passport says 11 March 1961, not what the internet says", Rule: "pii.birth-date"},
		{Name: "American order", Role: "clerk", Text: "date of birth March 11, 1961", Rule: "pii.birth-date"},
		{Name: "German", Role: "clerk", Text: "geboren am 02.11.1993", Rule: "pii.birth-date"},
		{Name: "French", Role: "clerk", Text: "née le 3 mars 1947 à Brest", Rule: "pii.birth-date", Value: "3 mars 1947"},
		{Name: "Spanish", Role: "clerk", Text: "nacido el 3 de marzo de 1947", Rule: "pii.birth-date"},
		{Name: "birthday", Role: "clerk", Text: "birthday on the 4th of July 1988, remember that", Rule: "pii.birth-date", Value: "4th of July 1988"},
		{Name: "short year, month in letters", Role: "clerk", Text: "DOB 12 Mar 84", Rule: "pii.birth-date"},
		{Name: "day in words", Role: "clerk", Text: "her date of birth is the third of May 1971", Rule: "pii.birth-date"},
		{Name: "date first", Role: "clerk", Text: "12/03/84 is her birthday", Rule: "pii.birth-date", Value: "12/03/84"},
		{Name: "age and date", Role: "clerk", Text: "Mrs Kemp turned 80 today (12 June 1944)", Rule: "pii.birth-date"},
		{Name: "birthday without a year", Role: "clerk", Text: "her birthday is on 4 July, bring cake"},
		{Name: "party, short year", Role: "clerk", Text: "for my 30th bday on 12/9/12 we go to the game"},
		{Name: "party", Role: "clerk", Text: "birthday party on 12/03/2026 at ours"},
		{Name: "turned up", Role: "clerk", Text: "He turned up at 9"},
		{Name: "beside a person", Role: "clerk", Text: "It's LM 21 82 35 Mrs Darnley, 12/06/1951, I know it", Rule: "pii.birth-date-beside"},
		{Name: "beside a mailbox", Text: "h.lind@tarnmail.example;1990-04-02;tier2", Rule: "pii.birth-date-beside"},
		{Name: "on a label", Role: "surgeon", Text: "left on the plate: OKELLO, D., wrist, 02-08-1969.", Rule: "pii.birth-date-beside"},
		{Name: "behind a full name", Role: "clerk", Text: "next: Priya Nambiar (02/08/1969) at noon", Rule: "pii.birth-date-beside"},
		{Name: "a lifetime", Role: "clerk", Text: "Priya Nambiar (02/08/1949 - 01/03/2009), patient and kind"},
		{Name: "a singer", Role: "clerk", Text: "the singer was born 4 November 1987"},
		{Name: "a newborn", Role: "clerk", Text: "Owen is here! Born 10.21.2016, 6lbs"},
		{Name: "founder", Role: "historian", Text: "Our founder was born on 9 January 1881"},
		{Name: "an idea", Text: "and so the project was born: 40 people in a room"},
		{Name: "released", Text: "version of 1990-04-02 is out"},
		{Name: "stubborn", Text: "I am stubborn 11 March 1961"},
	})
}

func TestAddress(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "row", Text: "he ate my dumplings. Flat 9, 114 Tannery Row, home after six", Rule: "pii.street-address", Value: "Flat 9, 114 Tannery Row"},
		{Name: "close", Role: "manager", Text: "14 Larch Close. We know exactly who you are.", Rule: "pii.street-address", Value: "14 Larch Close"},
		{Name: "two names", Text: "Mr P. Dunleavy of 8 Old Cask Lane, Tolver Bay", Rule: "pii.street-address"},
		{Name: "rise", Role: "technician", Text: "the alsatian at 31 Penhallow Rise is loose", Rule: "pii.street-address"},
		{Name: "Portuguese", Text: "Moro na Rua das Amoreiras 212, 3.º esq. e", Rule: "pii.street-address"},
		{Name: "German", Text: "bitte an Lindenstraße 4 liefern", Rule: "pii.street-address"},
		{Name: "French, number first", Text: "livrez au 20 Rue Mouffetard merci", Rule: "pii.street-address"},
		{Name: "forces", Text: "PSC 0725, Box 6031\nAPO AP 99241", Rule: "pii.street-address"},
		{Name: "behind lives at", Text: "Jay Pearce lives at 67952 Höfðagata 39, Keflavík", Rule: "pii.street-address", Value: "67952 Höfðagata 39"},
		{Name: "name first", Text: "Dexter lives on Ziegelgasse 19", Rule: "pii.street-address"},
		{Name: "flat behind", Role: "clerk", Text: "228 Ringvej 144\n Apt. 902\n Qaqortoq", Rule: "pii.street-address", Value: "228 Ringvej 144\n Apt. 902"},
		{Name: "named like a month", Role: "clerk", Text: "she moved out of 12 Market Street last week", Rule: "pii.street-address"},
		{Name: "behind lives at, small letters", Text: "jay pearce lives at 255 birkevej 18, oslo", Rule: "pii.street-address", Value: "255 birkevej 18"},
		{Name: "down to the code", Role: "clerk", Text: "Jay Pearce\n\n228 Ringvej 144\n Apt. 902\n Sandvik\n\n Norway 35018", Rule: "pii.street-address", Value: "228 Ringvej 144\n Apt. 902\n Sandvik\n\n Norway 35018"},
		{Name: "a ship of the forces", Text: "write to USNS Larch\nFPO AP 12428", Rule: "pii.street-address", Value: "USNS Larch\nFPO AP 12428"},
		{Name: "box with a flat", Text: "77 P.O. Box 255\n Suite 966\n Sandvik", Rule: "pii.street-address"},
		{Name: "box of a company", Text: "send a stamp to Prizes, PO Box 113, Bray"},
		{Name: "two names that are no street", Text: "We play Oak 12 Elm 9 on Friday"},
		{Name: "a channel", Text: "results live at 10pm on Channel 4. If you have 4 Music its on there"},
		{Name: "seasons", Text: "now recruiting for Fall 15, Spring 16 internships"},
		{Name: "lesson", Text: "Grade 4 Room 2: who remembers?"},
		{Name: "famous house", Text: "a protest? no, just tea at 10 Downing Street"},
		{Name: "street called after a church", Role: "clerk", Text: "she moved to 12 Church Street last week", Rule: "pii.street-address"},
		{Name: "street called after a station", Role: "clerk", Text: "Mr Kemp of 4 Station Road rang again", Rule: "pii.street-address"},
		{Name: "returns", Role: "care agent", Text: "Please send returns to Unit 4, 12 Mill Road and we refund you"},
		{Name: "branch", Text: "Our new branch at 14 Larch Close is open"},
		{Name: "number on a street", Role: "clerk", Text: "her house is number 9 on Mill Lane", Rule: "pii.street-address", Value: "9 on Mill Lane"},
		{Name: "Australian", Role: "clerk", Text: "leave it at 12/7 Marine Pde, please", Rule: "pii.street-address", Value: "12/7 Marine Pde"},
		{Name: "Japanese", Role: "clerk", Text: "彼は中央区銀座1丁目2番3号に住む", Rule: "pii.street-address"},
		{Name: "Japanese, in Latin letters", Role: "clerk", Text: "lives at 1 Chome-2-3 Ginza, Chuo City", Rule: "pii.street-address"},
		{Name: "a concert", Text: "see them at Irving Plaza NYC July 21"},
		{Name: "lives on hope", Text: "she lives on hope and lives at home with 3 cats"},
		{Name: "a suite of software", Text: "version 12 Office of the suite 2 million use"},
		{Name: "shop opens", Role: "store manager", Text: "Doors open Saturday at 22 Harrow Street, right where the record shop was"},
		{Name: "small letters", Text: "it took 2 days on the road and 3 in the street"},
		{Name: "no number", Text: "we met on Harrow Street"},
		{Name: "a way to go", Text: "There are 5 ways. Way to go!"},
		{Name: "by way of", Text: "via 12 stops"},
	})
}

func TestDates(t *testing.T) {
	tests := []struct {
		name, text string
		date       bool
		year       int
	}{
		{"figures", "12/06/1951", true, 1951},
		{"ISO", "1990-04-02", true, 1990},
		{"short year", "4/1/58", true, 1958},
		{"words", "11 march 1961", true, 1961},
		{"month first", "march 11, 1961", true, 1961},
		{"no date", "07700 900219", false, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.date, looksLikeDate([]byte(test.text)))
			if test.date {
				at := dateShape.FindSubmatchIndex([]byte(test.text))
				require.Equal(t, test.year, yearIn([]byte(test.text), at))
			}
		})
	}
}

func TestLivingYear(t *testing.T) {
	parttest.Each(t, map[int]bool{1881: false, 1907: false, 1908: true, 1990: true, 2024: true, 2030: false}, livingYear)
}
