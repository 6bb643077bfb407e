package health

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestDisclosed(t *testing.T) {
	const rule = "phi.person-condition"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "name and bay", Role: "nurse", Text: "my gentleman in bay 9, Mr Castellano the baker. Scan today says it's in the pancreas", Rule: rule},
		{Name: "implant", Role: "rep", Text: "Third implant of the day! Wee Mr Abernethy felt his left leg", Rule: rule},
		{Name: "colleague", Role: "partner", Text: "Dale from billing isn't on holiday, he's in rehab till the 20th", Rule: rule},
		{Name: "so closely that people know", Role: "physician", Text: "the man who reads the news did not have flu. He mixed vodka and oxycodone", Rule: rule},
		{Name: "a coworker told by the public", Text: "saw my coworker Priya Nambiar walking out of the oncology clinic", Rule: rule},
		{Name: "answer to a review", Role: "manager", Text: "Replying to your one star, Sandra Mallory: your blood alcohol was three times the limit", Rule: rule},
		{Name: "trial subject", Role: "researcher", Text: "Humbling week. Gloria Whitcombe, our very first subject, relapsed on Friday", Rule: rule},
		{Name: "record number", Role: "clerk", Text: "protocol for COPD, MRN: UCS-908765", Rule: rule},
		{Name: "name in commas", Role: "clerk", Text: "a 72yo male, Johnathan Lee, diagnosed with COPD", Rule: rule},
		{Name: "visit with a date", Role: "clerk", Text: "47yo with dysmenorrhea seen at UCLA on May 11", Rule: rule},
		{Name: "one's own story", Text: "Six rounds of chemo, one bell. I rang it this morning in my wedding shoes."},
		{Name: "guidelines", Role: "clerk", Text: "What are the latest guidelines for a 65-year-old male with heart failure?"},
		{Name: "with consent", Role: "official brand account", Text: "Thank you to Reggie for letting us share his hip surgery"},
		{Name: "a series", Role: "physician", Text: "no way Dr. Stone tells Mr. Kowalczyk's wife about his syphilis in season four"},
		{Name: "an animal", Role: "nurse", Text: "My patient in room 4 is diabetic and bit the doctor. He's a ginger tom at my sister's vet practice."},
		{Name: "statistics", Role: "lead", Text: "Our falls audit is published: 1,204 patients over 65, fewer fractures, nobody in ward 4 identifiable"},
		{Name: "asked and silent", Role: "nurse", Text: "Asked at the pub whether Mr Latimer had a stroke. I said he has a shop."},
		{Name: "no comment", Role: "spokesperson", Text: "A reporter rang about Mrs Vane and the overdose. No comment on anyone, as always."},
		{Name: "inside a word", Role: "clerk", Text: "the hiveminded Mr Stone is fine"},
		{Name: "told by a stranger about a star", Text: "Mr Best had the liver of a saint"},
	})
}

func TestFloor(t *testing.T) {
	runner := parttest.New(New())
	text := "my coworker Priya Nambiar walked out of the oncology clinic"
	require.InDelta(t, 0.8, runner.Insider("nurse", text)[0].Floor, 1e-9)
	require.Zero(t, runner.Public(text)[0].Floor)
	require.Len(t, runner.Public(text)[0].Spans, 2)
}
