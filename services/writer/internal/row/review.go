package row

import (
	"github.com/earshot/earshot/pkg/store"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Reviews makes blocks for the table reviews; for one goroutine.
type Reviews struct {
	columns []column[*earshotv1.Review]
}

// NewReviews returns one with empty buffers.
func NewReviews() *Reviews {
	return &Reviews{columns: []column[*earshotv1.Review]{
		text("id", (*earshotv1.Review).GetId),
		text("assessment_id", (*earshotv1.Review).GetAssessmentId),
		text("post_id", (*earshotv1.Review).GetPostId),
		of("revision", "UInt32", (*earshotv1.Review).GetRevision),
		text("brand_id", (*earshotv1.Review).GetBrandId),
		enum("category", (*earshotv1.Review).GetCategory),
		text("kind", (*earshotv1.Review).GetKind),
		enum("decision", (*earshotv1.Review).GetDecision),
		text("reviewer", (*earshotv1.Review).GetReviewer),
		moment("decided_at", (*earshotv1.Review).GetDecidedAt),
		text("note", (*earshotv1.Review).GetNote),
	}}
}

// Block returns the rows of valid reviews, good until the next call.
func (r *Reviews) Block(batch []*earshotv1.Review, token string) store.Block {
	return block("reviews", r.columns, batch, token)
}
