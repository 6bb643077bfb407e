package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// upkeepInterval is how often old messages are dropped.
	upkeepInterval = time.Hour
	// compactBytes is the size of all compacted topics from which they are compacted.
	compactBytes = 64 << 20
	// neverMillis keeps kfake from compacting by itself: it deletes a log before it
	// writes the new one, and a crash between the two would lose the topic.
	neverMillis = "3153600000000"
	// backupDir holds links to the logs as they were before a compaction that has not
	// ended; at the next start they are put back.
	backupDir = "compaction"
)

var errCompacting = errors.New("compacting")

// upkeep drops what is past its retention and compacts, until ctx ends.
func (b *Broker) upkeep(ctx context.Context) {
	ticker := time.NewTicker(upkeepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			b.cluster.ApplyRetention()
			if err := b.compact(compactBytes); err != nil {
				b.logger.WarnContext(ctx, "broker compaction", "error", err)
			}
		}
	}
}

// refuseWrites answers produce requests while a compaction runs by closing their
// connection, which clients retry. Without it a message could be acknowledged into a
// log that a crash would then replace with its backup.
func (b *Broker) refuseWrites() {
	b.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		b.cluster.KeepControl()
		if b.compacting.Load() {
			return nil, errCompacting, true
		}
		return nil, nil, false
	})
}

// compact removes superseded messages when the compacted topics together hold at least
// minBytes. A crash at any moment of it loses nothing.
func (b *Broker) compact(minBytes int64) error {
	if b.dir == "" {
		return nil
	}
	partitions, size, err := b.compacted()
	if err != nil || size < minBytes || len(partitions) == 0 {
		return err
	}
	if free, err := freeBytes(b.dir); err != nil || free < 2*size {
		return errors.Join(err, fmt.Errorf("compact %d bytes: %d bytes are free, want twice the size", size, free))
	}
	b.compacting.Store(true)
	defer b.compacting.Store(false)
	b.cluster.ListenAddrs() // answered by the goroutine that writes, so the last write is over
	if err := backUp(b.dir, partitions); err != nil {
		return err
	}
	b.cluster.Compact()
	return dropBackup(b.dir)
}

// compacted lists the partition folders of compacted topics, and their size together.
func (b *Broker) compacted() (partitions []string, size int64, err error) {
	entries, err := os.ReadDir(filepath.Join(b.dir, "partitions"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("list partitions: %w", err)
	}
	for _, entry := range entries {
		name, number, _ := cutLast(entry.Name(), "-")
		topic, err := url.PathUnescape(name)
		if err != nil {
			continue
		}
		info := b.cluster.TopicInfo(topic)
		if info == nil || !isCompacted(info) {
			continue
		}
		partitions = append(partitions, entry.Name())
		for _, p := range b.cluster.PartitionInfos(topic) {
			if fmt.Sprint(p.Partition) == number {
				size += p.NumBytes
			}
		}
	}
	return partitions, size, nil
}

func isCompacted(info *kfake.TopicInfo) bool {
	policy := info.Configs["cleanup.policy"]
	return policy != nil && strings.Contains(*policy, "compact")
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func freeBytes(dir string) (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, fmt.Errorf("ask for free space: %w", err)
	}
	return int64(disk.Bavail) * disk.Bsize, nil
}

// backUp links the files of the partitions into the backup folder, which appears whole
// or not at all.
func backUp(dir string, partitions []string) error {
	building := filepath.Join(dir, backupDir+".tmp")
	if err := os.RemoveAll(building); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	for _, partition := range partitions {
		from, to := filepath.Join(dir, "partitions", partition), filepath.Join(building, partition)
		if err := os.MkdirAll(to, 0o750); err != nil {
			return fmt.Errorf("back up: %w", err)
		}
		files, err := os.ReadDir(from)
		if err != nil {
			return fmt.Errorf("back up: %w", err)
		}
		for _, file := range files {
			if err := os.Link(filepath.Join(from, file.Name()), filepath.Join(to, file.Name())); err != nil {
				return fmt.Errorf("back up: %w", err)
			}
		}
	}
	if err := os.Rename(building, filepath.Join(dir, backupDir)); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// dropBackup ends a compaction: the rename is the moment from which the new logs count.
func dropBackup(dir string) error {
	done := filepath.Join(dir, backupDir+".tmp")
	if err := os.Rename(filepath.Join(dir, backupDir), done); err != nil {
		return fmt.Errorf("drop backup: %w", err)
	}
	if err := os.RemoveAll(done); err != nil {
		return fmt.Errorf("drop backup: %w", err)
	}
	return nil
}

// putBack undoes a compaction that did not end. It may itself be cut short and repeated.
func putBack(dir string) error {
	if dir == "" {
		return nil
	}
	backup := filepath.Join(dir, backupDir)
	partitions, err := os.ReadDir(backup)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	for _, partition := range partitions {
		to := filepath.Join(dir, "partitions", partition.Name())
		if err := os.RemoveAll(to); err != nil {
			return fmt.Errorf("put back: %w", err)
		}
		if err := os.Rename(filepath.Join(backup, partition.Name()), to); err != nil {
			return fmt.Errorf("put back: %w", err)
		}
	}
	if err := os.Remove(backup); err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	return nil
}
