package statement

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func words(tokens []token) []string {
	out := []string{}
	for _, t := range tokens {
		out = append(out, t.text)
	}
	return out
}

func TestTop(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"words":                       {"SELECT a_1, é FROM t", []string{"SELECT", "a_1", ",", "é", "FROM", "t"}},
		"parentheses are one sign":    {"a (b (c) d) e", []string{"a", "(", "e"}},
		"without an end":              {"a (b", []string{"a", "("}},
		"without a begin":             {"a ) b", []string{"a", "b"}},
		"quotations are one sign":     {`'a b' "c d" ` + "`e f`", []string{"'a b'", `"c d"`, "`e f`"}},
		"a parenthesis in a text":     {"'(' a", []string{"'('", "a"}},
		"a text without an end":       {"a 'b", []string{"a", "'b"}},
		"an escape at the end":        {`a 'b\`, []string{"a", `'b\`}},
		"comments are nothing":        {"a -- b\nc /* d */ e # f\ng #! h\ni", []string{"a", "c", "e", "g", "i"}},
		"a comment without an end":    {"a /* b", []string{"a"}},
		"the shortest comment":        {"a/**/b", []string{"a", "b"}},
		"what only looks like one":    {"a - - b / * c #d", []string{"a", "-", "-", "b", "/", "*", "c", "#", "d"}},
		"white space of every kind":   {"a\t\r\n\f\vb", []string{"a", "b"}},
		"a comment in a text":         {"'-- a' b", []string{"'-- a'", "b"}},
		"a quote in a comment":        {"a -- it's\nb", []string{"a", "b"}},
		"semicolons":                  {"a;b;", []string{"a", ";", "b", ";"}},
		"in parentheses, a quotation": {"(')') a", []string{"(", "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, words(top(test.text)))
		})
	}
}

// Tokens stand in order, do not overlap, and are what stands there.
func FuzzTop(f *testing.F) {
	for _, seed := range []string{"SELECT 'a", "((", "))", "/*", "-- a", `"\`, "a.b(c)'d'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, token := range top(text) {
			if token.start < at || token.start >= len(text) {
				t.Fatalf("token %+v of %q begins before %d", token, text, at)
			}
			at = token.start + 1
			if !strings.HasPrefix(text[token.start:], token.text) {
				t.Fatalf("token %+v is not in %q", token, text)
			}
		}
	})
}

func TestStatementsOfOthers(t *testing.T) {
	for name, test := range map[string]struct {
		text   string
		insert bool
		format string
		data   string
	}{
		"a CTE that ends in a format": {"WITH x AS (SELECT 1 FORMAT CSV) SELECT * FROM x FORMAT JSON", false, "JSON", ""},
		"a union":                     {"SELECT 1 UNION ALL SELECT 2 FORMAT CSV", false, "CSV", ""},
		"settings, several":           {"SELECT 1 FORMAT CSV SETTINGS a = 1, b = 'x'", false, "CSV", ""},
		"explain":                     {"EXPLAIN SELECT 1 FORMAT TSV", false, "TSV", ""},
		"show":                        {"SHOW TABLES FORMAT JSONEachRow;", false, "JSONEachRow", ""},
		"lower case":                  {"insert into t values(1)", true, "Values", "(1)"},
		"a column called values":      {"INSERT INTO t (values, format) FORMAT CSV\n1,2", true, "CSV", "1,2"},
		"a table called format":       {"INSERT INTO format FORMAT CSV\n1", true, "CSV", "1"},
		"a table called select":       {"INSERT INTO `select` VALUES (1)", true, "Values", " (1)"},
		"INSERT INTO TABLE":           {"INSERT INTO TABLE t VALUES (1)", true, "Values", " (1)"},
		"rows with a semicolon":       {"INSERT INTO t FORMAT TSV\na;b\n", true, "TSV", "a;b\n"},
		"rows that look like SQL":     {"INSERT INTO t FORMAT TSV\nSELECT 1\n", true, "TSV", "SELECT 1\n"},
		"from a file":                 {"INSERT INTO t FROM INFILE 'a.csv' FORMAT CSV", false, "CSV", ""},
		"only settings follow":        {"INSERT INTO t SETTINGS async_insert = 1 FORMAT CSV\n1", true, "CSV", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := Parse(test.text)
			require.Equal(t, test.insert, s.Insert)
			require.Equal(t, test.format, s.Format)
			if test.insert {
				require.Equal(t, test.data, test.text[s.Data:])
			}
		})
	}
}
