package bus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"
)

// silence is how long a bounded read waits for a message before it asks for the end.
const silence = 2 * time.Second

// ReadAll calls fn with every message of the topic from its start to its end as of now,
// partition by partition, in order. An error of fn ends it and is returned.
func ReadAll(ctx context.Context, c Config, topic string, fn func(Message) error) error {
	partitions, err := c.awaitSpans(ctx, topic)
	if err != nil {
		return err
	}
	for p := range len(partitions) {
		part := partitions[p]
		if err := c.readPartition(ctx, topic, p, part.first, part.end, fn); err != nil {
			return fmt.Errorf("read %s/%d: %w", topic, p, err)
		}
	}
	return nil
}

// ReadCompacted calls fn with the newest message of every key of a compacted topic, as
// of now, in no order. A message without a value deletes its key and is not handed out.
// The keys are held in memory.
func ReadCompacted(ctx context.Context, c Config, topic string, fn func(Message) error) error {
	newest := map[string]Message{}
	err := ReadAll(ctx, c, topic, func(m Message) error {
		if len(m.Value) == 0 {
			delete(newest, string(m.Key))
		} else {
			newest[string(m.Key)] = m
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, m := range newest {
		if err := fn(m); err != nil {
			return err
		}
	}
	return nil
}

// TailOptions say where a [Tail] begins and whether it ends.
type TailOptions struct {
	// FromStart begins at the first message; otherwise at those that come from now on.
	FromStart bool
	// Follow waits for more until ctx ends; otherwise the end as of now is the end.
	Follow bool
}

// Tail calls fn, one call at a time, with messages of the topic as they come. Order is
// kept within a partition. It returns nil when ctx ends, and an error of fn as it is.
func Tail(ctx context.Context, c Config, topic string, o TailOptions, fn func(Message) error) error {
	if !o.Follow {
		if !o.FromStart {
			return nil
		}
		return ReadAll(ctx, c, topic, fn)
	}
	partitions, err := c.awaitSpans(ctx, topic)
	if err != nil {
		return err
	}
	group, within := errgroup.WithContext(ctx)
	messages := make(chan Message)
	for p, part := range partitions {
		from := part.end
		if o.FromStart {
			from = part.first
		}
		group.Go(func() error {
			return c.readPartition(within, topic, p, from, -1, func(m Message) error {
				select {
				case messages <- m:
					return nil
				case <-within.Done():
					return within.Err()
				}
			})
		})
	}
	group.Go(func() error {
		for {
			select {
			case m := <-messages:
				if err := fn(m); err != nil {
					return err
				}
			case <-within.Done():
				return nil
			}
		}
	})
	if err := group.Wait(); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// readPartition hands out messages from offset from to end, exclusive; end -1 is never.
func (c Config) readPartition(ctx context.Context, topic string, partition int, from, end int64, fn func(Message) error) error {
	if end >= 0 && from >= end {
		return nil
	}
	reader, err := c.partitionReader(topic, partition, from)
	if err != nil {
		return err
	}
	if end >= 0 {
		err = c.readUntil(ctx, reader, end, fn)
	} else {
		err = c.readOn(ctx, reader, fn)
	}
	return errors.Join(err, reader.Close())
}

func (c Config) readOn(ctx context.Context, reader *kafka.Reader, fn func(Message) error) error {
	for {
		m, err := reader.FetchMessage(ctx)
		if err != nil {
			return err
		}
		if err := fn(c.fromKafka(m)); err != nil {
			return err
		}
	}
}

// readUntil reads to end. Compaction may have removed the messages before end, and then
// no message ever says that it is the last: after a silence it asks whether one is left.
func (c Config) readUntil(ctx context.Context, reader *kafka.Reader, end int64, fn func(Message) error) error {
	for reader.Offset() < end {
		within, cancel := context.WithTimeout(ctx, silence)
		m, err := reader.FetchMessage(within)
		cancel()
		switch {
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			left, err := c.messagesFrom(ctx, reader.Config().Topic, reader.Config().Partition, reader.Offset())
			if err != nil || !left {
				return err
			}
		case err != nil:
			return err
		case m.Offset >= end:
			return nil
		default:
			if err := fn(c.fromKafka(m)); err != nil {
				return err
			}
		}
	}
	return nil
}

// messagesFrom asks whether the partition holds any message at offset or after it.
func (c Config) messagesFrom(ctx context.Context, wireTopic string, partition int, offset int64) (bool, error) {
	client, release, err := c.client()
	if err != nil {
		return false, err
	}
	defer release()
	response, err := client.Fetch(ctx, &kafka.FetchRequest{
		Topic: wireTopic, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: fetchBytes, MaxWait: maxWait,
	})
	if err != nil {
		return false, fmt.Errorf("fetch: %w", err)
	}
	if response.Error != nil {
		return false, fmt.Errorf("fetch: %w", response.Error)
	}
	for {
		record, err := response.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil || record.Offset >= offset {
			return true, nil //nolint:nilerr // a record that is cut short is a record
		}
	}
}

// partitionReader reads one partition outside any group.
func (c Config) partitionReader(topic string, partition int, from int64) (*kafka.Reader, error) {
	dialer, err := c.dialer()
	if err != nil {
		return nil, err
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: c.Brokers, Dialer: dialer, Topic: c.wire(topic), Partition: partition,
		MinBytes: 1, MaxBytes: fetchBytes, MaxWait: maxWait, QueueCapacity: queueMessages, ReadLagInterval: -1,
	})
	if err := reader.SetOffset(from); err != nil {
		return nil, errors.Join(fmt.Errorf("start at offset %d: %w", from, err), reader.Close())
	}
	return reader, nil
}
