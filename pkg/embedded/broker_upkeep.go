package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
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
	// lagSetting is how long, in milliseconds, a message stays whatever follows it.
	lagSetting = "min.compaction.lag.ms"
	// waitingPolicy is that of every topic with a lag; retention.ms -1 keeps all of it.
	waitingPolicy = "compact,delete"
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
			if err := b.compact(ctx, compactBytes, time.Now()); err != nil {
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
// minBytes. A topic with a message younger than its min.compaction.lag.ms waits: kfake
// knows no such setting. A crash at any moment of it loses nothing.
func (b *Broker) compact(ctx context.Context, minBytes int64, now time.Time) (err error) {
	if b.dir == "" {
		return nil
	}
	found, err := b.compactable(now)
	if err != nil || found.bytes < minBytes || len(found.partitions) == 0 {
		return err
	}
	if free, err := freeBytes(b.dir); err != nil || free < 2*found.bytes {
		return errors.Join(err, fmt.Errorf("compact %d bytes: %d bytes are free, want twice the size", found.bytes, free))
	}
	// Even when this process is told to stop, or the young would wait for the next start.
	ctx = context.WithoutCancel(ctx)
	if err := b.setPolicy(ctx, found.young, "delete"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.setPolicy(ctx, found.young, waitingPolicy)) }()
	b.compacting.Store(true)
	defer b.compacting.Store(false)
	b.cluster.ListenAddrs() // answered by the goroutine that writes, so the last write is over
	if err := backUp(b.dir, found.partitions); err != nil {
		return err
	}
	b.cluster.Compact()
	return dropBackup(b.dir)
}

// compactable is what a compaction finds.
type compactable struct {
	partitions []string // folders that may be compacted
	bytes      int64    // that they hold together
	young      []string // topics that have to wait
}

func (b *Broker) compactable(now time.Time) (out compactable, err error) {
	folders, err := b.partitions()
	if err != nil {
		return out, err
	}
	for topic, names := range folders {
		info := b.cluster.TopicInfo(topic)
		if info == nil || !strings.Contains(setting(info, "cleanup.policy"), "compact") {
			continue
		}
		var bytes, newest int64
		for _, p := range b.cluster.PartitionInfos(topic) {
			bytes += p.NumBytes
			newest = max(newest, p.MaxTimestamp)
		}
		if lag, err := strconv.ParseInt(setting(info, lagSetting), 10, 64); err == nil && now.UnixMilli()-newest < lag {
			out.young = append(out.young, topic)
			continue
		}
		out.partitions = append(out.partitions, names...)
		out.bytes += bytes
	}
	return out, nil
}

// partitions lists the partition folders on disk by topic.
func (b *Broker) partitions() (map[string][]string, error) {
	if b.dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(filepath.Join(b.dir, "partitions"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list partitions: %w", err)
	}
	out := map[string][]string{}
	for _, entry := range entries {
		name := entry.Name()
		if topic, err := url.PathUnescape(name[:max(0, strings.LastIndexByte(name, '-'))]); err == nil {
			out[topic] = append(out[topic], name)
		}
	}
	return out, nil
}

// setting is the topic's own, "" where it has none.
func setting(info *kfake.TopicInfo, name string) string {
	if value := info.Configs[name]; value != nil {
		return *value
	}
	return ""
}

// setPolicy sets the cleanup policy of topics.
func (b *Broker) setPolicy(ctx context.Context, topics []string, policy string) error {
	if len(topics) == 0 {
		return nil
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(b.addr))
	if err != nil {
		return fmt.Errorf("set cleanup policy: %w", err)
	}
	defer client.Close()
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	for _, topic := range topics {
		request.Resources = append(request.Resources, kmsg.IncrementalAlterConfigsRequestResource{
			ResourceType: kmsg.ConfigResourceTypeTopic, ResourceName: topic,
			Configs: []kmsg.IncrementalAlterConfigsRequestResourceConfig{{Name: "cleanup.policy", Value: &policy}},
		})
	}
	response, err := request.RequestWith(ctx, client)
	if err != nil {
		return fmt.Errorf("set cleanup policy: %w", err)
	}
	for _, r := range response.Resources {
		if err := kerr.ErrorForCode(r.ErrorCode); err != nil {
			return fmt.Errorf("set cleanup policy of %s: %w", r.ResourceName, err)
		}
	}
	return nil
}

// resumeCompaction gives topics that a crash left aside their policy back.
func (b *Broker) resumeCompaction(ctx context.Context) error {
	folders, err := b.partitions()
	if err != nil {
		return err
	}
	var aside []string
	for topic := range folders {
		if info := b.cluster.TopicInfo(topic); info != nil && setting(info, lagSetting) != "" && setting(info, "cleanup.policy") == "delete" {
			aside = append(aside, topic)
		}
	}
	return b.setPolicy(ctx, aside, waitingPolicy)
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
