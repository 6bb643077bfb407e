package schemas

import (
	"strings"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// The short names of enum values, as JSON, SQL, rules and people write them: "high",
// "leakage", "mention", "created", "review", "public", "firing", "confirmed". An unspecified
// value has the name "unspecified".
var (
	levelNames      = shortNames(earshotv1.Level_name, "LEVEL_")
	categoryNames   = shortNames(earshotv1.Category_name, "CATEGORY_")
	kindNames       = shortNames(earshotv1.PostKind_name, "POST_KIND_")
	opNames         = shortNames(earshotv1.PostOp_name, "POST_OP_")
	outcomeNames    = shortNames(earshotv1.Outcome_name, "OUTCOME_")
	visibilityNames = shortNames(earshotv1.Visibility_name, "VISIBILITY_")
	stateNames      = shortNames(earshotv1.AlertState_name, "ALERT_STATE_")
	decisionNames   = shortNames(earshotv1.Decision_name, "DECISION_")
)

func shortNames(values map[int32]string, prefix string) []string {
	names := make([]string, len(values))
	for number, name := range values {
		names[number] = strings.ToLower(strings.TrimPrefix(name, prefix))
	}
	return names
}

func nameOf(names []string, number int32) string {
	if number < 0 || int(number) >= len(names) {
		return names[0]
	}
	return names[number]
}

func numberOf(names []string, name string) (int32, bool) {
	for number, n := range names {
		if n == name && number > 0 {
			return int32(number), true
		}
	}
	return 0, false
}

// LevelName is the short name of l; an unknown number has that of zero, here and below.
func LevelName(l earshotv1.Level) string { return nameOf(levelNames, int32(l)) }

// CategoryName is the short name of c.
func CategoryName(c earshotv1.Category) string { return nameOf(categoryNames, int32(c)) }

// KindName is the short name of k.
func KindName(k earshotv1.PostKind) string { return nameOf(kindNames, int32(k)) }

// OpName is the short name of o.
func OpName(o earshotv1.PostOp) string { return nameOf(opNames, int32(o)) }

// OutcomeName is the short name of o.
func OutcomeName(o earshotv1.Outcome) string { return nameOf(outcomeNames, int32(o)) }

// VisibilityName is the short name of v.
func VisibilityName(v earshotv1.Visibility) string { return nameOf(visibilityNames, int32(v)) }

// StateName is the short name of s.
func StateName(s earshotv1.AlertState) string { return nameOf(stateNames, int32(s)) }

// DecisionName is the short name of d.
func DecisionName(d earshotv1.Decision) string { return nameOf(decisionNames, int32(d)) }

// ParseLevel finds the level of a short name.
func ParseLevel(name string) (earshotv1.Level, bool) {
	n, ok := numberOf(levelNames, name)
	return earshotv1.Level(n), ok
}

// ParseKind finds the kind of a short name.
func ParseKind(name string) (earshotv1.PostKind, bool) {
	n, ok := numberOf(kindNames, name)
	return earshotv1.PostKind(n), ok
}

// ParseOp finds the op of a short name.
func ParseOp(name string) (earshotv1.PostOp, bool) {
	n, ok := numberOf(opNames, name)
	return earshotv1.PostOp(n), ok
}

// ParseVisibility finds the visibility of a short name.
func ParseVisibility(name string) (earshotv1.Visibility, bool) {
	n, ok := numberOf(visibilityNames, name)
	return earshotv1.Visibility(n), ok
}
