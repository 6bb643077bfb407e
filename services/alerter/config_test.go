package alerter

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/schemas"
)

func TestConfigureReadsEveryKey(t *testing.T) {
	rules := rulesFile(t)
	file, err := config.Parse("earshot.yaml", []byte(`
kafka: {brokers: ["127.0.0.1:9092"]}
alerter:
  admin_listen: 127.0.0.1:9104
  rules: [`+rules+`]
  receivers:
    - {name: on-call, type: webhook, url: "https://h.example/s3cret", token: s3cret, timeout: 3s, give_up_after: 1m}
    - {name: comms, type: slack, url_file: /run/secrets/slack, firing_only: true}
    - {name: screen, type: terminal}
  checkpoint_interval: 2s
  lateness: 48h
  idle: 1m30s
  batch_messages: 100
  batch_delay: 5ms
`), nil, schemas.EarshotSchema)
	require.NoError(t, err)
	service, err := Configure(file)
	require.NoError(t, err)
	got := service.Sections["alerter"].(Config)
	require.Equal(t, Config{
		AdminListen: "127.0.0.1:9104", Rules: []string{rules}, CheckpointInterval: 2 * time.Second, Lateness: 48 * time.Hour,
		Idle: 90 * time.Second, BatchMessages: 100, BatchDelay: 5 * time.Millisecond,
		Receivers: []ReceiverConfig{
			{Name: "on-call", Type: "webhook", URL: "https://h.example/s3cret", Token: "s3cret", Timeout: 3 * time.Second, GiveUpAfter: time.Minute},
			{Name: "comms", Type: "slack", URLFile: "/run/secrets/slack", FiringOnly: true},
			{Name: "screen", Type: "terminal"},
		},
	}, got)
	dumped, err := config.Dump(service.Sections)
	require.NoError(t, err)
	require.NotContains(t, string(dumped), "s3cret")
}

func TestDefaultConfigIsValid(t *testing.T) {
	require.NoError(t, DefaultConfig().Validate())
}

func TestConfigureNamesBrokenRules(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(path, []byte("rules: [{name: a, severity: info, measure: mention, filter: nope}]\n"), 0o600))
	file, err := config.Parse("e.yaml", []byte("kafka: {brokers: ['h:1']}\nalerter: {rules: ["+path+"]}\n"), nil, schemas.EarshotSchema)
	require.NoError(t, err)
	_, err = Configure(file)
	require.ErrorContains(t, err, "broken.yaml:1")
	require.ErrorContains(t, err, "nope")
}

func TestValidateNamesTheField(t *testing.T) {
	tests := map[string]struct {
		change func(*Config)
		want   string
	}{
		"address":             {func(c *Config) { c.AdminListen = "9104" }, "alerter.admin_listen"},
		"checkpoint interval": {func(c *Config) { c.CheckpointInterval = 0 }, "alerter.checkpoint_interval"},
		"lateness":            {func(c *Config) { c.Lateness = -1 }, "alerter.lateness"},
		"idle":                {func(c *Config) { c.Idle = time.Second }, "alerter.idle"},
		"batch delay":         {func(c *Config) { c.BatchDelay = 0 }, "alerter.batch_delay"},
		"batch size":          {func(c *Config) { c.BatchMessages = 0 }, "alerter.batch_messages"},
		"receiver's name":     {func(c *Config) { c.Receivers[0].Name = "On Call" }, "alerter.receivers.0.name"},
		"same name":           {func(c *Config) { c.Receivers = append(c.Receivers, c.Receivers[0]) }, "alerter.receivers.1.name"},
		"unknown type":        {func(c *Config) { c.Receivers[0].Type = "fax" }, "alerter.receivers.0.type"},
		"webhook without url": {func(c *Config) { c.Receivers[0].Type = "webhook" }, "alerter.receivers.0.url"},
		"both urls": {func(c *Config) {
			c.Receivers[0] = ReceiverConfig{Name: "a", Type: "slack", URL: "https://s3cret", URLFile: "f"}
		}, "alerter.receivers.0.url"},
		"url of a terminal": {func(c *Config) { c.Receivers[0].URL = "https://s3cret" }, "alerter.receivers.0.url"},
		"token of slack": {func(c *Config) {
			c.Receivers[0] = ReceiverConfig{Name: "a", Type: "slack", URL: "https://h", Token: "s3cret"}
		}, "alerter.receivers.0.token"},
		"timeout": {func(c *Config) { c.Receivers[0].Timeout = -1 }, "alerter.receivers.0.timeout"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := DefaultConfig()
			tt.change(&c)
			err := c.Validate()
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "s3cret")
		})
	}
}

// TestValidateTakesBothEndsOfEachRange and refuses what is one past them.
func TestValidateTakesBothEndsOfEachRange(t *testing.T) {
	tests := map[string]struct {
		low, high time.Duration
		set       func(*Config, time.Duration)
	}{
		"checkpoint_interval": {100 * time.Millisecond, 10 * time.Minute, func(c *Config, d time.Duration) { c.CheckpointInterval = d }},
		"lateness":            {0, 720 * time.Hour, func(c *Config, d time.Duration) { c.Lateness = d }},
		"idle":                {10 * time.Second, 24 * time.Hour, func(c *Config, d time.Duration) { c.Idle = d }},
		"batch_delay":         {time.Millisecond, time.Minute, func(c *Config, d time.Duration) { c.BatchDelay = d }},
		"batch_messages":      {1, 100_000, func(c *Config, d time.Duration) { c.BatchMessages = int(d) }},
	}
	for field, tt := range tests {
		t.Run(field, func(t *testing.T) {
			for d, good := range map[time.Duration]bool{tt.low - 1: false, tt.low: true, tt.high: true, tt.high + 1: false} {
				c := DefaultConfig()
				tt.set(&c, d)
				if good {
					require.NoError(t, c.Validate(), d)
					continue
				}
				require.ErrorContains(t, c.Validate(), "alerter."+field+": ", d)
			}
		})
	}
}

func TestReceiverAddresses(t *testing.T) {
	tests := map[string]bool{
		"https://hooks.example/s3cret": true, "http://127.0.0.1:1/s3cret": true, "ftp://h/s3cret": false, "https:///s3cret": false,
		"s3cret": false, "//h/s3cret": false, "http://h:port/s3cret": false, " https://h/s3cret": false,
	}
	for address, good := range tests {
		_, err := ReceiverConfig{Name: "a", Type: "slack", URL: config.Secret(address)}.resolve()
		if good {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, `receiver "a": url`, address)
		require.NotContains(t, err.Error(), "s3cret")
	}
}

func TestSecretFilesAreRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "url")
	require.NoError(t, os.WriteFile(path, []byte("https://h.example/x\n"), 0o600))
	got, err := ReceiverConfig{Name: "a", Type: "slack", URLFile: path}.resolve()
	require.NoError(t, err)
	require.Equal(t, "https://h.example/x", got.URL.Reveal())
	require.Equal(t, 10*time.Second, got.Timeout)
	require.Equal(t, 5*time.Minute, got.GiveUpAfter)

	_, err = ReceiverConfig{Name: "a", Type: "slack", URLFile: path + ".absent"}.resolve()
	require.ErrorContains(t, err, `receiver "a"`)
	require.ErrorIs(t, err, os.ErrNotExist)
}
