package backtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// ReviewQuery reads what reviewers decided last about the mentions of posts after a time in
// Unix milliseconds, as far as they saw the text that is judged now.
const ReviewQuery = `SELECT post_id, brand_id, toString(category) AS category, toString(decision) AS decision
FROM reviews_current WHERE (post_id, brand_id, revision) GLOBAL IN (
  SELECT post_id, brand_id, revision FROM mentions WHERE created_at > fromUnixTimestamp64Milli(toInt64(%d)))`

// reviewed is one category of one mention.
type reviewed struct{ post, brand, category string }

// Reviews are the decisions that tell right from wrong: true where a reviewer confirmed the
// risk, false where one dismissed it.
type Reviews map[reviewed]bool

// ReadReviews reads the answer to ReviewQuery, one JSON object a line. Reviewers who were
// unsure decide nothing.
func ReadReviews(in io.Reader) (Reviews, error) {
	out := Reviews{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var r struct {
			Post     string `json:"post_id"`
			Brand    string `json:"brand_id"`
			Category string `json:"category"`
			Decision string `json:"decision"`
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("read stored review: %w", err)
		}
		confirmed := r.Decision == schemas.DecisionName(earshotv1.Decision_DECISION_CONFIRMED)
		if confirmed || r.Decision == schemas.DecisionName(earshotv1.Decision_DECISION_DISMISSED) {
			out[reviewed{r.Post, r.Brand, r.Category}] = confirmed
		}
	}
	return out, lines.Err()
}

// Precision is how often reviewers agreed with what packs flag: mentions of a category that
// a reviewer would be shown, those of them that were decided, and those that were confirmed.
type Precision struct{ Flagged, Reviewed, Confirmed int }

// Share is the precision, 0 to 1; false where nothing flagged was reviewed.
func (p Precision) Share() (float64, bool) {
	if p.Reviewed == 0 {
		return 0, false
	}
	return float64(p.Confirmed) / float64(p.Reviewed), true
}

// Precision measures judgements of one side against reviews, by the category's name.
func (r Reviews) Precision(judged []*earshotv1.Assessment) map[string]Precision {
	out := map[string]Precision{}
	for _, a := range judged {
		for _, c := range a.GetCategories() {
			if c.GetLikelihood() < engine.Likely {
				continue
			}
			name := schemas.CategoryName(c.GetCategory())
			p := out[name]
			p.Flagged++
			if confirmed, ok := r[reviewed{a.GetPost().GetId(), a.GetBrandId(), name}]; ok {
				p.Reviewed++
				if confirmed {
					p.Confirmed++
				}
			}
			out[name] = p
		}
	}
	return out
}
