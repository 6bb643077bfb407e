package row

import (
	"encoding/hex"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/store"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// event is an assessment with what its columns would otherwise look up again.
type event struct {
	*earshotv1.Assessment
	// post is the assessment's, or only its identity where there is nothing to show.
	post       *earshotv1.Post
	categories []*earshotv1.CategoryAssessment
}

// Assessments makes blocks for the table assessments. It keeps its buffers between
// calls, so it is for one goroutine.
type Assessments struct {
	columns []column[event]
	events  []event
}

// NewAssessments returns one with empty buffers.
func NewAssessments() *Assessments {
	columns := judgementColumns()
	columns = append(columns, postColumns()...)
	columns = append(columns, authorColumns()...)
	for i, name := range [3]string{"reputation", "leakage", "compliance"} {
		columns = append(columns, categoryColumns(name, i)...)
	}
	columns = append(columns, findingColumns()...)
	columns = append(columns, contributionColumns()...)
	return &Assessments{columns: append(columns, explanationColumns()...)}
}

// Block returns the rows of valid assessments, good until the next call.
func (a *Assessments) Block(batch []*earshotv1.Assessment, token string) store.Block {
	clear(a.events)
	a.events = a.events[:0]
	for _, assessment := range batch {
		a.events = append(a.events, event{assessment, shown(assessment), assessment.GetCategories()})
	}
	return block("assessments", a.columns, a.events, token)
}

// shown is the post that may be stored. A withdrawn match keeps no text and no author,
// since nothing asks for them; and the time of a deletion would part rows that repeat.
func shown(a *earshotv1.Assessment) *earshotv1.Post {
	if a.GetMatched() && a.GetOp() != earshotv1.PostOp_POST_OP_DELETED {
		return a.GetPost()
	}
	p := a.GetPost()
	bare := &earshotv1.Post{Platform: p.GetPlatform(), NativeId: p.GetNativeId(), Revision: p.GetRevision(), Kind: p.GetKind()}
	if a.GetOp() != earshotv1.PostOp_POST_OP_DELETED {
		bare.CreatedAt = p.GetCreatedAt()
	}
	return bare
}

func judgementColumns() []column[event] {
	packs := packList()
	return []column[event]{
		of("id", "FixedString(16)", func(e event) []byte { return unhex(e.GetId()) }),
		text("brand_id", func(e event) string { return e.GetBrandId() }),
		enum("op", func(e event) earshotv1.PostOp { return e.GetOp() }),
		flag("matched", func(e event) bool { return e.GetMatched() }),
		moment("observed_at", func(e event) *timestamppb.Timestamp { return e.GetProvenance().GetObservedAt() }),
		moment("assessed_at", func(e event) *timestamppb.Timestamp { return e.GetAssessedAt() }),
		text("source", func(e event) string { return e.GetProvenance().GetSource() }),
		text("source_type", func(e event) string { return e.GetProvenance().GetSourceType() }),
		text("source_position", func(e event) string { return e.GetProvenance().GetPosition() }),
		decimals("match_likelihood", func(e event) float64 { return e.GetMatch().GetLikelihood() }),
		text("match_reason", func(e event) string { return e.GetMatch().GetReason() }),
		of("match_starts", "Array(UInt32)", func(e event) []uint32 { return starts(e.GetMatch().GetSpans()) }),
		of("match_ends", "Array(UInt32)", func(e event) []uint32 { return ends(e.GetMatch().GetSpans()) }),
		decimals("score", func(e event) float64 { return e.GetScore() }),
		enum("level", func(e event) earshotv1.Level { return e.GetLevel() }),
		text("sentiment", func(e event) string { return e.GetSentiment().GetLabel() }),
		decimals("sentiment_negative", func(e event) float64 { return e.GetSentiment().GetNegative() }),
		decimals("sentiment_positive", func(e event) float64 { return e.GetSentiment().GetPositive() }),
		text("engine", func(e event) string { return e.GetVersions().GetEngine() }),
		text("packs", func(e event) string { return packs(e.GetVersions().GetPacks()) }),
		text("brand_version", func(e event) string { return e.GetVersions().GetBrand() }),
	}
}

// unhex is for ids that were validated.
func unhex(id string) []byte {
	raw, _ := hex.DecodeString(id)
	return raw
}

func categoryColumns(name string, place int) []column[event] {
	at := func(e event) *earshotv1.CategoryAssessment {
		if len(e.categories) <= place {
			return nil
		}
		return e.categories[place]
	}
	return []column[event]{
		decimals(name+"_likelihood", func(e event) float64 { return at(e).GetLikelihood() }),
		decimals(name+"_impact", func(e event) float64 { return at(e).GetImpact() }),
		decimals(name+"_score", func(e event) float64 { return at(e).GetScore() }),
		enum(name+"_level", func(e event) earshotv1.Level { return at(e).GetLevel() }),
		enum(name+"_outcome", func(e event) earshotv1.Outcome { return at(e).GetOutcome() }),
	}
}

func starts(spans []*earshotv1.Span) []uint32 {
	return each(spans, func(s *earshotv1.Span) uint32 { return s.GetStart() })
}

func ends(spans []*earshotv1.Span) []uint32 {
	return each(spans, func(s *earshotv1.Span) uint32 { return s.GetEnd() })
}

// each reads one value off every item; nil for none.
func each[I, T any](items []I, read func(I) T) []T {
	if len(items) == 0 {
		return nil
	}
	out := make([]T, len(items))
	for i, item := range items {
		out[i] = read(item)
	}
	return out
}
