// Package health finds a person together with their health: the two sides of a
// disclosure of protected health information (45 CFR 164.502(a), 164.514(b)).
//
// A condition alone is nobody's secret, and people may tell their own story: both
// sides must stand close together, and consent, fiction, animals and statistics lower
// the finding. All functions are pure.
package health

import (
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Version changes with every change of what the detector finds.
const Version = "1.0.0"

const floor = 0.80 // domain guide 1.4: health information with an identity

// New builds the detector.
func New() detect.Detector {
	return part.Join("phi", Version, []part.Part{{Literals: conditions, Verify: disclosed}})
}

// conditions are illnesses, findings, treatments and places of treatment, folded; they
// are looked for at the start of a word.
var conditions = []string{
	"diabet", "hiv", "aids ", "cancer", "chemo", "oncolog", "leukaemia", "leukemia", "lymphoma", "melanoma", "carcinoma", "tumour", "tumor", "metasta", "radiotherapy",
	"stroke ", "stroke.", "heart attack", "cardiac", "infarct", "fibrillation", "hypertens", "heart failure", "coronary", "angina", "dementia", "alzheimer", "parkinson", "epilep",
	"seizure", "migraine", "sclerosis", "asthma", "copd", "pneumonia", "tubercul", "covid", "sepsis", "hepatitis", "cirrhosis", "pancrea", "kidney", "dialysis", "renal",
	"liver ", "ulcer", "crohn", "colitis", "ibs ", "syphilis", "gonorrh", "chlamydia", "herpes", "sti ", "std ", "pregnan", "trimester", "miscarr", "abortion", "ivf",
	"depress", "bipolar", "schizo", "anxiety", "psychiatr", "suicid", "self-harm", "overdos", "oxycodone", "opioid", "cocaine", "rehab", "detox", "alcoholi", "addict",
	"anorexi", "bulimi", "adhd", "autis", "arthritis", "fracture", "biopsy", "mri ", "ct scan", "scan ", "x-ray", "implant", "transplant", "surgery", "her operation", "his operation", "operated on", "amputat",
	"diagnos", "prescri", "medication", "treated for", "relaps", "remission", "antipsychotic", "antidepress", "viagra", "methadone", "blood alcohol", "your stomach", "sectioned", "stent",
	"tested positive", "test results", "admitted", "discharged", "icu", "anaemia", "anemia", "lupus", "thyroid",
	"dysmenorr", "endometri", "menopaus", "wound", "infection", "rash ", "radius", "femur", "hysterectomy", "mastectomy", "insulin", "transfusion", "palliative", "hospice",
	"patientin", "krebs", "schwanger", "cancer du", "enceinte", "cáncer", "embaraz", "tumore", "incinta", "grávida", "kanker", "zwanger", "妊娠", "がん",
}

// relations tell somebody whom the author knows.
var relations = regexp.MustCompile(`\b(?:coworker|co-worker|colleague|neighbou?r|boss|manager|classmate|ex) [A-Z][a-z]+`)

// personShapes tell one person: by name, by number, or so closely that people know.
var personShapes = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Mme|Herr|Frau|Sr|Sra|Sig)\.? [A-Z]` +
	`|` + relations.String() +
	`|\b[A-Z][a-z]+ from [a-z]+ (?:isn't|is|was|has)\b` +
	`|(?:\A|[.!?,] )[A-Z][a-z]+ [A-Z][a-z]+[:,] ` +
	`|\b[A-Z]\.[A-Z]\.,|\b[A-Z]{4,}, [A-Z]\.` +
	`|\b[A-Z][a-z]+ [A-Z]\.[,;) ]|, [A-Z][a-z]+ [A-Z][a-z]+,|\b(?:named|for|patient:?) [A-Z][a-z]+ [A-Z][a-z]+[,.; ]` +
	`|\bMRN\b|\bmedical record (?:number|no)` +
	`|\b(?:bay|bed|room|ward|cubicle) \d+|\bthe (?:man|woman|guy|lady|girl|boy) who\b|\b[a-z]+'s (?:daughter|son|wife|husband)\b` +
	`|\b(?:seen|treated|evaluated|admitted|visited|examined|presenting)\b.{0,70}\b(?:on|since)\b (?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}|\d{1,2}/\d{1,2}/\d{2,4})`)

// harmless tell consent, fiction, animals and statistics.
var harmless = []string{
	"consent", "letting us share", "signed it off", "with permission", "season", "episode", "drama", "tv", "novel", "tomcat", "tom cat", "vet", "vet's", "my dog", "my cat",
	"puppy", "audit is", "open data", "case report", "no name", "anonymised", "anonymized", "in memory", "celebrity", "movie", "guidelines for all", "ginger tom",
}

// disclosed reports a condition close to a person.
func disclosed(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach, short = 170, 4
	if h.End-h.Start <= short && !p.Text.Word(h.Span) {
		return out
	}
	if h.Start > 0 && part.Alnum(p.Text.Folded[h.Start-1]) && part.Alnum(p.Text.Folded[h.Start]) || part.Official(p) {
		return out
	}
	window, offset := part.Around(p.Text.Clean, h.Span, reach, reach)
	at := personShapes.FindIndex(window)
	if at == nil {
		return out
	}
	folded, _ := part.Around(p.Text.Folded, h.Span, 2*reach, 2*reach)
	likelihood := 0.4
	switch {
	case p.Insider:
		likelihood = 0.72
	case relations.Match(window):
		likelihood = 0.55
	}
	if part.Has(folded, harmless) {
		likelihood *= 0.3
	}
	person := detect.Span{Start: offset + at[0], End: offset + at[1]}
	return append(out, detect.Finding{
		Kind: "phi", Rule: "phi.person-condition", Title: "A person with their health", Category: earshotv1.Category_CATEGORY_LEAKAGE, Family: "phi",
		Spans: []detect.Span{h.Span, person}, Likelihood: likelihood, Severity: 5, Floor: insiderFloor(p),
		Cite:     "45 CFR 164.502(a), 164.514(b); GDPR Art. 9",
		Mitigate: "Take the post down and tell the privacy officer today; the breach clock runs (45 CFR 164.404, GDPR Art. 33).",
		Why:      "A person who can be recognized and a condition, treatment or visit stand close together.",
	})
}

func insiderFloor(p *detect.Post) float64 {
	if p.Insider {
		return floor
	}
	return 0
}
