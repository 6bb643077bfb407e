package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

// pairWords announce a user name and its password in so many words.
var pairWords = []string{
	"id/pw", "id/pass", "id/password", "id / pw", "id, pw", "id & pw", "id&pw", "user/pass", "user/pw", "username/password", "user / pass", "login/pass", "login/password", "id/비번", "아이디/비밀번호", "ip/id/pw", "账号密码", "账号/密码", "benutzer/passwort",
}

var announcedShape = regexp.MustCompile(`\A[\s:=>"'(]{0,6}(?:(?:\d{1,3}\.){3}\d{1,3}[\s,/:]{1,3}|[\w.-]{1,20}:)?([\w.@-]{1,40})\s?[/:,( ]\s?([^\s,/:"')(]{6,40})`)

// announcedPair reports the pair that follows its announcement: "ID/PW master(…)".
func announcedPair(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window := p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+120)]
	at := announcedShape.FindSubmatchIndex(window)
	if at == nil {
		return out
	}
	return loginFinding(p, detect.Span{Start: h.End + at[4], End: h.End + at[5]}, out)
}

var hostShape = regexp.MustCompile(`\A(?:[\d.]{7,15})(?::\d{2,5})?[\s,/(]{1,3}(?:[A-Za-z][\w.-]{1,20})([/: ])([^\s,/:"')(]{6,40})`)

// hostLogin reports the login that stands behind the address of a machine:
// "10.1.2.3 (master/…)". The number is the address, of three dots.
func hostLogin(p *detect.Post, s detect.Span, out []detect.Finding) []detect.Finding {
	if bytes.Count(p.Text.Clean[s.Start:s.End], []byte(".")) < 3 {
		return out
	}
	at := hostShape.FindSubmatchIndex(p.Text.Clean[s.Start:min(len(p.Text.Clean), s.Start+100)])
	if at == nil {
		return out
	}
	span := detect.Span{Start: s.Start + at[4], End: s.Start + at[5]}
	if word := p.Text.Clean[span.Start:span.End]; p.Text.Clean[span.Start-1] == ' ' && (!pairedPassword(word, false) || !bytes.ContainsAny(word, "_!#$%^&*+")) {
		return out // a sentence goes on behind the address
	}
	return loginFinding(p, span, out)
}

// loginFinding reports the password at span where it mixes kinds of characters.
func loginFinding(p *detect.Post, span detect.Span, out []detect.Finding) []detect.Finding {
	word := bytes.TrimRight(p.Text.Clean[span.Start:span.End], ".,!?)")
	span.End = span.Start + len(word)
	lower, upper, digit, sign := classes(word)
	if len(word) < 6 || digit+sign == 0 || lower+upper == 0 || placeholder(word) || pathLike(word) || sampleLogin(nil, word) || dated(word) {
		return out
	}
	f := finding(p, "credential", "login-pair", "Login with its password", 4, 0.7, span, "A login is followed by what looks like its password.")
	f.KeepFirst, f.KeepLast, f.Floor = 0, 0, 0
	return append(out, f)
}
