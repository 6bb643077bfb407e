package bus_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
)

func TestConfigValidateNamesTheField(t *testing.T) {
	tests := map[string]struct {
		change func(*bus.Config)
		want   string
	}{
		"no brokers":           {func(c *bus.Config) { c.Brokers = nil }, "kafka.brokers"},
		"no port":              {func(c *bus.Config) { c.Brokers = []string{"a:1", "b"} }, `kafka.brokers.1: "b"`},
		"no partitions":        {func(c *bus.Config) { c.Partitions = 0 }, "kafka.partitions: 0"},
		"too many partitions":  {func(c *bus.Config) { c.Partitions = 2000 }, "kafka.partitions: 2000"},
		"no replicas":          {func(c *bus.Config) { c.Replication = 0 }, "kafka.replication: 0"},
		"certificate, no key":  {func(c *bus.Config) { c.TLS.CertFile = "a.pem" }, "cert_file and key_file"},
		"unknown mechanism":    {func(c *bus.Config) { c.SASL.Mechanism = "gssapi" }, `"gssapi" is not plain`},
		"valid, with login":    {func(c *bus.Config) { c.SASL.Mechanism = "scram-sha-512" }, ""},
		"valid, as by default": {func(*bus.Config) {}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := bus.DefaultConfig()
			config.Brokers = []string{"127.0.0.1:9092"}
			tt.change(&config)
			if tt.want == "" {
				require.NoError(t, config.Validate())
			} else {
				require.ErrorContains(t, config.Validate(), tt.want)
			}
		})
	}
}

func TestNewWriterNamesWhatItCannotUse(t *testing.T) {
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(notPEM, []byte("no certificate"), 0o600))
	tests := map[string]struct {
		change  func(*bus.Config)
		service string
		want    string
	}{
		"no authority file":  {func(c *bus.Config) { c.TLS.CAFile = "absent.pem" }, "test", "kafka.tls.ca_file"},
		"no authority in it": {func(c *bus.Config) { c.TLS.CAFile = notPEM }, "test", "no certificate"},
		"no key pair":        {func(c *bus.Config) { c.TLS.CertFile, c.TLS.KeyFile = notPEM, notPEM }, "test", "kafka.tls.cert_file"},
		"no password file":   {func(c *bus.Config) { c.SASL.PasswordFile = "absent" }, "test", "kafka.sasl.password_file"},
		"odd service name":   {func(*bus.Config) {}, "my-service", `service "my-service"`},
		"no brokers":         {func(c *bus.Config) { c.Brokers = nil }, "test", "kafka.brokers"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := bus.DefaultConfig()
			config.Brokers = []string{"127.0.0.1:9092"}
			config.TLS.Enabled = true
			tt.change(&config)
			_, err := bus.NewWriter(config, tt.service)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestEnsureTopicsTwiceChangesNothing(t *testing.T) {
	config := testkit.Broker(t)
	send(t, config, bus.TopicPosts, 3)
	config.Partitions = 7
	require.NoError(t, bus.EnsureTopics(t.Context(), config))
	n := 0
	require.NoError(t, bus.ReadAll(t.Context(), config, bus.TopicPosts, func(m bus.Message) error {
		require.Less(t, m.Partition, 3, "partitions of an existing topic stay")
		n++
		return nil
	}))
	require.Equal(t, 3, n)
}

func TestEnsureTopicsSetsWhatEachTopicNeeds(t *testing.T) {
	config := testkit.Broker(t)
	want := map[string]map[string]string{
		bus.TopicPosts:       {"cleanup.policy": "delete", "retention.ms": "237600000", "segment.ms": "21600000"},
		bus.TopicDead:        {"cleanup.policy": "delete", "retention.ms": "237600000", "segment.ms": "21600000"},
		bus.TopicAlerts:      {"cleanup.policy": "compact,delete", "retention.ms": "2570400000", "min.compaction.lag.ms": "86400000"},
		bus.TopicReviews:     {"cleanup.policy": "delete", "retention.ms": "2570400000"},
		bus.TopicCursors:     {"cleanup.policy": "compact", "retention.ms": "-1"},
		bus.TopicCheckpoints: {"cleanup.policy": "compact", "retention.ms": "-1"},
	}
	client := &kafka.Client{Addr: kafka.TCP(config.Brokers...), Transport: &kafka.Transport{}}
	t.Cleanup(client.Transport.(*kafka.Transport).CloseIdleConnections)
	for topic, settings := range want {
		response, err := client.DescribeConfigs(t.Context(), &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{
			{ResourceType: kafka.ResourceTypeTopic, ResourceName: config.Prefix + topic},
		}})
		require.NoError(t, err)
		got := map[string]string{}
		for _, entry := range response.Resources[0].ConfigEntries {
			if _, ok := settings[entry.ConfigName]; ok {
				got[entry.ConfigName] = entry.ConfigValue
			}
		}
		require.Equal(t, settings, got, topic)
	}
}

func TestHeaderGivesTheFirstOfItsName(t *testing.T) {
	m := bus.Message{Headers: []bus.Header{{Key: "a", Value: "1"}, {Key: "a", Value: "2"}}}
	require.Equal(t, "1", m.Header("a"))
	require.Empty(t, m.Header("b"))
}
