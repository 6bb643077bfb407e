// Package clickhouse holds the schema of the store: one statement a file, in the order
// of their numbers, each a text/template over Database, Cluster, OnCluster, Replicated
// and the function local. A file that has been released is never edited.
package clickhouse

import "embed"

// Files are the migrations, by name: "0001_migrations.sql".
//
//go:embed *.sql
var Files embed.FS
