package identifier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestEmail(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a person's", Role: "clerk", Text: "winner is d.okell@tarnmail.example!", Rule: "pii.email", Value: "d.okell@tarnmail.example"},
		{Name: "with a tag", Role: "clerk", Text: "try dana+x@acme.co.uk.", Rule: "pii.email", Value: "dana+x@acme.co.uk"},
		{Name: "in a list", Role: "clerk", Text: "h.lind@tarnmail.example;07700 900983;1990-04-02", Rule: "pii.email"},
		{Name: "in words", Role: "liaison", Text: "it's judith dot arkwright at pellmail dot example (so bots don't get it)", Rule: "pii.email"},
		{Name: "press office", Role: "head of communications", Text: "please use press@yarrowfoods.example"},
		{Name: "support", Text: "write to support@acme.io"},
		{Name: "handle", Text: "@acme please answer"},
		{Name: "fediverse handle", Text: "follow @dana@mastodon.social"},
		{Name: "host without a domain", Text: "ssh-ed25519 AAAA fen@workbench"},
		{Name: "address of a machine", Text: "git clone git@github.com"},
		{Name: "documentation", Text: "mail you@example.com"},
		{Name: "event", Text: "event fully booked, contact l.s.spence@exeter.ac.uk for the waiting list"},
		{Name: "at the end", Text: "mail me @"},
	})
}

func TestPhone(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "US with brackets", Role: "associate", Text: "It's on her file, (617) 555-0134, somebody text her", Rule: "pii.phone", Value: "(617) 555-0134"},
		{Name: "UK kept for fiction", Role: "partner", Text: "Ring her: Ilse Brandvold, 07700 900219, today", Rule: "pii.phone", Value: "07700 900219"},
		{Name: "international", Text: "call me on +44 7911 123456", Rule: "pii.phone", Value: "+44 7911 123456"},
		{Name: "Portuguese", Text: "o telefone é 919 619 631. O estafeta que ligue", Rule: "pii.phone"},
		{Name: "French", Text: "Can someone call me on 01.84.17.61.18?", Rule: "pii.phone"},
		{Name: "no word, UK plan", Text: "Flat 9, 07700 900810. go and say hi", Rule: "pii.phone"},
		{Name: "brand's line", Role: "official brand account", Text: "Our accessibility line is 0800 555 0142"},
		{Name: "free line", Text: "call 1800 123 4567 now"},
		{Name: "a song", Text: "If your phone number isn't 867-5309 what was it for?"},
		{Name: "tickets", Text: "For tix visit or call 818-243-2539, tickets at the door"},
		{Name: "short, behind a label", Role: "clerk", Text: "Name: Priya\nPhone: (99) 645-791", Rule: "pii.phone", Value: "(99) 645-791"},
		{Name: "label without a number", Role: "clerk", Text: "Phone: (later)"},
		{Name: "label of a shop", Role: "clerk", Text: "Tickets at the door. Phone: (99) 645-791"},
		{Name: "extension", Text: "reach her: (617) 555-0134x118", Rule: "pii.phone", Value: "(617) 555-0134x118"},
		{Name: "in words", Role: "clerk", Text: "her mobile: oh seven seven double oh nine double oh eight one oh, ok?", Rule: "pii.phone"},
		{Name: "a landline in Spanish", Role: "agente", Text: "os dejo su fijo, 910 555 0178, llamadle", Rule: "pii.phone", Value: "910 555 0178"},
		{Name: "an English belt", Role: "clerk", Text: "the belt 6175550134 is back in stock"},
		{Name: "prix fixe", Role: "waiter", Text: "prix fixe 6175550134 tonight"},
		{Name: "a landline in German", Role: "agent", Text: "ihr Festnetz ist 617 555 0134, gern", Rule: "pii.phone"},
		{Name: "a tag of luggage", Role: "agent", Text: "luggage tag 0207 946 018 came off"},
		{Name: "a batch", Role: "agent", Text: "call the line back, batch number 617-555-0134 is bad"},
		{Name: "countdown", Role: "clerk", Text: "phone ready: ten nine eight seven six five four three two one zero"},
		{Name: "dear line", Text: "call 09066350750 now"},
		{Name: "shared line", Text: "call 0845 021 3680 now"},
		{Name: "case number", Text: "nobody answers. Case number 8273993"},
		{Name: "stock options", Text: "sold the 2050/2100 call spreads"},
		{Name: "prices", Text: "when these number show up 480 450 420 400"},
		{Name: "a date", Text: "call me on 2026-03-02"},
		{Name: "an address of a machine", Text: "call the box at 10.144.0.12"},
		{Name: "an order", Text: "order 07700 900219 is late"},
		{Name: "a population", Text: "there are 8 100 200 of them"},
		{Name: "a link", Text: "call us: https://acme.io/item/07700900219"},
	})
}

func TestValidPhone(t *testing.T) {
	tests := []struct {
		name, text, lang string
		want             bool
	}{
		{"US", "(617) 253-0000", "en", true},
		{"Spain", "655 437 108", "es", true},
		{"too long for any plan", "1234 5678 9012 345", "en", false},
		{"country code", "+49 30 901820", "", true},
		{"fiction", "555-555-0123", "en", true},
		{"unknown language", "020 7946 0958", "xx", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			valid, service := validPhone(test.text, string(compact([]byte(test.text))), test.lang)
			require.Equal(t, test.want, valid)
			require.False(t, service)
		})
	}
}

func TestPhoneSpan(t *testing.T) {
	tests := []struct{ name, text, digits, want string }{
		{"plain", "at 07700 900219", "07700 900219", "07700 900219"},
		{"plus", "at +44 7911 123456", "44 7911 123456", "+44 7911 123456"},
		{"brackets", "at (617) 555-0134", "555-0134", "(617) 555-0134"},
		{"dash of a list", "- 07700 900219", "07700 900219", "07700 900219"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := len(test.text) - len(test.digits)
			s := phoneSpan([]byte(test.text), detect.Span{Start: start, End: len(test.text)})
			require.Equal(t, test.want, test.text[s.Start:s.End])
		})
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("card 4819 0967 4468 5992 +(0) @a.b born 1/1/70 12 A Street, DE28 rua ")
	f.Add("zero one two \xff @ DNI NHS 1")
	runner := parttest.New(New())
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range runner.Insider("clerk", text) {
			require.Less(t, found.Spans[0].Start, found.Spans[0].End)
			require.True(t, found.Likelihood > 0 && found.Likelihood <= 1)
		}
	})
}

// TestLinesOfCompanies holds numbers that everybody may call, and people's own beside them.
func TestLinesOfCompanies(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a hotline", Text: "the payroll line is 020 7946 0288, took an hour to find. Official hotline"},
		{Name: "a switchboard", Text: "Zentrale: 030 23125 417, von neun bis fünf"},
		{Name: "a mobile beside it", Text: "the hotline is useless, her own mobile is 07700 900814", Rule: "pii.phone"},
		{Name: "a country code", Role: "fitter", Text: "Mr Adeyemi waits, +44 7700 900814", Rule: "pii.phone"},
		{Name: "French, of fiction", Role: "livreur", Text: "appelez-la au 06 39 98 12 34", Rule: "pii.phone"},
		{Name: "a mailbox in a ticket", Text: "they put another caller in my ticket. hi greta.ohm@fern.example", Rule: "pii.email", Value: "greta.ohm@fern.example"},
		{Name: "Chinese", Text: "店长手机13812345678，打给他", Rule: "pii.phone"},
		{Name: "a serial number", Text: "meter serial S19A 04471 09923, please update"},
		{Name: "dots without end", Text: "at the end of the world, at noon, dot dot dot"},
		{Name: "a mailbox for tickets", Text: "tickets from greta.ohm@fern.example, doors at eight"},
	})
}
