package health

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestBothSides takes one side of a disclosure away at a time.
func TestBothSides(t *testing.T) {
	const rule = "phi.person-condition"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "title and illness", Role: "nurse", Text: "Mrs Darnley has hepatitis", Rule: rule, Value: "hepatitis"},
		{Name: "no person", Role: "nurse", Text: "hepatitis is going around"},
		{Name: "no illness", Role: "nurse", Text: "Mrs Darnley has a new hat"},
		{Name: "title without a name", Role: "nurse", Text: "a mrs told me about hepatitis"},
		{Name: "far apart", Role: "nurse", Text: "Mrs Darnley likes cake. " + strings.Repeat("And so on and on. ", 20) + "hepatitis"},
		{Name: "in reach", Role: "nurse", Text: "Mrs Darnley likes cake. " + strings.Repeat("And so on. ", 8) + "hepatitis", Rule: rule},
		{Name: "bed", Role: "nurse", Text: "bed 4 came back positive: hiv", Rule: rule},
		{Name: "record number", Role: "clerk", Text: "MRN 4471 dialysis", Rule: rule},
		{Name: "German", Role: "nurse", Text: "Frau Weber ist schwanger", Rule: rule},
		{Name: "Spanish", Role: "nurse", Text: "Sra Ibarra, embarazada de seis semanas", Rule: rule},
		{Name: "short word inside another", Role: "nurse", Text: "Mrs Darnley thrives"},
		{Name: "short word alone", Role: "nurse", Text: "Mrs Darnley has HIV.", Rule: rule},
		{Name: "official account", Role: "official brand account", Text: "Mrs Darnley has hepatitis"},
		{Name: "told by the public of somebody named", Text: "Mrs Darnley has hepatitis"},
		{Name: "told by the public of a neighbor", Text: "my neighbour Priya is in rehab", Rule: rule},
		{Name: "with permission", Role: "nurse", Text: "with permission: Mrs Darnley beat cancer"},
		{Name: "people in general", Role: "baker", Text: "Colin has a slow starter, and no, nobody should give it to anyone with coeliac disease"},
		{Name: "people who have it", Role: "baker", Text: "Mrs Darnley bakes without nuts for people who have a severe allergy"},
		{Name: "one of them", Role: "baker", Text: "Mrs Darnley is the one with coeliac disease", Rule: rule},
		{Name: "a place alone", Role: "groundskeeper", Text: "Ward 4, this is war: the slugs had every marigold"},
		{Name: "a place and an illness", Role: "nurse", Text: "Ward 4, he has sepsis", Rule: rule},
		{Name: "a pet", Role: "nurse", Text: "Mr Pickles the cat has cancer and still steals tuna"},
		{Name: "a scan", Role: "nurse", Text: "Mrs Darnley, the CAT scan shows cancer", Rule: rule},
		{Name: "in a novel", Role: "nurse", Text: "the novel where Mrs Darnley has cancer"},
	})
}

func TestFindingsAreSound(t *testing.T) {
	found := parttest.New(New()).Insider("nurse", "Mrs Darnley in bed 4 has cancer and diabetes. "+strings.Repeat("And so on. ", 4)+"She also has gout")
	require.Len(t, found, 2, "one for conditions that stand close together")
	for _, f := range found {
		parttest.Sound(t, f)
		require.Equal(t, 5, f.Severity)
		require.Len(t, f.Spans, 2, "the condition and the person")
	}
}

// TestOwnStory holds that who speaks of the own health gives nobody away.
func TestOwnStory(t *testing.T) {
	for text, own := range map[string]bool{
		"I had hepatitis when Mrs Darnley taught here":                true,
		"As a mum with eczema I say Mrs Darnley mixes the best cream": true,
		"Mrs Darnley came as a patient, and eczema it was":            false,
	} {
		found := parttest.New(New()).Insider("nurse", text)
		require.Len(t, found, 1, text)
		require.Equal(t, own, found[0].Likelihood < 0.5, text)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("Mrs Darnley has hiv, bed 4 \xff cancer MRN")
	runner := parttest.New(New())
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range runner.Insider("nurse", text) {
			for _, s := range found.Spans {
				require.Less(t, s.Start, s.End)
			}
			require.True(t, found.Likelihood > 0 && found.Likelihood <= 1)
		}
	})
}
