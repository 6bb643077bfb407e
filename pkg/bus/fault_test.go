package bus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// startFaulty is a broker of one partition a topic whose answers a test can take over.
func startFaulty(t *testing.T, options ...kfake.Opt) (*kfake.Cluster, Config) {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(1))...)
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	c := Config{Brokers: cluster.ListenAddrs(), Partitions: 1, Replication: 1}
	require.NoError(t, EnsureTopics(t.Context(), c))
	return cluster, c
}

func write(t *testing.T, c Config, topic string, values ...string) {
	t.Helper()
	writer, err := NewWriter(c, "test")
	require.NoError(t, err)
	defer func() { require.NoError(t, writer.Close()) }()
	for _, value := range values {
		require.NoError(t, writer.Write(t.Context(), Message{Topic: topic, Key: []byte(value), Value: []byte(value)}))
	}
}

// take consumes posts until it has seen n and they are committed, then stops.
func take(t *testing.T, c Config, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var got []string
	err := Consume(ctx, ConsumeOptions{
		Config: c, Topics: []string{TopicPosts}, Group: "g", Service: "test", BatchMessages: 1, BatchDelay: time.Second,
		Handler: func(_ context.Context, batch []Message) ([]Reject, error) {
			for _, m := range batch {
				got = append(got, string(m.Value))
			}
			if len(got) >= n {
				cancel()
			}
			return nil, nil
		},
	})
	require.NoError(t, err)
	return got
}

func numbers(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// A group that was away for longer than posts are kept goes on with the oldest.
func TestConsumeGoesOnBehindWhatRetentionTook(t *testing.T) {
	cluster, c := startFaulty(t)
	write(t, c, TopicPosts, numbers(0, 10)...)
	require.Equal(t, numbers(0, 2), take(t, c, 2))
	require.NoError(t, cluster.DeleteRecords(TopicPosts, 0, 5))
	require.Equal(t, numbers(5, 10), take(t, c, 5))
}

func TestLagCountsOnlyWhatIsStillThere(t *testing.T) {
	cluster, c := startFaulty(t)
	write(t, c, TopicPosts, numbers(0, 10)...)
	require.Equal(t, numbers(0, 2), take(t, c, 2))
	lag, err := Lag(t.Context(), c, "g", TopicPosts, TopicAlerts)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{TopicPosts: 8, TopicAlerts: 0}, lag)
	require.NoError(t, cluster.DeleteRecords(TopicPosts, 0, 5))
	lag, err = Lag(t.Context(), c, "g", TopicPosts)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{TopicPosts: 5}, lag)
}

// failTimes answers the first n requests of a kind with an error of the broker.
func failTimes(cluster *kfake.Cluster, kind kmsg.Key, n int, answer func(kmsg.Request) (kmsg.Response, error)) func() int {
	var mu sync.Mutex
	seen := 0
	cluster.ControlKey(kind.Int16(), func(request kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		mu.Lock()
		defer mu.Unlock()
		if seen++; seen > n {
			return nil, nil, false
		}
		response, err := answer(request)
		return response, err, true
	})
	return func() int { mu.Lock(); defer mu.Unlock(); return seen }
}

var errHangUp = errors.New("hang up")

func hangUp(kmsg.Request) (kmsg.Response, error) { return nil, errHangUp }

// notLeader refuses a produce request as a broker does that has just lost a partition.
func notLeader(request kmsg.Request) (kmsg.Response, error) {
	asked := request.(*kmsg.ProduceRequest)
	response := asked.ResponseKind().(*kmsg.ProduceResponse)
	for _, topic := range asked.Topics {
		answered := kmsg.NewProduceResponseTopic()
		answered.Topic, answered.TopicID = topic.Topic, topic.TopicID
		for _, p := range topic.Partitions {
			partition := kmsg.NewProduceResponseTopicPartition()
			partition.Partition, partition.ErrorCode = p.Partition, int16(kafka.NotLeaderForPartition)
			answered.Partitions = append(answered.Partitions, partition)
		}
		response.Topics = append(response.Topics, answered)
	}
	return response, nil
}

func TestWriteIsRepeatedUntilTheBrokerTakesIt(t *testing.T) {
	for name, answer := range map[string]func(kmsg.Request) (kmsg.Response, error){"no answer": hangUp, "no leader": notLeader} {
		t.Run(name, func(t *testing.T) {
			cluster, c := startFaulty(t)
			asked := failTimes(cluster, kmsg.Produce, 3, answer)
			write(t, c, TopicPosts, "a")
			require.Equal(t, 4, asked())
			require.Equal(t, []string{"a"}, take(t, c, 1), "once")
		})
	}
}

// A commit that fails costs a repetition of nothing as long as a later one succeeds.
func TestConsumeOutlivesAFailedCommit(t *testing.T) {
	cluster, c := startFaulty(t)
	write(t, c, TopicPosts, numbers(0, 5)...)
	failTimes(cluster, kmsg.OffsetCommit, 2, hangUp)
	require.Equal(t, numbers(0, 5), take(t, c, 5))
	write(t, c, TopicPosts, "5")
	got := take(t, c, 1)
	require.Contains(t, numbers(0, 6), got[0])
	for got[len(got)-1] != "5" {
		got = append(got, take(t, c, 1)...)
	}
}

func TestEnsureTopicsTellsWhatTheBrokersRefuse(t *testing.T) {
	cluster, c := startFaulty(t)
	c.Prefix, c.Replication = "more.", 3
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := 0 // the second attempt comes after the first answer
	cluster.ControlKey(kmsg.CreateTopics.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if asked++; asked == 2 {
			cancel()
		}
		return nil, nil, false
	})
	err := EnsureTopics(ctx, c)
	require.ErrorIs(t, err, kafka.InvalidReplicationFactor, "one broker, three replicas")
	require.ErrorContains(t, err, "create topic more.earshot.")
	c.Brokers = nil
	require.ErrorContains(t, EnsureTopics(t.Context(), c), "kafka.brokers")
	c.Brokers = []string{"127.0.0.1:1"}
	require.ErrorIs(t, EnsureTopics(ctx, c), context.Canceled)
}

func TestEnsureTopicsRepeatsWhileABrokerIsStarting(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	asked := failTimes(cluster, kmsg.CreateTopics, 2, hangUp)
	require.NoError(t, EnsureTopics(t.Context(), Config{Brokers: cluster.ListenAddrs(), Partitions: 2, Replication: 1}))
	require.Greater(t, asked(), 2)
	for topic := range topicSettings() {
		require.Len(t, cluster.PartitionInfos(topic), 2, topic)
	}
}

func TestReadCompactedOverTheHolesOfACompaction(t *testing.T) {
	cluster, c := startFaulty(t)
	writer, err := NewWriter(c, "test")
	require.NoError(t, err)
	for i := range 40 {
		require.NoError(t, writer.Write(t.Context(), Message{Topic: TopicCheckpoints, Key: fmt.Append(nil, i%3), Value: fmt.Append(nil, i)}))
	}
	require.NoError(t, writer.Close())
	cluster.Compact()
	got := map[string]string{}
	require.NoError(t, ReadCompacted(t.Context(), c, TopicCheckpoints, func(m Message) error {
		got[string(m.Key)] = string(m.Value)
		return nil
	}))
	require.Equal(t, map[string]string{"0": "39", "1": "37", "2": "38"}, got)
}

func TestReadingEndsWithItsContext(t *testing.T) {
	_, c := startFaulty(t)
	write(t, c, TopicPosts, "a")
	reads := map[string]func(ctx context.Context, fn func(Message) error) error{
		"all":       func(ctx context.Context, fn func(Message) error) error { return ReadAll(ctx, c, TopicPosts, fn) },
		"compacted": func(ctx context.Context, fn func(Message) error) error { return ReadCompacted(ctx, c, TopicPosts, fn) },
		"dead": func(ctx context.Context, fn func(Message) error) error {
			return ListDead(ctx, c, func(d Dead) error { return fn(d.Message) })
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			require.ErrorIs(t, read(ctx, func(Message) error { return nil }), context.Canceled)
		})
	}
}

func TestKeepLast(t *testing.T) {
	at := func(topic string, partition int, offset int64) kafka.Message {
		return kafka.Message{Topic: topic, Partition: partition, Offset: offset}
	}
	var last []kafka.Message
	for _, m := range []kafka.Message{at("a", 0, 1), at("a", 1, 5), at("b", 0, 9), at("a", 0, 2), at("b", 0, 10)} {
		m.Value = []byte("not kept")
		last = keepLast(last, m)
	}
	require.ElementsMatch(t, []kafka.Message{at("a", 0, 2), at("a", 1, 5), at("b", 0, 10)}, last)
}

func TestProgressIsTakenOnce(t *testing.T) {
	p := &progress{}
	require.Empty(t, p.take())
	p.reach(kafka.Message{Topic: "a", Partition: 2, Offset: 4})
	p.reach(kafka.Message{Topic: "a", Partition: 2, Offset: 7})
	p.reach(kafka.Message{Topic: "b", Offset: 0})
	require.Equal(t, map[string]map[int]int64{"a": {2: 8}, "b": {0: 1}}, p.take())
	require.Empty(t, p.take(), "nothing new to tell")
}

func TestTopicSettingsNameEveryTopic(t *testing.T) {
	all := []string{TopicAlerts, TopicAssessments, TopicCheckpoints, TopicCursors, TopicDead, TopicPosts, TopicReviews}
	settings := topicSettings()
	require.Equal(t, all, slices.Sorted(maps.Keys(settings)))
	for topic, own := range settings {
		_, lag := own["min.compaction.lag.ms"]
		require.Equal(t, topic == TopicAlerts, lag, topic)
		require.Equal(t, own["cleanup.policy"] == "compact", own["retention.ms"] == "-1", "%s: what is compacted stays for ever", topic)
	}
}

func TestARefusedRequestIsToldOnce(t *testing.T) {
	disk := kafka.Error(56) // KAFKA_STORAGE_ERROR
	each := make(kafka.WriteErrors, 2000)
	each[3], each[1999] = disk, disk
	err := brief(fmt.Errorf("write: %w", each))
	require.ErrorIs(t, err, disk)
	require.Contains(t, err.Error(), "(2 of 2000 messages)")
	require.Less(t, len(err.Error()), 300)
	require.NoError(t, brief(nil))
	require.ErrorIs(t, brief(context.Canceled), context.Canceled)
}
