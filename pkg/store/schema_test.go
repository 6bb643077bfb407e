package store

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/testkit"
	ddl "github.com/earshot/earshot/schemas/clickhouse"
)

// What a migration renders to never changes once it is released.
func TestSchemaGolden(t *testing.T) {
	for name, cluster := range map[string]string{"server": "", "cluster": "main"} {
		t.Run(name, func(t *testing.T) {
			all, err := migrations(ddl.Files, "earshot", cluster)
			require.NoError(t, err)
			var out strings.Builder
			for _, m := range all {
				fmt.Fprintf(&out, "-- %s\n%s\n\n", m.name, m.statement)
			}
			testkit.Golden(t, "schema."+name+".sql", []byte(out.String()))
		})
	}
}

// schema is what a user of the database sees, whatever way it came about.
func schema(t *testing.T, s *Store) string {
	t.Helper()
	tables := one(t, s, "SELECT name, engine, replaceAll(create_table_query, currentDatabase(), 'earshot') FROM system.tables "+
		"WHERE database = currentDatabase() ORDER BY name")
	return tables + one(t, s, "SELECT name, sum FROM migrations FINAL ORDER BY name")
}

// A database that an earlier version left, after any of its migrations, ends where a new
// one does.
func TestEveryEarlierSchemaMigratesToTheSameEnd(t *testing.T) {
	want := schema(t, migrated(t))
	all, err := migrations(ddl.Files, "earshot", "")
	require.NoError(t, err)
	for released := 1; released < len(all); released += 4 {
		t.Run(all[released-1].name, func(t *testing.T) {
			s := opened(t)
			own, err := migrations(ddl.Files, s.Database(), "")
			require.NoError(t, err)
			require.NoError(t, s.apply(t.Context(), own[:released]))
			require.ErrorIs(t, s.CheckSchema(t.Context()), ErrSchemaOld)
			require.ErrorContains(t, s.CheckSchema(t.Context()), own[released].name)
			require.NoError(t, s.Migrate(t.Context()))
			require.Equal(t, want, schema(t, s))
		})
	}
}

// A migration that died after its statement and before its record is run again.
func TestMigrationThatWasNotRecordedIsRepeated(t *testing.T) {
	s := migrated(t)
	want := schema(t, s)
	require.NoError(t, s.conn.Exec(t.Context(), "TRUNCATE TABLE migrations"))
	require.ErrorIs(t, s.CheckSchema(t.Context()), ErrSchemaOld)
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, want, schema(t, s))
}

func TestMigrationsAtOnce(t *testing.T) {
	s := opened(t)
	done := make(chan error, 3)
	for range cap(done) {
		go func() { done <- s.Migrate(t.Context()) }()
	}
	for range cap(done) {
		require.NoError(t, <-done)
	}
	require.NoError(t, s.CheckSchema(t.Context()))
	require.Equal(t, schema(t, migrated(t)), schema(t, s))
}

func TestMigrateEndsWithItsContext(t *testing.T) {
	s := opened(t)
	ctx, cancel := contextThatEnded(t)
	defer cancel()
	require.ErrorIs(t, s.Migrate(ctx), ctx.Err())
	require.ErrorIs(t, s.CheckSchema(t.Context()), ErrSchemaOld)
}
