package testkit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
)

// headerID carries the suite's id of a message.
const headerID = "testkit-id"

// deliveryMessages is how many messages each case sends.
const deliveryMessages = 60

// drainLimit is how long a room may take for them before the suite gives up on it.
const drainLimit = 5 * time.Minute

// errInjected is the transient error that [Faults] injects.
var errInjected = errors.New("injected transient error")

// Room is a consuming service as [Delivery] sees it.
type Room struct {
	// Topic and Group are what the room consumes.
	Topic, Group string
	// Message makes a message whose effect can be told by id.
	Message func(id string) bus.Message
	// Open sets a fresh instance up against the broker: nothing of earlier ones is left.
	Open func(t *testing.T, config bus.Config) Instance
}

// Instance is one life of a room's durable state; the suite may run it several times.
type Instance struct {
	// Run runs the room until ctx ends. It must call the faults around its effect.
	Run func(ctx context.Context, faults Faults) error
	// Effects counts the visible effects by id, repeats collapsed as users see them.
	Effects func(t *testing.T) map[string]int
}

// Faults are the places where a room can be hurt. Both are safe for concurrent use.
type Faults struct {
	// Before is called before each effect; its error takes the effect's place.
	Before func() error
	// After is called when the effect is durable and its offset not yet committed.
	After func()
}

// Delivery checks that a room accounts for every message, whatever happens: its effect
// is there exactly once, or it is a dead letter, and nothing else is.
func Delivery(t *testing.T, room Room) {
	t.Run("success", func(t *testing.T) { newDelivery(t, room).check(t, noFaults) })
	t.Run("transient errors", func(t *testing.T) { newDelivery(t, room).check(t, transientFaults) })
	t.Run("permanent errors", func(t *testing.T) {
		d := newDelivery(t, room)
		d.spoil(t)
		d.check(t, noFaults)
	})
	t.Run("permanent and transient errors", func(t *testing.T) {
		d := newDelivery(t, room)
		d.spoil(t)
		d.check(t, transientFaults)
	})
	t.Run("death between effect and commit", func(t *testing.T) {
		d := newDelivery(t, room)
		d.die(t)
		d.check(t, noFaults)
	})
	t.Run("redelivery", func(t *testing.T) {
		d := newDelivery(t, room)
		d.check(t, noFaults)
		d.send(t, slices.Sorted(maps.Keys(d.valid))...)
		d.check(t, noFaults)
	})
}

// delivery is one case: what was sent, and the room it was sent to.
type delivery struct {
	room     Room
	config   bus.Config
	instance Instance
	writer   *bus.Writer
	valid    map[string]bool
	broken   map[string]bool
}

func newDelivery(t *testing.T, room Room) *delivery {
	config := Broker(t)
	writer, err := bus.NewWriter(config, "testkit")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, writer.Close()) })
	d := &delivery{room: room, config: config, writer: writer, valid: map[string]bool{}, broken: map[string]bool{}}
	d.instance = room.Open(t, config)
	ids := make([]string, deliveryMessages)
	for i := range ids {
		ids[i] = fmt.Sprintf("delivery:%d", i)
		d.valid[ids[i]] = true
	}
	d.send(t, ids...)
	return d
}

func (d *delivery) send(t *testing.T, ids ...string) {
	messages := make([]bus.Message, len(ids))
	for i, id := range ids {
		messages[i] = withID(d.room.Message(id), d.room.Topic, id)
	}
	require.NoError(t, d.writer.Write(t.Context(), messages...))
}

// spoil sends messages that no room can decode among the others.
func (d *delivery) spoil(t *testing.T) {
	for i := range deliveryMessages / 5 {
		id := fmt.Sprintf("broken:%d", i)
		d.broken[id] = true
		m := withID(bus.Message{Key: []byte(id), Value: []byte{0xff, 0xff, 0xff}}, d.room.Topic, id)
		require.NoError(t, d.writer.Write(t.Context(), m))
	}
}

// die runs the room until it dies right after an effect, three times over.
func (d *delivery) die(t *testing.T) {
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), drainLimit)
		var effects atomic.Int32
		deadAt := 1 + rand.Int32N(3) //nolint:gosec // chance, no secret
		err := d.instance.Run(ctx, Faults{Before: func() error { return ctx.Err() }, After: func() {
			if effects.Add(1) == deadAt {
				cancel()
			}
		}})
		cancel()
		require.NoError(t, ignoreCanceled(err))
		// the next life needs something to do
		for i := range 3 {
			id := fmt.Sprintf("delivery:%d:%d", len(d.valid), i)
			d.valid[id] = true
			d.send(t, id)
		}
	}
}

// check runs the room until nothing is left to consume and accounts for every message.
func (d *delivery) check(t *testing.T, faults func() Faults) {
	ctx, cancel := context.WithTimeout(t.Context(), drainLimit)
	defer cancel()
	var lives sync.WaitGroup
	var err error
	lives.Go(func() { err = d.instance.Run(ctx, faults()) })
	drained := d.drain(ctx)
	cancel()
	lives.Wait()
	require.NoError(t, ignoreCanceled(err), "the room ends without an error when its context does")
	require.NoError(t, drained)
	require.NoError(t, account(d.valid, d.broken, d.instance.Effects(t), d.letters(t)))
}

// drain returns when the group has no lag.
func (d *delivery) drain(ctx context.Context) error {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		lag, err := bus.Lag(ctx, d.config, d.room.Group, d.room.Topic)
		if err == nil && lag[d.room.Topic] == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the room does not finish: lag %v: %w", lag, errors.Join(err, ctx.Err()))
		case <-ticker.C:
		}
	}
}

// letters are the ids of the dead letters.
func (d *delivery) letters(t *testing.T) map[string]int {
	out := map[string]int{}
	require.NoError(t, bus.ListDead(t.Context(), d.config, func(letter bus.Dead) error {
		if letter.Topic == d.room.Topic {
			out[letter.Message.Header(headerID)]++
		}
		return nil
	}))
	return out
}

// account compares what was sent with what became of it. A dead letter may be repeated.
func account(valid, broken map[string]bool, effects, letters map[string]int) error {
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(valid)) {
		if n := effects[id]; n != 1 {
			errs = append(errs, fmt.Errorf("message %s: %d effects, want 1", id, n))
		}
		if letters[id] > 0 {
			errs = append(errs, fmt.Errorf("message %s: dead-lettered, and it is valid", id))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(broken)) {
		if effects[id] > 0 {
			errs = append(errs, fmt.Errorf("broken message %s: has an effect", id))
		}
		if letters[id] == 0 {
			errs = append(errs, fmt.Errorf("broken message %s: lost, no dead letter", id))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(effects)) {
		if !valid[id] && !broken[id] {
			errs = append(errs, fmt.Errorf("message %s: has an effect and was never sent", id))
		}
	}
	return errors.Join(errs...)
}

func withID(m bus.Message, topic, id string) bus.Message {
	m.Topic = topic
	m.Headers = append(m.Headers, bus.Header{Key: headerID, Value: id})
	return m
}

func noFaults() Faults {
	return Faults{Before: func() error { return nil }, After: func() {}}
}

// transientFaults fail the first effect, and about one in three after it.
func transientFaults() Faults {
	var begun atomic.Bool
	return Faults{After: func() {}, Before: func() error {
		if !begun.Swap(true) || rand.IntN(3) == 0 { //nolint:gosec // chance, no secret
			return errInjected
		}
		return nil
	}}
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
