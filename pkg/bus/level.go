package bus

import (
	"context"
	"errors"
	"time"

	"github.com/segmentio/kafka-go"
)

const (
	// heldMessages and heldBytes bound what a level keeps back, whichever comes first.
	heldMessages = 8192
	heldBytes    = 32 << 20
	// A level waits for a partition that shows nothing while the message that would come
	// next is older than fresh: then there is a backlog. patience bounds the wait.
	fresh    = 100 * time.Millisecond
	patience = 20 * time.Millisecond
)

// fetcher is where messages come from: a [kafka.Reader].
type fetcher interface {
	FetchMessage(ctx context.Context) (kafka.Message, error)
}

// level hands messages of several partitions out in the order of their time, as far as
// its room goes. A [kafka.Reader] does not: its partitions' fetchers race for one queue,
// and with a backlog one runs ahead of the others by tens of thousands of messages. What
// is behind must then tell a late post from one that was only read late.
//
// It is for one goroutine. Within a partition the order is the log's.
type level struct {
	from       fetcher
	partitions []*backlog
	held       int
	bytes      int
}

// backlog is what was fetched of one partition and not handed out.
type backlog struct {
	topic     string
	partition int
	messages  []kafka.Message
	// seen is how far the log is known: what comes next was written then or later.
	seen time.Time
}

// FetchMessage returns the message that comes next. The errors are the reader's.
func (l *level) FetchMessage(ctx context.Context) (kafka.Message, error) {
	first, err := l.first(ctx)
	if err != nil {
		return kafka.Message{}, err
	}
	m := first.messages[0]
	first.messages[0] = kafka.Message{} // let go of its bytes
	first.messages = first.messages[1:]
	l.held--
	l.bytes -= len(m.Value)
	return m, nil
}

// first fetches until every partition shows its next message, the room is used up, or
// patience ends, and returns the partition whose message is the oldest.
func (l *level) first(ctx context.Context) (*backlog, error) {
	var deadline time.Time // zero until there is something to hand out
	for {
		first, wanting := l.look()
		if first != nil && !wanting {
			return first, ctx.Err()
		}
		if first != nil && deadline.IsZero() {
			deadline = time.Now().Add(patience)
		}
		m, err := l.fetch(ctx, deadline)
		switch {
		case err == nil:
			l.take(m)
		case first != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
			l.pass(time.Now())
		default:
			return nil, err
		}
	}
}

// fetch waits for a message until the deadline, or for ever where that is zero.
func (l *level) fetch(ctx context.Context, deadline time.Time) (kafka.Message, error) {
	if deadline.IsZero() {
		return l.from.FetchMessage(ctx)
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	return l.from.FetchMessage(ctx)
}

// look returns the partition with the oldest message, nil where nothing is held, and
// whether another that shows none may have an older one.
func (l *level) look() (first *backlog, wanting bool) {
	var known time.Time // how far all partitions that show nothing are known
	for _, b := range l.partitions {
		switch {
		case len(b.messages) == 0:
			if known.IsZero() || b.seen.Before(known) {
				known = b.seen
			}
		case first == nil || b.messages[0].Time.Before(first.messages[0].Time):
			first = b
		}
	}
	if first == nil || known.IsZero() || l.held >= heldMessages || l.bytes >= heldBytes {
		return first, false
	}
	next := first.messages[0].Time
	return first, next.After(known) && time.Since(next) > fresh
}

func (l *level) take(m kafka.Message) {
	b := l.backlog(m.Topic, m.Partition)
	if n := len(b.messages); n > 0 && m.Offset <= b.messages[n-1].Offset {
		l.drop(b) // the group was parted anew and the partition is read again
	}
	b.messages = append(b.messages, m)
	b.seen = m.Time
	l.held++
	l.bytes += len(m.Value)
}

// pass takes it that partitions which show nothing have nothing up to now.
func (l *level) pass(now time.Time) {
	for _, b := range l.partitions {
		if len(b.messages) == 0 {
			b.seen = now
		}
	}
}

func (l *level) drop(b *backlog) {
	for _, m := range b.messages {
		l.held--
		l.bytes -= len(m.Value)
	}
	b.messages = nil
}

func (l *level) backlog(topic string, partition int) *backlog {
	for _, b := range l.partitions {
		if b.partition == partition && b.topic == topic {
			return b
		}
	}
	b := &backlog{topic: topic, partition: partition}
	l.partitions = append(l.partitions, b)
	return b
}
