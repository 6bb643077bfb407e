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
