package alerter

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strconv"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/retry"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const (
	// chunkBytes keeps each record far below Kafka's default limit of 1 MiB.
	chunkBytes = 512 << 10
	// maxStateBytes bounds what a checkpoint unpacks to; a machine's own bound
	// (alert.maxWeight) keeps it several times smaller.
	maxStateBytes = 512 << 20
)

var errDamaged = errors.New("checkpoint is damaged")

// writer is a [bus.Writer], or what a test puts before one.
type writer interface {
	Write(ctx context.Context, messages ...bus.Message) error
}

// checkpoints is the compacted topic that state and offsets lie in, together.
type checkpoints struct {
	config bus.Config
	writer writer
}

func alerterKey(partition int) string { return "alerter/" + strconv.Itoa(partition) }

func chunkKey(partition int, slot uint32, index int) string {
	return fmt.Sprintf("%s/%d/%d", alerterKey(partition), slot, index)
}

func notifierKey(receiver string, partition int) string {
	return "notifier/" + receiver + "/" + strconv.Itoa(partition)
}

// saveAlerter writes a partition's state and returns the slot it used. State over one
// chunk goes into records of the slot that the last checkpoint did not use; the record
// that points to them comes last, so that whatever dies, one checkpoint is whole.
func (c checkpoints) saveAlerter(ctx context.Context, partition int, next int64, slot uint32, state *earshotv1.AlerterState, m *metrics) (uint32, error) {
	packed, err := pack(state)
	if err != nil {
		return slot, err
	}
	m.checkpoint(ctx, len(packed))
	head := &earshotv1.AlerterCheckpoint{NextOffset: next, Slot: slot, Checksum: crc32.ChecksumIEEE(packed)}
	if len(packed) <= chunkBytes {
		head.State = packed
	} else {
		head.Slot = 1 - slot
		for chunk := range slices.Chunk(packed, chunkBytes) {
			key := chunkKey(partition, head.Slot, int(head.Chunks))
			if err := c.write(ctx, key, chunk); err != nil {
				return slot, err
			}
			head.Chunks++
		}
	}
	value, err := head.MarshalVT()
	if err != nil {
		return slot, fmt.Errorf("encode checkpoint: %w", err)
	}
	return head.Slot, c.write(ctx, alerterKey(partition), value)
}

// loadAlerter reads a partition's newest state, nil where there is none. An error
// wrapping errDamaged is permanent.
func (c checkpoints) loadAlerter(ctx context.Context, partition int) (*earshotv1.AlerterCheckpoint, *earshotv1.AlerterState, error) {
	key := alerterKey(partition)
	records, err := c.read(ctx, key)
	if err != nil || records[key] == nil {
		return nil, nil, err
	}
	head := &earshotv1.AlerterCheckpoint{}
	if err := head.UnmarshalVT(records[key]); err != nil {
		return nil, nil, retry.Permanent(fmt.Errorf("%w: %w", errDamaged, err))
	}
	packed := head.GetState()
	for i := range int(head.GetChunks()) {
		chunk, ok := records[chunkKey(partition, head.GetSlot(), i)]
		if !ok {
			return nil, nil, retry.Permanent(fmt.Errorf("%w: %q is missing", errDamaged, chunkKey(partition, head.GetSlot(), i)))
		}
		packed = append(packed, chunk...)
	}
	if crc32.ChecksumIEEE(packed) != head.GetChecksum() {
		return nil, nil, retry.Permanent(fmt.Errorf("%w: checksum of %q differs", errDamaged, key))
	}
	state, err := unpack(packed)
	if err != nil {
		return nil, nil, retry.Permanent(fmt.Errorf("%w: %w", errDamaged, err))
	}
	return head, state, nil
}

func pack(state *earshotv1.AlerterState) ([]byte, error) {
	plain, err := state.MarshalVT()
	if err != nil {
		return nil, fmt.Errorf("encode alert state: %w", err)
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("compress alert state: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("compress alert state: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress alert state: %w", err)
	}
	return out.Bytes(), nil
}

func unpack(packed []byte) (*earshotv1.AlerterState, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxStateBytes))
	if err != nil {
		return nil, err
	}
	state := &earshotv1.AlerterState{}
	return state, state.UnmarshalVT(plain)
}

// saveNotifier writes what a receiver was told from one partition.
func (c checkpoints) saveNotifier(ctx context.Context, receiver string, partition int, told *earshotv1.NotifierCheckpoint) error {
	value, err := told.MarshalVT()
	if err != nil {
		return fmt.Errorf("encode notifier checkpoint: %w", err)
	}
	return c.write(ctx, notifierKey(receiver, partition), value)
}

// loadNotifier reads what a receiver was told, nil for a receiver that is new.
func (c checkpoints) loadNotifier(ctx context.Context, receiver string, partition int) (*earshotv1.NotifierCheckpoint, error) {
	key := notifierKey(receiver, partition)
	records, err := c.read(ctx, key)
	if err != nil || records[key] == nil {
		return nil, err
	}
	told := &earshotv1.NotifierCheckpoint{}
	if err := told.UnmarshalVT(records[key]); err != nil {
		return nil, retry.Permanent(fmt.Errorf("%w: %q: %w", errDamaged, key, err))
	}
	return told, nil
}

func (c checkpoints) write(ctx context.Context, key string, value []byte) error {
	return c.writer.Write(ctx, bus.Message{Topic: bus.TopicCheckpoints, Key: []byte(key), Value: value})
}

// read gives the newest records of a key and of the keys below it.
func (c checkpoints) read(ctx context.Context, key string) (map[string][]byte, error) {
	records := map[string][]byte{}
	err := bus.ReadCompacted(ctx, c.config, bus.TopicCheckpoints, func(m bus.Message) error {
		if k := string(m.Key); k == key || len(k) > len(key) && k[:len(key)+1] == key+"/" {
			records[k] = m.Value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read checkpoint %q: %w", key, err)
	}
	return records, nil
}
