package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/notify"
)

func alert() *earshotv1.Alert {
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	return &earshotv1.Alert{
		Id: strings.Repeat("ab", 16), Rule: "leaked-data", BrandId: "acme", State: earshotv1.AlertState_ALERT_STATE_FIRING, Severity: "critical",
		Annotations: map[string]string{"summary": "acme: confidential data", "description": "Revoke it.", "runbook": "https://wiki.example/leak"},
		Measure:     "mention", Observed: 1, Limit: 1, StartsAt: timestamppb.New(start),
		Samples: []*earshotv1.AlertSample{{Url: "https://x.example/1?a=1&b=2", Excerpt: "<!channel> see\nAKIA*** & more", Why: "holds an access key"}},
	}
}

// hook answers like an incoming webhook,
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors.
func hook(t *testing.T, code int, answer string, got *message) *Receiver {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, got)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return &Receiver{URL: config.Secret(server.URL + "/services/T0/B0/s3cret"), Client: notify.NewClient()}
}

func TestMessage(t *testing.T) {
	var got message
	require.NoError(t, hook(t, 200, "ok", &got).Notify(t.Context(), alert()))
	indented, err := json.MarshalIndent(got, "", "  ")
	require.NoError(t, err)
	testkit.Golden(t, "firing.json", append(indented, '\n'))
	require.NotContains(t, string(indented), "<!channel>", "a post cannot call the channel")
}

func TestResolvedIsGreen(t *testing.T) {
	a := alert()
	a.State = earshotv1.AlertState_ALERT_STATE_RESOLVED
	m := render(a)
	require.Equal(t, "[resolved] acme: confidential data", m.Text)
	require.Equal(t, "good", m.Attachments[0].Color)
}

func TestLongTextsAreCut(t *testing.T) {
	a := alert()
	a.Annotations["description"] = strings.Repeat("é", 2*maxText)
	text := render(a).Attachments[0].Blocks[0].Text.Text
	require.Len(t, []rune(text), maxText)
	require.True(t, strings.HasSuffix(text, "…"))
}

func TestAnswers(t *testing.T) {
	tests := map[string]struct {
		code             int
		answer           string
		fails, permanent bool
	}{
		"ok":             {200, "ok", false, false},
		"refused in 200": {200, "invalid_payload", true, true},
		"no such hook":   {404, "no_service", true, true},
		"rate limited":   {429, "rate_limited", true, false},
		"slack is down":  {503, "", true, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := hook(t, tt.code, tt.answer, &message{}).Notify(t.Context(), alert())
			require.Equal(t, tt.fails, err != nil)
			require.Equal(t, tt.permanent, retry.IsPermanent(err))
			if err != nil {
				require.NotContains(t, err.Error(), "s3cret")
			}
		})
	}
}

// TestPostsCannotMarkUp: what Slack reads as markup in a post's text, reason, address or
// in a summary is shown as it stands.
func TestPostsCannotMarkUp(t *testing.T) {
	const evil = "<!here> <@U1> <https://evil.example|bank> &lt; a & b"
	a := alert()
	a.Annotations = map[string]string{"summary": evil, "description": evil, "runbook": evil}
	a.Samples[0].Excerpt, a.Samples[0].Why, a.Samples[0].Url = evil, evil, evil
	body, err := json.Marshal(render(a))
	require.NoError(t, err)
	var got message
	require.NoError(t, json.Unmarshal(body, &got))
	texts := got.Text
	for _, b := range got.Attachments[0].Blocks {
		texts += b.Text.Text
	}
	require.NotContains(t, texts, "<")
	require.Equal(t, 7, strings.Count(texts, "&lt;!here&gt; &lt;@U1&gt; &lt;https://evil.example|bank&gt; &amp;lt; a &amp; b"))
}

func TestColorsTellTheSeverity(t *testing.T) {
	for severity, want := range map[string]string{"critical": "danger", "warning": "warning", "info": ""} {
		a := alert()
		a.Severity = severity
		require.Equal(t, want, render(a).Attachments[0].Color)
		require.True(t, strings.HasPrefix(render(a).Text, "["+severity+"] "))
	}
}

func TestMessageStaysWithinSlacksBlocks(t *testing.T) {
	a := alert()
	for range 4 {
		a.Samples = append(a.Samples, a.Samples[0])
	}
	blocks := render(a).Attachments[0].Blocks
	require.Len(t, blocks, 7, "what happened, five posts, the runbook; Slack takes 50")
	for _, b := range blocks {
		require.LessOrEqual(t, len([]rune(b.Text.Text)), maxText)
	}
}
