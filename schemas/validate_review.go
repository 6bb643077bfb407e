package schemas

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// ReviewID is the id that a review must have: the same decision told twice is one.
func ReviewID(r *earshotv1.Review) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		r.GetAssessmentId(), CategoryName(r.GetCategory()), r.GetKind(), r.GetReviewer(), strconv.FormatInt(r.GetDecidedAt().AsTime().UnixMilli(), 10),
	}, "\x1e")))
	return hex.EncodeToString(sum[:16])
}

// ValidateReview checks a value of topic earshot.reviews.v1. The error is a [FieldError];
// such a value can never succeed and belongs to the dead letters.
func ValidateReview(r *earshotv1.Review) error {
	err := cmp.Or(
		hexID("id", r.GetId()),
		hexID("assessment_id", r.GetAssessmentId()),
		needed("post_id", r.GetPostId(), MaxID),
		needed("brand_id", r.GetBrandId(), maxName),
		enum("category", int32(r.GetCategory()), earshotv1.Category_name),
		text("kind", r.GetKind(), maxName),
		enum("decision", int32(r.GetDecision()), earshotv1.Decision_name),
		needed("reviewer", r.GetReviewer(), maxName),
		neededMoment("decided_at", r.GetDecidedAt(), nil),
		text("note", r.GetNote(), maxProse),
	)
	switch {
	case err != nil:
		return err
	case !strings.Contains(r.GetPostId(), ":"):
		return fault("post_id", "want platform:native_id")
	case r.GetId() != ReviewID(r):
		return fault("id", "not the hash of what the review is about")
	}
	return nil
}
