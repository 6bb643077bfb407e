package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAssessReadsDisguise writes a code name, a marking and a promise in every disguise:
// the finding underlines the disguise and says that it is one.
func TestAssessReadsDisguise(t *testing.T) {
	brand := acme()
	brand.CodeNames = []string{"Bluefinch"}
	e := newEngine(t, brand)
	for _, tc := range []struct {
		name, before, written, after, kind string
		category                           int
	}{
		{"code name in look-alikes", "when does ", "Вluеfіnсh", " launch in May", "codename", leakage},
		{"code name apart", "when does ", "B l u e f i n c h", " launch in May", "codename", leakage},
		{"code name in small capitals", "when does ", "ʙʟᴜᴇꜰɪɴᴄʜ", " launch in May", "codename", leakage},
		{"code name with invisible characters", "when does ", "Blue\u200bfinch", " launch in May", "codename", leakage},
		{"marking with invisible characters", "header says ", "STRICTLY CONFI\u2060DENTIAL", " and I should not", "marking", leakage},
		{"key with invisible characters", "the key is ", awsKey[:9] + "\u200b" + awsKey[9:], " now", "secret", leakage},
		{"marking in look-alikes", "header says ", "ѕtriсtly cоnfidentiаl", " and I should not", "marking", leakage},
		{"marking apart", "header says ", "C O N F I D E N T I A L", " and I should not", "marking", leakage},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := byEmployee("é " + tc.before + tc.written + tc.after)
			f := finding(judge(t, e, ev).GetCategories()[tc.category], tc.kind)
			require.NotNil(t, f)
			require.Equal(t, tc.written, cut(ev, f))
			require.Contains(t, f.GetWhy(), "(disguise)")
			require.GreaterOrEqual(t, f.GetLikelihood(), .6)
		})
	}
}

// TestAssessDisguiseCounts compares a promise with the same promise in disguise, by the
// brand's people and by the public.
func TestAssessDisguiseCounts(t *testing.T) {
	e := newEngine(t, acme())
	open := finding(judge(t, e, byEmployee("Guaranteed 12% return on this note, zero risk.")).GetCategories()[compliance], "promissory")
	require.NotContains(t, open.GetWhy(), "(disguise)")
	for _, written := range []string{"Gu4r4nt33d 12% return on this note, z3ro r1sk.", "G u a r a n t e e d 12% r e t u r n on this note, z e r o r i s k.", "Guar\u200banteed 12% re\u2060turn on this note, ze\u200bro risk.", "Guаrаntееd 12% rеturn on this note, zеrо rіsk."} {
		f := finding(judge(t, e, byEmployee(written)).GetCategories()[compliance], "promissory")
		require.NotNil(t, f, written)
		require.Contains(t, f.GetWhy(), "(disguise)", written)
		require.InDelta(t, 1-(1-open.GetLikelihood())*.85, f.GetLikelihood(), 1e-3)
	}
	drawn := finding(judge(t, e, byEmployee("Sssso guaranteed, 12% return on this note, zero rissssk.")).GetCategories()[compliance], "promissory")
	require.NotContains(t, drawn.GetWhy(), "(disguise)", "drawn out letters hide nothing")
	public := judge(t, e, created("b o y c o t t Acme Bank, all of you, boycott them now"))
	for _, f := range public.GetCategories()[reputation].GetFindings() {
		require.NotContains(t, f.GetWhy(), "disguise", "the word stands there openly as well")
	}
}

// TestAssessDisguiseInOrdinaryPosts holds the second reading to what needs it.
func TestAssessDisguiseInOrdinaryPosts(t *testing.T) {
	brand := acme()
	brand.CodeNames = []string{"Ochre", "Atlas"}
	e := newEngine(t, brand)
	for _, text := range []string{
		"A t-shirt in ochre, 3 for 2 at the mall", "flight A380 was ok, seat 4A", "so gooooood today, I looove it", "e n d", "c u l8r m8", "Атлас лежит на столе",
	} {
		for _, c := range judge(t, e, byEmployee(text)).GetCategories() {
			for _, f := range c.GetFindings() {
				require.NotContains(t, f.GetWhy(), "disguise", text)
			}
		}
	}
}

// TestAssessReadsRespelled writes what identifies a person and what opens a door so that
// machines miss it: the finding underlines and masks what was written.
func TestAssessReadsRespelled(t *testing.T) {
	e := newEngine(t, acme())
	for _, tc := range []struct{ name, before, written, after, kind string }{
		{"mailbox in brackets", "write to ", "dana.whitlock[at]quorlex[.]example", " please", "pii.email"},
		{"card in words", "my card is ", "four five three nine one four eight eight zero three four three six four six seven", " ok", "pii.card"},
		{"phone in words", "call my mobile ", "oh double seven oh oh nine oh oh two one nine", " after five", "pii.phone"},
		{"connection string", "db is ", "postgres[:]//app:h7Kq2vXz@db1[.]quorlex[.]example/main", " enjoy", "credential"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev := byEmployee("é " + tc.before + tc.written + tc.after)
			a := judge(t, e, ev)
			f := finding(a.GetCategories()[leakage], tc.kind)
			require.NotNil(t, f, "%v", kinds(a.GetCategories()[leakage]))
			require.Contains(t, tc.written, cut(ev, f))
			require.Contains(t, a.GetPost().GetText(), "*****")
			require.NotContains(t, a.GetPost().GetText(), cut(ev, f))
		})
	}
}

func TestAssessRespelledInOrdinaryPosts(t *testing.T) {
	e := newEngine(t, acme())
	for _, text := range []string{
		"one two three four five six seven, where is my refund", "a polka dot dress at the mall (.)", "meet me at acmebank.example on monday",
	} {
		require.Empty(t, kinds(judge(t, e, byEmployee(text)).GetCategories()[leakage]), text)
	}
}
