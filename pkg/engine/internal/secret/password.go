package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// passwordWords name passwords in the languages of the desk, also as people write
// them to slip past a filter.
var passwordWords = []string{
	"password", "passwd", "passwort", "passphrase", "kennwort", "contraseña", "contrasena", "clave", "mot de passe", "mdp", "senha",
	"wachtwoord", "lösenord", "passord", "adgangskode", "salasana", "heslo", "jelszó", "lozinka", "şifre", "sifre", "mật khẩu", "kata sandi", "कूटशब्द", "पासवर्ड", "รหัสผ่าน", "סיסמה", "كلمة المرور", "كلمة السر", "κωδικός", "口令", "密碼", "暗証番号", "pswd", "psswd", "passwrd", "pword", "pass word", "pass is", "pass code", "pw is", "pw -", "pw for",
	"convertto-securestring", "パスワード", "pwd", "pw:", "pw=", "p/w:", "pass:", "pass=", "passcode", "비번", "패스워드", "p@55", "p@ss", "p@$$", "pa$$", "pa55", "p a s s w o r d", "with pw", "and pw", "the pw", "root pw", "admin pw", "wlan key", "wifi key", "wi-fi key", "wlan-schlüssel", "wlan schlüssel", "p4ss", "passw0rd", "paasword",
	"access code", "door code", "암호", "비밀번호", "密码", "пароль", "hasło", "parola",
}

// publicWords tell a password that is meant for everybody.
var publicWords = []string{"guest", "lounge", "free wifi", "free wi-fi", "wifi is free", "coaster", "printed on", "visitors", "customers"}

// staffWords tell, in an insider's post, the login of a machine or of a shift: a guest gets
// no user name.
var staffWords = []string{"username", "user name", "login is", "log in as", "laptop", "workstation", "back office", "admin", "early shift", "late shift", "for those on", "next shift", "colleagues", "staff wifi", "staff wi-fi", "for staff", "don't tell", "not for customers"}

// password reports what a password is said to be.
func password(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	end := h.End
	if c := p.Text.Folded[end-1]; c == ':' || c == '=' {
		end-- // the operator belongs to the literal
	}
	v, ok := assignment(p.Text.Clean, end)
	if otherName(v.name) || bytes.ContainsAny(v.name, "123456789") && !v.sign {
		return out
	}
	likelihood := 0.0
	if ok {
		v.spell(p.Text.Clean)
		likelihood = v.passwordLikelihood(p.Text.Clean[v.Start:v.End])
	}
	if likelihood == 0 {
		if v, ok = passwordBehind(p, end); !ok {
			v, ok = passwordDropped(p, end)
		}
		if !ok {
			return out
		}
		likelihood = v.passwordLikelihood(p.Text.Clean[v.Start:v.End])
	}
	if likelihood == 0 {
		return out
	}
	window, _ := part.Around(p.Text.Folded, h.Span, 160, 80)
	why := "A password stands in the post beside the word for it."
	switch value := p.Text.Clean[v.Start:v.End]; {
	case part.Official(p) || part.Has(window, publicWords) && (!p.Insider || !part.Has(window, staffWords)):
		likelihood, why = likelihood*0.2, "A password that is given to all guests."
	case sampleStart.Match(value) && spokenOf(p.Text.Folded, v.Span):
		likelihood, why = 0.3, "A password that the post speaks of as a sample."
	}
	f := finding(p, "credential", "password", "Password in the text", 4, likelihood, v.Span, why)
	f.KeepFirst, f.KeepLast, f.Floor = 0, 0, 0
	return append(out, f)
}

// sampleStart begins the passwords of samples.
var sampleStart = regexp.MustCompile(`(?i)\A(?:demo|test|sample|example|guest|foo|abc)`)

// behindShape is what a password is for, and the password: " for the wifi is …".
var behindShape = regexp.MustCompile(`\A(?: [\p{L}\d'’-]{1,24}){1,8} ?(?:[:=]|\b(?:is|ist|est|es|jest|är|was|lautet|heißt|heisst|reads|luidt|brzmi)\b|[éè] )\s*["']?([^\s"',;]{6,40})`)

// passwordBehind is the password that follows in the sentence, a few words after the word
// for it.
func passwordBehind(p *detect.Post, i int) (v value, ok bool) {
	if p.Text.Digits == 0 {
		return v, false
	}
	at := behindShape.FindSubmatchIndex(p.Text.Clean[i:min(len(p.Text.Clean), i+120)])
	if at == nil {
		return v, false
	}
	v.Start, v.End, v.copula = i+at[2], i+at[3], true
	v.trim(p.Text.Clean)
	lower, upper, digit, _ := classes(p.Text.Clean[v.Start:v.End])
	return v, digit > 0 && lower+upper > 2
}

// passwordDropped is an insider's word that only a password looks like, a sentence or less
// behind the word for it: "the password is on the wiki, but anyway, …".
func passwordDropped(p *detect.Post, i int) (v value, ok bool) {
	const reach = 110
	if !p.Insider || p.Text.Digits == 0 {
		return v, false
	}
	end := min(len(p.Text.Clean), i+reach)
	for i < end {
		start := i
		for i < end && p.Text.Clean[i] > ' ' {
			i++
		}
		word := bytes.TrimRight(p.Text.Clean[start:i], ".,?)\"'")
		_, upper, _, _ := classes(word)
		if i < len(p.Text.Clean) && i == end {
			break // cut
		}
		if upper > 0 && pairedPassword(word, false) && bytes.ContainsAny(word[1:], "!#$%&?+") && !bytes.ContainsAny(word, "=:;|\"'") {
			v.Start, v.End, v.copula = start, start+len(word), true
			return v, true
		}
		i++
	}
	return v, false
}

// spell stretches a value that is written letter by letter ("T u r n 1 p") to the end
// of its phrase.
func (v *value) spell(text []byte) {
	if v.quoted || v.End-v.Start > 2 {
		return
	}
	end := v.Start
	for end < len(text) && end-v.Start < 60 && bytes.IndexByte([]byte(".,;!?\n"), text[end]) < 0 {
		end++
	}
	single := 0
	for word := range bytes.FieldsSeq(text[v.Start:end]) {
		if len(word) == 1 {
			single++
		}
	}
	if single >= 4 {
		v.End = end
	}
}

// passwordLikelihood is 0 where secret is no password: a word of the sentence, code, a
// sample.
func (v *value) passwordLikelihood(secret []byte) float64 {
	lower, upper, digit, sign := classes(secret)
	spelled := bytes.Contains(secret, []byte(" "))
	if len(secret) < 6 || secret[len(secret)-1] == ':' || placeholder(secret) || !spelled && (codeLike(secret, v.quoted || starred(secret)) || pathLike(secret)) || sampleLogin(nil, secret) || calls(secret) || digit >= 8 && dated(secret) {
		return 0
	}
	mixed := digit > 0 && lower+upper > 0 || sign > 0 && lower > 0 && upper > 0 || sign > 0 && digit > 0
	switch {
	case mixed && (v.sign || v.copula):
		return 0.92
	case mixed && len(secret) >= 8:
		return 0.8
	case v.sign && v.quoted && sign > 0:
		return 0.7
	case digit == len(secret) && (v.sign || v.copula):
		return 0.6
	}
	return 0
}

// starred tells a single star inside, as in a password; several mask or multiply.
func starred(secret []byte) bool {
	at := bytes.IndexByte(secret, '*')
	return at > 0 && at < len(secret)-1 && bytes.Count(secret, []byte("*")) == 1 && !bytes.ContainsAny(secret, "(){}[]")
}

var callShape = regexp.MustCompile(`(?i)\A(?:self|this|secrets|vars|local|os|process|env|config|settings|args|params|request|req|user|null|none|true|false|string|undefined)\b[._]?|\A[a-z_]\w*(?:\.[a-z_]\w*){2,}\z`)

// calls tells a name from a program where a value should be.
func calls(secret []byte) bool {
	return callShape.Match(secret) && !bytes.ContainsAny(secret, "!#@%&")
}

var encodedWords = []string{"decode", "base64", "b64", "plain text"}

var encodedShape = regexp.MustCompile(`[A-Za-z0-9+/_-]{24,}={0,2}`)

var innerSecret = regexp.MustCompile(`(?i)(?:key|token|secret|passw(?:or)?d|pwd)\s*[=:]\s*\S{8,}`)

// encoded reports base64 that holds an assignment of a secret, where the post speaks of
// decoding.
func encoded(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Clean, h.Span, 400, 400)
	for _, at := range encodedShape.FindAllIndex(window, 8) {
		raw, ok := decodeBase64(window[at[0]:at[1]])
		if !ok || !innerSecret.Match(raw) || placeholder(raw) {
			continue
		}
		span := detect.Span{Start: offset + at[0], End: offset + at[1]}
		out = append(out, finding(p, "secret", "encoded", "Secret in base64", 4, 0.85, span,
			"Decoded, the text assigns a secret; base64 hides nothing from a reader."))
	}
	return out
}
