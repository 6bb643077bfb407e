package bus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// lagInterval is how old the lag metric may be.
const lagInterval = 5 * time.Second

// watchLag measures the group's lag until ctx ends or the returned function is called,
// which waits for the measuring to stop. It asks the brokers, so a handler that hangs
// shows: the lag is the alarm.
func (w *worker) watchLag(ctx context.Context, topics []string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(lagInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				w.measureLag(ctx, topics)
			}
		}
	}()
	return func() { cancel(); <-done }
}

func (w *worker) measureLag(ctx context.Context, topics []string) {
	lags, err := Lag(ctx, w.config, w.group, topics...)
	if err != nil {
		if ctx.Err() == nil {
			w.metrics.failed(ctx, err)
		}
		return
	}
	for topic, lag := range lags {
		w.metrics.lag.Record(ctx, lag, metric.WithAttributes(
			attribute.String("group", w.group), attribute.String("topic", topic)))
	}
}

// Lag is the number of messages of each topic that the group has not committed; all of
// them for a group that does not exist.
func Lag(ctx context.Context, c Config, group string, topics ...string) (map[string]int64, error) {
	client, release, err := c.client()
	if err != nil {
		return nil, err
	}
	defer release()
	parts, err := spans(ctx, client, c.wireAll(topics))
	if err != nil {
		return nil, err
	}
	committed, err := commits(ctx, client, c.wire(group), parts)
	if err != nil {
		return nil, fmt.Errorf("ask for the offsets of group %s: %w", group, err)
	}
	out := make(map[string]int64, len(topics))
	for topic, partitions := range parts {
		for p, part := range partitions {
			next, ok := committed[topic][p]
			if !ok {
				next = part.first
			}
			out[c.plain(topic)] += max(0, part.end-max(next, part.first))
		}
	}
	return out, nil
}

// End is the offset behind the last message of a partition, as of now.
func End(ctx context.Context, c Config, topic string, partition int) (int64, error) {
	parts, err := c.spans(ctx, topic)
	if err != nil {
		return 0, fmt.Errorf("ask for the end of %s/%d: %w", topic, partition, err)
	}
	return parts[partition].end, nil
}

// commits are the offsets that the group committed of the partitions of parts.
func commits(ctx context.Context, client *kafka.Client, group string, parts map[string]map[int]span) (map[string]map[int]int64, error) {
	request := &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{}}
	for topic, partitions := range parts {
		request.Topics[topic] = slices.Collect(maps.Keys(partitions))
	}
	response, err := client.OffsetFetch(ctx, request)
	if err == nil {
		err = response.Error
	}
	if errors.Is(err, kafka.GroupIdNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[int]int64, len(response.Topics))
	for topic, partitions := range response.Topics {
		out[topic] = make(map[int]int64, len(partitions))
		for _, p := range partitions {
			if p.Error != nil {
				return nil, p.Error
			}
			if p.CommittedOffset >= 0 {
				out[topic][p.Partition] = p.CommittedOffset
			}
		}
	}
	return out, nil
}

// rewind sends the group back to the first message of each partition whose log ends
// before what the group committed: the broker lost its newest part, and kafka-go would
// wait in silence until the log is as long again.
func (w *worker) rewind(ctx context.Context, topics []string) error {
	client, release, err := w.config.client()
	if err != nil {
		return err
	}
	defer release()
	parts, err := spans(ctx, client, w.config.wireAll(topics))
	if err != nil {
		return err
	}
	group := w.config.wire(w.group)
	committed, err := commits(ctx, client, group, parts)
	if err != nil {
		return fmt.Errorf("ask for the offsets of group %s: %w", w.group, err)
	}
	request := &kafka.OffsetCommitRequest{GroupID: group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{}}
	for topic, partitions := range parts {
		for p, part := range partitions {
			if next, ok := committed[topic][p]; ok && next > part.end {
				w.logger.ErrorContext(ctx, "log ends before the committed offset, reading it again",
					"topic", w.config.plain(topic), "partition", p, "committed", next, "end", part.end)
				request.Topics[topic] = append(request.Topics[topic], kafka.OffsetCommit{Partition: p, Offset: part.first})
			}
		}
	}
	if len(request.Topics) == 0 {
		return nil
	}
	// Refused while others of the group are alive; they did this when they started.
	if _, err := client.OffsetCommit(ctx, request); err != nil {
		return fmt.Errorf("rewind group %s: %w", w.group, err)
	}
	return nil
}
