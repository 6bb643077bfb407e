package bus

import (
	"context"
	"fmt"
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
		w.metrics.lag.Record(ctx, lag, metric.WithAttributes(attribute.String("topic", topic)))
	}
}

// Lag is the number of messages of each topic that the group has not committed.
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
	request := &kafka.OffsetFetchRequest{GroupID: c.wire(group), Topics: map[string][]int{}}
	for topic, partitions := range parts {
		for p := range partitions {
			request.Topics[topic] = append(request.Topics[topic], p)
		}
	}
	committed, err := client.OffsetFetch(ctx, request)
	if err == nil {
		err = committed.Error
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the offsets of group %s: %w", group, err)
	}
	out := make(map[string]int64, len(topics))
	for topic, partitions := range committed.Topics {
		for _, p := range partitions {
			if p.Error != nil {
				return nil, fmt.Errorf("ask for the offsets of group %s: %w", group, p.Error)
			}
			part := parts[topic][p.Partition]
			out[c.plain(topic)] += max(0, part.end-max(p.CommittedOffset, part.first))
		}
	}
	return out, nil
}
