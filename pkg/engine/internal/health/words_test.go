package health

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

func TestEndings(t *testing.T) {
	for word, want := range map[string]bool{
		"nephritis": true, "lymphomas": true, "tamsulosin": false, "bisoprolol": true, "neuropathy": true, "laparoscopy": true, "rosuvastatin": true, "apixaban": true,
		"april": false, "thomas": false, "oklahoma": false, "diploma": false, "sympathy": false, "lololol": false, "oma": false, "itisanother": false,
	} {
		t.Run(word, func(t *testing.T) {
			folded, found := []byte(word), false
			for _, e := range endings {
				for i := range folded {
					found = found || strings.HasPrefix(word[i:], e) && illEnding(folded, i, i+len(e))
				}
			}
			require.Equal(t, want, found)
		})
	}
}

func TestAcronymsNeedCapitals(t *testing.T) {
	for sample, want := range map[string]bool{"has TIA now": true, "my tia now": false, "my Tia now": false, "has ALS.": true, "besser als du": false} {
		t.Run(sample, func(t *testing.T) {
			var read text.Text
			read.Reset(sample)
			at := strings.Index(strings.ToLower(sample), "tia")
			if at < 0 {
				at = strings.Index(strings.ToLower(sample), "als")
			}
			require.Equal(t, want, ill(&read, at, at+3))
		})
	}
}

// TestWho takes each way to tell a person, and its innocent neighbor.
func TestWho(t *testing.T) {
	const rule = "phi.person-condition"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "name and initial", Role: "clerk", Text: "Is rosuvastatin fine for a 50-year-old male, Owen T.?", Rule: rule},
		{Name: "named patient", Role: "clerk", Text: "the patient, Priya, has nephritis", Rule: rule},
		{Name: "doctor without a place", Role: "clerk", Text: "Dr. Owen Tallis likes the new rosuvastatin data"},
		{Name: "speaker", Role: "clerk", Text: "Great keynote by Owen Tallis on what nephritis has taught us"},
		{Name: "eponym", Role: "clerk", Text: "a 50-year-old with Wilson's disease and nephritis"},
		{Name: "day of a visit", Role: "clerk", Text: "nephritis in a woman seen at Larch Clinic on March 3rd", Rule: rule},
		{Name: "year of a diagnosis", Role: "clerk", Text: "nephritis in a woman diagnosed in 2021"},
		{Name: "a score", Role: "clerk", Text: "nephritis in a woman diagnosed last year, scoring 3.5 on the index"},
		{Name: "number of a plan", Role: "clerk", Text: "nephritis, insurance ID: QX-4471203", Rule: rule},
		{Name: "somebody whom people know", Role: "porter", Text: "the baker from Mill Lane was admitted again", Rule: rule},
		{Name: "somebody's family", Role: "porter", Text: "the mayor's wife is on dialysis", Rule: rule},
		{Name: "a hint", Role: "porter", Text: "guess who came in with an overdose last night", Rule: rule},
		{Name: "patient of the day", Role: "nurse", Text: "my patient today is 14 and pregnant", Rule: rule},
		{Name: "work that people know", Role: "nurse", Text: "had to tell a mum of two it's spread, she works at the co-op", Rule: rule},
		{Name: "an event that people know", Role: "nurse", Text: "long code on the lad from the chip shop fire", Rule: rule},
		{Name: "age with the place", Role: "nurse", Text: "new admission: 32F from Harrow, hiv", Rule: rule},
		{Name: "an office holder", Role: "clerk", Text: "our cfo's absence is rehab, not a sabbatical", Rule: rule},
		{Name: "somebody famous cared for", Role: "clerk", Text: "I processed Zorblax Kemp's claim for a hip operation", Rule: rule},
		{Name: "known from the telly", Role: "porter", Text: "pushed the fella off those sofa adverts down to theatre, prostate", Rule: rule},
		{Name: "known for what they do", Role: "pharmacist", Text: "the lad who coaches the juniors has a script for HIV meds", Rule: rule},
		{Name: "a colleague who runs a clinic", Role: "nurse", Text: "the sister who runs our diabetes evenings won an award"},
		{Name: "drunk", Role: "paramedic", Text: "our mayor was four times the limit and asleep on my stretcher", Rule: rule},
		{Name: "an injury", Role: "physio", Text: "the winger's hamstring: our new winger is out till May, guess who strapped him", Rule: rule},
		{Name: "a title of office", Role: "steward", Text: "Captain Okoro isn't on leave, it's a nervous breakdown", Rule: rule},
		{Name: "guess which", Role: "pharmacist", Text: "guess which vicar picks up viagra", Rule: rule},
		{Name: "guess which of oneself", Role: "pharmacist", Text: "guess which pharmacist forgot the prescription at home"},
		{Name: "the author's knee", Role: "nurse", Text: "the coach who runs our club got me through my knee surgery"},
		{Name: "a judge on the telly", Role: "nurse", Text: "Judge Okoro on again, blood pressure up"},
		{Name: "a nickname", Role: "partner", Text: "Kev is in rehab, be nice", Rule: rule},
		{Name: "Spanish bed", Role: "enfermera", Text: "la señora de la cama 5 tiene sífilis", Rule: rule},
		{Name: "patient from a city", Role: "clerk", Text: "what helps a patient from Boston with nephritis?"},
		{Name: "refused a passenger", Role: "clerk", Text: "they refused my child bc of her allergies"},
		{Name: "laughter", Role: "clerk", Text: "the dad was in stitches"},
		{Name: "room of a meeting", Role: "nurse", Text: "diabetes talk moves to room 4 on Monday"},
		{Name: "ward of a sale", Role: "nurse", Text: "come to ward 3's bake sale for the cancer charity"},
		{Name: "day of an offer", Role: "nurse", Text: "flu jabs at the surgery on 12/10, walk in"},
		{Name: "own story", Role: "nurse", Text: "I had covid twice and my boss Owen never believed me"},
		{Name: "a patient is no own story", Role: "nurse", Text: "I had a diabetic in bed 4 today, she bit me", Rule: rule},
		{Name: "my patient is no own story", Role: "nurse", Text: "my diabetic in bed 4 bit me", Rule: rule},
		{Name: "any man", Role: "nurse", Text: "what is best for a man with nephritis?"},
		{Name: "colleague by team", Role: "partner", Text: "Owen from payroll is in rehab", Rule: rule},
		{Name: "told by the public by team", Text: "Owen from payroll is in rehab", Rule: rule},
		{Name: "seen by the public", Text: "spotted Mrs Darnley in the waiting room of the fertility clinic", Rule: rule, Value: "fertility"},
		{Name: "seen on the way in", Text: "Mr Tallis from the bowls club walks into the addiction clinic twice a week", Rule: rule},
		{Name: "seen in a queue", Text: "stood behind Miss Okoro, she was collecting antipsychotics", Rule: rule},
		{Name: "seen shopping", Text: "saw Mrs Darnley at the bakery, lovely hat"},
		{Name: "the author's surgeon", Text: "saw Mr Tallis about my hip replacement, he was a star"},
		{Name: "the author's visit", Text: "Mrs Darnley on reception kept me waiting for my blood test, sitting there with a biscuit"},
		{Name: "public gossip", Text: "Owen Tallis has nephritis"},
	})
}

// TestWorkIsBounded keeps the costly looks apart: not one for each of the hits.
func TestWorkIsBounded(t *testing.T) {
	found := parttest.New(New()).Insider("nurse", strings.Repeat("hiv Mr X ", 1000))
	require.Less(t, len(found), 9*1000/50+2)
}
