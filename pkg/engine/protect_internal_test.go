package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// TestTheTrainedStageLiftsNoShelter holds that what a detector reads states as much as the
// detector itself was sure of, however the trained stage weighs it.
func TestTheTrainedStageLiftsNoShelter(t *testing.T) {
	for _, tc := range []struct {
		name          string
		read, weighed float64
		want          bool
	}{
		{"a rule", 0, 0.6, true},
		{"a sure reading", 0.6, 0.7, true},
		{"a reading that was raised", 0.45, 0.7, false},
		{"a reading that was lowered", 0.7, 0.45, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := claim{read: tc.read, finding: &earshotv1.Finding{Likelihood: tc.weighed, Family: "leak.insider"}}
			require.Equal(t, tc.want, stated(&x))
		})
	}
}

// TestTheTrainedStageLiftsNoGuard holds that a guess about inside information leaves a guard
// of the whole post as it is, where a rule's finding lifts it.
func TestTheTrainedStageLiftsNoGuard(t *testing.T) {
	for family, want := range map[string]bool{"mnpi": true, modelFamily: false} {
		t.Run(family, func(t *testing.T) {
			x := claim{severity: 5, finding: &earshotv1.Finding{Likelihood: 0.9, Family: family, Kind: "selective_disclosure"}}
			require.Equal(t, want, shelter(nil).spares(earshotv1.Category_CATEGORY_COMPLIANCE, &x))
		})
	}
}
