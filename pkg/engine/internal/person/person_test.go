package person

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func every(Name) bool { return true }

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		name, text, want string
		full, doctor     bool
	}{
		{"given name", "then Priya came in", "Priya", false, false},
		{"surname", "then Priya Nambiar came in", "Priya Nambiar", true, false},
		{"initial", "a woman, Susan P., came in", "Susan P.", true, false},
		{"initial and surname", "seen: Susan K. Olver today", "Susan K. Olver", true, false},
		{"word with a surname", "then Will Olver came in", "Will Olver", true, false},
		{"doctor", "by Dr. Susan Olver today", "Susan Olver", true, true},
		{"accent", "then François Petit came", "François Petit", true, false},
		{"possessive", "it is Susan's knee", "Susan", false, false},
		{"capitals", "SUSAN OLVER is in", "SUSAN OLVER", true, false},
		{"word", "Will it rain", "", false, false},
		{"place", "we met in Paris", "", false, false},
		{"small letters", "then priya came in", "", false, false},
		{"unknown capital", "then Zorblax came in", "", false, false},
		{"saint", "at St. Joseph today", "", false, false},
		{"hospital", "at Susan Clinic today", "", false, false},
		{"disease", "it is Wilson's disease", "", false, false},
		{"handle", "ask @Priya about it", "", false, false},
		{"hashtag", "#Priya won", "", false, false},
		{"inside a word", "Susanville is far", "", false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n, ok := Find([]byte(tc.text), every)
			require.Equal(t, tc.want != "", ok)
			require.Equal(t, tc.want, tc.text[n.Start:n.End])
			require.Equal(t, tc.full, n.Full)
			require.Equal(t, tc.doctor, n.Doctor)
		})
	}
}

// TestAccept goes on to the next name where one is refused.
func TestAccept(t *testing.T) {
	n, ok := Find([]byte("Dr. Susan Olver saw Priya Nambiar"), func(n Name) bool { return !n.Doctor })
	require.True(t, ok)
	require.Equal(t, 20, n.Start)
}

// TestList holds the list to its form: sorted, no doubles, nothing that is only a word.
func TestList(t *testing.T) {
	require.Greater(t, len(given), 2500)
	seen := ""
	for name := range strings.FieldsSeq(list) {
		require.Less(t, seen, name)
		seen = name
	}
	for _, word := range []string{"the", "man", "and", "her", "his", "you", "can", "do"} {
		require.NotContains(t, given, word)
	}
	for _, word := range []string{"will", "mark", "may", "grace", "charlotte", "austin"} {
		require.True(t, given[word], word)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Dr. Susan K. Ol\xffver's knee, Will-")
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := Find([]byte(s), every); ok {
			require.True(t, 0 <= n.Start && n.Start < n.End && n.End <= len(s))
		}
	})
}
