package earshot_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
)

// roomMetrics are all that the rooms show: each room, as far as it has it, in, out, dead,
// errors by class, batch size, seconds a batch, lag, and its own. The collector reads no
// topic and has no lag.
var roomMetrics = []string{
	"earshot_collector_in_posts_total", "earshot_collector_out_messages_total", "earshot_collector_dead_posts_total",
	"earshot_collector_errors_total", "earshot_collector_batch_posts", "earshot_collector_batch_seconds",
	"earshot_collector_source_errors_total",

	"earshot_classifier_in_messages_total", "earshot_classifier_out_messages_total", "earshot_classifier_dead_messages_total",
	"earshot_classifier_errors_total", "earshot_classifier_batch_messages", "earshot_classifier_batch_seconds",
	"earshot_classifier_lag_messages", "earshot_classifier_shadow_findings_total", "earshot_classifier_pack_reloads_total",
	"earshot_classifier_opinion_attempts_total", "earshot_classifier_opinions_total", "earshot_classifier_dropped_opinions_total",
	"earshot_classifier_amended_assessments_total", "earshot_classifier_posts_total", "earshot_classifier_mentions_total",
	"earshot_classifier_judgements_total", "earshot_classifier_findings_total", "earshot_classifier_stage_seconds_total",
	"earshot_classifier_unmatched_posts_total", "earshot_classifier_withdrawn_assessments_total",

	"earshot_writer_in_messages_total", "earshot_writer_rows_total", "earshot_writer_dead_messages_total",
	"earshot_writer_errors_total", "earshot_writer_batch_messages", "earshot_writer_batch_seconds",
	"earshot_writer_lag_messages", "earshot_writer_out_messages_total", "earshot_writer_insert_seconds",
	"earshot_writer_erased_posts_total", "earshot_writer_erase_errors_total",

	"earshot_alerter_in_messages_total", "earshot_alerter_out_messages_total", "earshot_alerter_dead_messages_total",
	"earshot_alerter_errors_total", "earshot_alerter_batch_messages", "earshot_alerter_batch_seconds",
	"earshot_alerter_lag_messages", "earshot_alerter_alerts_total", "earshot_alerter_checkpoint_bytes",
	"earshot_alerter_late_posts_total", "earshot_alerter_dropped_posts_total", "earshot_alerter_rule_errors_total",
	"earshot_alerter_notify_seconds",

	"earshot_notifier_in_messages_total", "earshot_alerter_notifications_total", "earshot_notifier_dead_messages_total",
	"earshot_notifier_errors_total", "earshot_notifier_batch_messages", "earshot_notifier_batch_seconds",
	"earshot_notifier_lag_messages", "earshot_notifier_out_messages_total",
}

// shadowPack is a rule in shadow that every employee's post with a key meets.
const shadowPack = `
name: house
version: 1.0.0
shadow: true
rules:
  - id: h01
    title: Key
    status: test
    kind: secret
    category: compliance
    family: key
    level: low
    likelihood: 0.7
    applies: {who: [emp, rep, exec, own, paid, pub]}
    detection: {key: {words: [key, deploy]}}
    condition: key
    must_match: [{text: key, who: emp}, {text: a key, who: emp}, {text: my key, who: emp}]
    must_pass: [{text: lock, who: emp}, {text: a lock, who: emp}, {text: my lock, who: emp}]
`

// TestMetricsAreWhatTheReadmesSay runs everything that counts once, and holds the tables
// in the services' READMEs to what the metrics page then shows.
func TestMetricsAreWhatTheReadmesSay(t *testing.T) {
	s := embeddedSystem(t)
	packs := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(packs, "house.yaml"), []byte(shadowPack), 0o600))
	text, err := os.ReadFile(s.config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.config, []byte(strings.Replace(string(text), "packs: [", "packs: [house, ", 1)), 0o600))
	s.env = append(s.env, "EARSHOT__CLASSIFIER__SECOND_OPINION={endpoint: {url: 'http://127.0.0.1:1/v1', model: none}}",
		"EARSHOT__COLLECTOR__TOKEN="+intakeToken, "EARSHOT__PACKS__DIRS=["+packs+"]",
		"EARSHOT__COLLECTOR__SOURCES=[{name: gone, file: {path: "+filepath.Join(t.TempDir(), "none.jsonl")+"}}]")
	s.start()
	require.Equal(t, http.StatusAccepted, s.send(leak).StatusCode)
	require.Equal(t, http.StatusBadRequest, s.send(`{"id": 1}`).StatusCode)
	s.poison(bus.TopicPosts, bus.TopicAssessments, bus.TopicAlerts)

	var page map[string]*dto.MetricFamily
	s.eventually("every room shows all it has", func() bool {
		page = s.metrics()
		return !slices.ContainsFunc(roomMetrics, func(name string) bool { return page[name] == nil })
	})
	for readme, prefixes := range map[string][]string{
		"collector": {"earshot_collector_"}, "classifier": {"earshot_classifier_"}, "writer": {"earshot_writer_"},
		"alerter": {"earshot_alerter_", "earshot_notifier_"},
	} {
		t.Run(readme, func(t *testing.T) {
			holdsTable(t, filepath.Join("..", readme, "README.md"), metricTable(page, prefixes...))
		})
	}
	t.Run("buckets", func(t *testing.T) { bucketsFit(t, page) })
}

// poison writes to each topic what no room can decode.
func (s *system) poison(topics ...string) {
	s.t.Helper()
	writer, err := bus.NewWriter(s.bus(), "test")
	require.NoError(s.t, err)
	for _, topic := range topics {
		require.NoError(s.t, writer.Write(s.t.Context(), bus.Message{Topic: topic, Key: []byte("k"), Value: []byte{0xff}}))
	}
	require.NoError(s.t, writer.Close())
}

// metrics reads the metrics page.
func (s *system) metrics() map[string]*dto.MetricFamily {
	s.t.Helper()
	resp, err := http.Get("http://" + s.ready[0] + "/metrics")
	require.NoError(s.t, err)
	defer func() { _ = resp.Body.Close() }()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	require.NoError(s.t, err)
	return families
}

// metricTable is the Markdown table of the metrics that begin with one of prefixes.
func metricTable(page map[string]*dto.MetricFamily, prefixes ...string) string {
	var out strings.Builder
	out.WriteString("| Metric | Type | Labels | What |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(page)) {
		if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		labels := map[string]bool{}
		for _, m := range page[name].GetMetric() {
			for _, pair := range m.GetLabel() {
				labels[pair.GetName()] = true
			}
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", name, strings.ToLower(page[name].GetType().String()),
			strings.Join(slices.Sorted(maps.Keys(labels)), ", "), page[name].GetHelp())
	}
	return out.String()
}

// holdsTable compares the generated part of a README, or writes it.
func holdsTable(t *testing.T, path, table string) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(data), "<!-- metrics:")
	note, rest, noted := strings.Cut(rest, "-->\n")
	old, after, ends := strings.Cut(rest, "<!-- end of metrics -->")
	require.True(t, begins && noted && ends, "%s has no place for its metrics", path)
	if os.Getenv("EARSHOT_UPDATE_GOLDEN") == "1" {
		text := before + "<!-- metrics:" + note + "-->\n" + table + "<!-- end of metrics -->" + after
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return
	}
	require.Equal(t, table, old, "%s: EARSHOT_UPDATE_GOLDEN=1 writes it anew", path)
}

// bucketsFit checks that no histogram has OpenTelemetry's own bounds, which are made for
// milliseconds, and that names say their unit.
func bucketsFit(t *testing.T, page map[string]*dto.MetricFamily) {
	for name, family := range page {
		if !strings.HasPrefix(name, "earshot_") {
			continue
		}
		counter := family.GetType() == dto.MetricType_COUNTER
		require.Equal(t, counter, strings.HasSuffix(name, "_total"), name)
		for _, m := range family.GetMetric() {
			for _, b := range m.GetHistogram().GetBucket() {
				require.NotEqual(t, 7500.0, b.GetUpperBound(), name)
			}
		}
	}
}
