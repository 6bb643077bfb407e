// Package earshot runs the whole pipeline in one process: the four services, and on one
// machine the embedded broker and the embedded ClickHouse under them.
//
// It decides nothing about posts. Whatever a service does in a process of its own it
// does here, through the same topics and tables.
package earshot

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/telemetry"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/alerter"
	"github.com/earshot/earshot/services/classifier"
	"github.com/earshot/earshot/services/collector"
	"github.com/earshot/earshot/services/writer"
)

// Config is what the one process reads of earshot.yaml for itself; the services read
// their own sections of the same file.
type Config struct {
	// DataDir keeps the embedded broker's log, the embedded ClickHouse and generated keys.
	DataDir string
	// AdminListen serves health and metrics of the one process.
	AdminListen string
	Kafka       bus.Config
	ClickHouse  store.Config
	Telemetry   telemetry.Config
	File        *config.File
}

// DataDir is the data folder where none is named.
const DataDir = "data"

// Load reads the configuration at path, or the defaults for an empty path. dataDir, if
// not empty, stands for data_dir.
func Load(path, dataDir string) (*Config, error) {
	file, err := config.Load(path, schemas.EarshotSchema)
	if err != nil {
		return nil, err
	}
	return load(file, dataDir)
}

// Parse is [Load] on the bytes of a file called name.
func Parse(name string, data []byte, dataDir string) (*Config, error) {
	file, err := config.Parse(name, data, os.Environ(), schemas.EarshotSchema)
	if err != nil {
		return nil, err
	}
	return load(file, dataDir)
}

func load(file *config.File, dataDir string) (*Config, error) {
	c := &Config{
		DataDir: DataDir, AdminListen: "127.0.0.1:9100", File: file,
		Kafka: bus.DefaultConfig(), ClickHouse: store.DefaultConfig(), Telemetry: telemetry.DefaultConfig(),
	}
	if err := c.read(); err != nil {
		return nil, err
	}
	if dataDir != "" {
		c.DataDir = dataDir
	}
	return c, errors.Join(c.ClickHouse.Validate(), c.Telemetry.Validate())
}

func (c *Config) read() error {
	for name, into := range map[string]any{
		"data_dir": &c.DataDir, "admin_listen": &c.AdminListen,
		"kafka": &c.Kafka, "clickhouse": &c.ClickHouse, "telemetry": &c.Telemetry,
	} {
		if err := c.File.Section(name, into); err != nil {
			return err
		}
	}
	return nil
}

// services are the rooms of the pipeline in the order a post passes them.
var services = []struct {
	name      string
	configure func(*config.File) (daemon.Service, error)
}{
	{"collector", collector.Configure},
	{"classifier", classifier.Configure},
	{"writer", writer.Configure},
	{"alerter", alerter.Configure},
}

// configure configures every service from the file as it stands.
func (c *Config) configure() ([]daemon.Service, error) {
	var out []daemon.Service
	var errs []error
	for _, s := range services {
		service, err := s.configure(c.File)
		errs = append(errs, err)
		out = append(out, service)
	}
	return out, errors.Join(errs...)
}

// Dump checks the configuration of every service and returns the effective whole as
// YAML, secrets masked. Addresses and keys that `earshot up` decides are given as it
// would give them.
func (c *Config) Dump() ([]byte, error) {
	if err := c.point(c.Kafka.EmbeddedListen, "http://"+c.ClickHouse.EmbeddedListen); err != nil {
		return nil, err
	}
	if err := c.keys(func(string) (string, error) { return rand.Text(), nil }); err != nil {
		return nil, err
	}
	configured, err := c.configure()
	if err != nil {
		return nil, err
	}
	all := map[string]any{"data_dir": c.DataDir, "admin_listen": c.AdminListen}
	for _, s := range configured {
		maps.Copy(all, s.Sections)
	}
	return config.Dump(all)
}

// point leads the services to the broker and the database, unless the file names others.
func (c *Config) point(broker, dsn string) error {
	var errs []error
	if len(c.Kafka.Brokers) == 0 {
		errs = append(errs, c.File.Set("kafka.brokers", []string{broker}))
	}
	if c.ClickHouse.DSN == "" {
		errs = append(errs, c.File.Set("clickhouse.dsn", dsn))
	}
	return errors.Join(append(errs, c.read())...)
}

// Names of the generated keys in the data folder.
const (
	// TokenFile holds the bearer token of the intake.
	TokenFile      = "collector.token"
	fingerprintKey = "fingerprint.key"
)

// keys fills the secrets that the file leaves open; get makes or finds one by its name.
func (c *Config) keys(get func(name string) (string, error)) error {
	for _, key := range []struct{ path, file string }{
		{"collector.token", TokenFile},
		{"secret_key", fingerprintKey},
	} {
		if c.File.Has(key.path) || c.File.Has(key.path+"_file") {
			continue
		}
		value, err := get(key.file)
		if err != nil {
			return err
		}
		if err := c.File.Set(key.path, value); err != nil {
			return err
		}
	}
	return nil
}

// keep returns the key that the file name of DataDir holds, making it the first time. An
// empty file is none: an empty token would let everybody in.
func (c *Config) keep(name string) (string, error) {
	path := filepath.Join(c.DataDir, name)
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read key: %w", err)
	}
	if len(data) > 0 {
		return string(data), nil
	}
	key := rand.Text()
	if err := replace(path, []byte(key)); err != nil {
		return "", fmt.Errorf("keep key: %w", err)
	}
	return key, nil
}

// replace writes a file that its owner alone may read, whole or not at all.
func replace(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Judging returns what the engine is built from. Without a key in the configuration or
// the data folder it makes one for once and says so: fingerprints made with it meet no
// others.
func (c *Config) Judging() (o engine.Options, keyed bool, err error) {
	judging, keyed, err := c.judging()
	if err != nil {
		return o, false, err
	}
	if !keyed {
		judging.SecretKey = config.Secret(rand.Text())
	}
	o, err = judging.Options()
	return o, keyed, err
}

// Key returns the key of fingerprints and indexes.
func (c *Config) Key() ([]byte, error) {
	judging, keyed, err := c.judging()
	if err != nil {
		return nil, err
	}
	if !keyed {
		return nil, errors.New("secret_key: missing; an index needs the key that posts are judged with (or start `earshot up` once, which makes one)")
	}
	return judging.Key()
}

// judging reads what the engine is built from, with the key of the data folder where the
// configuration has none; keyed is false where there is none either.
func (c *Config) judging() (judging classifier.Judging, keyed bool, err error) {
	if judging, err = classifier.ReadJudging(c.File); err != nil {
		return judging, false, err
	}
	keyed = judging.SecretKey != "" || judging.SecretKeyFile != ""
	if !keyed {
		key, err := os.ReadFile(filepath.Join(c.DataDir, fingerprintKey))
		keyed = err == nil
		judging.SecretKey = config.Secret(key)
	}
	return judging, keyed, nil
}
