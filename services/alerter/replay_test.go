package alerter

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const twoInAnHour = `
rules:
  - name: many
    filter: categories.compliance.likelihood >= 0.5
    measure: count
    window: 1h
    limit: 2
    severity: warning
    annotations: {summary: "{{ .Brand }}"}
`

func TestReplayFiresAsTheServiceWould(t *testing.T) {
	c := DefaultConfig()
	c.Rules = []string{filepath.Join(t.TempDir(), "rules.yaml")}
	_, err := Replay(c, nil)
	require.ErrorContains(t, err, "rules.yaml")
	require.NoError(t, os.WriteFile(c.Rules[0], []byte(twoInAnHour), 0o600))
	for apart, want := range map[time.Duration]int{30 * time.Minute: 1, 2 * time.Hour: 0} {
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var judged []*earshotv1.Assessment
		for _, id := range []string{"1", "2"} {
			judged = append(judged, &earshotv1.Assessment{
				Id: id, BrandId: "acme", Op: earshotv1.PostOp_POST_OP_CREATED, Matched: true,
				Post: &earshotv1.Post{Id: "x:" + id, Platform: "x", CreatedAt: timestamppb.New(at), Author: &earshotv1.Author{Handle: "@" + id}},
				Categories: []*earshotv1.CategoryAssessment{
					{Category: earshotv1.Category_CATEGORY_REPUTATION},
					{Category: earshotv1.Category_CATEGORY_LEAKAGE},
					{Category: earshotv1.Category_CATEGORY_COMPLIANCE, Likelihood: 0.9},
				},
			})
			at = at.Add(apart)
		}
		alerts, err := Replay(c, judged)
		require.NoError(t, err)
		require.Len(t, alerts, want, apart)
	}
}

func TestReplayTakesTheBuiltInRules(t *testing.T) {
	alerts, err := Replay(DefaultConfig(), nil)
	require.NoError(t, err)
	require.Empty(t, alerts)
}
