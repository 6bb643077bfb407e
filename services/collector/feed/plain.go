package feed

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain is the text that a reader of HTML sees: no marks, no scripts, line breaks where
// blocks end. Text without marks only loses what a browser would not show, either.
func plain(markup string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	hidden := false
	for {
		token := tokens.Next()
		switch token {
		case html.ErrorToken: // the end: the tokenizer takes anything for HTML
			return tidy(out.String())
		case html.TextToken:
			if !hidden {
				out.Write(tokens.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := tokens.TagName()
			tag := atom.Lookup(name)
			if tag == atom.Script || tag == atom.Style {
				hidden = token == html.StartTagToken
			}
			if breaks(tag) {
				out.WriteByte('\n')
			}
		}
	}
}

// breaks tells whether a reader sees a line break at a tag.
func breaks(tag atom.Atom) bool {
	switch tag {
	case atom.Br, atom.P, atom.Div, atom.Li, atom.Tr, atom.H1, atom.H2, atom.H3, atom.Blockquote:
		return true
	}
	return false
}

// tidy joins runs of blanks, and of empty lines.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
