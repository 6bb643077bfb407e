package store

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/earshot/earshot/pkg/config"
)

// name is what a database or a cluster may be called, so that it needs no quoting.
var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// Config is the section clickhouse of earshot.yaml.
type Config struct {
	// DSN is clickhouse://user@host:9000, http:// or https://, with the settings that
	// clickhouse-go knows as parameters. A path in it wins over Database. Empty means
	// the embedded engine, which only `earshot up` brings. It is a secret because it
	// may hold a password.
	DSN config.Secret `yaml:"dsn"`
	// PasswordFile holds the password; one in DSN is then an error.
	PasswordFile string `yaml:"password_file"`
	// Database holds all tables; Migrate creates it.
	Database string `yaml:"database"`
	// Cluster is the name of a cluster in the server's remote_servers: tables become
	// replicated and distributed. Empty means one server. It may not change later.
	Cluster string `yaml:"cluster"`
	// EmbeddedListen and Library are for the embedded engine alone.
	EmbeddedListen string `yaml:"embedded_listen"`
	Library        string `yaml:"library"`
}

// DefaultConfig is the embedded engine with the database earshot.
func DefaultConfig() Config {
	return Config{Database: "earshot", EmbeddedListen: "127.0.0.1:8123"}
}

// Validate names the first field that holds what it may not.
func (c Config) Validate() error {
	if !name.MatchString(c.Database) {
		return fmt.Errorf("clickhouse.database: %q must match %s", c.Database, name)
	}
	if c.Cluster != "" && !name.MatchString(c.Cluster) {
		return fmt.Errorf("clickhouse.cluster: %q must match %s", c.Cluster, name)
	}
	if c.DSN == "" {
		return nil
	}
	_, err := c.options()
	return err
}

// options turns the section into what the driver wants.
func (c Config) options() (*clickhouse.Options, error) {
	if c.DSN == "" {
		return nil, errors.New("clickhouse.dsn: empty; only `earshot up` has an embedded engine")
	}
	dsn, err := withTLS(c.DSN.Reveal())
	if err != nil {
		return nil, err
	}
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("clickhouse.dsn: %w", err)
	}
	password, err := config.ResolveSecret("clickhouse.password", config.Secret(options.Auth.Password), c.PasswordFile)
	if err != nil {
		return nil, err
	}
	options.Auth.Password = password.Reveal()
	if options.Auth.Database == "" {
		options.Auth.Database = c.Database
	}
	if !name.MatchString(options.Auth.Database) {
		return nil, fmt.Errorf("clickhouse.dsn: database %q must match %s", options.Auth.Database, name)
	}
	return options, nil
}

// withTLS adds the parameter without which the driver refuses an https address.
func withTLS(dsn string) (string, error) {
	scheme, rest, _ := strings.Cut(dsn, "://")
	switch scheme {
	case "clickhouse", "http":
		return dsn, nil
	case "https":
	default:
		return "", errors.New("clickhouse.dsn: must begin with clickhouse://, http:// or https://")
	}
	before, query, _ := strings.Cut(rest, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", errors.New("clickhouse.dsn: parameters are not key=value&key=value")
	}
	values.Set("secure", "true")
	return scheme + "://" + before + "?" + values.Encode(), nil
}
