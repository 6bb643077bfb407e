package schemas

import (
	"testing"

	"github.com/stretchr/testify/require"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestShortNames(t *testing.T) {
	require.Equal(t, "critical", LevelName(earshotv1.Level_LEVEL_CRITICAL))
	require.Equal(t, "leakage", CategoryName(earshotv1.Category_CATEGORY_LEAKAGE))
	require.Equal(t, "employee", KindName(earshotv1.PostKind_POST_KIND_EMPLOYEE))
	require.Equal(t, "deleted", OpName(earshotv1.PostOp_POST_OP_DELETED))
	require.Equal(t, "review", OutcomeName(earshotv1.Outcome_OUTCOME_REVIEW))
	require.Equal(t, "direct", VisibilityName(earshotv1.Visibility_VISIBILITY_DIRECT))
	require.Equal(t, "firing", StateName(earshotv1.AlertState_ALERT_STATE_FIRING))
	require.Equal(t, "dismissed", DecisionName(earshotv1.Decision_DECISION_DISMISSED))
	require.Equal(t, "unspecified", LevelName(99))
	require.Equal(t, "unspecified", LevelName(-1))
}

func TestShortNamesParseBack(t *testing.T) {
	for number := range earshotv1.Level_name {
		level := earshotv1.Level(number)
		got, ok := ParseLevel(LevelName(level))
		require.Equal(t, number > 0, ok)
		if ok {
			require.Equal(t, level, got)
		}
	}
	kind, ok := ParseKind("mention")
	require.True(t, ok)
	require.Equal(t, earshotv1.PostKind_POST_KIND_MENTION, kind)
	op, ok := ParseOp("edited")
	require.True(t, ok)
	require.Equal(t, earshotv1.PostOp_POST_OP_EDITED, op)
	visibility, ok := ParseVisibility("forum")
	require.True(t, ok)
	require.Equal(t, earshotv1.Visibility_VISIBILITY_FORUM, visibility)
	_, ok = ParseOp("unspecified")
	require.False(t, ok)
}

// TestEveryValueHasItsOwnShortName: rules, SQL and JSON are written with them.
func TestEveryValueHasItsOwnShortName(t *testing.T) {
	tests := map[string]struct {
		values map[int32]string
		name   func(number int32) string
		want   []string
	}{
		"level":      {earshotv1.Level_name, func(n int32) string { return LevelName(earshotv1.Level(n)) }, []string{"info", "low", "medium", "high", "critical"}},
		"category":   {earshotv1.Category_name, func(n int32) string { return CategoryName(earshotv1.Category(n)) }, []string{"reputation", "leakage", "compliance"}},
		"kind":       {earshotv1.PostKind_name, func(n int32) string { return KindName(earshotv1.PostKind(n)) }, []string{"mention", "employee"}},
		"op":         {earshotv1.PostOp_name, func(n int32) string { return OpName(earshotv1.PostOp(n)) }, []string{"created", "edited", "deleted"}},
		"outcome":    {earshotv1.Outcome_name, func(n int32) string { return OutcomeName(earshotv1.Outcome(n)) }, []string{"accept", "monitor", "review", "escalate"}},
		"visibility": {earshotv1.Visibility_name, func(n int32) string { return VisibilityName(earshotv1.Visibility(n)) }, []string{"public", "forum", "group", "direct"}},
		"state":      {earshotv1.AlertState_name, func(n int32) string { return StateName(earshotv1.AlertState(n)) }, []string{"firing", "resolved"}},
	}
	for enum, tt := range tests {
		t.Run(enum, func(t *testing.T) {
			require.Len(t, tt.values, len(tt.want)+1, "and the unspecified one")
			for i, want := range tt.want {
				require.Equal(t, want, tt.name(int32(i+1)))
			}
			for _, number := range []int32{0, -1, int32(len(tt.want) + 1), 1 << 30} {
				require.Equal(t, "unspecified", tt.name(number))
			}
		})
	}
}

func TestParsersRefuseWhatIsNoName(t *testing.T) {
	for _, name := range []string{"", " ", "HIGH", "unspecified", "LEVEL_HIGH", "high ", "5"} {
		_, level := ParseLevel(name)
		_, kind := ParseKind(name)
		_, op := ParseOp(name)
		_, visibility := ParseVisibility(name)
		require.False(t, level || kind || op || visibility, "%q", name)
	}
}
