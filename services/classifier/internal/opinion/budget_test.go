package opinion

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPurse(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 30, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		budget Budget
		at     []time.Duration // after noon
		want   []bool
	}{
		{"no limit", Budget{}, []time.Duration{0, 0, 0}, []bool{true, true, true}},
		{"a minute", Budget{PerMinute: 2}, []time.Duration{0, 0, 0, 29 * time.Second, 30 * time.Second}, []bool{true, true, false, false, true}},
		{"a day", Budget{PerDay: 1}, []time.Duration{0, time.Hour, 12 * time.Hour}, []bool{true, false, true}},
		{"the day ends what the minute allows", Budget{PerMinute: 1, PerDay: 2}, []time.Duration{0, time.Minute, 2 * time.Minute}, []bool{true, true, false}},
		{"a refusal costs nothing", Budget{PerMinute: 1, PerDay: 2}, []time.Duration{0, 0, 0, time.Minute, time.Minute}, []bool{true, false, false, true, false}},
		{"a clock set back begins anew", Budget{PerMinute: 1}, []time.Duration{0, -time.Hour}, []bool{true, true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPurse(tc.budget)
			for i, after := range tc.at {
				require.Equal(t, tc.want[i], p.spend(noon.Add(after)), "ask %d", i)
			}
		})
	}
}
