package alerter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/notify"
	"github.com/earshot/earshot/services/alerter/internal/notify/slack"
	"github.com/earshot/earshot/services/alerter/internal/notify/terminal"
	"github.com/earshot/earshot/services/alerter/internal/notify/webhook"
)

var tracer = otel.Tracer("github.com/earshot/earshot/services/alerter")

// newReceiverHistory is how old an alert a receiver without any record is still told.
const newReceiverHistory = time.Hour

// stopTime is how much longer a notification under way, and then its record, may take when
// the service stops or loses the partition.
const stopTime = 5 * time.Second

// messenger tells one receiver of one alert. Errors marked by [retry.Permanent] are
// not tried again.
type messenger interface {
	Notify(ctx context.Context, a *earshotv1.Alert) error
}

type receiver struct {
	ReceiverConfig
	messenger messenger
}

func openReceivers(configs []ReceiverConfig, out io.Writer) ([]receiver, error) {
	client := notify.NewClient()
	receivers := make([]receiver, len(configs))
	for i, c := range configs {
		c, err := c.resolve()
		if err != nil {
			return nil, err
		}
		receivers[i].ReceiverConfig = c
		switch c.Type {
		case "webhook":
			receivers[i].messenger = &webhook.Receiver{Name: c.Name, URL: c.URL, Token: c.Token, Client: client}
		case "slack":
			receivers[i].messenger = &slack.Receiver{URL: c.URL, Client: client}
		case "terminal":
			receivers[i].messenger = terminal.New(out)
		}
	}
	return receivers, nil
}

// notifier is the second loop, for one receiver: alerts in, notifications out.
type notifier struct {
	receiver receiver
	store    checkpoints
	metrics  *metrics
	logger   *slog.Logger
	started  time.Time
	// sending lets one notification out at a time, its record included, so that a crash
	// repeats at most one.
	sending sync.Mutex
}

func newNotifier(r receiver, store checkpoints, m *metrics, logger *slog.Logger) *notifier {
	return &notifier{receiver: r, store: store, metrics: m, logger: logger, started: time.Now()}
}

// consume reads one alert at a time: the record of each notification follows it at once.
func (n *notifier) consume(ctx context.Context) error {
	return bus.ConsumeAssigned(ctx, bus.AssignedOptions{
		Config: n.store.config, Topics: []string{bus.TopicAlerts}, Group: Group + "." + n.receiver.Name, Service: "notifier",
		BatchMessages: 1, BatchDelay: time.Millisecond, Assign: n.assign, Logger: n.logger,
	})
}

func (n *notifier) assign(ctx context.Context, _ string, number int) (bus.Assignment, error) {
	told, err := n.store.loadNotifier(ctx, n.receiver.Name, number)
	if err != nil && !errors.Is(err, errDamaged) {
		return bus.Assignment{}, err
	}
	if err != nil {
		n.logger.ErrorContext(ctx, "record of notifications is damaged, beginning as a new receiver", "receiver", n.receiver.Name, "partition", number, "error", err)
		told = nil
	}
	p := &notified{notifier: n, number: number, told: notify.NewTold(told.GetTold()), next: told.GetNextOffset()}
	if told == nil {
		p.next, p.since = bus.FirstOffset, n.started.Add(-newReceiverHistory)
		return bus.Assignment{Offset: p.next, Handle: p.handle}, nil
	}
	// The first write of a process dials and asks where to; between an answer of the
	// receiver and its record there must be no such time.
	if err := p.save(ctx); err != nil {
		return bus.Assignment{}, err
	}
	return bus.Assignment{Offset: p.next, Handle: p.handle}, nil
}

// notified is what one receiver was told from one partition of alerts.
type notified struct {
	notifier *notifier
	number   int
	told     *notify.Told
	next     int64
	// since leaves out alerts that were published before; zero leaves out none.
	since time.Time
	// unsaved says that next moved past a dead letter that is durable only now.
	unsaved bool
}

// handle is the partition's [bus.Handler], for batches of one message.
func (p *notified) handle(ctx context.Context, batch []bus.Message) ([]bus.Reject, error) {
	p.notifier.sending.Lock()
	defer p.notifier.sending.Unlock()
	if ctx.Err() != nil { // while another notification was under way
		return nil, ctx.Err()
	}
	if p.unsaved && batch[0].Offset >= p.next {
		if err := p.save(ctx); err != nil {
			return nil, err
		}
	}
	for i := range batch {
		a, err := decodeAlert(batch[i].Value)
		reason := reasonInvalid
		if err == nil && !batch[i].Time.Before(p.since) {
			err, reason = p.tell(bus.TraceOf(ctx, &batch[i]), a), reasonReceiver
		}
		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p.next = batch[i].Offset + 1
		if err != nil {
			p.unsaved = true
			return []bus.Reject{{Index: i, Reason: reason, Err: fmt.Errorf("receiver %s: %w", p.notifier.receiver.Name, err)}}, nil
		}
		if err := p.save(ctx); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// tell notifies the receiver unless it knows, with repetition until it gives up or ctx
// ends. An attempt that the end of ctx finds under way is not cut off: the receiver may
// have it already.
func (p *notified) tell(ctx context.Context, a *earshotv1.Alert) error {
	r := p.notifier.receiver
	verdict := p.told.Judge(a, !r.FiringOnly)
	if verdict != notify.Send {
		p.notifier.metrics.notification(ctx, r.Name, string(verdict))
		return nil
	}
	ctx, span := tracer.Start(ctx, "notify "+r.Type, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("earshot.service", "alerter"),
		attribute.String("earshot.receiver", r.Name),
		attribute.String("earshot.rule", a.GetRule()),
		attribute.String("earshot.alert", a.GetId())))
	defer span.End()
	began := time.Now()
	policy := retry.Policy{Limit: r.GiveUpAfter, Notify: func(error, time.Duration) {
		p.notifier.metrics.notification(ctx, r.Name, "retried")
	}}
	err := policy.Do(ctx, func(ctx context.Context) error {
		ctx, release := daemon.Outlive(ctx, stopTime)
		defer release()
		ctx, cancel := context.WithTimeout(ctx, r.Timeout)
		defer cancel()
		return r.messenger.Notify(ctx, a)
	})
	if err != nil {
		span.SetStatus(codes.Error, "")
		p.notifier.metrics.notification(ctx, r.Name, "dead")
		return err
	}
	p.told.Add(a)
	p.notifier.metrics.sent(ctx, r.Name, time.Since(began))
	return nil
}

func (p *notified) save(ctx context.Context) error {
	ctx, release := daemon.Outlive(ctx, stopTime)
	defer release()
	p.unsaved = false
	return p.notifier.store.saveNotifier(ctx, p.notifier.receiver.Name, p.number,
		&earshotv1.NotifierCheckpoint{NextOffset: p.next, Told: p.told.Keys()})
}

func decodeAlert(value []byte) (*earshotv1.Alert, error) {
	a := &earshotv1.Alert{}
	if err := a.UnmarshalVT(value); err != nil {
		return nil, fmt.Errorf("decode alert: %w", err)
	}
	if err := schemas.ValidateAlert(a); err != nil {
		return nil, fmt.Errorf("validate alert: %w", err)
	}
	return a, nil
}
