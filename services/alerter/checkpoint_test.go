package alerter

import (
	"encoding/hex"
	"hash/fnv"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
)

// hexOf is 64 bits of a text in hex.
func hexOf(text string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// bulky is a state that packs to about size bytes.
func bulky(size int, seed uint64) *earshotv1.AlerterState {
	rng := rand.New(rand.NewPCG(seed, 1))
	bucket := &earshotv1.BucketState{Step: int64(seed)}
	for range size / 9 {
		bucket.Posts = append(bucket.Posts, &earshotv1.CountedPost{Post: rng.Uint64()})
	}
	return &earshotv1.AlerterState{Brands: []*earshotv1.BrandAlertState{{BrandId: "b", Rules: []*earshotv1.RuleAlertState{{
		Series: []*earshotv1.SeriesState{{Buckets: []*earshotv1.BucketState{bucket}}},
	}}}}}
}

func openStore(t *testing.T) (checkpoints, *metrics) {
	t.Helper()
	c := testkit.Broker(t)
	writer, err := bus.NewWriter(c, "test")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, writer.Close()) })
	m, err := newMetrics()
	require.NoError(t, err)
	return checkpoints{config: c, writer: writer}, m
}

func TestCheckpointsComeBackWhole(t *testing.T) {
	t.Parallel()
	store, m := openStore(t)
	head, state, err := store.loadAlerter(t.Context(), 1)
	require.NoError(t, err)
	require.Nil(t, head)
	require.Nil(t, state)
	slot := uint32(0)
	for i, size := range []int{0, 1000, 3 << 19, 5 << 18, 1000, 5 << 18} {
		want := bulky(size, uint64(i))
		slot, err = store.saveAlerter(t.Context(), 1, int64(i), slot, want, m)
		require.NoError(t, err)
		_, err = store.saveAlerter(t.Context(), 11, 99, 0, bulky(10, 9), m)
		require.NoError(t, err)
		head, state, err = store.loadAlerter(t.Context(), 1)
		require.NoError(t, err)
		require.EqualValues(t, i, head.GetNextOffset())
		require.Equal(t, size > chunkBytes, head.GetChunks() > 1, "%d bytes in %d chunks", size, head.GetChunks())
		require.True(t, proto.Equal(want, state))
	}
}

func TestInterruptedCheckpointLeavesTheOlderOneWhole(t *testing.T) {
	t.Parallel()
	store, m := openStore(t)
	want := bulky(5<<18, 1)
	slot, err := store.saveAlerter(t.Context(), 0, 7, 0, want, m)
	require.NoError(t, err)
	newer, err := pack(bulky(5<<18, 2))
	require.NoError(t, err)
	require.NoError(t, store.write(t.Context(), chunkKey(0, 1-slot, 0), newer[:chunkBytes]))
	head, state, err := store.loadAlerter(t.Context(), 0)
	require.NoError(t, err)
	require.EqualValues(t, 7, head.GetNextOffset())
	require.True(t, proto.Equal(want, state))
}

func TestDamagedCheckpointIsFound(t *testing.T) {
	t.Parallel()
	store, m := openStore(t)
	slot, err := store.saveAlerter(t.Context(), 0, 7, 0, bulky(5<<18, 1), m)
	require.NoError(t, err)
	require.NoError(t, store.write(t.Context(), chunkKey(0, slot, 1), []byte("damaged")))
	require.NoError(t, store.write(t.Context(), alerterKey(1), []byte{0xff}))
	for partition := range 2 {
		_, _, err = store.loadAlerter(t.Context(), partition)
		require.ErrorIs(t, err, errDamaged)
	}
	endless := &earshotv1.AlerterCheckpoint{Chunks: math.MaxUint32}
	value, err := endless.MarshalVT()
	require.NoError(t, err)
	require.NoError(t, store.write(t.Context(), alerterKey(2), value))
	_, _, err = store.loadAlerter(t.Context(), 2)
	require.ErrorIs(t, err, errDamaged)
	require.ErrorContains(t, err, `"alerter/2/0/0" is missing`)
	require.NoError(t, store.write(t.Context(), notifierKey("r", 0), []byte{0xff}))
	_, err = store.loadNotifier(t.Context(), "r", 0)
	require.ErrorIs(t, err, errDamaged)
}

func TestCheckpointThatCannotBeReadIsNotDamaged(t *testing.T) {
	t.Parallel()
	store, m := openStore(t)
	store.config.Prefix += "missing."
	_, err := newEvaluator(DefaultConfig(), alert.Options{}, store, m, slog.New(slog.DiscardHandler)).assign(t.Context(), bus.TopicAssessments, 0)
	require.ErrorContains(t, err, "read checkpoint")
	require.NotErrorIs(t, err, errDamaged)
}

func TestDamagedRecordMakesAReceiverANewOne(t *testing.T) {
	t.Parallel()
	store, m := openStore(t)
	require.NoError(t, store.write(t.Context(), notifierKey("r", 0), []byte{0xff}))
	n := newNotifier(receiver{ReceiverConfig: ReceiverConfig{Name: "r"}}, store, m, slog.New(slog.DiscardHandler))
	at, err := n.assign(t.Context(), bus.TopicAlerts, 0)
	require.NoError(t, err)
	require.Equal(t, bus.FirstOffset, at.Offset)

	require.NoError(t, store.saveNotifier(t.Context(), "r", 1, &earshotv1.NotifierCheckpoint{NextOffset: 7}))
	at, err = n.assign(t.Context(), bus.TopicAlerts, 1)
	require.NoError(t, err)
	require.EqualValues(t, 7, at.Offset)
}

func TestDamagedCheckpointIsRebuiltFromTheLog(t *testing.T) {
	t.Parallel()
	c, h := testkit.Broker(t), newHook(t)
	writer, err := bus.NewWriter(c, "test")
	require.NoError(t, err)
	defer func() { require.NoError(t, writer.Close()) }()
	for p := range c.Partitions {
		require.NoError(t, writer.Write(t.Context(), bus.Message{Topic: bus.TopicCheckpoints, Key: []byte(alerterKey(p)), Value: []byte{0xff}}))
	}
	send(t, c, waves(2, 60)...)
	stop := start(t, hooked(h.URL, rulesFile(t)), deps(c))
	defer stop()
	eventually(t, func() bool { return len(h.counts()) == 2*alertsPerBrand }, "every alert")
}

func FuzzUnpack(f *testing.F) {
	packed, err := pack(bulky(100, 1))
	require.NoError(f, err)
	f.Add(packed)
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = unpack(data) })
}

func TestChangedRulesResolveWhatTheyHadFired(t *testing.T) {
	t.Parallel()
	c, h := testkit.Broker(t), newHook(t)
	send(t, c, waves(1, 10)[:10]...)
	path := rulesFile(t)
	stop := start(t, hooked(h.URL, path), deps(c))
	eventually(t, func() bool { return len(h.counts()) == 5 }, "a wave and a leak that came and went, and a live wave")
	stop()
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(testRules, "limit: 5", "limit: 6")), 0o600))
	stop = start(t, hooked(h.URL, path), deps(c))
	eventually(t, func() bool { return len(h.counts()) == 6 }, "the live wave is resolved")
	stop()
}
