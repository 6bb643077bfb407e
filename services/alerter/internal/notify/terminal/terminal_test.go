package terminal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/testkit"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func alert(severity string) *earshotv1.Alert {
	start := time.Date(2026, 3, 2, 3, 4, 0, 0, time.UTC)
	return &earshotv1.Alert{
		Id: strings.Repeat("ab", 16), Rule: "outage", BrandId: "tidewell", State: earshotv1.AlertState_ALERT_STATE_FIRING, Severity: severity,
		Annotations: map[string]string{
			"summary": "tidewell: customers report an outage", "runbook": "1. Ask Operations. 2. Update the status page.",
			"description": "12 different authors within 15m0s say that something does not work, which is far more than on any other night of this month.",
		},
		Measure: "distinct_authors", Observed: 12, Limit: 10, StartsAt: timestamppb.New(start),
		WindowStart: timestamppb.New(start.Add(-15 * time.Minute)), WindowEnd: timestamppb.New(start),
		Samples: []*earshotv1.AlertSample{
			{Excerpt: "App is down,\ncan't log in", AuthorHandle: "@mira_007", Score: 22.4, Why: "reports an outage", Url: "https://x.example/p/1"},
			{Excerpt: "Nothing loads", AuthorHandle: "@lev_1", Score: 12},
		},
	}
}

func show(t *testing.T, a *earshotv1.Alert, colors bool) string {
	t.Helper()
	var out strings.Builder
	r := New(&out)
	require.False(t, r.colors, "a buffer is no terminal")
	r.colors = colors
	require.NoError(t, r.Notify(t.Context(), a))
	return out.String()
}

func TestBlocks(t *testing.T) {
	resolved := alert("critical")
	resolved.State, resolved.EndsAt = earshotv1.AlertState_ALERT_STATE_RESOLVED, timestamppb.New(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))
	bare := &earshotv1.Alert{Rule: "r", BrandId: "b", Id: "id", Severity: "info", Measure: "count", State: earshotv1.AlertState_ALERT_STATE_FIRING}
	tests := map[string]struct {
		alert  *earshotv1.Alert
		colors bool
	}{
		"firing": {alert("critical"), false}, "colors": {alert("warning"), true}, "resolved": {resolved, false}, "bare": {bare, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			testkit.Golden(t, name+".txt", []byte(show(t, tt.alert, tt.colors)))
		})
	}
}

func TestPostsCannotSteerTheTerminal(t *testing.T) {
	a := alert("critical")
	a.Annotations["summary"] = "\x1b]0;owned\x07\u202egnorw"
	a.Samples[0].AuthorHandle = "\x1b[2J@evil\r\n▲ CRITICAL fake"
	got := show(t, a, false)
	for _, bad := range []string{"\x1b", "\x07", "\r", "\u202e", "\n▲ CRITICAL fake"} {
		require.NotContains(t, got, bad)
	}
}

func TestColorsOnlyOnATerminal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.False(t, New(file).colors)
	t.Setenv("NO_COLOR", "1")
	require.False(t, New(os.Stdout).colors)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestWriteErrorIsReturned(t *testing.T) {
	require.ErrorContains(t, New(broken{}).Notify(t.Context(), alert("info")), "no room")
}
