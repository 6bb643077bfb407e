// Package store is Earshot's one way into ClickHouse: it brings the schema up to date,
// inserts columns and runs queries. It knows nothing of posts; what a table holds is
// said in schemas/clickhouse and filled by the writer.
//
// It guarantees that an insert which returned nil is durable as the server defines it,
// and that the same block with the same token is stored once.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/earshot/earshot/pkg/retry"
)

// openLimit is how long a start-up waits for a database that is still starting.
const openLimit = 30 * time.Second

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	conn    driver.Conn
	client  *http.Client
	options *clickhouse.Options
	cluster string
}

// Open dials the server and waits at most half a minute for its answer. The database
// itself need not exist yet: see [Store.Migrate] and [Store.CheckSchema]. Close it.
func Open(ctx context.Context, c Config) (*Store, error) {
	options, err := c.options()
	if err != nil {
		return nil, err
	}
	if err := retry.DoFor(ctx, openLimit, func(ctx context.Context) error {
		return onServer(ctx, options, func(conn driver.Conn) error { return conn.Ping(ctx) })
	}); err != nil {
		return nil, fmt.Errorf("reach ClickHouse at %v: %w", options.Addr, err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("open ClickHouse: %w", err)
	}
	return &Store{conn: conn, client: &http.Client{Transport: transport(options)}, options: options, cluster: c.Cluster}, nil
}

// onServer calls fn with a connection that is bound to no database of ours, for what
// must work before that exists.
func onServer(_ context.Context, options *clickhouse.Options, fn func(driver.Conn) error) error {
	bare := *options
	bare.Auth.Database = "default"
	conn, err := clickhouse.Open(&bare)
	if err != nil {
		return retry.Permanent(err)
	}
	err = fn(conn)
	var refused *clickhouse.Exception
	if errors.As(err, &refused) && refused.Code == codeAuthentication {
		err = retry.Permanent(err)
	}
	return errors.Join(err, conn.Close())
}

// ClickHouse's error numbers that decide what happens next; src/Common/ErrorCodes.cpp.
const (
	codeUnknownTable    = 60
	codeUnknownDatabase = 81
	codeAuthentication  = 516
)

// missing tells whether err says that the database or the table is not there.
func missing(err error) bool {
	var refused *clickhouse.Exception
	return errors.As(err, &refused) && (refused.Code == codeUnknownDatabase || refused.Code == codeUnknownTable)
}

// Database is the name of the database in use.
func (s *Store) Database() string { return s.options.Auth.Database }

// Ping returns nil when the server answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.conn.Ping(ctx); err != nil {
		return fmt.Errorf("clickhouse: %w", err)
	}
	return nil
}

// Close frees the connections. Calling it again does nothing.
func (s *Store) Close() error {
	s.client.CloseIdleConnections()
	if err := s.conn.Close(); err != nil {
		return fmt.Errorf("close ClickHouse: %w", err)
	}
	return nil
}
