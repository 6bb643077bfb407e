// Package slack notifies a channel through a Slack incoming webhook.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
//
// Slack answers 200 with the body "ok"; anything else in the body is an error. Texts of
// posts are escaped, so that no post can mention a channel or forge a link:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/retry"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/notify"
)

// maxText is the limit of a section block's text, in characters.
// https://docs.slack.dev/reference/block-kit/blocks/section-block
const maxText = 3000

// Receiver posts each alert on its own. It is safe for concurrent use.
type Receiver struct {
	// URL is the incoming webhook's; whoever has it can post.
	URL    config.Secret
	Client *http.Client
}

type message struct {
	// Text is what notifications and screen readers show.
	Text        string       `json:"text"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	Color  string  `json:"color"`
	Blocks []block `json:"blocks"`
}

type block struct {
	Type string `json:"type"`
	Text *text  `json:"text,omitempty"`
}

type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// Notify posts one alert. The errors are those of [notify.Post], and a permanent one
// where Slack refuses the message in the body.
func (r *Receiver) Notify(ctx context.Context, a *earshotv1.Alert) error {
	body, err := json.Marshal(render(a))
	if err != nil {
		return fmt.Errorf("encode alert: %w", err)
	}
	answer, err := notify.Post(ctx, notify.Request{Client: r.Client, URL: r.URL.Reveal(), Body: body, Key: notify.Key(a)})
	if err != nil {
		return err
	}
	if string(answer) != "ok" {
		return retry.Permanent(fmt.Errorf("slack refused the message: %.100q", answer))
	}
	return nil
}

func render(a *earshotv1.Alert) message {
	headline := fmt.Sprintf("[%s] %s", label(a), escape(notify.Headline(a)))
	return message{Text: headline, Attachments: []attachment{{Color: color(a), Blocks: blocks(headline, a)}}}
}

func blocks(headline string, a *earshotv1.Alert) []block {
	lines := []string{"*" + headline + "*", "_" + escape(notify.Extent(a)) + "_"}
	if what := a.GetAnnotations()["description"]; what != "" {
		lines = append(lines, escape(what))
	}
	out := []block{section(strings.Join(lines, "\n"))}
	for _, s := range a.GetSamples() {
		out = append(out, section(quote(s)))
	}
	if runbook := a.GetAnnotations()["runbook"]; runbook != "" {
		out = append(out, section("Runbook: "+escape(runbook)))
	}
	return out
}

func quote(s *earshotv1.AlertSample) string {
	out := "> " + strings.ReplaceAll(escape(s.GetExcerpt()), "\n", "\n> ")
	if s.GetWhy() != "" {
		out += "\n" + escape(s.GetWhy())
	}
	if s.GetUrl() != "" {
		out += "\n" + escape(s.GetUrl())
	}
	return out
}

func section(markdown string) block {
	if cut := []rune(markdown); len(cut) > maxText {
		markdown = string(cut[:maxText-1]) + "…"
	}
	return block{Type: "section", Text: &text{Type: "mrkdwn", Text: markdown}}
}

func label(a *earshotv1.Alert) string {
	if a.GetState() == earshotv1.AlertState_ALERT_STATE_RESOLVED {
		return "resolved"
	}
	return a.GetSeverity()
}

func color(a *earshotv1.Alert) string {
	return map[string]string{"resolved": "good", "critical": "danger", "warning": "warning"}[label(a)]
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }
