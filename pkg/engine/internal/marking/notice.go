package marking

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/insider"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// labels are the fields of a document's head that say who may read it, with their colon.
var labels = []string{
	"diffusion:", "diffusion :", "classification:", "classification :", "distribution:", "circulation:", "sensitivity:", "audience:", "handling:", "confidentiality:", "protective marking:",
	"klassifizierung:", "verteiler:", "vertraulichkeit:", "einstufung:", "clasificación:", "difusión:", "confidencialidad:", "classificazione:", "diffusione:", "classificação:", "divulgação:", "classificatie:", "rubricering:", "verspreiding:", "klauzula:", "機密区分",
}

// labelled is what such a field says where not everybody may read.
//
//nolint:misspell // several languages
var labelled = regexp.MustCompile(`\A[\s:*"'«“(-]{0,4}(?:strictly |highly |company |streng |nur |solo |uso |usage )?(?:internal|restricted|confidential|secret|limited|private|sensitive|staff|board|management|employees|named|need.to.know|c[1-3]\b|` +
	`intern|interne|interno|interna|vertraulich|geheim|restreinte?|confidentielle?|confidencial|restringid[ao]|reservad[ao]|restrito|restrita|riservat[ao]|confidenziale|vertrouwelijk|beperkt|poufne|社外秘|極秘|機密)`)

// labelledMark reports the field of a document's head that limits its readers.
func labelledMark(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 40
	text := p.Text.Folded
	at := labelled.FindIndex(text[h.End:min(len(text), h.End+reach)])
	if at == nil || h.Start > 0 && part.Alnum(text[h.Start-1]) {
		return out
	}
	span := detect.Span{Start: h.Start, End: h.End + at[1]}
	likelihood := 0.6
	if lettered(p, span) {
		likelihood = 0.85
	}
	f := mark(p, span, likelihood)
	if out = append(out, f); f.Likelihood > 0.6 {
		out = insider.Beside(p, span, claimBias, out)
	}
	return out
}

// limits are the words by which a notice limits its readers, and readers those that it
// names, by language. Neither alone is a marking.
//
//nolint:misspell // several languages
var (
	limits = []string{
		" only", "not to leave", "not beyond", "beyond the", "outside the", "outside of", "eyes of", "addressees", "recipients", "nur für", "ausschließlich für", "nur zur", "uniquement", "réservé", "seulement", "exclusivement",
		"solo para", "exclusivo", "únicamente", "sólo para", "solo per", "riservato a", "esclusivamente", "soltanto", "alleen voor", "uitsluitend", "apenas para", "exclusivamente", "somente", "tylko dla", "endast för", "kun for", "のみ", "限り",
	}
	readers = []string{
		"team", "teams", "board", "management", "managers", "leadership", "directors", "staff", "employees", "colleagues", "committee", "executives", "execs", "partners", "recipients", "addressees", "steering group", "department", "crew", "the building", "the room", "this room", "the company",
		"führungskräfte", "leitung", "geschäftsführung", "geschäftsleitung", "vorstand", "mitarbeiter", "mitarbeitende", "abteilung", "filialleiter", "direction", "comité", "cadres", "salariés", "équipe", "dirigeants", "dirección", "directivos", "empleados", "equipo", "gerencia",
		"direzione", "dirigenti", "dipendenti", "comitato", "directie", "leidinggevenden", "medewerkers", "diretoria", "direção", "gestores", "colaboradores", "equipe", "zarządu", "kierownictwa", "ledningen", "役員", "管理職", "幹部", "社員", "関係者",
	}
)

// notice reports a line that limits its readers to some of the company, quoted or in
// capitals from a document that the post names.
func notice(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const before, after, quotation = 26, 30, 60
	clean := p.Text.Clean
	if marks := clean[max(0, h.Start-quotation):h.Start]; !capital(clean[h.End-1]) && !bytes.ContainsAny(marks, "'\"“„«‘‚「『") {
		return out // neither in capitals nor quoted, as nearly everywhere
	}
	window, offset := part.Around(p.Text.Folded, h.Span, before, after)
	shout := capitals(clean[h.Start:h.End]) && h.Start >= before && capitals(clean[h.Start-1:h.End])
	if !headed(p, h.Span) || !shout && !inQuotation(p.Text.Folded, h.Span) {
		return out
	}
	for _, reader := range readers {
		i := part.Index(window, reader)
		if i < 0 {
			continue
		}
		span := detect.Span{Start: min(h.Start, offset+i), End: max(h.End, offset+i+len(reader))}
		if !shout && !inQuotation(p.Text.Folded, span) || shout && !capitals(clean[span.Start:span.End]) {
			continue
		}
		f := mark(p, span, 0.72)
		if out = append(out, f); f.Likelihood > 0.6 {
			out = insider.Beside(p, span, claimBias, out)
		}
		return out
	}
	return out
}

// capital tells bytes that end a word in capitals or in a script without them.
func capital(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 0x80 }

// inQuotation tells whether a quotation mark of any kind opens shortly before a span and
// closes shortly behind it.
func inQuotation(text []byte, span detect.Span) bool {
	const reach = 60
	before, _ := part.Around(text, detect.Span{Start: span.Start, End: span.Start}, reach, 0)
	after, _ := part.Around(text, detect.Span{Start: span.End, End: span.End}, 0, reach)
	return opens.Match(before) && closes.Match(after)
}

// opens is a quotation that is not closed at the text's end; closes one that ends before
// another opens.
var (
	opens  = regexp.MustCompile(`(?:(?:\A|[\s(:])['"]|[“„«‘‚「『]\s?)[^"“”„«»「」\n]*\z`)
	closes = regexp.MustCompile(`\A[^"“„«「\n]*?(?:['’](?:\W|\z)|["”“»」』])`)
)
