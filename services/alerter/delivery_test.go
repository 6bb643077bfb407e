package alerter

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/alert"
	"github.com/earshot/earshot/services/alerter/internal/rule"
)

// faultyWriter hurts the publication of alerts.
type faultyWriter struct {
	*bus.Writer
	faults testkit.Faults
}

func (w faultyWriter) Write(ctx context.Context, messages ...bus.Message) error {
	if messages[0].Topic != bus.TopicAlerts {
		return w.Writer.Write(ctx, messages...)
	}
	if err := w.faults.Before(); err != nil {
		return err
	}
	if err := w.Writer.Write(ctx, messages...); err != nil {
		return err
	}
	w.faults.After()
	return nil
}

// TestEvaluationAccountsForEveryAssessment: each one is a mention that alerts.
func TestEvaluationAccountsForEveryAssessment(t *testing.T) {
	t.Parallel()
	rules, err := rule.Parse(rule.Source{Name: "t.yaml", Data: []byte("rules: [{name: all, filter: 'true', measure: mention, severity: info}]")})
	require.NoError(t, err)
	testkit.Delivery(t, testkit.Room{
		Topic: bus.TopicAssessments, Group: Group,
		Message: func(id string) bus.Message { return assessment(id, "brand", 0, earshotv1.Level_LEVEL_LOW) },
		Open: func(t *testing.T, c bus.Config) testkit.Instance {
			writer, err := bus.NewWriter(c, "alerter")
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, writer.Close()) })
			m, err := newMetrics()
			require.NoError(t, err)
			return testkit.Instance{
				Run: func(ctx context.Context, faults testkit.Faults) error {
					settings := hooked("", "")
					settings.BatchMessages = 2 // so that a life has more effects than the one it dies at
					store := checkpoints{config: c, writer: faultyWriter{writer, faults}}
					return newEvaluator(settings, alert.Options{Rules: rules, Idle: time.Hour}, store, m, slog.New(slog.DiscardHandler)).consume(ctx)
				},
				Effects: func(t *testing.T) map[string]int {
					ids := map[string]string{}
					require.NoError(t, bus.ReadAll(t.Context(), c, bus.TopicAlerts, func(m bus.Message) error {
						a, err := decodeAlert(m.Value)
						ids[a.GetId()] = a.GetGroup()["post.id"]
						return err
					}))
					effects := map[string]int{}
					for _, post := range ids {
						effects[strings.TrimPrefix(post, "x:")]++
					}
					return effects
				},
			}
		},
	})
}

// faultyMessenger is a receiver that drops what it was told before, by idempotency key.
type faultyMessenger struct {
	faults testkit.Faults
	mu     *sync.Mutex
	told   map[string]bool
}

func (m faultyMessenger) Notify(_ context.Context, a *earshotv1.Alert) error {
	if err := m.faults.Before(); err != nil {
		return err
	}
	m.mu.Lock()
	m.told[a.GetLabels()["id"]] = true
	m.mu.Unlock()
	m.faults.After()
	return nil
}

func TestNotificationAccountsForEveryAlert(t *testing.T) {
	t.Parallel()
	at := timestamppb.New(noon)
	testkit.Delivery(t, testkit.Room{
		Topic: bus.TopicAlerts, Group: Group + ".faulty",
		Message: func(id string) bus.Message {
			return alertMessage(context.Background(), &earshotv1.Alert{
				Id: strings.Repeat("0", 16) + hexOf(id), Rule: "r", State: earshotv1.AlertState_ALERT_STATE_FIRING, Severity: "info",
				Measure: "mention", BrandId: "b", WindowStart: at, WindowEnd: at, StartsAt: at, Labels: map[string]string{"id": id},
			})
		},
		Open: func(t *testing.T, c bus.Config) testkit.Instance {
			writer, err := bus.NewWriter(c, "notifier")
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, writer.Close()) })
			m, err := newMetrics()
			require.NoError(t, err)
			messenger := faultyMessenger{mu: &sync.Mutex{}, told: map[string]bool{}}
			return testkit.Instance{
				Run: func(ctx context.Context, faults testkit.Faults) error {
					messenger.faults = faults
					r := receiver{ReceiverConfig{Name: "faulty", Timeout: time.Second, GiveUpAfter: time.Minute}, messenger}
					return newNotifier(r, checkpoints{config: c, writer: writer}, m, slog.New(slog.DiscardHandler)).consume(ctx)
				},
				Effects: func(*testing.T) map[string]int {
					effects := map[string]int{}
					for id := range messenger.told {
						effects[id] = 1
					}
					return effects
				},
			}
		},
	})
}
