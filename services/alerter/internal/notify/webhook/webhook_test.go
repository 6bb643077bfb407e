package webhook

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

func alert(state earshotv1.AlertState) *earshotv1.Alert {
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	a := &earshotv1.Alert{
		Id: strings.Repeat("ab", 16), Rule: "boycott-wave", BrandId: "merrow", State: state, Severity: "critical",
		Group: map[string]string{"brand": "merrow", "platform": "x"}, Labels: map[string]string{"category": "reputation"},
		Annotations: map[string]string{"summary": "27 authors call for a boycott", "description": "Find the cause.", "runbook": "https://wiki.example/boycott"},
		Measure:     "distinct_authors", Observed: 27, Limit: 25,
		WindowStart: timestamppb.New(start.Add(-time.Hour)), WindowEnd: timestamppb.New(start), StartsAt: timestamppb.New(start),
		Samples: []*earshotv1.AlertSample{{PostId: "x:1", Url: "https://x.example/1", Excerpt: "Boycott <them> & go", Score: 42, Why: "calls for a boycott", AuthorHandle: "@jo"}},
	}
	if state == earshotv1.AlertState_ALERT_STATE_RESOLVED {
		a.EndsAt = timestamppb.New(start.Add(2 * time.Hour))
	}
	return a
}

// TestPayload compares what a receiver gets with the documented payload,
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config.
func TestPayload(t *testing.T) {
	for name, state := range map[string]earshotv1.AlertState{
		"firing": earshotv1.AlertState_ALERT_STATE_FIRING, "resolved": earshotv1.AlertState_ALERT_STATE_RESOLVED,
	} {
		t.Run(name, func(t *testing.T) {
			var got map[string]any
			var key, token string
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_ = json.Unmarshal(body, &got)
				key, token = r.Header.Get("Idempotency-Key"), r.Header.Get("Authorization")
			}))
			defer server.Close()
			r := &Receiver{Name: "on-call", URL: config.Secret(server.URL), Token: "t0ken", Client: notify.NewClient()}
			require.NoError(t, r.Notify(t.Context(), alert(state)))
			require.Equal(t, `"`+notify.Key(alert(state))+`"`, key)
			require.Equal(t, "Bearer t0ken", token)
			for _, documented := range []string{"version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "alerts"} {
				require.Contains(t, got, documented)
			}
			require.Equal(t, "4", got["version"])
			indented, err := json.MarshalIndent(got, "", "  ")
			require.NoError(t, err)
			testkit.Golden(t, name+".json", append(indented, '\n'))
		})
	}
}

func TestRefusalIsPermanent(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	r := &Receiver{URL: config.Secret(server.URL), Client: notify.NewClient()}
	require.True(t, retry.IsPermanent(r.Notify(t.Context(), alert(earshotv1.AlertState_ALERT_STATE_FIRING))))
}

// TestLabelsOfTheAlertItselfWin over those of a rule and a group with the same name, for
// routes are written on them.
func TestLabelsOfTheAlertItselfWin(t *testing.T) {
	a := alert(earshotv1.AlertState_ALERT_STATE_FIRING)
	a.Labels = map[string]string{"alertname": "mine", "severity": "low", "brand": "mine", "platform": "mine", "team": "comms"}
	got := (&Receiver{Name: "r"}).message(a)
	require.Equal(t, map[string]string{
		"alertname": "boycott-wave", "severity": "critical", "brand": "merrow", "platform": "x", "team": "comms",
	}, map[string]string(got.CommonLabels))
	require.Equal(t, "mine", a.GetLabels()["alertname"], "the alert itself is left alone")
	require.Equal(t, `{}:{alertname="boycott-wave", brand="merrow"}`, got.GroupKey)
	require.True(t, got.Alerts[0].EndsAt.IsZero(), "a firing alert has no end")
}

func TestAlertWithoutPosts(t *testing.T) {
	a := alert(earshotv1.AlertState_ALERT_STATE_FIRING)
	a.Samples, a.Annotations = nil, nil
	got := (&Receiver{}).message(a)
	require.Empty(t, got.Alerts[0].GeneratorURL)
	require.Equal(t, []string{"extent"}, []string(got.CommonAnnotations.SortedPairs().Names()))
}
