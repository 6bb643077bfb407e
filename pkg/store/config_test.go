package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
)

func TestValidate(t *testing.T) {
	password := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(password, []byte("secret\n"), 0o600))
	tests := map[string]struct {
		change func(*Config)
		want   string // empty where the section is right
	}{
		"default":                 {func(*Config) {}, ""},
		"native":                  {func(c *Config) { c.DSN = "clickhouse://user@host:9000/db" }, ""},
		"http":                    {func(c *Config) { c.DSN = "http://user:word@host:8123" }, ""},
		"https":                   {func(c *Config) { c.DSN = "https://host:8443?max_execution_time=5" }, ""},
		"password from a file":    {func(c *Config) { c.DSN, c.PasswordFile = "http://user@host:8123", password }, ""},
		"other scheme":            {func(c *Config) { c.DSN = "postgres://host" }, "clickhouse.dsn: must begin with"},
		"no host":                 {func(c *Config) { c.DSN = "clickhouse://" }, "clickhouse.dsn"},
		"parameters":              {func(c *Config) { c.DSN = "https://host?a=%zz" }, "parameters are not"},
		"two passwords":           {func(c *Config) { c.DSN, c.PasswordFile = "http://user:word@host", password }, "set one of them"},
		"no password file":        {func(c *Config) { c.DSN, c.PasswordFile = "http://host", password+"x" }, "password_file"},
		"database":                {func(c *Config) { c.Database = "a; DROP" }, "clickhouse.database"},
		"database of the address": {func(c *Config) { c.DSN = "http://host/a-b" }, "database \"a-b\""},
		"cluster":                 {func(c *Config) { c.Cluster = "my cluster" }, "clickhouse.cluster"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := DefaultConfig()
			test.change(&c)
			err := c.Validate()
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), "word@", "no password in an error")
		})
	}
}

func TestOptions(t *testing.T) {
	password := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(password, []byte("secret\n"), 0o600))
	tests := map[string]struct {
		config   Config
		database string
		password string
		protocol clickhouse.Protocol
		tls      bool
	}{
		"database of the section": {Config{DSN: "clickhouse://host:9000", Database: "earshot"}, "earshot", "", clickhouse.Native, false},
		"database of the address": {Config{DSN: "http://host:8123/other", Database: "earshot"}, "other", "", clickhouse.HTTP, false},
		"password of the file":    {Config{DSN: "http://u@host:8123", PasswordFile: password, Database: "e"}, "e", "secret", clickhouse.HTTP, false},
		"password of the address": {Config{DSN: "http://u:p@host:8123", Database: "e"}, "e", "p", clickhouse.HTTP, false},
		"encrypted":               {Config{DSN: "https://host:8443", Database: "e"}, "e", "", clickhouse.HTTP, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o, err := test.config.options()
			require.NoError(t, err)
			require.Equal(t, test.database, o.Auth.Database)
			require.Equal(t, test.password, o.Auth.Password)
			require.Equal(t, test.protocol, o.Protocol)
			require.Equal(t, test.tls, o.TLS != nil)
		})
	}
}

func TestNoAddress(t *testing.T) {
	_, err := Open(t.Context(), DefaultConfig())
	require.ErrorContains(t, err, "clickhouse.dsn: empty")
}

func TestDumpMasksTheAddress(t *testing.T) {
	text, err := config.Dump(map[string]any{"clickhouse": Config{DSN: "http://user:hunter2@host"}})
	require.NoError(t, err)
	require.NotContains(t, string(text), "hunter2")
}
