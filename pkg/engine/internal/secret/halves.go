package secret

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// halfWords head the second part of a password that is told in parts; firstWords the first,
// and wholes are what it is a part of. Folded.
var (
	halfWords  = []string{"part two", "part 2", "second part", "second half", "other half", "zweite hälfte", "zweiter teil", "segunda parte", "otra mitad", "outra metade", "deuxième partie", "autre moitié", "tweede helft", "andere helft", "altra metà"}
	firstWords = []string{"part one", "part 1", "first part", "first half", "half of", "half the", "one half", "erste hälfte", "erster teil", "primera parte", "mitad", "primeira parte", "metade", "première partie", "moitié", "eerste helft", "helft", "metà"}
	wholes     = []string{"password", "passphrase", "passcode", "pw", "pin", "wifi key", "wi-fi key", "login", "passwort", "kennwort", "wlan", "contraseña", "clave", "senha", "mot de passe", "mdp", "wachtwoord"}
)

// halfShape is what a part is, up to its end.
var halfShape = regexp.MustCompile(`\A[^.!?\n:]{0,40}?(?:\b(?:is|ist|es|est)\b|[éè] |[:=])[^\n]{0,3}?(["'“][^"'”\n]{2,30}["'”]|(?:[^\s,;]{2,30}[ ,]{1,2}){0,3}?[^\s,;]*\d[^\s,;]*)`)

// tornPassword reports the second part of a password of which an insider tells both.
func tornPassword(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 120
	before, _ := part.Around(p.Text.Folded, detect.Span{Start: h.Start, End: h.Start}, reach, 0)
	if !p.Insider || part.Official(p) || !part.Has(before, firstWords) || !part.Has(before, wholes) {
		return out
	}
	at := halfShape.FindSubmatchIndex(p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+reach)])
	if at == nil {
		return out
	}
	f := finding(p, "credential", "password-in-parts", "Password told in parts", 4, 0.65, detect.Span{Start: h.End + at[2], End: h.End + at[3]},
		"A password stands in the post part by part.")
	f.KeepFirst, f.KeepLast, f.Floor = 0, 0, 0
	return append(out, f)
}

var recoveryShape = regexp.MustCompile(`\b\d{6}(?:-\d{6}){7}\b`)

// recoveryKey reports the 48 figures that open an encrypted disk (BitLocker): eight groups,
// each of which eleven divides.
func recoveryKey(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Clean, h.Span, 0, 160)
	at := recoveryShape.FindIndex(window)
	if at == nil {
		return out
	}
	likelihood := 0.95
	for group := range bytes.SplitSeq(window[at[0]:at[1]], []byte("-")) {
		if n, err := strconv.Atoi(string(group)); err != nil || n%11 != 0 {
			likelihood = 0.6
		}
	}
	return append(out, finding(p, "secret", "disk-recovery-key", "Recovery key of a disk", 5, likelihood, detect.Span{Start: offset + at[0], End: offset + at[1]},
		"The figures that open an encrypted disk without its password."))
}
