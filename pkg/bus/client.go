package bus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/earshot/earshot/pkg/retry"
)

const (
	clientID       = "earshot"
	dialTimeout    = 5 * time.Second
	requestTimeout = 10 * time.Second
	// startLimit is how long a start-up waits for the brokers to answer.
	startLimit = time.Minute
	// maxWait bounds an empty fetch, and with it how long closing a reader takes.
	maxWait = 250 * time.Millisecond
)

func (c Config) transport() (*kafka.Transport, error) {
	encryption, err := c.tls()
	if err != nil {
		return nil, err
	}
	login, err := c.sasl()
	if err != nil {
		return nil, err
	}
	return &kafka.Transport{ClientID: clientID, DialTimeout: dialTimeout, TLS: encryption, SASL: login}, nil
}

func (c Config) dialer() (*kafka.Dialer, error) {
	encryption, err := c.tls()
	if err != nil {
		return nil, err
	}
	login, err := c.sasl()
	if err != nil {
		return nil, err
	}
	return &kafka.Dialer{ClientID: clientID, Timeout: dialTimeout, DualStack: true, TLS: encryption, SASLMechanism: login}, nil
}

// client returns a client and the function that releases its connections.
func (c Config) client() (*kafka.Client, func(), error) {
	transport, err := c.transport()
	if err != nil {
		return nil, nil, err
	}
	client := &kafka.Client{Addr: kafka.TCP(c.Brokers...), Timeout: requestTimeout, Transport: transport}
	return client, transport.CloseIdleConnections, nil
}

// topicSettings are the settings of each topic that differ from the broker's. Kafka
// deletes and compacts closed segments only, so each topic says when one closes: text as
// written, in posts and in the dead letters of posts, is gone 72 h after it came.
func topicSettings() map[string]map[string]string {
	hours := func(n int) string { return strconv.FormatInt((time.Duration(n) * time.Hour).Milliseconds(), 10) }
	kept := func(n int) map[string]string {
		const segment = 6
		return map[string]string{"cleanup.policy": "delete", "retention.ms": hours(n - segment), "segment.ms": hours(segment)}
	}
	// Compacted topics keep the newest message of each key for ever; the embedded broker
	// would drop it after a week if retention.ms did not say so.
	compacted := map[string]string{"cleanup.policy": "compact", "retention.ms": "-1", "segment.ms": hours(1)}
	// A receiver that was away for a day still reads that an alert fired, not only that
	// it resolved. Alert ids never come again, and their excerpts must not stay for ever.
	alerts := kept(30 * 24)
	alerts["cleanup.policy"] = "compact,delete"
	alerts["min.compaction.lag.ms"] = hours(24)
	return map[string]map[string]string{
		TopicPosts:       kept(72),
		TopicAssessments: kept(7 * 24),
		TopicAlerts:      alerts,
		TopicReviews:     kept(30 * 24),
		TopicCursors:     compacted,
		TopicCheckpoints: compacted,
		TopicDead:        kept(72),
	}
}

// EnsureTopics creates the topics that are missing, leaves the others as they are, and
// returns when all can be used. It waits up to a minute for the brokers.
func EnsureTopics(ctx context.Context, c Config) error {
	if err := c.Validate(); err != nil {
		return err
	}
	client, release, err := c.client()
	if err != nil {
		return err
	}
	defer release()
	request := &kafka.CreateTopicsRequest{}
	for topic, settings := range topicSettings() {
		request.Topics = append(request.Topics, c.topicConfig(topic, settings))
	}
	return retry.DoFor(ctx, startLimit, func(ctx context.Context) error {
		response, err := client.CreateTopics(ctx, request)
		if err != nil {
			return fmt.Errorf("create topics: %w", err)
		}
		for topic, err := range response.Errors {
			if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
				return fmt.Errorf("create topic %s: %w", topic, err)
			}
		}
		_, err = spans(ctx, client, slices.Collect(maps.Keys(response.Errors)))
		return err // while a new partition has no leader yet
	})
}

func (c Config) topicConfig(topic string, settings map[string]string) kafka.TopicConfig {
	out := kafka.TopicConfig{Topic: c.wire(topic), NumPartitions: c.Partitions, ReplicationFactor: c.Replication}
	for name, value := range settings {
		out.ConfigEntries = append(out.ConfigEntries, kafka.ConfigEntry{ConfigName: name, ConfigValue: value})
	}
	return out
}

// span is the part of a partition that can be read: offsets first (inclusive) to end
// (exclusive).
type span struct{ first, end int64 }

// awaitSpans is spans for a start-up: it waits up to a minute for the brokers, but not
// for a topic that is not there.
func (c Config) awaitSpans(ctx context.Context, topic string) (out map[int]span, err error) {
	err = retry.DoFor(ctx, startLimit, func(ctx context.Context) error {
		out, err = c.spans(ctx, topic)
		if errors.Is(err, kafka.UnknownTopicOrPartition) {
			return retry.Permanent(err)
		}
		return err
	})
	return out, err
}

// Ping returns nil when the brokers answer and lead the topic of posts.
func (c Config) Ping(ctx context.Context) error {
	if _, err := c.spans(ctx, TopicPosts); err != nil {
		return fmt.Errorf("kafka: %w", err)
	}
	return nil
}

// spans asks for the readable part of every partition of one topic.
func (c Config) spans(ctx context.Context, topic string) (map[int]span, error) {
	client, release, err := c.client()
	if err != nil {
		return nil, err
	}
	defer release()
	all, err := spans(ctx, client, []string{c.wire(topic)})
	return all[c.wire(topic)], err
}

// spans asks for the readable part of every partition of the topics, by wire name.
func spans(ctx context.Context, client *kafka.Client, topics []string) (map[string]map[int]span, error) {
	metadata, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: topics})
	if err != nil {
		return nil, fmt.Errorf("ask for partitions: %w", err)
	}
	request := &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{}}
	for _, topic := range metadata.Topics {
		if topic.Error != nil {
			return nil, fmt.Errorf("ask for partitions of %s: %w", topic.Name, topic.Error)
		}
		for _, p := range topic.Partitions {
			request.Topics[topic.Name] = append(request.Topics[topic.Name], kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
		}
	}
	response, err := client.ListOffsets(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("ask for offsets: %w", err)
	}
	out := make(map[string]map[int]span, len(topics))
	for topic, partitions := range response.Topics {
		out[topic] = make(map[int]span, len(partitions))
		for _, p := range partitions {
			if p.Error != nil {
				return nil, fmt.Errorf("ask for offsets of %s/%d: %w", topic, p.Partition, p.Error)
			}
			out[topic][p.Partition] = span{first: p.FirstOffset, end: p.LastOffset}
		}
	}
	return out, nil
}
