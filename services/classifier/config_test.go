package classifier

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/schemas"
)

func load(t *testing.T, text string) *config.File {
	t.Helper()
	f, err := parse(t, text)
	require.NoError(t, err)
	return f
}

func parse(t *testing.T, text string) (*config.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "earshot.yaml")
	require.NoError(t, os.WriteFile(path, []byte("kafka: {brokers: [\"127.0.0.1:9092\"]}\n"+text), 0o600))
	return config.Load(path, schemas.EarshotSchema)
}

func TestConfigure(t *testing.T) {
	service, err := Configure(load(t, `
secret_key: a key of at least sixteen
classifier: {batch_messages: 10, batch_delay: 50ms, workers: 2}
brands:
  - {id: acme, name: Acme Bank, industry: finance, code_names: [Bluefinch], packs: [finra]}
`))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:9102", service.AdminListen)
	own := service.Sections["classifier"].(Config)
	require.Equal(t, Config{AdminListen: "127.0.0.1:9102", BatchMessages: 10, BatchDelay: 50 * time.Millisecond, Workers: 2, SecondOpinion: defaultSecondOpinion()}, own)
	require.NotNil(t, service.Run)
}

func TestConfigureErrors(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"no key", "brands: [{id: a, name: A}]", "secret_key: needs at least 16 characters"},
		{"short key", "secret_key: short", "secret_key: needs at least 16 characters"},
		{"unknown pack", "secret_key: a key of at least sixteen\nbrands: [{id: a, name: A, packs: [nowhere]}]", `brand "a": packs: no pack "nowhere"`},
		{"folder of packs that is not there", "secret_key: a key of at least sixteen\npacks: {dirs: [/nowhere]}", "packs.dirs: stat /nowhere"},
		{"brand twice", "secret_key: a key of at least sixteen\nbrands: [{id: a, name: A}, {id: a, name: B}]", `brand "a": id: used twice`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Configure(load(t, tc.text))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestTermsAreTheSourcesOwnUnlessSaid(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       map[string]engine.Terms
	}{
		{"nothing said", "", engine.DefaultTerms()},
		{"nothing forbidden", "terms: {x: {off: []}}", map[string]engine.Terms{"x": {Off: []string{}}}},
		{"others", "terms: {reddit: {off: [abuse], off_public: [phi]}}", map[string]engine.Terms{"reddit": {Off: []string{"abuse"}, OffPublic: []string{"phi"}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			service, err := Configure(load(t, "secret_key: a key of at least sixteen\n"+tc.text))
			require.NoError(t, err)
			got := service.Sections["terms"].(map[string]engine.Terms)
			require.Len(t, got, len(tc.want))
			for platform, terms := range tc.want {
				require.Equal(t, terms, got[platform])
			}
		})
	}
}

func TestConfigureReadsOwnPacks(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "house.yaml"), []byte("name: house\nversion: 1.0.0\nrules: []\n"), 0o600))
	_, err := Configure(load(t, "secret_key: a key of at least sixteen\npacks: {dirs: ["+dir+"]}"))
	require.EqualError(t, err, "packs.dirs: read pack house.yaml: rules: none")
}

func TestValidate(t *testing.T) {
	require.NoError(t, DefaultConfig().Validate())
	for _, tc := range []struct {
		field string
		spoil func(c *Config)
	}{
		{"admin_listen", func(c *Config) { c.AdminListen = "9102" }},
		{"batch_messages", func(c *Config) { c.BatchMessages = 0 }},
		{"batch_delay", func(c *Config) { c.BatchDelay = -1 }},
		{"admin_listen", func(c *Config) { c.AdminListen = "" }},
		{"batch_messages", func(c *Config) { c.BatchMessages = 100_001 }},
		{"batch_delay", func(c *Config) { c.BatchDelay = 0 }},
		{"batch_delay", func(c *Config) { c.BatchDelay = time.Minute + 1 }},
		{"workers", func(c *Config) { c.Workers = -1 }},
		{"workers", func(c *Config) { c.Workers = 1025 }},
	} {
		t.Run(tc.field, func(t *testing.T) {
			c := DefaultConfig()
			tc.spoil(&c)
			require.ErrorContains(t, c.Validate(), "classifier."+tc.field)
			require.ErrorContains(t, Run(t.Context(), c, Deps{}), "classifier."+tc.field)
		})
	}
}

func TestWorkersAreTheCoresUnlessSaid(t *testing.T) {
	require.Equal(t, runtime.GOMAXPROCS(0), DefaultConfig().workers())
	require.Equal(t, 3, Config{Workers: 3}.workers())
}

// TestTheKeyStaysSecret in what -dump prints and in errors, and may come from a file.
func TestTheKeyStaysSecret(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(key, []byte("hunter2 hunter2 hunter2\n"), 0o600))
	service, err := Configure(load(t, "secret_key_file: "+key))
	require.NoError(t, err)
	dumped, err := config.Dump(service.Sections)
	require.NoError(t, err)
	require.NotContains(t, string(dumped), "hunter2")

	_, err = Configure(load(t, "secret_key: hunter2 hunter2 hunter2\nsecret_key_file: "+key))
	require.ErrorContains(t, err, "secret_key")
	require.NotContains(t, err.Error(), "hunter2")
	_, err = Configure(load(t, "secret_key_file: "+key+".absent"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(key, []byte("hunter2\n"), 0o600))
	_, err = Configure(load(t, "secret_key_file: "+key))
	require.ErrorContains(t, err, "at least 16 characters")
	require.NotContains(t, err.Error(), "hunter2")
}
