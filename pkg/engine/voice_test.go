package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestAuthority(t *testing.T) {
	const leak, comp = earshotv1.Category_CATEGORY_LEAKAGE, earshotv1.Category_CATEGORY_COMPLIANCE
	for _, tc := range []struct {
		name     string
		category earshotv1.Category
		who      string
		author   *earshotv1.Author
		want     float64
	}{
		{"public", leak, "pub", nil, .1},
		{"verified public", leak, "pub", &earshotv1.Author{Verified: true}, .15},
		{"press", comp, "pub", &earshotv1.Author{Role: "Senior reporter"}, .9},
		{"journalist in a list of words", comp, "pub", &earshotv1.Author{Role: "editor/journalist"}, .9},
		{"plural", comp, "pub", &earshotv1.Author{Role: "BBC News"}, .9},
		{"coffee is no press", comp, "pub", &earshotv1.Author{Role: "espresso barista"}, .1},
		{"selected is not elected", comp, "pub", &earshotv1.Author{Role: "selected member"}, .1},
		{"administers, is no minister", comp, "pub", &earshotv1.Author{Role: "I administer servers"}, .1},
		{"elected", comp, "pub", &earshotv1.Author{Role: "elected councillor"}, .95},
		{"german press", comp, "pub", &earshotv1.Author{Role: "Journalistin"}, .9},
		{"french press", comp, "pub", &earshotv1.Author{Role: "journaliste"}, .9},
		{"spanish press", comp, "pub", &earshotv1.Author{Role: "periodista"}, .9},
		{"regulator", comp, "pub", &earshotv1.Author{Role: "regulator"}, .95},
		{"paid", comp, "paid", nil, .8},
		{"employee who leaks", leak, "emp", nil, .8},
		{"employee who breaks a rule", comp, "emp", nil, .5},
		{"registered", comp, "rep", nil, 1},
		{"verified executive", comp, "exec", &earshotv1.Author{Verified: true}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) { require.InDelta(t, tc.want, authority(tc.category, tc.who, tc.author), 1e-9) })
	}
}

func TestChannel(t *testing.T) {
	const leak, rep = earshotv1.Category_CATEGORY_LEAKAGE, earshotv1.Category_CATEGORY_REPUTATION
	for _, tc := range []struct {
		name       string
		category   earshotv1.Category
		visibility earshotv1.Visibility
		platform   string
		insider    bool
		want       float64
	}{
		{"direct message", leak, earshotv1.Visibility_VISIBILITY_DIRECT, "x", true, .1},
		{"closed group", rep, earshotv1.Visibility_VISIBILITY_GROUP, "facebook", true, .3},
		{"leak in the open", leak, earshotv1.Visibility_VISIBILITY_UNSPECIFIED, "x", false, 1},
		{"press", rep, earshotv1.Visibility_VISIBILITY_PUBLIC, "news", false, 1},
		{"forum", rep, earshotv1.Visibility_VISIBILITY_FORUM, "reddit", true, .5},
		{"timeline of an insider", rep, earshotv1.Visibility_VISIBILITY_PUBLIC, "x", true, .8},
		{"timeline of the public", rep, earshotv1.Visibility_VISIBILITY_PUBLIC, "x", false, .5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			post := &earshotv1.Post{Visibility: tc.visibility, Platform: tc.platform}
			require.Equal(t, tc.want, channel(tc.category, post, tc.insider))
		})
	}
}

func TestLanguage(t *testing.T) {
	for tag, want := range map[string]string{"": "", "en": "en", "en-US": "en", "pt_BR": "pt", "DE": "de"} {
		require.Equal(t, want, language(tag))
	}
}
