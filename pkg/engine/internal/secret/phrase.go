package secret

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// phraseWords announce the words that restore a wallet (BIP 39).
var phraseWords = []string{"seed phrase", "recovery phrase", "mnemonic", "secret phrase", "backup phrase", "seed words", "recovery words"}

// phraseShape is twelve words or more of three to eight letters, which may be numbered.
var phraseShape = regexp.MustCompile(`(?:(?:\d{1,2}[.)] ?)?\b[a-z]{3,8}\b[ ,\n]{1,2}){11,23}(?:\d{1,2}[.)] ?)?\b[a-z]{3,8}\b`)

// sentenceWords are no words of BIP 39; a sentence of twelve words has one of them.
var sentenceWords = []string{"the", "and", "you", "your", "for", "are", "not", "was", "but", "with", "never", "share", "from", "their", "them", "our", "has", "were", "because", "would", "should"}

// seedPhrase reports the words that restore a wallet.
func seedPhrase(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	window, offset := part.Around(p.Text.Folded, h.Span, 0, 400)
	at := phraseShape.FindIndex(window)
	if at == nil || part.Has(window[at[0]:at[1]], sentenceWords) {
		return out
	}
	f := finding(p, "secret", "seed-phrase", "Recovery phrase of a wallet", 5, 0.85, detect.Span{Start: offset + at[0], End: offset + at[1]},
		"The words that restore a wallet: whoever reads the post can empty it.")
	f.KeepFirst, f.KeepLast = 0, 0
	return append(out, f)
}

var hookShape = regexp.MustCompile(`\A[\w.:-]*(?:/[\w.=~-]+){0,8}`)

// webhook reports an address to which anyone can post who knows it: a drawn part of its
// path behind a word for hook.
func webhook(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	const least, shortest = 20, 16
	rest := p.Text.Clean[h.End:min(len(p.Text.Clean), h.End+maxToken)]
	path := hookShape.Find(rest)
	key := longest(path)
	if len(key) < shortest || !randomLooking(key, least, true) || placeholder(path) {
		return out
	}
	start := h.End + bytes.Index(path, key)
	span := detect.Span{Start: start, End: start + len(key)}
	if overlaps(out, span) {
		return out
	}
	return append(out, finding(p, "secret", "webhook-address", "Address of a webhook", 3, 0.7, span,
		"An address that takes messages from anyone who knows it, with its secret part."))
}
