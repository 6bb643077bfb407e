package writer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Shorthands for tables.
const (
	confirmed = earshotv1.Decision_DECISION_CONFIRMED
	dismissed = earshotv1.Decision_DECISION_DISMISSED
	unsure    = earshotv1.Decision_DECISION_UNSURE
)

// reviewEvent completes a review to a valid one, so many seconds after the post.
func reviewEvent(r *earshotv1.Review, seconds int) *earshotv1.Review {
	r.AssessmentId, r.BrandId = hash(r.GetPostId()), orElse(r.GetBrandId(), "tidewell")
	r.Reviewer, r.DecidedAt = orElse(r.GetReviewer(), "mara"), timestamppb.New(published.Add(time.Duration(seconds)*time.Second))
	if r.GetCategory() == 0 {
		r.Category = earshotv1.Category_CATEGORY_COMPLIANCE
	}
	if r.GetDecision() == 0 {
		r.Decision = confirmed
	}
	r.Id = schemas.ReviewID(r)
	return r
}

// writeReviews stores reviews, a second apart, in one batch.
func writeReviews(t *testing.T, s database, list ...*earshotv1.Review) {
	t.Helper()
	m, err := newMetrics()
	require.NoError(t, err)
	batch := make([]bus.Message, len(list))
	for i, r := range list {
		value, err := reviewEvent(r, i).MarshalVT()
		require.NoError(t, err)
		batch[i] = bus.Message{Topic: bus.TopicReviews, Offset: int64(i), Value: value, Time: time.Now()}
	}
	rejects, err := newReviews(s, m).handle(t.Context(), batch)
	require.NoError(t, err)
	require.Empty(t, rejects)
}

func TestTheNewestReviewCounts(t *testing.T) {
	review := func(post string, revision uint32, d earshotv1.Decision) *earshotv1.Review {
		return &earshotv1.Review{PostId: post, Revision: revision, Decision: d}
	}
	leak := func() *earshotv1.Review {
		return &earshotv1.Review{PostId: "x:1", Category: earshotv1.Category_CATEGORY_LEAKAGE, Decision: unsure}
	}
	for name, tt := range map[string]struct {
		reviews []*earshotv1.Review
		want    string
	}{
		"one":                    {[]*earshotv1.Review{review("x:1", 0, confirmed)}, "x:1\t0\tcompliance\tconfirmed"},
		"a change of mind":       {[]*earshotv1.Review{review("x:1", 0, confirmed), review("x:1", 0, dismissed)}, "x:1\t0\tcompliance\tdismissed"},
		"of each category":       {[]*earshotv1.Review{leak(), review("x:1", 0, confirmed)}, "x:1\t0\tleakage\tunsure\nx:1\t0\tcompliance\tconfirmed"},
		"of each revision":       {[]*earshotv1.Review{review("x:1", 0, confirmed), review("x:1", 1, dismissed)}, "x:1\t0\tcompliance\tconfirmed\nx:1\t1\tcompliance\tdismissed"},
		"of each post":           {[]*earshotv1.Review{review("x:1", 0, confirmed), review("x:2", 0, dismissed)}, "x:1\t0\tcompliance\tconfirmed\nx:2\t0\tcompliance\tdismissed"},
		"whatever kind it named": {[]*earshotv1.Review{{PostId: "x:1", Kind: "advice", Decision: confirmed}, review("x:1", 0, dismissed)}, "x:1\t0\tcompliance\tdismissed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			writeReviews(t, s, tt.reviews...)
			writeReviews(t, s, tt.reviews...) // the log from its start once more
			const ask = "SELECT post_id, revision, category, decision FROM reviews_current ORDER BY ALL"
			require.Equal(t, tt.want, query(t, s, ask))
			query(t, s, "OPTIMIZE TABLE reviews FINAL")
			require.Equal(t, tt.want, query(t, s, ask), "after merging")
			require.Equal(t, query(t, s, "SELECT uniq(id) FROM reviews"), query(t, s, "SELECT count() FROM reviews FINAL"), "each decision once")
		})
	}
}

func TestBrokenReviewsAreRejected(t *testing.T) {
	s := openStore(t)
	m, err := newMetrics()
	require.NoError(t, err)
	good, err := reviewEvent(&earshotv1.Review{PostId: "x:1"}, 0).MarshalVT()
	require.NoError(t, err)
	forged := reviewEvent(&earshotv1.Review{PostId: "x:2"}, 0)
	forged.Reviewer = "somebody else"
	other, err := forged.MarshalVT()
	require.NoError(t, err)
	rejects, err := newReviews(s, m).handle(t.Context(), []bus.Message{{Value: []byte{0xff}}, {Value: good}, {Value: other}})
	require.NoError(t, err)
	require.Len(t, rejects, 2)
	require.Equal(t, []string{"undecodable", "invalid"}, []string{rejects[0].Reason, rejects[1].Reason})
	require.Equal(t, "x:1", query(t, s, "SELECT post_id FROM reviews_current"))
	rejects, err = newReviews(s, m).handle(t.Context(), []bus.Message{{Value: []byte{0xff}}})
	require.NoError(t, err, "a batch of nothing but broken messages is no insert")
	require.Len(t, rejects, 1)
}

// TestDeletionErasesNotes: a note may quote the post; the decision stays.
func TestDeletionErasesNotes(t *testing.T) {
	s := openStore(t)
	l := newLog(t, mention{native: "1", text: "unspeakable"}, mention{native: "2", text: "stays"}, mention{native: "1", revision: 1, op: deleted})
	l.write(t, s, 0, len(l.messages))
	for range 2 { // a repeat brings the note back, for a while
		writeReviews(t, s, &earshotv1.Review{PostId: "x:1", Note: "says unspeakable"}, &earshotv1.Review{PostId: "x:2", Note: "fine"})
		_, err := s.Erase(t.Context())
		require.NoError(t, err)
		require.Equal(t, "x:1\tconfirmed\t\nx:2\tconfirmed\tfine", query(t, s, "SELECT post_id, decision, note FROM reviews_current ORDER BY ALL"))
	}
}
