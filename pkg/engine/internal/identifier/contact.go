package identifier

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// roleNames are mailboxes of a function, not of a person: they are meant to be public.
var roleNames = []string{
	"info", "press", "support", "help", "hello", "contact", "sales", "jobs", "careers", "news", "media", "privacy", "security", "abuse", "admin", "office",
	"team", "enquiries", "inquiries", "feedback", "billing", "service", "customerservice", "customer.service", "customercare", "noreply", "no-reply",
	"webmaster", "postmaster", "marketing", "hr", "events", "bookings", "booking", "reservations", "legal", "compliance", "dpo", "git", "kontakt", "presse",
	"anyone", "everyone", "someone", "all", "hallo", "hola", "bonjour", "ciao", "safety", "newsroom", "recruitment", "recruiting", "talent", "volunteer", "volunteers", "reception", "frontdesk", "appointments", "servicedesk", "helpdesk", "ops", "oncall", "accounts", "finance",
	"payroll", "pensions", "ethics", "speakup", "whistleblowing", "returns", "orders", "shop", "store", "studio", "datenschutz", "bewerbung", "kundenservice", "rechnung", "redaktion", "prensa", "rrhh", "empleo", "atencion", "atencionalcliente", "reclamaciones", "recrutement", "serviceclient",
	"ufficiostampa", "lavoro", "assistenza", "pers", "klantenservice", "vacatures", "imprensa", "vagas", "sac", "biuro", "praca",
	"contacto", "contato", "contatti", "ayuda", "soporte", "ir", "investors", "investor.relations", "complaints", "care", "editor", "tips", "newsletter", "community",
}

var (
	localPart  = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}\z`)
	domainPart = regexp.MustCompile(`\A(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}`)
)

// promotions tell that a line, mailbox or place is given to everybody who wants to come.
var promotions = []string{
	"tickets", "ticket office", "ticket sales", "ticket info", "get a ticket", "buy a ticket", "get your ticket", "tix", "rsvp", "reserve your", "reservations", "book now", "booking", "expo", "want to promote", "free entry", "vip", "party with us", "fully booked",
	"for more info", "visit or call", "call or visit", "live music", "open house", "zumba", "this thursday", "this friday", "this sat",
}

// email reports the address of a person around an "@".
func email(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Clean
	before, offset := part.Around(text, detect.Span{Start: h.Start, End: h.Start}, 65, 0)
	local := localPart.FindIndex(before)
	if local == nil || h.End == len(text) {
		return out
	}
	domain := domainPart.FindIndex(text[h.End:min(len(text), h.End+255)])
	if domain == nil {
		return out
	}
	span := detect.Span{Start: offset + local[0], End: h.End + domain[1]}
	if span.Start > 0 && text[span.Start-1] == '@' || span.End < len(text) && (text[span.End] == '@' || text[span.End] == '/') || inAddress(text, span.Start) {
		return out // a fediverse handle, a path, a connection string
	}
	return addEmail(p, span, before[local[0]:local[1]], text[h.End:span.End], out)
}

func addEmail(p *detect.Post, span detect.Span, local, domain []byte, out []detect.Finding) []detect.Finding {
	name, _, _ := strings.Cut(strings.ToLower(string(local)), "+")
	if role(name) || wordEnding.Match(domain) {
		return out
	}
	likelihood := 0.85
	window, _ := part.Around(p.Text.Folded, span, 120, 60)
	if d := strings.ToLower(string(domain)); part.Has(window, promotions) || part.Has(window, publicLines) || part.Official(p) || d == "example.com" || d == "example.org" || d == "example.net" || strings.HasPrefix(name, "your") {
		likelihood = 0.3
	}
	f := finding("pii.email", "email", "E-mail address of a person", 3, likelihood, span, append(append(compactMail(local), '@'), domain...),
		"A mailbox with a person's name, not a public one such as press@.")
	f.KeepFirst = 1
	return append(out, f)
}

// wordEnding is no domain's, but what stands behind "dot" in a sentence.
var wordEnding = regexp.MustCompile(`(?i)\.(?:dot|the|and|your|every|all|my|his|her|their|our|those|these|this|that)\z`)

// role tells a mailbox of a function, also of a country or a team: "press.uk", "help-desk".
func role(name string) bool {
	if slices.Contains(roleNames, name) {
		return true
	}
	first, rest, found := strings.Cut(strings.NewReplacer("-", ".", "_", ".").Replace(name), ".")
	return found && slices.Contains(roleNames, first) && (len(rest) <= 3 || slices.Contains(roleNames, rest) || rest == "desk" || rest == "line")
}

func compactMail(s []byte) []byte { return bytes.ToLower(bytes.Clone(s)) }

var spokenShape = regexp.MustCompile(`\b([a-z0-9_-]+(?: (?:dot|underscore) [a-z0-9_-]+)*) at ([a-z0-9-]+(?: dot [a-z0-9-]+)+)`)

// spokenEmail reports "name dot name at domain dot tld".
func spokenEmail(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Folded, h.Span, 80, 80)
	at := spokenShape.FindSubmatchIndex(window)
	if at == nil {
		return out
	}
	span := detect.Span{Start: offset + at[0], End: offset + at[1]}
	local := bytes.ReplaceAll(window[at[2]:at[3]], []byte(" dot "), []byte("."))
	return addEmail(p, span, local, bytes.ReplaceAll(window[at[4]:at[5]], []byte(" dot "), []byte(".")), out)
}

// providers are mailboxes that people name without their domain: "priya.nair at gmail".
var providers = []string{" at gmail", " at hotmail", " at yahoo", " at outlook", " at icloud", " at protonmail", " at gmx", " arroba gmail", " arroba hotmail", " at the gmail", " bei gmx", " chez gmail"}

// providerLocal is a mailbox by a sign or a figure among its letters, as no word has it.
var providerLocal = regexp.MustCompile(`(?:\A|[\s:"'(])([a-z][a-z-]*(?:[._]\w+|\d+)+)\z`)

// providerMail reports a mailbox whose domain is told by the provider's name alone.
func providerMail(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	text := p.Text.Folded
	if h.End < len(text) && (part.Alnum(text[h.End]) || text[h.End] == '.' && h.End+1 < len(text) && part.Alnum(text[h.End+1])) {
		return out // spokenEmail reads it, or another word
	}
	before, offset := part.Around(text, detect.Span{Start: h.Start, End: h.Start}, 40, 0)
	at := providerLocal.FindSubmatchIndex(before)
	if at == nil {
		return out
	}
	name := text[h.Start+1 : h.End]
	return addEmail(p, detect.Span{Start: offset + at[2], End: h.End}, before[at[2]:at[3]], name[bytes.LastIndexByte(name, ' ')+1:], out)
}
