package alerter

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
)

// BenchmarkHandle is the alerter's share of a post: decode, validate, and measure by the
// built-in rules; a brand's posts at 1,000 a second, a fifth of them complaints. No post
// is one that an alert is published for.
func BenchmarkHandle(b *testing.B) {
	rules, err := loadRules(nil)
	require.NoError(b, err)
	m, err := newMetrics()
	require.NoError(b, err)
	c := DefaultConfig()
	c.CheckpointInterval = time.Hour
	options := alert.Options{Rules: rules, Lateness: c.Lateness, Idle: c.Idle}
	e := newEvaluator(c, options, checkpoints{}, m, slog.New(slog.DiscardHandler))
	p := &partition{evaluator: e, machine: alert.New(options), savedAt: time.Now()}
	batch := make([]bus.Message, 1000)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		b.StopTimer()
		for i := range batch {
			kind, label := "", "neutral"
			if n%5 == 0 {
				kind, label = "complaint", "positive"
			}
			a := judged(n, time.Duration(n)*time.Millisecond, earshotv1.Category_CATEGORY_REPUTATION, kind, earshotv1.Level_LEVEL_LOW, label)
			value, err := a.MarshalVT()
			require.NoError(b, err)
			batch[i] = bus.Message{Value: value, Offset: int64(n), Time: noon}
			n++
		}
		b.StartTimer()
		rejects, err := p.handle(b.Context(), batch)
		require.NoError(b, err)
		require.Empty(b, rejects)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/post")
}

// BenchmarkFullCheckpoint packs a machine whose memory is full.
func BenchmarkFullCheckpoint(b *testing.B) {
	rules, err := loadRules(nil)
	require.NoError(b, err)
	m := alert.New(alert.Options{Rules: rules, Lateness: 24 * time.Hour, Idle: time.Hour})
	for i := range 250_000 {
		a := judged(i, time.Duration(i)*time.Millisecond, earshotv1.Category_CATEGORY_REPUTATION, "complaint", earshotv1.Level_LEVEL_LOW, "negative")
		a.Post.Id = fmt.Sprint("x:", i*7919)
		m.Apply(a, noon)
	}
	var size int
	b.ReportAllocs()
	for b.Loop() {
		packed, err := pack(m.Snapshot())
		require.NoError(b, err)
		size = len(packed)
	}
	b.ReportMetric(float64(size), "packed-bytes")
}
