package engine

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/risk"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// category turns what was said about a category into its judgement with reasons.
func (j *judgement) category(k *kase, limits risk.Limits, out *earshotv1.CategoryAssessment) {
	in := &k.input
	j.drivers(k)
	r := risk.Judge(in)
	out.Category, out.Likelihood, out.Impact, out.Score, out.Level = in.Category, round(r.Likelihood), round(r.Impact), r.Score, r.Level
	out.Outcome, out.Guards, out.LevelReasons = limits.Outcome(r.Score), k.guards, append(r.Reasons, k.notes...)
	if len(k.claims) == 0 {
		return
	}
	out.LikelihoodContributions, out.ImpactContributions = contributions(r.LikelihoodShares), contributions(r.ImpactShares)
	out.Counterfactuals = make([]*earshotv1.Counterfactual, len(r.Without))
	without := make([]earshotv1.Counterfactual, len(r.Without))
	for i, w := range r.Without {
		out.Counterfactuals[i] = &without[i]
		without[i].Without, without[i].Score, without[i].Level = w.Name, w.Score, w.Level
	}
	out.Findings = make([]*earshotv1.Finding, len(k.claims))
	for i, c := range k.claims {
		out.Findings[i] = c.finding
	}
	slices.SortStableFunc(out.Findings, func(a, b *earshotv1.Finding) int {
		return cmp.Or(cmp.Compare(b.Likelihood*b.Impact, a.Likelihood*a.Impact), strings.Compare(a.Rule, b.Rule))
	})
}

// drivers sets the impact of a category: severity and bounds of its gravest claim, by
// likelihood times severity, and the facts of author and channel.
func (j *judgement) drivers(k *kase) {
	in := &k.input
	author := j.post.GetAuthor()
	in.Drivers = risk.Drivers{
		Reach:   risk.Reach(max(author.GetFollowers(), j.post.GetEngagement().GetViews())),
		Role:    authority(in.Category, j.who, author),
		Channel: channel(in.Category, j.post, j.insider),
	}
	gravest := -1.0
	for _, c := range k.claims {
		if weight := c.finding.Likelihood * risk.Severity(c.severity); weight > gravest {
			gravest = weight
			in.Drivers.Severity, in.Cap = risk.Severity(c.severity), c.cap
		}
		// A grave thing that is likely keeps its floor whatever else was said.
		if c.floor > 0 && c.finding.Likelihood >= Likely {
			in.Floor = max(in.Floor, c.floor)
		}
		if in.Category == earshotv1.Category_CATEGORY_LEAKAGE {
			in.Drivers.Regime = max(in.Drivers.Regime, regimes[c.finding.Kind])
		}
	}
	if in.Drivers.Reach > lowReach {
		in.Cap = 0
	}
}

// lowReach is the reach driver, 0 to 1, of about 1 000 followers.
const lowReach = 0.23

func contributions(shares []risk.Share) []*earshotv1.Contribution {
	if len(shares) == 0 {
		return nil
	}
	out := make([]*earshotv1.Contribution, len(shares))
	values := make([]earshotv1.Contribution, len(shares))
	for i, s := range shares {
		out[i] = &values[i]
		out[i].Factor, out[i].Value, out[i].Weight, out[i].Share = s.Factor, round(s.Value), s.Weight, round(s.Share)
	}
	return out
}

// spans turns byte spans of a text into code points of the original.
func spans(t *text.Text, in []text.Span) []*earshotv1.Span {
	if len(in) == 0 {
		return nil
	}
	out, values := make([]*earshotv1.Span, len(in)), make([]earshotv1.Span, len(in))
	for i, s := range in {
		start, end := t.Points(s)
		out[i] = &values[i]
		out[i].Start, out[i].End = uint32(start), uint32(end)
	}
	return out
}

// round keeps four decimals, so that equal judgements are equal bytes.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }
