package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/testkit"
	ddl "github.com/earshot/earshot/schemas/clickhouse"
)

func TestMigrationFiles(t *testing.T) {
	all, err := migrations(ddl.Files, "earshot", "")
	require.NoError(t, err)
	form := regexp.MustCompile(`^\d{4}_[a-z_]+\.sql$`)
	for i, m := range all {
		require.Regexp(t, form, m.name)
		require.Equal(t, i+1, number(m.name), "numbers without gaps")
		require.NotRegexp(t, `;\s*(\n|$)`, m.statement, "%s: one statement a file", m.name)
		if m.statement != "" {
			require.Contains(t, m.statement, "IF NOT EXISTS", "%s may run twice", m.name)
		}
	}
}

func number(name string) int {
	n := 0
	for _, digit := range name[:4] {
		n = 10*n + int(digit-'0')
	}
	return n
}

var (
	created = regexp.MustCompile(`CREATE (?:TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS (\w+)`)
	read    = regexp.MustCompile(`(?:FROM|JOIN) earshot\.(\w+)`)
)

func TestClusterSchema(t *testing.T) {
	all, err := migrations(ddl.Files, "earshot", "main")
	require.NoError(t, err)
	byTable := map[string]string{}
	for _, m := range all {
		require.Contains(t, m.statement, "ON CLUSTER main", m.name)
		byTable[created.FindStringSubmatch(m.statement)[1]] = m.statement
	}
	for _, table := range []string{"assessments", "post_changes", "mention_counts", "alerts", "reviews"} {
		require.Contains(t, byTable[table+"_local"], "ENGINE = Replicated", table)
		require.Contains(t, byTable[table], "AS earshot."+table+"_local\nENGINE = Distributed(main, earshot, "+table+"_local", table)
	}
	for _, view := range []string{"mentions", "posts", "posts_current", "findings", "findings_current", "alerts_current", "reviews_current"} {
		for _, source := range read.FindAllStringSubmatch(byTable[view+"_local"], -1) {
			require.True(t, strings.HasSuffix(source[1], "_local"), "%s reads %s of other servers", view, source[1])
		}
		require.Contains(t, byTable[view], "Distributed(main, earshot, "+view+"_local)", view)
	}
	s := migrated(t)
	for _, m := range all { // the engine's own parser reads every one
		require.NoError(t, s.conn.Exec(t.Context(), "EXPLAIN AST "+m.statement), m.name)
	}
}

// migrated is a store with the schema.
func migrated(t *testing.T) *Store {
	t.Helper()
	s := opened(t)
	require.NoError(t, s.Migrate(t.Context()))
	return s
}

// opened is a store on an empty database.
func opened(t *testing.T) *Store {
	t.Helper()
	c := DefaultConfig()
	c.DSN = config.Secret(testkit.ClickHouse(t))
	s, err := Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestChangedMigrationIsRefused(t *testing.T) {
	s := migrated(t)
	all, err := migrations(ddl.Files, s.Database(), "")
	require.NoError(t, err)
	all[3].sum = "another"
	require.ErrorIs(t, s.apply(t.Context(), all), ErrMigrationChanged)
}

func TestFailedMigrationIsNamedAndRepeated(t *testing.T) {
	s := migrated(t)
	all, err := migrations(ddl.Files, s.Database(), "")
	require.NoError(t, err)
	next := migration{name: "9998_next.sql", statement: "CREATE TABLE IF NOT EXISTS next (a UInt8) ENGINE = Memory", sum: "1"}
	broken := migration{name: "9999_broken.sql", statement: "CREATE TABLE broken", sum: "1"}
	err = s.apply(t.Context(), append(slices.Clone(all), next, broken))
	require.ErrorContains(t, err, "apply 9999_broken.sql")
	pending, err := s.pending(t.Context(), append(all, next, broken))
	require.NoError(t, err)
	require.Equal(t, []migration{broken}, pending)
}

func TestNewerSchemaIsFine(t *testing.T) {
	s := migrated(t)
	require.NoError(t, s.conn.Exec(t.Context(), "INSERT INTO migrations (name, sum) VALUES ('9999_later.sql', '1')"))
	require.NoError(t, s.CheckSchema(t.Context()))
}

func TestMigrationsThatDoNotRender(t *testing.T) {
	for name, text := range map[string]string{
		"template":      "{{if}}",
		"unknown value": "{{.Custer}}",
		"unknown call":  "{{remote}}",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := migrations(fstest.MapFS{"0001_a.sql": {Data: []byte(text)}}, "earshot", "")
			require.ErrorContains(t, err, "0001_a.sql")
		})
	}
}
