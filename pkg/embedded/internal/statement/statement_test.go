package statement

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       Statement
		rows       string
	}{
		{"nothing", " \n-- only a comment", Statement{Empty: true}, ""},
		{"only a semicolon", " ; ", Statement{Empty: true}, ""},
		{"select", "SELECT 1", Statement{Head: "SELECT 1"}, ""},
		{"semicolon", "SELECT 1 ; ;\n", Statement{Head: "SELECT 1 "}, ""},
		{"two statements", "SELECT 1; SELECT 2", Statement{Head: "SELECT 1; SELECT 2"}, ""},
		{"format", "SELECT 1 format CSV;", Statement{Format: "CSV", Head: "SELECT 1 ", Tail: "format CSV"}, ""},
		{"format and settings", "SELECT 1 FORMAT CSV SETTINGS a = 1", Statement{Format: "CSV", Head: "SELECT 1 ", Tail: "FORMAT CSV SETTINGS a = 1"}, ""},
		{"settings before format", "SELECT 1 SETTINGS a = 1 FORMAT CSV", Statement{Format: "CSV", Head: "SELECT 1 SETTINGS a = 1 ", Tail: "FORMAT CSV"}, ""},
		{"column format", "SELECT format FROM t", Statement{Head: "SELECT format FROM t"}, ""},
		{"format in text", "SELECT 'x FORMAT CSV'", Statement{Head: "SELECT 'x FORMAT CSV'"}, ""},
		{"format in a comment", "SELECT 1 -- FORMAT CSV\n", Statement{Head: "SELECT 1 -- FORMAT CSV\n"}, ""},
		{"format in a subquery", "SELECT (SELECT a FORMAT CSV)", Statement{Head: "SELECT (SELECT a FORMAT CSV)"}, ""},
		{"escaped quote", `SELECT 'it\'s' FORMAT CSV`, Statement{Format: "CSV", Head: `SELECT 'it\'s' `, Tail: "FORMAT CSV"}, ""},
		{"doubled quote", "SELECT 'it''s' FORMAT CSV", Statement{Format: "CSV", Head: "SELECT 'it''s' ", Tail: "FORMAT CSV"}, ""},
		{"values", "INSERT INTO t VALUES (1)", Statement{Insert: true, Format: "Values", Head: "INSERT INTO t "}, " (1)"},
		{"insert format", "insert into d.t (a, b) format CSV\n1,2\n", Statement{Insert: true, Format: "CSV", Head: "insert into d.t (a, b) "}, "1,2\n"},
		{"insert format on one line", "INSERT INTO t FORMAT CSV 1,2", Statement{Insert: true, Format: "CSV", Head: "INSERT INTO t "}, "1,2"},
		{"only one line break is skipped", "INSERT INTO t FORMAT CSV \r\n\n1", Statement{Insert: true, Format: "CSV", Head: "INSERT INTO t "}, "\n1"},
		{"table values", "INSERT INTO values VALUES (1)", Statement{Insert: true, Format: "Values", Head: "INSERT INTO values "}, " (1)"},
		{"quoted table", "INSERT INTO `a b`.`VALUES` FORMAT TSV 1", Statement{Insert: true, Format: "TSV", Head: "INSERT INTO `a b`.`VALUES` "}, "1"},
		{"insert settings", "INSERT INTO t SETTINGS a = 'FORMAT x' VALUES (1)", Statement{Insert: true, Format: "Values", Head: "INSERT INTO t SETTINGS a = 'FORMAT x' "}, " (1)"},
		{"insert function", "INSERT INTO FUNCTION file('a', 'CSV') FORMAT CSV 1", Statement{Insert: true, Format: "CSV", Head: "INSERT INTO FUNCTION file('a', 'CSV') "}, "1"},
		{"insert select", "INSERT INTO t SELECT 1", Statement{Head: "INSERT INTO t SELECT 1"}, ""},
		{"insert with", "INSERT INTO t WITH 1 AS x SELECT x", Statement{Head: "INSERT INTO t WITH 1 AS x SELECT x"}, ""},
		{"insert select in parentheses", "INSERT INTO t (SELECT 1)", Statement{Head: "INSERT INTO t (SELECT 1)"}, ""},
		{"insert without rows", "INSERT INTO t (a)", Statement{Head: "INSERT INTO t (a)"}, ""},
		{"comments", "-- a\nINSERT /* FORMAT x */ INTO t # b\nVALUES (1)", Statement{Insert: true, Format: "Values", Head: "-- a\nINSERT /* FORMAT x */ INTO t # b\n"}, " (1)"},
		{"only the verb", "INSERT", Statement{Head: "INSERT"}, ""},
		{"rows with quotes", "INSERT INTO t FORMAT CSV\n'(", Statement{Insert: true, Format: "CSV", Head: "INSERT INTO t "}, "'("},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Parse(tc.text)
			if got.Insert {
				require.Equal(t, tc.rows, tc.text[got.Data:])
				got.Data = 0
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"SELECT 1 FORMAT CSV;", "INSERT INTO t VALUES (1)", "'", "/*", "((", "INSERT INTO a.b FORMAT x\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := Parse(text)
		if !strings.HasPrefix(text, s.Head) {
			t.Fatalf("head %q is not how %q begins", s.Head, text)
		}
		if s.Insert && (s.Data < len(s.Head) || s.Data > len(text)) {
			t.Fatalf("rows of %q begin at %d", text, s.Data)
		}
		if !strings.HasPrefix(text[len(s.Head):], s.Tail) {
			t.Fatalf("tail %q does not follow the head in %q", s.Tail, text)
		}
	})
}
