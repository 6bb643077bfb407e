// Package webhook notifies an HTTP endpoint in the payload of Prometheus Alertmanager,
// version 4, so that what understands Alertmanager understands Earshot.
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
//
// The payload is built from Alertmanager's own types. Its sender is not used: it brings
// some 360 packages (AWS, gRPC, a Kafka client) and cannot carry an idempotency key.
package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"

	"github.com/prometheus/alertmanager/template"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/notify"
)

// Receiver posts each alert on its own. It is safe for concurrent use.
type Receiver struct {
	// Name is the receiver's name in the payload.
	Name   string
	URL    config.Secret
	Token  config.Secret
	Client *http.Client
}

// Message is the payload, as Alertmanager's notify/webhook defines it.
type Message struct {
	*template.Data
	Version         string `json:"version"`
	GroupKey        string `json:"groupKey"`
	TruncatedAlerts uint64 `json:"truncatedAlerts"`
}

// Notify posts one alert. The errors are those of [notify.Post].
func (r *Receiver) Notify(ctx context.Context, a *earshotv1.Alert) error {
	body, err := json.Marshal(r.message(a))
	if err != nil {
		return fmt.Errorf("encode alert: %w", err)
	}
	_, err = notify.Post(ctx, notify.Request{
		Client: r.Client, URL: r.URL.Reveal(), Body: body, Bearer: r.Token.Reveal(), Key: notify.Key(a),
	})
	return err
}

func (r *Receiver) message(a *earshotv1.Alert) Message {
	labels := template.KV{}
	maps.Copy(labels, a.GetLabels())
	maps.Copy(labels, a.GetGroup())
	labels["alertname"], labels["severity"], labels["brand"] = a.GetRule(), a.GetSeverity(), a.GetBrandId()
	one := template.Alert{
		Status: schemas.StateName(a.GetState()), Labels: labels, Annotations: annotations(a),
		StartsAt: a.GetStartsAt().AsTime(), Fingerprint: a.GetId(),
	}
	if a.GetEndsAt() != nil {
		one.EndsAt = a.GetEndsAt().AsTime()
	}
	if len(a.GetSamples()) > 0 {
		one.GeneratorURL = a.GetSamples()[0].GetUrl()
	}
	group := template.KV{"alertname": a.GetRule(), "brand": a.GetBrandId()}
	return Message{
		Version: "4", GroupKey: fmt.Sprintf("{}:{alertname=%q, brand=%q}", a.GetRule(), a.GetBrandId()),
		Data: &template.Data{
			Receiver: r.Name, Status: one.Status, Alerts: template.Alerts{one}, GroupLabels: group,
			CommonLabels: labels, CommonAnnotations: one.Annotations, RouteLabels: template.KV{},
		},
	}
}

// annotations are the rule's, and in words what Alertmanager has no field for.
func annotations(a *earshotv1.Alert) template.KV {
	out := template.KV{"extent": notify.Extent(a)}
	maps.Copy(out, a.GetAnnotations())
	if samples := a.GetSamples(); len(samples) > 0 {
		out["sample"], out["why"] = samples[0].GetExcerpt(), samples[0].GetWhy()
	}
	return out
}
