package statement

import "strings"

// token is a word or a sign outside parentheses, quotes and comments. What is
// in parentheses or quotes counts as one sign.
type token struct {
	text       string
	start, end int
}

func (t token) is(keyword string) bool { return strings.EqualFold(t.text, keyword) }

func (t token) word() bool { return t.text != "" && isWord(t.text[0]) }

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// top cuts text into tokens. Within the rows of an insert it cuts nonsense,
// which nobody reads.
func top(text string) []token {
	var tokens []token
	depth := 0
	for i := 0; i < len(text); {
		end := next(text, i)
		switch c := text[i]; {
		case strings.IndexByte(" \t\r\n\f\v", c) >= 0 || comment(text[i:]):
		case c == '(':
			if depth == 0 {
				tokens = append(tokens, token{text: "(", start: i, end: end})
			}
			depth++
		case c == ')':
			depth = max(depth-1, 0)
		case depth == 0:
			tokens = append(tokens, token{text: text[i:end], start: i, end: end})
		}
		i = end
	}
	return tokens
}

func comment(rest string) bool {
	return strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*") ||
		strings.HasPrefix(rest, "# ") || strings.HasPrefix(rest, "#!")
}

// next returns where the token, comment or space that begins at i ends.
func next(text string, i int) int {
	rest := text[i:]
	switch {
	case strings.HasPrefix(rest, "/*"):
		return i + until(rest, "*/", 2)
	case comment(rest):
		return i + until(rest, "\n", 1)
	case rest[0] == '\'' || rest[0] == '"' || rest[0] == '`':
		return i + quoted(rest)
	case isWord(rest[0]):
		n := 1
		for n < len(rest) && isWord(rest[n]) {
			n++
		}
		return i + n
	}
	return i + 1
}

// until returns where mark ends, looked for from the given offset on.
func until(text, mark string, from int) int {
	if at := strings.Index(text[from:], mark); at >= 0 {
		return from + at + len(mark)
	}
	return len(text)
}

// quoted returns the length of the quotation that text begins with. A doubled
// quote inside makes two quotations of it, which does no harm.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		}
	}
	return len(text)
}
