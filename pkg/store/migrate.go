package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	ddl "github.com/earshot/earshot/schemas/clickhouse"
)

// ErrSchemaOld says that the database lacks a migration which this binary needs. Run
// `make migrate` and start again.
var ErrSchemaOld = errors.New("database schema is older than this binary needs; run `make migrate`")

// ErrMigrationChanged says that a migration which the database has is another one
// here: released migrations are never edited.
var ErrMigrationChanged = errors.New("migration differs from the one that was applied")

// migration is one statement of the schema.
type migration struct {
	// name is the file's: "0002_assessments.sql".
	name string
	// statement is rendered; empty where the file has nothing for this kind of server.
	statement string
	// sum is of the file as it stands in the source.
	sum string
}

// migrations renders the schema, in order, for one server or for a cluster.
func migrations(files fs.FS, database, cluster string) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	all := make([]migration, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		statement, err := render(name, string(text), database, cluster)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		all[i] = migration{name: path.Base(name), statement: statement, sum: hex.EncodeToString(sum[:])}
	}
	return all, nil
}

// render fills the file's template. On a cluster a table is its local part, t_local,
// and t itself is Distributed over them; on one server both names are t.
func render(name, text, database, cluster string) (string, error) {
	replicated, suffix, on := "", "", ""
	if cluster != "" {
		replicated, suffix, on = "Replicated", "_local", "ON CLUSTER "+cluster
	}
	parsed, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{
		"local": func(table string) string { return table + suffix },
	}).Parse(text)
	if err != nil {
		return "", fmt.Errorf("parse migration: %w", err)
	}
	var out strings.Builder
	if err := parsed.Execute(&out, map[string]any{
		"Database": database, "Cluster": cluster, "OnCluster": on, "Replicated": replicated,
		"Categories": []string{"reputation", "leakage", "compliance"},
	}); err != nil {
		return "", fmt.Errorf("render migration: %w", err)
	}
	return strings.TrimSpace(out.String()), nil
}

// Migrate creates the database and applies, in order, the migrations that it lacks. A
// second call changes nothing. Two calls at once are safe: every statement may run twice.
func (s *Store) Migrate(ctx context.Context) error {
	all, err := migrations(ddl.Files, s.Database(), s.cluster)
	if err != nil {
		return err
	}
	return s.apply(ctx, all)
}

func (s *Store) apply(ctx context.Context, all []migration) error {
	if err := s.createDatabase(ctx); err != nil {
		return err
	}
	pending, err := s.pending(ctx, all)
	if err != nil {
		return err
	}
	for _, m := range pending {
		if m.statement != "" {
			if err := s.conn.Exec(ctx, m.statement); err != nil {
				return fmt.Errorf("apply %s: %w", m.name, err)
			}
		}
		if err := s.conn.Exec(ctx, "INSERT INTO migrations (name, sum) VALUES (?, ?)", m.name, m.sum); err != nil {
			return fmt.Errorf("record %s: %w", m.name, err)
		}
	}
	return nil
}

func (s *Store) createDatabase(ctx context.Context) error {
	statement := "CREATE DATABASE IF NOT EXISTS " + s.Database()
	if s.cluster != "" {
		statement += " ON CLUSTER " + s.cluster
	}
	if err := onServer(ctx, s.options, func(conn driver.Conn) error { return conn.Exec(ctx, statement) }); err != nil {
		return fmt.Errorf("create database %s: %w", s.Database(), err)
	}
	return nil
}

// CheckSchema returns an [ErrSchemaOld] that names the first missing migration, or nil
// when the database has all that this binary knows. A newer schema is fine.
func (s *Store) CheckSchema(ctx context.Context) error {
	all, err := migrations(ddl.Files, s.Database(), s.cluster)
	if err != nil {
		return err
	}
	pending, err := s.pending(ctx, all)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("%s lacks %s: %w", s.Database(), pending[0].name, ErrSchemaOld)
	}
	return nil
}

// pending is what of all the database lacks.
func (s *Store) pending(ctx context.Context, all []migration) ([]migration, error) {
	applied, err := s.applied(ctx)
	if err != nil {
		return nil, err
	}
	var pending []migration
	for _, m := range all {
		switch sum, found := applied[m.name]; {
		case !found:
			pending = append(pending, m)
		case sum != m.sum:
			return nil, fmt.Errorf("%s: %w", m.name, ErrMigrationChanged)
		}
	}
	return pending, nil
}

// applied maps the name of each migration that the database has to its sum.
func (s *Store) applied(ctx context.Context) (map[string]string, error) {
	rows, err := s.conn.Query(ctx, "SELECT name, any(sum) FROM migrations GROUP BY name")
	if missing(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	defer func() { _ = rows.Close() }()
	applied := map[string]string{}
	for rows.Next() {
		var name, sum string
		if err := rows.Scan(&name, &sum); err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		applied[name] = sum
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return applied, nil
}
