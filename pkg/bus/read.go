package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"
)

// ReadAll calls fn with every message of the topic from its start to its end as of now,
// partition by partition, in order. An error of fn ends it and is returned.
func ReadAll(ctx context.Context, c Config, topic string, fn func(Message) error) error {
	partitions, err := c.spans(ctx, topic)
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
	partitions, err := c.spans(ctx, topic)
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
// Compaction leaves gaps and may remove the last message, so it also stops where the
// partition has no more.
func (c Config) readPartition(ctx context.Context, topic string, partition int, from, end int64, fn func(Message) error) error {
	if end >= 0 && from >= end {
		return nil
	}
	reader, err := c.partitionReader(topic, partition, from)
	if err != nil {
		return err
	}
	err = c.drain(ctx, reader, end, fn)
	return errors.Join(err, reader.Close())
}

func (c Config) drain(ctx context.Context, reader *kafka.Reader, end int64, fn func(Message) error) error {
	for {
		m, err := reader.FetchMessage(ctx)
		if err != nil {
			return err
		}
		if end >= 0 && m.Offset >= end {
			return nil
		}
		if err := fn(c.fromKafka(m)); err != nil {
			return err
		}
		if m.Offset+1 == end {
			return nil
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
