package writer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// amended is the judgement of m once more, a millisecond later and with a second opinion.
func amended(m mention) *earshotv1.Assessment {
	m.judged += time.Millisecond
	a := m.event()
	a.Versions.Packs["second_opinion"] = "judge-1"
	c := a.GetCategories()[2]
	c.Likelihood, c.Impact, c.Score, c.Level = 0.9, 0.5, 45, earshotv1.Level_LEVEL_HIGH
	c.Findings = []*earshotv1.Finding{{Kind: "promissory", Rule: "opinion.promissory", Likelihood: 0.8, Impact: 1, Family: "second_opinion"}}
	a.Score, a.Level = c.GetScore(), c.GetLevel()
	return a
}

// TestAnAmendedJudgementTakesThePlaceOfTheFirst in every view, whichever the store hears
// of first, and brings back nothing that an edit or a deletion took away.
func TestAnAmendedJudgementTakesThePlaceOfTheFirst(t *testing.T) {
	first := mention{native: "1", text: "to the moon"}
	second := amended(first)
	later := mention{native: "1", revision: 1, op: edited, text: "to Mars"}.event()
	gone := mention{native: "1", op: deleted}.event()
	require.Equal(t, first.event().GetId(), second.GetId())
	const raised = "x:1\t0\tto the moon\t45\tcompliance\tpromissory\tjudge-1"
	for name, tc := range map[string]struct {
		events []*earshotv1.Assessment
		want   string // post, revision, text, score and the findings of compliance
	}{
		"in order":                {[]*earshotv1.Assessment{first.event(), second}, raised},
		"the other way round":     {[]*earshotv1.Assessment{second, first.event()}, raised},
		"and the first once more": {[]*earshotv1.Assessment{first.event(), second, first.event()}, raised},
		"after an edit":           {[]*earshotv1.Assessment{first.event(), later, second}, "x:1\t1\tto Mars\t10.4\t\t\t"},
		"after a deletion":        {[]*earshotv1.Assessment{first.event(), gone, second}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			for i, a := range tc.events {
				value, err := a.MarshalVT()
				require.NoError(t, err)
				l := log{[]bus.Message{{Topic: bus.TopicAssessments, Offset: int64(i), Value: value, Time: published}}}
				l.write(t, s, 0, 1)
			}
			const row = "SELECT post_id, revision, text, round(score, 1), if(has(findings.category, 'compliance'), 'compliance', ''), " +
				"if(has(findings.category, 'compliance'), findings.kind[indexOf(findings.category, 'compliance')], ''), extract(packs, 'second_opinion=([^,]*)') FROM mentions"
			const of = "SELECT post_id, kind FROM findings_current WHERE category = 'compliance'"
			for _, when := range []string{"as written", "after merging"} {
				require.Equal(t, tc.want, query(t, s, row), when)
				findings := ""
				if tc.want == raised {
					findings = "x:1\tpromissory"
				}
				require.Equal(t, findings, query(t, s, of), when)
				query(t, s, "OPTIMIZE TABLE assessments FINAL")
			}
			if tc.want == raised {
				require.Equal(t, "1", query(t, s, "SELECT count() FROM assessments"), "one row is kept")
			}
		})
	}
}
