package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/testkit"
)

// open returns a store on a fresh database with the schema.
func open(t *testing.T) *store.Store {
	t.Helper()
	s := openEmpty(t)
	require.NoError(t, s.Migrate(t.Context()))
	return s
}

func openEmpty(t *testing.T) *store.Store {
	t.Helper()
	c := store.DefaultConfig()
	c.DSN = config.Secret(testkit.ClickHouse(t))
	s, err := store.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// query returns what sql gives as tab-separated text.
func query(t *testing.T, s *store.Store, sql string) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, s.Query(t.Context(), sql, "TabSeparated", &out))
	return strings.TrimSuffix(out.String(), "\n")
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	s := open(t)
	const state = "SELECT name, uuid, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name"
	before, applied := query(t, s, state), query(t, s, "SELECT * FROM migrations ORDER BY name")
	require.NoError(t, s.Migrate(t.Context()))
	require.NoError(t, s.CheckSchema(t.Context()))
	require.Equal(t, before, query(t, s, state))
	require.Equal(t, applied, query(t, s, "SELECT * FROM migrations ORDER BY name"))
}

func TestOldSchemaIsRefused(t *testing.T) {
	tests := map[string]func(t *testing.T, s *store.Store){
		"no table":    func(*testing.T, *store.Store) {},
		"no database": func(t *testing.T, s *store.Store) { query(t, s, "DROP DATABASE "+s.Database()) },
		"a migration missing": func(t *testing.T, s *store.Store) {
			require.NoError(t, s.Migrate(t.Context()))
			query(t, s, "ALTER TABLE migrations DELETE WHERE name LIKE '0012%' SETTINGS mutations_sync = 1")
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			s := openEmpty(t)
			prepare(t, s)
			require.ErrorIs(t, s.CheckSchema(t.Context()), store.ErrSchemaOld)
			require.NoError(t, s.Migrate(t.Context()))
			require.NoError(t, s.CheckSchema(t.Context()))
		})
	}
}
