// Package statement finds the few places in a ClickHouse statement that an
// HTTP interface has to know: where the rows of an INSERT begin, and where an
// output clause may be put. It checks nothing else; the engine's parser does.
package statement

import "strings"

// Statement is a text cut at those places.
type Statement struct {
	// Empty is true when there is nothing but space and comments.
	Empty bool
	// Insert is true for an INSERT that brings rows along: VALUES or FORMAT.
	Insert bool
	// Format is what FORMAT names, "Values" for VALUES, or empty.
	Format string
	// Head is the text before the FORMAT clause (before FORMAT or VALUES in
	// an insert), without a final semicolon.
	Head string
	// Tail is the FORMAT clause and what follows, where there is one; for an
	// insert it is empty.
	Tail string
	// Data is where the rows of an insert begin in the text.
	Data int
}

// Parse cuts text. For an insert, text may end within the rows.
func Parse(text string) Statement {
	tokens := top(text)
	if s, ok := parseInsert(text, tokens); ok {
		return s
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].text == ";" {
		text = text[:tokens[len(tokens)-1].start]
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 {
		return Statement{Empty: true}
	}
	for i := len(tokens) - 2; i > 0; i-- {
		ends := i+2 == len(tokens) || tokens[i+2].is("SETTINGS")
		if tokens[i].is("FORMAT") && tokens[i+1].word() && ends {
			at := tokens[i].start
			return Statement{Format: tokens[i+1].text, Head: text[:at], Tail: text[at:]}
		}
	}
	return Statement{Head: text}
}

// parseInsert looks for the rows of an INSERT. The target's name is stepped
// over, so that a table may be called values.
func parseInsert(text string, tokens []token) (Statement, bool) {
	if len(tokens) < 2 || !tokens[0].is("INSERT") {
		return Statement{}, false
	}
	i := 1
	for i < len(tokens) && (tokens[i].is("INTO") || tokens[i].is("TABLE") || tokens[i].is("FUNCTION")) {
		i++
	}
	for i++; i+1 < len(tokens) && tokens[i].text == "."; i += 2 {
		// database.table
	}
	for ; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.is("VALUES"):
			return Statement{Insert: true, Format: "Values", Head: text[:t.start], Data: t.end}, true
		case t.is("FORMAT") && i+1 < len(tokens) && tokens[i+1].word():
			end := tokens[i+1].end
			return Statement{
				Insert: true, Format: tokens[i+1].text, Head: text[:t.start], Data: end + gap(text[end:]),
			}, true
		case t.is("SELECT"), t.is("WITH"), t.is("FROM"), t.is("WATCH"):
			return Statement{}, false
		}
	}
	return Statement{}, false
}

// gap counts the white space between a format's name and the rows: it ends
// with the first line break.
func gap(rest string) int {
	trimmed := strings.TrimLeft(rest, " \t\f")
	trimmed = strings.TrimPrefix(trimmed, "\r")
	trimmed = strings.TrimPrefix(trimmed, "\n")
	return len(rest) - len(trimmed)
}
