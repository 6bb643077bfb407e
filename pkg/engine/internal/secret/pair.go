package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// loginWords are of a scene in which people log in, or where logins hang about, in the
// languages of the desk.
var loginWords = []string{
	"login", "log in", "log-in", "logon", "logged in", "logged on", "logs you in", "sign in", "signin", "signed in", "locked out", "whiteboard", "sticky note", "stickynote", "post-it", "laminated", "creds", "credentials", "username", "user name", "account:", "accounts:",
	"still root", "is root", "as root", "to admin", "is admin", "as admin", "still admin", "admin /", "admin/", "admin:", "root:", "root /", "root/", "console", "admin panel", "override", "wifi", "wi-fi", "wlan",
	"anmeldung", "anmelden", "angemeldet", "eingeloggt", "einloggen", "zugang", "ausgesperrt", "zettel", "benutzer", "usuario", "iniciar sesión", "pizarra", "acceso", "identifiant", "connexion", "connecter", "connecté", "tableau blanc",
	"accesso", "credenziali", "utente", "lavagna", "inloggen", "ingelogd", "inlog", "gebruiker", "utilizador", "usuário", "acesso", "quadro branco",
}

// pairShape is what stands between a user name and its password, and the password. What
// is joined by a stroke or a colon is a pair by its looks alone.
var pairShape = regexp.MustCompile(`(?:\b(?:and|then|with|pass|pw|mit|dann|und|puis|avec|et|y|luego|con|poi|e|en|dan|met|depois|com)\s+|(/|\w:)\s*|[,&]\s*)([^\s,;]{8,40})`)

// loginPair reports a user name and password given without the word for either:
// "the shared login, ward6 and Sunflower-1987".
func loginPair(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const reach = 110
	if p.Text.Digits == 0 {
		return out // all of what counts here has one
	}
	window, offset := part.Around(p.Text.Clean, h.Span, reach, reach)
	if lower, _, digit, sign := classes(window); lower == 0 || digit == 0 || sign == 0 {
		return out
	}
	for _, at := range pairShape.FindAllSubmatchIndex(window, -1) {
		word := bytes.TrimRight(window[at[4]:at[5]], ".,?)\"'")
		span := detect.Span{Start: offset + at[4], End: offset + at[4] + len(word)}
		if !pairedPassword(word, at[2] >= 0) || listed(p.Text.Clean[span.End:]) || overlaps(out, span) {
			continue
		}
		likelihood := 0.65
		if around, _ := part.Around(p.Text.Folded, span, reach, reach); part.Official(p) || part.Has(around, publicWords) {
			likelihood *= 0.2
		}
		f := finding(p, "credential", "login-pair", "Login with its password", 4, likelihood, span, "A login stands beside what looks like its password.")
		f.KeepFirst, f.KeepLast, f.Floor = 0, 0, 0
		return append(out, f)
	}
	return out
}

// pairedPassword tells whether word is made as passwords are: of capitals, small letters,
// figures and signs, or behind a stroke of figures amid letters and signs.
func pairedPassword(word []byte, stroke bool) bool {
	lower, upper, digit, sign := classes(word)
	if len(word) < 8 || lower == 0 || digit == 0 || sign == 0 || uuid.Match(bytes.TrimLeft(word, `"'`)) || codeLike(word, false) || pathLike(word) || placeholder(word) || bytes.ContainsAny(word, "@/") {
		return false
	}
	return upper > 0 || stroke && figuresAmid.Match(word)
}

// figuresAmid is a figure between small letters.
var figuresAmid = regexp.MustCompile(`[a-z]\d[a-z]`)

// listed tells whether a list goes on behind a word: "user / role / audit".
func listed(rest []byte) bool {
	rest = bytes.TrimLeft(rest[:min(len(rest), 3)], " ")
	return len(rest) > 0 && rest[0] == '/'
}
