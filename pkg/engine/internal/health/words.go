package health

import (
	"bytes"

	"github.com/earshot/earshot/pkg/engine/internal/part"
	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// conditions are illnesses, findings, treatments and places of treatment, folded; they
// are looked for at the start of a word. Those of up to maxShort bytes, and those that
// end in a blank or a dot, are whole words.
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

	"afib", "atrial", "chf", "ckd", "cad", "dvt", "tia", "gerd", "mrsa", "uti", "utis", "als", "rsv", "hpv", "t1dm", "t2dm", "htn", "hx of", "w/ hx", "s/p", "post-op", "post op",
	"preop", "pre-op", "anticoagul", "warfarin", "statin", "metformin", "lithium", "chronic", "bypass", "pacemaker", "valve", "bleeding", "embol", "thrombo", "hyperten", "hypotens",
	"osteopor", "fibromyalgia", "concuss", "colonoscop", "endoscop", "chemotherap", "physio", "root canal", "dentures", "crowns", "botox", "facelift", "liposuction", "vasectom", "hernia",
	"gallbladder", "gallstone", "appendix", "appendec", "tonsil", "cataract", "glaucoma", "hearing aid", "knee replacement", "hip replacement", "new hip", "new knee", "cyst", "polyp",
	"lump", "mole removed", "stitches in ", "needs stitches", "needed stitches", "cast off", "c-section", "caesarean", "cesarean", "in labour", "in labor", "birth control", "morning after", "fertility", "antenatal", "prenatal",
	"mental health", "nervous breakdown", "breakdown", "eating disorder", "ptsd", "ocd", "psychos", "panic attack", "therapist", "therapy", "counselling", "counseling", "sober", "sobriety",
	"drug test", "drug screen", "narcan", "naloxone", "fentanyl", "heroin", "meth ", "xanax", "adderall", "ozempic", "prozac", "zoloft", "suboxone", "antibiotic", "antiviral", "inhaler",
	"her meds", "his meds", "their meds", "pills", "blood test", "blood results", "bloodwork", "lab results", "her results", "his results", "your results", "labs came", "blood pressure",
	"terminal", "stage 4", "stage four", "stage iii", "stage iv", "stage 3", "prognosis", "in a coma", "life support", "ventilator", "intubat", "coded", "resuscitat", "stillb", "passed away",
	"sick leave", "medical leave", "signed off", "off sick", "disability claim", "hospitali", "in hospital", "in the hospital", "a&e", "the er ", "our er ", "emergency room", "ward",
	"krankgeschrieben", "diagnose", "chirurgi", "ingresad", "ricoverat", "hospitalis", "burnout", "depressi", "symptom", "syndrome", "disorder", "disease", "vaccin", "treatment", "contraindicat",
	"prostate", "ovarian", "bowel", "lung ", "brain ", "spine", "spinal", "dental", "smear", "mammogram", "ultrasound", "catheter", "stoma ", "colostomy", "incontinen", "erectile", "lice",
	"scabies", "shingles", "measles", "mumps", "norovirus", "c diff", "c. diff", "allerg", "anaphyla", "epipen", "gout", "psoriasis", "eczema", "acne", "cellulitis", "jaundice", "detained",
	"psychot", "all clear", "bloods", "didn't make it", "did not make it", "didnt make it", "autopsy", "post-mortem", "post mortem", "delivered twins", "delivered a ", "delivered her", "weeks gone",
	"weeks along", "gave birth", "fausse couche", "sífilis", "sifilis", "swallowed", "over the limit", "hip op", "knee op", "operation", "it's spread", "has spread", "it has spread", "came in for",
	"was in for", "back in for", "in for a ", "in for her", "in for his", "prescription", "stomach pumped", "wrists", "stab", "gunshot", "gsw", "resus", "code blue", "crash call", "cpr ", "code on ", "ketamine", "sedat",
	"catatonic", "manic", "hearing voices", "bedpan", "our er", "in clinic", "ct scan", "this ct ", "the scan", "hallucinat", "miscarriage", "terminated", "termination", "condoms", "viral load", "cd4", "a1c",
	"egg donor", "sperm", "hormone", "top surgery", "gastric", "obese", "bmi of", "weight loss jab", "withdrawal", "dts ", "relapse", "clean for", "intoxicat", "tox screen",
	"dead on arrival", "time of death", "passed this morning", "passed last night", "lost her baby", "lost the baby", "nasogastric", "feeding tube", "burns unit", "incapac",
	"drug interaction", "side effect", "side efect", "dosage", "dosing", "eliquis", "xarelto", "humira", "lantus", "lipitor", "plavix", "januvia", "advair", "lyrica", "keytruda", "wegovy",
	"hamstring", "ligament", "tendon", "groin strain", "dislocat", "broken leg", "broken arm", "broken wrist", "broken ankle", "broken hip", "broken rib", "broken nose", "broken jaw", "black eye", "times the limit", "times over",
	"paternity", "morning sickness", "waters broke", "dilated", "contractions", "needle exchange", "track marks", "aa meeting", "na meeting", "into theatre", "to theatre", "from theatre", "teeth out", "tooth out", "teeth pulled",
	"triage", "unconscious", "unresponsive", "no pulse", "haemorrhoid", "hemorrhoid", "constipat", "diarrh", "wet himself", "wet herself", "wet the bed", "bed sore", "memory clinic", "cochlear", "blood sugar", "genital wart",
	"gender clinic", "hair transplant", "egg freezing", "cutting herself", "cutting himself", "psych ward", "her smear", "magersucht", "entzug", "auf meiner station", "herzinfarkt", "schlaganfall", "demenz", "ansiedad",
	"depresión", "avc", "désintox", "overspannen", "ictus", "depressão", "depressione", "認知症", "うつ病", "入院",
	"mounjaro", "ritalin", "concerta", "lexapro", "seroquel", "ambien", "valium", "plan b", "cialis", "valtrex", "accutane", "truvada", "methotrexate", "prophyla", "retrovir", "biologic",
}

// endings close the names of illnesses, operations and drugs (the stems of the
// International Nonproprietary Names for the last).
var endings = []string{
	"itis", "ectomy", "otomy", "ostomy", "plasty", "oscopy", "opathy", "aemia", "emia", "algia", "plegia", "uria", "osis", "oma", "pril", "sartan", "olol", "mycin", "cillin", "azepam",
	"azolam", "prazole", "conazole", "parin", "gliptin", "gliflozin", "tidine", "oxetine", "triptan", "dipine", "lukast", "azepine", "zumab", "ximab", "tinib", "ciclovir", "glutide",
	"statin", "zapine", "thyroxine", "rubicin", "xaban", "gatran", "platin", "taxel", "salmeterol", "nisone", "solone", "tadine", "cycline", "floxacin", "bactam", "barbital", "dronate", "fibrate",
	"glitazone", "profen", "setron", "thiazide", "semide", "tropium", "zosin", "mustine", "tecan", "pramine", "triptyline", "peridone", "peridol", "zodone", "faxine", "lamotrigine", "rotene",
}

// everyday words end like endings and mean nothing of the kind.
var everyday = map[string]bool{
	"april": true, "diploma": true, "aroma": true, "oklahoma": true, "tacoma": true, "sonoma": true, "academia": true, "bohemia": true, "nostalgia": true, "sympathy": true,
	"empathy": true, "apathy": true, "telepathy": true, "osmosis": true, "hypnosis": true, "metamorphosis": true, "dichotomy": true, "roma": true, "chroma": true, "soma": true, "thoma": true,
	"manuria": true, "suria": true, "centuria": true, "luxuria": true, "homeopathy": true, "naturopathy": true, "loma": true, "paloma": true, "toma": true, "stigmata": true, "etruria": true, "lolol": true,
}

const maxShort = 4

// acronyms are words of other kinds too, in small letters.
var acronyms = map[string]bool{"tia": true, "als": true, "cad": true, "ocd": true, "aids ": true, "icu": true}

// ill tells whether a literal of conditions stands at text[start:end] as a word or its
// beginning.
func ill(t *text.Text, start, end int) bool {
	text := t.Folded
	if acronyms[string(text[start:end])] && (t.Clean[start] >= 'a' || t.Clean[start+1] >= 'a') {
		return false
	}
	if start > 0 && part.Alnum(text[start-1]) && part.Alnum(text[start]) {
		return false
	}
	return end-start > maxShort || end == len(text) || !part.Alnum(text[end-1]) || !part.Alnum(text[end])
}

// illEnding tells whether one of endings closes a word at text[start:end], in the singular
// or the plural.
func illEnding(text []byte, start, end int) bool {
	const least = 2 // letters before the ending
	word := start
	for word > 0 && part.Alnum(text[word-1]) {
		word--
	}
	if start-word < least || everyday[string(text[word:end])] || bytes.HasSuffix(text[word:start], []byte("ol")) {
		return false
	}
	if end < len(text) && text[end] == 's' {
		end++
	}
	return end == len(text) || !part.Alnum(text[end])
}
