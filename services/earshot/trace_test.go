package earshot_test

import (
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// spans is a receiver of traces over OTLP/HTTP that keeps every span.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp
type spans struct {
	url string
	mu  sync.Mutex
	all []*tracepb.Span
}

func newSpans(t *testing.T) *spans {
	t.Helper()
	s := &spans{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *spans) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var request collectorpb.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &request)
	}
	if err != nil || r.URL.Path != "/v1/traces" {
		http.Error(w, "want spans", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, resource := range request.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			s.all = append(s.all, scope.GetSpans()...)
		}
	}
}

// named are the spans that were received under a name.
func (s *spans) named(name string) []*tracepb.Span {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.all), func(p *tracepb.Span) bool { return p.GetName() != name })
}

// follow walks from a span to all that come of it: its children, the spans that are
// linked to it, and so on. It returns them as "service name".
func (s *spans) follow(from *tracepb.Span) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := func(trace, span []byte) string { return hex.EncodeToString(trace) + "/" + hex.EncodeToString(span) }
	reached := map[string]bool{key(from.GetTraceId(), from.GetSpanId()): true}
	found := map[string]bool{}
	for before := -1; before != len(reached); {
		before = len(reached)
		for _, p := range s.all {
			next := reached[key(p.GetTraceId(), p.GetParentSpanId())]
			for _, link := range p.GetLinks() {
				next = next || reached[key(link.GetTraceId(), link.GetSpanId())]
			}
			if next {
				reached[key(p.GetTraceId(), p.GetSpanId())] = true
				found[attribute(p, "earshot.service")+" "+p.GetName()] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func attribute(p *tracepb.Span, key string) string {
	i := slices.IndexFunc(p.GetAttributes(), func(kv *commonpb.KeyValue) bool { return kv.GetKey() == key })
	if i < 0 {
		return ""
	}
	return p.GetAttributes()[i].GetValue().GetStringValue()
}

// leak is a post that fires an alert. Key, name and handle are invented.
const leak = `{"id":"traced","platform":"x","text":"Tidewell Bank deploy: AWS_ACCESS_KEY_ID=AKIAQ7XKZ3MNB5TRW2PL quokka",
"created_at":"2026-03-02T09:14:00Z","author":{"handle":"@traced_author"}}`

const intakeToken = "token-of-the-trace-test"

// send posts a body to the intake.
func (s *system) send(body string) *http.Response {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+s.intake+"/v1/posts", strings.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+intakeToken)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	require.NoError(s.t, resp.Body.Close())
	return resp
}

// onePostIsFollowed sends a post that fires an alert and walks from its request to the
// row and the notification.
func onePostIsFollowed(t *testing.T, s *system) {
	t.Helper()
	traces := newSpans(t)
	s.env = append(s.env, "EARSHOT__TELEMETRY__OTLP_ENDPOINT="+traces.url, "EARSHOT__TELEMETRY__TRACE_SAMPLE=1",
		"EARSHOT__COLLECTOR__TOKEN="+intakeToken)
	s.start()
	require.Equal(t, http.StatusAccepted, s.send(leak).StatusCode)
	want := []string{
		"alerter notify webhook", "alerter process earshot.assessments.v1", "classifier process earshot.posts.v1",
		"notifier process earshot.alerts.v1", "writer insert alerts", "writer insert assessments",
		"writer process earshot.alerts.v1", "writer process earshot.assessments.v1",
	}
	var got []string
	s.eventually("the request leads to every room", func() bool {
		requests := traces.named("POST /v1/posts")
		if len(requests) == 1 {
			got = traces.follow(requests[0])
		}
		return len(got) == len(want)
	})
	require.Equal(t, want, got)
	require.Equal(t, "collector", attribute(traces.named("POST /v1/posts")[0], "earshot.service"))
	require.Equal(t, traces.named("POST /v1/posts")[0].GetTraceId(), traces.named("notify webhook")[0].GetTraceId(),
		"a post that travels alone is one trace")
	traces.mu.Lock()
	defer traces.mu.Unlock()
	for _, p := range traces.all {
		for _, secret := range []string{"AKIAQ7XK", "quokka", "traced_author", s.hooks.url, intakeToken} {
			require.NotContains(t, p.String(), secret)
		}
	}
}

func TestUpShowsOnePostFromRequestToRowAndNotification(t *testing.T) {
	onePostIsFollowed(t, embeddedSystem(t))
}

func TestClusterShowsOnePostFromRequestToRowAndNotification(t *testing.T) {
	onePostIsFollowed(t, clusterSystem(t))
}
