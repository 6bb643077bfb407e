package brand_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/brand"
)

func TestDay(t *testing.T) {
	require.Empty(t, brand.Day(time.Time{}))
	require.Equal(t, "2026-05-14", brand.Day(time.Date(2026, 5, 15, 1, 0, 0, 0, time.FixedZone("", 2*3600))))
}

func TestPublishedBy(t *testing.T) {
	b := brand.Brand{Published: []brand.Published{{Topic: "Heron Tablet", Date: "2026-05-14"}, {Topic: "Q1", Date: "2026-04-28"}}}
	for _, tc := range []struct {
		name, day, text string
		want            string // topic
		at              int
	}{
		{"on the day", "2026-05-14", "the heron tablet is here", "Heron Tablet", 4},
		{"after it", "2027-01-01", "q1 was fine", "Q1", 0},
		{"the day before", "2026-05-13", "the heron tablet is here", "", 0},
		{"another topic", "2026-05-14", "the heron phone is here", "", 0},
		{"part of a word", "2026-05-14", "faq1 and heron tablets", "", 0},
		{"no day", "", "the heron tablet is here", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, at, ok := b.PublishedBy(tc.day, []byte(tc.text))
			require.Equal(t, tc.want != "", ok)
			require.Equal(t, tc.want, p.Topic)
			require.Equal(t, tc.at, at)
		})
	}
}

func TestInBlackout(t *testing.T) {
	b := brand.Brand{Blackouts: []brand.Blackout{{From: "2026-04-01", To: "2026-04-28"}}}
	for day, want := range map[string]bool{"2026-03-31": false, "2026-04-01": true, "2026-04-28": true, "2026-04-29": false, "": false} {
		_, ok := b.InBlackout(day)
		require.Equal(t, want, ok, day)
	}
}

func TestCalendarIsChecked(t *testing.T) {
	for name, tc := range map[string]struct {
		brand brand.Brand
		want  string
	}{
		"no topic":  {brand.Brand{Published: []brand.Published{{Topic: " ", Date: "2026-05-14"}}}, "published[0].topic: missing"},
		"no day":    {brand.Brand{Published: []brand.Published{{Topic: "x", Date: "14 May"}}}, `published[0].date: "14 May"`},
		"from":      {brand.Brand{Blackouts: []brand.Blackout{{From: "2026-13-01", To: "2026-05-14"}}}, "blackouts[0].from"},
		"to":        {brand.Brand{Blackouts: []brand.Blackout{{From: "2026-05-14"}}}, "blackouts[0].to"},
		"backwards": {brand.Brand{Blackouts: []brand.Blackout{{From: "2026-05-14", To: "2026-05-13"}}}, "blackouts[0]: to 2026-05-13 is before from"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.brand.ID, tc.brand.Name = "a", "A"
			_, err := brand.New([]brand.Brand{tc.brand}, func(int, *brand.Brand) []string { return nil })
			require.ErrorContains(t, err, `brand "a": `+tc.want)
		})
	}
}
