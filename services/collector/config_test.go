package collector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/collector/feed"
	"github.com/earshot/earshot/services/collector/file"
)

func TestDefaultConfigIsValidAndOnLoopback(t *testing.T) {
	c := DefaultConfig()
	require.NoError(t, c.Validate())
	require.True(t, loopback(c.Listen))
	require.True(t, loopback(c.AdminListen))
}

func TestValidateNamesTheField(t *testing.T) {
	posts := &file.Config{Path: "posts.jsonl"}
	tests := map[string]struct {
		change func(*Config)
		want   string
	}{
		"no address":       {func(c *Config) { c.Listen = "8080" }, `collector.listen: "8080" is not host:port`},
		"no admin address": {func(c *Config) { c.AdminListen = "" }, `collector.admin_listen: "" is not host:port`},
		"open, no token":   {func(c *Config) { c.Listen = ":8080" }, `collector.token: none given; ":8080" is not a loopback address`},
		"small body":       {func(c *Config) { c.MaxBodyBytes = 1 }, "collector.max_body_bytes: 1 is not between 1024 and"},
		"no posts":         {func(c *Config) { c.MaxBatchPosts = 0 }, "collector.max_batch_posts: 0 is not between 1 and"},
		"less than a body": {func(c *Config) { c.MaxInflightBytes = 1 << 20 }, "collector.max_inflight_bytes: 1048576 is not between 8388608 and"},
		"no patience":      {func(c *Config) { c.WriteTimeout = time.Millisecond }, "collector.write_timeout: 1 ms is not between 100 and 60000"},
		"odd name":         {func(c *Config) { c.Sources = []Source{{Name: "A b", File: posts}} }, "collector.sources.0.name"},
		"taken name":       {func(c *Config) { c.Sources = []Source{{Name: "a", File: posts}, {Name: "a", File: posts}} }, `collector.sources.1.name: "a" is taken`},
		"name of HTTP":     {func(c *Config) { c.Sources = []Source{{Name: "http", File: posts}} }, `"http" is taken`},
		"negative rate":    {func(c *Config) { c.Sources = []Source{{Name: "a", File: posts, Rate: -1}} }, "collector.sources.0.rate"},
		"no kind":          {func(c *Config) { c.Sources = []Source{{Name: "a"}} }, "collector.sources.0.file, feed: want exactly one"},
		"two kinds":        {func(c *Config) { c.Sources = []Source{{Name: "a", File: posts, Feed: &feed.Config{}}} }, "want exactly one"},
		"bad file":         {func(c *Config) { c.Sources = []Source{{Name: "a", File: &file.Config{}}} }, "collector.sources.0.file.path: missing"},
		"bad feed":         {func(c *Config) { c.Sources = []Source{{Name: "a", Feed: &feed.Config{}}} }, "collector.sources.0.feed.url: want"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := DefaultConfig()
			tt.change(&c)
			require.ErrorContains(t, c.Validate(), tt.want)
		})
	}
}

// TestValidateTakesBothEndsOfEachRange and refuses what is one past them.
func TestValidateTakesBothEndsOfEachRange(t *testing.T) {
	tests := map[string]struct {
		low, high int64
		set       func(*Config, int64)
	}{
		"max_body_bytes":     {1 << 10, 1 << 30, func(c *Config, n int64) { c.MaxBodyBytes, c.MaxInflightBytes = n, max(n, 1<<30) }},
		"max_batch_posts":    {1, 1_000_000, func(c *Config, n int64) { c.MaxBatchPosts = int(n) }},
		"max_inflight_bytes": {8 << 20, 1 << 40, func(c *Config, n int64) { c.MaxInflightBytes = n }},
		"write_timeout":      {100, 60_000, func(c *Config, n int64) { c.WriteTimeout = time.Duration(n) * time.Millisecond }},
	}
	for field, tt := range tests {
		t.Run(field, func(t *testing.T) {
			for n, good := range map[int64]bool{tt.low - 1: false, tt.low: true, tt.high: true, tt.high + 1: false, -1: false} {
				c := DefaultConfig()
				tt.set(&c, n)
				if good {
					require.NoError(t, c.Validate(), n)
					continue
				}
				require.ErrorContains(t, c.Validate(), "collector."+field+": ", n)
			}
		})
	}
}

func TestAnOpenAddressNeedsAToken(t *testing.T) {
	for _, address := range []string{"0.0.0.0:8080", "[::]:8080", "10.0.0.1:8080", "example.com:8080"} {
		c := DefaultConfig()
		c.Listen = address
		require.Error(t, c.Validate())
		c.Token = "s3cret"
		require.NoError(t, c.Validate())
	}
	for _, address := range []string{"127.0.0.1:1", "[::1]:1", "localhost:1"} {
		c := DefaultConfig()
		c.Listen = address
		require.NoError(t, c.Validate())
	}
}

func TestConfigure(t *testing.T) {
	const text = `
kafka: {brokers: ["kafka:9092"]}
collector:
  token: s3cret
  write_timeout: 3s
  sources:
    - name: airlines
      rate: 500
      file: {path: train.tsv.gz, mapping: {constants: {platform: x}, fields: {text: text}, row_id: a, time: {start: 2015-02-17T00:00:00Z, step: 10s}}}
    - {name: press, feed: {url: "https://press.example/feed", interval: 10m}}
`
	f, err := config.Parse("earshot.yaml", []byte(text), nil, schemas.EarshotSchema)
	require.NoError(t, err)
	s, err := Configure(f)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:9101", s.AdminListen)
	own := s.Sections["collector"].(Config)
	require.Equal(t, 3*time.Second, own.WriteTimeout)
	require.Equal(t, 10*time.Second, own.Sources[0].File.Mapping.Time.Step)
	require.Equal(t, 10*time.Minute, own.Sources[1].Feed.Interval)

	dumped, err := config.Dump(s.Sections)
	require.NoError(t, err)
	require.NotContains(t, string(dumped), "s3cret")
	again, err := config.Parse("dumped.yaml", dumped, nil, schemas.EarshotSchema)
	require.NoError(t, err, "what -dump prints is a configuration file")
	_, err = Configure(again)
	require.NoError(t, err)
}

func TestConfigureRefuses(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"no broker":        {"collector: {}", "kafka.brokers"},
		"an open address":  {`{kafka: {brokers: ["k:1"]}, collector: {listen: "0.0.0.0:1"}}`, "collector.token"},
		"a timeout for no": {`{kafka: {brokers: ["k:1"]}, collector: {write_timeout: soon}}`, "collector"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := config.Parse("earshot.yaml", []byte(tt.text), nil, schemas.EarshotSchema)
			require.NoError(t, err)
			_, err = Configure(f)
			require.ErrorContains(t, err, tt.want)
		})
	}
}
