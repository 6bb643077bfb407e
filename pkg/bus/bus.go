// Package bus is Earshot's way in and out of Kafka, and the only one.
//
// It refuses to be general: one value format per topic, one delivery contract
// (house.md section 3). A [Writer] returns only when all in-sync replicas have the
// messages; [Consume] moves an offset only after the handler's effect is durable, so a
// crash at any line repeats messages and never loses one. Handlers are idempotent by id.
//
// Every default of kafka-go that would lose, delay or panic is overridden here, once.
package bus

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
	"unsafe"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"github.com/earshot/earshot/pkg/config"
)

// The topics. A breaking change of a value is a new topic with the next number.
const (
	// TopicPosts holds posts as they were written, keyed by post id, for at most 72 h.
	TopicPosts = "earshot.posts.v1"
	// TopicAssessments holds judged mentions, redacted, keyed by brand.
	TopicAssessments = "earshot.assessments.v1"
	// TopicAlerts holds the newest state of each alert, keyed by alert id, compacted,
	// for 30 days.
	TopicAlerts = "earshot.alerts.v1"
	// TopicReviews holds what humans decided about judgements, keyed by post id, for 30 days.
	TopicReviews = "earshot.reviews.v1"
	// TopicCursors holds how far each source was read, keyed by source, compacted.
	TopicCursors = "earshot.cursors.v1"
	// TopicCheckpoints holds the alerter's windows with their offsets, compacted.
	TopicCheckpoints = "earshot.checkpoints.v1"
	// TopicDead holds what could never succeed, with the reason in headers.
	TopicDead = "earshot.dead.v1"
)

// MaxMessageBytes bounds key, value and headers of one message. Kafka brokers refuse
// batches over 1,048,588 bytes by default (message.max.bytes).
const MaxMessageBytes = 1_000_000

// Message is one record of a topic. Topic, Key, Value and Headers are the sender's;
// Partition, Offset and Time are set on messages that were read. The bytes of a message
// that was read are its own and never change, so strings may share them.
type Message struct {
	Topic     string
	Key       []byte
	Value     []byte
	Headers   []Header
	Partition int
	Offset    int64
	Time      time.Time
}

// Header is one header of a message. Values are text in all that Earshot sends.
type Header struct {
	Key, Value string
}

// Header returns the value of the first header of that name, "" where there is none.
func (m *Message) Header(key string) string {
	for i := range m.Headers {
		if m.Headers[i].Key == key {
			return m.Headers[i].Value
		}
	}
	return ""
}

// Config is the section kafka of earshot.yaml.
type Config struct {
	// Brokers are addresses as host:port; any one leads to the whole cluster.
	Brokers []string `yaml:"brokers"`
	// EmbeddedListen is where `earshot up` runs its own broker when Brokers is empty.
	EmbeddedListen string `yaml:"embedded_listen"`
	TLS            TLS    `yaml:"tls"`
	SASL           SASL   `yaml:"sasl"`
	// Partitions and Replication are those of topics that Earshot creates. Partitions
	// of an existing topic are never changed: keys would move.
	Partitions  int `yaml:"partitions"`
	Replication int `yaml:"replication"`
	// Prefix stands before every topic and group on the wire. Tests on a shared
	// cluster keep apart by it; no file sets it.
	Prefix string `yaml:"-"`
}

// TLS encrypts the connections to the brokers.
type TLS struct {
	Enabled bool `yaml:"enabled"`
	// CAFile is a PEM file of authorities; empty means the system's.
	CAFile string `yaml:"ca_file"`
	// CertFile and KeyFile are the client's PEM files; both or neither.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
}

// SASL is the login at the brokers.
type SASL struct {
	// Mechanism is "", "plain", "scram-sha-256" or "scram-sha-512".
	Mechanism    string        `yaml:"mechanism"`
	Username     string        `yaml:"username"`
	Password     config.Secret `yaml:"password"`
	PasswordFile string        `yaml:"password_file"`
}

// DefaultConfig is the embedded broker with six partitions, one replica.
func DefaultConfig() Config {
	return Config{EmbeddedListen: "127.0.0.1:9092", Partitions: 6, Replication: 1}
}

// Validate names the first field that holds what it may not, and what it may.
func (c Config) Validate() error {
	if len(c.Brokers) == 0 {
		return errors.New("kafka.brokers: none given; want at least one host:port")
	}
	for i, broker := range c.Brokers {
		if _, _, err := net.SplitHostPort(broker); err != nil {
			return fmt.Errorf("kafka.brokers.%d: %q is not host:port", i, broker)
		}
	}
	if c.Partitions < 1 || c.Partitions > 1024 {
		return fmt.Errorf("kafka.partitions: %d is not between 1 and 1024", c.Partitions)
	}
	if c.Replication < 1 || c.Replication > 9 {
		return fmt.Errorf("kafka.replication: %d is not between 1 and 9", c.Replication)
	}
	if (c.TLS.CertFile == "") != (c.TLS.KeyFile == "") {
		return errors.New("kafka.tls: cert_file and key_file: set both or neither")
	}
	switch c.SASL.Mechanism {
	case "", "plain", "scram-sha-256", "scram-sha-512":
		return nil
	}
	return fmt.Errorf("kafka.sasl.mechanism: %q is not plain, scram-sha-256 or scram-sha-512", c.SASL.Mechanism)
}

func (c Config) tls() (*tls.Config, error) {
	if !c.TLS.Enabled {
		return nil, nil
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS.CAFile != "" {
		pem, err := os.ReadFile(c.TLS.CAFile)
		if err != nil {
			return nil, fmt.Errorf("kafka.tls.ca_file: %w", err)
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("kafka.tls.ca_file: no certificate in %q", c.TLS.CAFile)
		}
	}
	if c.TLS.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(c.TLS.CertFile, c.TLS.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("kafka.tls.cert_file: %w", err)
		}
		out.Certificates = []tls.Certificate{cert}
	}
	return out, nil
}

func (c Config) sasl() (sasl.Mechanism, error) {
	password, err := config.ResolveSecret("kafka.sasl.password", c.SASL.Password, c.SASL.PasswordFile)
	if err != nil {
		return nil, err
	}
	switch c.SASL.Mechanism {
	case "plain":
		return plain.Mechanism{Username: c.SASL.Username, Password: password.Reveal()}, nil
	case "scram-sha-256":
		return scram.Mechanism(scram.SHA256, c.SASL.Username, password.Reveal())
	case "scram-sha-512":
		return scram.Mechanism(scram.SHA512, c.SASL.Username, password.Reveal())
	}
	return nil, nil
}

// wire and plain translate names between the program and the brokers.
func (c Config) wire(name string) string  { return c.Prefix + name }
func (c Config) plain(name string) string { return strings.TrimPrefix(name, c.Prefix) }

func (c Config) wireAll(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = c.wire(name)
	}
	return out
}

func (c Config) fromKafka(m kafka.Message) Message {
	out := Message{
		Topic: c.plain(m.Topic), Key: m.Key, Value: m.Value,
		Partition: m.Partition, Offset: m.Offset, Time: m.Time,
	}
	if len(m.Headers) > 0 {
		out.Headers = make([]Header, len(m.Headers))
		for i, h := range m.Headers {
			out.Headers[i] = Header{Key: h.Key, Value: text(h.Value)}
		}
	}
	return out
}

func (c Config) toKafka(m Message) kafka.Message {
	out := kafka.Message{Topic: c.wire(m.Topic), Key: m.Key, Value: m.Value}
	if len(m.Headers) > 0 {
		out.Headers = make([]kafka.Header, len(m.Headers))
		for i, h := range m.Headers {
			out.Headers[i] = kafka.Header{Key: h.Key, Value: raw(h.Value)}
		}
	}
	return out
}

// text and raw convert without a copy: kafka-go hands out the bytes for good and only
// reads those it is given. With copies headers were a tenth of a post's allocations.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // nobody changes b
}

func raw(s string) []byte {
	if s == "" {
		return []byte{} // nil would be another value on the wire
	}
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // nobody changes the bytes
}
