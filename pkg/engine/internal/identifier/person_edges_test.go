package identifier

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestBirthInLanguages gives one birth date in the words of each language.
func TestBirthInLanguages(t *testing.T) {
	runner := parttest.New(New())
	for name, text := range map[string]string{
		"English": "born 19 Aug 1978", "English, letters": "DOB 19/08/1978", "German": "geboren am 19.08.1978", "German, short": "geb. 19.08.1978", "French": "née le 19/08/1978",
		"Spanish": "nacida el 19/08/1978", "Spanish, form": "fecha de nacimiento: 19/08/1978", "Italian": "nato il 19/08/1978", "Portuguese": "data de nascimento: 19/08/1978",
		"Dutch": "geboortedatum 19-08-1978", "Japanese": "生年月日 1978-08-19",
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, rulesOf(runner.Insider("clerk", "Margit, "+text+", again")), "pii.birth-date")
		})
	}
}

// TestBirthsAsPeopleTellThem holds dates of birth in words and other forms than forms ask
// for, and days of other things beside the same words.
func TestBirthsAsPeopleTellThem(t *testing.T) {
	const rule = "pii.birth-date"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "all in words", Text: "I was born on the ninth of May nineteen seventy-one, since you ask", Rule: rule, Value: "ninth of May nineteen seventy-one"},
		{Name: "a year of this century in words", Text: "my dob is sixth of june two thousand and three", Rule: rule, Value: "sixth of june two thousand and three"},
		{Name: "the month by its number", Text: "DOB the ninth of the fifth, 71", Rule: rule},
		{Name: "a year with an apostrophe", Text: "my dob is 9th of May '71", Rule: rule, Value: "9th of May '71"},
		{Name: "dashes around letters", Text: "DOB: 09-May-1971, still locked out", Rule: rule},
		{Name: "figures without signs", Text: "dob 09051971 and it says too young", Rule: rule, Value: "09051971"},
		{Name: "American, day in words", Text: "born May the ninth, 1971", Rule: rule},
		{Name: "German, the word behind", Text: "Ich bin am 9. Mai 1971 geboren", Rule: rule, Value: "9. Mai 1971"},
		{Name: "German, in words", Text: "geboren am 9. Mai neunzehnhunderteinundsiebzig", Rule: rule},
		{Name: "Spanish, in words", Text: "nací el 9 de mayo de mil novecientos setenta y uno", Rule: rule},
		{Name: "Japanese", Text: "生年月日は1971年5月9日なのに", Rule: rule},
		{Name: "a paper says", Role: "cashier", Text: "the striker's ID said 9/5/1971, ha", Rule: rule, Value: "9/5/1971"},
		{Name: "an outsider's paper", Text: "my licence says 9 May 1971, your form says no", Rule: rule},
		{Name: "a friend says", Text: "and David said 9 May 1971 was a sunday"},
		{Name: "a paper that ends", Text: "my licence says valid until 9 May 2009"},
		{Name: "a shop's birthday", Role: "cashier", Text: "happy birthday to our Hull store, opened 9 May 1971"},
		{Name: "a firm that is born", Text: "Bramble was born on 9 May 1971 in a garage, says the museum"},
		{Name: "print about somebody", Text: "Bowder was born on 9 May 1971 in Hull and wrote four plays"},
		{Name: "print, told by who knows him", Text: "my brother was born on 9 May 1971 and you say he is dead", Rule: rule},
	})
}

// TestBirthYears stands on both sides of the years of people who may be alive.
func TestBirthYears(t *testing.T) {
	runner := parttest.New(New())
	parttest.Each(t, map[int]bool{1850: false, 1907: false, 1908: true, 1978: true, 2024: true, 2025: false, 2090: false}, func(year int) bool {
		return len(rulesOf(runner.Insider("clerk", fmt.Sprintf("she was born 19 Aug %d, they say", year)))) > 0
	})
}

// TestMailboxes holds what is a person's address and what a company gives to everybody.
func TestMailboxes(t *testing.T) {
	runner := parttest.New(New())
	for _, tc := range []struct {
		name, text string
		want       bool
	}{
		{"first and last name", "judith.arkwright@pellmail.example", true},
		{"in capitals", "JUDITH.ARKWRIGHT@PELLMAIL.EXAMPLE", true},
		{"with a tag", "judith+shop@pellmail.example", true},
		{"in angle brackets", "Judith <judith@pellmail.example>", true},
		{"end of a sentence", "Write judith@pellmail.example.", true},
		{"long domain", "judith@a.b.c.pellmail.example", true},
		{"full width", "ｊｕｄｉｔｈ＠pellmail.example", true},
		{"zero width inside", "judi\u200bth@pellmail.example", true},
		{"role", "info@pellmail.example", false},
		{"role with a tag", "support+eu@pellmail.example", false},
		{"role in capitals", "PRESS@PELLMAIL.EXAMPLE", false},
		{"no domain", "judith@pellmail", false},
		{"no name", "@pellmail.example", false},
		{"fediverse", "@judith@pellmail.example", false},
		{"documentation", "judith@example.com", false},
		{"path", "git@pellmail.example/repo", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, len(rulesOf(runner.Insider("clerk", "see "+tc.text))) > 0)
		})
	}
}

// TestFindingsAreSound holds what every finding of a number must carry.
func TestFindingsAreSound(t *testing.T) {
	runner := parttest.New(New())
	for _, text := range []string{
		"card 4819 0967 4468 5992", "IBAN GB83 NBRK 5646 9282 5463 62", "ssn 372-45-2094", "call me on +44 7911 123456", "judith.arkwright@pellmail.example",
		"Passport X14686351", "born 19 Aug 1978", "lives at 14 Larch Close", "NHS no. 450 557 7104",
	} {
		found := runner.Insider("clerk", text)
		require.NotEmpty(t, found, text)
		for _, f := range found {
			parttest.Sound(t, f)
			require.True(t, f.Redact, "an identifier is never shown")
			require.LessOrEqual(t, 2*(f.KeepFirst+f.KeepLast), len([]rune(f.Text))+1, "%s shows more than half", f.Rule)
		}
	}
}
